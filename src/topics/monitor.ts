/** QEMU's own command line for people, on a unix socket. */
import type { HostFacts } from '../facts/host_facts.ts';
import { type NamedPath, namedPath } from '../needs/named_path.ts';
import { flag, path, table } from '../profile/key.ts';
import { unixSocket } from '../qemu/escape.ts';
import { defaultSocket } from './default_socket.ts';
import { part } from './part.ts';
import { defaultablePathWhy } from './path_why.ts';
import type { Draft } from './profile.ts';
import type { Topic } from './topic.ts';

export const MONITOR = table(
  'The monitor of QEMU, for people; programs use QMP.',
  {
    enabled: flag('Whether there is one.', { default: false }),
    socket: path(
      'The unix socket that QEMU listens on, at most 107 bytes once resolved. Whoever can open it has all that QEMU may do. Default `run/<vm.name>.monitor.sock`.',
      {},
    ),
  },
  { switch: 'enabled', since: 2 },
);

export const monitor: Topic = {
  /** A socket that is the default is as good as none. */
  complete: ({ vm, monitor }) => {
    if (monitor.socket !== undefined && monitor.socket === defaultSocket(vm.name, 'monitor'))
      monitor.socket = undefined;
  },
  needs: (draft, facts) => {
    const named = namedSocket(draft, facts);
    return named === null ? [] : [{ kind: 'socket', ...named, of: 'monitor', mayBeInTmp: false }];
  },
  args: (profile, { facts }) => {
    const named = namedSocket(profile, facts);
    if (named === null) return [];
    const { vm, monitor } = profile;
    return [
      part('qmp', ['/monitor/socket'], ['-monitor', unixSocket(named.path)], {
        mayBeDefault: true,
        why: defaultablePathWhy(named.path, named.text, defaultSocket(vm.name, 'monitor')),
        decidedBy: monitor.socket === undefined ? ['/monitor/enabled', '/vm/name'] : ['/monitor/enabled'],
      }),
    ];
  },
};

/** `null` while it is off, or not known. */
function namedSocket(
  { vm, monitor: { enabled, socket = defaultSocket(vm.name, 'monitor') } }: Draft,
  facts: HostFacts,
): NamedPath | null {
  return enabled === true && socket !== undefined ? namedPath(facts, ['monitor', 'socket'], socket) : null;
}
