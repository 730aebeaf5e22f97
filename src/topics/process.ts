/** How the process of QEMU starts and is found. */
import { absolutePath, namedPath } from '../needs/named_path.ts';
import { flag, path, table } from '../profile/key.ts';
import { show } from '../profile/show.ts';
import { ACTION_KEYS } from './action.ts';
import { isWindow } from './display.ts';
import { checkOnlyFor } from './only_for.ts';
import { type Part, part } from './part.ts';
import { pathWhy } from './path_why.ts';
import type { Draft, Issues } from './profile.ts';
import { SANDBOX_KEYS } from './sandbox.ts';
import type { Topic } from './topic.ts';

export const PROCESS = table(
  'The process of QEMU.',
  {
    ...SANDBOX_KEYS,
    pidfile: path(
      'A file in the project root for the id of the process. QEMU overwrites what is there, and deletes it when it ends.',
      {},
    ),
    daemonize: flag(
      'Whether QEMU goes to the background once it has started; not on windows hosts, and not in a sandbox.',
      { default: false },
    ),
    start_paused: flag(
      'Whether the guest waits until somebody lets it run, over QMP, with the monitor or with a debugger.',
      {
        default: false,
      },
    ),
    ...ACTION_KEYS,
  },
  { since: 2 },
);

export const process: Topic = {
  checkProfile: (draft, issues) => {
    if (draft.process.daemonize === true) daemonRules(draft, issues);
    if (draft.process.start_paused === true) pauseRule(draft, issues);
  },
  checkOnHost: ({ process: { daemonize } }, { facts: { os } }, issues) => {
    if (daemonize !== true) return;
    checkOnlyFor(
      ['process', 'daemonize'],
      'true',
      [
        {
          on: 'os',
          is: os,
          allowed: ['linux', 'darwin', 'freebsd'],
          instead: 'Remove it, and have a service run QEMU in the background.',
        },
      ],
      issues,
    );
  },
  needs: ({ process: { pidfile } }, facts) =>
    pidfile === undefined ? [] : [{ kind: 'pidfile', ...namedPath(facts, ['process', 'pidfile'], pidfile) }],
  args: ({ process: { pidfile, daemonize, start_paused } }, { facts }) => {
    const parts: Part[] = [];
    if (pidfile !== undefined) {
      // QEMU takes the name byte for byte.
      const absolute = absolutePath(facts, pidfile);
      const why = pathWhy(absolute, pidfile);
      parts.push(part('process', ['/process/pidfile'], ['-pidfile', absolute], { why }));
    }
    if (daemonize) parts.push(part('process', ['/process/daemonize'], ['-daemonize']));
    if (start_paused) parts.push(part('process', ['/process/start_paused'], ['-S']));
    return parts;
  },
};

function daemonRules({ process: { sandbox }, display }: Draft, { error }: Issues): void {
  const at = ['process', 'daemonize'] as const;
  if (sandbox === true) {
    error(
      at,
      'daemonize-with-sandbox',
      (field) => `${field} and process.sandbox are true; a QEMU in a sandbox cannot go to the background.`,
    );
  }
  const { mode } = display;
  if (isWindow(mode)) {
    error(
      at,
      'daemonize-with-window',
      (field) =>
        `${field} is true, and display.mode is ${show(mode)}, a window of the session that QEMU leaves.`,
    );
  }
}

function pauseRule(
  { qmp, monitor, debug: { gdb_socket, gdb_port } }: Draft,
  { warning, isRefused }: Issues,
): void {
  const hasDebugger =
    gdb_socket !== undefined ||
    gdb_port !== undefined ||
    isRefused(['debug', 'gdb_socket']) ||
    isRefused(['debug', 'gdb_port']);
  if (qmp.enabled !== false || monitor.enabled !== false || hasDebugger) return;
  warning(
    ['process', 'start_paused'],
    'paused-without-qmp',
    (field) => `${field} is true, and there is no QMP, no monitor and no debugger to let the guest run.`,
  );
}
