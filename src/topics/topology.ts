/** How many virtual CPUs there are, and how they are spread over sockets, dies, clusters, cores and threads. */
import type { HostFacts } from '../facts/host_facts.ts';
import { count, table } from '../profile/key.ts';
import { show } from '../profile/show.ts';
import { parseCpu } from '../qemu/cpu_text.ts';
import { isBefore } from '../qemu/version.ts';
import { accelerationOf } from './accelerator.ts';
import { cpuOf, wishOf } from './cpu.ts';
import { machineOf, plannedMachine } from './machine.ts';
import { checkOnlyFor } from './only_for.ts';
import { part } from './part.ts';
import type { Draft, Issues, Profile } from './profile.ts';
import type { Topic } from './topic.ts';

const RANGE = { minimum: 1, maximum: 256 } as const;

export const TOPOLOGY = table(
  'How the virtual CPUs are spread; the product of all levels is `hardware.cores`.',
  {
    sockets: count('Sockets. Default: what the other levels leave.', RANGE),
    dies: count('Dies of a socket; over 1 only on x86_64. Default: 1.', RANGE),
    clusters: count('Clusters of a die; over 1 only on aarch64. Default: 1.', RANGE),
    cores: count('Cores of a cluster. Default: 1.', RANGE),
    threads: count('Threads of a core; on ppc64le a power of two, and 1 under tcg. Default: 1.', RANGE),
  },
  { since: 2 },
);

type Topology = Draft['hardware']['topology'];

/** What lies below the sockets. */
const LEVELS = ['dies', 'clusters', 'cores', 'threads'] as const;
/** Up to then QEMU made a socket of each virtual CPU. */
const ONE_SOCKET_SINCE = [6, 2] as const;
/** The machine `pc` has interrupts for so many, whatever accelerates it. */
const MOST_OF_PC = 255;

export const topology: Topic = {
  /** A level of 1 is as good as none, but for what it says of the sockets: then each has one virtual CPU. */
  complete: ({ hardware: { cores, topology } }) => {
    const isAllOnes = LEVELS.every((level) => (topology[level] ?? 1) === 1);
    const isSaid = LEVELS.some((level) => topology[level] !== undefined);
    if (isAllOnes && isSaid && topology.sockets === undefined) topology.sockets = cores;
    for (const level of LEVELS) if (topology[level] === 1) topology[level] = undefined;
  },
  checkProfile: (draft, issues) => {
    machineRules(draft, issues);
    productRule(draft, issues);
    const { arch, topology } = draft.hardware;
    const { threads = 1 } = topology;
    if (arch !== 'ppc64le' || Number.isInteger(Math.log2(threads))) return;
    issues.error(
      ['hardware', 'topology', 'threads'],
      'threads-need-power-of-two',
      (field) => `${field} is ${threads}; on ppc64le it must be a power of two.`,
    );
  },
  checkOnHost: (draft, { facts }, issues) => {
    const { arch, acceleration, topology } = draft.hardware;
    const { threads = 1 } = topology;
    if (threads > 1) amdRule(draft, facts, issues);
    if (arch !== 'ppc64le' || acceleration === undefined || threads === 1) return;
    checkOnlyFor(
      ['hardware', 'topology', 'threads'],
      String(threads),
      [
        {
          on: 'accelerator',
          is: accelerationOf({ arch, acceleration }, facts),
          allowed: ['kvm'],
          instead: 'Write cores in place of threads.',
        },
      ],
      issues,
    );
  },
  args: (profile) => {
    const { topology } = profile.hardware;
    const levels = (['sockets', ...LEVELS] as const).filter((level) => topology[level] !== undefined);
    const pointers = ['/hardware/cores', ...levels.map((level) => `/hardware/topology/${level}`)];
    const decidedBy = ['/machine/type'];
    return [
      part('cpu', pointers, ['-smp', smpText(profile)], {
        mayBeDefault: true,
        why: smpWhy(profile),
        decidedBy,
      }),
    ];
  },
};

function isArranged(topology: Topology): boolean {
  return (['sockets', ...LEVELS] as const).some((level) => topology[level] !== undefined);
}

function machineRules(draft: Draft, issues: Issues): void {
  const machine = machineOf(draft);
  if (machine === null) return;
  const { cores = 1, topology } = draft.hardware;
  const { dies = 1, clusters = 1 } = topology;
  const is = machine.family === 'virt' ? `virt of ${machine.arch}` : machine.family;
  const onlyForMachine = (level: 'dies' | 'clusters', value: number, allowed: readonly string[]): void => {
    if (value === 1) return;
    const at = ['hardware', 'topology', level] as const;
    const instead = 'Write sockets or cores in place of it.';
    checkOnlyFor(at, String(value), [{ on: 'machine', is, allowed, instead }], issues);
  };
  onlyForMachine('dies', dies, ['q35', 'pc']);
  onlyForMachine('clusters', clusters, ['virt of aarch64']);
  if (machine.family !== 'pc' || cores <= MOST_OF_PC) return;
  checkOnlyFor(
    ['hardware', 'cores'],
    String(cores),
    [
      {
        on: 'machine',
        is,
        allowed: ['q35'],
        instead: `Write at most ${MOST_OF_PC}, or machine.type = "q35".`,
      },
    ],
    issues,
  );
}

/** What tcg makes of CPUs of AMD has no threads, and `max` is one of them. */
const AMD_MODELS = /^(?:max|base|athlon|phenom|qemu64|EPYC.*|Opteron.*|Dhyana.*)$/;

function amdRule(draft: Draft, facts: HostFacts, { warning }: Issues): void {
  const wish = wishOf(draft);
  if (wish?.arch !== 'x86_64' || accelerationOf(wish, facts) !== 'tcg') return;
  const { model, features } = parseCpu(cpuOf(wish, facts));
  if (!AMD_MODELS.test(model) || features.some((feature) => feature.startsWith('vendor='))) return;
  warning(
    ['hardware', 'topology', 'threads'],
    'threads-not-on-amd',
    (field) =>
      `${field} is ${draft.hardware.topology.threads}, and under tcg the CPU ${show(model)} is one of AMD, of which QEMU says that it has no threads.`,
  );
}

function productRule({ hardware: { cores, topology } }: Draft, issues: Issues): void {
  const isUnread = (['sockets', ...LEVELS] as const).some((level) =>
    issues.isRefused(['hardware', 'topology', level]),
  );
  if (cores === undefined || !isArranged(topology) || isUnread) return;
  const { sockets } = topology;
  const below = LEVELS.reduce((product, level) => product * (topology[level] ?? 1), 1);
  if (sockets === undefined ? cores % below === 0 : sockets * below === cores) return;
  issues.error(['hardware', 'topology'], 'topology-product', (field) =>
    sockets === undefined
      ? `${field} makes sockets of ${below} virtual CPUs, and hardware.cores is ${cores}, no multiple of that.`
      : `${field} makes ${sockets * below} virtual CPUs, and hardware.cores is ${cores}.`,
  );
}

/** The value of `-smp`. With every level written, QEMU has nothing left to work out, which not all machines do alike. */
function smpText(profile: Profile): string {
  const { cores, topology } = profile.hardware;
  if (isArranged(topology)) return levelsText(cores, topology);
  return isOneSocket(profile) ? String(cores) : levelsText(cores, { ...topology, cores });
}

function levelsText(
  all: number,
  { sockets, dies = 1, clusters = 1, cores = 1, threads = 1 }: Profile['hardware']['topology'],
) {
  const levels = [
    `sockets=${sockets ?? all / (dies * clusters * cores * threads)}`,
    ...(dies === 1 ? [] : [`dies=${dies}`]),
    ...(clusters === 1 ? [] : [`clusters=${clusters}`]),
    `cores=${cores}`,
    `threads=${threads}`,
  ];
  return `cpus=${all},${levels.join(',')},maxcpus=${all}`;
}

/** Whether the machine makes one socket of what is not arranged. */
function isOneSocket(profile: Profile): boolean {
  const { version } = plannedMachine(profile);
  return version === null || !isBefore(version, ONE_SOCKET_SINCE);
}

function smpWhy(profile: Profile): string | null {
  if (isArranged(profile.hardware.topology)) return 'Every level is written, so that QEMU works none out.';
  return isOneSocket(profile)
    ? null
    : `A machine before ${ONE_SOCKET_SINCE.join('.')} would make a socket of each virtual CPU.`;
}
