/** What changed from one plan to another, and why: a reviewer reads the expected lines first. */
import t from 'tap';
import type { Host } from '../src/context/host_facts.ts';
import type { ArgvChange } from '../src/planning/argv_changes.ts';
import type { Reason } from '../src/planning/diff_reasons.ts';
import { differencesBetween, shownChange, type ValueChange } from '../src/planning/differences.ts';
import {
  diffOldPlan,
  diffPlans,
  identityOf,
  type PlanDiff,
  type PlanIdentity,
} from '../src/planning/plan_diff.ts';
import { baseProfile, type Change, changed } from './help/documents.ts';
import {
  DARWIN_INTEL,
  given,
  LINUX,
  LINUX_ARM,
  LINUX_WITHOUT_KVM,
  ON_LINUX,
  probed,
  WINDOWS,
} from './help/hosts.ts';
import { plannedOf } from './help/plans.ts';

function diffOf(before: Change, after: Change, hosts: { before?: Host; after?: Host } = {}): PlanDiff {
  return diffPlans(
    plannedOf(changed(before), hosts.before ?? ON_LINUX),
    plannedOf(changed(after), hosts.after ?? ON_LINUX),
  );
}

/** `/hardware/cores: 2 > 4`; what is not there is left out. */
function valueLine({ pointer, before, after }: ValueChange): string {
  const [old, now] = [before, after].map((value) => (value === null ? '' : ` ${JSON.stringify(value)}`));
  return `${pointer}:${old} >${now}`;
}

/** `replace cpu 9: -smp 2 > -smp 4 by /hardware/cores` */
function argvLine({ op, group, first, before, after, pointers }: ArgvChange): string {
  const [old, now] = [before, after].map((elements) => (elements === null ? '' : ` ${elements.join(' ')}`));
  return `${[op, group, first].join(' ')}:${old} >${now} by ${pointers.join(' ')}`.trimEnd();
}

function reasonLine({ cause, certain }: Reason): string {
  return certain ? cause : `${cause}?`;
}

/** What a row is about, the changes to the base profile on both sides, and what differs then. */
type Row = readonly [about: string, before: Change, after: Change, profile: string[], argv: string[]];

const TCG = { 'hardware.acceleration': 'tcg' };
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
const card = (more: object = {}): object => ({ name: 'net0', type: 'user', ...more });
const cards = (...list: object[]): Change => ({ 'network.interfaces': list });
const wholeCard = (more: object = {}): string => JSON.stringify({ ...card(), hostfwd: [], ...more });
const KERNEL = { enabled: true, bzimage: 'k', initrd: 'i', append: 'a' };

const ROWS: readonly Row[] = [
  ['nothing', {}, {}, [], []],
  ['a default that is written out', {}, { 'hardware.acceleration': 'auto', 'serial.mode': 'pty' }, [], []],
  [
    'memory',
    {},
    { 'hardware.memory_mb': 2048 },
    ['/hardware/memory_mb: 1024 > 2048'],
    ['replace cpu 11: -m 1024M > -m 2048M by /hardware/memory_mb'],
  ],
  [
    'cores, memory and CPU',
    { 'hardware.cpu': 'max' },
    { 'hardware.cpu': 'qemu64', 'hardware.cores': 4, 'hardware.memory_mb': 2048 },
    ['/hardware/cpu: "max" > "qemu64"', '/hardware/cores: 2 > 4', '/hardware/memory_mb: 1024 > 2048'],
    [
      'replace cpu 7: -cpu max > -cpu qemu64 by /hardware/cpu',
      'replace cpu 9: -smp 2 > -smp 4 by /hardware/cores',
      'replace cpu 11: -m 1024M > -m 2048M by /hardware/memory_mb',
    ],
  ],
  [
    'what no argument comes from',
    { 'storage.disks.0.size_gb': 1 },
    { 'vm.description': 'x', 'console.auto_attach': true },
    ['/vm/description: "" > "x"', '/storage/disks/0/size_gb: 1 >', '/console/auto_attach: false > true'],
    [],
  ],
  [
    'a disabled section',
    { kernel: { bzimage: 'a' } },
    { kernel: { append: 'b' } },
    ['/kernel/bzimage: "a" >', '/kernel/append: "" > "b"'],
    [],
  ],
  [
    'acceleration, which also decides about the CPU',
    {},
    TCG,
    ['/hardware/acceleration: "auto" > "tcg"'],
    [
      'replace accelerator 6: -enable-kvm > -accel tcg by /hardware/acceleration',
      'replace cpu 7: -cpu host > -cpu max by /hardware/acceleration',
    ],
  ],
  [
    'acceleration, with a CPU that is written out',
    { 'hardware.cpu': 'max' },
    { 'hardware.cpu': 'max', ...TCG },
    ['/hardware/acceleration: "auto" > "tcg"'],
    ['replace accelerator 6: -enable-kvm > -accel tcg by /hardware/acceleration'],
  ],
  [
    'acceleration that is named comes to the same',
    {},
    { 'hardware.acceleration': 'kvm' },
    ['/hardware/acceleration: "auto" > "kvm"'],
    [],
  ],
  [
    'another architecture',
    {},
    { 'hardware.arch': 'riscv64' },
    ['/hardware/arch: "x86_64" > "riscv64"'],
    [
      'replace binary 0: qemu-system-x86_64 > qemu-system-riscv64 by /hardware/arch',
      'replace machine 1: -machine q35 > -machine virt by /hardware/arch',
      'replace accelerator 6: -enable-kvm > -accel tcg by /hardware/arch',
      'replace cpu 7: -cpu host > -cpu rv64 by /hardware/arch',
    ],
  ],
  [
    'a binary',
    {},
    { 'vm.qemu_binary': '/opt/qemu-kvm' },
    ['/vm/qemu_binary: > "/opt/qemu-kvm"'],
    ['replace binary 0: qemu-system-x86_64 > /opt/qemu-kvm by /vm/qemu_binary'],
  ],
  [
    'the name, and what is called after it',
    { qmp: {}, 'serial.mode': 'socket', ...cards({ name: 'tap0', type: 'tap' }) },
    { 'vm.name': 'new', qmp: {}, 'serial.mode': 'socket', ...cards({ name: 'tap0', type: 'tap' }) },
    ['/vm/name: "lab" > "new"', '/qmp/socket: "run/lab.qmp.sock" > "run/new.qmp.sock"'],
    [
      'replace network 15: -netdev tap,id=tap0,ifname=tap0,script=no,downscript=no -device virtio-net-pci,netdev=tap0,mac=52:54:00:42:a3:c6 > -netdev tap,id=tap0,ifname=tap0,script=no,downscript=no -device virtio-net-pci,netdev=tap0,mac=52:54:00:ad:75:44 by /vm/name',
      'replace qmp 19: -qmp unix:/srv/lab/run/lab.qmp.sock,server=on,wait=off > -qmp unix:/srv/lab/run/new.qmp.sock,server=on,wait=off by /qmp/socket',
      'replace serial 21: -serial unix:/srv/lab/run/lab.serial.sock,server=on,wait=off > -serial unix:/srv/lab/run/new.serial.sock,server=on,wait=off by /vm/name',
      'replace name 23: -name lab > -name new by /vm/name',
    ],
  ],
  [
    'the name, and sockets that are not called after it',
    { 'serial.mode': 'socket', 'serial.device': 'a' },
    { 'vm.name': 'new', 'serial.mode': 'socket', 'serial.device': 'b' },
    ['/vm/name: "lab" > "new"', '/serial/device: "a" > "b"'],
    [
      'replace serial 15: -serial unix:/srv/lab/a,server=on,wait=off > -serial unix:/srv/lab/b,server=on,wait=off by /serial/device',
      'replace name 17: -name lab > -name new by /vm/name',
    ],
  ],
  [
    'two spellings of one path',
    {},
    { 'storage.disks.0.path': './images/root.qcow2' },
    ['/storage/disks/0/path: "images/root.qcow2" > "./images/root.qcow2"'],
    [],
  ],
  [
    'a disk that is made read-only',
    {},
    { 'storage.disks.0.readonly': true, 'storage.disks.0.size_gb': 1 },
    ['/storage/disks/0/size_gb: > 1', '/storage/disks/0/readonly: false > true'],
    [
      `replace disks 13: -drive file=${IMAGES}/root.qcow2,format=qcow2,if=virtio > -drive file=${IMAGES}/root.qcow2,format=qcow2,if=virtio,readonly=on by /storage/disks/0/readonly`,
    ],
  ],
  [
    'the first disk is gone: the others are what they were',
    disks(disk('a'), disk('b'), disk('c')),
    disks(disk('b'), disk('c')),
    [`/storage/disks/0: ${whole('a')} >`],
    [`remove disks 13: ${single('a')} > by /storage/disks/0`],
  ],
  [
    'a first disk is new',
    disks(disk('b')),
    disks(disk('a'), disk('b')),
    [`/storage/disks/0: > ${whole('a')}`],
    [`add disks 13: > ${single('a')} by /storage/disks/0`],
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
      `remove disks 13: ${single('a')} > by /storage/disks/0`,
      `replace disks 15: ${single('b')},readonly=on > -drive file=${IMAGES}/b,format=vdi,if=virtio by /storage/disks/0/format /storage/disks/0/readonly`,
    ],
  ],
  [
    'two disks in another order',
    disks(disk('a'), disk('b')),
    disks(disk('b'), disk('a')),
    ['/storage/disks: ["a","b"] > ["b","a"]'],
    [
      `remove disks 13: ${single('a')} > by /storage/disks`,
      `add disks 17: > ${single('a')} by /storage/disks`,
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
      `add disks 13: > ${single('c')} by /storage/disks`,
      `remove disks 15: ${single('x')} > by /storage/disks/1`,
      `add disks 17: > ${single('y')} by /storage/disks/2`,
      `remove disks 19: ${single('c')} > by /storage/disks`,
    ],
  ],
  [
    'two disks swap their files',
    disks(disk('a', { path: 'images/1' }), disk('b', { path: 'images/2' })),
    disks(disk('a', { path: 'images/2' }), disk('b', { path: 'images/1' })),
    ['/storage/disks/0/path: "images/1" > "images/2"', '/storage/disks/1/path: "images/2" > "images/1"'],
    [
      `replace disks 13: ${single('1')} > ${single('2')} by /storage/disks/0/path`,
      `replace disks 15: ${single('2')} > ${single('1')} by /storage/disks/1/path`,
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
    [`remove disks 13: ${single('a')},readonly=on > by /storage/disks/0`],
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
    [`add disks 13: > ${single('1')},readonly=on by /storage/disks/0 /storage/disks/1 /storage/disks/2`],
  ],
  [
    'the second disk boots, and so each is written in another way',
    disks(disk('a'), disk('b'), disk('c')),
    disks(disk('a'), disk('b', { boot: true }), disk('c')),
    ['/storage/disks/1/boot: false > true'],
    [
      `replace disks 13: ${single('a')} > ${paired('a')} by /storage/disks/1/boot`,
      `replace disks 15: ${single('b')} > ${paired('b', ',bootindex=1')} by /storage/disks/1/boot`,
      `replace disks 17: ${single('c')} > ${paired('c')} by /storage/disks/1/boot`,
    ],
  ],
  [
    'another disk boots',
    disks(disk('a'), disk('b', { boot: true }), disk('c')),
    disks(disk('a'), disk('b'), disk('c', { boot: true })),
    ['/storage/disks/1/boot: true > false', '/storage/disks/2/boot: false > true'],
    [
      `replace disks 17: ${paired('b', ',bootindex=1')} > ${paired('b')} by /storage/disks/1/boot`,
      `replace disks 21: ${paired('c')} > ${paired('c', ',bootindex=1')} by /storage/disks/2/boot`,
    ],
  ],
  [
    'a disk comes before the one that boots',
    disks(disk('b', { boot: true })),
    disks(disk('a', { path: 'images/a' }), disk('b', { boot: true })),
    [`/storage/disks/0: > ${whole('a')}`],
    [
      `add disks 13: > ${paired('a')} by /storage/disks/0`,
      `replace disks 13: ${single('b')} > ${paired('b', ',bootindex=1')} by /storage/disks/0`,
    ],
  ],
  [
    'the one that boots comes first',
    disks(disk('a'), disk('b', { boot: true })),
    disks(disk('b', { boot: true }), disk('a')),
    ['/storage/disks: ["a","b"] > ["b","a"]'],
    [
      `remove disks 13: ${paired('a')} > by /storage/disks`,
      `replace disks 17: ${paired('b', ',bootindex=1')} > ${single('b')} by /storage/disks`,
      `add disks 21: > ${single('a')} by /storage/disks`,
    ],
  ],
  [
    'an image becomes a share',
    { ...disks(disk('a'), disk('b')), 'hardware.cores': 2 },
    disks(disk('a'), disk('b', { format: 'host-path' })),
    ['/storage/disks/1/format: "raw" > "host-path"'],
    [
      `remove disks 15: ${single('b')} > by /storage/disks/1/format`,
      `add shares 17: > -fsdev local,path=${IMAGES}/b,security_model=none,id=b -device virtio-9p-pci,fsdev=b,mount_tag=b by /storage/disks/1/format`,
    ],
  ],
  [
    'the image before the one that boots becomes a share',
    disks(disk('a'), disk('b', { boot: true })),
    disks(disk('a', { format: 'host-path' }), disk('b', { boot: true })),
    ['/storage/disks/0/format: "raw" > "host-path"'],
    [
      `remove disks 13: ${paired('a')} > by /storage/disks/0/format`,
      `replace disks 17: ${paired('b', ',bootindex=1')} > ${single('b')} by /storage/disks/0/format`,
      `add shares 21: > -fsdev local,path=${IMAGES}/a,security_model=none,id=a -device virtio-9p-pci,fsdev=a,mount_tag=a by /storage/disks/0/format`,
    ],
  ],
  [
    'one changes its place, and another one its value',
    disks(disk('a'), disk('b'), disk('c')),
    disks(disk('c'), disk('a', { readonly: true }), disk('b')),
    ['/storage/disks: ["a","b","c"] > ["c","a","b"]', '/storage/disks/1/readonly: false > true'],
    [
      `add disks 13: > ${single('c')} by /storage/disks`,
      `replace disks 13: ${single('a')} > ${single('a')},readonly=on by /storage/disks/1/readonly`,
      `remove disks 17: ${single('c')} > by /storage/disks`,
    ],
  ],
  [
    'forwards are one value',
    cards(card({ hostfwd: ['tcp:127.0.0.1:2222-:22'] })),
    cards(card({ hostfwd: ['tcp:127.0.0.1:2222-:22', 'udp::53-:53'] })),
    ['/network/interfaces/0/hostfwd: ["tcp:127.0.0.1:2222-:22"] > ["tcp:127.0.0.1:2222-:22","udp::53-:53"]'],
    [
      'replace network 15: -netdev user,id=net0,hostfwd=tcp:127.0.0.1:2222-:22 -device virtio-net-pci,netdev=net0 > -netdev user,id=net0,hostfwd=tcp:127.0.0.1:2222-:22,hostfwd=udp::53-:53 -device virtio-net-pci,netdev=net0 by /network/interfaces/0/hostfwd',
    ],
  ],
  [
    'forwards in another order',
    cards(card({ hostfwd: ['udp::1-:1', 'udp::2-:2'] })),
    cards(card({ hostfwd: ['udp::2-:2', 'udp::1-:1'] })),
    ['/network/interfaces/0/hostfwd: ["udp::1-:1","udp::2-:2"] > ["udp::2-:2","udp::1-:1"]'],
    [
      'replace network 15: -netdev user,id=net0,hostfwd=udp::1-:1,hostfwd=udp::2-:2 -device virtio-net-pci,netdev=net0 > -netdev user,id=net0,hostfwd=udp::2-:2,hostfwd=udp::1-:1 -device virtio-net-pci,netdev=net0 by /network/interfaces/0/hostfwd',
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
      'replace network 15: -netdev user,id=net0 -device virtio-net-pci,netdev=net0,mac=52:54:00:aa:bb:cc > -netdev user,id=net0 -device virtio-net-pci,netdev=net0 by /network/interfaces/0/mac',
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
      'remove network 15: -netdev user,id=net0 -device virtio-net-pci,netdev=net0 > by /network/interfaces/0/type',
      'add network 19: > -netdev user,id=net1 -device virtio-net-pci,netdev=net1 by /network/interfaces/1',
    ],
  ],
  [
    'a kernel is switched on',
    { kernel: { ...KERNEL, enabled: false } },
    { kernel: { ...KERNEL, append: 'b' } },
    ['/kernel/enabled: false > true', '/kernel/append: "a" > "b"'],
    [
      'add kernel 17: > -kernel /srv/lab/k by /kernel/enabled',
      'add kernel 17: > -initrd /srv/lab/i by /kernel/enabled',
      'add kernel 17: > -append b by /kernel/enabled /kernel/append',
    ],
  ],
  [
    'the middle one of three arguments',
    { kernel: KERNEL },
    { kernel: { enabled: true, bzimage: 'k', append: 'b' } },
    ['/kernel/initrd: "i" >', '/kernel/append: "a" > "b"'],
    [
      'remove kernel 19: -initrd /srv/lab/i > by /kernel/initrd',
      'replace kernel 21: -append a > -append b by /kernel/append',
    ],
  ],
  [
    'QMP and the serial port',
    { qmp: {} },
    { serial: { enabled: false } },
    ['/serial/enabled: true > false', '/qmp/enabled: true > false', '/qmp/socket: "run/lab.qmp.sock" >'],
    [
      'remove qmp 15: -qmp unix:/srv/lab/run/lab.qmp.sock,server=on,wait=off > by /qmp/enabled /qmp/socket',
      'remove serial 17: -serial pty > by /serial/enabled',
    ],
  ],
  [
    'serial mode',
    {},
    { 'serial.mode': 'file', 'serial.logfile': 'l' },
    ['/serial/mode: "pty" > "file"', '/serial/logfile: > "l"'],
    ['replace serial 15: -serial pty > -serial file:/srv/lab/l by /serial/mode /serial/logfile'],
  ],
];

t.test('what differs between two profiles, and what that does to argv', (t) => {
  for (const [about, before, after, profile, argv] of ROWS) {
    const diff = diffOf(before, after);
    t.strictSame(diff.profile_changes.map(valueLine), profile, `${about}: profile`);
    t.strictSame(diff.argv_changes.map(argvLine), argv, `${about}: argv`);
    t.strictSame(diff.host_changes, [], `${about}: host`);
    const changed = {
      profile: profile.length > 0,
      host: false,
      argv: argv.length > 0,
      plan: profile.length > 0,
    };
    t.strictSame(diff.changed, changed, `${about}: changed`);
    t.equal(diff.identical, profile.length === 0, `${about}: identical`);
    t.strictSame(diff.reasons.map(reasonLine), profile.length === 0 ? [] : ['profile'], `${about}: reasons`);
  }
  t.end();
});

t.test('an answer, whole', (t) => {
  const before: Change = { 'vm.description': 'old', ...cards(card({ hostfwd: ['tcp::1-:1'] })) };
  const after: Change = { 'vm.description': 'new', 'hardware.memory_mb': 2048 };
  t.equal(
    JSON.stringify(diffOf(before, after, { after: given(LINUX_WITHOUT_KVM) }), null, 2),
    `{
  "identical": false,
  "changed": {
    "profile": true,
    "host": true,
    "argv": true,
    "plan": true
  },
  "profile_changes": [
    {
      "pointer": "/vm/description",
      "before": "old",
      "after": "new"
    },
    {
      "pointer": "/hardware/memory_mb",
      "before": 1024,
      "after": 2048
    },
    {
      "pointer": "/network/interfaces/0",
      "before": {
        "name": "net0",
        "type": "user",
        "hostfwd": [
          "tcp::1-:1"
        ]
      },
      "after": null
    }
  ],
  "host_changes": [
    {
      "pointer": "/accelerators",
      "before": [
        "kvm"
      ],
      "after": []
    }
  ],
  "argv_changes": [
    {
      "op": "replace",
      "group": "accelerator",
      "first": 6,
      "before": [
        "-enable-kvm"
      ],
      "after": [
        "-accel",
        "tcg"
      ],
      "pointers": []
    },
    {
      "op": "replace",
      "group": "cpu",
      "first": 7,
      "before": [
        "-cpu",
        "host"
      ],
      "after": [
        "-cpu",
        "max"
      ],
      "pointers": []
    },
    {
      "op": "replace",
      "group": "cpu",
      "first": 11,
      "before": [
        "-m",
        "1024M"
      ],
      "after": [
        "-m",
        "2048M"
      ],
      "pointers": [
        "/hardware/memory_mb"
      ]
    },
    {
      "op": "remove",
      "group": "network",
      "first": 15,
      "before": [
        "-netdev",
        "user,id=net0,hostfwd=tcp::1-:1",
        "-device",
        "virtio-net-pci,netdev=net0"
      ],
      "after": null,
      "pointers": [
        "/network/interfaces/0"
      ]
    }
  ],
  "reasons": [
    {
      "cause": "profile",
      "certain": true,
      "explanation": "The profile hashes differ."
    },
    {
      "cause": "host",
      "certain": true,
      "explanation": "The host facts differ."
    }
  ]
}`,
  );
  t.end();
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
      ['replace accelerator 6: -enable-kvm > -accel tcg by', 'replace cpu 7: -cpu host > -cpu max by'],
    ],
    ['another architecture', TCG, ON_LINUX, given(LINUX_ARM), ['/arch: "x86_64" > "aarch64"'], []],
    [
      'another root',
      {},
      ON_LINUX,
      given(otherRoot),
      ['/project_root: "/srv/lab" > "/srv/a/b"'],
      [
        'replace disks 13: -drive file=/srv/lab/images/root.qcow2,format=qcow2,if=virtio > -drive file=/srv/a/b/images/root.qcow2,format=qcow2,if=virtio by',
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
        'replace disks 14: -drive file=/Users/dev/lab/r,format=qcow2,if=virtio > -drive file=C:\\lab\\r,format=qcow2,if=virtio by',
        'replace serial 16: -serial file:/Users/dev/lab/l > -serial file:C:\\lab\\l by',
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

t.test('an old plan', (t) => {
  const planned = plannedOf(baseProfile());
  const old = identityOf(planned);
  t.strictSame(
    diffOldPlan(old, planned),
    {
      identical: true,
      changed: { profile: false, host: false, argv: false, plan: false },
      profile_changes: [],
      host_changes: [],
      argv_changes: [],
      reasons: [],
    },
    'that would be made again',
  );
  const other = diffOldPlan(old, plannedOf(changed({ 'hardware.cores': 4 }), given(LINUX_WITHOUT_KVM)));
  t.strictSame(other.changed, { profile: true, host: true, argv: true, plan: true });
  t.strictSame(other.host_changes.map(valueLine), ['/accelerators: ["kvm"] > []'], 'its host is known');
  t.strictSame([other.profile_changes, other.argv_changes], [[], []], 'of the rest only hashes');
  t.end();
});

const OTHER_HASH = `sha256:${'0'.repeat(64)}`;

t.test('why an old plan is stale: what hashes tell, and no more', (t) => {
  const named = { 'vm.qemu_binary': 'qemu-kvm' };
  const absolute = { 'vm.qemu_binary': '/opt/qemu-kvm' };
  const [plan_hash, argv_hash, profile_hash] = [OTHER_HASH, OTHER_HASH, OTHER_HASH];
  const rows: [about: string, profile: Change, old: Partial<PlanIdentity>, ...reasons: string[]][] = [
    ['nothing', {}, {}],
    ['another profile', {}, { profile_hash, plan_hash }, 'profile'],
    ['and so another argv', {}, { profile_hash, argv_hash, plan_hash }, 'profile'],
    ['another host', {}, { host: LINUX_ARM, plan_hash }, 'host'],
    ['both', {}, { profile_hash, argv_hash, host: LINUX_ARM, plan_hash }, 'profile', 'host'],
    ['another argv, and QEMU by its default name', {}, { argv_hash, plan_hash }, 'host?', 'planner?'],
    ['QEMU by a name', named, { argv_hash, plan_hash }, 'host?', 'planner?'],
    ['QEMU by its path, which no look changes', absolute, { argv_hash, plan_hash }, 'planner'],
    ['the same argv', absolute, { plan_hash }, 'profile?', 'host?', 'planner?'],
    ['values that are not of one plan', {}, { profile_hash }, 'profile'],
    ['values that are not of one plan either', absolute, { argv_hash }, 'planner'],
  ];
  for (const [about, profile, old, ...reasons] of rows) {
    const planned = plannedOf(changed(profile));
    const diff = diffOldPlan({ ...identityOf(planned), ...old }, planned);
    t.strictSame(diff.reasons.map(reasonLine), reasons, about);
    t.equal(diff.identical, reasons.length === 0, `${about}: identical`);
    t.equal(diff.changed.plan, 'plan_hash' in old, `${about}: the plan`);
    for (const { explanation } of diff.reasons) t.match(explanation, /^[A-Z].*\.$/, `${about}: a sentence`);
  }
  t.end();
});

t.test('why two plans differ', (t) => {
  const seen = probed(LINUX);
  const elsewhere = probed(LINUX, { binary: '/opt/qemu-system-x86_64' });
  const missing = probed(LINUX, { paths: { '/srv/lab/images/root.qcow2': { kind: 'missing' } } });
  const sized: Change = { 'storage.disks.0.size_gb': 1 };
  const rows: [about: string, before: [Change, Host], after: [Change, Host], ...reasons: string[]][] = [
    ['nothing', [{}, ON_LINUX], [{}, ON_LINUX]],
    ['nothing, as seen', [{}, seen], [{}, seen]],
    ['the profile', [{}, ON_LINUX], [TCG, ON_LINUX], 'profile'],
    ['the host', [{}, ON_LINUX], [{}, given(LINUX_WITHOUT_KVM)], 'host'],
    ['both', [{}, ON_LINUX], [TCG, given(LINUX_WITHOUT_KVM)], 'profile', 'host'],
    ['a key that the schema does not have', [{}, ON_LINUX], [{ colour: 1 }, ON_LINUX], 'profile'],
    ['a given host and one that was looked at', [{}, ON_LINUX], [{}, seen], 'host'],
    ['the same the other way round', [{}, seen], [{}, ON_LINUX], 'host'],
    ['a given host, and another profile', [{}, seen], [TCG, ON_LINUX], 'profile', 'host'],
    ['QEMU was moved meanwhile', [{}, seen], [{}, elsewhere], 'host'],
    ['a file came meanwhile, or a key', [sized, seen], [sized, missing], 'profile?', 'host?'],
  ];
  for (const [about, before, after, ...reasons] of rows) {
    const diff = diffOf(before[0], after[0], { before: before[1], after: after[1] });
    t.strictSame(diff.reasons.map(reasonLine), reasons, about);
    t.equal(diff.identical, reasons.length === 0, `${about}: identical`);
  }
  t.end();
});

t.test('no secret is shown', (t) => {
  const secrets = ['password=hunter2hunter2', 'AKIAABCDEFGHIJKLMNOP'];
  const [before, after] = secrets.map((secret) => ({ 'vm.description': secret, kernel: { append: secret } }));
  const diff = diffOf(before as Change, after as Change);
  t.strictSame(diff.profile_changes.map(valueLine), [
    '/vm/description: "***REDACTED***" > "***REDACTED***"',
    '/kernel/append: "***REDACTED***" > "***REDACTED***"',
  ]);
  const added = { name: 'net0', type: 'user', token: 'x' };
  t.notMatch(JSON.stringify(diffOf({}, { 'network.interfaces.0': added })), 'token', 'nor an unknown key');
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
