/** `[process]`: who it is, what it may do, and what it does when its guest restarts or shuts down. */
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Qmp, QmpError } from '../../qemu/qmp.ts';
import type { Topic } from './topic.ts';

/** What Linux calls system calls that a program of the process itself decides on. */
const FILTERED = 2;

export const process: Topic = {
  make: ({ profile, place }) => {
    const { pidfile } = profile.process ?? {};
    if (pidfile !== undefined) mkdirSync(dirname(place(pidfile)), { recursive: true });
  },
  means: ({ profile }) => {
    const { pidfile, sandbox = false } = profile.process ?? {};
    return { pidfile: pidfile === undefined ? null : 'its own id', sandbox, 'run state': 'prelaunch' };
  },
  seen: async ({ qmp, pid }, { profile, place }) => {
    const { pidfile } = profile.process ?? {};
    const [, filter] = /^Seccomp:\s*([0-9])$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return {
      pidfile: pidfile === undefined ? null : contentOf(place(pidfile), pid),
      sandbox: Number(filter) === FILTERED,
      'run state': (await qmp.ask<{ status: string }>('query-status')).status,
    };
  },
  files: ({ profile, place }) => {
    const { pidfile } = profile.process ?? {};
    return pidfile === undefined ? [] : [{ path: place(pidfile), use: 'write' }];
  },
};

function contentOf(file: string, pid: number): string {
  if (!existsSync(file)) return 'none';
  const content = readFileSync(file, 'utf8');
  return content === `${pid}\n` ? 'its own id' : content;
}

/** Ends QEMU in some cases, so nothing may come after it. */
export const actions: Topic = {
  means: ({ profile }) => {
    if (profile.process === undefined) return {};
    const { on_reboot = 'reset', on_shutdown = 'poweroff' } = profile.process;
    return { 'on reboot': on_reboot, 'on shutdown': on_shutdown };
  },
  seen: async ({ qmp }, { profile }) => {
    if (profile.process === undefined) return {};
    const onReboot = await restarted(qmp);
    // A restart that is a shutdown shows what becomes of those.
    if (onReboot === 'reset') {
      await qmp.ask('set-action', { reboot: 'shutdown' });
      await restarted(qmp);
    }
    return { 'on reboot': onReboot, 'on shutdown': (await isThere(qmp)) ? 'pause' : 'poweroff' };
  },
};

async function restarted(qmp: Qmp): Promise<'reset' | 'shutdown'> {
  await qmp.ask('system_reset');
  return (await qmp.event('RESET', 'SHUTDOWN')) === 'RESET' ? 'reset' : 'shutdown';
}

async function isThere(qmp: Qmp): Promise<boolean> {
  try {
    await qmp.ask('query-status');
    return true;
  } catch (error) {
    if (error instanceof QmpError) return false;
    throw error;
  }
}
