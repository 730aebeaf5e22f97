/** Looks at files of this host without changing anything: lstat, realpath, access, and the first bytes of an image. */
import { constants } from 'node:fs';
import { access, lstat, open, readlink, realpath, stat } from 'node:fs/promises';
import { dirname, join, parse, relative, resolve, sep } from 'node:path';
import type { PathSight } from '../context/host_facts.ts';
import { HEADER_BYTES, imageFormatOf } from './image_header.ts';

/** As many links as Linux follows. */
const MOST_LINKS = 40;

export interface RealPath {
  readonly path: string;
  readonly state: 'exists' | 'missing' | 'loop' | 'unreadable';
}

/** What to find out besides the kind of file: reading a header and asking for a parent are for those who need it. */
export interface LookRequest {
  readonly header: boolean;
  readonly parent: boolean;
}

export async function lookAt(path: string, request: LookRequest): Promise<PathSight> {
  const real = await realPathOf(path);
  const kind = real.state === 'exists' ? await kindOf(real.path) : real.state;
  return {
    kind,
    realPath: real.path,
    header: request.header && kind === 'file' ? await readHeader(real.path) : null,
    parent: request.parent ? await directoryState(dirname(real.path)) : null,
  };
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

async function kindOf(path: string): Promise<PathSight['kind']> {
  try {
    const stats = await stat(path);
    return stats.isFile() ? 'file' : stats.isDirectory() ? 'directory' : 'other';
  } catch (error) {
    return ['ENOENT', 'ENOTDIR'].includes(errorCode(error)) ? 'missing' : 'unreadable';
  }
}

/** The format that the first bytes show; `null` when this user may not read them. */
async function readHeader(path: string): Promise<string | null> {
  try {
    return imageFormatOf(await readFirstBytes(path, HEADER_BYTES));
  } catch {
    return null;
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

/** Whether files can be created in a directory. */
export async function directoryState(path: string): Promise<'writable' | 'unwritable' | 'missing'> {
  const kind = await kindOf(path);
  if (kind === 'missing' || kind === 'file' || kind === 'other') return 'missing';
  return (await mayAccess(path, constants.W_OK | constants.X_OK)) ? 'writable' : 'unwritable';
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
