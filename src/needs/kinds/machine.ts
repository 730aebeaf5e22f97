/** What a VM takes of the machine itself: an accelerator, processors and memory. */
import type { HostAccelerator } from '../../facts/host_facts.ts';
import { fieldOf, type Path } from '../../profile/path.ts';
import type { NeedKind } from '../need_kind.ts';

export interface AcceleratorNeed {
  readonly kind: 'accelerator';
  readonly at: Path;
  readonly name: HostAccelerator;
  /** Whether the firmware runs in system management mode, which not every kvm has. */
  readonly needsSmm: boolean;
}

export interface HypervNeed {
  readonly kind: 'hyperv';
  readonly at: Path;
  /** The value of `-cpu`. */
  readonly cpu: string;
}

export interface CoresNeed {
  readonly kind: 'cores';
  readonly at: Path;
  readonly cores: number;
}

export interface MemoryNeed {
  readonly kind: 'memory';
  readonly at: Path;
  readonly memoryMb: number;
}

const MANY_CORES = 64;
const MUCH_MEMORY_MB = 65536;

/** Only kvm is a device; access to the others cannot be asked for. */
export const accelerator: NeedKind<AcceleratorNeed> = {
  resources: ({ name }) => (name === 'kvm' ? ['device:/dev/kvm'] : []),
  risk: () => 'medium',
  unknowns: ({ name, needsSmm }, { probed }) => {
    if (name !== 'kvm') return [];
    const questions = [
      ...(probed === null ? ['May the user that runs QEMU open it?'] : []),
      // That it may be opened says nothing of that: in a virtual machine kvm may lack what a CPU model is made of.
      'Does kvm run this CPU model here?',
      ...(needsSmm ? ['Has kvm system management mode here, which Secure Boot needs?'] : []),
    ];
    return questions.map((question) => ({ question, subject: 'device:/dev/kvm' }));
  },
  verdicts: () => [],
};

/** Only the kernel knows what it can look like, and says so when QEMU starts. */
export const hyperv: NeedKind<HypervNeed> = {
  resources: () => [],
  risk: () => 'low',
  unknowns: ({ cpu }) => [
    { question: 'Does kvm on this host offer these Hyper-V features?', subject: `cpu:${cpu}` },
  ],
  verdicts: () => [],
};

export const cores: NeedKind<CoresNeed> = {
  resources: () => [],
  risk: (need) => (need.cores > MANY_CORES ? 'medium' : 'low'),
  unknowns: () => [],
  verdicts: ({ at, cores: wanted }, { files }) => {
    const { cpus } = files.capacity;
    if (cpus === null || wanted <= cpus) return [];
    return [
      {
        id: 'cores-short',
        severity: 'warning',
        title: 'The host has fewer processors than the VM',
        says: `${fieldOf(at)} is ${wanted}, and this host has ${cpus}; the cores of the VM wait for one another.`,
        mend: `Write at most ${cpus}.`,
        issue: 'cores-over-host',
        category: 'qemu',
        resources: [],
        metadata: { cores: wanted, host_cpus: cpus },
      },
    ];
  },
};

export const memory: NeedKind<MemoryNeed> = {
  resources: () => [],
  risk: ({ memoryMb }) => (memoryMb > MUCH_MEMORY_MB ? 'medium' : 'low'),
  unknowns: ({ memoryMb }, { probed }) =>
    probed === null || probed.capacity.memoryMb === null
      ? [{ question: 'Has the host so much memory?', subject: `memory:${memoryMb}M` }]
      : [],
  verdicts: ({ at, memoryMb }, { files }) => {
    const { memoryMb: hostMb, commitLimitMb } = files.capacity;
    const most = Math.min(hostMb ?? Number.POSITIVE_INFINITY, commitLimitMb ?? Number.POSITIVE_INFINITY);
    if (memoryMb <= most) return [];
    const bound =
      most === commitLimitMb
        ? `vm.overcommit_memory is 2, with which this host gives all processes together ${most} MiB`
        : `this host has ${most} MiB`;
    return [
      {
        id: 'memory-short',
        severity: 'warning',
        title: 'The host has less memory than the VM',
        says: `${fieldOf(at)} is ${memoryMb}, and ${bound}; QEMU may not start, or the host run out of memory.`,
        mend: 'Write less, or run the VM on a larger host.',
        issue: 'memory-over-host',
        category: 'qemu',
        resources: [],
        metadata: { host_mb: most, memory_mb: memoryMb },
      },
    ];
  },
};
