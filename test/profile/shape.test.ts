/** The shape of a profile: which keys there are, of which type, within which bounds, and their defaults. */
import t from 'tap';
import { canonicalProfile, canonicalToml } from '../../src/planning/plan_profile.ts';
import { CARD, DISK, disk, user } from '../help/changes.ts';
import { ABSENT, baseProfile, changed } from '../help/documents.ts';
import { fromToml, issuesOf, outcomeOf, parsedOf, plannedOf } from '../help/plans.ts';
import { checkIssues, checkRows, issueLine } from '../help/rows.ts';

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
    [
      'an image of the kernel',
      { 'kernel.enabled': true, 'kernel.append': 'console=ttyS0' },
      'error missing-field kernel.bzimage',
    ],
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
      'error empty-profile',
      ...missing.map((field) => `error missing-field ${field}`),
      'warning no-boot-source storage.disks',
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
    ['schema_version 3', { schema_version: 3 }, 'error out-of-range schema_version'],
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

t.test('defaults', (t) => {
  const document = { ...changed({ serial: ABSENT }), network: { interfaces: [{ name: 'a', type: 'user' }] } };
  const values = canonicalProfile(plannedOf(document).profile);
  t.strictSame(JSON.parse(JSON.stringify(values)), {
    schema_version: 1,
    vm: { name: 'lab', description: '' },
    hardware: { arch: 'x86_64', cores: 2, memory_mb: 1024, acceleration: 'auto' },
    storage: {
      disks: [
        {
          name: 'root',
          path: 'images/root.qcow2',
          format: 'qcow2',
          boot: false,
          readonly: false,
        },
      ],
    },
    network: { interfaces: [{ name: 'a', type: 'user', hostfwd: [] }] },
    serial: { enabled: false, mode: 'pty' },
    qmp: { enabled: false },
    console: { auto_attach: false, escape_sequence: 'ctrl+]' },
    kernel: { enabled: false, append: '' },
  });
  t.end();
});

function withMac(mac: unknown): Record<string, unknown> {
  return { [CARD]: { name: 'net0', type: 'user', mac } };
}

t.test('a document is only read', (t) => {
  const frozen = (value: unknown): unknown => {
    if (typeof value === 'object' && value !== null)
      for (const member of Object.values(value)) frozen(member);
    return Object.freeze(value);
  };
  const document = frozen(changed({ qmp: {}, colour: 'blue', ...withMac('52:54:00:0A:0B:0C') }));
  t.ok(plannedOf(document).canonical.includes('52:54:00:0a:0b:0c'));
  t.equal(canonicalToml(plannedOf(document).profile), plannedOf(document).canonical);
  t.ok(parsedOf(document).document === document);
  t.end();
});
