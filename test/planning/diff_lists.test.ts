/** What changed in lists of disks and interfaces, and from one host to another. */
import t from 'tap';
import { differencesBetween, shownChange } from '../../src/planning/differences.ts';
import { TCG } from '../help/changes.ts';
import { argvLine, card, cards, checkDiffs, type DiffRow, diffOf, valueLine } from '../help/diffs.ts';
import type { Change } from '../help/documents.ts';
import {
  DARWIN_INTEL,
  given,
  type Host,
  LINUX,
  LINUX_ARM,
  LINUX_WITHOUT_KVM,
  ON_LINUX,
  probed,
  WINDOWS,
} from '../help/hosts.ts';

const IMAGES = '/srv/lab/images';
const disk = (name: string, more: object = {}): object => ({
  name,
  path: `images/${name}`,
  format: 'raw',
  ...more,
});
const disks = (...list: object[]): Change => ({ 'storage.disks': list });
const single = (name: string): string => `-drive file=${IMAGES}/${name},format=raw,if=virtio`;
const paired = (name: string, more = ''): string =>
  `-drive file=${IMAGES}/${name},format=raw,if=none,id=disk-${name} -device virtio-blk-pci,drive=disk-${name}${more}`;
const whole = (name: string, more: object = {}): string =>
  JSON.stringify({ ...disk(name), boot: false, readonly: false, ...more });
const wholeCard = (more: object = {}): string => JSON.stringify({ ...card(), hostfwd: [], ...more });

const LIST_ROWS: readonly DiffRow[] = [
  [
    'a disk that is made read-only',
    {},
    { 'storage.disks.0.readonly': true, 'storage.disks.0.size_gb': 1 },
    ['/storage/disks/0/size_gb: > 1', '/storage/disks/0/readonly: false > true'],
    [
      `replace disks 14: -drive file=${IMAGES}/root.qcow2,format=qcow2,if=virtio > -drive file=${IMAGES}/root.qcow2,format=qcow2,if=virtio,readonly=on by /storage/disks/0/readonly`,
    ],
  ],
  [
    'the first disk is gone: the others are what they were',
    disks(disk('a'), disk('b'), disk('c')),
    disks(disk('b'), disk('c')),
    [`/storage/disks/0: ${whole('a')} >`],
    [`remove disks 14: ${single('a')} > by /storage/disks/0`],
  ],
  [
    'a first disk is new',
    disks(disk('b')),
    disks(disk('a'), disk('b')),
    [`/storage/disks/0: > ${whole('a')}`],
    [`add disks 14: > ${single('a')} by /storage/disks/0`],
  ],
  [
    'a disk that has another place and other values: its pointers lead into the new profile, for what is gone into the old',
    disks(disk('a'), disk('b', { size_gb: 1, readonly: true })),
    disks(disk('b', { format: 'vdi' })),
    [
      `/storage/disks/0: ${whole('a')} >`,
      '/storage/disks/0/format: "raw" > "vdi"',
      '/storage/disks/1/size_gb: 1 >',
      '/storage/disks/0/readonly: true > false',
    ],
    [
      `remove disks 14: ${single('a')} > by /storage/disks/0`,
      `replace disks 16: ${single('b')},readonly=on > -drive file=${IMAGES}/b,format=vdi,if=virtio by /storage/disks/0/format /storage/disks/0/readonly`,
    ],
  ],
  [
    'two disks in another order',
    disks(disk('a'), disk('b')),
    disks(disk('b'), disk('a')),
    ['/storage/disks: ["a","b"] > ["b","a"]'],
    [
      `remove disks 14: ${single('a')} > by /storage/disks`,
      `add disks 18: > ${single('a')} by /storage/disks`,
    ],
  ],
  [
    'another order of those that stay',
    disks(disk('a'), disk('x'), disk('b'), disk('c')),
    disks(disk('c'), disk('a'), disk('y'), disk('b')),
    [
      '/storage/disks: ["a","b","c"] > ["c","a","b"]',
      `/storage/disks/1: ${whole('x')} >`,
      `/storage/disks/2: > ${whole('y')}`,
    ],
    [
      `add disks 14: > ${single('c')} by /storage/disks`,
      `remove disks 16: ${single('x')} > by /storage/disks/1`,
      `add disks 18: > ${single('y')} by /storage/disks/2`,
      `remove disks 20: ${single('c')} > by /storage/disks`,
    ],
  ],
  [
    'two disks swap their files',
    disks(disk('a', { path: 'images/1' }), disk('b', { path: 'images/2' })),
    disks(disk('a', { path: 'images/2' }), disk('b', { path: 'images/1' })),
    ['/storage/disks/0/path: "images/1" > "images/2"', '/storage/disks/1/path: "images/2" > "images/1"'],
    [
      `replace disks 14: ${single('1')} > ${single('2')} by /storage/disks/0/path`,
      `replace disks 16: ${single('2')} > ${single('1')} by /storage/disks/1/path`,
    ],
  ],
  [
    'a name of a disk that no argument shows',
    disks(disk('a')),
    disks(disk('b', { path: 'images/a' })),
    [`/storage/disks/0: ${whole('a')} >`, `/storage/disks/0: > ${whole('b', { path: 'images/a' })}`],
    [],
  ],
  [
    'two disks of one image',
    disks(disk('a', { readonly: true }), disk('b', { path: 'images/a', readonly: true }), disk('c')),
    disks(disk('b', { path: 'images/a', readonly: true }), disk('c')),
    [`/storage/disks/0: ${whole('a', { readonly: true })} >`],
    [`remove disks 14: ${single('a')},readonly=on > by /storage/disks/0`],
  ],
  [
    'of disks of one image one comes, one goes and one stays',
    disks(disk('a', { readonly: true }), disk('c', { path: 'images/1', readonly: true })),
    disks(
      disk('c', { path: 'images/1', readonly: true }),
      disk('b', { path: 'images/a', readonly: true }),
      disk('d', { path: 'images/1', readonly: true }),
    ),
    [
      `/storage/disks/0: ${whole('a', { readonly: true })} >`,
      `/storage/disks/1: > ${whole('b', { path: 'images/a', readonly: true })}`,
      `/storage/disks/2: > ${whole('d', { path: 'images/1', readonly: true })}`,
    ],
    [`add disks 14: > ${single('1')},readonly=on by /storage/disks/0 /storage/disks/1 /storage/disks/2`],
  ],
  [
    'the second disk boots, and so each is written in another way',
    disks(disk('a'), disk('b'), disk('c')),
    disks(disk('a'), disk('b', { boot: true }), disk('c')),
    ['/storage/disks/1/boot: false > true'],
    [
      `replace disks 14: ${single('a')} > ${paired('a')} by /storage/disks/1/boot`,
      `replace disks 16: ${single('b')} > ${paired('b', ',bootindex=1')} by /storage/disks/1/boot`,
      `replace disks 18: ${single('c')} > ${paired('c')} by /storage/disks/1/boot`,
    ],
  ],
  [
    'another disk boots',
    disks(disk('a'), disk('b', { boot: true }), disk('c')),
    disks(disk('a'), disk('b'), disk('c', { boot: true })),
    ['/storage/disks/1/boot: true > false', '/storage/disks/2/boot: false > true'],
    [
      `replace disks 18: ${paired('b', ',bootindex=1')} > ${paired('b')} by /storage/disks/1/boot`,
      `replace disks 22: ${paired('c')} > ${paired('c', ',bootindex=1')} by /storage/disks/2/boot`,
    ],
  ],
  [
    'a disk comes before the one that boots',
    disks(disk('b', { boot: true })),
    disks(disk('a', { path: 'images/a' }), disk('b', { boot: true })),
    [`/storage/disks/0: > ${whole('a')}`],
    [
      `add disks 14: > ${paired('a')} by /storage/disks/0`,
      `replace disks 14: ${single('b')} > ${paired('b', ',bootindex=1')} by /storage/disks/0`,
    ],
  ],
  [
    'the one that boots comes first',
    disks(disk('a'), disk('b', { boot: true })),
    disks(disk('b', { boot: true }), disk('a')),
    ['/storage/disks: ["a","b"] > ["b","a"]'],
    [
      `remove disks 14: ${paired('a')} > by /storage/disks`,
      `replace disks 18: ${paired('b', ',bootindex=1')} > ${single('b')} by /storage/disks`,
      `add disks 22: > ${single('a')} by /storage/disks`,
    ],
  ],
  [
    'an image becomes a share',
    { ...disks(disk('a'), disk('b')), 'hardware.cores': 2 },
    disks(disk('a'), disk('b', { format: 'host-path' })),
    ['/storage/disks/1/format: "raw" > "host-path"'],
    [
      `remove disks 16: ${single('b')} > by /storage/disks/1/format`,
      `add shares 18: > -fsdev local,path=${IMAGES}/b,security_model=none,id=b -device virtio-9p-pci,fsdev=b,mount_tag=b by /storage/disks/1/format`,
    ],
  ],
  [
    'the image before the one that boots becomes a share',
    disks(disk('a'), disk('b', { boot: true })),
    disks(disk('a', { format: 'host-path' }), disk('b', { boot: true })),
    ['/storage/disks/0/format: "raw" > "host-path"'],
    [
      `remove disks 14: ${paired('a')} > by /storage/disks/0/format`,
      `replace disks 18: ${paired('b', ',bootindex=1')} > ${single('b')} by /storage/disks/0/format`,
      `add shares 22: > -fsdev local,path=${IMAGES}/a,security_model=none,id=a -device virtio-9p-pci,fsdev=a,mount_tag=a by /storage/disks/0/format`,
    ],
  ],
  [
    'one changes its place, and another one its value',
    disks(disk('a'), disk('b'), disk('c')),
    disks(disk('c'), disk('a', { readonly: true }), disk('b')),
    ['/storage/disks: ["a","b","c"] > ["c","a","b"]', '/storage/disks/1/readonly: false > true'],
    [
      `add disks 14: > ${single('c')} by /storage/disks`,
      `replace disks 14: ${single('a')} > ${single('a')},readonly=on by /storage/disks/1/readonly`,
      `remove disks 18: ${single('c')} > by /storage/disks`,
    ],
  ],
  [
    'forwards are one value',
    cards(card({ hostfwd: ['tcp:127.0.0.1:2222-:22'] })),
    cards(card({ hostfwd: ['tcp:127.0.0.1:2222-:22', 'udp::53-:53'] })),
    ['/network/interfaces/0/hostfwd: ["tcp:127.0.0.1:2222-:22"] > ["tcp:127.0.0.1:2222-:22","udp::53-:53"]'],
    [
      'replace network 16: -netdev user,id=net0,hostfwd=tcp:127.0.0.1:2222-:22 -device virtio-net-pci,netdev=net0 > -netdev user,id=net0,hostfwd=tcp:127.0.0.1:2222-:22,hostfwd=udp::53-:53 -device virtio-net-pci,netdev=net0 by /network/interfaces/0/hostfwd',
    ],
  ],
  [
    'forwards in another order',
    cards(card({ hostfwd: ['udp::1-:1', 'udp::2-:2'] })),
    cards(card({ hostfwd: ['udp::2-:2', 'udp::1-:1'] })),
    ['/network/interfaces/0/hostfwd: ["udp::1-:1","udp::2-:2"] > ["udp::2-:2","udp::1-:1"]'],
    [
      'replace network 16: -netdev user,id=net0,hostfwd=udp::1-:1,hostfwd=udp::2-:2 -device virtio-net-pci,netdev=net0 > -netdev user,id=net0,hostfwd=udp::2-:2,hostfwd=udp::1-:1 -device virtio-net-pci,netdev=net0 by /network/interfaces/0/hostfwd',
    ],
  ],
  [
    'an address in other letters is the same',
    cards(card({ mac: '52:54:00:AA:BB:CC' })),
    cards(card({ mac: '52:54:00:aa:bb:cc' })),
    [],
    [],
  ],
  [
    'an address that is left to QEMU',
    cards(card({ mac: '52:54:00:aa:bb:cc' })),
    cards(card()),
    ['/network/interfaces/0/mac: "52:54:00:aa:bb:cc" >'],
    [
      'replace network 16: -netdev user,id=net0 -device virtio-net-pci,netdev=net0,mac=52:54:00:aa:bb:cc > -netdev user,id=net0 -device virtio-net-pci,netdev=net0 by /network/interfaces/0/mac',
    ],
  ],
  [
    'an interface that has no card any more, and a new one',
    cards(card()),
    cards(card({ type: 'none' }), card({ name: 'net1' })),
    [
      '/network/interfaces/0/type: "user" > "none"',
      `/network/interfaces/1: > ${wholeCard({ name: 'net1' })}`,
    ],
    [
      'remove network 16: -netdev user,id=net0 -device virtio-net-pci,netdev=net0 > by /network/interfaces/0/type',
      'add network 20: > -netdev user,id=net1 -device virtio-net-pci,netdev=net1 by /network/interfaces/1',
    ],
  ],
];

t.test('what differs between the lists of two profiles, and what that does to argv', (t) => {
  checkDiffs(t, LIST_ROWS);
});

t.test('what differs between two hosts, and what that does to argv', (t) => {
  const log = { 'serial.mode': 'file', 'serial.logfile': 'l' };
  const otherRoot = { ...LINUX, project_root: '/srv/a/b' };
  const rows: [about: string, change: Change, before: Host, after: Host, host: string[], argv: string[]][] = [
    ['the same', {}, ON_LINUX, given({ ...LINUX }), [], []],
    [
      'without an accelerator',
      {},
      ON_LINUX,
      given(LINUX_WITHOUT_KVM),
      ['/accelerators: ["kvm"] > []'],
      ['replace accelerator 7: -enable-kvm > -accel tcg by', 'replace cpu 8: -cpu host > -cpu max by'],
    ],
    ['another architecture', TCG, ON_LINUX, given(LINUX_ARM), ['/arch: "x86_64" > "aarch64"'], []],
    [
      'another root',
      {},
      ON_LINUX,
      given(otherRoot),
      ['/project_root: "/srv/lab" > "/srv/a/b"'],
      [
        'replace disks 14: -drive file=/srv/lab/images/root.qcow2,format=qcow2,if=virtio > -drive file=/srv/a/b/images/root.qcow2,format=qcow2,if=virtio by',
      ],
    ],
    [
      'another system',
      { ...TCG, ...log, 'storage.disks.0.path': 'r' },
      given(DARWIN_INTEL),
      given(WINDOWS),
      [
        '/accelerators: ["hvf"] > ["whpx"]',
        '/os: "darwin" > "windows"',
        '/project_root: "/Users/dev/lab" > "C:\\\\lab"',
      ],
      [
        'replace disks 15: -drive file=/Users/dev/lab/r,format=qcow2,if=virtio > -drive file=C:\\lab\\r,format=qcow2,if=virtio by',
        'replace serial 17: -serial file:/Users/dev/lab/l > -serial file:C:\\lab\\l by',
      ],
    ],
    [
      'where QEMU was found',
      {},
      ON_LINUX,
      probed(LINUX, { binary: '/usr/bin/qemu-system-x86_64' }),
      [],
      ['replace binary 0: qemu-system-x86_64 > /usr/bin/qemu-system-x86_64 by'],
    ],
  ];
  for (const [about, change, before, after, host, argv] of rows) {
    const diff = diffOf(change, change, { before, after });
    t.strictSame(diff.host_changes.map(valueLine), host, `${about}: host`);
    t.strictSame(diff.argv_changes.map(argvLine), argv, `${about}: argv`);
    t.strictSame(diff.profile_changes, [], `${about}: profile`);
    t.equal(diff.changed.host, host.length > 0, `${about}: changed`);
  }
  t.end();
});

t.test('pointers are those of RFC 6901, wherever a value stands', (t) => {
  const before = { 'a/b': { '~': 1, same: [1] }, list: [{ name: 'x', '~1': 1 }], '': 1, gone: { deep: 1 } };
  const after = { 'a/b': { '~': 2, same: [1] }, list: [{ name: 'x' }], '': 2, new: 1 };
  t.strictSame(differencesBetween(before, after).map(shownChange).map(valueLine), [
    '/a~1b/~0: 1 > 2',
    '/list/0/~01: 1 >',
    '/: 1 > 2',
    '/gone: {"deep":1} >',
    '/new: > 1',
  ]);
  t.end();
});

t.test('the thread of a disk is not taken for a disk that is called like it', (t) => {
  const { argv_changes } = diffOf(
    { schema_version: 2, ...disks(disk('iothread-x')) },
    { schema_version: 2, ...disks(disk('x', { iothread: true })) },
  );
  t.strictSame(
    argv_changes.map(({ op, before, after }) => [op, (before ?? after)?.[0]]),
    [
      ['remove', '-blockdev'],
      ['add', '-object'],
      ['add', '-blockdev'],
    ],
  );
  t.end();
});
