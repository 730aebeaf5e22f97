import type { ResolvedContext, Share } from '../context/resolve_context.ts';
import { madeOnce } from '../profile/made_once.ts';
import { optionValue } from './escape.ts';
import { origin, type Part } from './part.ts';
import { pathWhy } from './why.ts';

const shareOrigin = madeOnce((why: string | null) =>
  madeOnce((isReadonly: boolean) =>
    madeOnce((index: number) => {
      const disk = `/storage/disks/${index}`;
      const pointers = [`${disk}/name`, `${disk}/path`, `${disk}/format`];
      return origin('shares', isReadonly ? [...pointers, `${disk}/readonly`] : pointers, why);
    }),
  ),
);

/** Shared directories in profile order: 9p with the guest's own view of owners and modes. */
export function shareArgs({ shares }: ResolvedContext): Part[] {
  return shares.map(fsdevAndDevice);
}

function fsdevAndDevice({ index, name, directory, readonly }: Share): Part {
  return {
    origin: shareOrigin(pathWhy(directory))(readonly)(index),
    elements: [
      '-fsdev',
      `local,path=${optionValue(directory.path)},security_model=none,id=${name}${readonly ? ',readonly=on' : ''}`,
      '-device',
      `virtio-9p-pci,fsdev=${name},mount_tag=${name}`,
    ],
  };
}
