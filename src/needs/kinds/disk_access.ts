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
  verdicts: () => [],
};

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
