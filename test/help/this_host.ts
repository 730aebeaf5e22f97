/** The host that the tests run on: what it can do, and folders with pipes and sockets. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { platform } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Test } from 'tap';
import type { HostSettings } from '../../src/host/probe_host.ts';

/** The kernel refuses to open these for writing or reading, and to create files there, even for root. */
export const UNWRITABLE_FILE = '/proc/sys/kernel/ostype';
export const UNREADABLE_FILE = '/proc/sys/vm/compact_memory';
export const UNWRITABLE_DIRECTORY = '/proc/sys';
export const TOO_LONG = 'x'.repeat(300);

/** A user to whom nobody's files are somebody else's. */
export const OWNS_ALL = (): boolean => true;

export const isLinux = platform() === 'linux';
export const onLinux = isLinux ? {} : { skip: 'needs /proc and /sys' };
export const onPosix = platform() === 'win32' ? { skip: 'needs mkfifo and permissions' } : {};

const LINUX_PC = { os: 'linux', arch: 'x86_64' } as const;

export function settingsOf(projectRoot: string, changes: Partial<HostSettings> = {}): HostSettings {
  return {
    machine: LINUX_PC,
    projectRoot,
    strictPaths: false,
    searchPath: [],
    kvmDevice: join(projectRoot, 'no-kvm'),
    ...changes,
  };
}

/** A folder of this test by its real path: tap's own is reached through a link. */
export function folderOf(t: Test, content: Parameters<Test['testdir']>[0]): string {
  return realpathSync(t.testdir(content));
}

/** A folder with as short a path as this checkout allows, for sockets by their whole path. */
export function shortFolderOf(t: Test): string {
  const folder = mkdtempSync(fileURLToPath(new URL('../../logs/s-', import.meta.url)));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** What tells a file apart from all others. */
export function idOf(path: string): string {
  const { dev, ino } = statSync(path, { bigint: true });
  return `${dev}:${ino}`;
}

export function makeFifo(path: string): void {
  spawnSync('mkfifo', [path]);
}

/** A socket that nobody listens on: closing removes a relative name where this process is then. */
export async function leaveSocket(t: Test, directory: string, name: string): Promise<void> {
  const server = await listenIn(t, directory, name);
  await new Promise((resolve) => server.close(resolve));
}

/** Listens on a relative name, since the whole path may be too long for a socket. */
export async function listenIn(t: Test, directory: string, name: string): Promise<Server> {
  const before = process.cwd();
  process.chdir(directory);
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(name, resolve));
  process.chdir(before);
  t.teardown(() => server.close());
  return server;
}

/** Listens on a name as it is. */
export async function listenAt(t: Test, path: string): Promise<void> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(path, resolve));
  t.teardown(() => server.close());
}
