/** Changes what this machine cannot have in a profile, so that what is left is tried for real. */
import { posix } from 'node:path';
import type { ProfileDocument } from '../../../src/profile/schema.ts';
import type { Lane } from '../lane.ts';
import { type Architecture, BINARIES, MOST_PSERIES_MB } from '../settings.ts';

type Disk = NonNullable<NonNullable<ProfileDocument['storage']>['disks']>[number];
type Interface = NonNullable<NonNullable<ProfileDocument['network']>['interfaces']>[number];

const LONGEST_SOCKET = 107;

/** The same profile for this machine under tcg; `root` is the project root that its absolute paths may be in. */
export function fit(profile: ProfileDocument, lane: Lane, root: string = lane.root): ProfileDocument {
  const { vm, hardware, storage, network, serial, qmp, kernel } = profile;
  const place = placer(lane, root);
  const socket = (path: string, name: string): string => shortened(place(path), name, lane);
  return {
    ...profile,
    vm: { ...vm, ...(vm.qemu_binary && { qemu_binary: fitBinary(vm.qemu_binary, hardware.arch, lane) }) },
    hardware: fitHardware(hardware),
    ...(storage && {
      storage: { disks: (storage.disks ?? []).map((disk: Disk) => ({ ...disk, path: place(disk.path) })) },
    }),
    ...(network && {
      network: { interfaces: (network.interfaces ?? []).map((card, index) => fitCard(card, index, lane)) },
    }),
    ...(serial && {
      serial: {
        ...serial,
        ...(serial.device !== undefined && {
          device: serial.mode === 'socket' ? socket(serial.device, 's') : place(serial.device),
        }),
        ...(serial.logfile !== undefined && { logfile: place(serial.logfile) }),
      },
    }),
    ...(qmp && {
      qmp: { ...qmp, ...(qmp.socket !== undefined && { socket: socket(inRoot(qmp.socket), 'q') }) },
    }),
    ...(kernel && {
      kernel: {
        ...kernel,
        ...(kernel.bzimage !== undefined && { bzimage: place(kernel.bzimage) }),
        ...(kernel.initrd !== undefined && { initrd: place(kernel.initrd) }),
      },
    }),
  };
}

/** Paths that lead out of the lane's folder lead to the place beside the project root instead. */
function placer(lane: Lane, root: string): (path: string) => string {
  return (path) => {
    if (path.startsWith(`${root}/`)) return lane.root + path.slice(root.length);
    return posix.resolve(lane.root, path).startsWith(`${lane.folder}/`) ? path : `${lane.outside}/${path}`;
  };
}

/** A socket of the suite is never under /tmp. */
function inRoot(path: string): string {
  return path.startsWith('/tmp/') ? path.slice('/tmp/'.length) : path;
}

function shortened(path: string, name: string, lane: Lane): string {
  return Buffer.byteLength(posix.resolve(lane.root, path)) > LONGEST_SOCKET ? `run/,${name}=` : path;
}

/** Any name of QEMU works, but what it names has to be there: a link to the architecture's QEMU. */
function fitBinary(binary: string, arch: Architecture, lane: Lane): string {
  return binary === BINARIES[arch]
    ? binary
    : `${lane.binaries}/${arch}/../${posix.basename(binary).replace(/\.exe$/, '')}`;
}

function fitHardware(hardware: ProfileDocument['hardware']): ProfileDocument['hardware'] {
  const { arch, cpu, memory_mb, acceleration } = hardware;
  const isNative = acceleration === 'kvm' || acceleration === 'hvf' || acceleration === 'whpx';
  const model = arch === 'riscv64' ? 'rv64' : 'max';
  return {
    ...hardware,
    ...(isNative && { acceleration: 'tcg' }),
    ...(cpu?.startsWith('host') && (isNative || cpu !== 'host') && { cpu: cpu.replace('host', model) }),
    ...(arch === 'ppc64le' && memory_mb > MOST_PSERIES_MB && { memory_mb: MOST_PSERIES_MB }),
  };
}

/** Without a network of its own QEMU shares the ports of this machine: loopback, from 20000. */
function fitCard(card: Interface, index: number, { sandbox }: Lane): Interface {
  if (sandbox.isPrivate || card.hostfwd === undefined) return card;
  const hostfwd = card.hostfwd.map((rule, number) => {
    const [host = '', guest = ''] = rule.split('-');
    return `${host.split(':')[0]}:127.0.0.1:${20000 + index * 1000 + number}-${guest}`;
  });
  return { ...card, hostfwd };
}
