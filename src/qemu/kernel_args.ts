import type { PlacedPath, ResolvedContext } from '../context/resolve_context.ts';
import { madeOnce } from '../profile/made_once.ts';
import { origin, type Part } from './part.ts';
import { pathWhy } from './why.ts';

const NAME = origin('name', ['/vm/name']);
const APPEND = origin('kernel', ['/kernel/append']);
const fileOrigin = madeOnce((pointer: string) =>
  madeOnce((why: string | null) => origin('kernel', [pointer], why)),
);

/** Direct kernel boot; QEMU takes these values byte for byte. */
export function kernelArgs({ kernel }: ResolvedContext): Part[] {
  if (kernel === null) return [];
  const { image, initrd, append } = kernel;
  const parts = [filePart('-kernel', '/kernel/bzimage', image)];
  if (initrd !== null) parts.push(filePart('-initrd', '/kernel/initrd', initrd));
  if (append !== '') parts.push({ origin: APPEND, elements: ['-append', append] });
  return parts;
}

function filePart(option: string, pointer: string, file: PlacedPath): Part {
  return { origin: fileOrigin(pointer)(pathWhy(file)), elements: [option, file.path] };
}

export function nameArgs({ name }: ResolvedContext): Part {
  return { origin: NAME, elements: ['-name', name] };
}
