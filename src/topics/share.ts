/** Host directories that the guest sees over 9p, with its own view of owners and modes. */
import type { HostFacts } from '../facts/host_facts.ts';
import { absolutePath, namedPath } from '../needs/named_path.ts';
import type { Need } from '../needs/need.ts';
import { flag, list, path, table, type ValueOf, word } from '../profile/key.ts';
import type { Path } from '../profile/path.ts';
import { optionValue } from '../qemu/escape.ts';
import { isShare } from './disk_keys.ts';
import { checkBackend } from './host_backends.ts';
import { MOST_DEVICES, nameKey } from './names.ts';
import { checkOnlyFor } from './only_for.ts';
import { type Part, part } from './part.ts';
import { pathWhy } from './path_why.ts';
import type { Topic } from './topic.ts';

export const SECURITY_MODELS = ['none', 'mapped-xattr', 'mapped-file', 'passthrough'] as const;

const SHARE = table('A directory of the host that the guest sees.', {
  name: nameKey('The mount tag. Unique among disks, drives and shares.', 'source'),
  path: path('The directory.', { required: true }),
  type: word(['9p'], 'How the guest sees it.', { default: '9p' }),
  readonly: flag('The guest cannot write to it.', { default: false }),
  security_model: word(
    SECURITY_MODELS,
    'How owners and modes are kept: `none` has files belong to the user of QEMU, `mapped-xattr` and `mapped-file` keep the guest’s beside the files, `passthrough` needs root.',
    { default: 'none' },
  ),
});

export const SHARES = list(SHARE, 'Shared directories, after the disks of the format `host-path`.', {
  most: MOST_DEVICES,
  since: 2,
});

type Share = ValueOf<typeof SHARE>;

export const share: Topic = {
  checkProfile: ({ storage: { disks = [] }, shares = [] }, { error, warning }) => {
    for (const [index, { security_model }] of shares.entries()) {
      if (security_model !== 'passthrough') continue;
      warning(
        ['shares', index, 'security_model'],
        'share-needs-root',
        (field) => `${field} is "passthrough", which works only where QEMU runs as root.`,
      );
    }
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
  checkOnHost: ({ storage: { disks = [] }, shares = [] }, { facts: { os } }, issues) => {
    for (const [index, { format }] of disks.entries())
      checkBackend(['storage', 'disks', index, 'format'], format, os, issues);
    for (const [index, { type }] of shares.entries())
      if (type === '9p')
        checkOnlyFor(
          ['shares', index, 'type'],
          '"9p"',
          [{ on: 'os', is: os, allowed: ['linux', 'darwin'] }],
          'Remove the share.',
          issues,
        );
  },
  needs: ({ storage: { disks = [] }, shares = [] }, facts) => [
    ...disks.flatMap((disk, index) =>
      isShare(disk) ? directoryNeeds(['storage', 'disks', index, 'path'], disk, facts) : [],
    ),
    ...shares.flatMap((share, index) => directoryNeeds(['shares', index, 'path'], share, facts)),
  ],
  slots: ({ storage: { disks = [] }, shares = [] }) => [
    { at: ['storage', 'disks'], slots: disks.filter(isShare).length },
    { at: ['shares'], slots: shares.length },
  ],
  args: ({ storage: { disks }, shares }, { facts }) => [
    ...disks.flatMap((disk, index) =>
      isShare(disk) ? sharePart('/storage/disks', index, { ...disk, model: 'none' }, ['format'], facts) : [],
    ),
    ...shares.map((share, index) =>
      sharePart('/shares', index, { ...share, model: share.security_model }, SHARE_KEYS, facts),
    ),
  ],
};

function directoryNeeds(
  at: Path,
  { path, readonly }: { readonly path: string | undefined; readonly readonly: boolean | undefined },
  facts: HostFacts,
): Need[] {
  if (path === undefined) return [];
  const access = readonly === true ? 'read' : 'write';
  return [{ kind: 'directory', ...namedPath(facts, at, path), access }];
}

/** Keys of `[[shares]]` that a disk of the format `host-path` does not have. */
const SHARE_KEYS = ['type', 'security_model'];

type Shared = Pick<Share, 'name' | 'path' | 'readonly'> & { readonly model: Share['security_model'] };

/** A share of either list; the keys are those of the list besides. */
function sharePart(
  list: string,
  index: number,
  { name, path, readonly, model }: Shared,
  keys: readonly string[],
  facts: HostFacts,
): Part {
  const at = `${list}/${index}`;
  const absolute = absolutePath(facts, path);
  const end = readonly ? ',readonly=on' : '';
  return part(
    'shares',
    ['name', 'path', ...keys, ...(readonly ? ['readonly'] : [])].map((key) => `${at}/${key}`),
    [
      '-fsdev',
      `local,path=${optionValue(absolute)},security_model=${model},id=${name}${end}`,
      '-device',
      `virtio-9p-pci,fsdev=${name},mount_tag=${name}`,
    ],
    { mayBeDefault: true, why: pathWhy(absolute, path), element: { name, list, index } },
  );
}
