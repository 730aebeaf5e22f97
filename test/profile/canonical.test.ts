/** The canonical text and its hash: what a second implementation has to write, byte for byte. */
import { createHash } from 'node:crypto';
import t from 'tap';
import { shown } from '../../src/planning/shown.ts';
import { ABSENT, baseProfile, type Change, changed } from '../help/documents.ts';
import { DARWIN_INTEL, FREEBSD, given, LINUX_WITHOUT_KVM, ON_LINUX, WINDOWS } from '../help/hosts.ts';
import { fromToml, outcomeOf, plannedOf, validationOf } from '../help/plans.ts';

/** The base profile, written by hand. */
const BASE = `schema_version = 1

[console]
auto_attach = false
escape_sequence = "ctrl+]"

[hardware]
acceleration = "auto"
arch = "x86_64"
cores = 2
memory_mb = 1024

[kernel]
append = ""
enabled = false

[network]
interfaces = []

[qmp]
enabled = false

[serial]
enabled = true
mode = "pty"

[[storage.disks]]
boot = false
format = "qcow2"
name = "root"
path = "images/root.qcow2"
readonly = false

[vm]
description = ""
name = "lab"
`;

function canonicalOf(change: Change): string {
  return plannedOf(changed(change)).canonical;
}

t.test('the base profile', (t) => {
  t.equal(canonicalOf({}), BASE);
  t.end();
});

t.test('each change of the profile and the change of the text', (t) => {
  const card = { name: 'net0', type: 'user' };
  const serial = 'enabled = true\nmode = "pty"\n';
  const rows: readonly (readonly [string, Change, string, string])[] = [
    ['cores', { 'hardware.cores': 3.0 }, 'cores = 2', 'cores = 3'],
    ['cpu', { 'hardware.cpu': 'max' }, 'cores = 2\n', 'cores = 2\ncpu = "max"\n'],
    [
      'binary',
      { 'vm.qemu_binary': 'qemu-kvm' },
      'name = "lab"\n',
      'name = "lab"\nqemu_binary = "qemu-kvm"\n',
    ],
    ['a path stays as written', { 'storage.disks.0.path': './a/../b' }, 'images/root.qcow2', './a/../b'],
    ['size', { 'storage.disks.0.size_gb': 8 }, 'readonly = false\n', 'readonly = false\nsize_gb = 8\n'],
    ['an accelerator', { 'hardware.acceleration': 'tcg' }, '"auto"', '"tcg"'],
    [
      'quotes and backslashes',
      { 'vm.description': 'a"b\\c' },
      'description = ""',
      'description = "a\\"b\\\\c"',
    ],
    ['line feed and tab', { 'vm.description': '\n\ta\n' }, 'description = ""', 'description = "\\n\\ta\\n"'],
    [
      'nothing else is escaped',
      { 'vm.description': "é '#\u00a0\u{1f427}" },
      'description = ""',
      'description = "é \'#\u00a0\u{1f427}"',
    ],
    [
      'an empty qmp section',
      { qmp: {} },
      '[qmp]\nenabled = false',
      '[qmp]\nenabled = true\nsocket = "run/lab.qmp.sock"',
    ],
    [
      'a socket',
      { 'qmp.socket': 'run/q' },
      '[qmp]\nenabled = false',
      '[qmp]\nenabled = true\nsocket = "run/q"',
    ],
    ['qmp disabled', { 'qmp.enabled': false }, '', ''],
    [
      'qmp disabled with a socket',
      { qmp: { enabled: false, socket: 'q' } },
      '[qmp]\nenabled = false',
      '[qmp]\nenabled = false\nsocket = "q"',
    ],
    ['a serial socket without a device', { 'serial.mode': 'socket' }, 'mode = "pty"', 'mode = "socket"'],
    [
      'a serial device',
      { serial: { enabled: true, mode: 'socket', device: 'run/s' } },
      serial,
      'device = "run/s"\nenabled = true\nmode = "socket"\n',
    ],
    [
      'a serial log',
      { serial: { enabled: true, mode: 'file', logfile: 'l' } },
      serial,
      'enabled = true\nlogfile = "l"\nmode = "file"\n',
    ],
    ['no serial section', { serial: ABSENT }, serial, 'enabled = false\nmode = "pty"\n'],
    [
      'a kernel',
      { kernel: { enabled: true, bzimage: 'k', initrd: 'i', append: 'a,b' } },
      'append = ""\nenabled = false\n',
      'append = "a,b"\nbzimage = "k"\nenabled = true\ninitrd = "i"\n',
    ],
    [
      'console',
      { console: { auto_attach: true, escape_sequence: 'alt+"' } },
      'auto_attach = false\nescape_sequence = "ctrl+]"',
      'auto_attach = true\nescape_sequence = "alt+\\""',
    ],
    [
      'an interface',
      { 'network.interfaces.0': card },
      '[network]\ninterfaces = []',
      '[[network.interfaces]]\nhostfwd = []\nname = "net0"\ntype = "user"',
    ],
    [
      'forwards and an address in lower case',
      {
        'network.interfaces.0': {
          ...card,
          mac: '52:54:00:AB:CD:EF',
          hostfwd: ['tcp:127.0.0.1:80-:80', 'udp:127.0.0.1:81-:81'],
        },
      },
      '[network]\ninterfaces = []',
      '[[network.interfaces]]\nhostfwd = ["tcp:127.0.0.1:80-:80", "udp:127.0.0.1:81-:81"]\nmac = "52:54:00:ab:cd:ef"\nname = "net0"\ntype = "user"',
    ],
    [
      'two disks in their order',
      { 'storage.disks.1': { name: 'a', path: 'a', format: 'host-path', readonly: true } },
      '\n[vm]',
      '\n[[storage.disks]]\nboot = false\nformat = "host-path"\nname = "a"\npath = "a"\nreadonly = true\n\n[vm]',
    ],
    ['an unknown key', { colour: 'blue', 'vm.owner': {} }, '', ''],
  ];
  for (const [about, change, before, after] of rows) {
    t.ok(BASE.includes(before), `${about}: stands in the base text`);
    t.equal(
      canonicalOf(change),
      BASE.replace(before, () => after),
      about,
    );
  }
  t.end();
});

t.test('without disks', (t) => {
  const kernel = { enabled: true, bzimage: 'k', append: 'root=/dev/nfs' };
  t.match(canonicalOf({ storage: ABSENT, kernel }), '\n[storage]\ndisks = []\n\n[vm]\n');
  t.end();
});

t.test('comments, layout, order of keys and inline spelling', (t) => {
  const spellings = {
    'dotted keys': `
      # A comment.
      serial.mode = "pty"          # and another
      serial.enabled = true
      hardware.memory_mb = 0x400
      hardware.cores = 2.0
      hardware.arch = 'x86_64'
      vm = { name = "lab" }
      storage.disks = [ { format = "qcow2", path = 'images/root.qcow2', name = """root""" } ]
      schema_version = 1e0
    `,
    'quoted keys':
      '"schema_version" = 1\r\n[ "vm" ]\r\n\'name\' = "l\\u0061b"\r\n[hardware]\r\narch = "x86_64"\r\ncores = 0b10\r\nmemory_mb = 1_024\r\n[serial]\r\nenabled = true\r\n[[ storage . "disks" ]]\r\nname = "root"\r\npath = """\\\r\n   images/\\\r\n   root.qcow2"""\r\nformat = "qcow2"',
    'every default written out': BASE,
    'unknown keys': `${BASE.replace('schema_version', 'colour = "blue"\nschema_version')}\n[x]\ny = 1\n`,
  };
  for (const [about, toml] of Object.entries(spellings))
    t.equal(plannedOf(fromToml(toml)).canonical, BASE, about);
  t.end();
});

t.test('two names of files never share a hash', (t) => {
  const paths = [
    'a',
    './a',
    'A',
    'a/',
    ' a',
    'a//b',
    'a/b',
    '/srv/lab/a',
    '\u00e9',
    'e\u0301',
    'a\\',
    'a"',
    'a\\"',
    "a'",
  ];
  const hashes = paths.map((path) => {
    const share = { 'storage.disks.1': { name: 'share', path, format: 'host-path' } };
    return plannedOf(changed(share)).profileHash;
  });
  t.equal(new Set(hashes).size, paths.length);
  t.end();
});

t.test('the hash is that of the text, on every host', (t) => {
  const document = changed({ 'serial.mode': 'socket' });
  const expected = `sha256:${createHash('sha256').update(BASE.replace('"pty"', '"socket"')).digest('hex')}`;
  for (const facts of [ON_LINUX.facts, LINUX_WITHOUT_KVM, DARWIN_INTEL, FREEBSD, WINDOWS]) {
    t.equal(plannedOf(document, given(facts)).profileHash, expected, facts.os);
  }
  t.end();
});

t.test('the answer about a valid profile', (t) => {
  const outcome = outcomeOf(changed({ 'hardware.memory_mb': 1000 }));
  const answer = validationOf(outcome);
  t.strictSame(Object.keys(answer), [
    'valid',
    'profile_name',
    'schema_version',
    'profile_hash',
    'canonical_toml',
    'errors',
    'warnings',
  ]);
  t.match(answer, { valid: true, profile_name: 'lab', schema_version: 1, errors: [] });
  t.equal(answer.canonical_toml, BASE.replace('1024', '1000'));
  t.equal(
    answer.profile_hash,
    `sha256:${createHash('sha256')
      .update(answer.canonical_toml ?? '')
      .digest('hex')}`,
  );
  t.strictSame(answer.warnings, outcome.warnings);
  t.equal(answer.warnings.length, 1);
  t.end();
});

t.test('the answer about an invalid profile', (t) => {
  const answer = validationOf(outcomeOf({ ...baseProfile(), colour: 1, hardware: { cores: 0 } }));
  t.match(answer, {
    valid: false,
    profile_name: 'lab',
    schema_version: 1,
    profile_hash: null,
    canonical_toml: null,
  });
  t.equal(answer.errors.length, 3);
  t.equal(answer.warnings.length, 1);
  t.match(validationOf(outcomeOf(null)), { valid: false, profile_name: null, schema_version: null });
  t.end();
});

t.test('a document as it may be shown', (t) => {
  const document = {
    name: 'lab',
    list: ['token=abc', 1, null, true],
    numbers: [10n ** 20n, Number.NaN, Number.NEGATIVE_INFINITY, 1.5],
    date: new Date(0),
    db_password: { user: 'x' },
    'token: abc': 'y',
  };
  t.strictSame(shown(document), {
    name: 'lab',
    list: ['***REDACTED***', 1, null, true],
    numbers: ['100000000000000000000', 'NaN', '-Infinity', 1.5],
    date: '1970-01-01T00:00:00.000Z',
    db_password: '***REDACTED***',
    '***REDACTED***': 'y',
  });
  t.strictSame(Object.keys(shown(JSON.parse('{"__proto__": 1}')) as object), ['__proto__']);
  t.end();
});
