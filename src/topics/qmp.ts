/** The QEMU machine protocol, on a unix socket. */
import { absolutePath, namedPath } from '../needs/named_path.ts';
import type { Need } from '../needs/need.ts';
import { flag, list, path, table } from '../profile/key.ts';
import { unixSocket } from '../qemu/escape.ts';
import { defaultSocket } from './default_socket.ts';
import { MOST_DEVICES } from './names.ts';
import { part } from './part.ts';
import { defaultablePathWhy, pathWhy } from './path_why.ts';
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
    extra_sockets: list(
      path('A unix socket.', { required: true }),
      'More unix sockets for QMP, since each serves one program at a time.',
      { most: MOST_DEVICES, since: 2 },
    ),
  },
  { switch: 'enabled' },
);

export const qmp: Topic = {
  /** A socket is needed only while QMP is on; then one that is not named has this name. */
  complete: ({ vm, qmp }, { isRefused }) => {
    const isWanted = qmp.enabled === true && qmp.socket === undefined && !isRefused(['qmp', 'socket']);
    if (isWanted && vm.name !== undefined) qmp.socket = defaultSocket(vm.name, 'qmp');
  },
  needs: ({ qmp: { enabled, socket, extra_sockets = [] } }, facts) => {
    if (enabled !== true) return [];
    const needs: Need[] = extra_sockets.flatMap((extra, index) =>
      extra === undefined
        ? []
        : [
            {
              kind: 'socket',
              ...namedPath(facts, ['qmp', 'extra_sockets', index], extra),
              of: 'qmp-extra',
              mayBeInTmp: false,
            },
          ],
    );
    if (socket !== undefined)
      needs.unshift({
        kind: 'socket',
        ...namedPath(facts, ['qmp', 'socket'], socket),
        of: 'qmp',
        mayBeInTmp: true,
      });
    return needs;
  },
  args: ({ vm, qmp: { enabled, socket, extra_sockets } }, { facts }) => {
    if (!enabled) return [];
    const text = socket as string;
    const absolute = absolutePath(facts, text);
    return [
      part('qmp', ['/qmp/socket'], ['-qmp', unixSocket(absolute)], {
        mayBeDefault: true,
        why: defaultablePathWhy(absolute, text, defaultSocket(vm.name, 'qmp')),
        decidedBy: ['/qmp/enabled'],
      }),
      ...extra_sockets.map((extra, index) => {
        const path = absolutePath(facts, extra);
        return part('qmp', [`/qmp/extra_sockets/${index}`], ['-qmp', unixSocket(path)], {
          why: pathWhy(path, extra),
          decidedBy: ['/qmp/enabled', '/qmp/extra_sockets'],
          element: { name: `extra ${path}`, list: '/qmp/extra_sockets', index },
        });
      }),
    ];
  },
};
