/** What is at a path, as far as this user can see it. */
import { constants } from 'node:fs';
import { lstat, stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { FileSystemSpace, ProbedDirectory, ProbedPath } from '../facts/host.ts';
import { kindOf, mayAccess, readFirstBytes, realPathOf } from './files.ts';
import { HEADER_BYTES, imageFormatOf } from './image_header.ts';

/** `isImage` asks for the format that its first bytes show, and for the room that is left where it lies. */
export async function probePath(path: string, isImage: boolean): Promise<ProbedPath> {
  const real = await realPathOf(path);
  const kind = real.state === 'exists' ? await kindOf(real.path) : real.state;
  const directory = await probeDirectory(dirname(real.path));
  const [header, isSocket, isWritable, space] = await Promise.all([
    isImage && kind === 'file' ? readHeader(real.path) : null,
    isSocketFile(path),
    mayAccess(path, constants.W_OK),
    isImage ? spaceAt(directory.existing) : null,
  ]);
  return { kind, realPath: real.path, header, isSocket, isWritable, directory, space };
}

/** What is at an absolute path where a directory is wanted, and whether this user could make it. */
export async function probeDirectory(path: string): Promise<ProbedDirectory> {
  const { kind, realPath } = await kindAt(path);
  if (kind === 'missing') {
    const existing = await deepestExisting(dirname(realPath));
    return { path, realPath, state: 'missing', existing, canBeMade: await mayCreateIn(existing) };
  }
  return { path, realPath, state: await stateOf(kind, realPath), existing: realPath, canBeMade: false };
}

async function kindAt(path: string): Promise<Pick<ProbedPath, 'kind' | 'realPath'>> {
  const real = await realPathOf(path);
  return { kind: real.state === 'exists' ? await kindOf(real.path) : real.state, realPath: real.path };
}

async function stateOf(
  kind: Exclude<ProbedPath['kind'], 'missing'>,
  path: string,
): Promise<ProbedDirectory['state']> {
  if (kind === 'directory') return (await mayCreateIn(path)) ? 'writable' : 'unwritable';
  return kind === 'file' || kind === 'other' ? 'not-a-directory' : kind;
}

/** Whether this user may create files in a directory. */
async function mayCreateIn(directory: string): Promise<boolean> {
  return (
    (await kindOf(directory)) === 'directory' && (await mayAccess(directory, constants.W_OK | constants.X_OK))
  );
}

async function deepestExisting(path: string): Promise<string> {
  const { kind } = await kindAt(path);
  return kind === 'missing' ? deepestExisting(dirname(path)) : path;
}

/** The format that the first bytes show; `null` when this user may not read them. */
async function readHeader(path: string): Promise<string | null> {
  try {
    return imageFormatOf(await readFirstBytes(path, HEADER_BYTES));
  } catch {
    return null;
  }
}

async function isSocketFile(path: string): Promise<boolean> {
  const stats = await lstat(path).catch(() => null);
  return stats?.isSocket() === true;
}

/** The file system of an existing directory; `null` when this user may not ask. */
async function spaceAt(directory: string): Promise<FileSystemSpace | null> {
  try {
    const [{ dev }, { bavail, bsize }] = await Promise.all([stat(directory), statfs(directory)]);
    return { device: String(dev), freeBytes: bavail * bsize };
  } catch {
    return null;
  }
}
