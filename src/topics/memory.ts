/** How much memory the VM has, and can be given while it runs, and whether its CPU can reach it. */
import type { HostFacts } from '../facts/host_facts.ts';
import { count } from '../profile/key.ts';
import { show } from '../profile/show.ts';
import { parseCpu } from '../qemu/cpu_text.ts';
import { accelerationOf } from './accelerator.ts';
import { addressBits, mostMemoryMb, neededBits, withSlotsMb } from './address_space.ts';
import { cpuOf, wishOf } from './cpu.ts';
import { checkOnlyFor } from './only_for.ts';
import { part } from './part.ts';
import type { Draft, Issues, ProfilePath } from './profile.ts';
import type { Topic } from './topic.ts';

export const MEMORY_KEYS = {
  memory_mb: count('Memory in MiB.', { required: true, minimum: 256, minimumSince2: 16, maximum: 16777216 }),
};

/** Memory that is plugged in while the VM runs. */
export const HOTPLUG_KEYS = {
  max_mb: count('The most memory in MiB that the VM can grow to; not on riscv64.', {
    minimum: 17,
    maximum: 16777216,
  }),
  slots: count('How many memory modules can be plugged in, at most 32 on ppc64le; with `max_mb`.', {
    minimum: 1,
    maximum: 256,
  }),
};

/** pseries memory comes in blocks of this many MiB; elsewhere odd sizes only surprise. */
export const MEMORY_BLOCK_MB = 256;
const MOST_SLOTS_OF_PSERIES = 32;

export const memory: Topic = {
  checkProfile: (draft, issues) => {
    const { arch, memory_mb } = draft.hardware;
    if (memory_mb !== undefined) sizeRules(memory_mb, arch, issues);
    hotplugRules(draft, issues);
  },
  checkOnHost: (draft, { facts }, issues) => {
    if (!issues.isRefused(['hardware', 'cpu'])) addressSpaceRule(draft, facts, issues);
  },
  needs: ({ hardware: { memory_mb } }) =>
    memory_mb === undefined ? [] : [{ kind: 'memory', at: ['hardware', 'memory_mb'], memoryMb: memory_mb }],
  args: ({ hardware: { memory_mb }, memory: { max_mb, slots } }) => {
    const pointers = ['/hardware/memory_mb'];
    if (max_mb === undefined) return [part('cpu', pointers, ['-m', `${memory_mb}M`])];
    return [
      part(
        'cpu',
        [...pointers, '/memory/slots', '/memory/max_mb'],
        ['-m', `size=${memory_mb}M,slots=${slots},maxmem=${max_mb}M`],
      ),
    ];
  },
};

function sizeRules(memoryMb: number, arch: Draft['hardware']['arch'], issues: Issues): void {
  const at = ['hardware', 'memory_mb'] as const;
  if (arch === 'ppc64le') {
    blockRule(at, memoryMb, issues);
  } else if (memoryMb < MEMORY_BLOCK_MB) {
    issues.warning(
      at,
      'memory-small',
      (field) => `${field} is ${memoryMb}; firmware and most systems need at least ${MEMORY_BLOCK_MB}.`,
    );
  } else if (memoryMb % MEMORY_BLOCK_MB !== 0) {
    issues.warning(
      at,
      'memory-not-aligned',
      (field) => `${field} is ${memoryMb}; it should be a multiple of ${MEMORY_BLOCK_MB}.`,
      multiples(memoryMb),
    );
  }
}

/** What pseries machines take no other sizes of. */
export function blockRule(at: ProfilePath, memoryMb: number, { error }: Issues): void {
  if (memoryMb % MEMORY_BLOCK_MB === 0) return;
  error(
    at,
    'memory-not-aligned',
    (field) => `${field} is ${memoryMb}; on ppc64le it must be a multiple of ${MEMORY_BLOCK_MB}.`,
    multiples(memoryMb),
  );
}

function multiples(memoryMb: number): string {
  const lower = memoryMb - (memoryMb % MEMORY_BLOCK_MB);
  return `Write ${lower === 0 ? '' : `${lower} or `}${lower + MEMORY_BLOCK_MB}.`;
}

function hotplugRules({ hardware, machine, memory, firmware }: Draft, issues: Issues): void {
  const { arch, memory_mb } = hardware;
  const { max_mb, slots } = memory;
  for (const key of ['max_mb', 'slots'] as const) {
    if (memory[key] !== undefined)
      checkOnlyFor(
        ['memory', key],
        String(memory[key]),
        [
          {
            on: 'arch',
            is: arch,
            allowed: ['x86_64', 'aarch64', 'ppc64le'],
            instead: 'Remove it, and give the VM all its memory in hardware.memory_mb.',
          },
        ],
        issues,
      );
  }
  togetherRule('max_mb', max_mb, 'slots', slots, issues);
  togetherRule('slots', slots, 'max_mb', max_mb, issues);
  if (max_mb !== undefined && memory_mb !== undefined && max_mb <= memory_mb) {
    issues.error(
      ['memory', 'max_mb'],
      'max-memory-too-small',
      (field) => `${field} is ${max_mb}, and hardware.memory_mb is ${memory_mb} already.`,
      `Write more than ${memory_mb}, or remove memory.max_mb and memory.slots.`,
    );
  }
  if (slots === undefined) return;
  if (arch === 'ppc64le') {
    if (max_mb !== undefined) blockRule(['memory', 'max_mb'], max_mb, issues);
    if (slots > MOST_SLOTS_OF_PSERIES)
      issues.error(
        ['memory', 'slots'],
        'out-of-range',
        (field) => `${field} is ${slots}; on ppc64le it must be at most ${MOST_SLOTS_OF_PSERIES}.`,
      );
  }
  if (machine.acpi === false && arch !== 'ppc64le')
    issues.warning(
      ['memory', 'slots'],
      'memory-slots-need-acpi',
      (field) => `${field} is ${slots}, and machine.acpi is false: QEMU plugs in no memory without ACPI.`,
    );
  else if (arch === 'aarch64' && firmware.type !== 'uefi')
    issues.warning(
      ['memory', 'slots'],
      'memory-slots-need-uefi',
      (field) => `${field} is ${slots}, and without UEFI an aarch64 guest is not told of new memory.`,
    );
}

/** Two keys of which neither means anything alone. */
function togetherRule(
  key: 'max_mb' | 'slots',
  value: number | undefined,
  other: 'max_mb' | 'slots',
  otherValue: number | undefined,
  issues: Issues,
): void {
  if (value === undefined || otherValue !== undefined || issues.isRefused(['memory', other])) return;
  issues.error(
    ['memory', other],
    'missing-field',
    (field) => `${field} is not there, and memory.${key} means nothing without it.`,
    `Add memory.${other}, or remove memory.${key}.`,
  );
}

function addressSpaceRule(draft: Draft, facts: HostFacts, { error }: Issues): void {
  const wish = wishOf(draft);
  if (wish?.arch !== 'x86_64') return;
  const cpu = cpuOf(wish, facts);
  const acceleration = accelerationOf(wish, facts);
  const reached = addressBits(cpu, acceleration);
  if (reached === 'invalid') {
    error(
      ['hardware', 'cpu'],
      'invalid-cpu',
      (field) =>
        `${field} is ${show(cpu)}; phys-bits must be between 32 and 52, and so must host-phys-bits-limit where the CPU has the bits of the host's, else at most 255.`,
      'Write a number of bits such as "phys-bits=46".',
    );
    return;
  }
  const { memory_mb } = draft.hardware;
  const { max_mb, slots } = draft.memory;
  if (memory_mb === undefined || reached === null) return;
  const { bits, isMost } = reached;
  const has = `the CPU ${show(cpu)} has ${isMost ? 'at most ' : ''}${bits} address bits under ${acceleration}`;
  const model = parseCpu(cpu).model;
  const more = (reachedMb: number): string =>
    `Write at most that, or set phys-bits in hardware.cpu, such as "${model},phys-bits=${neededBits(reachedMb)}".`;
  if (memory_mb > mostMemoryMb(bits)) {
    error(
      ['hardware', 'memory_mb'],
      'memory-over-address-space',
      (field) => `${field} is ${memory_mb}; ${has}, which reach ${mostMemoryMb(bits)} MiB.`,
      more(memory_mb),
    );
    return;
  }
  if (max_mb === undefined || slots === undefined || max_mb <= memory_mb) return;
  const reachedMb = withSlotsMb(memory_mb, max_mb, slots);
  if (reachedMb <= mostMemoryMb(bits)) return;
  error(
    ['memory', 'max_mb'],
    'memory-over-address-space',
    (field) =>
      `${field} is ${max_mb}, and each of ${slots} slots may take 1024 MiB more; ${has}, which reach ${max_mb - (reachedMb - mostMemoryMb(bits))} MiB.`,
    more(reachedMb),
  );
}
