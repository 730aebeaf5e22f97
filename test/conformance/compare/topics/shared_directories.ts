/** Disks of the format `host-path`, and `[[shares]]` after them. */
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { attempt, hasRoot } from '../../qemu/proc.ts';
import type { Device } from '../qtree.ts';
import { propertyOf } from './machine_type.ts';
import type { Asked, Seen, Topic } from './topic.ts';

interface Shared {
  readonly name: string;
  readonly path: string;
  /** That of virtiofsd; `null` where QEMU itself opens the directory. */
  readonly socket: string | null;
}

export function sharesOf({ profile, place }: Asked): Shared[] {
  const { vm, storage, shares = [] } = profile;
  const disks = (storage?.disks ?? []).filter(({ format }) => format === 'host-path');
  return [
    ...disks.map(({ name, path }) => ({ name, path: place(path), socket: null })),
    ...(profile.schema_version === 1 ? [] : shares).map(({ name, path, type, socket }) => ({
      name,
      path: place(path),
      socket: type === 'virtiofs' ? place(socket ?? `run/${vm.name}.${name}.virtiofs.sock`) : null,
    })),
  ];
}

function socketsOf(asked: Asked): string[] {
  return sharesOf(asked).flatMap(({ socket }) => socket ?? []);
}

const OF_QEMU = 'virtio-9p-pci';
const OF_VIRTIOFSD = 'vhost-user-fs-pci';

export const sharedDirectories: Topic = {
  make: (asked) => {
    for (const { path } of sharesOf(asked)) mkdirSync(path, { recursive: true });
    for (const socket of socketsOf(asked)) mkdirSync(dirname(socket), { recursive: true });
  },
  means: (asked) => {
    const shares = sharesOf(asked).map(({ name, path, socket }) => ({
      type: socket === null ? OF_QEMU : OF_VIRTIOFSD,
      tag: name,
      directory: path,
      socket,
    }));
    return {
      shares: shares.filter(({ type }) => type === OF_QEMU),
      'shares by virtiofsd': shares.filter(({ type }) => type === OF_VIRTIOFSD),
    };
  },
  seen: async (seen, asked) => ({
    shares: sharesOfQemu(seen),
    'shares by virtiofsd': await sharesOfVirtiofsd(seen, asked),
  }),
  devices: (asked) => {
    const shares = sharesOf(asked);
    const beside = socketsOf(asked).length;
    return [
      [OF_QEMU, shares.length - beside],
      ['virtio-9p-device', shares.length - beside],
      [OF_VIRTIOFSD, beside],
      ['vhost-user-fs-device', beside],
    ];
  },
  files: (asked) =>
    sharesOf(asked).flatMap(({ path, socket }) => (socket === null ? [{ path, use: 'directory' }] : [])),
  elsewhere: socketsOf,
};

function inSlots(devices: Seen['devices'], type: string): Device[] {
  const slot = ({ properties: { addr = '' } }: Device): string => addr;
  return devices
    .filter((one) => one.type === type)
    .sort((left, right) => (slot(left) < slot(right) ? -1 : 1));
}

/** The tree has the tags but no paths; Linux has the directories, opened in the order of the devices. */
function sharesOfQemu({ devices, things: { directories } }: Seen): unknown {
  return inSlots(devices, OF_QEMU).map(({ type, children: [inner] }, index) => ({
    type,
    tag: inner?.properties.mount_tag,
    directory: directories[index] ?? '',
    socket: null,
  }));
}

async function sharesOfVirtiofsd({ qmp, devices, helpers }: Seen, asked: Asked): Promise<unknown> {
  const found = [];
  for (const { type, children } of inSlots(devices, OF_VIRTIOFSD)) {
    const { tag, chardev } = children[0]?.properties ?? {};
    const { path: socket } = (await propertyOf(qmp, `/chardevs/${chardev}`, 'addr')) as {
      readonly path: string;
    };
    found.push({ type, tag, directory: rootOf(helpers.get(socket), sharesOf(asked)), socket });
  }
  return found;
}

/** Which of the directories the child of a virtiofsd sees as its root. */
function rootOf(pid: number | undefined, shares: readonly Shared[]): string {
  const children = attempt(() => readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')) ?? '';
  return shares.find(({ path }) => hasRoot(Number.parseInt(children, 10), path))?.path ?? 'another';
}
