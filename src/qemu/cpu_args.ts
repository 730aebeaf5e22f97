import type { Acceleration } from '../context/host_facts.ts';
import type { ResolvedContext } from '../context/resolve_context.ts';
import { madeOnce } from '../profile/made_once.ts';
import type { Architecture } from '../profile/schema.ts';
import { origin, type Part } from './part.ts';

const CPU = origin('cpu', ['/hardware/cpu']);
const CORES = origin('cpu', ['/hardware/cores']);
const MEMORY = origin('cpu', ['/hardware/memory_mb']);

/** By whether the profile names another, which cannot be had. */
const defaultCpu = madeOnce((isReplacement: boolean) =>
  madeOnce((cpu: string) =>
    madeOnce((arch: Architecture) =>
      madeOnce((acceleration: Acceleration) => {
        const why = `${cpu} is the default CPU for ${arch} under ${acceleration}`;
        return isReplacement
          ? origin('cpu', ['/hardware/cpu'], `${why}, which cannot pass the host CPU through.`)
          : origin('cpu', [], `${why}.`);
      }),
    ),
  ),
);

export function cpuArgs({ cpu, cpuWritten, arch, acceleration }: ResolvedContext): Part {
  return {
    origin: cpu === cpuWritten ? CPU : defaultCpu(cpuWritten !== null)(cpu)(arch)(acceleration),
    elements: ['-cpu', cpu],
  };
}

export function smpArgs({ cores }: ResolvedContext): Part {
  return { origin: CORES, elements: ['-smp', String(cores)] };
}

export function memoryArgs({ memoryMb }: ResolvedContext): Part {
  return { origin: MEMORY, elements: ['-m', `${memoryMb}M`] };
}
