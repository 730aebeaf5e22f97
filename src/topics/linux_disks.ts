/** What Linux calls the disks of a VM. */

import type { DiskBus } from './disk_keys.ts';
import type { Draft, DraftDisk } from './profile.ts';
import { redirectedDevices } from './usb_redirection.ts';

/** The driver of the disks on a bus. */
const DRIVERS: Readonly<Record<DiskBus, 'vd' | 'sd' | 'nvme'>> = {
  virtio: 'vd',
  scsi: 'sd',
  sata: 'sd',
  ide: 'sd',
  usb: 'sd',
  nvme: 'nvme',
};

export interface LinuxDisks {
  /** The names of all, without what is plugged in from the host. */
  readonly names: readonly string[];
  /** Whether it may be one of them. */
  readonly has: (name: string) => boolean;
}

/** `null` while not known; `images` are the disks that are no shares. */
export function linuxDisks(draft: Draft, images: readonly DraftDisk[]): LinuxDisks | null {
  const { cdroms = [], floppies = [], seed } = draft.storage;
  if (images.some(({ bus }) => bus === undefined)) return null;
  const on = (driver: string): number =>
    images.filter(({ bus = 'virtio' }) => DRIVERS[bus] === driver).length;
  const names = [
    ...lettered('vd', on('vd') + (seed === undefined ? 0 : 1)),
    ...lettered('sd', on('sd')),
    ...numbered('nvme', on('nvme'), 'n1'),
    ...numbered('sr', cdroms.length),
    ...numbered('fd', floppies.length),
  ];
  const foreign = foreignDrivers(draft, images);
  return { names, has: (name) => names.includes(name) || foreign.some((driver) => name.startsWith(driver)) };
}

/** Of disks that a profile cannot count: on devices of the host, and by the driver that old kernels have for `ide`. */
function foreignDrivers(draft: Draft, images: readonly DraftDisk[]): string[] {
  const { usb = [], passthrough = [] } = draft;
  if (passthrough.length > 0) return ['sd', 'hd', 'nvme', 'sr', 'mmcblk'];
  const hasUsb = usb.length > 0 || redirectedDevices(draft) > 0;
  const hasIde = images.some(({ bus }) => bus === 'ide');
  return [...(hasUsb ? ['sd', 'sr'] : []), ...(hasIde ? ['hd'] : [])];
}

const LETTERS = 26;
const FIRST_LETTER = 'a'.charCodeAt(0);

/** After `vdz` comes `vdaa`. */
function lettered(driver: string, count: number): string[] {
  const letters = (index: number): string => {
    const before = Math.floor(index / LETTERS);
    const last = String.fromCharCode(FIRST_LETTER + (index % LETTERS));
    return before === 0 ? last : `${letters(before - 1)}${last}`;
  };
  return Array.from({ length: count }, (_, index) => `${driver}${letters(index)}`);
}

function numbered(driver: string, count: number, end = ''): string[] {
  return Array.from({ length: count }, (_, index) => `${driver}${index}${end}`);
}

/** The disk that a device file, also one of a partition, is of; `null` for what is called otherwise. */
export function diskOf(file: string): string | null {
  const [, lettered, numbered] =
    /^\/dev\/(?:((?:vd|sd|hd|xvd)[a-z]+)\d*|((?:sr|fd|mmcblk|nvme\d+n)\d+)(?:p\d+)?)$/.exec(file) ?? [];
  return lettered ?? numbered ?? null;
}
