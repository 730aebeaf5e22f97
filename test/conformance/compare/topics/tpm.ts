/** `[tpm]`: the device, the socket that leads to swtpm, and the directory that swtpm keeps it in. */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { openThings } from '../../qemu/proc.ts';
import type { Architecture } from '../../settings.ts';
import { propertyOf } from './machine_type.ts';
import type { Asked, Topic } from './topic.ts';

/** By QEMU's type, and as it calls them when it is asked. */
const MODELS: Readonly<Record<Architecture, readonly [type: string, model: string]>> = {
  x86_64: ['tpm-crb', 'tpm-crb'],
  aarch64: ['tpm-tis-device', 'tpm-tis'],
  riscv64: ['tpm-tis-device', 'tpm-tis'],
  ppc64le: ['tpm-spapr', 'tpm-spapr'],
};

/** QEMU's tree of buses has none like it. */
const ON_NO_BUS = 'tpm-crb';

interface Places {
  readonly socket: string;
  readonly state: string;
}

function placesOf({ profile: { vm, tpm }, place }: Asked): Places | null {
  if (tpm?.enabled !== true) return null;
  return {
    socket: place(tpm.socket ?? `run/${vm.name}.tpm.sock`),
    state: place(String(tpm.state_dir)),
  };
}

interface Tpm {
  readonly id: string;
  readonly model: string;
  readonly options: { readonly type: string; readonly data: { readonly chardev?: string } };
}

/** swtpm holds a file of this name in its directory, from when QEMU has started the TPM. */
const LOCK = '/.lock';

export const tpm: Topic = {
  make: (asked) => {
    const places = placesOf(asked);
    if (places === null) return;
    mkdirSync(places.state, { recursive: true });
    mkdirSync(dirname(places.socket), { recursive: true });
  },
  means: (asked) => {
    const places = placesOf(asked);
    const [, model] = MODELS[asked.arch];
    return { TPM: places === null ? [] : [{ id: 'tpm0', model, type: 'emulator', ...places }] };
  },
  seen: async ({ qmp, helpers }) => {
    const found = [];
    for (const { id, model, options } of await qmp.ask<Tpm[]>('query-tpm')) {
      const { path: socket } = (await propertyOf(qmp, `/chardevs/${options.data.chardev}`, 'addr')) as {
        readonly path: string;
      };
      const pid = helpers.get(socket);
      const files = pid === undefined ? [] : openThings(pid).files;
      const lock = files.find(({ path }) => path.endsWith(LOCK))?.path ?? LOCK;
      found.push({ id, model, type: options.type, socket, state: lock.slice(0, -LOCK.length) });
    }
    return { TPM: found };
  },
  devices: (asked) => {
    const [type] = MODELS[asked.arch];
    return placesOf(asked) === null || type === ON_NO_BUS ? [] : [[type, 1]];
  },
  elsewhere: (asked) => {
    const places = placesOf(asked);
    return places === null ? [] : [places.socket];
  },
};
