/** Whether another process has an image, by the locks that QEMU takes. */
import type { FileId, Host, ImageLock, ProbedNetwork } from '../facts/host.ts';
import type { NamedPath } from './named_path.ts';
import type { OwnVerdict, Unknown } from './need_kind.ts';

/**
 * QEMU's block/file-posix.c: byte 100 + N is locked by who uses an image in the way N, and 200 + N by who lets nobody else
 * do so; 0 is to read, 1 to write.
 */
const WRITES = 101;
const LETS_NOBODY = { read: 200, write: 201 };

/** What a plan does not ask: what other processes have may change before it is run. */
export const IS_FREE = 'Does no other process use it?';

/** Of a file that is there. */
export function questionsOfUse({ path }: NamedPath, { probed }: Host): Unknown[] {
  const isThere = probed?.paths.get(path)?.kind === 'file';
  return isThere ? [{ question: IS_FREE, subject: `path:${path}` }] : [];
}

/** `null` when nobody is known to stand in the way; two that only read do not. */
export function useVerdict(
  id: FileId | null,
  access: 'read' | 'write',
  network: ProbedNetwork | null,
  naming: string,
  { called, inUse }: { readonly called: string; readonly inUse: string },
): OwnVerdict | null {
  const locks = locksOn(id, network);
  const has = (byte: number): boolean => locks.some((lock) => holds(lock, byte));
  const isTaken = has(WRITES) || has(LETS_NOBODY.read) || (access === 'write' && has(LETS_NOBODY.write));
  if (!isTaken) return null;
  return {
    id: inUse,
    severity: 'warning',
    title: `${called} is in use`,
    says: `${naming}, which another process has locked as QEMU does; until that ends QEMU does not start.`,
    mend: 'See whether the VM runs already, or another one with this image.',
  };
}

/** What QEMU starts beside all the same: the flash of a machine is locked so that others may write to it too. */
export function isWrittenByAnother(id: FileId | null, network: ProbedNetwork | null): boolean {
  return locksOn(id, network).some((lock) => holds(lock, WRITES));
}

/** Every lock that some process has on a file. */
export function locksOn(id: FileId | null, network: ProbedNetwork | null): ImageLock[] {
  return (network?.imageLocks ?? []).filter((lock) => lock.id === id);
}

function holds({ firstByte, lastByte }: ImageLock, byte: number): boolean {
  return firstByte <= byte && byte <= lastByte;
}
