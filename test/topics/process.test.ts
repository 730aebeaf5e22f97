/** How QEMU runs: sandbox, pidfile, background, actions, and the ways in for a debugger. */
import t from 'tap';
import type { ProbedPath } from '../../src/facts/host.ts';
import { argvOf, valuesOf } from '../help/argv.ts';
import { CARD, TCG, withKernel } from '../help/changes.ts';
import { type Change, changed } from '../help/documents.ts';
import { DARWIN_INTEL, FREEBSD, given, LINUX, probed, seeing, WINDOWS } from '../help/hosts.ts';
import { planOf } from '../help/plans.ts';
import { checkIssues, checkRows, type Row } from '../help/rows.ts';

const V2: Change = { schema_version: 2 };
const LOGGED = { log_file: 'logs/d.log', log_items: ['unimp'] };
const CONTROL = (key: string) => `warning gdb-is-full-control debug.${key}`;

const row = (about: string, change: Change, ...issues: string[]): Row => [
  about,
  { ...V2, ...change },
  ...issues,
];

t.test('a version 1 profile has none of these keys', (t) => {
  const sections = { process: { sandbox: true }, debug: { gdb_port: 1234 }, rtc: { clock: 'vm' } };
  const more = { smbios: { serial: '1' }, fw_cfg: [{ name: 'opt/a', text: 'b' }], 'vm.uuid': 'x' };
  checkIssues(
    t,
    changed({ ...sections, ...more, kernel: { dtb: 'a' }, 'vm.depends_on': ['a'] }),
    [
      'warning unknown-field vm.uuid',
      'warning unknown-field vm.depends_on',
      'warning unknown-field kernel.dtb',
      'warning unknown-field process',
      'warning unknown-field debug',
      'warning unknown-field rtc',
      'warning unknown-field smbios',
      'warning unknown-field fw_cfg',
    ],
    'each is dropped',
  );
  t.strictSame(argvOf({ ...sections, ...more }), argvOf({}));
  t.end();
});

t.test('the sandbox', (t) => {
  checkRows(t, [
    row('alone', { 'process.sandbox': true }),
    row(
      'off',
      { 'process.sandbox': false, [CARD]: { name: 'a', type: 'tap' } },
      'warning host-network-setup network.interfaces[0].type',
    ),
    row(
      'with a helper',
      {
        'process.sandbox': true,
        'network.interfaces': [
          { name: 'a', type: 'user' },
          { name: 'b', type: 'bridge' },
        ],
      },
      'error sandbox-with-helper process.sandbox',
      'warning host-network-setup network.interfaces[1].type',
    ),
    row(
      'a bridge without it',
      { 'process.sandbox': false, [CARD]: { name: 'b', type: 'bridge' } },
      'warning host-network-setup network.interfaces[0].type',
    ),
    row(
      'in the background',
      { process: { sandbox: true, daemonize: true }, 'serial.mode': 'socket' },
      'error daemonize-with-sandbox process.daemonize',
    ),
  ]);
});

t.test('the background', (t) => {
  const pty = 'warning daemonize-with-pty process.daemonize';
  checkRows(t, [
    row('with a terminal', { 'process.daemonize': true }, pty),
    row('without', { 'process.daemonize': true, 'serial.mode': 'socket' }),
    row(
      'with a port that is off',
      { 'process.daemonize': true, 'serial.enabled': false },
      'info no-console serial.enabled',
    ),
    row(
      'a port of no known mode',
      { 'process.daemonize': true, 'serial.mode': 'x' },
      'error not-allowed serial.mode',
    ),
  ]);
});

t.test('what other systems have', (t) => {
  const issuesOn = (facts: typeof LINUX, process: object, ...issues: string[]) =>
    checkIssues(
      t,
      changed({ ...V2, ...TCG, process, 'serial.mode': 'none' }),
      issues,
      facts.os,
      given(facts),
    );
  issuesOn(LINUX, { sandbox: true });
  issuesOn(LINUX, { daemonize: true });
  for (const facts of [DARWIN_INTEL, FREEBSD]) {
    issuesOn(facts, { sandbox: true }, 'error not-for-os process.sandbox');
    issuesOn(facts, { daemonize: true });
  }
  issuesOn(WINDOWS, { sandbox: true }, 'error not-for-os process.sandbox');
  issuesOn(WINDOWS, { daemonize: true }, 'error not-for-os process.daemonize');
  issuesOn(
    WINDOWS,
    { start_paused: true, pidfile: 'run\\a.pid' },
    'warning paused-without-qmp process.start_paused',
  );
  t.end();
});

t.test('a guest that waits', (t) => {
  const paused = (change: Change, ...issues: string[]): Row =>
    row(JSON.stringify(change), { 'process.start_paused': true, ...change }, ...issues);
  const nobody = 'warning paused-without-qmp process.start_paused';
  checkRows(t, [
    paused({}, nobody),
    paused({ 'qmp.enabled': false }, nobody),
    paused({ qmp: {} }),
    paused({ 'debug.gdb_port': 1234 }, CONTROL('gdb_port')),
    paused({ 'debug.gdb_socket': 'run/g' }, CONTROL('gdb_socket')),
    paused({ 'debug.gdb_socket': '' }, 'error empty-value debug.gdb_socket'),
    paused({ 'debug.gdb_port': 80 }, 'error out-of-range debug.gdb_port'),
  ]);
});

t.test('a panic needs a device', (t) => {
  const of = (arch: string, on_panic: string, ...issues: string[]): Row =>
    row(`${arch} ${on_panic}`, { ...TCG, 'hardware.arch': arch, 'process.on_panic': on_panic }, ...issues);
  const none = 'warning panic-without-device process.on_panic';
  const bare = 'warning disk-boot-needs-firmware hardware.arch';
  checkRows(t, [
    of('x86_64', 'shutdown'),
    of('x86_64', 'pause', none),
    of('x86_64', 'exit-failure', none),
    of('x86_64', 'none', none),
    of('x86_64', 'reset', 'error not-allowed process.on_panic'),
    of('aarch64', 'pause', bare, none),
    of('riscv64', 'pause', bare, none),
    of('ppc64le', 'pause'),
    of('sparc', 'pause', 'error not-allowed hardware.arch'),
  ]);
});

t.test('actions in argv: only what is not the default, in one element', (t) => {
  const of = (process: object) => valuesOf(argvOf({ ...V2, process }), '-action');
  t.strictSame(of({}), []);
  t.strictSame(of({ on_reboot: 'reset', on_shutdown: 'poweroff', on_panic: 'shutdown' }), []);
  t.strictSame(of({ on_panic: 'none', on_reboot: 'shutdown' }), ['reboot=shutdown,panic=none']);
  t.strictSame(of({ on_shutdown: 'pause' }), ['shutdown=pause']);
  t.end();
});

t.test('a debugger', (t) => {
  checkRows(t, [
    row('a socket', { 'debug.gdb_socket': 'run/g.sock' }, CONTROL('gdb_socket')),
    row('a port', { 'debug.gdb_port': 1234 }, CONTROL('gdb_port')),
    row(
      'both',
      { debug: { gdb_port: 1234, gdb_socket: 'run/g.sock' } },
      'error gdb-address-twice debug.gdb_port',
      CONTROL('gdb_socket'),
      CONTROL('gdb_port'),
    ),
    row(
      'not in /tmp',
      { 'debug.gdb_socket': '/tmp/g.sock' },
      'error outside-project-root debug.gdb_socket',
      CONTROL('gdb_socket'),
    ),
    row(
      'a path that is too long',
      { 'debug.gdb_socket': 'x'.repeat(100) },
      'error socket-path-too-long debug.gdb_socket',
      CONTROL('gdb_socket'),
    ),
    row(
      'a port that is forwarded',
      { 'debug.gdb_port': 2222, [CARD]: { name: 'a', type: 'user', hostfwd: ['tcp:127.0.0.1:2222-:22'] } },
      'error port-forwarded-twice debug.gdb_port',
      CONTROL('gdb_port'),
    ),
    row(
      'the socket of QMP',
      { qmp: { socket: 'run/a' }, debug: { gdb_socket: 'run/a' } },
      'error path-conflict debug.gdb_socket',
      CONTROL('gdb_socket'),
    ),
  ]);
});

t.test('a log of the emulation', (t) => {
  const log = (about: string, debug: object, ...issues: string[]): Row => row(about, { debug }, ...issues);
  checkRows(t, [
    log('both', LOGGED),
    log('no items', { log_file: 'l' }, 'error missing-field debug.log_items'),
    log('an empty list', { log_file: 'l', log_items: [] }, 'error missing-field debug.log_items'),
    log(
      'a list that cannot be read',
      { log_file: 'l', log_items: 'unimp' },
      'error wrong-type debug.log_items',
    ),
    log('no file', { log_items: ['int'] }, 'error missing-field debug.log_file'),
    log(
      'a file that cannot be read',
      { log_file: '', log_items: ['int'] },
      'error empty-value debug.log_file',
    ),
    log('an unknown item', { log_file: 'l', log_items: ['exec'] }, 'error not-allowed debug.log_items[0]'),
    log(
      'an item twice',
      { log_file: 'l', log_items: ['int', 'unimp', 'int'] },
      'error duplicate-name debug.log_items[2]',
    ),
    log('a template', { ...LOGGED, log_file: 'logs/%d.log' }, 'error debug-log-percent debug.log_file'),
    log('outside', { ...LOGGED, log_file: '/tmp/d.log' }, 'error outside-project-root debug.log_file'),
  ]);
});

t.test('a template in the project root', (t) => {
  const host = given({ ...LINUX, project_root: '/srv/100%' });
  checkIssues(t, changed({ ...V2, debug: LOGGED }), ['error debug-log-percent debug.log_file'], 'root', host);
  t.end();
});

t.test('a pidfile', (t) => {
  checkRows(t, [
    row('inside', { 'process.pidfile': 'run/lab.pid' }),
    row('outside', { 'process.pidfile': '/tmp/lab.pid' }, 'error outside-project-root process.pidfile'),
    row('a directory', { 'process.pidfile': 'run/' }, 'error path-not-a-file process.pidfile'),
    row('a disk', { 'process.pidfile': 'images/root.qcow2' }, 'error path-conflict process.pidfile'),
    row('a log', { 'process.pidfile': 'logs/d.log', debug: LOGGED }, 'error path-conflict debug.log_file'),
  ]);
});

t.test('probed', (t) => {
  const without = {
    directory: {
      path: '/srv/lab/run',
      realPath: '/srv/lab/run',
      state: 'missing',
      existing: '/srv/lab',
      canBeMade: true,
      isOnReadOnlyMount: false,
    },
  } as const;
  checkIssues(
    t,
    changed({ ...V2, 'process.pidfile': 'run/lab.pid' }),
    ['warning parent-directory-missing process.pidfile'],
    'no directory',
    seeing({ '/srv/lab/run/lab.pid': { kind: 'missing', ...without } }),
  );
  checkIssues(t, changed({ ...V2, 'process.pidfile': 'run/lab.pid' }), [], 'not seen', probed(LINUX));
  const pidfile = (about: string, there: Partial<ProbedPath>, ...issues: string[]) =>
    checkIssues(
      t,
      changed({ ...V2, 'process.pidfile': 'run/lab.pid' }),
      issues,
      about,
      seeing({ '/srv/lab/run/lab.pid': there }),
    );
  pidfile('there', { kind: 'file' });
  pidfile('closed', { kind: 'file', isWritable: false }, 'warning file-unwritable process.pidfile');
  pidfile('a directory', { kind: 'directory' }, 'error path-occupied process.pidfile');
  pidfile('a pipe', { kind: 'other' }, 'warning path-occupied process.pidfile');
  t.end();
});

t.test('plans', (t) => {
  const low = planOf({ ...V2, 'process.pidfile': 'run/lab.pid', ...TCG });
  t.equal(low.risk, 'low');
  t.strictSame(
    low.commands.map(({ step_id, destructive }) => [step_id, destructive]),
    [['start-qemu', true]],
    'what was in the pidfile is lost',
  );
  const logged = planOf({ ...V2, ...TCG, debug: LOGGED });
  t.equal(logged.commands[0]?.destructive, true, 'so is what was in the log');
  for (const debug of [{ gdb_port: 1234 }, { gdb_socket: 'run/g.sock' }]) {
    const plan = planOf({ ...V2, ...TCG, debug });
    t.equal(plan.risk, 'high', 'a debugger has the guest in hand');
    t.equal(plan.commands[0]?.destructive, false);
    t.match(plan.estimated_impact, /0 forwarded ports/);
  }
  t.end();
});

const CONSOLES: Readonly<Record<string, string>> = {
  x86_64: 'ttyS0',
  aarch64: 'ttyAMA0',
  riscv64: 'ttyS0',
  ppc64le: 'hvc0',
};

t.test('a device tree', (t) => {
  const of = (arch: string, kernel: object): Change => ({
    ...V2,
    ...TCG,
    'hardware.arch': arch,
    ...withKernel({ append: `console=${CONSOLES[arch]}`, ...kernel }),
  });
  const only = 'error not-for-arch kernel.dtb';
  checkRows(t, [
    ['aarch64', of('aarch64', { dtb: 'boot/a.dtb' })],
    ['riscv64', of('riscv64', { dtb: 'boot/a.dtb' })],
    ['x86_64 would ignore it', of('x86_64', { dtb: 'boot/a.dtb' }), only],
    ['ppc64le too', of('ppc64le', { dtb: 'boot/a.dtb' }), only],
    ['no kernel is booted', of('x86_64', { dtb: 'boot/a.dtb', enabled: false })],
  ]);
});
