/** Buses and slots that are full, and one more. */
import type { ProfileDocument } from '../../../src/topics/profile.ts';
import type { Architecture } from '../settings.ts';
import { type Disk, small2, times } from '../small_profile.ts';
import { DEVICE, disk, joined, type Storage, type Values, withDisks, withStorage } from './drive_profiles.ts';
import type { RefusedCase } from './refused_case.ts';

export function refusedDrivePlaces(): RefusedCase[] {
  const many = (count: number, bus: NonNullable<Disk['bus']>): Disk[] =>
    times(count, (index) => disk({ bus }, `d${index}`));
  const one = (driver: string, more: Values) => [
    '-blockdev',
    '{"driver":"null-co","node-name":"more"}',
    '-device',
    JSON.stringify({ driver, drive: 'more', id: 'more', ...more }),
  ];
  const full = (
    bus: NonNullable<Disk['bus']>,
    count: number,
    type: string,
    ...elements: string[]
  ): RefusedCase => ({
    rule: 'bus-full',
    name: `${count + 1} disks on ${bus}`,
    near: small2('x86_64', { machine: { type }, storage: { disks: many(count, bus) } }),
    bad: small2('x86_64', { machine: { type }, storage: { disks: many(count + 1, bus) } }),
    edit: (argv) => [...argv, ...elements],
    expect: { refuses: /Bus '[^']*' not found|usb port 9 .* not found/ },
  });
  const slots = (
    name: string,
    near: ProfileDocument,
    bad: ProfileDocument,
    ...elements: string[]
  ): RefusedCase => ({
    rule: 'too-many-devices',
    name,
    near,
    bad,
    edit: (argv) => [...argv, ...elements],
    expect: { refuses: /no slot\/function available/ },
  });
  const of = (
    arch: Architecture,
    type: string | undefined,
    disks: Disk[],
    more: Storage = {},
  ): ProfileDocument => small2(arch, { ...(type && { machine: { type } }), storage: { disks, ...more } });
  const floppies = (count: number) => times(count, (index) => ({ name: `f${index}`, path: `i/f${index}` }));
  const seed = { seed: { path: 'i/seed' } };
  return [
    full('sata', 6, 'q35', ...one('ide-hd', { bus: 'ide.6' })),
    full('sata', 6, 'pc', ...one('ide-hd', { bus: 'sata0.6' })),
    full('ide', 4, 'pc', ...one('ide-hd', { bus: 'ide.2' })),
    full('usb', 8, 'q35', ...one('usb-storage', { bus: 'usb.0', port: '9' })),
    {
      rule: 'bus-full',
      name: 'three floppies',
      near: withStorage({ floppies: floppies(2) }),
      bad: withStorage({ floppies: floppies(3) }),
      edit: (argv) => [...argv, ...one('floppy', { unit: 2 })],
      expect: { refuses: /unit/ },
    },
    slots(
      '31 nvme disks on q35',
      of('x86_64', 'q35', many(30, 'nvme')),
      of('x86_64', 'q35', many(31, 'nvme')),
      ...one('nvme', { serial: 'x' }),
    ),
    slots(
      '31 disks on pc',
      of('x86_64', 'pc', many(30, 'virtio')),
      of('x86_64', 'pc', many(31, 'virtio')),
      ...one('virtio-blk-pci', {}),
    ),
    slots(
      'a SATA controller too many on pc',
      of('x86_64', 'pc', many(30, 'virtio')),
      of('x86_64', 'pc', [...many(30, 'virtio'), disk({ bus: 'sata' })]),
      '-device',
      'ich9-ahci',
    ),
    slots(
      'a SCSI controller too many on aarch64',
      of('aarch64', 'virt', many(31, 'virtio')),
      of('aarch64', 'virt', many(31, 'virtio'), { cdroms: [{ name: 'c' }] }),
      '-device',
      'virtio-scsi-pci',
    ),
    slots(
      'a seed too many on riscv64',
      of('riscv64', undefined, many(31, 'nvme')),
      of('riscv64', undefined, many(31, 'nvme'), seed),
      ...one('virtio-blk-pci', {}),
    ),
    slots(
      'a USB controller too many on ppc64le',
      of('ppc64le', undefined, many(32, 'virtio')),
      of('ppc64le', undefined, [...many(32, 'virtio'), disk({ bus: 'usb' })]),
      '-device',
      'qemu-xhci',
    ),
    {
      rule: 'not-for-machine',
      name: 'an IDE disk on q35',
      near: withDisks(disk({ bus: 'sata' })),
      bad: withDisks(disk({ bus: 'ide' })),
      edit: (argv) => joined(argv, DEVICE, { unit: 1 }),
      expect: { refuses: /supports only 1 unit/ },
    },
    {
      rule: 'not-for-arch',
      name: 'a floppy on aarch64',
      near: withStorage({}, 'aarch64'),
      bad: withStorage({ floppies: floppies(1) }, 'aarch64'),
      edit: (argv) => [...argv, ...one('floppy', { unit: 0 })],
      expect: { refuses: /No 'floppy-bus' bus found|not a valid device model/ },
    },
  ];
}
