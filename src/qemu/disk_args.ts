import type { ImageDisk, ResolvedContext } from '../context/resolve_context.ts';
import { madeOnce } from '../profile/made_once.ts';
import { optionValue } from './escape.ts';
import { origin, type Part } from './part.ts';
import { pathWhy } from './why.ts';

const IN_TWO_PARTS =
  'The boot disk is not the first, so that each disk is a drive and a device, and the boot index says which one boots.';

const driveOrigin = madeOnce((why: string | null) =>
  madeOnce((isReadonly: boolean) =>
    madeOnce((index: number) => origin('disks', pointersOf(index, isReadonly), why)),
  ),
);

const twoPartsOrigin = madeOnce((isBootDisk: boolean) =>
  madeOnce((isReadonly: boolean) =>
    madeOnce((index: number) => {
      const disk = `/storage/disks/${index}`;
      const pointers = [...pointersOf(index, isReadonly), `${disk}/name`];
      return origin('disks', isBootDisk ? [...pointers, `${disk}/boot`] : pointers, IN_TWO_PARTS);
    }),
  ),
);

/**
 * Image disks in profile order. When the boot disk is not the first, every disk is written in two parts: QEMU creates
 * `-device` disks before `if=virtio` ones, so a mixture would change the order in which the guest sees them.
 */
export function diskArgs({ images }: ResolvedContext): Part[] {
  const inTwoParts = images.findIndex(({ isBootDisk }) => isBootDisk) > 0;
  return images.map(inTwoParts ? driveAndDevice : drive);
}

function drive(disk: ImageDisk): Part {
  return {
    origin: driveOrigin(pathWhy(disk.file))(disk.readonly)(disk.index),
    elements: ['-drive', `${fileOf(disk)},if=virtio${readonlyOf(disk)}`],
  };
}

function driveAndDevice(disk: ImageDisk): Part {
  const id = `disk-${disk.name}`;
  const bootindex = disk.isBootDisk ? ',bootindex=1' : '';
  return {
    origin: twoPartsOrigin(disk.isBootDisk)(disk.readonly)(disk.index),
    elements: [
      '-drive',
      `${fileOf(disk)},if=none,id=${id}${readonlyOf(disk)}`,
      '-device',
      `virtio-blk-pci,drive=${id}${bootindex}`,
    ],
  };
}

function fileOf({ file, format }: ImageDisk): string {
  return `file=${optionValue(file.path)},format=${format}`;
}

function readonlyOf({ readonly }: ImageDisk): string {
  return readonly ? ',readonly=on' : '';
}

function pointersOf(index: number, isReadonly: boolean): string[] {
  const disk = `/storage/disks/${index}`;
  const pointers = [`${disk}/path`, `${disk}/format`];
  return isReadonly ? [...pointers, `${disk}/readonly`] : pointers;
}
