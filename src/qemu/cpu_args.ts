import type { ResolvedContext } from '../context/resolve_context.ts';
import { type Part, part } from './part.ts';

export function cpuArgs({ cpu, cpuWritten, arch, acceleration }: ResolvedContext): Part {
  if (cpu === cpuWritten) return part('cpu', ['-cpu', cpu], ['/hardware/cpu']);
  const isDefault = cpuWritten === null;
  return part(
    'cpu',
    ['-cpu', cpu],
    isDefault ? [] : ['/hardware/cpu'],
    `${cpu} is the default CPU for ${arch} under ${acceleration}${isDefault ? '' : ', which cannot pass the host CPU through'}.`,
  );
}

export function smpArgs({ cores }: ResolvedContext): Part {
  return part('cpu', ['-smp', String(cores)], ['/hardware/cores']);
}

export function memoryArgs({ memoryMb }: ResolvedContext): Part {
  return part('cpu', ['-m', `${memoryMb}M`], ['/hardware/memory_mb']);
}
