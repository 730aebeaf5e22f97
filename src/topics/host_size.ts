/** Whether a host that is given has what the VM is to have; of one that is looked at the needs say it. */
import type { Topic } from './topic.ts';

export const hostSize: Topic = {
  checkOnHost: ({ hardware: { cores, memory_mb } }, { facts, probed }, { warning }) => {
    if (probed !== null) return;
    if (cores !== undefined && facts.cpus !== undefined && cores > facts.cpus)
      warning(
        ['hardware', 'cores'],
        'cores-over-host',
        (field) =>
          `${field} is ${cores}, and the host has ${facts.cpus} processors; the cores of the VM wait for one another.`,
        `Write at most ${facts.cpus}.`,
      );
    if (memory_mb !== undefined && facts.memory_mb !== undefined && memory_mb > facts.memory_mb)
      warning(
        ['hardware', 'memory_mb'],
        'memory-over-host',
        (field) => `${field} is ${memory_mb}, and the host has ${facts.memory_mb} MiB.`,
      );
  },
};
