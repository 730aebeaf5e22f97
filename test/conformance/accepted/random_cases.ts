/** Random valid profiles of the property tests' generator, with CPUs that QEMU knows and sizes that a start can afford. */
import fc from 'fast-check';
import type { HostFacts } from '../../../src/facts/host_facts.ts';
import type { ProfileDocument, SchemaVersion } from '../../../src/topics/profile.ts';
import { validProfile } from '../../arbitrary/profile.ts';
import { familyOf } from '../compare/topics/machine_type.ts';
import type { Lane } from '../lane.ts';
import { type Architecture, MOST_PSERIES_MB } from '../settings.ts';
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
/** Less than what memory can grow to here. */
const MOST_GROWING_MB = 16384;

export function randomCases(
  lanes: readonly Lane[],
  version: SchemaVersion,
  count: number,
  seed: number,
): AcceptedCase[] {
  return lanes.flatMap((lane, which) => {
    const share = Math.ceil((count - which) / lanes.length);
    return profilesOf(lane.facts, version, share, seed + which).map(([text, profile], index) => ({
      name: `random of version ${version}${text}, ${seed}/${which}/${index}`,
      profile: fit(affordable(profile, index), lane),
      lane: which,
      kind: 'random' as const,
    }));
  });
}

const FAMILIES = [
  ['x86_64', 'q35'],
  ['x86_64', 'pc'],
  ['aarch64', 'virt'],
  ['riscv64', 'virt'],
  ['ppc64le', 'pseries'],
] as const;

const SEEDS_APART = 1_000_000;

/** Those of version 2 are as many for each machine, which version 1 does not name. */
function profilesOf(
  facts: HostFacts,
  version: SchemaVersion,
  count: number,
  seed: number,
): [string, ProfileDocument][] {
  if (version === 1)
    return fc.sample(validProfile(facts, 1), { seed, numRuns: count }).map((profile) => ['', profile]);
  return FAMILIES.flatMap(([arch, family], place) => {
    const isOfFamily = (profile: ProfileDocument): boolean => {
      const asked = { profile, arch: profile.hardware.arch, place: (path: string) => path };
      return familyOf(asked) === family;
    };
    const numRuns = Math.ceil((count - place) / FAMILIES.length);
    if (numRuns < 1) return [];
    const valid = validProfile(facts, version, [arch]).filter(isOfFamily);
    // Else those for all machines would be of one kind.
    const sample = fc.sample(valid, { seed: seed + SEEDS_APART * place, numRuns });
    return sample.map((profile): [string, ProfileDocument] => [` on ${arch} ${family}`, profile]);
  });
}

/** One profile in eight keeps its memory, one in four its cores: a big machine takes QEMU seconds to make. */
function affordable(profile: ProfileDocument, index: number): ProfileDocument {
  const { arch, cores, memory_mb } = profile.hardware;
  const cpu = knownCpu(profile.hardware, index);
  const most =
    arch === 'aarch64' && cpu !== undefined && !cpu.startsWith('max') ? MOST_NAMED_ARM_MB : memory_mb;
  const { cpu: _, ...hardware } = profile.hardware;
  const fewer = index % 4 === 0 ? cores : 1 + (cores % 16);
  // A disk or a card has at most as many queues as there are cores.
  for (const disk of profile.storage?.disks ?? [])
    if (disk.queues !== undefined) disk.queues = Math.min(disk.queues, fewer);
  for (const card of profile.network?.interfaces ?? [])
    if (card.queues !== undefined) card.queues = Math.min(card.queues, fewer);
  const [level] = Object.keys(hardware.topology ?? {});
  const { max_mb } = profile.memory ?? {};
  const all = Array.from({ length: fewer }, (_, cpu) => cpu);
  return {
    ...profile,
    // A random profile has all of them on one level, of which cores are on every machine, and in the first node.
    ...(profile.numa && {
      numa: profile.numa.map((node, place) => (place === 0 ? { ...node, cpus: all } : node)),
    }),
    ...(max_mb !== undefined && { memory: { ...profile.memory, max_mb: Math.min(max_mb, MOST_PSERIES_MB) } }),
    hardware: {
      ...hardware,
      ...(cpu !== undefined && { cpu }),
      ...(level !== undefined && { topology: { [fewer === cores ? level : 'cores']: fewer } }),
      cores: fewer,
      memory_mb:
        max_mb === undefined
          ? Math.min(most, index % 8 === 0 ? memory_mb : 256 + (memory_mb % 16384))
          : Math.min(memory_mb, MOST_GROWING_MB),
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
