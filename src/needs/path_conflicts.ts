/** Rules about two paths of one profile that lead to one file. */
import type { Host } from '../facts/host.ts';
import { comparablePath } from '../facts/host_paths.ts';
import type { IssueList } from '../profile/issue.ts';
import type { TableKey } from '../profile/key.ts';
import { fieldOf, sortedByPlace } from '../profile/path.ts';
import { isDrive } from './kinds/input_file.ts';
import { naming } from './named_path.ts';
import { type PathNeed, traitsOf } from './need.ts';

/** The first need of a file in the order of the schema may keep it. */
export function checkPathConflicts(
  needs: readonly PathNeed[],
  host: Host,
  schema: TableKey,
  issues: IssueList,
): void {
  const keys = needs.map((need) => fileKey(need, host));
  const seen = new Set<string>();
  const shared = new Set<string>();
  for (const key of keys) (seen.has(key) ? shared : seen).add(key);
  for (const file of shared) {
    const sharers = sortedByPlace(
      needs.filter((_, index) => keys[index] === file),
      schema,
    );
    checkCreated(sharers, issues);
    checkPeers(sharers, issues);
    checkOwn(sharers, issues);
    checkKeys(sharers, issues);
    checkShapes(sharers, issues);
    checkImages(sharers, issues);
    checkMade(sharers, host, issues);
    checkSources(sharers, issues);
    checkReaders(sharers, issues);
  }
}

/**
 * What tells two files apart: device and number where they are there, else where they are. A socket is its name: QEMU removes
 * that and leaves other names of it alone.
 */
export function fileKey(need: PathNeed, host: Host): string {
  const seen = host.probed?.paths.get(need.path);
  const id = seen?.isSocket === true ? null : seen?.id;
  return id ?? realPlace(need, host);
}

/** Where a file is, links followed where that is known, in a form in which names are compared as the host's file system does. */
export function realPlace({ path }: PathNeed, { facts, probed }: Host): string {
  return comparablePath(facts.os, probed?.paths.get(path)?.realPath ?? path);
}

/** Says that what one key names another one names too; `rest` ends the sentence. */
function alsoNamed(need: PathNeed, other: PathNeed, rest: string, { error }: IssueList): void {
  error(need.at, 'path-conflict', `${naming(need)}, which is ${fieldOf(other.at)} too${rest}`);
}

function checkCreated(sharers: readonly PathNeed[], issues: IssueList): void {
  const created = sharers.filter((need) => traitsOf(need).isCreated === true);
  const others = sharers.filter((need) => traitsOf(need).isCreated !== true);
  // Among what QEMU creates the first may stay; beside anything else each of them destroys it.
  for (const need of others.length > 0 ? created : created.slice(1)) {
    const other = others[0] ?? (created[0] as PathNeed);
    // Their sockets are one too, which is said.
    if (need.kind === 'helper-file' && other.kind === 'helper-file') continue;
    alsoNamed(
      need,
      other,
      '; QEMU replaces a socket and truncates a log or a pidfile when it starts.',
      issues,
    );
  }
}

/** QEMU lets one in and nobody after that. */
function checkPeers(sharers: readonly PathNeed[], { error }: IssueList): void {
  const [first, ...others] = sharers.filter(({ kind }) => kind === 'peer-socket');
  for (const need of others)
    error(
      need.at,
      'path-conflict',
      `${naming(need)}, to which ${fieldOf((first as PathNeed).at)} connects already; whoever listens there lets one in.`,
    );
}

/** What QEMU creates has its conflict said already. */
function checkOwn(sharers: readonly PathNeed[], issues: IssueList): void {
  for (const need of sharers.filter((one) => traitsOf(one).isOwn === true)) {
    const other = sharers.find((one) => one !== need && traitsOf(one).isCreated !== true);
    if (other === undefined) continue;
    alsoNamed(need, other, '; what the guest keeps is written to it.', issues);
  }
}

/** Files whose content is a password. */
function isKey(need: PathNeed): boolean {
  return need.kind === 'input-file' && need.is === 'key';
}

/** What is written to a file has its conflict said already. */
function checkKeys(sharers: readonly PathNeed[], issues: IssueList): void {
  const other = sharers.find((need) => !isKey(need));
  if (other === undefined || traitsOf(other).isCreated === true || traitsOf(other).isOwn === true) return;
  for (const need of sharers.filter(isKey)) {
    alsoNamed(need, other, '; what opens a disk is kept in a file of its own.', issues);
  }
}

/** What a path can lead to, in words that complete "is". */
function shapeOf(need: PathNeed): string {
  const { isDirectory, isSocket } = traitsOf(need);
  return isDirectory === true ? 'a directory' : isSocket === true ? 'a socket' : 'a file';
}

/** What QEMU creates, what is its own and what opens a disk have their conflict said already. */
function checkShapes(sharers: readonly PathNeed[], issues: IssueList): void {
  const [first, ...others] = sharers.filter(
    (need) => traitsOf(need).isCreated !== true && traitsOf(need).isOwn !== true && !isKey(need),
  );
  for (const need of others) {
    const shapes = [shapeOf(first as PathNeed), shapeOf(need)];
    if (shapes[0] === shapes[1]) continue;
    alsoNamed(need, first as PathNeed, `; what is there cannot be ${shapes.join(' and ')} at once.`, issues);
  }
}

/** What QEMU locks a file for, as long as it runs; `null` for a file that it does not lock. */
function accessTo(need: PathNeed): 'read' | 'write' | null {
  switch (need.kind) {
    case 'image':
    case 'block-device':
      return need.access;
    case 'image-file':
      // A file that leads back to itself is not shared.
      return need.end === 'loop' ? null : need.access;
    case 'input-file':
      return isDrive(need.is) ? 'read' : null;
    default:
      return null;
  }
}

function checkImages(sharers: readonly PathNeed[], { error }: IssueList): void {
  const [first, ...others] = sharers.filter((need) => accessTo(need) !== null);
  if (first === undefined || [first, ...others].every((need) => accessTo(need) === 'read')) return;
  for (const need of others) {
    error(
      need.at,
      'image-shared-writable',
      `${naming(need)}, ${what(first)} too, and not all of these disks are read-only.`,
    );
  }
}

/** How a plan makes a file that is not there; `null` for a file that none makes. */
function makingOf(need: PathNeed): string | null {
  if (need.kind === 'input-file') return need.madeOf === undefined ? null : JSON.stringify(need.madeOf);
  if (need.kind !== 'image') return null;
  const { sizeGb, base, format, preallocation, keyFile } = need;
  const isMade = sizeGb !== null || (base !== null && base !== 'followed');
  return isMade ? JSON.stringify([format, sizeGb, base, preallocation, keyFile]) : null;
}

/** A file is made once. What is written to has its conflict said already. */
function checkMade(sharers: readonly PathNeed[], { probed }: Host, issues: IssueList): void {
  const isThere = (need: PathNeed): boolean => probed?.paths.get(need.path)?.kind !== 'missing';
  if (sharers.some((need) => isThere(need) || accessTo(need) === 'write')) return;
  const [first, ...others] = sharers.filter((need) => makingOf(need) !== null);
  for (const need of others.filter((one) => makingOf(one) !== makingOf(first as PathNeed)))
    alsoNamed(need, first as PathNeed, ' and is to be made in another way there; it is made once.', issues);
}

/** The image that cloud-init reads is written over when it is made. */
function checkSources(sharers: readonly PathNeed[], issues: IssueList): void {
  const seed = sharers.find((need) => need.kind === 'input-file' && need.is === 'seed');
  if (seed === undefined) return;
  for (const need of sharers.filter(({ kind }) => kind === 'seed-source'))
    alsoNamed(need, seed, '; the image is not made of itself.', issues);
}

/** What is read while QEMU starts, or before. What a disk is locked for, and what opens one, is said already. */
function isPlainReader(need: PathNeed): boolean {
  switch (need.kind) {
    case 'input-file':
      return accessTo(need) === null && !isKey(need);
    case 'firmware-code':
    case 'seed-source':
      return true;
    default:
      return false;
  }
}

/** Version 1 takes a disk for a kernel too, and so does every later one. */
function isTakenBy1(need: PathNeed): boolean {
  return need.kind === 'input-file' && (need.is === 'kernel' || need.is === 'initrd');
}

/** What the guest writes would be read at the next start. */
function checkReaders(sharers: readonly PathNeed[], { add }: IssueList): void {
  const writer = sharers.find((need) => accessTo(need) === 'write');
  if (writer === undefined) return;
  for (const need of sharers.filter(isPlainReader)) {
    const severity = isTakenBy1(need) ? 'warning' : 'error';
    add(
      severity,
      need.at,
      'path-conflict',
      `${naming(need)}, ${what(writer)} too, and the guest may write to it.`,
    );
  }
}

function what({ at, namedBy }: PathNeed): string {
  return namedBy === undefined ? `the image of ${fieldOf(at)}` : `which the image of ${fieldOf(at)} uses`;
}
