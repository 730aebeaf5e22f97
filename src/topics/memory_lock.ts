/** Memory that the host never moves to its disk. */
import type { MemoryLockNeed } from '../needs/kinds/memory.ts';
import { flag } from '../profile/key.ts';
import { checkOnlyFor } from './only_for.ts';
import { part } from './part.ts';
import type { Topic } from './topic.ts';

export const LOCK_KEYS = {
  lock: flag('Whether the host keeps all memory of QEMU out of its swap; only on Linux.', { default: false }),
};

export const memoryLock: Topic = {
  checkOnHost: ({ memory: { lock } }, { facts: { os } }, issues) => {
    if (lock === true)
      checkOnlyFor(
        ['memory', 'lock'],
        'true',
        [
          {
            on: 'os',
            is: os,
            allowed: ['linux'],
            instead:
              'Write memory.prealloc = true, which takes all memory at the start and does not lock it.',
          },
        ],
        issues,
      );
  },
  needs: ({ memory: { lock }, hardware: { memory_mb } }): MemoryLockNeed[] =>
    lock === true && memory_mb !== undefined
      ? [{ kind: 'memory-lock', at: ['memory', 'lock'], memoryMb: memory_mb }]
      : [],
  args: ({ memory: { lock } }) =>
    lock ? [part('cpu', ['/memory/lock'], ['-overcommit', 'mem-lock=on'])] : [],
};
