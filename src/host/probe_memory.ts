/** Huge pages, NUMA nodes and the limit for locked memory, read from sysfs(5) and proc(5). */
import { constants } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { HostSystem } from '../facts/host_facts.ts';
import { type HostMemory, type HugePages, MEMORY_UNSEEN, type MemoryNode } from '../facts/memory.ts';
import type { Need } from '../needs/need.ts';
import { mebibytesIn } from './capacity.ts';
import { mayAccess, textOf } from './files.ts';
import { capabilitiesIn } from './process_status.ts';
import type { SystemFiles } from './system_files.ts';

/** As much as the needs ask for. */
export async function probeMemory(
  needs: readonly Need[],
  os: HostSystem,
  system: SystemFiles,
): Promise<HostMemory> {
  if (os !== 'linux') return MEMORY_UNSEEN;
  const pageKb = needs.find((need) => need.kind === 'huge-pages')?.pageKb ?? null;
  const numbers = needs.flatMap((need) => (need.kind === 'host-node' ? [need.node] : []));
  const [hugePages, nodes, lockableBytes] = await Promise.all([
    pageKb === null ? null : readHugePages(pageKb, system),
    numbers.length === 0 ? null : readNodes(new Set(numbers), pageKb, system),
    needs.some(({ kind }) => kind === 'memory-lock') ? readLockable(system) : null,
  ]);
  return { hugePages, nodes, lockableBytes };
}

/** The kernel's word for a size. */
function directoryOf(pageKb: number): string {
  return `hugepages-${pageKb}kB`;
}

async function readHugePages(pageKb: number, { hugePages }: SystemFiles): Promise<HugePages | null> {
  const names = await readdir(hugePages).catch(() => null);
  if (names === null) return null;
  const sizes = names.map((name) => Number(/^hugepages-([0-9]+)kB$/.exec(name)?.[1]));
  const sizesKb = sizes.sort((left, right) => left - right);
  const directory = join(hugePages, directoryOf(pageKb));
  const count = (name: string): Promise<number> => countIn(join(directory, name));
  const [free, promised, most, made] = await Promise.all([
    count('free_hugepages'),
    count('resv_hugepages'),
    count('nr_overcommit_hugepages'),
    count('surplus_hugepages'),
  ]);
  return { sizesKb, free: Math.max(0, free - promised), makeable: Math.max(0, most - made) };
}

async function readNodes(
  numbers: ReadonlySet<number>,
  pageKb: number | null,
  { memoryNodes }: SystemFiles,
): Promise<Map<number, MemoryNode | null> | null> {
  if (!(await isThere(memoryNodes))) return null;
  const read = async (number: number): Promise<readonly [number, MemoryNode | null]> => {
    const directory = join(memoryNodes, `node${number}`);
    if (!(await isThere(directory))) return [number, null];
    const [text, freeHugePages] = await Promise.all([
      textOf(join(directory, 'meminfo')),
      pageKb === null ? null : countIn(join(directory, 'hugepages', directoryOf(pageKb), 'free_hugepages')),
    ]);
    return [number, { memoryMb: mebibytesIn(text, `Node ${number} MemTotal`), freeHugePages }];
  };
  return new Map(await Promise.all([...numbers].map(read)));
}

/** Bits of capabilities(7). */
const IPC_LOCK = 14n;

/** The hard limit is what a process may give itself. */
async function readLockable({ processLimits, processStatus }: SystemFiles): Promise<number | null> {
  const [limits, status] = await Promise.all([textOf(processLimits), textOf(processStatus)]);
  const hard = /^Max locked memory +\S+ +(\S+)/m.exec(limits)?.[1];
  if (hard === undefined) return null;
  const mayLockAll = hard === 'unlimited' || capabilitiesIn(status)?.(IPC_LOCK) === true;
  return mayLockAll ? Number.POSITIVE_INFINITY : Number(hard);
}

async function isThere(path: string): Promise<boolean> {
  return mayAccess(path, constants.F_OK);
}

async function countIn(path: string): Promise<number> {
  return Number(await textOf(path));
}
