/** Faults in disks, drives, shares and the boot order of version 2: one profile, and one edit of its argv for each. */
import { join } from 'node:path';
import { replaced } from '../refused/refused_case.ts';
import { small2 } from '../small_profile.ts';
import type { Canary } from './canaries.ts';

const PROFILE = small2('x86_64', {
  hardware: { cores: 4 },
  storage: {
    disks: [
      { name: 'a', path: 'i/a.img', format: 'qcow2', iothread: true, queues: 2, discard: 'unmap' },
      { name: 'b', path: 'i/b.img', format: 'raw', cache: 'none', aio: 'native', detect_zeroes: 'on' },
      { name: 'c', path: 'i/c.img', format: 'qcow2', base: { path: 'i/base.img', format: 'raw' } },
      { name: 'd', path: 'i/d.img', format: 'raw', encryption: { key_file: 'k/d' }, cache: 'unsafe' },
      { name: 'e', path: 'i/e.img', format: 'raw', bus: 'scsi', readonly: true, block_size: 4096 },
      { name: 'f', path: 'i/f.img', format: 'raw', bus: 'scsi', iothread: true, queues: 3, serial: 'F-1' },
      { name: 'g', path: 'i/g.img', format: 'raw', bus: 'sata', ssd: true },
      { name: 'h', path: 'i/h.img', format: 'raw', bus: 'nvme', cache: 'writethrough' },
      {
        name: 'i',
        path: 'i/i.img',
        format: 'raw',
        bus: 'usb',
        on_read_error: 'stop',
        on_write_error: 'ignore',
      },
    ],
    cdroms: [{ name: 'o', path: 'i/o.iso' }, { name: 'p' }],
    floppies: [
      { name: 'q', path: 'i/q.img' },
      { name: 'r', path: 'i/r.img' },
    ],
    seed: { path: 'i/seed.iso' },
  },
  shares: [{ name: 's', path: 's' }],
  network: { interfaces: [{ name: 'n', type: 'user' }] },
  boot: { order: ['o', 'a', 'q', 'n'], menu: true },
});

export function driveCanaries(): Canary[] {
  const canary = (
    name: string,
    field: string,
    from: string,
    to: string,
    spoil?: Canary['spoil'],
  ): Canary => ({
    name,
    profile: PROFILE,
    field,
    edit: (argv) => replaced(argv, from, to),
    ...(spoil && { spoil }),
  });
  const more = (name: string, field: string, ...elements: string[]): Canary => ({
    name,
    profile: PROFILE,
    field,
    edit: (argv) => [...argv, ...elements],
  });
  return [
    canary('a header that is followed', 'block nodes', '{"backing":null,', '{', ({ root, images }) => {
      const base = join(root, 'i/another.img');
      images.make('raw', base);
      images.make('qcow2', join(root, 'i/a.img'), { under: { file: base, format: 'raw' } });
    }),
    canary('another base', 'block nodes', '/i/base.img', '/i/e.img'),
    {
      name: 'an overlay without its base',
      profile: PROFILE,
      field: 'block nodes',
      edit: (argv) => withNode(argv, 'c', (node) => ({ ...node, backing: null })),
    },
    canary(
      'a disk that the guest may write',
      'block nodes',
      ',"node-name":"e","read-only":true',
      ',"node-name":"e"',
    ),
    {
      name: 'a CD-ROM that is opened for writing',
      profile: PROFILE,
      field: 'open files',
      edit: (argv) =>
        withNode(argv, 'o', ({ file, ...node }) => ({
          ...node,
          file: { ...(file as object), 'read-only': false },
          'read-only': false,
        })),
    },
    {
      name: 'an encrypted disk as it is on the host',
      profile: PROFILE,
      field: 'block nodes',
      edit: (argv) => withNode(argv, 'd', ({ 'key-secret': _, ...node }) => ({ ...node, driver: 'raw' })),
    },
    canary('a cache', 'block nodes', '"no-flush":true', '"no-flush":false'),
    canary('zeroes that are stored', 'block nodes', '"detect-zeroes":"on",', ''),
    canary('threads', 'aio', '"aio":"native",', ''),
    canary(
      'nothing freed on the host',
      'discard',
      '"discard":"unmap","driver":"file"',
      '"discard":"ignore","driver":"file"',
    ),
    canary('another serial number', 'drives', '"serial":"F-1"', '"serial":"F-2"'),
    canary('a disk that turns', 'drives', '"rotation_rate":1,', ''),
    canary('sectors of 512 bytes', 'drives', '"logical_block_size":4096', '"logical_block_size":512'),
    canary('a write cache', 'drives', '"serial":"h","write-cache":"off"', '"serial":"h"'),
    canary('write errors that stop the guest', 'drives', '"werror":"ignore"', '"werror":"stop"'),
    canary('read errors that are reported', 'drives', '"rerror":"stop",', ''),
    canary('no thread of its own', 'drives', '"iothread":"iothread-a",', ''),
    canary('more queues', 'drives', '"num-queues":2', '"num-queues":3'),
    canary('another unit', 'drives', '"lun":1', '"lun":2'),
    canary('another target', 'drives', '"lun":1,"scsi-id":0', '"lun":1,"scsi-id":1'),
    canary('another port of the SATA controller', 'drives', '"bus":"ide.0"', '"bus":"ide.5"'),
    canary('another port of the USB controller', 'drives', '"port":"1"', '"port":"2"'),
    canary('a seed that is called something else', 'drives', '"serial":"cidata"', '"serial":"seed"'),
    canary('two floppies in one drive', 'start', '"unit":1', '"unit":0'),
    canary('no thread of the SCSI controller', 'controllers', '"iothread":"iothread-scsi0",', ''),
    canary('fewer queues of the SCSI controller', 'controllers', '"num_queues":3', '"num_queues":2'),
    more('a thread more', 'objects', '-object', 'iothread,id=more'),
    more('a block node more', 'block nodes', '-blockdev', '{"driver":"null-co","node-name":"more"}'),
    canary('another disk first', 'boot order', '"bootindex":2,', ''),
    canary('a CD-ROM drive last', 'boot order', '"bootindex":1,', '"bootindex":9,'),
    canary('a floppy drive that is not tried', 'boot order', '"bootindexA":3,', ''),
    canary('a card that is not tried', 'boot order', ',bootindex=4', ''),
    canary('no menu', 'boot menu', 'menu=on', 'menu=off'),
    canary('a disk in another slot', 'PCI slots', '"driver":"nvme"', '"addr":"1d","driver":"nvme"'),
    more('a device before the disks', 'PCI slots', '-device', 'virtio-rng-pci'),
    canary('another tag in version 2', 'shares', 'mount_tag=s', 'mount_tag=t'),
  ];
}

/** `argv` with another node of a name. */
function withNode(argv: readonly string[], name: string, change: (node: Node) => Node): string[] {
  return argv.map((element) => {
    const node = element.startsWith('{') ? (JSON.parse(element) as Node) : {};
    return node['node-name'] === name ? JSON.stringify(change(node)) : element;
  });
}

type Node = Readonly<Record<string, unknown>>;
