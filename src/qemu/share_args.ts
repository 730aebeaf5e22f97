import type { ResolvedContext, Share } from '../context/resolve_context.ts';
import { optionValue } from './escape.ts';
import { type Part, part } from './part.ts';
import { pathWhy } from './why.ts';

/** Shared directories in profile order: 9p with the guest's own view of owners and modes. */
export function shareArgs({ shares }: ResolvedContext): Part[] {
  return shares.map(fsdevAndDevice);
}

function fsdevAndDevice({ index, name, directory, readonly }: Share): Part {
  const disk = `/storage/disks/${index}`;
  return part(
    'shares',
    [
      '-fsdev',
      `local,path=${optionValue(directory.path)},security_model=none,id=${name}${readonly ? ',readonly=on' : ''}`,
      '-device',
      `virtio-9p-pci,fsdev=${name},mount_tag=${name}`,
    ],
    [`${disk}/name`, `${disk}/path`, `${disk}/format`, ...(readonly ? [`${disk}/readonly`] : [])],
    pathWhy(directory),
  );
}
