/** A TPM 2.0, which the program swtpm emulates. */
import type { Architecture, HostFacts } from '../facts/host_facts.ts';
import { absolutePath, namedPath } from '../needs/named_path.ts';
import { flag, path, table } from '../profile/key.ts';
import { show } from '../profile/show.ts';
import { optionValue } from '../qemu/escape.ts';
import { jsonOption } from '../qemu/json_option.ts';
import { defaultSocket } from './default_socket.ts';
import { helperNeed } from './helper.ts';
import { checkOnlyFor } from './only_for.ts';
import { part } from './part.ts';
import { defaultablePathWhy } from './path_why.ts';
import type { Draft, Issues } from './profile.ts';
import type { Topic } from './topic.ts';

export const TPM = table(
  'A TPM 2.0, emulated by swtpm, which a step of the plan starts before QEMU.',
  {
    enabled: flag('Whether the VM has a TPM; not on windows hosts.', { default: false }),
    state_dir: path(
      'The directory in the project root in which swtpm keeps the keys of the guest, one for each VM; required when enabled. No comma in it.',
      {},
    ),
    socket: path(
      'The unix socket that swtpm listens on, at most 107 bytes once resolved; no comma in it. Default `run/<vm.name>.tpm.sock`.',
      {},
    ),
  },
  { switch: 'enabled', since: 2 },
);

const ID = 'tpm0';

const DEVICES: Readonly<Record<Architecture, string>> = {
  x86_64: 'tpm-crb',
  aarch64: 'tpm-tis-device',
  riscv64: 'tpm-tis-device',
  ppc64le: 'tpm-spapr',
};

export const tpm: Topic = {
  /** A socket that is the default is as good as none. */
  complete: ({ vm, tpm }) => {
    if (tpm.socket !== undefined && tpm.socket === defaultSocket(vm.name, 'tpm')) tpm.socket = undefined;
  },
  checkProfile: ({ tpm: { enabled, state_dir } }, { error, isRefused }) => {
    const at = ['tpm', 'state_dir'] as const;
    if (enabled !== true || state_dir !== undefined || isRefused(at)) return;
    error(
      at,
      'missing-field',
      'tpm.state_dir is required when tpm.enabled is true and is not there.',
      'Add a directory of this VM alone, such as tpm.state_dir = "tpm/lab".',
    );
  },
  checkOnHost: (draft, { facts }, issues) => {
    const { tpm } = draft;
    if (tpm.enabled !== true) return;
    const { os } = facts;
    const instead = 'Plan it for another system: QEMU for windows has no TPM.';
    const conditions = [{ on: 'os', is: os, allowed: ['linux', 'darwin', 'freebsd'], instead }] as const;
    if (!checkOnlyFor(['tpm', 'enabled'], 'true', conditions, issues)) return;
    commaRule('state_dir', tpm.state_dir, facts, issues);
    commaRule('socket', socketOf(draft), facts, issues);
  },
  needs: (draft, facts) => {
    const { enabled, state_dir } = draft.tpm;
    if (enabled !== true) return [];
    const socket = socketOf(draft);
    return [
      helperNeed('swtpm', ['tpm', 'enabled']),
      { kind: 'qemu-backend', at: ['tpm', 'enabled'], option: 'tpmdev', name: 'emulator' },
      ...(state_dir === undefined
        ? []
        : [
            {
              kind: 'tpm-state',
              ...namedPath(facts, ['tpm', 'state_dir'], state_dir),
              access: 'write',
            } as const,
          ]),
      ...(socket === undefined
        ? []
        : [
            {
              kind: 'socket',
              ...namedPath(facts, ['tpm', 'socket'], socket),
              of: 'tpm',
              mayBeInTmp: false,
              listener: 'swtpm',
            } as const,
          ]),
    ];
  },
  helpers: (profile, host) => {
    const { enabled, state_dir } = profile.tpm;
    if (!enabled) return [];
    const socket = absolutePath(host.facts, socketOf(profile) as string);
    const state = absolutePath(host.facts, state_dir as string);
    return [
      {
        program: 'swtpm',
        name: null,
        options: [
          ...['socket', '--tpm2', '--tpmstate', `dir=${state}`],
          ...['--ctrl', `type=unixio,path=${socket}`, '--terminate'],
        ],
        socket,
        title: 'Start swtpm, the TPM of the VM',
      },
    ];
  },
  args: (profile, { facts }) => {
    const { vm, hardware, tpm } = profile;
    if (!tpm.enabled) return [];
    const text = socketOf(profile) as string;
    const absolute = absolutePath(facts, text);
    const device = DEVICES[hardware.arch];
    return [
      part('devices', ['/tpm/socket'], ['-chardev', `socket,id=${ID},path=${optionValue(absolute)}`], {
        mayBeDefault: true,
        why: defaultablePathWhy(absolute, text, defaultSocket(vm.name, 'tpm')),
        decidedBy: ['/tpm/enabled', '/vm/name'],
      }),
      part('devices', ['/tpm/enabled'], ['-tpmdev', `emulator,id=${ID},chardev=${ID}`]),
      part(
        'devices',
        ['/tpm/enabled', '/hardware/arch'],
        ['-device', jsonOption({ driver: device, id: ID, tpmdev: ID })],
        { why: `${device} is the TPM of ${hardware.arch} machines.` },
      ),
    ];
  },
};

function socketOf({ vm, tpm: { socket } }: Draft): string | undefined {
  return socket ?? defaultSocket(vm.name, 'tpm');
}

/** swtpm splits its options at commas, and there is no way to escape one. */
function commaRule(
  key: 'state_dir' | 'socket',
  text: string | undefined,
  facts: HostFacts,
  { error }: Issues,
): void {
  const path = text === undefined ? '' : absolutePath(facts, text);
  if (!path.includes(',')) return;
  error(
    ['tpm', key],
    'swtpm-path-comma',
    (field) => `${field} resolves to ${show(path)}; swtpm would read the comma as the end of the path.`,
  );
}
