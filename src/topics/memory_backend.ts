/** What the memory of the VM is made of, where that is not QEMU's own choice. */
import type { BoundMemory, HugePagesNeed } from '../needs/kinds/memory.ts';
import { flag, oneOf } from '../profile/key.ts';
import { checkOnlyFor } from './only_for.ts';
import { type Part, part } from './part.ts';
import type { Draft, Issues, Profile } from './profile.ts';
import { virtiofsPlaces } from './share_keys.ts';
import type { Topic } from './topic.ts';

export const HUGE_PAGES_KB = [2048, 16384, 32768, 65536, 1048576] as const;

export const BACKEND_KEYS = {
  shared: flag(
    'Whether other processes can map the memory; only on Linux. Default: `true` when there is a share of the type `virtiofs`, which needs it, else `false`.',
    {},
  ),
  hugepages_kb: oneOf(HUGE_PAGES_KB, 'Size of the huge pages that the memory is made of; only on Linux.', {}),
  prealloc: flag('Whether all memory is taken when the VM starts.', { default: false }),
};

/** Whether other processes can map the memory. */
function isShared({ memory, shares }: Profile): boolean {
  return memory.shared ?? virtiofsPlaces(shares).length > 0;
}

/** Whether the memory of a VM without NUMA nodes is an object, which the machine then names. */
export function hasMainBackend(profile: Profile): boolean {
  const { hugepages_kb, prealloc } = profile.memory;
  return profile.numa.length === 0 && (isShared(profile) || hugepages_kb !== undefined || prealloc);
}

/** What makes memory an object. */
export function backendDecidedBy({ shares }: Profile): string[] {
  return [
    '/memory/shared',
    '/memory/hugepages_kb',
    '/memory/prealloc',
    '/numa',
    ...shares.map((_, index) => `/shares/${index}/type`),
  ];
}

/** Those of the keys that say so. */
export function backendPointers(profile: Profile): string[] {
  const { shared, hugepages_kb, prealloc } = profile.memory;
  const [share] = virtiofsPlaces(profile.shares);
  return [
    ...(shared === true ? ['/memory/shared'] : []),
    ...(shared === undefined && share !== undefined ? [`/shares/${share}/type`] : []),
    ...(hugepages_kb === undefined ? [] : ['/memory/hugepages_kb']),
    ...(prealloc ? ['/memory/prealloc'] : []),
  ];
}

/** The object that is all memory. */
export const MAIN_BACKEND = backendId(0);

export function backendId(index: number): string {
  return `ram${index}`;
}

/** What of the memory comes from which nodes of the host. */
export function boundMemory(nodes: NonNullable<Draft['numa']>): BoundMemory[] {
  const sizes = new Map<number, number>();
  for (const { host_node, memory_mb = 0 } of nodes)
    if (host_node !== undefined) sizes.set(host_node, (sizes.get(host_node) ?? 0) + memory_mb);
  return [...sizes].map(([node, memoryMb]) => ({ node, memoryMb }));
}

export const memoryBackend: Topic = {
  /** A value that is the default is as good as none. */
  complete: ({ memory, shares = [] }) => {
    if (memory.shared === virtiofsPlaces(shares).length > 0) memory.shared = undefined;
  },
  checkProfile: ({ hardware: { memory_mb }, memory: { shared, hugepages_kb }, numa = [] }, issues) => {
    if (shared === false)
      issues.error(
        ['memory', 'shared'],
        'memory-not-shared',
        (field) =>
          `${field} is false, and a share of the type "virtiofs" reaches the guest through shared memory; QEMU starts, and the guest cannot mount it.`,
      );
    if (hugepages_kb === undefined) return;
    if (memory_mb !== undefined) pagesRule(['hardware', 'memory_mb'], memory_mb, hugepages_kb, issues);
    for (const [index, node] of numa.entries())
      if (node.memory_mb !== undefined)
        pagesRule(['numa', index, 'memory_mb'], node.memory_mb, hugepages_kb, issues);
  },
  checkOnHost: ({ memory: { shared, hugepages_kb } }, { facts: { os } }, issues) => {
    const linux = { on: 'os', is: os, allowed: ['linux'] } as const;
    if (shared === true)
      checkOnlyFor(
        ['memory', 'shared'],
        'true',
        [
          {
            ...linux,
            instead: 'Remove it: what shares the memory of a guest, as virtiofsd, is for linux too.',
          },
        ],
        issues,
      );
    if (hugepages_kb !== undefined)
      checkOnlyFor(
        ['memory', 'hugepages_kb'],
        String(hugepages_kb),
        [
          {
            ...linux,
            instead: 'Write memory.prealloc = true, which takes all memory at the start in small pages.',
          },
        ],
        issues,
      );
  },
  needs: ({ hardware: { memory_mb }, memory: { hugepages_kb }, numa = [] }): HugePagesNeed[] =>
    hugepages_kb === undefined || memory_mb === undefined
      ? []
      : [
          {
            kind: 'huge-pages',
            at: ['memory', 'hugepages_kb'],
            pageKb: hugepages_kb,
            memoryMb: memory_mb,
            bound: boundMemory(numa),
          },
        ],
  args: (profile) => {
    if (hasMainBackend(profile)) {
      const { memory_mb } = profile.hardware;
      return [objectPart(profile, MAIN_BACKEND, memory_mb, '', ['/hardware/memory_mb'])];
    }
    return profile.numa.flatMap(({ memory_mb, host_node }, index): Part[] => {
      if (memory_mb === 0) return [];
      const at = `/numa/${index}`;
      const bound = host_node === undefined ? '' : `,host-nodes=${host_node},policy=bind`;
      const pointers = [`${at}/memory_mb`, ...(bound === '' ? [] : [`${at}/host_node`])];
      const id = backendId(index);
      return [{ ...objectPart(profile, id, memory_mb, bound, pointers), element: nodeElement(id, index) }];
    });
  },
};

export function nodeElement(name: string, index: number): NonNullable<Part['element']> {
  return { name, list: '/numa', index };
}

function pagesRule(
  at: readonly ['hardware', 'memory_mb'] | readonly ['numa', number, 'memory_mb'],
  memoryMb: number,
  pageKb: number,
  { error }: Issues,
): void {
  const pageMb = pageKb / 1024;
  if (memoryMb % pageMb === 0) return;
  error(
    at,
    'memory-not-hugepage-multiple',
    (field) => `${field} is ${memoryMb}; pages of ${pageKb} KiB make multiples of ${pageMb} only.`,
    `Write ${Math.ceil(memoryMb / pageMb) * pageMb}, or use smaller pages.`,
  );
}

function objectPart(
  profile: Profile,
  id: string,
  memoryMb: number,
  bound: string,
  pointers: readonly string[],
): Part {
  const { hugepages_kb, prealloc } = profile.memory;
  const shared = isShared(profile);
  const type = shared || hugepages_kb !== undefined ? 'memory-backend-memfd' : 'memory-backend-ram';
  const options = [
    ...(shared ? [',share=on'] : []),
    ...(hugepages_kb === undefined ? [] : [`,hugetlb=on,hugetlbsize=${hugepages_kb}K`]),
    ...(prealloc ? [',prealloc=on'] : []),
  ];
  return part(
    'cpu',
    [...pointers, ...backendPointers(profile)],
    ['-object', `${type},id=${id},size=${memoryMb}M${options.join('')}${bound}`],
    {
      mayBeDefault: true,
      why: 'Memory of a kind that is asked for, or that is spread over nodes, is an object of its own.',
      decidedBy: backendDecidedBy(profile),
    },
  );
}
