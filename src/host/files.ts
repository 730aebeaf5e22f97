/** Asks about files of this host without changing anything: lstat, realpath, access, and first bytes. */
import { type BigIntStats, constants } from 'node:fs';
import { access, type FileHandle, lstat, open, readFile, readlink, realpath, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import type { FileId, ProbedPath } from '../facts/host.ts';

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
  const above = dirname(path);
  const isThere = above === path || (await lstat(path).catch(() => null)) !== null;
  return isThere ? path : deepestExisting(above);
}

/** A path whose end does not exist is missing, even where the part that does exist was followed to its end. */
function missing(real: RealPath): RealPath {
  return real.state === 'exists' ? { ...real, state: 'missing' } : real;
}

export interface Thing extends Pick<ProbedPath, 'id' | 'bytes' | 'mode' | 'isSocket' | 'mayHaveMoved'> {
  readonly kind: Exclude<ProbedPath['kind'], 'loop'>;
}

/** What is known of what is not there, or cannot be looked at. */
export const NOTHING: Omit<Thing, 'kind'> = {
  id: null,
  bytes: null,
  mode: null,
  isSocket: false,
  mayHaveMoved: false,
};

const PERMISSIONS = 0o777n;

/** What is at a path; a link is followed unless `lstat` is to look. */
export async function thingAt(path: string, look: typeof stat = stat): Promise<Thing> {
  try {
    const stats = await look(path, { bigint: true });
    return {
      kind: kindIn(stats),
      id: fileIdOf(stats),
      bytes: Number(stats.size),
      mode: Number(stats.mode & PERMISSIONS),
      isSocket: stats.isSocket(),
      // Its time of change is another one once it got a name or lost one.
      mayHaveMoved: stats.nlink > 1n || stats.ctimeNs !== stats.mtimeNs,
    };
  } catch (error) {
    const isMissing = ['ENOENT', 'ENOTDIR'].includes(errorCode(error));
    return { ...NOTHING, kind: isMissing ? 'missing' : 'unreadable' };
  }
}

function kindIn(stats: BigIntStats): Thing['kind'] {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'directory';
  return stats.isSymbolicLink() ? 'link' : 'other';
}

/** `null` on a file system that does not number its files. */
export function fileIdOf({ dev, ino }: Pick<BigIntStats, 'dev' | 'ino'>): FileId | null {
  return ino === 0n ? null : `${dev}:${ino}`;
}

/** At most `count` bytes from the start of a file; throws where the system refuses to open or read it. */
export async function readFirstBytes(path: string, count: number): Promise<Buffer> {
  return withOpened(path, (file) => firstBytesOf(file, count));
}

/** The same, and what the file was before its bytes were read: a later change shows in another look at it. */
export async function readWithStats(
  path: string,
  count: number,
): Promise<{ readonly stats: BigIntStats; readonly bytes: Buffer }> {
  return withOpened(path, async (file) => {
    const stats = await file.stat({ bigint: true });
    return { stats, bytes: await firstBytesOf(file, count) };
  });
}

async function withOpened<Found>(path: string, look: (file: FileHandle) => Promise<Found>): Promise<Found> {
  // Without O_NONBLOCK a file that has just become a FIFO would hold the request for ever. Windows has no such
  // flag, and `|` takes what is undefined for 0.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    return await look(file);
  } finally {
    await file.close();
  }
}

async function firstBytesOf(file: FileHandle, count: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(count), 0, count, 0);
  return buffer.subarray(0, bytesRead);
}

/** access(2): asks without opening. */
export async function mayAccess(path: string, mode: number): Promise<boolean> {
  return (await refusalOf(path, mode)) === null;
}

/** Why this user may not access a file, such as `EROFS`; `null` when it may. */
export async function refusalOf(path: string, mode: number): Promise<string | null> {
  return access(path, mode).then(() => null, errorCode);
}

/** `S_ISVTX` of stat(2): in such a directory everybody may remove only what is their own. */
const STICKY = 0o1000;

/** Whether what is at a path may be removed from a directory that may be written; of what is not there, that it may. */
export async function mayRemove(path: string, owns: (owner: number) => boolean): Promise<boolean> {
  const [own, directory] = await Promise.all([
    lstat(path).catch(() => null),
    stat(dirname(path)).catch(() => null),
  ]);
  const isFree = own === null || directory === null || (directory.mode & STICKY) === 0;
  return isFree || owns(own.uid) || owns(directory.uid);
}

/** The system's code of a failed file operation, such as `ENOENT`. */
export function errorCode(error: unknown): string {
  return String((error as NodeJS.ErrnoException).code);
}

/** The whole of a small file of the system; empty for one that is not there, or that this user may not read. */
export async function textOf(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}
