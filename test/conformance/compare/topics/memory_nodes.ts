/** `[memory]`, `[[numa]]` and `hardware.topology`: what memory is made of, how far it grows, and which processors are where. */
import { propertyOf } from './machine_type.ts';
import type { Asked, Topic } from './topic.ts';

const MIB = 1024 * 1024;

/** virtiofsd reads the memory of the guest. */
function isShared({ profile: { memory, shares = [] } }: Asked): boolean {
  return memory?.shared ?? shares.some(({ type }) => type === 'virtiofs');
}

/** Memory that is an object: all of it, or that of each node that has some. */
function backends(asked: Asked): { id: string; size: number }[] {
  const { hardware, memory, numa = [] } = asked.profile;
  const hasNodes = numa.length > 0;
  if (hasNodes)
    return numa.flatMap(({ memory_mb = 0 }, index) =>
      memory_mb === 0 ? [] : [{ id: `ram${index}`, size: memory_mb * MIB }],
    );
  return isShared(asked) || memory?.prealloc === true ? [{ id: 'ram0', size: hardware.memory_mb * MIB }] : [];
}

interface Backend {
  readonly id: string;
  readonly size: number;
  readonly prealloc: boolean;
  readonly share: boolean;
}

/** Numbers of bytes. */
interface Growth {
  readonly slots?: number;
  readonly 'max-size'?: number;
}

interface Cpu {
  readonly 'cpu-index': number;
  readonly props?: { readonly 'node-id'?: number };
}

const BELOW_SOCKETS = ['dies', 'clusters', 'cores', 'threads'] as const;

/** How many of each level; `null` where the profile leaves it to QEMU. */
function topologyOf({ profile: { hardware } }: Asked): number[] | null {
  const { cores, topology = {} } = hardware;
  const below = BELOW_SOCKETS.map((level) => topology[level] ?? 1);
  if (Object.keys(topology).length === 0) return null;
  const sockets = topology.sockets ?? cores / below.reduce((product, count) => product * count);
  return [sockets, ...below];
}

/** riscv64 has these for each node, and so one of each by itself. */
const OF_NODES = ['riscv.aclint.mtimer', 'riscv.aclint.swi', 'riscv.hart_array', 'riscv.sifive.plic'];

export const memoryNodes: Topic = {
  means: (asked) => {
    const { hardware, memory = {}, numa = [] } = asked.profile;
    const { prealloc = false } = memory;
    const share = isShared(asked);
    return {
      'memory backends': backends(asked).map((each) => ({ ...each, prealloc, share })),
      'memory growth': [memory.slots ?? 0, memory.max_mb ?? hardware.memory_mb],
      'NUMA nodes': numa.map(({ cpus = [] }) => [...cpus].sort((left, right) => left - right)),
      topology: topologyOf(asked),
    };
  },
  seen: async ({ qmp }, asked) => {
    const { hardware, numa = [] } = asked.profile;
    const ids = new Set(backends(asked).map(({ id }) => id));
    const found = await qmp.ask<Backend[]>('query-memdev');
    const growth = (await propertyOf(qmp, '/machine', 'memory')) as Growth;
    const cpus = await qmp.ask<Cpu[]>('query-cpus-fast');
    const smp = (await propertyOf(qmp, '/machine', 'smp')) as Readonly<Record<string, number>>;
    return {
      'memory backends': found
        .filter(({ id }) => ids.has(id))
        .map(({ id, size, prealloc, share }) => ({ id, size, prealloc, share }))
        .sort((left, right) => Number(left.id.slice(3)) - Number(right.id.slice(3))),
      'memory growth': [growth.slots ?? 0, (growth['max-size'] ?? hardware.memory_mb * MIB) / MIB],
      'NUMA nodes': numa.map((_, node) =>
        cpus
          .filter(({ props }) => props?.['node-id'] === node)
          .map((cpu) => cpu['cpu-index'])
          .sort((left, right) => left - right),
      ),
      topology: topologyOf(asked) === null ? null : ['sockets', ...BELOW_SOCKETS].map((level) => smp[level]),
    };
  },
  devices: ({ arch, profile: { numa = [] } }) =>
    arch === 'riscv64' && numa.length > 1 ? OF_NODES.map((type) => [type, numa.length - 1] as const) : [],
  objects: (asked) => {
    return backends(asked).map(({ id }) => [
      id,
      isShared(asked) ? 'memory-backend-memfd' : 'memory-backend-ram',
    ]);
  },
};
