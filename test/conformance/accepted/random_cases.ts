/** Random valid profiles of the property tests' generator, with CPUs that QEMU knows and sizes that a start can afford. */
import fc from 'fast-check';
import type { ProfileDocument } from '../../../src/topics/profile.ts';
import { validProfile } from '../../arbitrary/profile.ts';
import type { Lane } from '../lane.ts';
import type { Architecture } from '../settings.ts';
import type { AcceptedCase } from './example_cases.ts';
import { fit } from './fit.ts';

/** Models and features that QEMU 7.2 and 10.0 both have. The first model is drawn most. */
const MODELS: Readonly<Record<Architecture, readonly string[]>> = {
  x86_64: ['max', 'qemu64', 'Nehalem', 'Skylake-Client-v4', 'EPYC-v3'],
  aarch64: ['max', 'cortex-a57', 'cortex-a72', 'neoverse-n1', 'a64fx'],
  riscv64: ['rv64', 'sifive-u54'],
  ppc64le: ['max', 'POWER8', 'POWER9', 'power9_v2.0'],
};
const FLAGS = ['avx2', 'sse4a', 'aes', 'rdtscp', 'pcid', 'kvm', 'svm'];
const ASSIGNMENTS: Readonly<Record<Architecture, readonly string[]>> = {
  x86_64: ['avx2=off', 'aes=on', 'phys-bits=46', 'l3-cache=off', 'level=13'],
  aarch64: ['aarch64=on', 'sve=off', 'pauth=off', 'pmu=on'],
  riscv64: ['c=off', 'v=true', 'mmu=on', 'pmp=on'],
  ppc64le: [],
};
/** Over this an x86_64 CPU needs more than QEMU's 40 address bits. */
const MOST_X86_MB = 1001472;
/** Named models of aarch64 reach 44 bits of addresses or fewer: 16 TiB less what the machine itself needs. */
const MOST_NAMED_ARM_MB = 524288;

export function randomCases(lanes: readonly Lane[], count: number, seed: number): AcceptedCase[] {
  return lanes.flatMap((lane, which) => {
    const share = Math.ceil((count - which) / lanes.length);
    const profiles = fc.sample(validProfile(lane.facts), { seed: seed + which, numRuns: share });
    return profiles.map((profile, index) => ({
      name: `random ${seed}/${which}/${index}`,
      profile: fit(affordable(profile, index), lane),
      lane: which,
      kind: 'random' as const,
    }));
  });
}

/** One profile in eight keeps its memory, one in four its cores: a big machine takes QEMU seconds to make. */
function affordable(profile: ProfileDocument, index: number): ProfileDocument {
  const { arch, cores, memory_mb } = profile.hardware;
  const cpu = knownCpu(profile.hardware, index);
  const most =
    arch === 'aarch64' && cpu !== undefined && !cpu.startsWith('max') ? MOST_NAMED_ARM_MB : memory_mb;
  const { cpu: _, ...hardware } = profile.hardware;
  return {
    ...profile,
    hardware: {
      ...hardware,
      ...(cpu !== undefined && { cpu }),
      cores: index % 4 === 0 ? cores : 1 + (cores % 16),
      memory_mb: Math.min(most, index % 8 === 0 ? memory_mb : 256 + (memory_mb % 16384)),
    },
  };
}

/** The model and the features of a random CPU, each replaced by one of the same form that QEMU knows. */
function knownCpu({ arch, cpu, memory_mb }: ProfileDocument['hardware'], index: number): string | undefined {
  if (cpu === undefined) return undefined;
  if (arch === 'x86_64' && memory_mb > MOST_X86_MB) return 'max,phys-bits=46';
  const models = MODELS[arch];
  const [, ...features] = cpu.split(',');
  const model = models[index % models.length] as string;
  // Features that a named model lacks cannot be switched on everywhere.
  if (model !== models[0]) return model;
  // QEMU has an order of its own for a feature that is named twice, and warns of it.
  const named = new Set<string>();
  const known = features.flatMap((feature, number) => {
    const [from, prefix] = feature.includes('=')
      ? [ASSIGNMENTS[arch], '']
      : [FLAGS, /^[+-]/.exec(feature)?.[0] ?? ''];
    const name = from[(index + number) % Math.max(1, from.length)];
    const [bare] = (name ?? '').split('=');
    if (name === undefined || bare === undefined || named.has(bare)) return [];
    named.add(bare);
    return [`${prefix}${name}`];
  });
  return [model, ...known].join(',');
}
