/** `[debug]`: where a debugger finds the guest, and the log of what QEMU emulates. */
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Asked, Topic } from './topic.ts';

interface Chardev {
  readonly label: string;
  readonly filename: string;
}

function addressOf({ profile: { debug = {} }, place }: Asked): string {
  const { gdb_socket, gdb_port } = debug;
  if (gdb_socket !== undefined) return `disconnected:unix:${place(gdb_socket)},server=on`;
  return gdb_port === undefined ? 'none' : `disconnected:tcp:127.0.0.1:${gdb_port},server=on`;
}

function logOf({ profile: { debug = {} }, place }: Asked): string | null {
  return debug.log_file === undefined ? null : place(debug.log_file);
}

export const debugging: Topic = {
  make: ({ profile: { debug = {} }, place }) => {
    for (const path of [debug.gdb_socket, debug.log_file])
      if (path !== undefined) mkdirSync(dirname(place(path)), { recursive: true });
  },
  means: (asked) => ({
    debugger: addressOf(asked),
    // Of what can be logged the only thing that happens before the guest runs.
    'resets in the log':
      logOf(asked) === null ? null : asked.profile.debug?.log_items?.includes('cpu_reset') === true,
  }),
  seen: async ({ qmp }, asked) => {
    const chardevs = await qmp.ask<Chardev[]>('query-chardev');
    const log = logOf(asked);
    return {
      debugger: chardevs.find(({ label }) => label === 'gdb')?.filename ?? 'none',
      'resets in the log':
        log === null ? null : existsSync(log) && readFileSync(log, 'latin1').includes('CPU Reset'),
    };
  },
  files: (asked) => {
    const log = logOf(asked);
    return log === null ? [] : [{ path: log, use: 'write' }];
  },
};
