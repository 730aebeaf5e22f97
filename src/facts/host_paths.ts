/** Lexical path rules of the four operating systems; pure, and the same on whatever system this runs. */
import { posix, win32 } from 'node:path';
import type { HostSystem } from './host_facts.ts';

const DRIVE_ABSOLUTE = /^[A-Za-z]:[\\/]/;
const DRIVE_RELATIVE = /^[A-Za-z]:(?![\\/])/;
const UNC = /^[\\/]{2}[^\\/]+[\\/]+[^\\/]+/;

/** Whether a path names a place without the project root; on windows with its drive or server. */
export function isAbsolute(os: HostSystem, path: string): boolean {
  return os === 'windows' ? DRIVE_ABSOLUTE.test(path) || UNC.test(path) : path.startsWith('/');
}

/** `C:name` depends on a current directory that nobody knows. */
export function isDriveRelative(os: HostSystem, path: string): boolean {
  return os === 'windows' && DRIVE_RELATIVE.test(path);
}

/** A component that is empty, `.` or `..`: what normalising changes. */
const NOT_NORMAL = /^$|(?:^|\/)\.{1,2}(?:\/|$)|\/(?:\/|$)/;

/** The absolute, normalised form of a path; `root` is absolute and normalised. */
export function resolvePath(os: HostSystem, root: string, path: string): string {
  if (os !== 'windows') return resolvePosixPath(root, path);
  if (isAbsolute(os, path)) return normalised(path);
  const drive = win32.parse(root).root;
  return normalised(/^[\\/]/.test(path) ? `${drive}${path}` : `${root}\\${path}`);
}

function resolvePosixPath(root: string, path: string): string {
  if (NOT_NORMAL.test(path)) return posix.resolve(root, path);
  if (path.startsWith('/')) return path;
  return root === '/' ? `/${path}` : `${root}/${path}`;
}

function normalised(path: string): string {
  const text = win32.normalize(path);
  return text === win32.parse(text).root ? text : text.replace(/\\+$/, '');
}

/** Whether an absolute path is `root` or lies below it. */
export function isInside(os: HostSystem, root: string, path: string): boolean {
  return isComparableInside(os, comparablePath(os, root), comparablePath(os, path));
}

/** The same for two paths in their comparable form. */
export function isComparableInside(os: HostSystem, parent: string, child: string): boolean {
  if (!child.startsWith(parent)) return false;
  const separator = os === 'windows' ? '\\' : '/';
  return child.length === parent.length || parent.endsWith(separator) || child[parent.length] === separator;
}

/** The components of a path as written, without empty ones and `.`. */
export function componentsOf(os: HostSystem, path: string): string[] {
  return path.split(os === 'windows' ? /[\\/]/ : '/').filter((part) => part !== '' && part !== '.');
}

/**
 * A form in which two spellings of one file name are equal: darwin and windows ignore case, darwin also characters
 * that show nothing, windows also trailing dots and spaces and the name of a stream.
 */
export function comparableName(os: HostSystem, name: string): string {
  if (os === 'linux' || os === 'freebsd') return name;
  const folded = name.normalize('NFC').toUpperCase().toLowerCase();
  return os === 'darwin'
    ? folded.replace(/\p{Default_Ignorable_Code_Point}/gu, '')
    : folded.replace(/(?<=.):.*$/, '').replace(/(?<![. ])[. ]+$/, '');
}

/** The same for an absolute path. */
export function comparablePath(os: HostSystem, path: string): string {
  if (os !== 'windows') return comparableName(os, path);
  return path
    .split('\\')
    .map((name, index) => (index === 0 ? name.toLowerCase() : comparableName(os, name)))
    .join('\\');
}

/** The path that holds the last component. */
export function parentOf(os: HostSystem, path: string): string {
  return os === 'windows' ? win32.dirname(path) : posix.dirname(path);
}

/** The last component. */
export function baseNameOf(os: HostSystem, path: string): string {
  return os === 'windows' ? win32.basename(path) : posix.basename(path);
}
