/** What changed from one plan to another, and why: a reviewer reads the expected lines first. */
import t from 'tap';
import { diffOldPlan, identityOf, type PlanIdentity } from '../../src/planning/plan_diff.ts';
import { TCG } from '../help/changes.ts';
import { card, cards, checkDiffs, type DiffRow, diffOf, reasonLine, valueLine } from '../help/diffs.ts';
import { baseProfile, type Change, changed } from '../help/documents.ts';
import { given, type Host, LINUX, LINUX_ARM, LINUX_WITHOUT_KVM, ON_LINUX, probed } from '../help/hosts.ts';
import { plannedOf } from '../help/plans.ts';

const KERNEL = { enabled: true, bzimage: 'k', initrd: 'i', append: 'a' };

const VALUE_ROWS: readonly DiffRow[] = [
  ['nothing', {}, {}, [], []],
  ['a default that is written out', {}, { 'hardware.acceleration': 'auto', 'serial.mode': 'pty' }, [], []],
  [
    'memory',
    {},
    { 'hardware.memory_mb': 2048 },
    ['/hardware/memory_mb: 1024 > 2048'],
    ['replace cpu 12: -m 1024M > -m 2048M by /hardware/memory_mb'],
  ],
  [
    'cores, memory and CPU',
    { 'hardware.cpu': 'max' },
    { 'hardware.cpu': 'qemu64', 'hardware.cores': 4, 'hardware.memory_mb': 2048 },
    ['/hardware/cpu: "max" > "qemu64"', '/hardware/cores: 2 > 4', '/hardware/memory_mb: 1024 > 2048'],
    [
      'replace cpu 8: -cpu max > -cpu qemu64 by /hardware/cpu',
      'replace cpu 10: -smp 2 > -smp 4 by /hardware/cores',
      'replace cpu 12: -m 1024M > -m 2048M by /hardware/memory_mb',
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
      'replace accelerator 7: -enable-kvm > -accel tcg by /hardware/acceleration',
      'replace cpu 8: -cpu host > -cpu max by /hardware/acceleration',
    ],
  ],
  [
    'acceleration, with a CPU that is written out',
    { 'hardware.cpu': 'max' },
    { 'hardware.cpu': 'max', ...TCG },
    ['/hardware/acceleration: "auto" > "tcg"'],
    ['replace accelerator 7: -enable-kvm > -accel tcg by /hardware/acceleration'],
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
      'replace accelerator 7: -enable-kvm > -accel tcg by /hardware/arch',
      'replace cpu 8: -cpu host > -cpu rv64 by /hardware/arch',
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
      'replace network 16: -netdev tap,id=tap0,ifname=tap0,script=no,downscript=no -device virtio-net-pci,netdev=tap0,mac=52:54:00:42:a3:c6 > -netdev tap,id=tap0,ifname=tap0,script=no,downscript=no -device virtio-net-pci,netdev=tap0,mac=52:54:00:ad:75:44 by /vm/name',
      'replace qmp 20: -qmp unix:/srv/lab/run/lab.qmp.sock,server=on,wait=off > -qmp unix:/srv/lab/run/new.qmp.sock,server=on,wait=off by /qmp/socket',
      'replace serial 22: -serial unix:/srv/lab/run/lab.serial.sock,server=on,wait=off > -serial unix:/srv/lab/run/new.serial.sock,server=on,wait=off by /vm/name',
      'replace name 24: -name lab > -name new by /vm/name',
    ],
  ],
  [
    'the name, and sockets that are not called after it',
    { 'serial.mode': 'socket', 'serial.device': 'a' },
    { 'vm.name': 'new', 'serial.mode': 'socket', 'serial.device': 'b' },
    ['/vm/name: "lab" > "new"', '/serial/device: "a" > "b"'],
    [
      'replace serial 16: -serial unix:/srv/lab/a,server=on,wait=off > -serial unix:/srv/lab/b,server=on,wait=off by /serial/device',
      'replace name 18: -name lab > -name new by /vm/name',
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
    'a kernel is switched on',
    { kernel: { ...KERNEL, enabled: false } },
    { kernel: { ...KERNEL, append: 'b' } },
    ['/kernel/enabled: false > true', '/kernel/append: "a" > "b"'],
    [
      'add kernel 18: > -kernel /srv/lab/k by /kernel/enabled',
      'add kernel 18: > -initrd /srv/lab/i by /kernel/enabled',
      'add kernel 18: > -append b by /kernel/enabled /kernel/append',
    ],
  ],
  [
    'the middle one of three arguments',
    { kernel: KERNEL },
    { kernel: { enabled: true, bzimage: 'k', append: 'b' } },
    ['/kernel/initrd: "i" >', '/kernel/append: "a" > "b"'],
    [
      'remove kernel 20: -initrd /srv/lab/i > by /kernel/initrd',
      'replace kernel 22: -append a > -append b by /kernel/append',
    ],
  ],
  [
    'QMP and the serial port',
    { qmp: {} },
    { serial: { enabled: false } },
    ['/serial/enabled: true > false', '/qmp/enabled: true > false', '/qmp/socket: "run/lab.qmp.sock" >'],
    [
      'remove qmp 16: -qmp unix:/srv/lab/run/lab.qmp.sock,server=on,wait=off > by /qmp/enabled /qmp/socket',
      'remove serial 18: -serial pty > by /serial/enabled',
    ],
  ],
  [
    'serial mode',
    {},
    { 'serial.mode': 'file', 'serial.logfile': 'l' },
    ['/serial/mode: "pty" > "file"', '/serial/logfile: > "l"'],
    ['replace serial 16: -serial pty > -serial file:/srv/lab/l by /serial/mode /serial/logfile'],
  ],
];

t.test('what differs between two profiles, and what that does to argv', (t) => {
  checkDiffs(t, VALUE_ROWS);
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
      "after": "new",
      "note": null
    },
    {
      "pointer": "/hardware/memory_mb",
      "before": 1024,
      "after": 2048,
      "note": null
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
      "after": null,
      "note": null
    }
  ],
  "host_changes": [
    {
      "pointer": "/accelerators",
      "before": [
        "kvm"
      ],
      "after": [],
      "note": null
    }
  ],
  "argv_changes": [
    {
      "op": "replace",
      "group": "accelerator",
      "first": 7,
      "before": [
        "-enable-kvm"
      ],
      "after": [
        "-accel",
        "tcg"
      ],
      "pointers": [],
      "note": null
    },
    {
      "op": "replace",
      "group": "cpu",
      "first": 8,
      "before": [
        "-cpu",
        "host"
      ],
      "after": [
        "-cpu",
        "max"
      ],
      "pointers": [],
      "note": null
    },
    {
      "op": "replace",
      "group": "cpu",
      "first": 12,
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
      ],
      "note": null
    },
    {
      "op": "remove",
      "group": "network",
      "first": 16,
      "before": [
        "-netdev",
        "user,id=net0,hostfwd=tcp::1-:1",
        "-device",
        "virtio-net-pci,netdev=net0"
      ],
      "after": null,
      "pointers": [
        "/network/interfaces/0"
      ],
      "note": null
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

t.test('texts that look the same', (t) => {
  const [composed, decomposed] = ['images/\u00e4.qcow2', 'images/a\u0308.qcow2'];
  const path = (text: string): Change => ({ 'storage.disks.0.path': text });
  const diff = diffOf(path(composed), path(decomposed));
  const note = 'They differ in Unicode normalisation only: they look the same and are not.';
  t.strictSame(
    [...diff.profile_changes, ...diff.argv_changes].map((change) => change.note),
    [note, note],
    'the values and the arguments',
  );
  t.match(diff.reasons, [{ cause: 'profile', certain: true, explanation: /Unicode normalisation/ }]);
  const more = diffOf(path(composed), { ...path(decomposed), 'hardware.memory_mb': 2048 });
  t.strictSame(
    more.profile_changes.map((change) => change.note),
    [null, note],
    'one of two changes',
  );
  t.match(more.reasons, [{ cause: 'profile', explanation: 'The profile hashes differ.' }]);
  const added = diffOf({}, { 'vm.qemu_binary': '/opt/qemu-system-x86_64', 'kernel.append': composed });
  t.strictSame(
    added.profile_changes.map((change) => change.note),
    added.profile_changes.map(() => null),
    'what was not there looks like nothing',
  );
  const other = diffOf(path('images/\u00e4.qcow2'), path('images/a.qcow2'));
  t.strictSame(
    other.profile_changes.map((change) => change.note),
    [null],
    'another letter',
  );
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

t.test('another version of QEMU is named', (t) => {
  const on = (qemu_version: string | null, facts = LINUX) =>
    given(qemu_version === null ? facts : { ...facts, qemu_version });
  const why = (before: Host, after: Host, change: Change = {}): string[] =>
    diffOf({}, change, { before, after }).reasons.map(({ explanation }) => explanation);
  const says = (before: string, after: string): RegExp =>
    new RegExp(`^The version of the host's QEMU is ${before} in one plan and ${after} in the other:`);
  t.match(why(on('7.2'), on('10.0')), [says('7.2', '10.0')]);
  t.match(why(on(null), on('10.0')), [says('not known', '10.0')]);
  t.match(why(on('7.2'), on(null)), [says('7.2', 'not known')]);
  t.match(why(on('7.2'), on('10.0', LINUX_WITHOUT_KVM), TCG), [
    'The profile hashes differ.',
    'The host facts differ.',
    says('7.2', '10.0'),
  ]);
  const old = plannedOf(baseProfile(), on('7.2'));
  const { reasons } = diffOldPlan(identityOf(old), plannedOf(baseProfile(), on('10.0')));
  t.match(reasons, [{ cause: 'host', certain: true, explanation: says('7.2', '10.0') }]);
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
