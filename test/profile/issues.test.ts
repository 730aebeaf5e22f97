/** Issues: unknown keys, how many are listed, in which order, and what their sentences say. */
import t from 'tap';
import { unreadableProfile } from '../../src/planning/parse_profile.ts';
import { planProfile } from '../../src/planning/plan_profile.ts';
import { jsonSchemaOf } from '../../src/profile/json_schema.ts';
import { mistakesAgainst } from '../../src/profile/schema_mistakes.ts';
import { PROFILE, SCHEMA_VERSION } from '../../src/topics/profile.ts';
import { CARD, DISK, DISK_PATH, disk, share, TCG, user, withKernel } from '../help/changes.ts';
import { baseProfile, type Change, changed, type Document, reordered } from '../help/documents.ts';
import { ON_LINUX } from '../help/hosts.ts';
import { fromToml, issuesOf, outcomeOf, plannedOf } from '../help/plans.ts';
import { checkIssues, checkRows, issueLine } from '../help/rows.ts';

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
      'warning console-not-on-serial kernel.append',
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

t.test('messages hold the value and the bound', (t) => {
  const messages: readonly (readonly [Document, string, ...RegExp[]])[] = [
    [{ 'hardware.cores': 300 }, 'out-of-range', /\b300\b/, /\b1\b.*\b256\b/],
    [{ 'hardware.memory_mb': 1 }, 'out-of-range', /\b1\b/, /\b256\b.*\b16777216\b/],
    [{ schema_version: 3 }, 'out-of-range', /\b3\b/, /\b1\b.*\b2\b/],
    [{ 'hardware.arch': 'mips' }, 'not-allowed', /"mips"/, /x86_64.*aarch64.*riscv64.*ppc64le/],
    [{ 'vm.name': 'a b' }, 'invalid-name', /"a b"/, /\b64\b/],
    [{ 'hardware.memory_mb': 1000 }, 'memory-not-aligned', /\b1000\b/, /\b256\b/],
    [withKernel({ append: `console=ttyS0 ${'x'.repeat(2986)}` }), 'append-long', /\b3000\b/, /\b2047\b/],
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
  t.notMatch(
    suggestion({ [`hardware.${'core'.repeat(30)}`]: 3 }),
    /Did you mean/,
    'a long key is not a misspelling',
  );
  const long = issuesOf(outcomeOf(changed({ 'vm.name': '🐧'.repeat(5000) })))[0]?.message ?? '';
  t.ok(long.length < 500 && !/[\ud800-\udfff]/u.test(long), 'a long value is cut between characters');
  t.end();
});

t.test('messages about the host hold the value and the bound', (t) => {
  const messageOf = (change: Change, code: string, host = ON_LINUX) =>
    issuesOf(outcomeOf(changed(change), host)).find((issue) => issue.code === code)?.message;
  t.match(messageOf({ 'qmp.socket': 'x'.repeat(200) }, 'socket-path-too-long'), /\b209\b.*\b107\b/);
  t.match(messageOf({ [DISK_PATH]: 'x'.repeat(256) }, 'path-too-long'), /\b256\b.*\b255\b/);
  t.match(messageOf({ [DISK_PATH]: 'x/'.repeat(2100) }, 'path-too-long'), /\b4095\b/);
  t.match(messageOf({ [DISK_PATH]: '/proc/1/mem' }, 'forbidden-path'), /"\/proc\/1\/mem".*\/proc;/);
  t.match(messageOf(share('/etc'), 'forbidden-path'), /share \/etc\/shadow/);
  t.match(messageOf({ 'hardware.cores': 256, ...TCG }, 'cores-need-kvm'), /\b256\b.*\b255\b/);
  t.match(
    messageOf({ 'hardware.memory_mb': 2000128, ...TCG }, 'memory-over-address-space'),
    /\b2000128\b.*\b1001472\b/,
  );
  t.match(messageOf({ [DISK_PATH]: '../x' }, 'outside-project-root'), /"\/srv\/x".*"\/srv\/lab"/);
  t.end();
});

t.test('a name is known as far as it can be shown', (t) => {
  const named = (name: unknown) => outcomeOf(changed({ 'vm.name': name, 'hardware.cores': 0 })).profileName;
  t.equal(named('lab'), 'lab');
  t.equal(named('not a name'), null);
  t.equal(named(3), null);
  t.equal(named(`sk-${'a'.repeat(24)}`), '***REDACTED***');
  t.equal(outcomeOf(changed({ schema_version: 3 })).schemaVersion, null);
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

t.test('what does not fit a schema is said without repeating it', (t) => {
  const mistakes = mistakesAgainst(jsonSchemaOf(PROFILE, SCHEMA_VERSION), {
    title: 'profile',
    at: ['profile'],
  });
  const check = (document: unknown): string =>
    mistakes(document)
      .map(({ message }) => message)
      .join(' ');
  t.equal(check(baseProfile()), '');
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
