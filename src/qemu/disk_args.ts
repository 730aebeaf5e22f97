import type { ImageDisk, ResolvedContext } from '../context/resolve_context.ts';
import { optionValue } from './escape.ts';
import { type Part, part } from './part.ts';
import { pathWhy } from './why.ts';

/**
 * Image disks in profile order. When the boot disk is not the first, every disk is written in two parts: QEMU creates
 * `-device` disks before `if=virtio` ones, so a mixture would change the order in which the guest sees them.
 */
export function diskArgs({ images }: ResolvedContext): Part[] {
  const inTwoParts = images.findIndex(({ isBootDisk }) => isBootDisk) > 0;
  return images.map(inTwoParts ? driveAndDevice : drive);
}

function drive(disk: ImageDisk): Part {
  return part(
    'disks',
    ['-drive', `${fileOf(disk)},if=virtio${readonlyOf(disk)}`],
    pointersOf(disk),
    pathWhy(disk.file),
  );
}

function driveAndDevice(disk: ImageDisk): Part {
  const id = `disk-${disk.name}`;
  const bootindex = disk.isBootDisk ? ',bootindex=1' : '';
  return part(
    'disks',
    [
      '-drive',
      `${fileOf(disk)},if=none,id=${id}${readonlyOf(disk)}`,
      '-device',
      `virtio-blk-pci,drive=${id}${bootindex}`,
    ],
    [
      ...pointersOf(disk),
      `/storage/disks/${disk.index}/name`,
      ...(disk.isBootDisk ? [`/storage/disks/${disk.index}/boot`] : []),
    ],
    'The boot disk is not the first, so that each disk is a drive and a device, and the boot index says which one boots.',
  );
}

function fileOf({ file, format }: ImageDisk): string {
  return `file=${optionValue(file.path)},format=${format}`;
}

function readonlyOf({ readonly }: ImageDisk): string {
  return readonly ? ',readonly=on' : '';
}

function pointersOf({ index, readonly }: ImageDisk): string[] {
  const disk = `/storage/disks/${index}`;
  return [`${disk}/path`, `${disk}/format`, ...(readonly ? [`${disk}/readonly`] : [])];
}
