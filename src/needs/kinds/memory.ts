/** What the memory of a VM takes of the host besides its size. */
import type { Path } from '../../profile/path.ts';
import type { NeedKind } from '../need_kind.ts';

export interface HugePagesNeed {
  readonly kind: 'huge-pages';
  readonly at: Path;
  readonly pageKb: number;
}

export interface MemoryLockNeed {
  readonly kind: 'memory-lock';
  readonly at: Path;
  readonly memoryMb: number;
}

export interface HostNodeNeed {
  readonly kind: 'host-node';
  readonly at: Path;
  readonly node: number;
}

/** How many of them are free changes from one moment to the next. */
export const hugePages: NeedKind<HugePagesNeed> = {
  resources: ({ pageKb }) => [`hugepages:${pageKb}`],
  risk: () => 'low',
  unknowns: ({ pageKb }) => [
    {
      question: 'Has the host huge pages of this size, and enough of them free?',
      subject: `hugepages:${pageKb}`,
    },
  ],
  verdicts: () => [],
};

/** The limit is that of the user that runs QEMU, whoever that will be. */
export const memoryLock: NeedKind<MemoryLockNeed> = {
  resources: () => [],
  risk: () => 'medium',
  unknowns: ({ memoryMb }) => [
    {
      question: 'May the user that runs QEMU lock so much memory and some more (RLIMIT_MEMLOCK)?',
      subject: `memory:${memoryMb}M`,
    },
  ],
  verdicts: () => [],
};

export const hostNode: NeedKind<HostNodeNeed> = {
  resources: () => [],
  risk: () => 'low',
  unknowns: ({ node }) => [
    { question: 'Has the host this NUMA node, with enough memory free?', subject: `numa-node:${node}` },
  ],
  verdicts: () => [],
};
