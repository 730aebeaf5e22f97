/** What the guest is told of the machine: its UUID, the clock, the tables of SMBIOS, files of the firmware. */
import t from 'tap';
import { argvOf, valuesOf } from '../help/argv.ts';
import { TCG } from '../help/changes.ts';
import { type Change, changed } from '../help/documents.ts';
import { plannedOf } from '../help/plans.ts';
import { checkRows, type Row } from '../help/rows.ts';

const V2: Change = { schema_version: 2 };
const on = (arch: string): Change => ({ ...V2, ...TCG, 'hardware.arch': arch });
/** Of the base profile, whose disk no firmware of theirs boots from. */
const BARE = 'warning disk-boot-needs-firmware hardware.arch';

t.test('uuid', (t) => {
  const of = (uuid: string, ...issues: string[]): Row => [uuid, { ...V2, 'vm.uuid': uuid }, ...issues];
  const invalid = 'error invalid-uuid vm.uuid';
  checkRows(t, [
    of('2f1e7a52-6d0c-4b7e-9a53-0c1d2e3f4a5b'),
    of('2F1E7A52-6D0C-4B7E-9A53-0C1D2E3F4A5B'),
    of('{2f1e7a52-6d0c-4b7e-9a53-0c1d2e3f4a5b}', invalid),
    of('2f1e7a526d0c4b7e9a530c1d2e3f4a5b', invalid),
    of('2f1e7a52-6d0c-4b7e-9a53-0c1d2e3f4a5', invalid),
    of('2f1e7a52-6d0c-4b7e-9a53-0c1d2e3f4a5g', invalid),
    of('', 'error empty-value vm.uuid'),
  ]);
});

t.test('a uuid in small letters', (t) => {
  const [small, large] = ['2f1e7a52-6d0c-4b7e-9a53-0c1d2e3f4a5b', '2F1E7A52-6D0C-4B7E-9A53-0C1D2E3F4A5B'];
  const hashOf = (uuid: string) => plannedOf(changed({ ...V2, 'vm.uuid': uuid })).profileHash;
  t.strictSame(valuesOf(argvOf({ ...V2, 'vm.uuid': large }), '-uuid'), [small]);
  t.equal(hashOf(large), hashOf(small));
  t.end();
});

t.test('depends_on', (t) => {
  const of = (names: unknown, ...issues: string[]): Row => [
    JSON.stringify(names).slice(0, 40),
    { ...V2, 'vm.depends_on': names },
    ...issues,
  ];
  checkRows(t, [
    of([]),
    of(['router', '0-a']),
    of(['router', 'lab'], 'error dependency-on-itself vm.depends_on[1]'),
    of(['a', 'b', 'a'], 'error duplicate-name vm.depends_on[2]'),
    of(['a b', 'a b'], 'error invalid-name vm.depends_on[0]', 'error invalid-name vm.depends_on[1]'),
    of('router', 'error wrong-type vm.depends_on'),
    of(
      Array.from({ length: 257 }, (_, index) => `vm${index}`),
      'error too-many-elements vm.depends_on',
    ),
  ]);
});

t.test('rtc', (t) => {
  const of = (base: unknown, ...issues: string[]): Row => [
    String(base),
    { ...V2, 'rtc.base': base },
    ...issues,
  ];
  const invalid = 'error invalid-rtc-base rtc.base';
  checkRows(t, [
    of('utc'),
    of('localtime'),
    of('2024-02-29T12:00:00'),
    of('1970-01-01T00:00:00'),
    of('2090-12-31T23:59:59'),
    of('2091-01-01T00:00:00', invalid),
    of('9999-12-31T23:59:59', invalid),
    of('2023-02-29T12:00:00', invalid),
    of('2023-04-31T12:00:00', invalid),
    of('2023-13-01T12:00:00', invalid),
    of('2023-12-01T24:00:00', invalid),
    of('2023-12-01T12:60:00', invalid),
    of('2016-12-31T23:59:60', invalid),
    of('1969-12-31T23:59:59', invalid),
    of('2023-12-01', invalid),
    of('2023-12-01 12:00:00', invalid),
    of('2023-12-01T12:00:00Z', invalid),
    of('UTC', invalid),
    of('', 'error empty-value rtc.base'),
    of(new Date(0), 'error wrong-type rtc.base'),
    ['driftfix', { ...on('x86_64'), 'rtc.driftfix': 'slew' }],
    ['driftfix on pc', { ...on('x86_64'), 'rtc.driftfix': 'slew', 'machine.type': 'pc' }],
    [
      'driftfix on arm',
      { ...on('aarch64'), 'rtc.driftfix': 'slew' },
      'error not-for-arch rtc.driftfix',
      BARE,
    ],
    ['driftfix on power', { ...on('ppc64le'), 'rtc.driftfix': 'slew' }, 'error not-for-arch rtc.driftfix'],
    ['a far time', { ...V2, 'rtc.base': '2261-12-31T23:59:59', 'rtc.clock': 'vm' }],
    ['a time too far', { ...V2, 'rtc.base': '2262-01-01T00:00:00', 'rtc.clock': 'rt' }, invalid],
    ['a far time on arm', { ...on('aarch64'), 'rtc.base': '2105-12-31T23:59:59' }, BARE],
    [
      'a time too far on arm',
      { ...on('aarch64'), 'rtc.base': '2106-01-01T00:00:00', 'rtc.clock': 'vm' },
      invalid,
      BARE,
    ],
    [
      'a time too far on no machine',
      { ...V2, 'hardware.arch': 'sparc', 'rtc.base': '2262-01-01T00:00:00' },
      'error not-allowed hardware.arch',
    ],
    ['a clock', { ...on('ppc64le'), 'rtc.clock': 'rt' }],
    ['no clock', { ...V2, 'rtc.clock': 'tsc' }, 'error not-allowed rtc.clock'],
  ]);
});

t.test('rtc in argv', (t) => {
  const of = (rtc: object) => valuesOf(argvOf({ ...V2, rtc }), '-rtc');
  t.strictSame(of({}), []);
  t.strictSame(of({ base: 'utc' }), [], 'the default of QEMU');
  t.strictSame(of({ base: 'localtime' }), ['base=localtime']);
  t.strictSame(of({ clock: 'host' }), ['base=utc,clock=host']);
  t.strictSame(of({ driftfix: 'slew' }), ['base=utc,driftfix=slew']);
  t.end();
});

t.test('smbios', (t) => {
  const of = (about: string, arch: string, smbios: object, ...issues: string[]): Row => [
    about,
    { ...on(arch), smbios },
    ...issues,
  ];
  checkRows(t, [
    of('64 bytes', 'x86_64', { family: 'x'.repeat(64) }),
    of('65 bytes', 'x86_64', { family: 'x'.repeat(65) }, 'error smbios-too-long smbios.family'),
    of('bytes are counted', 'x86_64', { sku: 'é'.repeat(33) }, 'error smbios-too-long smbios.sku'),
    of('blank', 'x86_64', { serial: ' ' }, 'error empty-value smbios.serial'),
    of('a line feed', 'x86_64', { serial: 'a\nb' }, 'error control-character smbios.serial'),
    of('a secret', 'x86_64', { serial: 'password=hunter2' }, 'error secret-in-argv smbios.serial'),
    of('arm', 'aarch64', { serial: '1', oem_strings: ['a'] }, BARE),
    of(
      'riscv64',
      'riscv64',
      { serial: '1', product: 'x'.repeat(65), oem_strings: ['a'] },
      'error not-for-arch smbios.product',
      'error not-for-arch smbios.serial',
      'error not-for-arch smbios.oem_strings',
      BARE,
    ),
    of('ppc64le', 'ppc64le', { version: '1' }, 'error not-for-arch smbios.version'),
    of('an empty list', 'ppc64le', { oem_strings: [] }),
    of('a blank string', 'x86_64', { oem_strings: ['a', ''] }, 'error empty-value smbios.oem_strings[1]'),
    of(
      'a secret string',
      'x86_64',
      { oem_strings: ['token=abcdef'] },
      'error secret-in-argv smbios.oem_strings[0]',
    ),
    of('a string as long as an argument', 'x86_64', { oem_strings: ['x'.repeat(131071 - 14)] }),
    of(
      'longer',
      'x86_64',
      { oem_strings: ['x'.repeat(131071 - 13)] },
      'error argument-too-long smbios.oem_strings',
    ),
    of(
      'as many as a byte counts',
      'x86_64',
      { oem_strings: Array.from({ length: 256 }, String) },
      'error too-many-elements smbios.oem_strings',
    ),
  ]);
});

t.test('smbios in argv', (t) => {
  const of = (smbios: object) => valuesOf(argvOf({ ...V2, smbios }), '-smbios');
  t.strictSame(of({}), []);
  t.strictSame(of({ family: 'f', manufacturer: 'a,b' }), ['type=1,manufacturer=a,,b,family=f']);
  t.strictSame(of({ oem_strings: ['a,b', 'a,b'] }), ['type=11,value=a,,b,value=a,,b']);
  t.end();
});

t.test('fw_cfg', (t) => {
  const of = (about: string, files: unknown, ...issues: string[]): Row => [
    about,
    { ...V2, fw_cfg: files },
    ...issues,
  ];
  const name = 'opt/a';
  const missing = 'error missing-field fw_cfg[0].text';
  const invalid = 'error invalid-name fw_cfg[0].name';
  checkRows(t, [
    of('none', []),
    of('a text', [{ name, text: 'b' }]),
    of('a file', [{ name, file: 'b' }]),
    of('a file outside', [{ name, file: '/etc/os-release' }], 'warning outside-project-root fw_cfg[0].file'),
    of('a private key', [{ name, file: '/home/u/.ssh/id' }], 'error forbidden-path fw_cfg[0].file'),
    of('both', [{ name, file: 'b', text: 'b' }], 'error fw-cfg-content-twice fw_cfg[0].text'),
    of('neither', [{ name }], missing),
    of('a text that cannot be read', [{ name, text: 1 }], 'error wrong-type fw_cfg[0].text'),
    of('a file that cannot be read', [{ name, file: '' }], 'error empty-value fw_cfg[0].file'),
    of('QEMU refuses an empty text', [{ name, text: '' }], 'error empty-value fw_cfg[0].text'),
    of('a secret', [{ name, text: 'password=hunter2' }], 'error secret-in-argv fw_cfg[0].text'),
    of('no name', [{ text: 'b' }], 'error missing-field fw_cfg[0].name'),
    of('55 characters', [{ name: `opt/${'x'.repeat(51)}`, text: 'b' }]),
    of('56', [{ name: `opt/${'x'.repeat(52)}`, text: 'b' }], invalid),
    of('a file of QEMU itself', [{ name: 'etc/acpi', text: 'b' }], invalid),
    of('a comma', [{ name: 'opt/a,b', text: 'b' }], invalid),
    of('no characters that count more bytes', [{ name: 'opt/é', text: 'b' }], invalid),
    of('nothing after opt/', [{ name: 'opt/', text: 'b' }], invalid),
    of(
      'a name twice',
      [
        { name, text: 'b' },
        { name, file: 'c' },
      ],
      'error duplicate-name fw_cfg[1].name',
    ),
    of('as long as an argument', [{ name, text: 'x'.repeat(131071 - 18) }]),
    of('longer', [{ name, text: 'x'.repeat(131071 - 17) }], 'error argument-too-long fw_cfg[0].text'),
    of('commas count twice', [{ name, text: ','.repeat(65527) }], 'error argument-too-long fw_cfg[0].text'),
    of(
      'too many',
      Array.from({ length: 9 }, (_, index) => ({ name: `opt/${index}`, text: 'b' })),
      'error too-many-elements fw_cfg',
    ),
    ['arm', { ...on('aarch64'), fw_cfg: [{ name, text: 'b' }] }, BARE],
    ['riscv64', { ...on('riscv64'), fw_cfg: [{ name, text: 'b' }] }, 'error not-for-arch fw_cfg', BARE],
    ['ppc64le', { ...on('ppc64le'), fw_cfg: [{ name, text: 'b' }] }, 'error not-for-arch fw_cfg'],
  ]);
});
