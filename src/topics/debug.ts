/** What helps to look into a guest: a way in for a debugger, and a log of what QEMU emulates. */
import type { HostFacts } from '../facts/host_facts.ts';
import { absolutePath, type NamedPath, namedPath } from '../needs/named_path.ts';
import type { Need } from '../needs/need.ts';
import { count, list, path, table, word } from '../profile/key.ts';
import { show } from '../profile/show.ts';
import { unixSocket } from '../qemu/escape.ts';
import { wordTwice } from './names.ts';
import { type Part, part } from './part.ts';
import { pathWhy } from './path_why.ts';
import type { Draft, Issues, Profile } from './profile.ts';
import type { Topic } from './topic.ts';

export const LOG_ITEMS = ['guest_errors', 'unimp', 'int', 'cpu_reset', 'in_asm'] as const;

const LOOPBACK = '127.0.0.1';

export const DEBUG = table(
  'What helps to look into a guest.',
  {
    gdb_socket: path(
      'A unix socket for a debugger, in the project root, at most 107 bytes once resolved. Whoever can open it has the whole guest in hand.',
      {},
    ),
    gdb_port: count(
      `A TCP port for a debugger, on ${LOOPBACK}, in place of a socket. Every user of the host can connect and has the whole guest in hand.`,
      { minimum: 1024, maximum: 65535 },
    ),
    log_file: path('The file that `log_items` are written to; no `%` in it. QEMU truncates it at start.', {}),
    log_items: list(
      word(
        LOG_ITEMS,
        'Wrong accesses of the guest, what QEMU does not emulate, interrupts, resets of a CPU, or the instructions that the guest runs.',
        { required: true },
      ),
      'What is logged of the emulation; needs `log_file`.',
      { most: LOG_ITEMS.length },
    ),
  },
  { since: 2 },
);

export const debug: Topic = {
  checkProfile: (draft, issues) => {
    gdbRules(draft, issues);
    logRules(draft, issues);
  },
  checkOnHost: ({ debug: { log_file } }, { facts }, { error }) => {
    if (log_file === undefined) return;
    const absolute = absolutePath(facts, log_file);
    if (!absolute.includes('%')) return;
    error(
      ['debug', 'log_file'],
      'debug-log-percent',
      (field) => `${field} resolves to ${show(absolute)}; QEMU reads the "%" as a template.`,
    );
  },
  needs: (draft, facts) => {
    const { log_file, gdb_port } = draft.debug;
    const needs: Need[] = [];
    if (log_file !== undefined)
      needs.push({ kind: 'log', ...namedPath(facts, ['debug', 'log_file'], log_file), of: 'debug' });
    const named = namedGdbSocket(draft, facts);
    if (named !== null)
      needs.push(
        { kind: 'socket', ...named, of: 'gdb', mayBeInTmp: false },
        { kind: 'debugger', at: named.at },
      );
    if (gdb_port !== undefined) {
      const at = ['debug', 'gdb_port'] as const;
      needs.push(
        { kind: 'port', at, protocol: 'tcp', address: LOOPBACK, port: gdb_port },
        { kind: 'debugger', at },
      );
    }
    return needs;
  },
  args: (profile, { facts }) => [...logParts(profile, facts), ...gdbParts(profile, facts)],
};

function namedGdbSocket({ debug: { gdb_socket } }: Draft, facts: HostFacts): NamedPath | null {
  return gdb_socket === undefined ? null : namedPath(facts, ['debug', 'gdb_socket'], gdb_socket);
}

function gdbRules({ debug }: Draft, { error, warning }: Issues): void {
  if (debug.gdb_socket !== undefined && debug.gdb_port !== undefined) {
    error(
      ['debug', 'gdb_port'],
      'gdb-address-twice',
      'debug.gdb_socket and debug.gdb_port are both set; QEMU listens for one debugger.',
    );
  }
  for (const key of ['gdb_socket', 'gdb_port'] as const) {
    if (debug[key] === undefined) continue;
    warning(
      ['debug', key],
      'gdb-is-full-control',
      (field) =>
        `${field} is set; whoever connects can read and change all of the guest, without a password.`,
    );
  }
}

function logRules({ debug: { log_file, log_items = [] } }: Draft, issues: Issues): void {
  const { error, isRefused } = issues;
  const items = ['debug', 'log_items'] as const;
  if (log_file !== undefined && log_items.length === 0 && !isRefused(items)) {
    error(
      items,
      'missing-field',
      'debug.log_items is required when debug.log_file is set and is not there.',
      'Add what to log, such as debug.log_items = ["guest_errors"].',
    );
  }
  if (log_file === undefined && log_items.length > 0 && !isRefused(['debug', 'log_file'])) {
    error(
      ['debug', 'log_file'],
      'missing-field',
      'debug.log_file is required when debug.log_items is set and is not there.',
      'Add a path such as debug.log_file = "logs/debug.log".',
    );
  }
  for (const [index, item] of log_items.entries()) {
    if (item === undefined || log_items.indexOf(item) === index) continue;
    wordTwice(['debug', 'log_items', index], item, issues);
  }
}

/** QEMU takes the name of the log byte for byte. */
function logParts({ debug: { log_file, log_items } }: Profile, facts: HostFacts): Part[] {
  if (log_file === undefined) return [];
  const absolute = absolutePath(facts, log_file);
  const why = pathWhy(absolute, log_file);
  return [
    part('process', ['/debug/log_file'], ['-D', absolute], { why }),
    part('process', ['/debug/log_items'], ['-d', log_items.join(',')]),
  ];
}

function gdbParts(profile: Profile, facts: HostFacts): Part[] {
  const named = namedGdbSocket(profile, facts);
  if (named !== null)
    return [
      part('process', ['/debug/gdb_socket'], ['-gdb', unixSocket(named.path)], {
        why: pathWhy(named.path, named.text),
      }),
    ];
  const { gdb_port } = profile.debug;
  return gdb_port === undefined
    ? []
    : [part('process', ['/debug/gdb_port'], ['-gdb', `tcp:${LOOPBACK}:${gdb_port}`])];
}
