/** Asks about files of this host without changing anything: lstat, realpath, access, and first bytes. */
import { constants } from 'node:fs';
import { access, lstat, open, readlink, realpath, stat } from 'node:fs/promises';
import { dirname, join, parse, relative, resolve, sep } from 'node:path';
import type { ProbedPath } from '../facts/host.ts';

/** As many links as Linux follows. */
const MOST_LINKS = 40;

export interface RealPath {
  readonly path: string;
  readonly state: 'exists' | 'missing' | 'loop' | 'unreadable';
}

/** The real path with all links followed, also where its end does not exist yet. */
export async function realPathOf(path: string, links = 0): Promise<RealPath> {
  try {
    return { path: await realpath(path), state: 'exists' };
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ELOOP' || links > MOST_LINKS) return { path, state: 'loop' };
    // A top that does not exist is a windows drive that is not there: nothing is above it.
    const isTop = dirname(path) === path;
    if (isTop || (code !== 'ENOENT' && code !== 'ENOTDIR')) return { path, state: 'unreadable' };
  }
  const top = await deepestExisting(path);
  const rest = relative(top, path);
  const target = await readlink(top).catch(() => null);
  if (target === null) {
    const real = await realPathOf(top, links + 1);
    return missing({ ...real, path: join(real.path, rest) });
  }
  const directory = await realPathOf(dirname(top), links + 1);
  return missing(await realPathOf(resolve(directory.path, target, rest), links + 1));
}

/** The longest beginning of a path that is there; its end may be a link that leads nowhere. */
async function deepestExisting(path: string): Promise<string> {
  let existing = parse(path).root;
  for (const name of path.slice(existing.length).split(sep)) {
    const next = join(existing, name);
    if ((await lstat(next).catch(() => null)) === null) break;
    existing = next;
  }
  return existing;
}

/** A path whose end does not exist is missing, even where the part that does exist was followed to its end. */
function missing(real: RealPath): RealPath {
  return real.state === 'exists' ? { ...real, state: 'missing' } : real;
}

export async function kindOf(path: string): Promise<ProbedPath['kind']> {
  try {
    const stats = await stat(path);
    return stats.isFile() ? 'file' : stats.isDirectory() ? 'directory' : 'other';
  } catch (error) {
    return ['ENOENT', 'ENOTDIR'].includes(errorCode(error)) ? 'missing' : 'unreadable';
  }
}

/** At most `count` bytes from the start of a file; throws where the system refuses to open or read it. */
export async function readFirstBytes(path: string, count: number): Promise<Buffer> {
  // Without O_NONBLOCK a file that has just become a FIFO would hold the request for ever. Windows has no such
  // flag, and `|` takes what is undefined for 0.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(count), 0, count, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** access(2): asks without opening. */
export async function mayAccess(path: string, mode: number): Promise<boolean> {
  return access(path, mode).then(
    () => true,
    () => false,
  );
}

/** The system's code of a failed file operation, such as `ENOENT`. */
export function errorCode(error: unknown): string {
  return String((error as NodeJS.ErrnoException).code);
}
