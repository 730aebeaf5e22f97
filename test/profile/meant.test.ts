/** What is suggested: what is probably meant, and never that it be removed. */
import t from 'tap';
import { issuePlacer } from '../../src/profile/issue.ts';
import type { AnyKey } from '../../src/profile/key.ts';
import { whyLeftOut } from '../../src/profile/left_out.ts';
import { OTHER_NAMES } from '../../src/profile/meant_key.ts';
import { insteadOfJson, insteadOfToml } from '../../src/profile/other_text.ts';
import { PROFILE } from '../../src/topics/profile.ts';
import { CARD, DISK_PATH, user } from '../help/changes.ts';
import { ABSENT, type Change, changed } from '../help/documents.ts';
import { given, LINUX, ON_LINUX, WINDOWS } from '../help/hosts.ts';
import { issuesOf, outcomeOf } from '../help/plans.ts';

/** A change, and the suggestion of an issue by its code and field. */
type Row = readonly [change: Change, issue: string, suggestion: string | RegExp];

const DISK = 'storage.disks.0';
const DISK_TABLE = { name: 'a', path: 'b', format: 'raw' };
const UUID = 'Write "2f1e7a52-6d0c-4b7e-9a53-0c1d2e3f4a5b".';

function check(rows: readonly Row[]): void {
  for (const [change, issue, suggestion] of rows) {
    const found = issuesOf(outcomeOf(changed(change))).find(
      ({ code, field }) => `${code} ${field}` === issue,
    );
    const about = JSON.stringify(change);
    if (typeof suggestion === 'string') t.equal(found?.suggestion, suggestion, about);
    else t.match(found?.suggestion, suggestion, about);
  }
}

t.test('keys', (t) => {
  const unknown = (field: string) => `unknown-field ${field}`;
  const meant = (key: string) => `Did you mean ${key}?`;
  check([
    [{ 'hardware.memory': 1 }, unknown('hardware.memory'), meant('hardware.memory_mb')],
    [
      { 'hardware.memory_mb': ABSENT, 'hardware.memory': 2048 },
      unknown('hardware.memory'),
      meant('hardware.memory_mb'),
    ],
    [
      { 'hardware.memory_mb': ABSENT, 'hardware.ram_mb': 2048 },
      unknown('hardware.ram_mb'),
      meant('hardware.memory_mb'),
    ],
    [{ 'hardware.ram': 2048 }, unknown('hardware.ram'), meant('hardware.memory_mb')],
    [{ 'hardware.cpus': 2 }, unknown('hardware.cpus'), meant('hardware.cores')],
    [{ disks: [] }, unknown('disks'), meant('[[storage.disks]]')],
    [{ disk: {} }, unknown('disk'), meant('[[storage.disks]]')],
    [{ 'storage.disk': [] }, unknown('storage.disk'), meant('[[storage.disks]]')],
    [{ netwrok: {} }, unknown('netwrok'), meant('[network]')],
    [{ name: 'a' }, unknown('name'), meant('vm.name')],
    [{ 'vm.cores': 2 }, unknown('vm.cores'), meant('hardware.cores')],
    [{ 'network.hostfwd': [] }, unknown('network.hostfwd'), meant('hostfwd in [[network.interfaces]]')],
    [{ 'network.name': 'a' }, unknown('network.name'), meant('name in [[network.interfaces]]')],
    [{ cpu: {} }, unknown('cpu'), meant('hardware.cpu')],
    [{ cpu_cores: 2 }, unknown('cpu_cores'), meant('hardware.cores')],
    [{ 'disk-size': '64G' }, unknown('disk-size'), meant('size_gb in [[storage.disks]]')],
    [{ 'vm.ports': [] }, unknown('vm.ports'), meant('hostfwd in [[network.interfaces]]')],
    [
      { [CARD]: { ...user('a'), ports: [] } },
      unknown('network.interfaces[0].ports'),
      meant('network.interfaces[0].hostfwd'),
    ],
    [{ cdrom: {} }, unknown('cdrom'), `${meant('[[storage.cdroms]]')} It needs schema_version = 2.`],
    [
      { 'vm.enabled': true },
      unknown('vm.enabled'),
      'Look in the schema for the key that is meant, or remove it.',
    ],
    [
      { 'vm.constructor': 1 },
      unknown('vm.constructor'),
      'Look in the schema for the key that is meant, or remove it.',
    ],
  ]);
  t.end();
});

t.test('keys as other tools call them', (t) => {
  const rows: readonly (readonly [field: string, meant: string])[] = [
    ['vnc', 'mode = "vnc" in [display]'],
    ['display.vnc', 'display.mode = "vnc"'],
    ['spice', 'mode = "spice" in [display]'],
    ['monitors', '[monitor]'],
    ['nics', '[[network.interfaces]]'],
    ['drives', '[[storage.disks]]'],
    ['cdroms', '[[storage.cdroms]]'],
    ['bios', 'firmware.bios'],
    ['uefi', 'type = "uefi" in [firmware]'],
    ['cloud_init', '[storage.seed]'],
    ['graphics', 'display.mode'],
    ['video', 'gpu.model'],
    ['sound', 'audio.backend'],
    ['no_acpi', 'acpi = false in [machine]'],
    ['enable-kvm', 'acceleration = "kvm" in [hardware]'],
    // A name with its place in a list.
    ['net0', '[[network.interfaces]]'],
    ['scsi1', '[[storage.disks]]'],
    // A key of another table is nearer than one of this that is only spelled like it.
    ['cpu', 'hardware.cpu'],
    ['memory_mb', 'hardware.memory_mb'],
    ['display.width', 'gpu.width'],
    ['display.model', 'gpu.model'],
    // The same letters, all the words of a key, or some of them.
    ['shares.0.readOnly', 'shares[0].readonly'],
    ['display.websocket', 'display.websocket_port'],
    ['display.unix_socket', 'display.socket'],
    ['guest_agent.socket_path', 'guest_agent.socket'],
    ['shares.0.socket_path', 'shares[0].socket'],
    // What has another meaning in another table.
    ['serial.path', 'serial.device'],
    ['monitor.path', 'monitor.socket'],
    ['network.bridge', 'bridge in [[network.interfaces]]'],
    ['network.type', 'type in [[network.interfaces]]'],
    ['network.interfaces.0.tap', 'network.interfaces[0].type = "tap"'],
    ['network.interfaces.0.bootindex', 'boot.order'],
    ['passthrough.0.host', 'passthrough[0].address'],
    ['usb.0.pid', 'usb[0].product_id'],
    ['kernel.command_line', 'kernel.append'],
  ];
  const lists: Change = {
    schema_version: 2,
    shares: [{ name: 's', path: 'code' }],
    passthrough: [{ name: 'p', address: '0000:01:00.0' }],
    usb: [{ bus: 1, port: '2' }],
    [CARD]: user('a'),
  };
  for (const [field, meant] of rows) {
    const issues = issuesOf(outcomeOf(changed({ ...lists, [field]: 1 })));
    const said = field.replaceAll(/\.(\d+)/g, '[$1]');
    const found = issues.find((issue) => issue.code === 'unknown-field' && issue.field === said);
    t.equal(found?.suggestion, `Did you mean ${meant}?`, field);
  }
  // Nothing is guessed where each table means another thing by it.
  for (const field of ['gpu.name', 'tpm.model', 'tpm.backend', 'input.path']) {
    const issues = issuesOf(outcomeOf(changed({ schema_version: 2, [field]: 1 })));
    t.match(issues.find((issue) => issue.field === field)?.suggestion, /^Look in the schema/, field);
  }
  t.end();
});

t.test('what others call a key leads to one, and is neither a key there nor left out', (t) => {
  const keys = new Map(fieldsOf(PROFILE));
  for (const [[key], names] of OTHER_NAMES) {
    t.ok(keys.has(key), key);
    for (const name of names.split(' ')) {
      t.notOk(keys.has(name) && name.includes('.'), `${name} is a key`);
      t.ok(name.includes('.') || whyLeftOut(name) === undefined, `${name} is left out`);
      t.match(name, /^[a-z0-9.]+$/);
    }
  }
  const all = OTHER_NAMES.flatMap(([, names]) => names.split(' '));
  t.equal(new Set(all).size, all.length, 'each once');
  t.end();
});

function* fieldsOf(key: AnyKey, field = ''): Generator<[string, AnyKey]> {
  if (key.kind === 'list') yield* fieldsOf(key.element, field);
  if (key.kind !== 'table') return;
  for (const [name, member] of Object.entries(key.keys)) {
    const below = field === '' ? name : `${field}.${name}`;
    yield [below, member];
    yield* fieldsOf(member, below);
  }
}

t.test('what says no version, or none that there is, is read as the newest', (t) => {
  const more = {
    'firmware.type': 'default',
    'storage.disks': [],
    'network.interfaces': [{ name: 'a', type: 'bridge', bridge: 'br7' }],
    kernel: ABSENT,
  };
  const codes = (version: unknown) =>
    issuesOf(outcomeOf(changed({ ...more, schema_version: version }), given(LINUX))).map(
      ({ severity, code, field }) => `${severity} ${code} ${field}`,
    );
  for (const [version, said] of [
    [ABSENT, 'error missing-field schema_version'],
    ['2', 'error wrong-type schema_version'],
    [3, 'error out-of-range schema_version'],
  ] as const)
    t.strictSame(codes(version).sort(), [said, ...codes(2)].sort(), String(version));
  t.end();
});

t.test('words as other tools have them', (t) => {
  for (const [field, word, meant] of [
    ['serial.mode', 'mon:stdio', 'stdio'],
    ['display.mode', 'spice-app', 'spice'],
    ['gpu.model', 'virtio-gpu', 'virtio-gpu-pci'],
    ['input.type', 'usb-tablet', 'usb'],
    ['audio.device', 'ich9-intel-hda', 'intel-hda'],
    ['devices.watchdog', 'i6300esb', 'reset'],
  ] as const) {
    const issues = issuesOf(outcomeOf(changed({ schema_version: 2, [field]: word })));
    const found = issues.find((issue) => issue.code === 'not-allowed' && issue.field === field);
    t.equal(found?.suggestion, `Did you mean "${meant}"?`, field);
  }
  t.end();
});

t.test('keys that are missing', (t) => {
  const missing = (field: string) => `missing-field ${field}`;
  check([
    [{ 'vm.name': ABSENT }, missing('vm.name'), 'Add vm.name, such as "kernel-dev".'],
    [{ vm: ABSENT }, missing('vm.name'), 'Add [vm] with name, such as "kernel-dev".'],
    [{ schema_version: ABSENT }, missing('schema_version'), 'Add schema_version = 2.'],
    [
      { 'hardware.arch': ABSENT },
      missing('hardware.arch'),
      'Add hardware.arch, one of "x86_64", "aarch64", "riscv64", "ppc64le".',
    ],
    [{ 'storage.disks.0.path': ABSENT }, missing('storage.disks[0].path'), 'Add storage.disks[0].path.'],
    [
      { hardware: ABSENT, hardwre: {} },
      missing('hardware.cores'),
      'Add [hardware] with cores. hardwre is there: is that meant?',
    ],
    [
      { 'hardware.cores': ABSENT, 'vm.cores': 2 },
      missing('hardware.cores'),
      'Add hardware.cores. vm.cores is there: is that meant?',
    ],
    [
      { 'hardware.memory_mb': ABSENT, 'hardware.memory': 2 },
      missing('hardware.memory_mb'),
      'Add hardware.memory_mb. hardware.memory is there: is that meant?',
    ],
  ]);
  t.match(
    issuesOf(outcomeOf(changed({ vm: ABSENT })))[0]?.message,
    'vm.name is required, and there is no [vm].',
  );
  t.match(issuesOf(outcomeOf({}))[0], { code: 'empty-profile', suggestion: /--data-binary/ });
  t.end();
});

t.test('values', (t) => {
  const meant = (key: string) => `Did you mean ${key}?`;
  const type = (field: string) => `wrong-type ${field}`;
  const memory = 'hardware.memory_mb';
  const rules = (rule: string): Change => ({ [CARD]: user('a', rule) });
  const rule = 'invalid-hostfwd network.interfaces[0].hostfwd[0]';
  const other = 'Write a rule such as "tcp:127.0.0.1:2222-:22".';
  check([
    [{ [memory]: '4G' }, type(memory), 'Write 4096, without quotes; it counts MiB.'],
    [{ [memory]: '1.5 GiB' }, type(memory), 'Write 1536, without quotes; it counts MiB.'],
    [{ [memory]: '2048' }, type(memory), 'Write 2048, without quotes; it counts MiB.'],
    [{ [memory]: '1k' }, type(memory), 'Write an integer.'],
    [{ [memory]: 'much' }, type(memory), 'Write an integer.'],
    [{ [memory]: 2048.5 }, type(memory), 'Write an integer.'],
    [
      { [memory]: 4 },
      `out-of-range ${memory}`,
      'Write an integer between 256 and 16777216; it counts MiB, and 4 GiB are 4096.',
    ],
    [{ [memory]: 0 }, `out-of-range ${memory}`, 'Write an integer between 256 and 16777216.'],
    [{ 'hardware.cores': '4' }, type('hardware.cores'), 'Write 4, without quotes.'],
    [{ 'hardware.cores': '4k' }, type('hardware.cores'), 'Write an integer.'],
    [{ 'hardware.cores': 0 }, 'out-of-range hardware.cores', 'Write an integer between 1 and 256.'],
    [{ 'hardware.arch': 'amd64' }, 'not-allowed hardware.arch', 'Did you mean "x86_64"?'],
    [{ 'hardware.arch': 'ARM64' }, 'not-allowed hardware.arch', 'Did you mean "aarch64"?'],
    [
      { 'hardware.arch': 'macos' },
      'not-allowed hardware.arch',
      'Write one of "x86_64", "aarch64", "riscv64", "ppc64le".',
    ],
    [rules('8080:80'), rule, 'Write "tcp:127.0.0.1:8080-:80".'],
    [rules('127.0.0.1:8080:80'), rule, 'Write "tcp:127.0.0.1:8080-:80".'],
    [rules('localhost:08080:80/udp'), rule, 'Write "udp:127.0.0.1:8080-:80".'],
    [rules('2222-:22'), rule, 'Write "tcp:127.0.0.1:2222-:22".'],
    [rules('udp::53:10.0.2.15:53'), rule, 'Write "udp::53-10.0.2.15:53".'],
    [rules('8080'), rule, 'Write "tcp:127.0.0.1:8080-:8080".'],
    [rules('hostfwd=tcp::2222-:22'), rule, 'Write "tcp::2222-:22".'],
    [rules('99999:80'), rule, other],
    [
      rules('tcp:127.0.0.1:8000-8010-:8000-8010'),
      rule,
      'Write a rule for each port, such as "tcp:127.0.0.1:8000-:8000".',
    ],
    [rules('8000-8010:80-90'), rule, 'Write a rule for each port, such as "tcp:127.0.0.1:8000-:80".'],
    [rules('http 8000-8010:80-90'), rule, other],
    [
      rules('tcp:[::1]:2222-:22'),
      rule,
      'Write "tcp:127.0.0.1:2222-:22": addresses of IPv6 are not forwarded.',
    ],
    [rules('tcp:[::]:2222-:22'), rule, 'Write "tcp::2222-:22": addresses of IPv6 are not forwarded.'],
    [
      rules('tcp:[2001:db8::1]:2222-:22'),
      rule,
      'Write an address of IPv4: addresses of IPv6 are not forwarded.',
    ],
    [rules('http'), rule, other],
    [
      { 'storage.disks': { name: 'a' } },
      type('storage.disks'),
      'Write [[storage.disks]], with two brackets, for each of them.',
    ],
    [
      { 'storage.disks': 'a' },
      type('storage.disks'),
      'Write [[storage.disks]], with two brackets, for each of them.',
    ],
    [{ network: [{ name: 'a', type: 'user' }] }, type('network'), meant('[[network.interfaces]]')],
    [{ storage: [DISK_TABLE, 1] }, type('storage'), meant('[[storage.disks]]')],
    [{ network: [{}] }, type('network'), 'Write [network], with one bracket.'],
    [{ vm: [{ name: 'a' }] }, type('vm'), 'Write [vm], with one bracket.'],
    [{ serial: 'on' }, type('serial'), meant('serial.enabled')],
    [{ serial: 'tcp' }, type('serial'), meant('serial.mode')],
    [{ 'hardware.arch': 'i386' }, 'not-allowed hardware.arch', 'Did you mean "x86_64"?'],
    [{ 'storage.disks': ['a'] }, type('storage.disks[0]'), meant('storage.disks[0].path')],
    [
      { [CARD]: { ...user('a'), hostfwd: 'tcp::1-:1' } },
      type('network.interfaces[0].hostfwd'),
      'Write it between brackets, which make an array.',
    ],
    [{ vm: [{ name: 'a' }] }, type('vm'), 'Write [vm], with one bracket.'],
    [{ vm: [] }, type('vm'), 'Write a table.'],
    [{ vm: 'a' }, type('vm'), 'Write a table.'],
    [{ qmp: true }, type('qmp'), meant('qmp.enabled')],
    [{ serial: 'pty' }, type('serial'), meant('serial.mode')],
    [{ kernel: 'bzImage' }, type('kernel'), meant('kernel.bzimage')],
    [{ 'vm.name': 5 }, type('vm.name'), 'Write it between double quotes.'],
    [{ 'vm.name': new Date(0) }, type('vm.name'), 'Write it between double quotes.'],
    [{ 'vm.name': [] }, type('vm.name'), 'Write a string.'],
    ...['yes', 'On', 1].map(
      (value): Row => [{ 'qmp.enabled': value }, type('qmp.enabled'), 'Write true, without quotes.'],
    ),
    [{ 'qmp.enabled': 'off' }, type('qmp.enabled'), 'Write false, without quotes.'],
    [{ 'qmp.enabled': 'run' }, type('qmp.enabled'), 'Write true or false.'],
    [
      { 'hardware.arch': 64 },
      type('hardware.arch'),
      'Write one of "x86_64", "aarch64", "riscv64", "ppc64le".',
    ],
    [{ 'storage.disks': [null] }, type('storage.disks[0]'), 'Leave it out.'],
    [
      { [DISK_PATH]: '~/a.img' },
      `shell-expansion ${'storage.disks[0].path'}`,
      'Write the path in full, such as "/home/dev/a.img" for "~/a.img".',
    ],
  ]);
  t.end();
});

t.test('what version 2 brought', (t) => {
  const meant = (key: string) => `Did you mean ${key}?`;
  const rows: readonly Row[] = [
    [{ memory: '2G' }, 'wrong-type memory', meant('hardware.memory_mb')],
    [{ machine: 'pc' }, 'wrong-type machine', meant('machine.type')],
    [{ 'machine.type': 'microvm' }, 'machine-not-for-arch machine.type', /no PCI bus/],
    [{ 'kernel.path': 'a' }, 'unknown-field kernel.path', meant('kernel.bzimage')],
    [{ 'kernel.cmdline': 'a' }, 'unknown-field kernel.cmdline', meant('kernel.append')],
    [
      { [`${DISK}.block`]: 512 },
      'unknown-field storage.disks[0].block',
      meant('storage.disks[0].block_size'),
    ],
    [{ 'tpm.version': 2 }, 'unknown-field tpm.version', /^Look in the schema/],
    [{ cloud_init: {} }, 'unknown-field cloud_init', meant('[storage.seed]')],
    [
      { shares: [{ name: 'a', path: 'a', tag: 'b' }] },
      'unknown-field shares[0].tag',
      meant('shares[0].name'),
    ],
    [{ [`${DISK}.bus`]: 'virtio-scsi' }, 'not-allowed storage.disks[0].bus', meant('"scsi"')],
    [{ [`${DISK}.discard`]: true }, 'wrong-type storage.disks[0].discard', meant('"unmap"')],
    [{ [`${DISK}.detect_zeroes`]: true }, 'wrong-type storage.disks[0].detect_zeroes', meant('"on"')],
    [{ [`${DISK}.base`]: 'a' }, 'wrong-type storage.disks[0].base', meant('storage.disks[0].base.path')],
    [{ 'devices.watchdog': true }, 'wrong-type devices.watchdog', /^Write one of "reset"/],
    [{ 'vm.uuid': '{2F1E7A52-6d0c-4b7e-9a53-0c1d2e3f4a5b}' }, 'invalid-uuid vm.uuid', UUID],
    [{ 'vm.uuid': 'urn:uuid:2f1e7a52-6d0c-4b7e-9a53-0c1d2e3f4a5b' }, 'invalid-uuid vm.uuid', UUID],
    [{ 'vm.uuid': '2f1e' }, 'invalid-uuid vm.uuid', /such as/],
    ...['52-54-00-AA-0b-0c', '5254.00aa.0b0c', '525400aa0b0c'].map(
      (mac): Row => [
        { [CARD]: { ...user('a'), mac } },
        'invalid-mac network.interfaces[0].mac',
        'Write "52:54:00:aa:0b:0c".',
      ],
    ),
    [{ [CARD]: { ...user('a'), mac: '52' } }, 'invalid-mac network.interfaces[0].mac', /such as/],
    [
      { [CARD]: { ...user('a'), subnet: '10.5.0.0' } },
      'invalid-subnet network.interfaces[0].subnet',
      'Add its length, such as "10.5.0.0/24".',
    ],
    [
      { [CARD]: { ...user('a'), subnet: 'a' } },
      'invalid-subnet network.interfaces[0].subnet',
      /^Write a network/,
    ],
    ...['01:0A.0', 'pci_0000_01_0a_0', '0000_01:0a.0'].map(
      (address): Row => [
        { passthrough: [{ name: 'a', address }] },
        'invalid-pci-address passthrough[0].address',
        'Write "0000:01:0a.0".',
      ],
    ),
    [{ passthrough: [{ name: 'a', address: 'a' }] }, 'invalid-pci-address passthrough[0].address', /such as/],
    [
      { usb: [{ vendor_id: '046d:c52b' }] },
      'invalid-usb-id usb[0].vendor_id',
      'Write vendor_id = "046d" and product_id = "c52b".',
    ],
    [{ usb: [{ vendor_id: '0x046d' }] }, 'invalid-usb-id usb[0].vendor_id', 'Write "046d".'],
    [{ usb: [{ vendor_id: '46d' }] }, 'invalid-usb-id usb[0].vendor_id', /such as/],
    [{ [DISK_PATH]: 'https://a/b.qcow2' }, 'url-as-path storage.disks[0].path', /^Fetch the file first/],
    [
      {
        'serial.enabled': false,
        'serial.logfile': 'a',
        'kernel.enabled': false,
        'kernel.initrd': 'http://a/b',
      },
      'url-as-path kernel.initrd',
      /^Fetch/,
    ],
    [
      { [`${DISK}.format`]: 'block-device', [DISK_PATH]: '/dev/sda' },
      'forbidden-path storage.disks[0].path',
      /^Write a name that stays with the device/,
    ],
    [{ 'hardware.cpu': 'host-passthrough' }, 'cpu-unknown-to-qemu hardware.cpu', 'Write "host".'],
    [{ 'hardware.cpu': 'pentium9' }, 'cpu-unknown-to-qemu hardware.cpu', /such as "max"/],
  ];
  check(rows.map(([change, ...rest]) => [{ schema_version: 2, ...change }, ...rest]));
  t.end();
});

t.test('paths of windows on other systems', (t) => {
  for (const path of ['C:\\vms\\a.qcow2', 'images\\a.qcow2', 'd:a'])
    for (const [host, codes] of [
      [ON_LINUX, ['windows-path']],
      [given(WINDOWS), []],
    ] as const) {
      const found = issuesOf(outcomeOf(changed({ [DISK_PATH]: path }), host)).filter(
        ({ code }) => code === 'windows-path',
      );
      t.strictSame(
        found.map(({ code }) => code),
        codes,
        `${path} on ${host.facts.os}`,
      );
    }
  const off = { 'serial.logfile': 'a\\b', 'serial.enabled': false };
  t.ok(
    issuesOf(outcomeOf(changed(off), given(LINUX))).some(({ code }) => code === 'windows-path'),
    'of what is off too',
  );
  t.end();
});

t.test('what a text is instead', (t) => {
  const rows: readonly (readonly [text: string, toml: RegExp | '', json: RegExp | ''])[] = [
    ['{"a": 1}', /JSON/, ''],
    ['[ "a" ]', /JSON/, /TOML/],
    ['# c\n\n  a: 1', /YAML/, /YAML/],
    ['---\na: 1', /YAML/, /YAML/],
    ['- a', /YAML/, /YAML/],
    ['"a b": 1', /YAML/, /YAML/],
    ["<domain type='kvm'>\n", /XML; a profile is TOML/, /XML; send JSON/],
    ['<?xml version="1.0"?>', /XML/, /XML/],
    ['#!/bin/sh\n$ sudo /usr/bin/qemu-system-x86_64 -m 2G', /a command; a profile is TOML/, /a command/],
    ['virt-install --name web', /a command/, /a command/],
    ['// c\nresource "libvirt_domain" "web" {', /HCL/, /HCL/],
    ['a\0b\0', /UTF-16/, ''],
    ['\0a\0b', /UTF-16/, ''],
    ['schema_version = 1[vm]name = "web"', /--data-binary/, /TOML/],
    ['# c\r\n[vm]\r\nname = x', '', /TOML/],
    ['a.b = 1', '', /TOML/],
    ['?', '', ''],
    ['', '', ''],
    [`a${' '.repeat(300_000)}`, '', ''],
  ];
  for (const [text, toml, json] of rows) {
    const about = text.slice(0, 30);
    t[toml === '' ? 'equal' : 'match'](insteadOfToml(text), toml as string, `not TOML: ${about}`);
    t[json === '' ? 'equal' : 'match'](insteadOfJson(text), json as string, `not JSON: ${about}`);
  }
  t.equal(issuePlacer(null)({ code: 'not-allowed' } as never).line, undefined);
  t.end();
});
