/** What the keys of a disk ask of each other and of its bus. */
import type { HostSystem } from '../facts/host_facts.ts';
import { fieldOf } from '../profile/path.ts';
import { show } from '../profile/show.ts';
import { type DiskBus, isImage } from './disk_keys.ts';
import { type Machine, machineOf } from './machine.ts';
import { type Condition, checkOnlyFor } from './only_for.ts';
import type { Draft, DraftDisk, Issues } from './profile.ts';
import { SEED_SERIAL, serialOf } from './serial_number.ts';

const ALL: readonly DiskBus[] = ['virtio', 'scsi', 'sata', 'ide', 'nvme', 'usb'];
const WITHOUT_NVME = ALL.filter((bus) => bus !== 'nvme');

/** What some buses have and others have not, as tried on QEMU 7.2 and 10.0. */
export const BUSES_WITH = {
  readonly: ['virtio', 'scsi', 'nvme', 'usb'],
  iothread: ['virtio', 'scsi'],
  queues: ['virtio', 'scsi'],
  block_size: ['virtio', 'scsi', 'nvme', 'usb'],
  ssd: ['scsi', 'sata', 'ide'],
  on_write_error: WITHOUT_NVME,
  on_read_error: WITHOUT_NVME,
} as const satisfies Partial<Record<keyof DraftDisk, readonly DiskBus[]>>;

/** The values that say nothing to a bus. */
const SILENT: Readonly<Record<keyof typeof BUSES_WITH, unknown>> = {
  readonly: false,
  iothread: false,
  queues: undefined,
  block_size: 512,
  ssd: false,
  on_write_error: 'enospc',
  on_read_error: 'report',
};

/** Keys that a share does not have. */
export const IMAGE_KEYS = {
  bus: 'virtio',
  serial: undefined,
  cache: 'writeback',
  aio: 'threads',
  discard: 'ignore',
  detect_zeroes: 'off',
  base: undefined,
  preallocation: 'off',
  encryption: undefined,
  ...SILENT,
} as const;

const SIZE_OF_DEVICE = 'Remove it: a device has the size it has.';

const IMAGE_FORMATS = ['qcow2', 'raw', 'vdi', 'vmdk', 'block-device'];

export function checkDiskKeys(draft: Draft, issues: Issues): void {
  // Version 1 has none of these keys.
  if (draft.schema_version === 1) return;
  const machine = machineOf(draft);
  const disks = draft.storage.disks ?? [];
  for (const [index, disk] of disks.entries()) {
    if (disk.format === 'host-path') shareRules(index, disk, issues);
    if (!isImage(disk)) continue;
    busRules(index, disk, machine, issues);
    formatRules(index, disk, issues);
    cacheRules(index, disk, issues);
    queueRules(index, disk, { disks, cores: draft.hardware.cores }, issues);
  }
  threadRule(disks, issues);
  serialRules(draft, issues);
}

function shareRules(index: number, disk: DraftDisk, issues: Issues): void {
  for (const [key, silent] of Object.entries(IMAGE_KEYS)) {
    const value = disk[key as keyof typeof IMAGE_KEYS];
    // Whether a share is read-only is its own matter.
    if (key === 'readonly' || value === undefined || value === silent) continue;
    checkOnlyFor(
      ['storage', 'disks', index, key as keyof typeof IMAGE_KEYS],
      valueText(value),
      [
        {
          on: 'type',
          is: disk.format,
          allowed: IMAGE_FORMATS,
          called: 'the format',
          instead: 'Remove it, or write the format of an image: a share is a directory.',
        },
      ],
      issues,
    );
  }
}

function valueText(value: unknown): string {
  if (typeof value === 'string') return show(value);
  return typeof value === 'object' ? 'there' : String(value);
}

function busRules(index: number, disk: DraftDisk, machine: Machine | null, issues: Issues): void {
  const { bus } = disk;
  if (bus === 'ide')
    checkOnlyFor(
      ['storage', 'disks', index, 'bus'],
      '"ide"',
      [{ on: 'machine', is: machine?.family, allowed: ['pc'], instead: insteadOfIde(machine) }],
      issues,
    );
  for (const [key, allowed] of Object.entries(BUSES_WITH) as [keyof typeof BUSES_WITH, readonly string[]][]) {
    const value = disk[key];
    if (value === undefined || value === SILENT[key]) continue;
    checkOnlyFor(
      ['storage', 'disks', index, key],
      valueText(value),
      [{ on: 'bus', is: bus, allowed, instead: `Remove it, or write bus = ${show(allowed[0] as string)}.` }],
      issues,
    );
  }
}

/** What every guest of old times has a driver for, where there is a machine with it. */
function insteadOfIde(machine: Machine | null): string {
  return machine?.arch === 'x86_64' ? 'Write "sata", or machine.type = "pc".' : 'Write "virtio" or "scsi".';
}

function formatRules(index: number, disk: DraftDisk, issues: Issues): void {
  const { format, base, encryption, preallocation, size_gb } = disk;
  const onlyForFormat = (
    key: 'base' | 'encryption' | 'preallocation' | 'size_gb',
    value: string,
    allowed: readonly string[],
    instead: string,
  ): boolean =>
    checkOnlyFor(
      ['storage', 'disks', index, key],
      value,
      [{ on: 'type', is: format, allowed, called: 'the format', instead }] satisfies Condition[],
      issues,
    );
  if (base !== undefined)
    onlyForFormat('base', 'there', ['qcow2', 'vmdk'], 'Use an overlay of the format "qcow2".');
  // QEMU starts with another base under it, and every read of what the overlay lacks fails.
  if (format === 'vmdk' && base?.format !== undefined && base.format !== 'vmdk')
    checkOnlyFor(
      ['storage', 'disks', index, 'base', 'format'],
      show(base.format),
      [
        {
          on: 'type',
          is: format,
          allowed: ['qcow2'],
          called: 'the format',
          instead: 'Use a base of the format "vmdk", or an overlay of the format "qcow2".',
        },
      ],
      issues,
    );
  if (encryption !== undefined)
    onlyForFormat('encryption', 'there', ['qcow2', 'raw'], 'Use an image of the format "qcow2".');
  if (preallocation === 'metadata')
    onlyForFormat('preallocation', '"metadata"', ['qcow2'], 'Write "falloc".');
  else if (preallocation !== undefined && preallocation !== 'off')
    onlyForFormat('preallocation', show(preallocation), ['qcow2', 'raw', 'vdi', 'vmdk'], SIZE_OF_DEVICE);
  if (base !== undefined && preallocation !== undefined && preallocation !== 'off')
    issues.error(
      ['storage', 'disks', index, 'preallocation'],
      'preallocation-with-base',
      (field) => `${field} is ${show(preallocation)}, and the disk has a base; an overlay starts empty.`,
    );
  if (format === 'block-device' && size_gb !== undefined)
    onlyForFormat('size_gb', String(size_gb), ['qcow2', 'raw', 'vdi', 'vmdk'], SIZE_OF_DEVICE);
  if (format === 'block-device' && disk.readonly === false)
    issues.warning(
      ['storage', 'disks', index, 'path'],
      'block-device-writable',
      (field) => `${field} is a block device of the host, and the guest may write to it.`,
    );
}

function cacheRules(index: number, disk: DraftDisk, { error, warning }: Issues): void {
  const { bus, cache, aio, discard, detect_zeroes, block_size } = disk;
  const at = ['storage', 'disks', index] as const;
  if (cache === 'unsafe') {
    warning(
      [...at, 'cache'],
      'cache-unsafe',
      (field) => `${field} is "unsafe"; what the guest has written is lost when the host fails.`,
    );
  }
  if (block_size === 4096 && bus === 'usb') {
    warning(
      [...at, 'block_size'],
      'block-size-ignored-on-usb',
      (field) =>
        `${field} is 4096, and a QEMU before 10.0 gives a USB disk sectors of 512 bytes all the same.`,
    );
  }
  if ((cache === 'writethrough' || cache === 'directsync') && bus === 'usb') {
    warning(
      [...at, 'cache'],
      'cache-ignored-on-usb',
      (field) =>
        `${field} is ${show(cache)}, and a QEMU before 10.0 tells the guest of a USB disk something else.`,
    );
  }
  if (aio === 'native' && cache !== undefined && cache !== 'none' && cache !== 'directsync') {
    error(
      [...at, 'aio'],
      'aio-native-needs-direct',
      (field) =>
        `${field} is "native", which needs the cache "none" or "directsync", and it is ${show(cache)}.`,
    );
  }
  if (detect_zeroes === 'unmap' && discard === 'ignore') {
    error(
      [...at, 'detect_zeroes'],
      'detect-zeroes-needs-discard',
      (field) => `${field} is "unmap", and discard is "ignore"; nothing would be freed.`,
    );
  }
}

interface QueueContext {
  readonly disks: readonly DraftDisk[];
  /** Virtual CPUs. */
  readonly cores: number | undefined;
}

function queueRules(
  index: number,
  { queues, bus }: DraftDisk,
  { disks, cores }: QueueContext,
  { error }: Issues,
): void {
  if (queues === undefined) return;
  const at = ['storage', 'disks', index, 'queues'] as const;
  if (cores !== undefined && queues > cores) {
    error(
      at,
      'queues-over-cores',
      (field) => `${field} is ${queues}, and the VM has ${cores} virtual CPUs.`,
      `Write at most ${cores}.`,
    );
  }
  if (bus !== 'scsi') return;
  const first = disks.findIndex((disk) => disk.bus === 'scsi' && disk.queues !== undefined);
  const other = disks[first]?.queues;
  if (other === queues) return;
  error(
    at,
    'queues-differ',
    (field) =>
      `${field} is ${queues}, and that of ${fieldOf(['storage', 'disks', first])} is ${other}; both are on one SCSI controller.`,
  );
}

/** The thread of a disk is called after it, and that of the SCSI controller after that. */
function threadRule(disks: readonly DraftDisk[], { error }: Issues): void {
  const threads = [...disks.entries()].filter(([, { iothread }]) => iothread === true);
  const own = threads.find(([, { name, bus }]) => name === 'scsi0' && bus !== 'scsi');
  const ofController = threads.find(([, { bus }]) => bus === 'scsi');
  if (own === undefined || ofController === undefined) return;
  error(
    ['storage', 'disks', own[0], 'name'],
    'duplicate-name',
    (field) =>
      `${field} is "scsi0", and its thread would be called as that of the SCSI controller, which ${fieldOf(['storage', 'disks', ofController[0]])} asks for.`,
  );
}

/** Guests name disks by their serial numbers; a disk that has none of its own has its name as one. */
function serialRules({ storage: { disks = [], seed } }: Draft, { warning }: Issues): void {
  const first = new Map<string, { readonly field: string; readonly name: string | undefined }>();
  if (seed !== undefined) first.set(SEED_SERIAL, { field: fieldOf(['storage', 'seed']), name: undefined });
  for (const [index, disk] of disks.entries()) {
    const serial = isImage(disk) ? serialOf(disk) : undefined;
    if (serial === undefined) continue;
    const earlier = first.get(serial);
    if (earlier === undefined)
      first.set(serial, { field: fieldOf(['storage', 'disks', index]), name: disk.name });
    // Of a name that is there twice enough is said.
    else if (disk.serial !== undefined || earlier.name !== disk.name)
      warning(
        ['storage', 'disks', index, disk.serial === undefined ? 'name' : 'serial'],
        'serial-duplicate',
        (field) =>
          `${field} is ${show(serial)}, and that is the serial number of ${earlier.field} too; the guest cannot tell them apart by it.`,
      );
  }
}

/** What only the QEMU of some systems has. */
export function checkDisksOnHost({ storage: { disks = [] } }: Draft, os: HostSystem, issues: Issues): void {
  const linux = { on: 'os', is: os, allowed: ['linux'] } as const;
  for (const [index, { aio, format }] of disks.entries()) {
    if (aio !== undefined && aio !== 'threads')
      checkOnlyFor(
        ['storage', 'disks', index, 'aio'],
        show(aio),
        [{ ...linux, instead: 'Write "threads".' }],
        issues,
      );
    if (format === 'block-device')
      checkOnlyFor(
        ['storage', 'disks', index, 'format'],
        show(format),
        [{ ...linux, instead: 'Use an image, such as one of the format "raw".' }],
        issues,
      );
  }
}
