/** Ways of reading and writing a disk that not every kernel and file system has. */
import { fieldOf, type Path } from '../../profile/path.ts';
import type { NeedKind, Unknown } from '../need_kind.ts';

/** Past the cache of the host, which a file system has to take part in. */
export interface DirectAccessNeed {
  readonly kind: 'direct-access';
  readonly at: Path;
  /** Of the image, absolute. */
  readonly image: string;
  readonly access: 'read' | 'write';
  /** Whether what is in the file is the disk as it is. */
  readonly isRaw: boolean;
}

export interface IoUringNeed {
  readonly kind: 'io-uring';
  readonly at: Path;
}

export const directAccess: NeedKind<DirectAccessNeed> = {
  resources: () => [],
  risk: () => 'low',
  unknowns: ({ image, access }) => [
    { question: 'Has its file system direct access (O_DIRECT)?', subject: `path:${access}:${image}` },
  ],
  verdicts: ({ at, image, access, isRaw }, { files, subject }) => {
    const bytes = files.paths.get(image)?.bytes ?? null;
    if (access === 'read' || !isRaw || bytes === null || isAligned(bytes)) return [];
    return [
      {
        id: `disk-size-unaligned:${subject}`,
        severity: 'warning',
        title: `The disk ${subject} may end within a block of its file system`,
        says: `${fieldOf(at)} is past the cache of the host, and the image has ${bytes} bytes; where the file system reads no less than ${LARGEST_BLOCK} at once QEMU does not start.`,
        mend: `Make the image larger, to a multiple of ${LARGEST_BLOCK} bytes, or use another cache.`,
        issue: 'disk-size-unaligned',
        category: 'storage',
        resources: [`path:${image}`],
        metadata: { bytes },
      },
    ];
  },
};

const SECTOR = 512;
/** What file systems and disks commonly have for the least that can be read past the cache; some have a sector. */
const LARGEST_BLOCK = 4096;

/** QEMU takes a part of a sector for a whole one. */
function isAligned(bytes: number): boolean {
  return (Math.ceil(bytes / SECTOR) * SECTOR) % LARGEST_BLOCK === 0;
}

/** That the kernel lets everybody says nothing of the filter of a container. */
export const ioUring: NeedKind<IoUringNeed> = {
  resources: () => [],
  risk: () => 'low',
  unknowns: (_need, { probed }): Unknown[] =>
    probed?.hasIoUring === false
      ? []
      : [{ question: 'May QEMU use io_uring, in a container too?', subject: 'kernel:io_uring' }],
  verdicts: ({ at }, { files: { hasIoUring }, subject }) => {
    if (hasIoUring !== false) return [];
    return [
      {
        id: `io-uring-disabled:${subject}`,
        severity: 'warning',
        title: 'The kernel of this host lets nobody use io_uring',
        says: `${fieldOf(at)} is "io_uring", and kernel.io_uring_disabled is 2 on this host; an older QEMU does not start, and a newer one takes threads.`,
        mend: 'Write "threads", or have an administrator set kernel.io_uring_disabled to 0.',
        issue: 'io-uring-disabled',
        category: 'storage',
        resources: [],
        metadata: {},
      },
    ];
  },
};
