/** Disks that are images. */
import type { HostFacts } from '../facts/host_facts.ts';
import type { ImageFormat, ImageNeed } from '../needs/kinds/image.ts';
import { absolutePath, namedPath } from '../needs/named_path.ts';
import { count, flag, list, path, table, text, type ValueOf, word } from '../profile/key.ts';
import { optionValue } from '../qemu/escape.ts';
import { duplicateNames, MOST_DEVICES, NAME_MISTAKE, NAME_PATTERN } from './names.ts';
import { type Part, part } from './part.ts';
import { pathWhy } from './path_why.ts';
import type { DraftDisk } from './profile.ts';
import type { Topic } from './topic.ts';

export const DISK_FORMATS = ['qcow2', 'raw', 'vdi', 'vmdk', 'host-path'] as const;

const DISK = table('A disk image or a shared directory.', {
  name: text('Unique among the disks; the mount tag of a share.', {
    required: true,
    pattern: NAME_PATTERN,
    mistake: NAME_MISTAKE,
    examples: ['root'],
  }),
  path: path('The image file, or the directory that a `host-path` shares.', { required: true }),
  format: word(DISK_FORMATS, 'Format of the image; `host-path` shares a host directory over 9p.', {
    required: true,
  }),
  size_gb: count('Size in GiB to create a missing image with; not on `host-path`.', {
    minimum: 1,
    maximum: 65536,
  }),
  boot: flag('Boot from this disk; at most one, not on `host-path`.', { default: false }),
  readonly: flag('The guest cannot write to it.', { default: false }),
});

export const STORAGE = table('Disk images and shares.', {
  disks: list(DISK, 'Disks and shares, in the order in which the guest sees them.', { most: MOST_DEVICES }),
});

export type Disk = ValueOf<typeof DISK>;

const IN_TWO_PARTS =
  'The boot disk is not the first, so that each disk is a drive and a device, and the boot index says which one boots.';
/** Changes to the list of disks that decide whether each disk is one part or a drive and a device. */
const FORM_OF_DISKS = /^\/storage\/disks(?:\/\d+(?:\/(?:boot|format))?)?$/;

/** Whether a disk is an image: a share is a directory, and a format that was refused is neither. */
export function isImage({ format }: Pick<DraftDisk, 'format'>): boolean {
  return format !== undefined && format !== 'host-path';
}

export function isShare({ format }: Pick<DraftDisk, 'format'>): boolean {
  return format === 'host-path';
}

export const disk: Topic = {
  checkProfile: ({ storage: { disks = [] } }, issues) => {
    duplicateNames(disks, (index) => ['storage', 'disks', index, 'name'], issues);
    const first = disks.findIndex(({ boot }) => boot === true);
    for (const [index, { boot }] of disks.entries()) {
      if (boot !== true || index === first) continue;
      issues.error(
        ['storage', 'disks', index, 'boot'],
        'several-boot-disks',
        (field) =>
          `${field} is true, and so is storage.disks[${first}].boot; at most one disk can be the boot disk.`,
      );
    }
  },
  needs: ({ storage: { disks = [] } }, facts) =>
    disks.flatMap((disk, index) => imageNeed(disk, index, facts) ?? []),
  /**
   * In profile order. When the boot disk is not the first image, every image is written in two parts: QEMU creates `-device`
   * disks before `if=virtio` ones, so a mixture would change the order in which the guest sees them.
   */
  args: ({ storage: { disks } }, { facts }) => {
    const inTwoParts = disks.some(({ boot }) => boot) && disks.find(isImage)?.boot === false;
    return disks.flatMap((disk, index) => (isImage(disk) ? diskPart(disk, index, inTwoParts, facts) : []));
  },
};

function imageNeed(disk: DraftDisk, index: number, facts: HostFacts): ImageNeed | null {
  const { path, format, size_gb, readonly } = disk;
  if (path === undefined || !isImage(disk)) return null;
  return {
    kind: 'image',
    ...namedPath(facts, ['storage', 'disks', index, 'path'], path),
    access: readonly === true ? 'read' : 'write',
    format: format as ImageFormat,
    sizeGb: size_gb ?? null,
  };
}

function diskPart(disk: Disk, index: number, inTwoParts: boolean, facts: HostFacts): Part {
  const { name, path, format, boot, readonly } = disk;
  const list = '/storage/disks';
  const at = `${list}/${index}`;
  const absolute = absolutePath(facts, path);
  const file = `file=${optionValue(absolute)},format=${format}`;
  const end = readonly ? ',readonly=on' : '';
  const pointers = [`${at}/path`, `${at}/format`, ...(readonly ? [`${at}/readonly`] : [])];
  const common = { element: { name, list, index }, formDecidedBy: FORM_OF_DISKS };
  if (!inTwoParts) {
    const elements = ['-drive', `${file},if=virtio${end}`];
    return part('disks', pointers, elements, { ...common, why: pathWhy(absolute, path) });
  }
  const id = `disk-${name}`;
  const device = `virtio-blk-pci,drive=${id}${boot ? ',bootindex=1' : ''}`;
  return part(
    'disks',
    [...pointers, `${at}/name`, ...(boot ? [`${at}/boot`] : [])],
    ['-drive', `${file},if=none,id=${id}${end}`, '-device', device],
    { ...common, why: IN_TWO_PARTS },
  );
}
