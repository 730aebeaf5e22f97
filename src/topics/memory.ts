/** How much memory the VM has, and whether its CPU can reach it. */
import type { HostFacts } from '../facts/host_facts.ts';
import { count } from '../profile/key.ts';
import { show } from '../profile/show.ts';
import { parseCpu } from '../qemu/cpu_text.ts';
import { accelerationOf } from './accelerator.ts';
import { mostMemoryMb, neededBits, physicalBits } from './address_space.ts';
import { cpuOf, wishOf } from './cpu.ts';
import { part } from './part.ts';
import type { Draft, Issues } from './profile.ts';
import type { Topic } from './topic.ts';

export const MEMORY_KEYS = {
  memory_mb: count('Memory in MiB.', { required: true, minimum: 256, maximum: 16777216 }),
};

/** pseries memory comes in blocks of this many MiB; elsewhere odd sizes only surprise. */
const MEMORY_BLOCK_MB = 256;

export const memory: Topic = {
  checkProfile: ({ hardware: { arch, memory_mb } }, issues) => {
    if (memory_mb === undefined || memory_mb % MEMORY_BLOCK_MB === 0) return;
    const lower = memory_mb - (memory_mb % MEMORY_BLOCK_MB);
    const isError = arch === 'ppc64le';
    issues.add(
      isError ? 'error' : 'warning',
      ['hardware', 'memory_mb'],
      'memory-not-aligned',
      (field) =>
        `${field} is ${memory_mb}; ${isError ? 'on ppc64le it must' : 'it should'} be a multiple of ${MEMORY_BLOCK_MB}.`,
      `Write ${lower} or ${lower + MEMORY_BLOCK_MB}.`,
    );
  },
  checkOnHost: (draft, { facts }, issues) => {
    if (!issues.isRefused(['hardware', 'cpu'])) addressSpaceRule(draft, facts, issues);
  },
  needs: ({ hardware: { memory_mb } }) =>
    memory_mb === undefined ? [] : [{ kind: 'memory', at: ['hardware', 'memory_mb'], memoryMb: memory_mb }],
  args: ({ hardware }) => [part('cpu', ['/hardware/memory_mb'], ['-m', `${hardware.memory_mb}M`])],
};

function addressSpaceRule(draft: Draft, facts: HostFacts, { error }: Issues): void {
  const wish = wishOf(draft);
  if (wish?.arch !== 'x86_64') return;
  const cpu = cpuOf(wish, facts);
  const acceleration = accelerationOf(wish, facts);
  const bits = physicalBits(cpu, acceleration);
  if (bits === 'invalid') {
    error(
      ['hardware', 'cpu'],
      'invalid-cpu',
      (field) => `${field} is ${show(cpu)}; phys-bits must be between 32 and 52.`,
      'Write a number of bits such as "phys-bits=46".',
    );
    return;
  }
  const { memory_mb } = draft.hardware;
  if (memory_mb === undefined || bits === null || memory_mb <= mostMemoryMb(bits)) return;
  error(
    ['hardware', 'memory_mb'],
    'memory-over-address-space',
    (field) =>
      `${field} is ${memory_mb}; the CPU ${show(cpu)} has ${bits} address bits under ${acceleration}, which reach ${mostMemoryMb(bits)} MiB.`,
    `Write at most that, or set phys-bits in hardware.cpu, such as "${parseCpu(cpu).model},phys-bits=${neededBits(memory_mb)}".`,
  );
}
