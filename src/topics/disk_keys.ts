/** The keys of a disk. */
import { count, flag, oneOf, optional, path, table, text, type ValueOf, word } from '../profile/key.ts';
import { nameKey } from './names.ts';
import type { DraftDisk } from './profile.ts';

export const DISK_FORMATS = ['qcow2', 'raw', 'vdi', 'vmdk', 'host-path'] as const;

export const DISK_BUSES = ['virtio', 'scsi', 'sata', 'ide', 'nvme', 'usb'] as const;
export type DiskBus = (typeof DISK_BUSES)[number];
export const CACHES = ['writeback', 'none', 'directsync', 'writethrough', 'unsafe'] as const;
export const PREALLOCATIONS = ['off', 'metadata', 'falloc', 'full'] as const;

/** A file that a disk is made on top of. */
const BASE = table(
  'The image that a disk is an overlay of; QEMU reads it and never writes it. It has no base of its own.',
  {
    path: path('The image file.', { required: true }),
    format: word(['qcow2', 'raw', 'vdi', 'vmdk'], 'Format of the image.', { required: true }),
  },
  { since: 2 },
);

const ENCRYPTION = table(
  'What opens an encrypted image (LUKS).',
  { key_file: path('The file whose bytes are the password, a closing line feed too.', { required: true }) },
  { since: 2 },
);

export const DISK = table('A disk image or a shared directory.', {
  name: nameKey('Unique among the disks; the mount tag of a share.', 'root'),
  path: path('The image file, or the directory that a `host-path` shares.', { required: true }),
  format: word(DISK_FORMATS, 'Format of the image; `host-path` shares a host directory over 9p.', {
    required: true,
    since2: ['block-device'],
  }),
  size_gb: count('Size in GiB to create a missing image with; not on `host-path`.', {
    minimum: 1,
    maximum: 65536,
  }),
  boot: flag('Boot from this disk; at most one, not on `host-path`.', { default: false }),
  readonly: flag('The guest cannot write to it.', { default: false }),
  bus: word(DISK_BUSES, 'What the disk is attached to; `ide` only on the machine `pc`.', {
    default: 'virtio',
    since: 2,
  }),
  serial: text('What the guest knows the disk by. Default: its name, when that has at most 20 characters.', {
    pattern: '^[A-Za-z0-9._-]{1,20}$',
    mistake: {
      code: 'invalid-serial',
      must: 'have 1 to 20 letters, digits, ".", "_" and "-"',
      suggestion: 'Write a serial number such as "disk-0001".',
      coversBlank: true,
    },
    examples: ['disk-0001'],
    since: 2,
  }),
  cache: word(CACHES, 'How the host caches it; `unsafe` loses data when the host fails.', {
    default: 'writeback',
    since: 2,
  }),
  aio: word(['threads', 'native', 'io_uring'], 'How QEMU reads and writes; the last two only on Linux.', {
    default: 'threads',
    since: 2,
  }),
  discard: word(['ignore', 'unmap'], 'Whether what the guest frees is freed on the host.', {
    default: 'ignore',
    since: 2,
  }),
  detect_zeroes: word(['off', 'on', 'unmap'], 'Whether zeroes that the guest writes are stored.', {
    default: 'off',
    since: 2,
  }),
  iothread: flag('A thread of its own; on `virtio`, and on `scsi` one for all of them.', {
    default: false,
    since: 2,
  }),
  queues: count('Request queues, at most one for each core; on `virtio`, and on `scsi` for all of them.', {
    minimum: 1,
    maximum: 256,
    since: 2,
  }),
  block_size: oneOf([512, 4096], 'Bytes of a sector; 4096 not on `sata` and `ide`.', {
    default: 512,
    since: 2,
  }),
  ssd: flag('Tell the guest that nothing turns; on `scsi`, `sata` and `ide`.', { default: false, since: 2 }),
  on_write_error: word(
    ['enospc', 'report', 'stop', 'ignore'],
    'What happens when writing fails: `enospc` stops the VM when the host is full and reports the rest. Not on `nvme`.',
    { default: 'enospc', since: 2 },
  ),
  on_read_error: word(['report', 'stop', 'ignore'], 'What happens when reading fails. Not on `nvme`.', {
    default: 'report',
    since: 2,
  }),
  base: optional(BASE),
  preallocation: word(PREALLOCATIONS, 'What is written when the image is created.', {
    default: 'off',
    since: 2,
  }),
  encryption: optional(ENCRYPTION),
});

export type Disk = ValueOf<typeof DISK>;

/** Whether a disk is an image: a share is a directory, and a format that was refused is neither. */
export function isImage({ format }: Pick<DraftDisk, 'format'>): boolean {
  return format !== undefined && format !== 'host-path';
}

export function isShare({ format }: Pick<DraftDisk, 'format'>): boolean {
  return format === 'host-path';
}
