import type { ResolvedContext } from '../context/resolve_context.ts';
import { isLoopback } from '../profile/hostfwd.ts';

export type Risk = 'low' | 'medium' | 'high';

const MANY_CORES = 64;
const MUCH_MEMORY_MB = 65536;

/** How closely a reviewer should look before somebody runs the plan. */
export function riskOf(context: ResolvedContext): Risk {
  const { acceleration, cards, cores, memoryMb } = context;
  if (cards.some(({ type }) => type !== 'user')) return 'high';
  const isRaised =
    acceleration !== 'tcg' ||
    cards.some(({ forwards }) => !forwards.every(isLoopback)) ||
    context.shares.some(({ readonly }) => !readonly) ||
    leavesProjectRoot(context) ||
    cores > MANY_CORES ||
    memoryMb > MUCH_MEMORY_MB;
  return isRaised ? 'medium' : 'low';
}

function leavesProjectRoot({ images, shares, qmpSocket, serial, kernel }: ResolvedContext): boolean {
  const paths = [
    ...images.map(({ file }) => file),
    ...shares.map(({ directory }) => directory),
    qmpSocket,
    serial !== null && 'target' in serial ? serial.target : null,
    kernel?.image,
    kernel?.initrd,
  ];
  return paths.some((path) => path?.isInsideRoot === false);
}
