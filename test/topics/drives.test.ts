/** Drives of version 2: what each bus takes, what has room, what boots. */
import t from 'tap';
import { argvOf } from '../help/argv.ts';
import { disk } from '../help/changes.ts';
import { ABSENT, type Change } from '../help/documents.ts';
import { FREEBSD, given } from '../help/hosts.ts';
import { checkRows } from '../help/rows.ts';

const V2: Change = { schema_version: 2 };
const many = (count: number, one: object): object[] =>
  Array.from({ length: count }, (_, index) => disk(`d${index}`, one));
const PC = { 'machine.type': 'pc' };
const ARM = { 'hardware.arch': 'aarch64', 'hardware.acceleration': 'tcg' };
const POWER = { 'hardware.arch': 'ppc64le', 'hardware.acceleration': 'tcg' };
const DARK = 'warning disk-boot-needs-firmware hardware.arch';

t.test('what a bus takes', (t) => {
  const at = 'storage.disks[0]';
  const of = (one: object): Change => ({ ...V2, 'storage.disks': [disk('root', one)] });
  checkRows(t, [
    ['virtio has most', of({ iothread: true, queues: 2, block_size: 512, on_write_error: 'stop' })],
    ['ssd on virtio', of({ ssd: true }), `error not-for-bus ${at}.ssd`],
    ['iothread on nvme', of({ bus: 'nvme', iothread: true }), `error not-for-bus ${at}.iothread`],
    ['queues on sata', of({ bus: 'sata', queues: 1 }), `error not-for-bus ${at}.queues`],
    ['read-only on sata', of({ bus: 'sata', readonly: true }), `error not-for-bus ${at}.readonly`],
    ['large sectors on sata', of({ bus: 'sata', block_size: 4096 }), `error not-for-bus ${at}.block_size`],
    ['errors on nvme', of({ bus: 'nvme', on_read_error: 'stop' }), `error not-for-bus ${at}.on_read_error`],
    ['ide on q35', of({ bus: 'ide' }), `error not-for-machine ${at}.bus`],
    ['ide on pc', { ...of({ bus: 'ide', ssd: true }), ...PC }],
    ['more queues than cores', of({ queues: 3 }), `error queues-over-cores ${at}.queues`],
    ['a sector of another size', of({ block_size: 1024 }), `error out-of-range ${at}.block_size`],
    [
      'two numbers of queues on one controller',
      {
        ...V2,
        'storage.disks': [disk('a', { bus: 'scsi', queues: 1 }), disk('b', { bus: 'scsi', queues: 2 })],
      },
      'error queues-differ storage.disks[1].queues',
    ],
    [
      'one number of queues on one controller',
      {
        ...V2,
        'storage.disks': [disk('a', { bus: 'scsi', queues: 2 }), disk('b', { bus: 'scsi', queues: 2 })],
      },
    ],
    [
      'a thread with the name of the controller’s',
      {
        ...V2,
        'storage.disks': [disk('scsi0', { iothread: true }), disk('b', { bus: 'scsi', iothread: true })],
      },
      'error duplicate-name storage.disks[0].name',
    ],
    [
      'a disk with the name of the controller',
      {
        ...V2,
        'storage.disks': [disk('scsi0', { iothread: true }), disk('b', { bus: 'scsi' })],
      },
    ],
    [
      'one serial number twice',
      { ...V2, 'storage.disks': [disk('a', { serial: 's' }), disk('b', { serial: 's' }), disk('c')] },
      'warning serial-duplicate storage.disks[1].serial',
    ],
    ['a serial number with a space', of({ serial: 'a b' }), `error invalid-serial ${at}.serial`],
  ]);
});

t.test('caches and formats', (t) => {
  const at = 'storage.disks[0]';
  const of = (one: object): Change => ({ ...V2, 'storage.disks': [disk('root', one)] });
  const base = { path: 'images/base.raw', format: 'raw' };
  checkRows(t, [
    ['unsafe', of({ cache: 'unsafe' }), `warning cache-unsafe ${at}.cache`],
    [
      'written through on usb',
      of({ bus: 'usb', cache: 'writethrough' }),
      `warning cache-ignored-on-usb ${at}.cache`,
    ],
    [
      'large sectors on usb',
      of({ bus: 'usb', block_size: 4096 }),
      `warning block-size-ignored-on-usb ${at}.block_size`,
    ],
    ['native through a cache', of({ aio: 'native' }), `error aio-native-needs-direct ${at}.aio`],
    ['native past the cache', of({ aio: 'native', cache: 'none' })],
    [
      'zeroes that nothing frees',
      of({ detect_zeroes: 'unmap' }),
      `error detect-zeroes-needs-discard ${at}.detect_zeroes`,
    ],
    ['a base of a raw image', of({ format: 'raw', base }), `error not-for-type ${at}.base`],
    ['a base of a qcow2 image', of({ format: 'qcow2', base })],
    [
      'a raw image under one of the format vmdk',
      of({ format: 'vmdk', base }),
      `error not-for-type ${at}.base.format`,
    ],
    ['a vmdk image under another', of({ format: 'vmdk', base: { ...base, format: 'vmdk' } })],
    [
      'a base without a format',
      of({ format: 'qcow2', base: { path: 'b' } }),
      `error missing-field ${at}.base.format`,
    ],
    ['a base that is no table', of({ format: 'qcow2', base: 'b' }), `error wrong-type ${at}.base`],
    [
      'an encrypted vdi',
      of({ format: 'vdi', encryption: { key_file: 'k' } }),
      `error not-for-type ${at}.encryption`,
    ],
    [
      'an encryption without a key',
      of({ format: 'raw', encryption: {} }),
      `error missing-field ${at}.encryption.key_file`,
    ],
    [
      'metadata of a raw image',
      of({ format: 'raw', preallocation: 'metadata' }),
      `error not-for-type ${at}.preallocation`,
    ],
    ['an image that is written in full', of({ format: 'vdi', preallocation: 'full' })],
    [
      'an overlay that is written in full',
      of({ format: 'qcow2', base, preallocation: 'full' }),
      `error preallocation-with-base ${at}.preallocation`,
    ],
    ['an overlay of which nothing is written', of({ format: 'qcow2', base, preallocation: 'off' })],
    [
      'a share on a bus',
      of({ format: 'host-path', bus: 'scsi', cache: 'none', base }),
      `error not-for-type ${at}.bus`,
      `error not-for-type ${at}.cache`,
      `error not-for-type ${at}.base`,
      'warning no-boot-source storage.disks',
    ],
    [
      'a share that is written large',
      of({ format: 'host-path', block_size: 4096 }),
      `error not-for-type ${at}.block_size`,
      'warning no-boot-source storage.disks',
    ],
  ]);
});

t.test('one file for several drives', (t) => {
  const twice = { 'storage.disks': [disk('a', { path: 'i', format: 'raw' })] };
  const cdroms = [
    { name: 'b', path: 'i' },
    { name: 'c', path: 'i' },
  ];
  const device = { path: '/dev/vg/lv', format: 'block-device' };
  checkRows(t, [
    ['two CD-ROM drives and the seed', { ...V2, 'storage.cdroms': cdroms, 'storage.seed': { path: 'i' } }],
    [
      'a disk that is written',
      { ...V2, ...twice, 'storage.cdroms': cdroms },
      'error image-shared-writable storage.cdroms[0].path',
      'error image-shared-writable storage.cdroms[1].path',
    ],
    [
      'the seed',
      { ...V2, ...twice, 'storage.seed': { path: 'i' } },
      'error image-shared-writable storage.seed.path',
    ],
    [
      'the password of the disk',
      { ...V2, 'storage.disks': [disk('a', { path: 'i', encryption: { key_file: 'i' } })] },
      'error path-conflict storage.disks[0].encryption.key_file',
    ],
    [
      'one password of two disks',
      {
        ...V2,
        'storage.disks': ['a', 'b'].map((name) => disk(name, { encryption: { key_file: 'k' } })),
      },
    ],
    [
      'a password in what QEMU writes',
      {
        ...V2,
        process: { pidfile: 'k' },
        'storage.disks': [disk('a', { encryption: { key_file: 'k' } })],
      },
      'error path-conflict process.pidfile',
    ],
    [
      'one block device twice',
      { ...V2, 'storage.disks': [disk('a', device), disk('b', device)] },
      'error image-shared-writable storage.disks[1].path',
      'warning block-device-writable storage.disks[0].path',
      'warning block-device-writable storage.disks[1].path',
    ],
  ]);
});

t.test('block devices', (t) => {
  const at = 'storage.disks[0]';
  const of = (path: string, one: object = {}): Change => ({
    ...V2,
    'storage.disks': [disk('root', { path, format: 'block-device', ...one })],
  });
  const written = `warning block-device-writable ${at}.path`;
  checkRows(t, [
    ['a logical volume', of('/dev/vg/lv'), written],
    ['a mapped device, read only', of('/dev/mapper/x', { readonly: true })],
    ['by id', of('/dev/disk/by-id/x'), written],
    ['a name that moves', of('/dev/sda'), `error forbidden-path ${at}.path`, written],
    ['a terminal', of('/dev/pts/0'), `error forbidden-path ${at}.path`, written],
    [
      'with a size',
      of('/dev/vg/lv', { size_gb: 1, preallocation: 'full' }),
      `error not-for-type ${at}.size_gb`,
      `error not-for-type ${at}.preallocation`,
      written,
    ],
    [
      'in version 1',
      { 'storage.disks': [disk('root', { format: 'block-device' })] },
      `error not-allowed ${at}.format`,
    ],
  ]);
});

t.test('room on a bus', (t) => {
  checkRows(t, [
    ['six on sata', { ...V2, 'storage.disks': many(6, { bus: 'sata' }) }],
    [
      'seven on sata',
      { ...V2, 'storage.disks': many(7, { bus: 'sata' }) },
      'error bus-full storage.disks[6].bus',
    ],
    [
      'CD-ROM drives come after disks',
      { ...V2, 'storage.disks': many(6, { bus: 'sata' }), 'storage.cdroms': [{ name: 'cd' }] },
      'error bus-full storage.cdroms[0].bus',
    ],
    ['thirty slots', { ...V2, 'storage.disks': many(30, {}) }],
    [
      'more than thirty slots',
      { ...V2, 'storage.disks': many(31, { bus: 'nvme' }) },
      'error too-many-devices storage.disks',
    ],
    ['many on one controller', { ...V2, 'storage.disks': many(40, { bus: 'scsi' }) }],
    [
      'cards that take the slots',
      {
        ...V2,
        'storage.disks': [disk('a'), { name: 's', path: 's', format: 'host-path' }],
        'storage.seed': { path: 'seed.iso' },
        'network.interfaces': Array.from({ length: 29 }, (_, index) => ({
          name: `n${index}`,
          type: 'isolated',
        })),
      },
      'error too-many-devices network.interfaces',
    ],
    [
      'the machine pc',
      {
        ...V2,
        ...PC,
        'storage.disks': [...many(4, { bus: 'ide' })],
        'storage.cdroms': [{ name: 'cd', bus: 'sata' }],
      },
    ],
    [
      'three floppies',
      { ...V2, 'storage.floppies': ['a', 'b', 'c'].map((name) => ({ name, path: name })) },
      'error bus-full storage.floppies',
    ],
    [
      'a floppy on aarch64',
      { ...V2, ...ARM, 'storage.floppies': [{ name: 'f', path: 'f' }] },
      'error not-for-arch storage.floppies',
      DARK,
    ],
    [
      'an ide drive on q35',
      { ...V2, 'storage.cdroms': [{ name: 'cd', bus: 'ide' }] },
      'error not-for-machine storage.cdroms[0].bus',
    ],
    [
      'one name for a disk and a drive',
      { ...V2, 'storage.cdroms': [{ name: 'root' }] },
      'error duplicate-name storage.cdroms[0].name',
    ],
  ]);
});

t.test('what boots', (t) => {
  const cd = { 'storage.cdroms': [{ name: 'cd', path: 'cd.iso' }] };
  const card = {
    'network.interfaces': [
      { name: 'net0', type: 'user' },
      { name: 'off', type: 'none' },
    ],
  };
  checkRows(t, [
    ['a drive', { ...V2, ...cd, 'storage.disks': [] }],
    [
      'an empty drive',
      { ...V2, 'storage.cdroms': [{ name: 'cd' }], 'storage.disks': [] },
      'warning no-boot-source storage.disks',
    ],
    ['a floppy', { ...V2, 'storage.disks': [], 'storage.floppies': [{ name: 'f', path: 'f.img' }] }],
    ['a card in the order', { ...V2, ...card, 'storage.disks': [], 'boot.order': ['net0'] }],
    [
      'a card without a card',
      { ...V2, ...card, 'boot.order': ['off'] },
      'error boot-name-unknown boot.order[0]',
    ],
    ['nothing of that name', { ...V2, 'boot.order': ['x'] }, 'error boot-name-unknown boot.order[0]'],
    ['a name twice', { ...V2, 'boot.order': ['root', 'root'] }, 'error duplicate-name boot.order[1]'],
    [
      'a name of two',
      { ...V2, 'boot.order': ['root'], 'network.interfaces': [{ name: 'root', type: 'user' }] },
      'error boot-name-ambiguous boot.order[0]',
    ],
    [
      'an order and a boot disk',
      { ...V2, 'storage.disks.0.boot': true, 'boot.order': ['root'] },
      'error boot-order-twice boot.order',
    ],
    ['no name', { ...V2, 'boot.order': [1] }, 'error wrong-type boot.order[0]'],
    [
      'sata on aarch64',
      { ...V2, ...ARM, 'storage.disks': [disk('a', { bus: 'sata' })] },
      DARK,
      'warning firmware-cannot-boot-bus storage.disks[0].bus',
    ],
    [
      'nvme on ppc64le',
      { ...V2, ...POWER, 'storage.disks': [disk('a', { bus: 'nvme' })] },
      'warning firmware-cannot-boot-bus storage.disks[0].bus',
    ],
    [
      'a late unit',
      { ...V2, 'storage.disks': many(9, { bus: 'scsi' }), 'boot.order': ['d8'] },
      'warning firmware-cannot-boot-bus storage.disks[8].bus',
    ],
    [
      'large sectors',
      { ...V2, 'storage.disks': [disk('a', { block_size: 4096 })] },
      'warning firmware-cannot-boot-block-size storage.disks[0].block_size',
    ],
    [
      'a share that needs root',
      { ...V2, shares: [{ name: 's', path: 's', security_model: 'passthrough' }] },
      'warning share-needs-root shares[0].security_model',
    ],
  ]);
});

t.test('machines', (t) => {
  checkRows(t, [
    [
      'one of another architecture',
      { ...V2, 'machine.type': 'virt' },
      'error machine-not-for-arch machine.type',
    ],
    ['none', { ...V2, 'machine.type': 'microvm' }, 'error machine-not-for-arch machine.type'],
    [
      'virt with a version on riscv64',
      { ...V2, 'hardware.arch': 'riscv64', 'hardware.acceleration': 'tcg', 'machine.type': 'virt-7.2' },
      'error machine-not-for-arch machine.type',
      DARK,
    ],
    [
      'no timer on aarch64',
      { ...V2, ...ARM, 'machine.hpet': false },
      'error not-for-arch machine.hpet',
      DARK,
    ],
    ['no ACPI on ppc64le', { ...V2, ...POWER, 'machine.acpi': false }, 'error not-for-arch machine.acpi'],
    [
      'virtualization on x86_64',
      { ...V2, 'machine.virtualization': true },
      'error not-for-arch machine.virtualization',
    ],
    [
      'an unknown architecture',
      { ...V2, 'hardware.arch': ABSENT, 'machine.type': 'virt', 'machine.virtualization': true },
      'error missing-field hardware.arch',
    ],
  ]);
});

t.test('a pinned machine', (t) => {
  t.ok(argvOf({ ...V2, 'machine.type': 'pc-q35-7.2' }).includes('pc-q35-7.2'));
  t.end();
});

t.test('what other systems have not', (t) => {
  const volume = disk('a', { path: '/dev/vg/lv', format: 'block-device', readonly: true });
  checkRows(
    t,
    [
      ['io_uring', { ...V2, 'storage.disks.0.aio': 'io_uring' }, 'error not-for-os storage.disks[0].aio'],
      ['a block device', { ...V2, 'storage.disks': [volume] }, 'error not-for-os storage.disks[0].format'],
      ['a share', { ...V2, shares: [{ name: 's', path: 's' }] }, 'error not-for-os shares[0].type'],
    ],
    given({ ...FREEBSD, accelerators: [] }),
  );
});
