import type { ProbedDirectory, ProbedPath } from '../facts/host.ts';
import type { NamedPath } from './named_path.ts';

/** What is wrong with a directory, to complete a sentence about it. */
export const DIRECTORY_TROUBLE: Readonly<Record<Exclude<ProbedDirectory['state'], 'writable'>, string>> = {
  unwritable: 'cannot be written by this user',
  missing: 'is not there',
  'not-a-directory': 'is no directory',
  loop: 'is a symbolic link that leads in a circle',
  unreadable: 'cannot be seen by this user',
};

/** How to mend what cannot be written since its file system is mounted read-only. */
const MOUNT_ADVICE = 'Its file system is mounted read-only: mount it read-write';

/** How to mend a file or a directory that cannot be written; the beginning of a sentence. */
export function writeAdvice({
  isOnReadOnlyMount,
  isImmutable,
}: Pick<ProbedPath, 'isOnReadOnlyMount' | 'isImmutable'>): string {
  if (isOnReadOnlyMount) return MOUNT_ADVICE;
  return isImmutable
    ? 'Nobody may write to it, since it is immutable: change that with "chattr -i"'
    : 'Change its owner or its permissions';
}

/** How to mend a directory that cannot be written. */
export function directoryAdvice({ state, canBeMade, isOnReadOnlyMount }: ProbedDirectory): string {
  if (isOnReadOnlyMount) return `${MOUNT_ADVICE}, or use a path on another one.`;
  if (state === 'unwritable' || state === 'unreadable') return 'Change its owner or its permissions.';
  if (state === 'missing') {
    return canBeMade ? 'Make it.' : 'Make it; this user may not, so somebody with more rights has to.';
  }
  return 'Remove what is there, or use another path.';
}

/** A path that is not there, and is to be a directory: what the one that holds it allows holds for it too. */
export function missingDirectory(
  { path }: NamedPath,
  { realPath, directory: parent }: ProbedPath,
): ProbedDirectory {
  const { existing, isOnReadOnlyMount } = parent;
  const canBeMade = parent.state === 'writable' || parent.canBeMade;
  return { path, realPath, state: 'missing', existing, canBeMade, isOnReadOnlyMount };
}
