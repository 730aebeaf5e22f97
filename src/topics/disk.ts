/** Disks that are images. */
import type { HostFacts } from '../facts/host_facts.ts';
import type { BlockDeviceNeed } from '../needs/kinds/block_device.ts';
import type { DeclaredBase, ImageFormat, ImageNeed } from '../needs/kinds/image.ts';
import { inputFileNeeds } from '../needs/kinds/input_file.ts';
import { absolutePath, namedPath } from '../needs/named_path.ts';
import type { Need } from '../needs/need.ts';
import { optionValue } from '../qemu/escape.ts';
import { type Disk, isImage } from './disk_keys.ts';
import { checkDiskKeys, checkDisksOnHost } from './disk_rules.ts';
import { driveParts } from './drive_args.ts';
import { checkDrives } from './drive_rules.ts';
import { type SeatedDrive, seatedDrives } from './drives.ts';
import type { Machine } from './machine.ts';
import { duplicateNames } from './names.ts';
import { type Part, part } from './part.ts';
import { pathWhy } from './path_why.ts';
import { type DraftDisk, type Profile, SCHEMA_VERSION } from './profile.ts';
import type { Topic } from './topic.ts';

const IN_TWO_PARTS =
  'The boot disk is not the first, so that each disk is a drive and a device, and the boot index says which one boots.';
/** Changes to the list of disks that decide whether each disk is one part or a drive and a device. */
const FORM_OF_DISKS = /^\/storage\/disks(?:\/\d+(?:\/(?:boot|format))?)?$/;

export const disk: Topic = {
  /** A serial number that is the default is as good as none. */
  complete: ({ storage: { disks = [] } }) => {
    for (const disk of disks) if (disk.serial === disk.name) disk.serial = undefined;
  },
  checkProfile: (draft, issues) => {
    const { disks = [], cdroms = [], floppies = [] } = draft.storage;
    duplicateNames(
      [
        { elements: disks, placeOf: (index) => ['storage', 'disks', index, 'name'] },
        { elements: cdroms, placeOf: (index) => ['storage', 'cdroms', index, 'name'] },
        { elements: floppies, placeOf: (index) => ['storage', 'floppies', index, 'name'] },
        { elements: draft.shares ?? [], placeOf: (index) => ['shares', index, 'name'] },
      ],
      issues,
    );
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
    checkDiskKeys(draft, issues);
    checkDrives(draft, issues);
  },
  checkOnHost: (draft, { facts: { os } }, issues) => checkDisksOnHost(draft, os, issues),
  needs: ({ schema_version = SCHEMA_VERSION, storage: { disks = [] } }, facts) =>
    disks.flatMap((disk, index) => diskNeeds(disk, index, schema_version, facts)),
  slots: (draft, machine) => [
    {
      at: ['storage', 'disks'],
      slots: seatedDrives(draft, machine).filter((drive) => takesSlot(drive, machine)).length,
    },
  ],
  args: (profile, { facts }) =>
    profile.schema_version === 1 ? driveOptions(profile, facts) : driveParts(profile, facts),
};

/** A drive of its own, or the controller that the first of its bus brings; CD-ROM drives are among them. */
function takesSlot({ bus, isFirst }: SeatedDrive, { family }: Machine): boolean {
  switch (bus) {
    case 'virtio':
    case 'nvme':
      return true;
    case 'ide':
      return false;
    case 'sata':
      return isFirst && family !== 'q35';
    default:
      return isFirst;
  }
}

/**
 * Version 1: in profile order. When the boot disk is not the first image, every image is written in two parts: QEMU creates
 * `-device` disks before `if=virtio` ones, so a mixture would change the order in which the guest sees them.
 */
function driveOptions({ storage: { disks } }: Profile, facts: HostFacts): Part[] {
  const inTwoParts = disks.some(({ boot }) => boot) && disks.find(isImage)?.boot === false;
  return disks.flatMap((disk, index) => (isImage(disk) ? diskPart(disk, index, inTwoParts, facts) : []));
}

function diskNeeds(disk: DraftDisk, index: number, version: number, facts: HostFacts): Need[] {
  const { base, encryption } = disk;
  const at = ['storage', 'disks', index] as const;
  const needs: Need[] = [];
  const image = imageNeed(disk, index, version, facts);
  if (image !== null) needs.push(image);
  if (base?.path !== undefined && base.format !== undefined) {
    const named = namedPath(facts, [...at, 'base', 'path'], base.path);
    needs.push({
      kind: 'image',
      ...named,
      access: 'read',
      format: base.format,
      sizeGb: null,
      base: null,
      keyFile: null,
      preallocation: 'off',
    });
  }
  const key = encryption?.key_file;
  needs.push(...inputFileNeeds(facts, [...at, 'encryption', 'key_file'], key, 'key', { secretOf: 'disk' }));
  needs.push(...accessNeeds(disk, index, facts));
  return needs;
}

/** A block device can be accessed past the cache anywhere. */
function accessNeeds(
  { path, format, cache, aio, readonly }: DraftDisk,
  index: number,
  facts: HostFacts,
): Need[] {
  const at = ['storage', 'disks', index] as const;
  const isDirect = (cache === 'none' || cache === 'directsync') && format !== 'block-device';
  return [
    ...(isDirect && path !== undefined
      ? [
          {
            kind: 'direct-access',
            at: [...at, 'cache'],
            image: absolutePath(facts, path),
            access: readonly === true ? 'read' : 'write',
            isRaw: format === 'raw',
          } as const,
        ]
      : []),
    ...(aio === 'io_uring' ? [{ kind: 'io-uring', at: [...at, 'aio'] } as const] : []),
  ];
}

function imageNeed(
  disk: DraftDisk,
  index: number,
  version: number,
  facts: HostFacts,
): ImageNeed | BlockDeviceNeed | null {
  const { path, format, size_gb, readonly, encryption, preallocation } = disk;
  if (path === undefined || !isImage(disk)) return null;
  const named = namedPath(facts, ['storage', 'disks', index, 'path'], path);
  const access = readonly === true ? 'read' : 'write';
  if (format === 'block-device') return { kind: 'block-device', ...named, access };
  return {
    kind: 'image',
    ...named,
    access,
    format: format as ImageFormat,
    sizeGb: size_gb ?? null,
    base: version === 2 ? declaredBase(disk, facts) : 'followed',
    keyFile: encryption?.key_file === undefined ? null : absolutePath(facts, encryption.key_file),
    preallocation: preallocation ?? 'off',
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
  const common = {
    element: { name, list, index },
    formDecidedBy: FORM_OF_DISKS,
    decidedBy: ['/schema_version'],
  };
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

function declaredBase({ base }: DraftDisk, facts: HostFacts): DeclaredBase | null {
  if (base?.path === undefined || base.format === undefined) return null;
  return { path: absolutePath(facts, base.path), format: base.format };
}
