/** The profile's shape, and every rule that needs no knowledge of the host. Each row is a rule or its near miss. */
import t from 'tap';
import { planProfile } from '../src/planning/plan_profile.ts';
import { validationResult } from '../src/planning/validation_result.ts';
import { canonicalToml } from '../src/profile/canonical.ts';
import { decodeUtf8 } from '../src/profile/parse_toml.ts';
import { readProfile, readToml, unreadableProfile } from '../src/profile/read_profile.ts';
import { ProfileSchema } from '../src/profile/schema.ts';
import { schemaProblemOf } from '../src/profile/schema_problem.ts';
import { ABSENT, baseProfile, changed, type Document, reordered } from './help/documents.ts';
import { given, LINUX_ARM, ON_LINUX } from './help/hosts.ts';
import { fromToml, issuesOf, outcomeOf, plannedOf } from './help/plans.ts';
import { checkIssues, checkRows, issueLine, type Row } from './help/rows.ts';

const DISK = 'storage.disks.0';
const CARD = 'network.interfaces.0';

function disk(name: string, more: object = {}): object {
  return { name, path: `images/${name}.qcow2`, format: 'qcow2', ...more };
}

function user(name: string, ...hostfwd: string[]): object {
  return { name, type: 'user', hostfwd };
}

/** An interface that forwards these rules. */
function forwarding(...hostfwd: string[]): Record<string, unknown> {
  return { [CARD]: user('net0', ...hostfwd) };
}

function withMac(mac: unknown): Record<string, unknown> {
  return { [CARD]: { name: 'net0', type: 'user', mac } };
}

function withKernel(kernel: object): Record<string, unknown> {
  return { kernel: { enabled: true, bzimage: 'boot/bzImage', ...kernel } };
}

t.test('the base profile has no issue', (t) => {
  checkIssues(t, baseProfile(), [], 'on Linux with kvm');
  t.end();
});

t.test('required keys', (t) =>
  checkRows(t, [
    ['schema_version', { schema_version: ABSENT }, 'error missing-field schema_version'],
    ['vm', { vm: ABSENT }, 'error missing-field vm.name'],
    ['vm.name', { 'vm.name': ABSENT }, 'error missing-field vm.name'],
    [
      'hardware',
      { hardware: ABSENT },
      'error missing-field hardware.arch',
      'error missing-field hardware.cores',
      'error missing-field hardware.memory_mb',
    ],
    ['hardware.arch', { 'hardware.arch': ABSENT }, 'error missing-field hardware.arch'],
    ['hardware.cores', { 'hardware.cores': ABSENT }, 'error missing-field hardware.cores'],
    ['hardware.memory_mb', { 'hardware.memory_mb': ABSENT }, 'error missing-field hardware.memory_mb'],
    [
      'all of a disk',
      { [DISK]: {} },
      'error missing-field storage.disks[0].name',
      'error missing-field storage.disks[0].path',
      'error missing-field storage.disks[0].format',
    ],
    [
      'all of an interface',
      { [CARD]: {} },
      'error missing-field network.interfaces[0].name',
      'error missing-field network.interfaces[0].type',
    ],
    ['a log for mode file', { 'serial.mode': 'file' }, 'error missing-field serial.logfile'],
    ['a device will do', { 'serial.mode': 'file', 'serial.device': 'logs/a.log' }],
    [
      'no log while disabled',
      { 'serial.enabled': false, 'serial.mode': 'file' },
      'info no-console serial.enabled',
    ],
    ['an image of the kernel', { 'kernel.enabled': true }, 'error missing-field kernel.bzimage'],
    ['no image while disabled', { 'kernel.enabled': false }],
    ['an empty kernel section', { kernel: {} }],
    ['sections may be empty', { console: {}, network: {}, qmp: {} }],
  ]),
);

t.test('an empty document names every key that must be there', (t) => {
  const missing = ['schema_version', 'vm.name', 'hardware.arch', 'hardware.cores', 'hardware.memory_mb'];
  checkIssues(
    t,
    {},
    [
      ...missing.map((field) => `error missing-field ${field}`),
      'error no-boot-source storage.disks',
      'info no-console serial.enabled',
    ],
    'empty',
  );
  t.end();
});

t.test('a document that is no table is one wrong type and nothing else', (t) => {
  for (const document of [null, undefined, 1, 'text', true, [], [baseProfile()], new Date(0)]) {
    const issues = checkIssues(t, document, ['error wrong-type'], String(document));
    t.equal(issues[0]?.field, '', 'the field is the profile itself');
    t.equal(issues[0]?.pointer, '', 'and so is the pointer');
  }
  t.end();
});

const STRINGS = [
  'vm.name',
  'vm.description',
  'vm.qemu_binary',
  'hardware.arch',
  'hardware.cpu',
  'hardware.acceleration',
  'storage.disks.0.name',
  'storage.disks.0.path',
  'storage.disks.0.format',
  'network.interfaces.0.name',
  'network.interfaces.0.type',
  'network.interfaces.0.hostfwd.0',
  'network.interfaces.0.mac',
  'serial.mode',
  'serial.device',
  'serial.logfile',
  'qmp.socket',
  'console.escape_sequence',
  'kernel.bzimage',
  'kernel.initrd',
  'kernel.append',
];
const INTEGERS = ['schema_version', 'hardware.cores', 'hardware.memory_mb', 'storage.disks.0.size_gb'];
const BOOLEANS = [
  'storage.disks.0.boot',
  'storage.disks.0.readonly',
  'serial.enabled',
  'qmp.enabled',
  'console.auto_attach',
  'kernel.enabled',
];
const ARRAYS = ['storage.disks', 'network.interfaces', 'network.interfaces.0.hostfwd'];
const TABLES = [
  'storage',
  'network',
  'serial',
  'qmp',
  'console',
  'kernel',
  'storage.disks.0',
  'network.interfaces.0',
];
const VALUES: Readonly<Record<string, readonly unknown[]>> = {
  string: ['x'],
  integer: [7, 7n],
  number: [1.5, Number.NaN, Number.POSITIVE_INFINITY],
  boolean: [true],
  array: [['x']],
  table: [{}],
  other: [null, new Date(0)],
};

t.test('a value of another type is reported once, where it stands', (t) => {
  for (const [type, paths] of Object.entries({
    string: STRINGS,
    integer: INTEGERS,
    boolean: BOOLEANS,
    array: ARRAYS,
    table: TABLES,
  })) {
    const wrong = Object.entries(VALUES).flatMap(([other, values]) => (other === type ? [] : values));
    for (const path of paths) {
      const field = path.replace(/\.(\d+)/g, '[$1]');
      for (const value of wrong) {
        const start = path.startsWith('network') ? { [CARD]: user('net0') } : {};
        checkIssues(
          t,
          changed({ ...start, [path]: value }),
          [`error wrong-type ${field}`],
          `${field} = ${String(value)}`,
        );
      }
    }
  }
  t.end();
});

t.test('required sections of another type', (t) =>
  checkRows(t, [
    ['vm', { vm: 3 }, 'error wrong-type vm'],
    ['hardware', { hardware: [] }, 'error wrong-type hardware'],
  ]),
);

t.test('only the value of a number counts', (t) => {
  const numbers: readonly (readonly [string, string, string | number])[] = [
    ['memory_mb', '1024.0', 1024],
    ['memory_mb', '0x400', 1024],
    ['memory_mb', '1.024e3', 1024],
    ['memory_mb', '1_024', 1024],
    ['memory_mb', '0o2000', 1024],
    ['memory_mb', '+1024', 1024],
    ['cores', '0b100', 4],
    ['cores', '4.5', 'wrong-type'],
    ['cores', '1e-1', 'wrong-type'],
    ['cores', 'nan', 'wrong-type'],
    ['cores', '-inf', 'wrong-type'],
    ['cores', '+inf', 'wrong-type'],
    ['cores', '2024-01-01', 'wrong-type'],
    ['cores', '2024-01-01T00:00:00Z', 'wrong-type'],
    ['cores', '10:20:30', 'wrong-type'],
    ['cores', '"4"', 'wrong-type'],
    ['cores', '0', 'out-of-range'],
    ['cores', '-4', 'out-of-range'],
    ['cores', '9007199254740993', 'out-of-range'],
    ['cores', '9007199254740992.0', 'out-of-range'],
    ['cores', '9223372036854775807', 'out-of-range'],
    ['cores', '1e300', 'out-of-range'],
  ];
  for (const [key, text, expected] of numbers) {
    const document = changed({});
    document.hardware = { ...Object(document.hardware), ...Object(fromToml(`${key} = ${text}`)) };
    const outcome = outcomeOf(document);
    if (typeof expected === 'number') {
      t.ok(outcome.isValid && outcome.canonical.includes(`\n${key} = ${expected}\n`), `${key} = ${text}`);
    } else {
      t.strictSame(
        issuesOf(outcome).map(issueLine),
        [`error ${expected} hardware.${key}`],
        `${key} = ${text}`,
      );
    }
  }
  t.ok(outcomeOf(changed({ 'hardware.cores': 4n })).isValid, 'a big integer of a small value');
  checkIssues(
    t,
    changed({ 'hardware.cores': 10n ** 400n }),
    ['error out-of-range hardware.cores'],
    'an integer beyond every number',
  );
  t.end();
});

t.test('bounds of integers', (t) =>
  checkRows(t, [
    ['schema_version 0', { schema_version: 0 }, 'error out-of-range schema_version'],
    ['schema_version 2', { schema_version: 2 }, 'error out-of-range schema_version'],
    ['cores 0', { 'hardware.cores': 0 }, 'error out-of-range hardware.cores'],
    ['cores 1', { 'hardware.cores': 1 }],
    ['cores 256', { 'hardware.cores': 256 }],
    ['cores 257', { 'hardware.cores': 257 }, 'error out-of-range hardware.cores'],
    ['memory 255', { 'hardware.memory_mb': 255 }, 'error out-of-range hardware.memory_mb'],
    ['memory 256', { 'hardware.memory_mb': 256 }],
    ['memory 16777216', { 'hardware.memory_mb': 16777216 }],
    ['memory 16777217', { 'hardware.memory_mb': 16777217 }, 'error out-of-range hardware.memory_mb'],
    ['size 0', { [`${DISK}.size_gb`]: 0 }, 'error out-of-range storage.disks[0].size_gb'],
    ['size 1', { [`${DISK}.size_gb`]: 1 }],
    ['size 65536', { [`${DISK}.size_gb`]: 65536 }],
    ['size 65537', { [`${DISK}.size_gb`]: 65537 }, 'error out-of-range storage.disks[0].size_gb'],
  ]),
);

t.test('names', (t) => {
  const vm = (name: string, ...issues: string[]): Row => [`vm ${name}`, { 'vm.name': name }, ...issues];
  const of = (name: string, ...issues: string[]): Row => [
    `disk ${name}`,
    { [`${DISK}.name`]: name },
    ...issues,
  ];
  const card = (name: string, ...issues: string[]): Row => [
    `card ${name}`,
    { [CARD]: user(name) },
    ...issues,
  ];
  checkRows(t, [
    vm('a'),
    vm('_'),
    vm('0-VM_x'),
    vm('x'.repeat(64)),
    vm('x'.repeat(65), 'error invalid-name vm.name'),
    vm('', 'error invalid-name vm.name'),
    vm(' ', 'error invalid-name vm.name'),
    vm('-x', 'error invalid-name vm.name'),
    vm('a b', 'error invalid-name vm.name'),
    vm('a.b', 'error invalid-name vm.name'),
    vm('a,b', 'error invalid-name vm.name'),
    vm('ä', 'error invalid-name vm.name'),
    vm('../a', 'error invalid-name vm.name'),
    of('r'),
    of('R0-_'),
    of('x'.repeat(31)),
    of('x'.repeat(32), 'error invalid-name storage.disks[0].name'),
    of('', 'error invalid-name storage.disks[0].name'),
    of('0a', 'error invalid-name storage.disks[0].name'),
    of('_a', 'error invalid-name storage.disks[0].name'),
    of('a.b', 'error invalid-name storage.disks[0].name'),
    of('a,readonly=on', 'error invalid-name storage.disks[0].name'),
    card('net0'),
    card('x'.repeat(31)),
    card('x'.repeat(32), 'error invalid-name network.interfaces[0].name'),
    card('0net', 'error invalid-name network.interfaces[0].name'),
    card('n=1', 'error invalid-name network.interfaces[0].name'),
    [
      'two disks of one name',
      { 'storage.disks.1': { ...disk('root'), path: 'images/b.qcow2' } },
      'error duplicate-name storage.disks[1].name',
    ],
    ['names that differ in case', { 'storage.disks.1': disk('Root') }],
    [
      'three interfaces of one name',
      { 'network.interfaces': [user('a'), user('a'), user('b'), user('a')] },
      'error duplicate-name network.interfaces[1].name',
      'error duplicate-name network.interfaces[3].name',
    ],
    ['a disk and an interface of one name', { [CARD]: user('root') }],
  ]);
});

t.test('the name of a tap device fits into the kernel', (t) =>
  checkRows(t, [
    [
      '15 characters',
      { [CARD]: { name: 'x'.repeat(15), type: 'tap' } },
      'warning host-network-setup network.interfaces[0].type',
    ],
    [
      '16 characters',
      { [CARD]: { name: 'x'.repeat(16), type: 'tap' } },
      'error interface-name-too-long network.interfaces[0].name',
      'warning host-network-setup network.interfaces[0].type',
    ],
    [
      'a bridge is not called so',
      { [CARD]: { name: 'x'.repeat(16), type: 'bridge' } },
      'warning host-network-setup network.interfaces[0].type',
    ],
    ['nor a user network', { [CARD]: { name: 'x'.repeat(16), type: 'user' } }],
    ['nor nothing', { [CARD]: { name: 'x'.repeat(16), type: 'none' } }],
  ]),
);

t.test('words', (t) =>
  checkRows(t, [
    ['arch', { 'hardware.arch': 'x86-64' }, 'error not-allowed hardware.arch'],
    ['arch in another case', { 'hardware.arch': 'X86_64' }, 'error not-allowed hardware.arch'],
    ['acceleration', { 'hardware.acceleration': 'xen' }, 'error not-allowed hardware.acceleration'],
    ['an empty acceleration', { 'hardware.acceleration': '' }, 'error not-allowed hardware.acceleration'],
    ['format', { [`${DISK}.format`]: 'qcow' }, 'error not-allowed storage.disks[0].format'],
    ['type', { [CARD]: { name: 'a', type: 'vde' } }, 'error not-allowed network.interfaces[0].type'],
    ['mode', { 'serial.mode': 'stdio' }, 'error not-allowed serial.mode'],
    ['vdi', { [`${DISK}.format`]: 'vdi' }],
    ['vmdk', { [`${DISK}.format`]: 'vmdk' }],
    ['raw', { [`${DISK}.format`]: 'raw' }],
  ]),
);

t.test('description', (t) => {
  const of = (description: string, ...issues: string[]): Row => [
    JSON.stringify(description).slice(0, 20),
    { 'vm.description': description },
    ...issues,
  ];
  checkRows(t, [
    of(''),
    of(' '),
    of('a\n\tb "c" \\ \u00a0 日本 🐧'),
    of('x'.repeat(200)),
    of('🐧'.repeat(200)),
    of('x'.repeat(201), 'warning description-long vm.description'),
    of('a\rb', 'error control-character vm.description'),
    of('a\u0000', 'error control-character vm.description'),
    of('a\u202e', 'error control-character vm.description'),
  ]);
});

t.test('cpu', (t) => {
  const of = (cpu: string, ...issues: string[]): Row => [
    cpu.slice(0, 40),
    { 'hardware.cpu': cpu },
    ...issues,
  ];
  const invalid = 'error invalid-cpu hardware.cpu';
  checkRows(t, [
    of('max'),
    of('Skylake-Client-v4'),
    of('host,pmu=off,+avx,-sse4.1,x2apic,level=0xd'),
    of('486'),
    of(`max${',pmu=off'.repeat(127)},pm=o`, 'warning cpu-feature-repeated hardware.cpu'),
    of(`max${',pmu=off'.repeat(127)},pm=of`, invalid),
    of('', 'error empty-value hardware.cpu'),
    of('  ', 'error empty-value hardware.cpu'),
    of('help', invalid),
    of('?', invalid),
    of('-max', invalid),
    of('max,', invalid),
    of(',max', invalid),
    of('max,,pmu=off', invalid),
    of('max, pmu=off', invalid),
    of('max,pmu=', invalid),
    of('max,=off', invalid),
    of('max,pmu=a=b', invalid),
    of('max,+', invalid),
    of('max,+-x', invalid),
    of('max,_x=1', invalid),
    of('max,+x=1', invalid),
    of('max,x=ü', invalid),
    of('max;x', invalid),
  ]);
});

t.test('cpu features without a value are for x86_64', (t) => {
  const of = (cpu: string, ...issues: string[]): Row => [
    cpu,
    { 'hardware.arch': 'aarch64', 'hardware.cpu': cpu },
    ...issues,
    'warning disk-boot-needs-firmware hardware.arch',
  ];
  checkRows(
    t,
    [
      of('cortex-a72'),
      of('host,pmu=off'),
      of('host,+pmu', 'error invalid-cpu hardware.cpu'),
      of('host,-pmu', 'error invalid-cpu hardware.cpu'),
      of('host,pmu', 'error invalid-cpu hardware.cpu'),
      of('host,sve=on,pmu', 'error invalid-cpu hardware.cpu'),
      of('help', 'error invalid-cpu hardware.cpu'),
    ],
    given(LINUX_ARM),
  );
});

t.test('memory comes in blocks', (t) =>
  checkRows(t, [
    ['odd', { 'hardware.memory_mb': 1000 }, 'warning memory-not-aligned hardware.memory_mb'],
    ['257', { 'hardware.memory_mb': 257 }, 'warning memory-not-aligned hardware.memory_mb'],
    ['even', { 'hardware.memory_mb': 1280 }],
    [
      'odd on POWER',
      { 'hardware.arch': 'ppc64le', 'hardware.memory_mb': 1000, 'hardware.acceleration': 'tcg' },
      'error memory-not-aligned hardware.memory_mb',
    ],
    [
      'even on POWER',
      { 'hardware.arch': 'ppc64le', 'hardware.memory_mb': 1280, 'hardware.acceleration': 'tcg' },
    ],
  ]),
);

t.test('disks', (t) => {
  const share = { name: 'share', path: 'shares/a', format: 'host-path' };
  checkRows(t, [
    ['a share', { 'storage.disks.1': share }],
    ['a read-only share', { 'storage.disks.1': { ...share, readonly: true, boot: false } }],
    [
      'size on a share',
      { 'storage.disks.1': { ...share, size_gb: 1 } },
      'error size-on-share storage.disks[1].size_gb',
    ],
    [
      'boot on a share',
      { 'storage.disks.1': { ...share, boot: true } },
      'error boot-on-share storage.disks[1].boot',
    ],
    ['one boot disk', { 'storage.disks.1': disk('b', { boot: true }) }],
    [
      'three boot disks',
      { 'storage.disks': [disk('a', { boot: true }), disk('b', { boot: true }), disk('c', { boot: true })] },
      'error several-boot-disks storage.disks[1].boot',
      'error several-boot-disks storage.disks[2].boot',
    ],
    ['no disk', { storage: ABSENT }, 'error no-boot-source storage.disks'],
    ['an empty list', { 'storage.disks': [] }, 'error no-boot-source storage.disks'],
    ['only a share', { 'storage.disks': [share] }, 'error no-boot-source storage.disks'],
    [
      'a kernel that is disabled',
      { 'storage.disks': [], kernel: { bzimage: 'boot/bzImage' } },
      'error no-boot-source storage.disks',
    ],
    ['a kernel', { 'storage.disks': [], ...withKernel({ append: 'root=/dev/nfs' }) }],
    [
      'a disk of a refused format may be an image',
      { [`${DISK}.format`]: 'iso' },
      'error not-allowed storage.disks[0].format',
    ],
  ]);
});

t.test('devices fit into the slots of the machine', (t) => {
  const tcg = { 'hardware.acceleration': 'tcg' };
  const disks = (count: number) => Array.from({ length: count }, (_, index) => disk(`d${index}`));
  const slots = { x86_64: 30, aarch64: 31, riscv64: 31, ppc64le: 32 };
  const full = (arch: keyof typeof slots, more: number): Document => ({
    ...tcg,
    ...withKernel({}),
    'hardware.arch': arch,
    'storage.disks': [
      ...disks(slots[arch] - 3 + more),
      { name: 'share', path: 'shares/a', format: 'host-path' },
    ],
    'network.interfaces': [user('a'), { name: 'off', type: 'none' }, user('b')],
  });
  for (const arch of Object.keys(slots) as (keyof typeof slots)[]) {
    checkIssues(t, changed(full(arch, 0)), [], `${arch} full`);
    checkIssues(t, changed(full(arch, 1)), ['error too-many-devices storage.disks'], `${arch} over`);
  }
  t.end();
});

t.test('arrays have a length that no machine reaches', (t) => {
  const none = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ name: `n${index}`, type: 'none' }));
  const tooMany = (field: string) => `error too-many-elements ${field}`;
  checkRows(t, [
    ['256 interfaces', { 'network.interfaces': none(256) }],
    ['257 interfaces', { 'network.interfaces': none(257) }, tooMany('network.interfaces')],
    [
      '257 disks',
      { 'storage.disks': Array.from({ length: 257 }, (_, index) => disk(`d${index}`)) },
      'error too-many-devices storage.disks',
      tooMany('storage.disks'),
    ],
  ]);
});

t.test('hostfwd', (t) => {
  const of = (rule: string, ...issues: string[]): Row => [rule, forwarding(rule), ...issues];
  const invalid = 'error invalid-hostfwd network.interfaces[0].hostfwd[0]';
  const exposed = 'warning hostfwd-not-loopback network.interfaces[0].hostfwd[0]';
  const privileged = 'warning hostfwd-privileged-port network.interfaces[0].hostfwd[0]';
  checkRows(t, [
    of('tcp:127.0.0.1:2222-:22'),
    of('udp:127.0.0.1:1024-10.0.2.15:65535'),
    of('tcp:127.255.255.255:65535-:1'),
    of('tcp::2222-:22', exposed),
    of('tcp:0.0.0.0:2222-:22', exposed),
    of('tcp:192.168.1.1:2222-:22', exposed),
    of('tcp:12.7.0.1:2222-:22', exposed),
    of('tcp:127.0.0.1:1023-:22', privileged),
    of('tcp:127.0.0.1:1-:22', privileged),
    of('tcp::80-:80', exposed, privileged),
    of('', 'error empty-value network.interfaces[0].hostfwd[0]'),
    of('tcp:127.0.0.1:0-:22', invalid),
    of('tcp:127.0.0.1:65536-:22', invalid),
    of('tcp:127.0.0.1:2222-:0', invalid),
    of('tcp:127.0.0.1:2222-:65536', invalid),
    of('tcp:127.0.0.1:02222-:22', invalid),
    of('tcp:127.0.0.1:0x8ae-:22', invalid),
    of('tcp:127.0.0.1:+2222-:22', invalid),
    of('tcp:127.0.0.1: 2222-:22', invalid),
    of('tcp:127.0.0.01:2222-:22', invalid),
    of('tcp:256.0.0.1:2222-:22', invalid),
    of('tcp:127.0.1:2222-:22', invalid),
    of('tcp:0x7f000001:2222-:22', invalid),
    of('tcp:localhost:2222-:22', invalid),
    of('tcp:[::1]:2222-:22', invalid),
    of('tcp:127.0.0.1:2222-2230-:22', invalid),
    of('tcp:127.0.0.1:2222-22', invalid),
    of('tcp:127.0.0.1:2222', invalid),
    of(':127.0.0.1:2222-:22', invalid),
    of('TCP:127.0.0.1:2222-:22', invalid),
    of('unix:/run/x-:22', invalid),
    of('tcp:127.0.0.1:2222-:22,restrict=off', invalid),
    of(' tcp:127.0.0.1:2222-:22', invalid),
    of('tcp:127.0.0.1:2222-:22 ', invalid),
    of('tcp:127.0.0.1:２２２２-:22', invalid),
    [
      'only a user network forwards',
      { [CARD]: { name: 'tap0', type: 'tap', hostfwd: ['tcp::2222-:22'] } },
      'error hostfwd-needs-user network.interfaces[0].hostfwd',
      'warning host-network-setup network.interfaces[0].type',
    ],
    [
      'nothing does not forward either',
      { [CARD]: { name: 'a', type: 'none', hostfwd: ['tcp::2222-:22'] } },
      'error hostfwd-needs-user network.interfaces[0].hostfwd',
    ],
    ['an empty list is none', { [CARD]: { name: 'a', type: 'none', hostfwd: [] } }],
  ]);
});

t.test('ports forwarded twice', (t) => {
  const again = (index: number, card = 0) =>
    `error port-forwarded-twice network.interfaces[${card}].hostfwd[${index}]`;
  const exposed = (index: number) => `warning hostfwd-not-loopback network.interfaces[0].hostfwd[${index}]`;
  checkRows(t, [
    ['one address', forwarding('tcp:127.0.0.1:2222-:22', 'tcp:127.0.0.1:2222-:23'), again(1)],
    ['two protocols', forwarding('tcp:127.0.0.1:2222-:22', 'udp:127.0.0.1:2222-:22')],
    ['two addresses', forwarding('tcp:127.0.0.1:2222-:22', 'tcp:127.0.0.2:2222-:22')],
    ['two ports', forwarding('tcp:127.0.0.1:2222-:22', 'tcp:127.0.0.1:2223-:22')],
    ['every address later', forwarding('tcp:127.0.0.1:2222-:22', 'tcp::2222-:22'), again(1), exposed(1)],
    [
      'every address first',
      forwarding('tcp:0.0.0.0:2222-:22', 'tcp:127.0.0.1:2222-:22'),
      again(1),
      exposed(0),
    ],
    [
      'both spellings of every address',
      forwarding('tcp::2222-:22', 'tcp:0.0.0.0:2222-:22'),
      again(1),
      exposed(0),
      exposed(1),
    ],
    [
      'three times',
      forwarding('tcp:127.0.0.1:2222-:22', 'tcp:127.0.0.1:2222-:23', 'tcp:127.0.0.1:2222-:24'),
      again(1),
      again(2),
    ],
    [
      'the third against the second alone',
      forwarding('tcp:127.0.0.1:2222-:22', 'tcp::2222-:22', 'tcp:127.0.0.2:2222-:22'),
      again(1),
      again(2),
      exposed(1),
    ],
    [
      'on two interfaces',
      { 'network.interfaces': [user('a', 'tcp:127.0.0.1:2222-:22'), user('b', 'tcp:127.0.0.1:2222-:22')] },
      again(0, 1),
    ],
  ]);
});

t.test('mac', (t) => {
  const of = (mac: string, ...issues: string[]): Row => [mac, withMac(mac), ...issues];
  const invalid = 'error invalid-mac network.interfaces[0].mac';
  checkRows(t, [
    of('52:54:00:0a:0b:0c'),
    of('FE:FF:FF:FF:FF:FF'),
    of('00:00:00:00:00:01'),
    of('', 'error empty-value network.interfaces[0].mac'),
    of(' ', 'error empty-value network.interfaces[0].mac'),
    of('52-54-00-0a-0b-0c', invalid),
    of('525400:0a0b0c', invalid),
    of('52:54:00:0a:0b', invalid),
    of('52:54:00:0a:0b:0c:0d', invalid),
    of('5:54:00:0a:0b:0c', invalid),
    of('52:54:00:0a:0b:0g', invalid),
    of('52:54:00:0a:0b:0c,romfile=x', invalid),
    of('00:00:00:00:00:00', invalid),
    of('53:54:00:0a:0b:0c', invalid),
    of('ff:ff:ff:ff:ff:ff', invalid),
    of('01:00:5e:00:00:01', invalid),
    [
      'two of one address, in another case',
      {
        'network.interfaces': [
          { name: 'a', type: 'user', mac: '52:54:00:0a:0b:0c' },
          { name: 'b', type: 'user', mac: '52:54:00:0A:0B:0C' },
        ],
      },
      'error duplicate-mac network.interfaces[1].mac',
    ],
    [
      'the address that another interface gets from the names',
      {
        'vm.name': 'router',
        'network.interfaces': [
          { name: 'a', type: 'user', mac: '52:54:00:89:e8:fd' },
          { name: 'tap0', type: 'tap' },
        ],
      },
      'error duplicate-mac network.interfaces[1].mac',
      'warning host-network-setup network.interfaces[1].type',
    ],
  ]);
});

t.test('addresses that QEMU hands out itself', (t) => {
  const last = (mac: string, before: number, ...issues: string[]): Row => [
    `${mac} after ${before}`,
    {
      'network.interfaces': [
        ...Array.from({ length: before }, (_, index) => user(`u${index}`)),
        { name: 'own', type: 'user', mac },
      ],
    },
    ...issues,
  ];
  const taken = (index: number) => `error mac-taken-by-qemu network.interfaces[${index}].mac`;
  checkRows(t, [
    last('52:54:00:12:34:56', 0),
    last('52:54:00:12:34:56', 1, taken(1)),
    last('52:54:00:12:34:57', 1),
    last('52:54:00:12:34:57', 2, taken(2)),
    last('52:54:00:12:34:55', 2),
    last('52:54:00:12:35:56', 2),
    [
      'one with an address, and others without a card of that kind, do not count',
      {
        'network.interfaces': [
          { name: 'a', type: 'user', mac: '52:54:00:00:00:01' },
          { name: 'b', type: 'none' },
          { name: 'c', type: 'user', mac: '52:54:00:12:34:56' },
        ],
      },
    ],
    [
      'a later interface does not count',
      { 'network.interfaces': [{ name: 'a', type: 'user', mac: '52:54:00:12:34:56' }, user('b')] },
    ],
  ]);
});

t.test('interfaces that need something of the host', (t) =>
  checkRows(t, [
    ['tap', { [CARD]: { name: 'a', type: 'tap' } }, 'warning host-network-setup network.interfaces[0].type'],
    [
      'bridge',
      { [CARD]: { name: 'a', type: 'bridge' } },
      'warning host-network-setup network.interfaces[0].type',
    ],
    ['user', { [CARD]: { name: 'a', type: 'user' } }],
    ['none', { [CARD]: { name: 'a', type: 'none' } }],
  ]),
);

t.test('serial', (t) => {
  const of = (about: string, serial: object, ...issues: string[]): Row => [
    about,
    { serial: { enabled: true, ...serial } },
    ...issues,
  ];
  checkRows(t, [
    of('pty by default', {}),
    of('pty', { mode: 'pty' }),
    of('none', { mode: 'none' }),
    of('socket', { mode: 'socket' }),
    of('socket with a device', { mode: 'socket', device: 'run/a.sock' }),
    of('pty with a device', { mode: 'pty', device: 'run/a' }, 'error serial-device-not-used serial.device'),
    of('none with a device', { mode: 'none', device: 'run/a' }, 'error serial-device-not-used serial.device'),
    of('file', { mode: 'file', logfile: 'logs/a.log' }),
    of(
      'file with both',
      { mode: 'file', logfile: 'logs/a.log', device: 'logs/b.log' },
      'warning serial-logfile-wins serial.logfile',
    ),
    of(
      'pty with a log',
      { mode: 'pty', logfile: 'logs/a.log' },
      'warning serial-logfile-ignored serial.logfile',
    ),
    of(
      'socket with a log',
      { mode: 'socket', logfile: 'logs/a.log' },
      'warning serial-logfile-ignored serial.logfile',
    ),
    of(
      'none with a log',
      { mode: 'none', logfile: 'logs/a.log' },
      'warning serial-logfile-ignored serial.logfile',
    ),
    of('an empty device', { mode: 'socket', device: '' }, 'error empty-value serial.device'),
    of('an empty log is reported once', { mode: 'file', logfile: ' ' }, 'error empty-value serial.logfile'),
    [
      'disabled: a device of another mode is no error',
      { serial: { mode: 'pty', device: 'run/a', logfile: 'logs/a.log' } },
      'info no-console serial.enabled',
    ],
  ]);
});

t.test('console', (t) => {
  const of = (sequence: string, ...issues: string[]): Row => [
    sequence,
    { 'console.escape_sequence': sequence },
    ...issues,
  ];
  const invalid = 'error invalid-escape-sequence console.escape_sequence';
  const conflict = 'warning escape-sequence-conflict console.escape_sequence';
  checkRows(t, [
    of('ctrl+]'),
    of('ctrl+a'),
    of('ctrl+alt+shift+x'),
    of('alt+c'),
    of('ctrl+shift+c'),
    of('shift+F12'),
    of('ctrl+c', conflict),
    of('ctrl+d', conflict),
    of('ctrl+q', conflict),
    of('ctrl+s', conflict),
    of('ctrl+z', conflict),
    of('ctrl+x'),
    of('', invalid),
    of(']', invalid),
    of('ctrl', invalid),
    of('ctrl+', invalid),
    of('+a', invalid),
    of('meta+a', invalid),
    of('ctrl + a', invalid),
  ]);
});

t.test('kernel', (t) => {
  const of = (append: string, ...issues: string[]): Row => [
    append.slice(0, 30),
    withKernel({ append }),
    ...issues,
  ];
  const unsafe = 'warning append-unsafe kernel.append';
  const long = 'warning append-long kernel.append';
  checkRows(t, [
    of(''),
    of('root=/dev/vda ro quiet'),
    of('x'.repeat(2047)),
    of('x'.repeat(2048), long),
    of('é'.repeat(1024), long),
    of('init=/bin/sh', unsafe),
    of('ro init=/bin/sh', unsafe),
    of('rdinit=/bin/sh', unsafe),
    of('quiet mitigations=off', unsafe),
    of('mitigations=auto'),
    of('preinit=x xinit=/bin/sh'),
    of('console=ttyS0 root=/dev/vda single'),
    [
      'too long for an argument',
      withKernel({ append: 'x'.repeat(131072) }),
      'error argument-too-long kernel.append',
    ],
    ['as long as an argument can be', withKernel({ append: 'x'.repeat(131071) }), long],
    [
      'no serial port',
      { ...withKernel({}), serial: ABSENT },
      'warning kernel-without-serial serial.enabled',
      'info no-console serial.enabled',
    ],
    ['no root', { ...withKernel({}), storage: ABSENT }, 'warning kernel-no-root kernel.append'],
    ['no root but an initrd', { ...withKernel({ initrd: 'boot/i.img' }), storage: ABSENT }],
    [
      'another word that ends in root=',
      { ...withKernel({ append: 'nfsroot=x' }), storage: ABSENT },
      'warning kernel-no-root kernel.append',
    ],
    [
      'a share is no root',
      { ...withKernel({}), 'storage.disks': [{ name: 'a', path: 'a', format: 'host-path' }] },
      'warning kernel-no-root kernel.append',
    ],
    ['an empty initrd', withKernel({ initrd: '' }), 'error empty-value kernel.initrd'],
    ['an empty image is reported once', withKernel({ bzimage: '' }), 'error empty-value kernel.bzimage'],
    [
      'a disabled section is not checked for what it would do',
      { kernel: { append: `init=/bin/sh ${'x'.repeat(140000)}`, initrd: 'boot/a,b.img' } },
    ],
  ]);
});

t.test('a disabled section is still checked for type, pattern and secrets', (t) =>
  checkRows(t, [
    ['type', { kernel: { bzimage: 3 } }, 'error wrong-type kernel.bzimage'],
    ['blank', { qmp: { enabled: false, socket: ' ' } }, 'error empty-value qmp.socket'],
    ['characters', { kernel: { append: 'a\nb' } }, 'error control-character kernel.append'],
    [
      'a secret reaches nothing',
      { kernel: { append: 'password=x' } },
      'warning secret-like-value kernel.append',
    ],
    [
      'a serial port',
      { serial: { device: 'run/token=abc' } },
      'info no-console serial.enabled',
      'warning secret-like-value serial.device',
    ],
    [
      'a socket',
      { qmp: { enabled: false, socket: 'run/token=abc' } },
      'warning secret-like-value qmp.socket',
    ],
    ['an unknown key', { kernel: { cmdline: 'x' } }, 'warning unknown-field kernel.cmdline'],
  ]),
);

t.test('qmp', (t) => {
  const socketOf = (change: Document) => {
    const { qmp } = plannedOf(changed(change)).profile;
    return [qmp.enabled, qmp.socket];
  };
  t.strictSame(socketOf({}), [false, undefined], 'absent');
  t.strictSame(socketOf({ qmp: {} }), [true, 'run/lab.qmp.sock'], 'an empty section');
  t.strictSame(socketOf({ 'qmp.enabled': true }), [true, 'run/lab.qmp.sock'], 'enabled');
  t.strictSame(socketOf({ 'qmp.enabled': false }), [false, undefined], 'disabled');
  t.strictSame(socketOf({ 'qmp.socket': 'run/q' }), [true, 'run/q'], 'a socket');
  t.strictSame(socketOf({ 'qmp.enabled': false, 'qmp.socket': 'run/q' }), [false, 'run/q'], 'both');
  t.end();
});

t.test('sections that depend on one another', (t) => {
  const arm = { 'hardware.arch': 'aarch64', 'hardware.acceleration': 'tcg' };
  const firmware = 'warning disk-boot-needs-firmware hardware.arch';
  checkRows(t, [
    ['a disk on Arm', arm, firmware],
    ['a disk on RISC-V', { ...arm, 'hardware.arch': 'riscv64' }, firmware],
    ['a disk on POWER', { ...arm, 'hardware.arch': 'ppc64le' }],
    ['a kernel on Arm', { ...arm, ...withKernel({}) }],
    ['no port at all', { serial: ABSENT }, 'info no-console serial.enabled'],
    ['an interface alone', { serial: ABSENT, [CARD]: user('a') }, 'info no-console serial.enabled'],
    ['a forwarded port', { serial: ABSENT, [CARD]: user('a', 'tcp:127.0.0.1:2222-:22') }],
  ]);
});

t.test('blank paths and names of binaries', (t) => {
  const rows: Row[] = ['storage.disks.0.path', 'vm.qemu_binary', 'qmp.socket'].flatMap((path): Row[] =>
    ['', ' ', '\u00a0\u3000'].map((value) => [
      `${path} ${JSON.stringify(value)}`,
      { [path]: value },
      `error empty-value ${path.replace('.0', '[0]')}`,
    ]),
  );
  checkRows(t, rows);
});

const FORBIDDEN = [
  ...Array.from({ length: 0x20 }, (_, code) => code),
  0x7f,
  0x80,
  0x85,
  0x9f,
  0x2028,
  0x2029,
  0x061c,
  0x200e,
  0x200f,
  ...Array.from({ length: 5 }, (_, index) => 0x202a + index),
  ...Array.from({ length: 4 }, (_, index) => 0x2066 + index),
  0xd800,
  0xdbff,
  0xdc00,
  0xdfff,
];
const NEIGHBOURS = [
  0x20, 0x7e, 0xa0, 0x2027, 0x202f, 0x061b, 0x061d, 0x200d, 0x2010, 0x2065, 0x206a, 0xd7ff, 0xe000, 0xfeff,
  0x1f427,
];

t.test('characters that a reviewer cannot see', (t) => {
  for (const code of FORBIDDEN) {
    const text = `a${String.fromCharCode(code)}b`;
    const name = `U+${code.toString(16)}`;
    checkIssues(
      t,
      changed({ [`${DISK}.path`]: text }),
      ['error control-character storage.disks[0].path'],
      name,
    );
    if (code === 9 || code === 10) continue;
    checkIssues(
      t,
      changed({ 'vm.description': text }),
      ['error control-character vm.description'],
      `${name} in text`,
    );
  }
  for (const code of NEIGHBOURS) {
    const text = `a${String.fromCodePoint(code)}b`;
    checkIssues(t, changed({ [`${DISK}.path`]: text }), [], `U+${code.toString(16)} is allowed`);
  }
  t.end();
});

t.test('characters in keys and in what is dropped', (t) => {
  const document = { ...baseProfile(), 'k\u202e': 1, extra: { list: ['ok', { 'in\u0000': 'x\u0007' }] } };
  checkIssues(
    t,
    document,
    [
      'error control-character extra.list[1]."in<U+0000>"',
      'error control-character extra.list[1]."in<U+0000>"',
      'error control-character "k<U+202E>"',
      'warning unknown-field extra',
      'warning unknown-field "k<U+202E>"',
    ],
    'keys and values',
  );
  t.end();
});

t.test('line feeds are allowed in the description and nowhere else', (t) => {
  const field = '"vm.description"';
  checkIssues(
    t,
    { ...baseProfile(), 'vm.description': 'a\nb' },
    [`error control-character ${field}`, `warning unknown-field ${field}`],
    'an unknown key that is spelled like the description',
  );
  t.end();
});

t.test('unknown keys', (t) => {
  const unknown = (field: string) => `warning unknown-field ${field}`;
  checkRows(t, [
    ['at the top', { colour: 'blue' }, unknown('colour')],
    ['in a section', { 'vm.owner': 'x' }, unknown('vm.owner')],
    ['in a disk', { [`${DISK}.cache`]: 'none' }, unknown('storage.disks[0].cache')],
    ['in an interface', { [CARD]: { ...user('a'), model: 'e1000' } }, unknown('network.interfaces[0].model')],
    ['a whole section', { display: { vga: 'std', deep: [[1]] } }, unknown('display')],
    ['a key in another case', { 'hardware.Cores': 4 }, unknown('hardware.Cores')],
    ['constructor', { constructor: 1 }, unknown('constructor')],
    ['toString', { 'vm.toString': 1 }, unknown('vm.toString')],
    [
      'by code point, after the known ones',
      { '\u{1f427}': 1, '\uff5e': 1, b: 1, a: 1, 'vm.zz': 1, [`${DISK}.size_gb`]: 0 },
      'error out-of-range storage.disks[0].size_gb',
      unknown('a'),
      unknown('b'),
      unknown('vm.zz'),
      unknown('"\uff5e"'),
      unknown('"\u{1f427}"'),
    ],
  ]);
});

t.test('keys of the language are unknown keys like any other', (t) => {
  for (const key of ['__proto__', 'constructor', 'prototype', 'hasOwnProperty']) {
    for (const at of ['', 'vm', 'hardware', 'storage.disks.0']) {
      const path = at === '' ? key : `${at}.${key}`;
      const document = changed({ [path]: { name: 'polluted', cores: 99 } });
      checkIssues(t, document, [`warning unknown-field ${path.replace('.0', '[0]')}`], path);
    }
  }
  const json = JSON.parse(
    `{"__proto__": {"qmp": {}}, "constructor": 1, ${JSON.stringify(baseProfile()).slice(1)}`,
  );
  checkIssues(t, json, ['warning unknown-field __proto__', 'warning unknown-field constructor'], 'from JSON');
  const toml = fromToml('__proto__ = 1\n[vm]\n__proto__ = "x"\nname = "a"');
  t.strictSame(
    issuesOf(outcomeOf(toml))
      .filter(({ code }) => code === 'unknown-field')
      .map(({ field }) => field),
    ['__proto__', 'vm.__proto__'],
    'from TOML',
  );
  t.equal(Object.hasOwn(Object.prototype, 'polluted'), false);
  t.end();
});

t.test('unknown keys change nothing', (t) => {
  const plain = plannedOf(baseProfile());
  const more = plannedOf(changed({ colour: 'blue', 'vm.x': 1, [`${DISK}.y`]: [], 'serial.z': {} }));
  t.equal(more.argvHash, plain.argvHash);
  t.equal(more.profileHash, plain.profileHash);
  t.end();
});

t.test('a hundred unknown keys are dropped, more are an error', (t) => {
  const many = (count: number): Document => ({
    ...baseProfile(),
    ...Object.fromEntries(
      Array.from({ length: count }, (_, index) => [`k${String(index).padStart(3, '0')}`, 1]),
    ),
  });
  const hundred = issuesOf(outcomeOf(many(100)));
  t.equal(hundred.length, 100);
  t.ok(hundred.every(({ code }) => code === 'unknown-field'));
  const outcome = outcomeOf(many(101));
  if (outcome.isValid) throw new Error('101 unknown keys are valid');
  t.strictSame(outcome.errors.map(issueLine), ['error too-many-unknown-fields']);
  t.match(outcome.errors[0]?.message, /\b101\b.*\b100\b/, 'the number and the bound');
  t.equal(outcome.warnings.length, 101, 'a hundred are listed and one says how many more');
  t.match(outcome.warnings.at(-1), { code: 'more-issues', severity: 'warning', field: '', pointer: '' });
  t.match(outcome.warnings.at(-1)?.message, /^1 more/);
  t.end();
});

t.test('at most a hundred errors are listed', (t) => {
  const bad = (count: number): Document =>
    changed({ [CARD]: user('a', ...Array.from({ length: count }, () => 'x')) });
  const errorsOf = (count: number) => issuesOf(outcomeOf(bad(count)));
  t.equal(errorsOf(100).length, 100);
  t.equal(errorsOf(100).at(-1)?.code, 'invalid-hostfwd');
  const errors = errorsOf(250);
  t.equal(errors.length, 101);
  t.strictSame(
    errors.slice(0, 100).map(({ field }) => field),
    errorsOf(100).map(({ field }) => field),
    'the first hundred',
  );
  t.match(errors.at(-1), { code: 'more-issues', severity: 'error', field: '', pointer: '' });
  t.match(errors.at(-1)?.message, /^150 more/);
  t.end();
});

t.test('one list of forwards makes one argument, which has a longest length', (t) => {
  // `user,id=net0` and, for each rule, `,hostfwd=tcp:127.0.0.1:NNNNN-:NNNNN`.
  const rules = (count: number) =>
    Array.from({ length: count }, (_, index) => `tcp:127.0.0.1:${20000 + index}-:10000`);
  const count = Math.floor((131071 - 'user,id=net0'.length) / ',hostfwd=tcp:127.0.0.1:20000-:10000'.length);
  checkIssues(t, changed(forwarding(...rules(count))), [], 'as long as can be');
  checkIssues(
    t,
    changed(forwarding(...rules(count + 1))),
    ['error argument-too-long network.interfaces[0].hostfwd'],
    'one rule more',
  );
  t.end();
});

const SECRETS = [
  '-----BEGIN PRIVATE KEY-----',
  'x -----BEGIN RSA PRIVATE KEY----- y',
  '-----BEGIN OPENSSH PRIVATE KEY-----',
  'AKIAIOSFODNN7EXAMPLE',
  `ghp_${'a1B2'.repeat(9)}`,
  `gho_${'x'.repeat(40)}`,
  `ghs_${'0'.repeat(36)}`,
  `sk-${'a'.repeat(20)}`,
  `/sk-proj_${'A9-'.repeat(7)}`,
  'Bearer abcdefghijklmnop',
  'Bearer  a.b~c+d/e=f-g_hij',
  'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.dozjgNryP4J3jVmN',
  'password=x',
  'PASSWORD = x',
  'root Passwd:x',
  'token: abc',
  'api_key=1',
  'apikey:1',
  'secret=1',
  'private_key=1',
  'credential=1',
  'authorization: Basic',
  'access_key=1',
  'secret_key=1',
  'session_key=1',
  'my-password=1',
  'a.token=1',
];
const NO_SECRETS = [
  'images/vm-1-disk-0.qcow2',
  'images/sk-test.img',
  'images/sk-0123456789012345678',
  `images/disk-${'a'.repeat(30)}`,
  '-----BEGIN PUBLIC KEY-----',
  '-----BEGIN CERTIFICATE-----',
  'AKIA012345678901234',
  'akiaiosfodnn7example',
  `ghp_${'a'.repeat(35)}`,
  `ghx_${'a'.repeat(40)}`,
  'Bearer abcdefghijklmno',
  'bearer abcdefghijklmnop',
  'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0',
  'XeyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.dozjgNryP4J3jVmN',
  'password',
  'password=',
  'passwords=1',
  'password_file=1',
  'tokenizer=1',
  'mytoken=1',
  'xpassword: 1',
  'my_secret=1',
  'keyboard=1',
];

t.test('values that look like a secret', (t) => {
  for (const secret of SECRETS) {
    checkIssues(
      t,
      changed({ 'vm.description': secret }),
      ['warning secret-like-value vm.description'],
      secret,
    );
    checkIssues(
      t,
      changed(withKernel({ append: secret })),
      ['error secret-in-argv kernel.append'],
      `append ${secret}`,
    );
  }
  for (const text of NO_SECRETS) {
    checkIssues(t, changed({ 'vm.description': text }), [], `no secret: ${text}`);
    checkIssues(t, changed(withKernel({ append: text })), [], `no secret in append: ${text}`);
  }
  t.end();
});

t.test('where a secret stands decides how bad it is', (t) => {
  const secret = 'token=abcdef';
  const error = (field: string) => `error secret-in-argv ${field}`;
  const warning = (field: string) => `warning secret-like-value ${field}`;
  checkRows(t, [
    ['a disk', { [`${DISK}.path`]: `images/${secret}` }, error('storage.disks[0].path')],
    ['a socket', { 'qmp.socket': secret }, error('qmp.socket')],
    ['a serial log', { 'serial.mode': 'file', 'serial.logfile': secret }, error('serial.logfile')],
    ['a kernel', withKernel({ bzimage: secret }), error('kernel.bzimage')],
    ['an initrd', withKernel({ initrd: secret }), error('kernel.initrd')],
    ['a name', { 'vm.name': `sk-${'a'.repeat(24)}` }, error('vm.name')],
    [
      'the escape sequence is never in argv',
      { 'console.escape_sequence': `ctrl+sk-${'a'.repeat(20)}` },
      'error invalid-escape-sequence console.escape_sequence',
      warning('console.escape_sequence'),
    ],
    ['an unknown key', { note: secret }, warning('note'), 'warning unknown-field note'],
    [
      'deep in an unknown key',
      { note: { deep: ['x', secret] } },
      'warning unknown-field note',
      warning('note.deep[1]'),
    ],
  ]);
});

t.test('keys named like a secret', (t) => {
  const names = [
    'password',
    'passwd',
    'token',
    'api_key',
    'apikey',
    'secret',
    'private_key',
    'credential',
    'authorization',
    'access_key',
    'secret_key',
    'session_key',
    'Password',
    'db_password',
    'github-token',
    'token_2',
    'credentials',
  ];
  for (const name of names) {
    checkIssues(
      t,
      changed({ [`vm.${name}`]: 'x' }),
      [`warning secret-like-field vm.${name}`, `warning unknown-field vm.${name}`],
      name,
    );
  }
  for (const name of ['tokenizer', 'secretary', 'keys', 'pass', 'monkey', 'api']) {
    checkIssues(t, changed({ [`vm.${name}`]: 'x' }), [`warning unknown-field vm.${name}`], `not ${name}`);
  }
  t.end();
});

t.test('a secret is never shown', (t) => {
  const shown = (value: unknown) => JSON.stringify(value);
  for (const secret of SECRETS.filter((text) => text.length > 9)) {
    const key = changed({});
    Object.defineProperty(key, `${secret}/x`, { value: secret, enumerable: true });
    const everywhere = changed({
      'vm.name': secret,
      'vm.description': secret,
      'vm.qemu_binary': secret,
      'hardware.arch': secret,
      'hardware.cpu': secret,
      'hardware.acceleration': secret,
      'storage.disks': [
        { name: secret, path: secret, format: secret },
        { name: 'b', path: `../${secret}`, format: 'raw' },
      ],
      'network.interfaces': [{ name: secret, type: secret, mac: secret, hostfwd: [secret] }],
      serial: { enabled: true, mode: 'file', logfile: `/x/${secret}`, device: `~/${secret}` },
      qmp: { socket: `${secret}/` },
      console: { escape_sequence: secret },
      kernel: { enabled: true, bzimage: `/proc/${secret}`, initrd: `a,b ${secret}`, append: secret },
      other: { [secret]: secret },
    });
    for (const document of [key, everywhere, changed({ 'vm.description': secret })]) {
      const outcome = outcomeOf(document);
      const answer = shown([issuesOf(outcome), outcome.profileName, validationResult(outcome)]);
      if (answer.includes(secret)) t.fail(`${secret} is shown: ${answer}`);
    }
  }
  const valid = outcomeOf(changed({ 'vm.description': 'token: abc' }));
  const answer = validationResult(valid);
  t.match(
    answer.canonical_toml,
    /description = "\*{3}REDACTED\*{3}"/,
    'a placeholder stands in the canonical text',
  );
  t.equal(
    valid.isValid && answer.profile_hash,
    valid.isValid && valid.profileHash,
    'the hash is of the profile itself',
  );
  t.end();
});

t.test('messages hold the value and the bound', (t) => {
  const messages: readonly (readonly [Document, string, ...RegExp[]])[] = [
    [{ 'hardware.cores': 300 }, 'out-of-range', /\b300\b/, /\b1\b.*\b256\b/],
    [{ 'hardware.memory_mb': 1 }, 'out-of-range', /\b1\b/, /\b256\b.*\b16777216\b/],
    [{ schema_version: 2 }, 'out-of-range', /\b2\b/, /\b1\b/],
    [{ 'hardware.arch': 'mips' }, 'not-allowed', /"mips"/, /x86_64.*aarch64.*riscv64.*ppc64le/],
    [{ 'vm.name': 'a b' }, 'invalid-name', /"a b"/, /\b64\b/],
    [{ 'hardware.memory_mb': 1000 }, 'memory-not-aligned', /\b1000\b/, /\b256\b/],
    [withKernel({ append: 'x'.repeat(3000) }), 'append-long', /\b3000\b/, /\b2047\b/],
    [{ 'vm.description': 'x'.repeat(300) }, 'description-long', /\b300\b/, /\b200\b/],
    [{ 'hardware.cores': 'four' }, 'wrong-type', /an integer/, /a string/],
    [{ 'hardware.cores': null }, 'wrong-type', /null/],
    [{ 'hardware.cores': Number.NaN }, 'wrong-type', /not finite/],
    [{ 'hardware.cores': new Date(0) }, 'wrong-type', /a date/],
    [{ [`${DISK}.path`]: 'a\u0007' }, 'control-character', /U\+0007/],
  ];
  for (const [change, code, ...patterns] of messages) {
    const issue = issuesOf(outcomeOf(changed(change))).find((found) => found.code === code);
    for (const pattern of patterns) t.match(issue?.message, pattern, `${code} ${pattern}`);
  }
  const suggestion = (change: Document) => issuesOf(outcomeOf(changed(change)))[0]?.suggestion;
  t.match(suggestion({ 'hardware.arch': 'x86-64' }), /"x86_64"/, 'a near word is suggested');
  t.match(suggestion({ 'hardware.acceleration': 'hardware' }), /"auto".*"tcg"/, 'else all words');
  t.match(suggestion({ 'hardware.core': 3 }), /hardware\.cores/, 'a near key');
  t.notMatch(suggestion({ [`hardware.${'core'.repeat(30)}`]: 3 }), /mean/, 'a long key is not a misspelling');
  const long = issuesOf(outcomeOf(changed({ 'vm.name': '🐧'.repeat(5000) })))[0]?.message ?? '';
  t.ok(long.length < 500 && !/[\ud800-\udfff]/u.test(long), 'a long value is cut between characters');
  t.end();
});

t.test('the order of keys in the source never shows', (t) => {
  const messy = (): Document => ({
    ...changed({
      'hardware.cores': 0,
      'hardware.memory_mb': 1000,
      'vm.name': '-',
      'storage.disks': [disk('a', { zz: 1, aa: 2, boot: 3 }), disk('a', { size_gb: 0 })],
      'network.interfaces': [user('a', 'tcp::80-:80', 'x'), user('a', 'tcp::80-:81')],
      'kernel.enabled': true,
      'kernel.unknown': 1,
    }),
    zebra: 1,
    apple: 'token=x',
    'k\u0007': 'v\u0007',
  });
  const lines = issuesOf(outcomeOf(messy())).map(issueLine);
  t.strictSame(
    lines,
    [
      'error invalid-name vm.name',
      'error out-of-range hardware.cores',
      'error wrong-type storage.disks[0].boot',
      'error duplicate-name storage.disks[1].name',
      'error image-shared-writable storage.disks[1].path',
      'error out-of-range storage.disks[1].size_gb',
      'error invalid-hostfwd network.interfaces[0].hostfwd[1]',
      'error duplicate-name network.interfaces[1].name',
      'error port-forwarded-twice network.interfaces[1].hostfwd[0]',
      'error missing-field kernel.bzimage',
      'error control-character "k<U+0007>"',
      'error control-character "k<U+0007>"',
      'warning memory-not-aligned hardware.memory_mb',
      'warning hostfwd-not-loopback network.interfaces[0].hostfwd[0]',
      'warning hostfwd-privileged-port network.interfaces[0].hostfwd[0]',
      'warning hostfwd-not-loopback network.interfaces[1].hostfwd[0]',
      'warning hostfwd-privileged-port network.interfaces[1].hostfwd[0]',
      'warning secret-like-value apple',
      'warning unknown-field apple',
      'warning unknown-field "k<U+0007>"',
      'warning unknown-field kernel.unknown',
      'warning unknown-field storage.disks[0].aa',
      'warning unknown-field storage.disks[0].zz',
      'warning unknown-field zebra',
    ],
    'tables in their order, elements by index, unknown keys last',
  );
  const compare = (left: string, right: string) => (left < right ? -1 : 1);
  const twin = { x: { 'k\u0001': 1 }, 'x\u0000k\u0001': 1 };
  t.strictSame(
    issuesOf(outcomeOf(reordered({ ...baseProfile(), ...twin }, (left, right) => compare(right, left)))),
    issuesOf(outcomeOf(reordered({ ...baseProfile(), ...twin }, compare))),
    'keys that only a NUL keeps from being one path',
  );
  for (const order of [compare, (left: string, right: string) => compare(right, left)]) {
    t.strictSame(issuesOf(outcomeOf(reordered(messy(), order))), issuesOf(outcomeOf(messy())));
  }
  t.end();
});

t.test('defaults', (t) => {
  const document = { ...changed({ serial: ABSENT }), network: { interfaces: [{ name: 'a', type: 'user' }] } };
  t.strictSame(plannedOf(document).profile, {
    schema_version: 1,
    vm: { name: 'lab', description: '', qemu_binary: undefined },
    hardware: { arch: 'x86_64', cpu: undefined, cores: 2, memory_mb: 1024, acceleration: 'auto' },
    storage: {
      disks: [
        {
          name: 'root',
          path: 'images/root.qcow2',
          format: 'qcow2',
          size_gb: undefined,
          boot: false,
          readonly: false,
        },
      ],
    },
    network: { interfaces: [{ name: 'a', type: 'user', hostfwd: [], mac: undefined }] },
    serial: { enabled: false, mode: 'pty', device: undefined, logfile: undefined },
    qmp: { enabled: false, socket: undefined },
    console: { auto_attach: false, escape_sequence: 'ctrl+]' },
    kernel: { enabled: false, bzimage: undefined, initrd: undefined, append: '' },
  });
  t.end();
});

t.test('a name is known as far as it can be shown', (t) => {
  const named = (name: unknown) => outcomeOf(changed({ 'vm.name': name, 'hardware.cores': 0 })).profileName;
  t.equal(named('lab'), 'lab');
  t.equal(named('not a name'), null);
  t.equal(named(3), null);
  t.equal(named(`sk-${'a'.repeat(24)}`), '***REDACTED***');
  t.equal(outcomeOf(changed({ schema_version: 2 })).schemaVersion, null);
  t.equal(outcomeOf(changed({ 'hardware.cores': 0 })).schemaVersion, 1);
  t.end();
});

t.test('a profile that cannot be read is that one problem', (t) => {
  const outcome = planProfile(unreadableProfile('profile-unreadable', 'The file is not UTF-8.'), ON_LINUX);
  t.strictSame(issuesOf(outcome).map(issueLine), ['error profile-unreadable']);
  t.match(outcome, {
    isValid: false,
    profileName: null,
    errors: [{ message: 'The file is not UTF-8.', pointer: '' }],
  });
  t.end();
});

t.test('a document is only read', (t) => {
  const frozen = (value: unknown): unknown => {
    if (typeof value === 'object' && value !== null)
      for (const member of Object.values(value)) frozen(member);
    return Object.freeze(value);
  };
  const document = frozen(changed({ qmp: {}, colour: 'blue', ...withMac('52:54:00:0A:0B:0C') }));
  t.ok(plannedOf(document).canonical.includes('52:54:00:0a:0b:0c'));
  t.equal(canonicalToml(plannedOf(document).profile), plannedOf(document).canonical);
  t.ok(readProfile(document).document === document);
  t.end();
});

t.test('TOML', (t) => {
  const problem = (text: string) => {
    const read = readToml(text);
    return 'problem' in read ? read.problem : null;
  };
  t.match(
    problem('a = 1\nb = password=x\n'),
    { line: 2, reason: /TOML/ },
    'the place, and nothing of the text',
  );
  t.notMatch(JSON.stringify(problem('a = 1\nb = password=x\n')), /password/);
  t.match(problem('[a]\nb = 1\nb = 2'), { line: 3 }, 'a key that is there twice');
  t.equal(problem(`a = ${'['.repeat(15)}1${']'.repeat(15)}`), null, 'sixteen levels');
  t.match(problem(`a = ${'['.repeat(17)}1${']'.repeat(17)}`), { reason: /16/ }, 'too deep');
  t.match(problem(`${'a.'.repeat(20000)}a = 1`), { reason: /./ }, 'much too deep');
  t.match(problem(`a = ${'['.repeat(50000)}`), { reason: /./ }, 'deeper than the parser goes');
  t.end();
});

t.test('UTF-8 is read strictly', (t) => {
  t.equal(decodeUtf8(Buffer.from('äöü🐧')), 'äöü🐧');
  t.equal(decodeUtf8(Buffer.from('\ufeffa = 1')), 'a = 1', 'without a byte order mark');
  for (const bytes of [[0xff], [0xc3], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80]]) {
    t.equal(decodeUtf8(Uint8Array.from(bytes)), null, bytes.join(' '));
  }
  t.end();
});

t.test('what does not fit a schema is said without repeating it', (t) => {
  const check = schemaProblemOf(ProfileSchema, 'profile');
  t.equal(check(baseProfile()), null);
  t.match(
    check(changed({ 'hardware.arch': 'password' })),
    /^profile\.hardware\.arch must be one of .*"x86_64"/,
  );
  t.match(check(changed({ [`${DISK}.name`]: 'password=1' })), /^profile\.storage\.disks\[0\]\.name /);
  t.notMatch(check(changed({ [`${DISK}.name`]: 'password=1' })), /password/);
  t.match(check(changed({ colour: 1 })), /^profile /);
  t.notMatch(check(changed({ colour: 1 })), /colour/);
  t.end();
});

t.test('a long value is cut after 80 characters, however many units each has', (t) => {
  const shown = (arch: string): string =>
    issuesOf(outcomeOf(changed({ 'hardware.arch': arch }), ON_LINUX)).find(
      ({ field }) => field === 'hardware.arch',
    )?.message ?? '';
  for (const character of ['x', '🐧']) {
    t.match(shown(character.repeat(80)), `"${character.repeat(80)}"`, 'whole');
    t.match(shown(character.repeat(81)), `"${character.repeat(80)}…"`, 'cut');
  }
  t.end();
});
