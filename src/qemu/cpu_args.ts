import type { ResolvedContext } from '../context/resolve_context.ts';
import { madeOnce } from './made_once.ts';
import { origin, type Part } from './part.ts';

const CPU = origin('cpu', ['/hardware/cpu']);
const CORES = origin('cpu', ['/hardware/cores']);
const MEMORY = origin('cpu', ['/hardware/memory_mb']);

const defaultCpu = madeOnce((why: string) => origin('cpu', [], why));
const replacedCpu = madeOnce((why: string) => origin('cpu', ['/hardware/cpu'], why));

export function cpuArgs({ cpu, cpuWritten, arch, acceleration }: ResolvedContext): Part {
  const elements = ['-cpu', cpu];
  if (cpu === cpuWritten) return { origin: CPU, elements };
  const isDefault = `${cpu} is the default CPU for ${arch} under ${acceleration}`;
  return cpuWritten === null
    ? { origin: defaultCpu(`${isDefault}.`), elements }
    : { origin: replacedCpu(`${isDefault}, which cannot pass the host CPU through.`), elements };
}

export function smpArgs({ cores }: ResolvedContext): Part {
  return { origin: CORES, elements: ['-smp', String(cores)] };
}

export function memoryArgs({ memoryMb }: ResolvedContext): Part {
  return { origin: MEMORY, elements: ['-m', `${memoryMb}M`] };
}
