/** The devices that the guest sees its drives as: where each sits, and what it says of itself. */
import { createHash } from 'node:crypto';
import type { Device } from '../qtree.ts';
import { type Bus, type Disk, drivesOf } from './drives.ts';
import { type Family, familyOf, propertyOf } from './machine_type.ts';
import type { Asked, Counts, Seen, Topic } from './topic.ts';

interface Drive {
  readonly type: string;
  readonly at: string;
  /** The block node that it has; empty for an empty tray. */
  readonly node: string;
  readonly serial: string;
  readonly sector: string;
  readonly 'does not turn': boolean;
  readonly 'on write error': string;
  readonly 'on read error': string;
  readonly 'write cache': boolean | 'up to QEMU';
  readonly iothread: string;
  readonly queues: number | 'none';
}

const TYPES: Readonly<Record<Bus, string>> = {
  virtio: 'virtio-blk-pci',
  scsi: 'scsi-hd',
  sata: 'ide-hd',
  ide: 'ide-hd',
  nvme: 'nvme',
  usb: 'usb-storage',
};
const CD_TYPES: Readonly<Partial<Record<Bus, string>>> = { sata: 'ide-cd', ide: 'ide-cd' };

export const blockDevices: Topic = {
  means: (asked) => ({ drives: drivesMeant(asked), controllers: controllersMeant(asked) }),
  seen: async (seen) => ({ drives: await drivesSeen(seen), controllers: await controllersSeen(seen) }),
  devices,
};

function placeText(bus: Bus, place: number, family: Family): string {
  switch (bus) {
    case 'scsi':
      return `scsi0.0, channel 0, target 0, unit ${place}`;
    case 'sata':
      return `${family === 'q35' ? 'ide' : 'sata0'}.${place}, unit 0`;
    case 'ide':
      return `ide.${place >> 1}, unit ${place & 1}`;
    case 'usb':
      return `usb.0, port ${place + 1}`;
    default:
      return 'a slot';
  }
}

/** The name when it is short enough; an NVMe disk has to have some serial number. */
function serialMeant({ serial, name, bus }: Disk): string {
  if (serial !== undefined) return serial;
  if (name.length <= 20) return name;
  return bus === 'nvme' ? createHash('sha256').update(name).digest('hex').slice(0, 20) : '';
}

function drivesMeant(asked: Asked): Record<string, Drive> {
  const { disks, cdroms, floppies, seed } = drivesOf(asked);
  const { cores } = asked.profile.hardware;
  const family = familyOf(asked);
  const drives: [string, Drive][] = [];
  for (const { disk, bus, place } of disks) {
    const { name, cache = 'writeback', block_size = 512, queues, iothread = false } = disk;
    const keepsWrites = cache !== 'writethrough' && cache !== 'directsync';
    drives.push([
      `disk-${name}`,
      {
        ...QUIET,
        type: TYPES[bus],
        at: placeText(bus, place, family),
        node: name,
        serial: serialMeant(disk),
        sector: bus === 'usb' && block_size === 4096 ? USB_SECTOR : `${block_size} of ${block_size}`,
        'does not turn': disk.ssd ?? false,
        'on write error': bus === 'nvme' ? 'none' : (disk.on_write_error ?? 'enospc'),
        'on read error': bus === 'nvme' ? 'none' : (disk.on_read_error ?? 'report'),
        // Before 10.0 QEMU does not tell it to the disk behind the USB device; the service warns of it.
        'write cache': bus === 'usb' && !keepsWrites ? 'up to QEMU' : keepsWrites,
        iothread: bus === 'virtio' && iothread ? `/objects/iothread-${name}` : '',
        queues: bus === 'virtio' ? (queues ?? cores) : 'none',
      },
    ]);
  }
  for (const { cdrom, bus, place } of cdroms) {
    const node = cdrom.path === undefined ? '' : cdrom.name;
    const at =
      bus === 'usb' ? `bot-${cdrom.name}.0, channel 0, target 0, unit 0` : placeText(bus, place, family);
    drives.push([`cd-${cdrom.name}`, { ...QUIET, type: CD_TYPES[bus] ?? 'scsi-cd', at, node }]);
  }
  for (const [unit, { name }] of floppies.entries())
    drives.push([
      `floppy-${name}`,
      { ...QUIET, ...NO_ERRORS, type: 'floppy', at: `a floppy controller, unit ${unit}`, node: name },
    ]);
  if (seed !== null) {
    const device = { type: 'virtio-blk-pci', at: 'a slot', node: 'seed.0', serial: 'cidata', queues: cores };
    drives.push(['seed', { ...QUIET, ...device }]);
  }
  return sortedRecord(drives);
}

const QUIET = {
  serial: '',
  sector: '512 of 512',
  'does not turn': false,
  'on write error': 'enospc',
  'on read error': 'report',
  'write cache': true,
  iothread: '',
  queues: 'none',
} as const;
const NO_ERRORS = { 'on write error': 'none', 'on read error': 'none' };
/** Before 10.0 QEMU does not tell it to the disk behind the USB device; the service warns of it. */
const USB_SECTOR = 'up to QEMU';

function sortedRecord<Value>(entries: [string, Value][]): Record<string, Value> {
  return Object.fromEntries(entries.sort(([left], [right]) => (left < right ? -1 : 1)));
}

interface Block {
  readonly qdev?: string;
  readonly inserted?: { readonly cache: { readonly writeback: boolean } };
}

/** What QEMU calls an IDE drive that has no serial number. */
const OWN_SERIAL = /^QM[0-9]{5}$/;
/** QEMU's `auto`. */
const WRITE_ERRORS: Readonly<Record<string, string>> = { auto: 'enospc' };
const READ_ERRORS: Readonly<Record<string, string>> = { auto: 'report' };
const DRIVE_TYPES = new Set([...Object.values(TYPES), 'ide-cd', 'scsi-cd', 'floppy']);

async function drivesSeen({ qmp, devices }: Seen): Promise<Record<string, unknown>> {
  const blocks = await qmp.ask<Block[]>('query-block');
  // The disk behind a USB device has no name of its own.
  const behindUsb = new Set(
    devices.flatMap(({ type, children }) => (type === 'usb-storage' ? children : [])),
  );
  const drives: [string, unknown][] = [];
  for (const device of devices) {
    if (!DRIVE_TYPES.has(device.type) || behindUsb.has(device)) continue;
    const { id, type } = device;
    const [inner = device] = device.children;
    const { properties } = inner;
    const block = blocks.find(({ qdev }) => qdev === id || qdev?.startsWith(`/machine/peripheral/${id}/`));
    const isOnUsb = type === 'usb-storage';
    const isSlow = device.properties['write-cache'] === 'off';
    const isLarge = device.properties.logical_block_size === '4096';
    drives.push([
      id,
      {
        serial: properties.serial?.replace(OWN_SERIAL, '') ?? '',
        sector: isOnUsb && isLarge ? USB_SECTOR : sectorOf(properties),
        'does not turn': properties.rotation_rate === '1',
        'on write error': errorOf(WRITE_ERRORS, properties.werror),
        'on read error': errorOf(READ_ERRORS, properties.rerror),
        'write cache': isOnUsb && isSlow ? 'up to QEMU' : (block?.inserted?.cache.writeback ?? true),
        iothread: type === 'virtio-blk-pci' ? await propertyOf(qmp, id, 'iothread') : '',
        queues: type === 'virtio-blk-pci' ? Number(properties['num-queues']) : 'none',
        type,
        at: placeSeen(device, inner),
        node: properties.drive ?? '',
      },
    ]);
  }
  return sortedRecord(drives);
}

function sectorOf({ logical_block_size, physical_block_size }: Device['properties']): string {
  return `${logical_block_size} of ${physical_block_size}`;
}

function errorOf(words: Readonly<Record<string, string>>, word = 'none'): string {
  return words[word] ?? word;
}

function placeSeen({ type, bus, properties }: Device, inner: Device): string {
  switch (type) {
    case 'scsi-hd':
    case 'scsi-cd':
      return `${bus}, channel ${properties.channel}, target ${properties['scsi-id']}, unit ${properties.lun}`;
    case 'ide-hd':
    case 'ide-cd':
      return `${bus}, unit ${properties.unit}`;
    case 'usb-storage':
      return inner.properties.lun === '0' ? `${bus}, port ${properties.port}` : 'a disk with a unit';
    case 'floppy':
      return `a floppy controller, unit ${properties.unit}`;
    default:
      return properties.addr?.endsWith('.0') === true ? 'a slot' : `${bus}, ${properties.addr}`;
  }
}

/** The SCSI controller serves all its disks alike. */
function controllersMeant(asked: Asked): unknown {
  const { disks, cdroms } = drivesOf(asked);
  if (![...disks, ...cdroms].some(({ bus }) => bus === 'scsi')) return {};
  const own = disks.flatMap(({ disk, bus }) => (bus === 'scsi' ? disk : []));
  return {
    scsi0: {
      iothread: own.some(({ iothread }) => iothread === true) ? '/objects/iothread-scsi0' : '',
      queues: own.find(({ queues }) => queues !== undefined)?.queues ?? asked.profile.hardware.cores,
    },
  };
}

async function controllersSeen({ qmp, devices }: Seen): Promise<unknown> {
  const controllers: [string, unknown][] = [];
  for (const { type, id, children } of devices) {
    if (type !== 'virtio-scsi-pci') continue;
    const iothread = await propertyOf(qmp, id, 'iothread');
    controllers.push([id, { iothread, queues: Number(children[0]?.properties.num_queues) }]);
  }
  return Object.fromEntries(controllers);
}

function devices(asked: Asked): Counts {
  const { disks, cdroms, floppies, seed } = drivesOf(asked);
  const family = familyOf(asked);
  const count = (bus: Bus, list: readonly { readonly bus: Bus }[]): number =>
    list.filter((each) => each.bus === bus).length;
  const has = (bus: Bus): number => Math.min(1, count(bus, disks) + count(bus, cdroms));
  const virtio = count('virtio', disks) + (seed === null ? 0 : 1);
  const ownsFloppies = family === 'q35' && floppies.length > 0;
  return [
    ['virtio-blk-pci', virtio],
    ['virtio-blk-device', virtio],
    ['nvme', count('nvme', disks)],
    ['virtio-scsi-pci', has('scsi')],
    ['virtio-scsi-device', has('scsi')],
    ['scsi-hd', count('scsi', disks) + count('usb', disks)],
    ['scsi-cd', count('scsi', cdroms) + count('usb', cdroms)],
    ['ich9-ahci', family === 'q35' ? 0 : has('sata')],
    ['ide-hd', count('sata', disks) + count('ide', disks)],
    ['ide-cd', count('sata', cdroms) + count('ide', cdroms)],
    ['qemu-xhci', has('usb')],
    ['usb-storage', count('usb', disks)],
    ['usb-bot', count('usb', cdroms)],
    ['isa-fdc', ownsFloppies ? 1 : 0],
    ['floppy', floppies.length],
  ];
}
