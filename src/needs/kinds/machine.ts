/** What a VM takes of the machine itself: an accelerator, a CPU model, processors and memory. */
import type { HostAccelerator } from '../../facts/host_facts.ts';
import type { Path } from '../../profile/path.ts';
import type { NeedKind } from '../need_kind.ts';

export interface AcceleratorNeed {
  readonly kind: 'accelerator';
  readonly at: Path;
  readonly name: HostAccelerator;
}

export interface CpuModelNeed {
  readonly kind: 'cpu-model';
  readonly at: Path;
  /** The value of `-cpu`. */
  readonly cpu: string;
  /** Whether every QEMU that plans are for has it. */
  readonly isEverywhere: boolean;
}

export interface SizeNeed {
  readonly kind: 'size';
  readonly at: Path;
  readonly cores: number;
  readonly memoryMb: number;
}

const MANY_CORES = 64;
const MUCH_MEMORY_MB = 65536;

/** Only kvm is a device; access to the others cannot be asked for. */
export const accelerator: NeedKind<AcceleratorNeed> = {
  resources: ({ name }) => (name === 'kvm' ? ['device:/dev/kvm'] : []),
  risk: () => 'medium',
  unknowns: ({ name }, { probed }) =>
    name === 'kvm' && probed === null
      ? [{ question: 'May the user that runs QEMU open it?', subject: 'device:/dev/kvm' }]
      : [],
  verdicts: () => [],
};

export const cpuModel: NeedKind<CpuModelNeed> = {
  resources: () => [],
  risk: () => 'low',
  unknowns: ({ cpu, isEverywhere }) =>
    isEverywhere
      ? []
      : [{ question: 'Does this QEMU know the CPU model and its features?', subject: `cpu:${cpu}` }],
  verdicts: () => [],
};

export const size: NeedKind<SizeNeed> = {
  resources: () => [],
  risk: ({ cores, memoryMb }) => (cores > MANY_CORES || memoryMb > MUCH_MEMORY_MB ? 'medium' : 'low'),
  unknowns: () => [],
  verdicts: () => [],
};
