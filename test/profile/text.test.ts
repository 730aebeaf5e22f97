/** Text in a profile: how it is read, characters that nobody sees, and what looks like a secret. */
import t from 'tap';
import { parseProfileText } from '../../src/planning/parse_profile.ts';
import { decodeUtf8, notUtf8, withoutMark } from '../../src/profile/toml.ts';
import { DISK, withKernel } from '../help/changes.ts';
import { baseProfile, changed } from '../help/documents.ts';
import { ON_LINUX } from '../help/hosts.ts';
import { issuesOf, outcomeOf, validationOf } from '../help/plans.ts';
import { checkIssues, checkRows } from '../help/rows.ts';

t.test('TOML', (t) => {
  const problem = (text: string) => {
    const read = parseProfileText(text);
    return 'problem' in read ? read.problem : null;
  };
  t.match(
    problem('a = 1\nb = password=x\n'),
    { line: 2, reason: 'A text has to be between quotes.' },
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
  t.equal(withoutMark(String(decodeUtf8(Buffer.from('\ufeffa = 1')))), 'a = 1', 'without a byte order mark');
  for (const bytes of [[0xff], [0xc3], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80]]) {
    t.equal(decodeUtf8(Uint8Array.from(bytes)), null, bytes.join(' '));
    const place = { line: 2, column: 4, reason: 'The text is not UTF-8.' };
    const text = Buffer.concat([
      Buffer.from('\ufeffä\nö🐧'),
      Uint8Array.from(bytes),
      Buffer.from('\xff', 'latin1'),
    ]);
    t.strictSame(notUtf8(text), place, `${bytes.join(' ')}: where`);
  }
  t.match(notUtf8(Buffer.from('\ufeff\u{fffd} a', 'utf16le')), { line: 1, reason: /UTF-16/ });
  t.match(notUtf8(Buffer.from([0xfe, 0xff, 0, 0x61])), { line: 1, reason: /UTF-16/ });
  t.end();
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
      changed(withKernel({ append: `console=ttyS0 ${secret}` })),
      ['error secret-in-argv kernel.append'],
      `append ${secret}`,
    );
  }
  for (const text of NO_SECRETS) {
    checkIssues(t, changed({ 'vm.description': text }), [], `no secret: ${text}`);
    checkIssues(
      t,
      changed(withKernel({ append: `console=ttyS0 ${text}` })),
      [],
      `no secret in append: ${text}`,
    );
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
      const answer = shown([issuesOf(outcome), outcome.profileName, validationOf(outcome)]);
      if (answer.includes(secret)) t.fail(`${secret} is shown: ${answer}`);
    }
  }
  const valid = outcomeOf(changed({ 'vm.description': 'token: abc' }));
  const answer = validationOf(valid);
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
