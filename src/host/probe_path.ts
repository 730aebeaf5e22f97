/** What is at a path, as far as this user can see it. */
import { constants } from 'node:fs';
import { lstat, stat, statfs } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { forbiddenPlace } from '../facts/forbidden_places.ts';
import type { FileSystemSpace, LinkTarget, ProbedDirectory, ProbedPath } from '../facts/host.ts';
import type { HostFacts } from '../facts/host_facts.ts';
import { readIsDeviceTree } from './device_tree.ts';
import { mayAccess, mayRemove, NOTHING, realPathOf, refusalOf, type Thing, thingAt } from './files.ts';
import { readFlash } from './flash_image.ts';
import { readImage } from './images/read_image.ts';
import { readKernel, UNREAD_KERNEL } from './kernel_header.ts';
import { readMedium } from './medium.ts';
import type { Owns } from './process_status.ts';

/** The system's code for what nobody may write, since its file system is mounted read-only. */
const READ_ONLY = 'EROFS';
/** The same for what nobody may write, since it was made immutable. */
const IMMUTABLE = 'EPERM';

/**
 * Of an image what its first bytes say is asked for too, and the room that is left where it lies; of a flash image what
 * is in it; of a kernel how QEMU would load it; of a device tree whether it is one; of a medium its label. In a place that no
 * plan may name nothing is opened.
 */
export type PathUse = 'device-tree' | 'file' | 'flash' | 'image' | 'kernel' | 'medium' | 'socket';

export async function probePath(
  path: string,
  use: PathUse,
  facts: HostFacts,
  owns: Owns,
): Promise<ProbedPath> {
  const { link, realPath, ...thing } = use === 'socket' ? await placeAt(path) : await targetOf(path);
  const directory = await directoryOf(path, realPath);
  const toRead = thing.kind === 'directory' ? constants.R_OK | constants.X_OK : constants.R_OK;
  const mayBeOpened = thing.kind === 'file' && forbiddenPlace(facts.os, realPath) === null;
  const [header, flash, kernel, isDeviceTree, medium, isReadable, refusal, isRemovable, space] =
    await Promise.all([
      use === 'image' && mayBeOpened ? readImage(path, facts) : null,
      use === 'flash' && mayBeOpened ? readFlash(realPath) : null,
      use === 'kernel' && mayBeOpened ? readKernel(realPath, Number(thing.bytes)) : UNREAD_KERNEL,
      use === 'device-tree' && mayBeOpened ? readIsDeviceTree(realPath, Number(thing.bytes)) : null,
      use === 'medium' && mayBeOpened ? readMedium(realPath) : null,
      mayAccess(path, toRead),
      refusalOf(path, constants.W_OK),
      use === 'socket' ? mayRemove(realPath, owns) : true,
      use === 'image' ? spaceAt(directory.existing) : null,
    ]);
  return {
    ...thing,
    realPath,
    link,
    header,
    flash,
    ...kernel,
    isDeviceTree,
    medium,
    isReadable,
    isWritable: refusal === null,
    isOnReadOnlyMount: refusal === READ_ONLY,
    isImmutable: refusal === IMMUTABLE,
    isRemovable,
    directory,
    space,
  };
}

type Found = Pick<ProbedPath, keyof Thing | 'realPath' | 'link'>;

/** What QEMU would open. */
async function targetOf(path: string): Promise<Found> {
  const real = await realPathOf(path);
  const thing = real.state === 'exists' ? await thingAt(real.path) : { ...NOTHING, kind: real.state };
  return { ...thing, realPath: real.path, link: null };
}

/** What QEMU would remove to make a socket there: a link itself, not what it leads to. */
async function placeAt(path: string): Promise<Found> {
  const directory = await targetOf(dirname(path));
  const realPath = join(directory.realPath, basename(path));
  if (directory.kind !== 'directory') {
    const kind = directory.kind === 'loop' || directory.kind === 'unreadable' ? directory.kind : 'missing';
    return { ...NOTHING, kind, realPath, link: null };
  }
  const thing = await thingAt(realPath, lstat);
  return { ...thing, realPath, link: thing.kind === 'link' ? await linkTarget(realPath) : null };
}

async function linkTarget(path: string): Promise<LinkTarget> {
  const { realPath, id } = await targetOf(path);
  return { path: realPath, id };
}

/** The directory that a path names, or the one that holds what its link leads to. */
async function directoryOf(path: string, realPath: string): Promise<ProbedDirectory> {
  const named = await probeDirectory(dirname(path));
  const isLink = join(named.realPath, basename(path)) !== realPath;
  return isLink ? probeDirectory(dirname(realPath)) : named;
}

/** What is at an absolute path where a directory is wanted, and whether this user could make it. */
export async function probeDirectory(path: string): Promise<ProbedDirectory> {
  const { kind, realPath } = await targetOf(path);
  const existing = kind === 'missing' ? await deepestExisting(dirname(realPath)) : realPath;
  const refusal = await refusalToCreateIn(existing);
  const isOnReadOnlyMount = refusal === READ_ONLY;
  return kind === 'missing'
    ? { path, realPath, state: kind, existing, canBeMade: refusal === null, isOnReadOnlyMount }
    : { path, realPath, state: stateOf(kind, refusal), existing, canBeMade: false, isOnReadOnlyMount };
}

function stateOf(
  kind: Exclude<ProbedPath['kind'], 'missing'>,
  refusal: string | null,
): ProbedDirectory['state'] {
  if (kind === 'directory') return refusal === null ? 'writable' : 'unwritable';
  return kind === 'loop' || kind === 'unreadable' ? kind : 'not-a-directory';
}

/** Why this user may not create files in a directory; `null` when it may. */
async function refusalToCreateIn(directory: string): Promise<string | null> {
  return (await thingAt(directory)).kind === 'directory'
    ? refusalOf(directory, constants.W_OK | constants.X_OK)
    : 'ENOTDIR';
}

async function deepestExisting(path: string): Promise<string> {
  const { kind } = await targetOf(path);
  return kind === 'missing' ? deepestExisting(dirname(path)) : path;
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
