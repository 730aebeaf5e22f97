import type { ResolvedContext } from '../context/resolve_context.ts';
import { type Part, part } from './part.ts';
import { pathWhy } from './why.ts';

/** Direct kernel boot; QEMU takes these values byte for byte. */
export function kernelArgs({ kernel }: ResolvedContext): Part[] {
  if (kernel === null) return [];
  const { image, initrd, append } = kernel;
  return [
    part('kernel', ['-kernel', image.path], ['/kernel/bzimage'], pathWhy(image)),
    ...(initrd === null
      ? []
      : [part('kernel', ['-initrd', initrd.path], ['/kernel/initrd'], pathWhy(initrd))]),
    ...(append === '' ? [] : [part('kernel', ['-append', append], ['/kernel/append'])]),
  ];
}

export function nameArgs({ name }: ResolvedContext): Part {
  return part('name', ['-name', name], ['/vm/name']);
}
