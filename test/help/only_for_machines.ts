/** What is only for some machines, firmware and drives. */
import type { BUSES_WITH, IMAGE_KEYS } from '../../src/topics/disk_rules.ts';
import { disk } from './changes.ts';
import type { Change } from './documents.ts';
import { given, ON_LINUX } from './hosts.ts';
import { ARM, DARWIN, onSystems, POWER, RISCV, type Row } from './only_for.ts';

export const MACHINE: readonly Row[] = [
  {
    field: 'machine.acpi',
    change: { ...POWER, 'machine.acpi': false },
    not: 'arch',
    says: ['false', '"ppc64le"'],
    instead: 'Remove it: the device tree tells the guest what the machine has.',
  },
  {
    field: 'machine.hpet',
    change: { ...ARM, 'machine.hpet': false },
    not: 'arch',
    says: ['false', '"aarch64"'],
    instead: 'Remove it: no other machine has such a timer.',
  },
  {
    field: 'machine.virtualization',
    change: { 'machine.virtualization': true },
    not: 'arch',
    says: ['true', '"x86_64"'],
    instead: 'Remove it: on x86_64 a hardware.cpu such as "host" under kvm has it.',
  },
  {
    field: 'machine.virtualization',
    change: { 'hardware.arch': 'aarch64', 'machine.virtualization': true },
    not: 'accelerator',
    says: ['true', '"kvm"'],
    instead: 'Remove it, or write hardware.acceleration = "tcg".',
    on: given({ ...ON_LINUX.facts, arch: 'aarch64' }),
  },
  {
    field: 'hardware.cores',
    change: { 'machine.type': 'pc', 'hardware.cores': 256 },
    not: 'machine',
    says: ['256', '"pc"'],
    instead: 'Write at most 255, or machine.type = "q35".',
  },
  {
    field: 'hardware.topology.dies',
    change: { ...ARM, 'hardware.topology': { dies: 2 } },
    not: 'machine',
    says: ['2', '"virt of aarch64"'],
    instead: 'Write sockets or cores in place of it.',
  },
  {
    field: 'hardware.topology.clusters',
    change: { 'hardware.topology': { clusters: 2 } },
    not: 'machine',
    says: ['2', '"q35"'],
    instead: 'Write sockets or cores in place of it.',
  },
  {
    field: 'hardware.topology.threads',
    change: { ...POWER, 'hardware.topology': { threads: 2 } },
    not: 'accelerator',
    says: ['2', '"tcg"'],
    instead: 'Write cores in place of threads.',
  },
  ...(['max_mb', 'slots'] as const).map(
    (key): Row => ({
      field: `memory.${key}`,
      change: { ...RISCV, memory: { max_mb: 2048, slots: 2 } },
      not: 'arch',
      says: [key === 'slots' ? '2' : '2048', '"riscv64"'],
      instead: 'Remove it, and give the VM all its memory in hardware.memory_mb.',
    }),
  ),
  ...onSystems(
    'memory.shared',
    { 'memory.shared': true },
    'true',
    'Remove it: what shares the memory of a guest, as virtiofsd, is for linux too.',
  ),
  ...onSystems(
    'memory.hugepages_kb',
    { 'memory.hugepages_kb': 2048 },
    '2048',
    'Write memory.prealloc = true, which takes all memory at the start in small pages.',
  ),
  ...onSystems(
    'memory.lock',
    { 'memory.lock': true },
    'true',
    'Write memory.prealloc = true, which takes all memory at the start and does not lock it.',
  ),
  ...onSystems(
    'numa[0].host_node',
    { numa: [{ cpus: [0, 1], memory_mb: 1024, host_node: 0 }] },
    '0',
    'Remove it: the nodes of the guest can be there without those of the host.',
  ),
];

export const FIRMWARE: readonly Row[] = [
  {
    field: 'firmware.type',
    change: { ...POWER, 'firmware.type': 'uefi' },
    not: 'arch',
    says: ['"uefi"', '"ppc64le"'],
    instead: 'Remove it: QEMU brings the firmware of this machine.',
  },
  {
    field: 'firmware.type',
    change: { 'firmware.type': 'none' },
    not: 'arch',
    says: ['"none"', '"x86_64"'],
    instead: 'Remove it: other machines need what QEMU brings, also for a kernel.',
  },
  ...(['code', 'code_format', 'vars', 'vars_format'] as const).map(
    (key): Row => ({
      field: `firmware.${key}`,
      change: { firmware: { code: 'a.fd', code_format: 'qcow2', vars: 'v.fd', vars_format: 'qcow2' } },
      not: 'type',
      says: [
        `"${{ code: 'a.fd', vars: 'v.fd', code_format: 'qcow2', vars_format: 'qcow2' }[key]}"`,
        '"default"',
      ],
      instead: 'Remove it, or write firmware.type = "uefi".',
    }),
  ),
  {
    field: 'firmware.bios',
    change: { firmware: { type: 'uefi', bios: 'b.fd' } },
    not: 'type',
    says: ['"b.fd"', '"uefi"'],
    instead: 'Remove it, or write firmware.type = "default".',
  },
  {
    field: 'firmware.secure_boot',
    change: { ...RISCV, firmware: { type: 'uefi', secure_boot: true } },
    not: 'arch',
    says: ['true', '"riscv64"'],
    instead: 'Remove it: no firmware of other machines has Secure Boot.',
  },
  {
    field: 'firmware.secure_boot',
    change: { 'machine.type': 'pc', firmware: { type: 'uefi', secure_boot: true } },
    not: 'machine',
    says: ['true', '"pc"'],
    instead: 'Write machine.type = "q35", or remove it.',
  },
  {
    field: 'firmware.secure_boot',
    change: { firmware: { type: 'uefi', secure_boot: true } },
    not: 'accelerator',
    says: ['true', '"hvf"'],
    instead: 'Write hardware.acceleration = "tcg", or remove it.',
    on: DARWIN,
  },
  {
    field: 'firmware.secure_boot',
    change: { 'firmware.secure_boot': true },
    not: 'type',
    says: ['true', '"default"'],
    instead: 'Write firmware.type = "uefi", or remove it.',
  },
];

export const OF_BUS = {
  readonly: [true, 'sata', 'virtio'],
  iothread: [true, 'nvme', 'virtio'],
  queues: [1, 'usb', 'virtio'],
  block_size: [4096, 'sata', 'virtio'],
  ssd: [true, 'virtio', 'scsi'],
  on_write_error: ['stop', 'nvme', 'virtio'],
  on_read_error: ['stop', 'nvme', 'virtio'],
} as const satisfies Record<keyof typeof BUSES_WITH, readonly unknown[]>;

/** Other values than those that say nothing. */
export const OF_IMAGE = {
  bus: '"scsi"',
  serial: '"s"',
  cache: '"none"',
  aio: '"native"',
  discard: '"unmap"',
  detect_zeroes: '"on"',
  base: 'there',
  preallocation: '"full"',
  encryption: 'there',
  iothread: 'true',
  queues: '1',
  block_size: '4096',
  ssd: 'true',
  on_write_error: '"stop"',
  on_read_error: '"stop"',
} as const satisfies Record<Exclude<keyof typeof IMAGE_KEYS, 'readonly'>, string>;

const TABLES: Readonly<Record<string, object>> = {
  base: { path: 'b', format: 'raw' },
  encryption: { key_file: 'k' },
};

function oneDisk(more: object): Change {
  return { 'storage.disks': [disk('root', more)] };
}

export const DRIVES: readonly Row[] = [
  ...Object.entries(OF_BUS).map(
    ([key, [value, bus, fitting]]): Row => ({
      field: `storage.disks[0].${key}`,
      change: oneDisk({ bus, [key]: value }),
      not: 'bus',
      says: [JSON.stringify(value), `"${bus}"`],
      instead: `Remove it, or write bus = "${fitting}".`,
    }),
  ),
  ...Object.entries(OF_IMAGE).map(
    ([key, value]): Row => ({
      field: `storage.disks[0].${key}`,
      change: oneDisk({ format: 'host-path', [key]: TABLES[key] ?? JSON.parse(value) }),
      not: 'type',
      says: [value, '"host-path"'],
      instead: 'Remove it, or write the format of an image: a share is a directory.',
    }),
  ),
  ...(
    [
      ['base', 'raw', TABLES.base, 'there', 'Use an overlay of the format "qcow2".'],
      ['encryption', 'vdi', TABLES.encryption, 'there', 'Use an image of the format "qcow2".'],
      ['preallocation', 'raw', 'metadata', '"metadata"', 'Write "falloc".'],
      ['preallocation', 'block-device', 'full', '"full"', 'Remove it: a device has the size it has.'],
      ['size_gb', 'block-device', 8, '8', 'Remove it: a device has the size it has.'],
    ] as const
  ).map(
    ([key, format, value, shown, instead]): Row => ({
      field: `storage.disks[0].${key}`,
      change: oneDisk({ format, path: '/dev/vg/lv', [key]: value }),
      not: 'type',
      says: [shown, `"${format}"`],
      instead,
    }),
  ),
  {
    field: 'storage.disks[0].base.format',
    change: oneDisk({ format: 'vmdk', base: TABLES.base }),
    not: 'type',
    says: ['"raw"', '"vmdk"'],
    instead: 'Use a base of the format "vmdk", or an overlay of the format "qcow2".',
  },
  {
    field: 'storage.disks[0].bus',
    change: oneDisk({ bus: 'ide' }),
    not: 'machine',
    says: ['"ide"', '"q35"'],
    instead: 'Write "sata", or machine.type = "pc".',
  },
  {
    field: 'storage.disks[0].bus',
    change: { ...ARM, ...oneDisk({ bus: 'ide' }) },
    not: 'machine',
    says: ['"ide"', '"virt"'],
    instead: 'Write "virtio" or "scsi".',
  },
  ...onSystems('storage.disks[0].aio', oneDisk({ aio: 'io_uring' }), '"io_uring"', 'Write "threads".'),
  ...onSystems(
    'storage.disks[0].format',
    oneDisk({ format: 'block-device', path: '/dev/vg/lv' }),
    '"block-device"',
    'Use an image, such as one of the format "raw".',
  ),
  {
    field: 'storage.cdroms[0].bus',
    change: { 'storage.cdroms': [{ name: 'cd', bus: 'ide' }] },
    not: 'machine',
    says: ['"ide"', '"q35"'],
    instead: 'Remove it to get what installers have a driver for.',
  },
  {
    field: 'storage.floppies',
    change: { ...ARM, 'storage.floppies': [{ name: 'a', path: 'a.img' }] },
    not: 'arch',
    says: ['there', '"aarch64"'],
    instead: 'Use a CD-ROM drive or a disk.',
  },
];
