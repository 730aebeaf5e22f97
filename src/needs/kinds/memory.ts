/** What the memory of a VM takes of the host besides its size. */
import type { HostMemory, HugePages } from '../../facts/memory.ts';
import { fieldOf, type Path } from '../../profile/path.ts';
import { fine, type NeedKind, type OwnVerdict, type Unknown, type Verdict } from '../need_kind.ts';

export interface HugePagesNeed {
  readonly kind: 'huge-pages';
  readonly at: Path;
  readonly pageKb: number;
  readonly memoryMb: number;
  /** How much of it comes from which nodes of the host; each node once. */
  readonly bound: readonly BoundMemory[];
}

export interface BoundMemory {
  /** The number of a node of the host. */
  readonly node: number;
  readonly memoryMb: number;
}

export interface MemoryLockNeed {
  readonly kind: 'memory-lock';
  readonly at: Path;
  readonly memoryMb: number;
}

export interface HostNodeNeed extends BoundMemory {
  readonly kind: 'host-node';
  readonly at: Path;
}

const KIB_OF_A_MIB = 1024;
const MIB = 1024 ** 2;

/** How many of them are free changes from one moment to the next. */
export const hugePages: NeedKind<HugePagesNeed> = {
  resources: ({ pageKb }) => [`hugepages:${pageKb}`],
  risk: () => 'low',
  unknowns: (need, { probed }) => {
    const subject = `hugepages:${need.pageKb}`;
    const pages = probed?.memory.hugePages ?? null;
    if (pages === null)
      return [{ question: 'Has the host huge pages of this size, and enough of them free?', subject }];
    const missing = pagesOf(need.memoryMb, need) - pages.free;
    return missing > 0 && missing <= pages.makeable
      ? [{ question: `Can the kernel still make ${missing} huge pages of other memory?`, subject }]
      : [];
  },
  verdicts: (need, { files: { memory } }) => {
    const { hugePages: pages, nodes } = memory;
    if (pages === null) return [];
    return pageVerdicts(need, pages, nodes).map((verdict) => ({
      ...verdict,
      category: 'qemu',
      resources: [`hugepages:${need.pageKb}`],
      metadata: { free: pages.free, page_kb: need.pageKb, pages: pagesOf(need.memoryMb, need) },
    }));
  },
};

function pagesOf(memoryMb: number, { pageKb }: HugePagesNeed): number {
  return Math.ceil((memoryMb * KIB_OF_A_MIB) / pageKb);
}

function pageVerdicts(need: HugePagesNeed, pages: HugePages, nodes: HostMemory['nodes']): OwnVerdict[] {
  const { at, pageKb, memoryMb, bound } = need;
  if (!pages.sizesKb.includes(pageKb)) return [missingSize(need, pages)];
  const wanted = pagesOf(memoryMb, need);
  const directory = `hugepages/hugepages-${pageKb}kB/nr_hugepages`;
  if (wanted > pages.free + pages.makeable)
    return [
      {
        id: 'huge-pages-short',
        severity: 'warning',
        title: 'The host has too few huge pages free',
        says: `${fieldOf(at)} is ${pageKb}, and the VM takes ${wanted} of these pages; ${pages.free} are free on this host, and QEMU does not start.`,
        mend: `Let root raise the number in /sys/kernel/mm/${directory} by ${wanted - pages.free}, or remove it.`,
        issue: 'huge-pages-short',
      },
    ];
  // What the kernel makes when it is asked is of no node yet.
  const short = pages.makeable > 0 ? [] : bound.flatMap((part) => shortNode(need, part, directory, nodes));
  if (short.length > 0) return short;
  return wanted > pages.free
    ? []
    : [
        fine(
          'huge-pages-free',
          'Enough huge pages are free',
          `${pages.free} huge pages of ${pageKb} KiB are free, and the VM takes ${wanted}.`,
        ),
      ];
}

function missingSize({ at, pageKb }: HugePagesNeed, { sizesKb }: HugePages): OwnVerdict {
  const has = sizesKb.length === 0 ? 'none of any size' : `those of ${sizesKb.join(' and ')} KiB`;
  return {
    id: 'huge-pages-missing',
    severity: 'error',
    title: 'The host has no huge pages of this size',
    says: `${fieldOf(at)} is ${pageKb}, and of huge pages the kernel of this host has ${has}; QEMU does not start.`,
    mend: 'Write a size that it has, or remove it.',
    issue: 'huge-pages-missing',
  };
}

function shortNode(
  need: HugePagesNeed,
  { node, memoryMb }: BoundMemory,
  directory: string,
  nodes: HostMemory['nodes'],
): OwnVerdict[] {
  const free = nodes?.get(node)?.freeHugePages ?? Number.POSITIVE_INFINITY;
  const wanted = pagesOf(memoryMb, need);
  if (wanted <= free) return [];
  return [
    {
      id: `huge-pages-short:${node}`,
      severity: 'warning',
      title: `Node ${node} of the host has too few huge pages free`,
      says: `${fieldOf(need.at)} is ${need.pageKb}, and the VM takes ${wanted} of these pages of node ${node}; ${free} are free there, and QEMU does not start.`,
      mend: `Let root raise the number in /sys/devices/system/node/node${node}/${directory} by ${wanted - free}, or take another node.`,
      issue: 'huge-pages-short',
    },
  ];
}

/** The limit is that of the user that runs QEMU, whoever that will be, and of how it is started. */
export const memoryLock: NeedKind<MemoryLockNeed> = {
  resources: () => [],
  risk: () => 'medium',
  unknowns: ({ memoryMb }) => [
    {
      question: 'May the user that runs QEMU lock so much memory and some more (RLIMIT_MEMLOCK)?',
      subject: `memory:${memoryMb}M`,
    },
  ],
  verdicts: ({ at, memoryMb }, { files: { memory } }) => {
    const { lockableBytes } = memory;
    if (lockableBytes === null || lockableBytes >= memoryMb * MIB) return [];
    return [
      {
        id: 'memory-lock-limit',
        severity: 'warning',
        title: 'This user may not lock so much memory',
        says: `${fieldOf(at)} is true, and what is started as this service was may lock ${lockableBytes} bytes, less than the ${memoryMb} MiB of the VM; with that limit QEMU does not start.`,
        mend: 'Raise RLIMIT_MEMLOCK where QEMU is started: memlock in limits.conf, or LimitMEMLOCK in a unit of systemd.',
        issue: 'memory-lock-limit',
        category: 'qemu',
        resources: [],
        metadata: { lockable_bytes: lockableBytes, memory_mb: memoryMb },
      },
    ];
  },
};

export const hostNode: NeedKind<HostNodeNeed> = {
  resources: () => [],
  risk: () => 'low',
  unknowns: ({ node }, { probed }): Unknown[] => {
    const subject = `numa-node:${node}`;
    const nodes = probed?.memory.nodes ?? null;
    if (nodes === null)
      return [{ question: 'Has the host this NUMA node, with enough memory free?', subject }];
    return nodes.get(node) == null ? [] : [{ question: 'Has this NUMA node enough memory free?', subject }];
  },
  verdicts: (need, { files: { memory }, subject }): Verdict[] => {
    const { node, memoryMb } = need;
    const seen = memory.nodes?.get(node);
    if (seen === undefined) return [];
    const common = {
      category: 'qemu',
      resources: [],
      metadata: { host_node: node, memory_mb: memoryMb },
    } as const;
    if (seen === null) return [{ ...missingNode(need, subject), ...common }];
    return seen.memoryMb === null || memoryMb <= seen.memoryMb
      ? []
      : [{ ...smallNode(need, seen.memoryMb, subject), ...common }];
  },
};

function missingNode({ at, node }: HostNodeNeed, subject: string): OwnVerdict {
  return {
    id: `host-node-missing:${subject}`,
    severity: 'error',
    title: `The host has no NUMA node ${node}`,
    says: `${fieldOf(at)} is ${node}, and this host has no such node; QEMU does not start.`,
    mend: 'Write the number of a node as "numactl --hardware" lists them, or remove it.',
    issue: 'host-node-missing',
  };
}

function smallNode({ at, node, memoryMb }: HostNodeNeed, hostMb: number, subject: string): OwnVerdict {
  return {
    id: `host-node-small:${subject}`,
    severity: 'warning',
    title: `NUMA node ${node} of the host has less memory than the VM takes there`,
    says: `${fieldOf(at)} is ${node}, a node of ${hostMb} MiB, and the VM takes ${memoryMb} MiB there; QEMU may not start, or be ended when the guest uses it.`,
    mend: 'Spread the memory of the VM over more nodes, or remove it.',
    issue: 'host-node-small',
  };
}
