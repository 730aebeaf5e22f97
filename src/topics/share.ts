/** Host directories that the guest sees over 9p, with its own view of owners and modes. */
import type { HostFacts } from '../facts/host_facts.ts';
import { absolutePath, namedPath } from '../needs/named_path.ts';
import { optionValue } from '../qemu/escape.ts';
import { type Disk, isShare } from './disk.ts';
import { checkBackend } from './host_backends.ts';
import { type Part, part } from './part.ts';
import { pathWhy } from './path_why.ts';
import type { Topic } from './topic.ts';

export const share: Topic = {
  checkProfile: ({ storage: { disks = [] } }, { error }) => {
    for (const [index, disk] of disks.entries()) {
      if (!isShare(disk)) continue;
      if (disk.size_gb !== undefined) {
        error(
          ['storage', 'disks', index, 'size_gb'],
          'size-on-share',
          (field) => `${field} is ${disk.size_gb}; a "host-path" share has no size.`,
        );
      }
      if (disk.boot === true) {
        error(
          ['storage', 'disks', index, 'boot'],
          'boot-on-share',
          (field) => `${field} is true; a VM cannot boot from a "host-path" share.`,
        );
      }
    }
  },
  checkOnHost: ({ storage: { disks = [] } }, { facts: { os } }, issues) => {
    for (const [index, { format }] of disks.entries())
      checkBackend(['storage', 'disks', index, 'format'], format, os, issues);
  },
  needs: ({ storage: { disks = [] } }, facts) =>
    disks.flatMap((disk, index) => {
      const { path, readonly } = disk;
      if (path === undefined || !isShare(disk)) return [];
      const named = namedPath(facts, ['storage', 'disks', index, 'path'], path);
      return [{ kind: 'directory', ...named, access: readonly === true ? 'read' : 'write' }];
    }),
  args: ({ storage: { disks } }, { facts }) =>
    disks.flatMap((disk, index) => (isShare(disk) ? sharePart(disk, index, facts) : [])),
};

function sharePart({ name, path, readonly }: Disk, index: number, facts: HostFacts): Part {
  const list = '/storage/disks';
  const at = `${list}/${index}`;
  const absolute = absolutePath(facts, path);
  const end = readonly ? ',readonly=on' : '';
  return part(
    'shares',
    [`${at}/name`, `${at}/path`, `${at}/format`, ...(readonly ? [`${at}/readonly`] : [])],
    [
      '-fsdev',
      `local,path=${optionValue(absolute)},security_model=none,id=${name}${end}`,
      '-device',
      `virtio-9p-pci,fsdev=${name},mount_tag=${name}`,
    ],
    { why: pathWhy(absolute, path), element: { name, list, index } },
  );
}
