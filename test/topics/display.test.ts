/** Where the picture of the guest goes, and who can reach it. */
import t from 'tap';
import { looksSecret } from '../../src/profile/secrets.ts';
import { argvOf, valuesOf } from '../help/argv.ts';
import { CARD, LOG, TCG } from '../help/changes.ts';
import { type Change, changed } from '../help/documents.ts';
import { DARWIN, FREEBSD, given, LINUX, type ProbedPath, seeing, WINDOWS } from '../help/hosts.ts';
import { metadataOf, outcomeOf, plannedOf, planOf } from '../help/plans.ts';
import { checkIssues, checkRows, type Row } from '../help/rows.ts';

const V2: Change = { schema_version: 2 };

const row = (about: string, display: object, ...issues: string[]): Row => [
  about,
  { ...V2, display },
  ...issues,
];

const PASSWORD = { password_file: 'keys/p' };
const EIGHT = 'info vnc-password-8-characters display.password_file';
const NO_PASSWORD = 'warning display-without-password display.port';

t.test('a version 1 profile has no display', (t) => {
  const change = { display: { mode: 'vnc' } };
  checkIssues(t, changed(change), ['warning unknown-field display'], 'dropped');
  t.strictSame(argvOf(change), argvOf({}));
  t.end();
});

t.test('where a viewer connects to', (t) => {
  const nowhere = 'error display-address-missing display.port';
  const twice = (key: string) => `error display-address-twice display.${key}`;
  checkRows(t, [
    row('nothing', { mode: 'none' }),
    row('off, with keys', { mode: 'none', port: 5900, socket: 's', websocket_port: 5700, agent: true }),
    row('off, with a bad place', { mode: 'none', socket: '/proc/s' }, 'error forbidden-path display.socket'),
    row('nowhere', { mode: 'vnc' }, nowhere),
    row('nowhere, with SPICE', { mode: 'spice' }, nowhere),
    row('a port that cannot be read', { mode: 'vnc', port: 80 }, 'error out-of-range display.port'),
    row('a socket that cannot be read', { mode: 'vnc', socket: '' }, 'error empty-value display.socket'),
    row('a mode that cannot be read', { mode: 'curses' }, 'error not-allowed display.mode'),
    row('a socket', { mode: 'vnc', socket: 'run/v' }),
    row('a socket for SPICE', { mode: 'spice', socket: 'run/v' }),
    row('both', { mode: 'vnc', port: 5900, socket: 'run/v' }, twice('port'), NO_PASSWORD),
    row('a socket with an address', { mode: 'vnc', address: '::1', socket: 'run/v' }, twice('address')),
    row('a socket with the default address', { mode: 'vnc', address: '127.0.0.1', socket: 'run/v' }),
    row(
      'a socket for browsers',
      { mode: 'vnc', socket: 'run/v', websocket_port: 5700 },
      'error websocket-needs-tcp display.websocket_port',
    ),
    row('a socket outside', { mode: 'vnc', socket: '/tmp/v' }, 'error outside-project-root display.socket'),
    row(
      'a long socket',
      { mode: 'vnc', socket: 'x'.repeat(100) },
      'error socket-path-too-long display.socket',
    ),
  ]);
});

t.test('a number as others count displays', (t) => {
  const suggestionFor = (port: number) =>
    checkIssues(
      t,
      changed({ ...V2, display: { mode: 'vnc', port } }),
      ['error out-of-range display.port'],
      `${port}`,
    )[0]?.suggestion;
  t.match(suggestionFor(1), /; QEMU's display :1 is port 5901\.$/);
  t.match(suggestionFor(-1), /^Write an integer between 5900 and 65535\.$/);
  t.end();
});

t.test('keys that a mode has no use for', (t) => {
  const only = (key: string) => `error not-for-type display.${key}`;
  const all = { address: '::1', port: 5900, socket: 's', websocket_port: 5700, ...PASSWORD };
  const keys = ['address', 'port', 'socket', 'websocket_port', 'password_file'];
  checkRows(t, [
    row('a window', { mode: 'gtk', ...all }, ...keys.map(only)),
    row(
      'a window with SPICE',
      { mode: 'sdl', agent: true, usb_redirection: 1 },
      only('agent'),
      only('usb_redirection'),
    ),
    row('SPICE for browsers', { mode: 'spice', socket: 's', websocket_port: 5700 }, only('websocket_port')),
    row('VNC with SPICE', { mode: 'vnc', socket: 's', agent: true }, only('agent')),
    row('SPICE', { mode: 'spice', socket: 's', agent: true, usb_redirection: 4 }),
    row(
      'too many',
      { mode: 'spice', socket: 's', usb_redirection: 5 },
      'error out-of-range display.usb_redirection',
    ),
  ]);
});

t.test('who can reach it', (t) => {
  const open = 'error display-open-to-network display.address';
  const far = 'warning display-not-loopback display.address';
  const vnc = (address: string, more: object = {}) => ({ mode: 'vnc', address, port: 5900, ...more });
  checkRows(t, [
    row('every user', vnc('127.0.0.1'), NO_PASSWORD),
    row('every user, elsewhere', vnc('127.9.9.9'), NO_PASSWORD),
    row('every user, by IPv6', vnc('0:0:0::1'), NO_PASSWORD),
    row('a password', vnc('::1', PASSWORD), EIGHT),
    row(
      'a password that cannot be read',
      vnc('0.0.0.0', { password_file: '' }),
      'error empty-value display.password_file',
      far,
    ),
    row('everybody', vnc('0.0.0.0'), open),
    row('everybody, by IPv6', vnc('::'), open),
    row('a network', vnc('192.168.1.1'), open),
    row('everybody with a password', vnc('::', PASSWORD), far, EIGHT),
    row('SPICE with a password', { mode: 'spice', address: '0.0.0.0', port: 5900, ...PASSWORD }, far),
    row(
      'an address that cannot be read',
      vnc('localhost'),
      'error invalid-address display.address',
      NO_PASSWORD,
    ),
  ]);
});

t.test('addresses that nobody can connect to', (t) => {
  const of = (address: string, ...issues: string[]): Row =>
    row(address, { mode: 'spice', port: 5900, address, ...PASSWORD }, ...issues);
  const [never, far] = [
    'error address-unreachable display.port',
    'warning display-not-loopback display.address',
  ];
  const bad = ['224.0.0.1', '239.255.255.255', '255.255.255.255', 'ff02::1', 'fe80::1', 'FEBF::1'];
  const good = [
    '223.255.255.255',
    '240.0.0.1',
    '255.255.255.254',
    '::',
    'ff::1',
    'fe8::1',
    'fec0::1',
    'fd00::1',
  ];
  checkRows(t, [
    ...bad.map((address) => of(address, never, far)),
    ...good.map((address) => of(address, far)),
  ]);
});

t.test('addresses', (t) => {
  const of = (address: unknown, ...issues: string[]): Row =>
    row(String(address), { mode: 'spice', port: 5900, address, ...PASSWORD }, ...issues);
  const bad = 'error invalid-address display.address';
  const far = 'warning display-not-loopback display.address';
  const good = ['1::', '::8', '1::3:4:5:6:7:8', '1:2:3:4:5:6:7:8', '1:2:3:4:5:6:7::', 'fd80::1', '10.0.0.1'];
  checkRows(t, [
    ...good.map((address) => of(address, far)),
    ...[
      '',
      ' ',
      ':',
      ':::',
      '1::2::3',
      '[::1]',
      '1:2:3',
      '1.2.3',
      '01.2.3.4',
      '256.0.0.1',
      'fe80::1%eth0',
      '::1,x',
    ].map((address) => of(address, bad)),
  ]);
});

t.test('one space of ports, one of paths', (t) => {
  const twice = (key: string) => `error port-forwarded-twice display.${key}`;
  const forward = (rule: string): Change => ({ ...V2, [CARD]: { name: 'a', type: 'user', hostfwd: [rule] } });
  const far = 'warning display-not-loopback display.address';
  const spice = (address: string) => ({ display: { mode: 'spice', port: 5900, address, ...PASSWORD } });
  checkRows(t, [
    ['a forward', { ...forward('tcp:127.0.0.1:5900-:1'), ...spice('127.0.0.1') }, twice('port')],
    ['a forward of datagrams', { ...forward('udp:127.0.0.1:5900-:1'), ...spice('127.0.0.1') }],
    ['a forward elsewhere', { ...forward('tcp:127.0.0.2:5900-:1'), ...spice('127.0.0.1') }],
    ['a forward of IPv4', { ...forward('tcp:127.0.0.2:5900-:1'), ...spice('::1') }],
    ['every address of both', { ...forward('tcp:127.0.0.2:5900-:1'), ...spice('::') }, twice('port'), far],
    ['every address, of nothing else', { ...V2, ...spice('::') }, far],
    [
      'every address of IPv4',
      { ...forward('tcp::5900-:1'), ...spice('127.0.0.1') },
      twice('port'),
      'warning hostfwd-not-loopback network.interfaces[0].hostfwd[0]',
    ],
    [
      'every address of IPv4 beside IPv6',
      { ...forward('tcp::5900-:1'), ...spice('::1') },
      'warning hostfwd-not-loopback network.interfaces[0].hostfwd[0]',
    ],
    row(
      'VNC and its browsers',
      { mode: 'vnc', port: 5900, websocket_port: 5900, ...PASSWORD },
      twice('websocket_port'),
      EIGHT,
    ),
    row('the debugger', { mode: 'vnc', port: 5900, websocket_port: 5901, ...PASSWORD }, EIGHT),
    [
      'the socket of QMP',
      { ...V2, qmp: { socket: 'run/a' }, display: { mode: 'vnc', socket: 'run/a' } },
      'error path-conflict qmp.socket',
    ],
    [
      'the password in a log',
      { ...V2, ...LOG, display: { mode: 'vnc', socket: 'run/a', password_file: 'logs/lab.log' } },
      'error path-conflict serial.logfile',
    ],
  ]);
});

t.test('other systems', (t) => {
  const cocoa = changed({ ...V2, ...TCG, 'serial.mode': 'none', display: { mode: 'cocoa' } });
  for (const facts of [LINUX, WINDOWS, FREEBSD])
    checkIssues(t, cocoa, ['error not-for-os display.mode'], facts.os, given(facts));
  checkIssues(t, cocoa, [], 'darwin', given(DARWIN));
  t.end();
});

t.test('argv', (t) => {
  const of = (display: object, flag: string) => valuesOf(argvOf({ ...V2, display }), flag);
  t.strictSame(of({ mode: 'sdl' }, '-display'), ['sdl']);
  for (const mode of ['none', 'vnc', 'spice']) t.strictSame(of({ mode, socket: 's' }, '-display'), ['none']);
  t.strictSame(of({ mode: 'vnc', port: 5900 }, '-vnc'), ['127.0.0.1:0']);
  t.strictSame(of({ mode: 'spice', port: 5900 }, '-spice'), [
    'port=5900,addr=127.0.0.1,disable-ticketing=on',
  ]);
  t.end();
});

t.test('the name of the object that holds the password is no secret', (t) => {
  for (const shown of ['x,password-secret=vnc-password', "'a,password-secret=spice-password'"])
    t.notOk(looksSecret(shown), shown);
  for (const hidden of ['secret=vnc-passwords', 'password-secret=hunter2', 'secret=vnc-password-2'])
    t.ok(looksSecret(hidden), hidden);
  t.end();
});

t.test('plans', (t) => {
  const plan = (display: object) => planOf({ ...V2, ...TCG, 'serial.mode': 'none', display });
  const asked = (display: object) =>
    (metadataOf(plan(display)).unknowns as { subject: string }[])
      .map(({ subject }) => subject)
      .filter((subject) => /display|port|vnc|module/.test(subject));
  const risk = (display: object) => plan(display).risk;
  t.equal(risk({ mode: 'gtk' }), 'low');
  t.equal(risk({ mode: 'vnc', socket: 'run/v' }), 'medium', 'whoever opens the socket');
  t.equal(risk({ mode: 'vnc', port: 5900 }), 'medium');
  t.equal(risk({ mode: 'vnc', port: 5900, ...PASSWORD }), 'low');
  t.equal(risk({ mode: 'vnc', port: 5900, address: '::1', ...PASSWORD }), 'low');
  t.equal(risk({ mode: 'vnc', port: 5900, address: '::', ...PASSWORD }), 'high');
  const both = plan({ mode: 'vnc', address: '0:0::1', port: 5900, websocket_port: 5700, ...PASSWORD });
  t.strictSame(
    both.affected_resources.filter((one) => /port:|keys/.test(one)),
    ['path:read:/srv/lab/keys/p', 'port:tcp:[::1]:5700', 'port:tcp:[::1]:5900'],
  );
  t.strictSame(asked({ mode: 'gtk' }), [
    'display:gtk',
    'qemu-module:hw-display-virtio-vga',
    'qemu-module:ui-gtk',
  ]);
  t.strictSame(asked({ mode: 'spice', socket: 'run/v' }), [
    'qemu-module:hw-display-virtio-vga',
    'qemu-module:ui-spice-core',
  ]);
  t.strictSame(asked({ mode: 'vnc', port: 5900 }), [
    'port:tcp:127.0.0.1:5900',
    'qemu-module:hw-display-virtio-vga',
  ]);
  t.strictSame(asked({ mode: 'vnc', port: 5900, address: '::1' }), [
    'port:tcp:[::1]:5900',
    'port:tcp:[::1]:5900',
    'qemu-module:hw-display-virtio-vga',
  ]);
  t.end();
});

t.test('a password that is not there', (t) => {
  checkIssues(
    t,
    changed({ ...V2, display: { mode: 'spice', socket: 'run/v', ...PASSWORD } }),
    ['error file-missing display.password_file'],
    'missing',
    seeing({ '/srv/lab/keys/p': { kind: 'missing' } }),
  );
  t.end();
});

t.test('a password, by what the system says of its file', (t) => {
  const file = 'display.password_file';
  const mode = `warning secret-file-mode ${file}`;
  const vnc = { mode: 'vnc', socket: 'run/v', ...PASSWORD };
  const spice = { ...vnc, mode: 'spice' };
  const rows: [about: string, display: object, seen: Partial<ProbedPath>, ...issues: string[]][] = [
    ['for its owner alone', vnc, { bytes: 8, mode: 0o600 }],
    ['read-only', vnc, { bytes: 8, mode: 0o400 }],
    ['for the group', vnc, { bytes: 8, mode: 0o640 }, mode],
    ['for all to read', spice, { bytes: 8, mode: 0o604 }, mode],
    ['for all to write', spice, { bytes: 8, mode: 0o602 }, mode],
    ['empty, for all', vnc, { bytes: 0, mode: 0o644 }, `error secret-file-empty ${file}`, mode],
    ['as long as SPICE takes', spice, { bytes: 59, mode: 0o600 }],
    ['longer', spice, { bytes: 60, mode: 0o600 }, `warning spice-password-too-long ${file}`],
    ['as long for VNC, which takes the first bytes', vnc, { bytes: 60, mode: 0o600 }],
    ['no file', vnc, { kind: 'directory', bytes: 0, mode: 0o755 }, `error file-missing ${file}`],
  ];
  for (const [about, display, seen, ...issues] of rows)
    checkIssues(t, changed({ ...V2, display }), issues, about, seeing({ '/srv/lab/keys/p': seen }));

  const asked = (display: object, bytes: number): string[] => {
    const host = seeing({ '/srv/lab/keys/p': { bytes, mode: 0o600 } });
    return plannedOf(changed({ ...V2, display }), host)
      .unknowns.filter(({ subject }) => subject.endsWith('keys/p'))
      .map(({ question }) => question);
  };
  const feed = 'Has the file no line feed at its end? It would be a part of the password.';
  t.strictSame(asked(vnc, 8), [feed]);
  t.strictSame(asked(vnc, 9), [], 'VNC does not look at the last of so many');
  t.strictSame(asked(spice, 9), [feed]);
  const path = '/srv/lab/it’s keys/p';
  const outcome = outcomeOf(
    changed({ ...V2, display: { ...vnc, password_file: 'it’s keys/p' } }),
    seeing({ [path]: { bytes: 8, mode: 0o44 } }),
  );
  t.match(
    outcome.warnings.find(({ code }) => code === 'secret-file-mode'),
    {
      message: `display.password_file is "it’s keys/p", a file of the mode 044: others than its owner may read it or write to it.`,
      suggestion: `Run "chmod 600 '${path}'"; its owner has to be the user that runs QEMU.`,
    },
  );
  t.end();
});

t.test('forwards that others can reach are a high risk from version 2 on', (t) => {
  const forward = {
    ...TCG,
    'serial.mode': 'none',
    [CARD]: { name: 'a', type: 'user', hostfwd: ['tcp::1234-:1'] },
  };
  t.equal(planOf(forward).risk, 'medium');
  t.equal(planOf({ ...V2, ...forward }).risk, 'high');
  t.ok(plannedOf(changed({ ...V2, ...forward })).isValid);
  t.end();
});
