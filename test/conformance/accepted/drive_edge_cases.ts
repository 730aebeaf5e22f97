/** The edges of version 2: every bus of every machine full, and odd file names in every place that can name a file. */
import type { ProfileDocument } from '../../../src/topics/profile.ts';
import type { Architecture } from '../settings.ts';
import { card, type Disk, small2, times } from '../small_profile.ts';
import type { Named } from './edge_cases.ts';

type Storage = NonNullable<ProfileDocument['storage']>;

const MACHINES: readonly (readonly [Architecture, string])[] = [
  ['x86_64', 'q35'],
  ['x86_64', 'pc'],
  ['aarch64', 'virt'],
  ['riscv64', 'virt'],
  ['ppc64le', 'pseries'],
];

export function driveEdgeCases(): Named[] {
  return MACHINES.flatMap(([arch, type]) => [
    [`${type}, every bus full`, full(arch, type)] as const,
    [`${type}, defaults written out`, writtenOut(arch, type)] as const,
  ]);
}

function many(bus: NonNullable<Disk['bus']>, count: number, more: Partial<Disk> = {}): Disk[] {
  return times(count, (index) => ({
    name: `${bus}${index}`,
    path: `i/${bus}${index}.img`,
    format: 'raw',
    bus,
    ...more,
  }));
}

function full(arch: Architecture, type: string): ProfileDocument {
  const isPc = type === 'pc';
  const floppies = times(2, (index) => ({ name: `f${index}`, path: `i/f${index}`, readonly: index === 1 }));
  return small2(arch, {
    machine: { type },
    hardware: { cores: 4 },
    storage: {
      disks: [
        ...many('usb', 5),
        ...many('virtio', 4, { format: 'qcow2', iothread: true, queues: 4 }),
        ...many('scsi', 200, { iothread: true, queues: 2 }).map((disk) => ({
          ...disk,
          path: 'i/one',
          readonly: true,
        })),
        ...many('nvme', 4, { readonly: true }),
        ...many('sata', 4, { ssd: true }),
        ...(isPc ? many('ide', 3) : []),
      ],
      cdroms: [
        ...times(3, (index) => ({ name: `u${index}`, path: 'i/one.iso', bus: 'usb' as const })),
        ...times(2, (index) => ({ name: `t${index}`, bus: 'sata' as const })),
        ...times(6, (index) => ({ name: `c${index}`, bus: 'scsi' as const })),
        ...(isPc ? [{ name: 'd' }] : []),
      ],
      ...(arch === 'x86_64' && { floppies }),
      seed: { path: 'i/seed.iso' },
    },
    shares: times(3, (index) => ({ name: `share${index}`, path: 's' })),
    network: { interfaces: times(3, (index) => card(index)) },
  });
}

/** What is the default when it is left out. */
function writtenOut(arch: Architecture, type: string): ProfileDocument {
  const disk: Disk = {
    name: 'a',
    path: 'i/a',
    format: 'qcow2',
    bus: 'virtio',
    serial: 'a',
    cache: 'writeback',
    aio: 'threads',
    discard: 'ignore',
    detect_zeroes: 'off',
    iothread: false,
    block_size: 512,
    ssd: false,
    on_write_error: 'enospc',
    on_read_error: 'report',
    preallocation: 'off',
  };
  return small2(arch, {
    machine: { type, virtualization: false, acpi: true, hpet: true },
    boot: { order: [], menu: false },
    storage: { disks: [disk], cdroms: [], floppies: [] },
    shares: [],
  });
}

/** One name in every place that version 2 brought. */
export function everywhereInVersion2(name: string, arch: Architecture): ProfileDocument {
  const storage: Storage = {
    disks: [
      { name: 'a', path: `i/${name}`, format: 'qcow2', base: { path: `base/${name}`, format: 'raw' } },
      { name: 'b', path: `j/${name}`, format: 'raw', encryption: { key_file: `k/${name}` }, bus: 'scsi' },
    ],
    cdroms: [{ name: 'c', path: `c/${name}` }],
    ...(arch === 'x86_64' && { floppies: [{ name: 'f', path: `f/${name}` }] }),
    seed: { path: `e/${name}` },
  };
  return small2(arch, {
    storage,
    shares: [{ name: 's', path: `s/${name}`, security_model: 'mapped-xattr' }],
  });
}
