/**
 * A QEMU that is not installed looks for its firmware and modules where it would be, and ends when it finds those of another version.
 * So the suite runs once more with mounts of its own, in which they are there.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { quoted } from './qemu/sandbox.ts';
import { LOGS } from './settings.ts';

/** Set in the run with the mounts. */
const MARK = 'CONFORMANCE_IN_PLACE';
/** In memory: what is written below /usr goes here, and an empty folder. */
const SCRATCH = join(LOGS, 'in-place');

/** Ends the process unless QEMU is installed, or in its place. */
export function runInPlace(prefix: string): void {
  if (prefix === '' || process.env[MARK] !== undefined) return;
  mkdirSync(SCRATCH, { recursive: true });
  const namespaces = ['--mount', ...(process.getuid?.() === 0 ? [] : ['--map-root-user'])];
  const script = [...mountsOf(prefix), 'exec setpriv --pdeathsig TERM "$@"'].join('\n');
  const run = [process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  const { status } = spawnSync('unshare', [...namespaces, 'sh', '-e', '-c', script, 'sh', ...run], {
    env: { ...process.env, [MARK]: '1' },
    stdio: 'inherit',
  });
  process.exit(status ?? 1);
}

/** Its files besides those that are there, and its modules in place of all others. */
function mountsOf(prefix: string): string[] {
  return [
    `cd ${quoted(SCRATCH)}`,
    'mount -t tmpfs tmpfs .',
    `cd ${quoted(SCRATCH)}`,
    'mkdir upper work nothing',
    `mount -t overlay overlay -o lowerdir=${quoted(prefix)}/usr:/usr,upperdir=upper,workdir=work /usr`,
    ...moduleFolders().map((folder) => {
      const own = join(prefix, folder);
      return `mount --bind ${existsSync(own) ? quoted(own) : 'nothing'} ${folder}`;
    }),
    `cd ${quoted(process.cwd())}`,
  ];
}

/** Debian has them in a folder of the architecture. */
function moduleFolders(): string[] {
  return readdirSync('/usr/lib')
    .filter((name) => name.includes('-linux-'))
    .map((name) => `/usr/lib/${name}/qemu`)
    .filter((folder) => existsSync(folder));
}
