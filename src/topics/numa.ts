/** Nodes of processors and memory that are near each other (NUMA). */
import type { HostNodeNeed } from '../needs/kinds/memory.ts';
import { count, list, table } from '../profile/key.ts';
import { fieldOf } from '../profile/path.ts';
import { blockRule } from './memory.ts';
import { backendId, boundMemory, nodeElement } from './memory_backend.ts';
import { checkOnlyFor } from './only_for.ts';
import { part } from './part.ts';
import type { Draft, Issues, ProfilePath } from './profile.ts';
import type { Topic } from './topic.ts';

const MOST_NODES = 128;

const NODE = table('A node of the guest.', {
  cpus: list(
    count(null, { required: true, minimum: 0, maximum: 255 }),
    'The virtual CPUs of the node, counted from 0; each is in one node.',
    { most: 256 },
  ),
  memory_mb: count('Memory of the node in MiB; that of all nodes is `hardware.memory_mb`.', {
    default: 0,
    minimum: 0,
    maximum: 16777216,
  }),
  host_node: count('The node of the host that the memory is taken from; only on Linux.', {
    minimum: 0,
    maximum: MOST_NODES - 1,
  }),
});

export const NUMA = list(NODE, 'Nodes of processors and memory that are near each other.', {
  most: MOST_NODES,
  since: 2,
});

type DraftNodes = NonNullable<Draft['numa']>;

export const numa: Topic = {
  checkProfile: ({ hardware: { arch, cores, memory_mb, topology }, numa = [] }, issues) => {
    if (numa.length === 0) return;
    if (cores !== undefined) cpuRules(numa, cores, issues);
    if (memory_mb !== undefined) sumRule(numa, memory_mb, issues);
    if (arch === 'riscv64' && areKnown(numa)) orderRule(numa, issues);
    if (arch === 'aarch64') clusterRule(numa, cores, topology, issues);
    for (const [index, node] of numa.entries()) {
      if (arch === 'ppc64le') blockRule(['numa', index, 'memory_mb'], node.memory_mb ?? 0, issues);
      if (node.host_node === undefined || node.memory_mb !== 0) continue;
      issues.error(
        ['numa', index, 'host_node'],
        'numa-node-without-memory',
        (field) => `${field} says where the memory of the node comes from, and the node has none.`,
      );
    }
  },
  checkOnHost: ({ numa = [] }, { facts: { os } }, issues) => {
    for (const [index, { host_node }] of numa.entries())
      if (host_node !== undefined)
        checkOnlyFor(
          ['numa', index, 'host_node'],
          String(host_node),
          [
            {
              on: 'os',
              is: os,
              allowed: ['linux'],
              instead: 'Remove it: the nodes of the guest can be there without those of the host.',
            },
          ],
          issues,
        );
  },
  needs: ({ numa = [] }) => {
    const bound = boundMemory(numa);
    return numa.flatMap(({ host_node }, index): HostNodeNeed[] =>
      bound
        .filter(({ node }) => node === host_node)
        .map((part) => ({ kind: 'host-node', at: ['numa', index, 'host_node'], ...part })),
    );
  },
  args: ({ numa }) =>
    numa.map(({ cpus, memory_mb }, index) => {
      const at = `/numa/${index}`;
      const ascending = [...cpus].sort((left, right) => left - right);
      const memory = memory_mb === 0 ? '' : `,memdev=${backendId(index)}`;
      const text = `node,nodeid=${index}${ascending.map((cpu) => `,cpus=${cpu}`).join('')}${memory}`;
      return part('cpu', [`${at}/cpus`, `${at}/memory_mb`], ['-numa', text], {
        mayBeDefault: true,
        why: 'Nodes are numbered in the order of the profile.',
        element: nodeElement(`node${index}`, index),
      });
    }),
};

/** Each virtual CPU is in one node. */
function cpuRules(nodes: DraftNodes, cores: number, { error }: Issues): void {
  const places = new Map<number, ProfilePath>();
  for (const { cpu, at } of placedCpus(nodes)) {
    const earlier = places.get(cpu);
    if (cpu >= cores) {
      error(
        at,
        'numa-cpu-range',
        (field) => `${field} is ${cpu}, and the VM has ${cores} virtual CPUs, counted from 0.`,
      );
    } else if (earlier !== undefined) {
      error(at, 'numa-cpu-twice', (field) => `${field} is ${cpu}, which ${fieldOf(earlier)} has already.`);
    } else places.set(cpu, at);
  }
  if (!areKnown(nodes)) return;
  const missing = Array.from({ length: cores }, (_, cpu) => cpu).filter((cpu) => !places.has(cpu));
  const [first] = missing;
  if (first === undefined) return;
  error(
    ['numa'],
    'numa-cpu-missing',
    (field) =>
      `${field} leaves ${missing.length} of the ${cores} virtual CPUs in no node; the first is ${first}.`,
  );
}

/** The virtual CPUs of all nodes that could be read, with their places. */
function placedCpus(
  nodes: DraftNodes,
): { readonly cpu: number; readonly node: number; readonly at: ProfilePath }[] {
  return nodes.flatMap(({ cpus = [] }, index) =>
    cpus.flatMap((cpu, place) =>
      cpu === undefined ? [] : [{ cpu, node: index, at: ['numa', index, 'cpus', place] as const }],
    ),
  );
}

/** Whether no virtual CPU of a node was refused. */
function areKnown(nodes: DraftNodes): boolean {
  return nodes.every(({ cpus }) => cpus !== undefined && !cpus.includes(undefined));
}

function sumRule(nodes: DraftNodes, memoryMb: number, { error }: Issues): void {
  const sum = nodes.reduce((all, node) => all + (node.memory_mb ?? Number.NaN), 0);
  if (Number.isNaN(sum) || sum === memoryMb) return;
  error(
    ['numa'],
    'numa-memory-sum',
    (field) => `${field} has ${sum} MiB in all nodes together, and hardware.memory_mb is ${memoryMb}.`,
  );
}

/** On aarch64 Linux takes the processors of a cluster for near each other; without any a socket is one. */
function clusterRule(
  nodes: DraftNodes,
  all: number | undefined,
  topology: Draft['hardware']['topology'],
  { warning }: Issues,
): void {
  const inCluster = cpusInCluster(all, topology);
  if (inCluster === undefined) return;
  const nodeOf = new Map<number, number>();
  for (const { cpu, node } of placedCpus(nodes)) {
    const cluster = Math.floor(cpu / inCluster);
    const other = nodeOf.get(cluster) ?? node;
    nodeOf.set(cluster, other);
    if (other === node) continue;
    warning(
      ['numa', node, 'cpus'],
      'numa-splits-cluster',
      (field) =>
        `${field} has CPU ${cpu} of a cluster of ${inCluster}, and ${fieldOf(['numa', other, 'cpus'])} has others of it; Linux does not expect that.`,
    );
    return;
  }
}

/** `undefined` while it is not known. */
function cpusInCluster(
  all: number | undefined,
  { sockets, clusters = 1, cores = 1, threads = 1 }: Draft['hardware']['topology'],
): number | undefined {
  const isArranged = clusters > 1 || cores > 1 || threads > 1;
  if (isArranged) return cores * threads;
  return all === undefined ? undefined : all / (sockets ?? 1);
}

/** riscv64 numbers the processors of its nodes through. */
function orderRule(nodes: DraftNodes, { error }: Issues): void {
  let next = 0;
  for (const index of nodes.keys()) {
    const ofNode = placedCpus(nodes.slice(index, index + 1));
    const ascending = ofNode.map(({ cpu }) => cpu).sort((left, right) => left - right);
    if (ascending.length === 0 || ascending.some((cpu, place) => cpu !== next + place)) {
      error(
        ['numa', index, 'cpus'],
        'numa-cpu-gap',
        (field) =>
          `${field} must go on with ${next} without a gap; riscv64 numbers the CPUs of its nodes through.`,
      );
      return;
    }
    next += ascending.length;
  }
}
