/** How many processors and how much memory this host has. */
import { cpus, totalmem } from 'node:os';
import type { ProbedCapacity } from '../facts/host.ts';
import type { HostSystem } from '../facts/host_facts.ts';
import { textOf } from './files.ts';
import type { SystemFiles } from './system_files.ts';

const KIB_OF_A_MIB = 1024;
const MIB = 1024 ** 2;
/** Of vm.overcommit_memory, proc(5): no more is promised than there is. */
const NEVER_OVERCOMMIT = '2';

export async function probeCapacity(os: HostSystem, system: SystemFiles): Promise<ProbedCapacity> {
  if (os !== 'linux') {
    return { cpus: cpus().length, memoryMb: Math.floor(totalmem() / MIB), commitLimitMb: null };
  }
  const [online, memory, overcommit] = await Promise.all([
    textOf(system.onlineCpus),
    textOf(system.memInfo),
    textOf(system.overcommit),
  ]);
  const isStrict = overcommit.trim() === NEVER_OVERCOMMIT;
  return {
    cpus: countOf(online),
    memoryMb: mebibytesIn(memory, 'MemTotal'),
    commitLimitMb: isStrict ? mebibytesIn(memory, 'CommitLimit') : null,
  };
}

/** How many there are in a list such as `0-3,8`; `null` when there is none. */
function countOf(list: string): number | null {
  const ranges = [...list.matchAll(/(\d+)(?:-(\d+))?/g)];
  const counts = ranges.map(([, first, last = first]) => Number(last) - Number(first) + 1);
  return counts.length === 0 ? null : counts.reduce((sum, count) => sum + count, 0);
}

/** Of a line `Key:   1234 kB`. */
export function mebibytesIn(memInfo: string, key: string): number | null {
  const kib = new RegExp(`^${key}:\\s*(\\d+) kB$`, 'm').exec(memInfo)?.[1];
  return kib === undefined ? null : Math.floor(Number(kib) / KIB_OF_A_MIB);
}
