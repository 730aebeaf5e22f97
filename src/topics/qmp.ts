/** The QEMU machine protocol, on a unix socket. */
import { absolutePath, namedPath } from '../needs/named_path.ts';
import { flag, path, table } from '../profile/key.ts';
import { unixSocket } from '../qemu/escape.ts';
import { part } from './part.ts';
import { defaultablePathWhy } from './path_why.ts';
import type { Topic } from './topic.ts';

export const QMP = table(
  'The QEMU machine protocol.',
  {
    enabled: flag('Default: `true` when the section is there, else `false`.', {
      default: false,
      inWrittenSection: true,
    }),
    socket: path(
      'The unix socket that QEMU listens on, at most 107 bytes once resolved. Default `run/<vm.name>.qmp.sock`.',
      {},
    ),
  },
  { switch: 'enabled' },
);

function defaultSocket(vmName: string): string {
  return `run/${vmName}.qmp.sock`;
}

export const qmp: Topic = {
  /** A socket is needed only while QMP is on; then one that is not named has this name. */
  complete: ({ vm, qmp }, { isRefused }) => {
    const isWanted = qmp.enabled === true && qmp.socket === undefined && !isRefused(['qmp', 'socket']);
    if (isWanted && vm.name !== undefined) qmp.socket = defaultSocket(vm.name);
  },
  needs: ({ qmp: { enabled, socket } }, facts) =>
    enabled === true && socket !== undefined
      ? [{ kind: 'socket', ...namedPath(facts, ['qmp', 'socket'], socket), of: 'qmp', mayBeInTmp: true }]
      : [],
  args: ({ vm, qmp: { enabled, socket } }, { facts }) => {
    if (!enabled) return [];
    const text = socket as string;
    const absolute = absolutePath(facts, text);
    return [
      part('qmp', ['/qmp/socket'], ['-qmp', unixSocket(absolute)], {
        mayBeDefault: true,
        why: defaultablePathWhy(absolute, text, defaultSocket(vm.name)),
        decidedBy: ['/qmp/enabled'],
      }),
    ];
  },
};
