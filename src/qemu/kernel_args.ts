import type { PlacedPath, ResolvedContext } from '../context/resolve_context.ts';
import { madeOnce } from '../profile/made_once.ts';
import { origin, type Part } from './part.ts';
import { pathWhy } from './why.ts';

const NAME = origin('name', ['/vm/name']);
const APPEND = origin('kernel', ['/kernel/append']);
const kernelOrigin = madeOnce((why: string | null) => origin('kernel', ['/kernel/bzimage'], why));
const initrdOrigin = madeOnce((why: string | null) => origin('kernel', ['/kernel/initrd'], why));

/** Direct kernel boot; QEMU takes these values byte for byte. */
export function kernelArgs({ kernel }: ResolvedContext): Part[] {
  if (kernel === null) return [];
  const { image, initrd, append } = kernel;
  const parts = [kernelPart(image)];
  if (initrd !== null) parts.push(initrdPart(initrd));
  if (append !== '') parts.push({ origin: APPEND, elements: ['-append', append] });
  return parts;
}

function kernelPart(image: PlacedPath): Part {
  return { origin: kernelOrigin(pathWhy(image)), elements: ['-kernel', image.path] };
}

function initrdPart(initrd: PlacedPath): Part {
  return { origin: initrdOrigin(pathWhy(initrd)), elements: ['-initrd', initrd.path] };
}

export function nameArgs({ name }: ResolvedContext): Part {
  return { origin: NAME, elements: ['-name', name] };
}
