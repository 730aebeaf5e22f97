/** Serial ports, consoles, channels, the guest agent and the monitor of version 2. */
import t from 'tap';
import { argvOf, valuesOf } from '../help/argv.ts';
import { CARD, TCG, user, withKernel } from '../help/changes.ts';
import { type Change, changed } from '../help/documents.ts';
import { given, WINDOWS } from '../help/hosts.ts';
import { plannedOf, planOf } from '../help/plans.ts';
import { checkIssues, checkRows, type Row } from '../help/rows.ts';

const V2: Change = { schema_version: 2 };
const row = (about: string, change: Change, ...issues: string[]): Row => [
  about,
  { ...V2, ...change },
  ...issues,
];
const ports = (...ports: object[]): Change => ({ 'serial.ports': ports });
const consoles = (...consoles: object[]): Change => ({ consoles });
const a = { name: 'a' };
const TERMINAL = (key: string) => `warning stdio-needs-terminal ${key}.mode`;

t.test('a version 1 profile has none of these keys', (t) => {
  const sections = {
    'serial.ports': [a],
    'serial.append': true,
    consoles: [a],
    channels: [a],
    guest_agent: { enabled: true },
    'qmp.extra_sockets': ['run/a'],
    monitor: { enabled: true },
  };
  checkIssues(
    t,
    changed(sections),
    [
      'warning unknown-field serial.append',
      'warning unknown-field serial.ports',
      'warning unknown-field consoles',
      'warning unknown-field channels',
      'warning unknown-field guest_agent',
      'warning unknown-field qmp.extra_sockets',
      'warning unknown-field monitor',
    ],
    'each is dropped',
  );
  checkIssues(t, changed({ 'serial.mode': 'tcp' }), ['error not-allowed serial.mode'], 'nor the words');
  t.strictSame(argvOf(sections), argvOf({ 'qmp.enabled': true }));
  t.end();
});

t.test('where a port leads to', (t) => {
  const first = (about: string, serial: object, ...issues: string[]): Row =>
    row(about, { serial: { enabled: true, ...serial } }, ...issues);
  checkRows(t, [
    first('tcp', { mode: 'tcp', port: 4555 }),
    first('telnet on IPv6', { mode: 'tcp', port: 4555, telnet: true, address: '::1' }),
    first('the same written otherwise', { mode: 'tcp', port: 4555, address: '0:0::0:1' }),
    first('the first port for everybody', { mode: 'tcp', port: 1024 }),
    first('one before it', { mode: 'tcp', port: 1023 }, 'warning serial-tcp-privileged-port serial.port'),
    first('no port', { mode: 'tcp' }, 'error missing-field serial.port'),
    first('a port that is none', { mode: 'tcp', port: 0 }, 'error out-of-range serial.port'),
    first(
      'every address',
      { mode: 'tcp', port: 4555, address: '0.0.0.0' },
      'warning serial-tcp-not-loopback serial.address',
    ),
    first(
      'every address of both kinds',
      { mode: 'tcp', port: 4555, address: '::' },
      'warning serial-tcp-not-loopback serial.address',
    ),
    first(
      'a name is no address',
      { mode: 'tcp', port: 4555, address: 'localhost' },
      'error invalid-address serial.address',
    ),
    first('no address', { mode: 'tcp', port: 4555, address: '' }, 'error invalid-address serial.address'),
    first(
      'keys of tcp elsewhere',
      { address: '::1', port: 4555, telnet: true },
      'error not-for-type serial.address',
      'error not-for-type serial.port',
      'error not-for-type serial.telnet',
    ),
    first('what is the default anyway', { address: '127.0.0.1', telnet: false, append: false }),
    first(
      'a device of tcp',
      { mode: 'tcp', port: 4555, device: 'a' },
      'error serial-device-not-used serial.device',
    ),
    first(
      'a log of tcp',
      { mode: 'tcp', port: 4555, logfile: 'a' },
      'warning serial-logfile-ignored serial.logfile',
    ),
    first('append', { mode: 'file', logfile: 'logs/a', append: true }),
    first('append to a device', { mode: 'file', device: 'logs/a', append: true }),
    first('append to a socket', { mode: 'socket', append: true }, 'error not-for-type serial.append'),
    first('stdio', { mode: 'stdio' }, TERMINAL('serial')),
    first(
      'a device of stdio',
      { mode: 'stdio', device: 'a' },
      'error serial-device-not-used serial.device',
      TERMINAL('serial'),
    ),
    first('a mode that is none', { mode: 'x', port: 1 }, 'error not-allowed serial.mode'),
    row('off', {
      serial: { enabled: false, mode: 'tcp', port: 1 },
      [CARD]: user('n', 'tcp:127.0.0.1:2222-:22'),
    }),
  ]);
});

t.test('further ports', (t) => {
  const of = (arch: string, ...of: object[]): Change => ({ ...TCG, 'hardware.arch': arch, ...ports(...of) });
  const four = ['a', 'b', 'c', 'd'].map((name) => ({ name }));
  const [one, two, three] = four;
  const over = 'error serial-ports-over-machine serial.ports';
  const bare = 'warning disk-boot-needs-firmware hardware.arch';
  checkRows(t, [
    row('three', ports(one as object, two as object, three as object)),
    row('four', ports(...four), over),
    row('three on ppc64le', of('ppc64le', ...four.slice(1))),
    row('four on ppc64le', of('ppc64le', ...four), over),
    row('one on aarch64', of('aarch64', a), over, bare),
    row('one on riscv64', of('riscv64', a), over, bare),
    row('of no known architecture', of('sparc', a), 'error not-allowed hardware.arch'),
    row('one name twice', ports(a, a), 'error duplicate-name serial.ports[1].name'),
    row('no name', ports({}), 'error missing-field serial.ports[0].name'),
    row(
      'no first port',
      { 'serial.mode': 'none', ...ports(a) },
      'error serial-ports-without-first serial.ports',
    ),
    row(
      'the first port off',
      { 'serial.enabled': false, ...ports({ name: 'a', mode: 'tcp' }) },
      'error serial-ports-without-first serial.ports',
      'info no-console serial.enabled',
    ),
    row(
      'a first port of no known mode',
      { 'serial.mode': 'x', ...ports(a) },
      'error not-allowed serial.mode',
    ),
    row('no file', ports({ ...a, mode: 'file' }), 'error missing-field serial.ports[0].logfile'),
    row(
      'two files',
      ports({ ...a, mode: 'file', logfile: 'logs/a', device: 'logs/b' }),
      'warning serial-logfile-wins serial.ports[0].logfile',
    ),
    row(
      'a log that the first port has',
      {
        'serial.mode': 'file',
        'serial.logfile': 'logs/a',
        ...ports({ ...a, mode: 'file', logfile: 'logs/a', append: true }),
      },
      'error path-conflict serial.ports[0].logfile',
    ),
    row(
      'a port that is forwarded',
      { [CARD]: user('n', 'tcp:127.0.0.1:4555-:22'), ...ports({ ...a, mode: 'tcp', port: 4555 }) },
      'error port-forwarded-twice serial.ports[0].port',
    ),
    row(
      'outside',
      ports({ ...a, mode: 'socket', device: '/tmp/a' }),
      'error outside-project-root serial.ports[0].device',
    ),
  ]);
});

t.test('one port of the host is taken once, by addresses of both kinds', (t) => {
  const listeners = (...addresses: string[]): Change =>
    consoles(...addresses.map((address, index) => ({ name: `c${index}`, mode: 'tcp', port: 4555, address })));
  const open = (index: number) => `warning serial-tcp-not-loopback consoles[${index}].address`;
  const twice = (index: number) => `error port-forwarded-twice consoles[${index}].port`;
  checkRows(t, [
    row('one of each kind', listeners('127.0.0.1', '::1')),
    row('every one of IPv4, and one of IPv6', listeners('0.0.0.0', '::1'), open(0)),
    row('one of IPv6, and every one of IPv4', listeners('::1', '0.0.0.0'), open(1)),
    row('one of IPv4, and every one of IPv4', listeners('127.0.0.1', '0.0.0.0'), twice(1), open(1)),
    row('every one, and one of IPv4', listeners('::', '127.0.0.1'), twice(1), open(0)),
    row('one of IPv4, and every one', listeners('127.0.0.1', '::'), twice(1), open(1)),
    row('one of IPv6 twice', listeners('::1', '0:0:0:0:0:0:0:1'), twice(1)),
  ]);
});

t.test('consoles', (t) => {
  checkRows(t, [
    row('a console', consoles(a)),
    row(
      'each mode',
      consoles(
        { name: 'a', mode: 'file', logfile: 'logs/a' },
        { name: 'b', mode: 'socket' },
        { name: 'c', mode: 'none' },
        { name: 'd', mode: 'tcp', port: 4555 },
      ),
    ),
    row('one name twice', consoles(a, a), 'error duplicate-name consoles[1].name'),
    row('the name of a port', { ...consoles(a), ...ports(a) }),
    row(
      'two files',
      consoles({ ...a, mode: 'file', logfile: 'logs/a', device: 'logs/b' }),
      'warning serial-logfile-wins consoles[0].logfile',
    ),
    row('a list that is none', { consoles: 1 }, 'error wrong-type consoles'),
    row(
      'a VM without a name',
      {
        'vm.name': 1,
        ...consoles({ ...a, mode: 'socket' }),
        monitor: { enabled: true },
        guest_agent: { enabled: true },
        channels: [a],
      },
      'error wrong-type vm.name',
    ),
    row(
      'a port that cannot be read',
      consoles({ ...a, mode: 'tcp', port: 'x' }),
      'error wrong-type consoles[0].port',
    ),
  ]);
});

t.test('one terminal', (t) => {
  const stdio = { mode: 'stdio' };
  checkRows(t, [
    row('a console', consoles({ ...a, ...stdio }), TERMINAL('consoles[0]')),
    row(
      'three times',
      { 'serial.mode': 'stdio', ...ports({ ...a, ...stdio }), ...consoles({ ...a, ...stdio }) },
      'error stdio-twice serial.ports[0].mode',
      'error stdio-twice consoles[0].mode',
      TERMINAL('serial'),
      TERMINAL('serial.ports[0]'),
      TERMINAL('consoles[0]'),
    ),
    row(
      'in the background',
      { 'serial.mode': 'none', 'process.daemonize': true, ...consoles({ ...a, ...stdio }) },
      'error daemonize-with-stdio process.daemonize',
      TERMINAL('consoles[0]'),
    ),
    row(
      'terminals that QEMU makes, in the background',
      { 'serial.mode': 'none', 'process.daemonize': true, ...consoles(a) },
      'warning daemonize-with-pty process.daemonize',
    ),
  ]);
});

t.test('what QEMU says of terminals in the background names them all', (t) => {
  const [issue] = checkIssues(
    t,
    changed({ ...V2, 'process.daemonize': true, ...ports(a), ...consoles(a) }),
    ['warning daemonize-with-pty process.daemonize'],
    'all',
  );
  t.match(issue?.message, /serial\.mode and serial\.ports\[0\]\.mode and consoles\[0\]\.mode is "pty"/);
  t.end();
});

t.test('what other systems have', (t) => {
  checkIssues(
    t,
    changed({ ...V2, ...TCG, ...ports(a), ...consoles(a, { name: 'b', mode: 'stdio' }) }),
    [
      'error host-lacks-backend serial.mode',
      'error host-lacks-backend serial.ports[0].mode',
      'error host-lacks-backend consoles[0].mode',
      TERMINAL('consoles[1]'),
    ],
    'windows',
    given(WINDOWS),
  );
  t.end();
});

t.test('channels and the guest agent', (t) => {
  const agent = { guest_agent: { enabled: true } };
  const NAME = 'org.qemu.guest_agent.0';
  checkRows(t, [
    row('both', { channels: [a], ...agent }),
    row('a name with dots', { channels: [{ name: '0.a_b-c' }] }),
    row(
      'a name that is too long',
      { channels: [{ name: 'x'.repeat(65) }] },
      'error invalid-name channels[0].name',
    ),
    row('a name with a blank', { channels: [{ name: 'a b' }] }, 'error invalid-name channels[0].name'),
    row(
      'one name twice',
      { channels: [a, a] },
      'error duplicate-name channels[1].name',
      'error path-conflict channels[1].socket',
    ),
    row('no name', { channels: [{ socket: 'run/a' }] }, 'error missing-field channels[0].name'),
    row(
      'the name of the agent',
      { channels: [a, { name: NAME }], ...agent },
      'error duplicate-name channels[1].name',
    ),
    row('the name of the agent without it', { channels: [{ name: NAME }] }),
    row('an agent that is off', { guest_agent: { enabled: false, socket: 'run/a' } }),
    row(
      'a path of an agent that is off',
      { guest_agent: { enabled: false, socket: '/etc/shadow' } },
      'error forbidden-path guest_agent.socket',
    ),
    row(
      'one socket twice',
      { channels: [{ ...a, socket: 'run/a' }], 'guest_agent.enabled': true, 'guest_agent.socket': 'run/a' },
      'error path-conflict guest_agent.socket',
    ),
    row(
      'a default that is too long',
      { channels: [{ name: 'x'.repeat(64) }], 'vm.name': 'y'.repeat(60) },
      'error socket-path-too-long channels[0].socket',
    ),
  ]);
});

t.test('the agent of SPICE', (t) => {
  const spice = { display: { mode: 'spice', socket: 'run/s', agent: true } };
  checkRows(t, [
    row('alone', spice),
    row(
      'its name for a channel',
      { ...spice, channels: [{ name: 'com.redhat.spice.0' }] },
      'error duplicate-name channels[0].name',
    ),
    row('the name without it', { channels: [{ name: 'com.redhat.spice.0' }] }),
  ]);
});

t.test('a screen shows what a kernel says', (t) => {
  const vnc = { display: { mode: 'vnc', socket: 'run/v' } };
  const dark = 'warning console-not-on-serial kernel.append';
  checkRows(t, [
    row('of which nothing is said', { ...vnc, ...withKernel({ append: 'quiet' }) }),
    row('that is told of it', { ...vnc, ...withKernel({ append: 'console=tty0' }) }),
    row('beside the serial port', { ...vnc, ...withKernel({ append: 'console=tty0 console=ttyS0' }) }),
    row('beside what is not there', { ...vnc, ...withKernel({ append: 'console=tty0 console=hvc0' }) }, dark),
    row('without a serial port', { ...vnc, 'serial.enabled': false, ...withKernel({ append: 'quiet' }) }),
    row('that is told of another', { ...vnc, ...withKernel({ append: 'console=ttyS1' }) }, dark),
  ]);
});

t.test('as many as the controller has ports', (t) => {
  const many = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ name: `n${index}`, mode: 'none' }));
  const named = (count: number) => Array.from({ length: count }, (_, index) => ({ name: `n${index}` }));
  const over = (list: string) => `error console-ports-over-controller ${list}`;
  checkRows(t, [
    row('31 with consoles', { consoles: many(31) }),
    row('32 with consoles', { consoles: many(32) }, over('consoles')),
    row('30 channels', { channels: named(30) }),
    row('31 channels', { channels: named(31) }, over('channels')),
    row('30 channels and the agent', { channels: named(30), 'guest_agent.enabled': true }, over('channels')),
    row('one console and 30 channels', { consoles: many(1), channels: named(30) }),
    row('one console and 31 channels', { consoles: many(1), channels: named(31) }, over('channels')),
  ]);
});

t.test('what is the default is as good as none', (t) => {
  const written = {
    ...ports({ name: 'p', mode: 'socket', device: 'run/lab.p.serial.sock' }),
    ...consoles({ name: 'c', mode: 'socket', device: 'run/lab.c.console.sock' }),
    channels: [{ name: 'h', socket: 'run/lab.h.channel.sock' }],
    guest_agent: { enabled: true, socket: 'run/lab.qga.sock' },
    monitor: { enabled: true, socket: 'run/lab.monitor.sock' },
  };
  const left = {
    ...ports({ name: 'p', mode: 'socket' }),
    ...consoles({ name: 'c', mode: 'socket' }),
    channels: [{ name: 'h' }],
    guest_agent: { enabled: true },
    monitor: { enabled: true },
  };
  const [one, other] = [written, left].map((change) => plannedOf(changed({ ...V2, ...change })));
  t.equal(one?.canonical, other?.canonical);
  t.strictSame(one?.argv, other?.argv);
  t.end();
});

t.test('the monitor and QMP', (t) => {
  const paused = (change: Change, ...issues: string[]): Row =>
    row(JSON.stringify(change), { 'process.start_paused': true, ...change }, ...issues);
  checkRows(t, [
    row('a section alone is off', { monitor: {} }),
    row('more sockets', { 'qmp.extra_sockets': ['run/a', 'run/b'] }),
    row(
      'not in /tmp',
      { 'qmp.extra_sockets': ['/tmp/a'] },
      'error outside-project-root qmp.extra_sockets[0]',
    ),
    row('one twice', { 'qmp.extra_sockets': ['run/a', 'run/a'] }, 'error path-conflict qmp.extra_sockets[1]'),
    row(
      'that of the monitor',
      { qmp: { socket: 'run/a' }, monitor: { enabled: true, socket: 'run/a' } },
      'error path-conflict monitor.socket',
    ),
    row('a blank one', { 'qmp.extra_sockets': [' '] }, 'error empty-value qmp.extra_sockets[0]'),
    row(
      'while QMP is off',
      { qmp: { enabled: false, extra_sockets: ['run/a', '/etc/shadow'] } },
      'error forbidden-path qmp.extra_sockets[1]',
    ),
    row(
      'a socket of QMP that is none',
      { qmp: { socket: 1, extra_sockets: ['run/a'] } },
      'error wrong-type qmp.socket',
    ),
    paused({ 'monitor.enabled': true }),
    paused({ 'monitor.enabled': false }, 'warning paused-without-qmp process.start_paused'),
    paused({ monitor: { enabled: 1 } }, 'error wrong-type monitor.enabled'),
  ]);
});

t.test('ways to talk to the guest', (t) => {
  const card = (keys: object): Change => ({ 'network.interfaces': [{ name: 'card', ...keys }] });
  const off = (about: string, change: Change, ...issues: string[]): Row =>
    row(about, { 'serial.enabled': false, ...change }, ...issues);
  const none = 'info no-console serial.enabled';
  checkRows(t, [
    off('none', {}, none),
    off('the monitor and QMP lead to QEMU', { 'monitor.enabled': true, qmp: {} }, none),
    off('a console', consoles(a)),
    off('a channel', { channels: [a] }),
    off('the agent', { guest_agent: { enabled: true } }),
    off('vsock', { 'devices.vsock_cid': 3 }),
    off('vsock of a number that is none', { 'devices.vsock_cid': 2 }, 'error out-of-range devices.vsock_cid'),
    off('a list that is none', { channels: 1 }, 'error wrong-type channels'),
    off('a PCI device, which may be a card', {
      'hardware.acceleration': 'kvm',
      passthrough: [{ ...a, address: '0000:01:00.0' }],
    }),
    off('a USB device, which may be one', { usb: [{ bus: 1, port: '2' }] }),
    off('a link to another VM', card({ type: 'socket', socket_path: 'run/l', socket_role: 'listen' })),
    off('a card of this VM alone', card({ type: 'isolated' }), none),
    off('passt, behind which nobody sees the guest', card({ type: 'passt' }), none),
    off('a bridge', card({ type: 'bridge' }), 'warning host-network-setup network.interfaces[0].type'),
    off(
      'a bridge in version 1',
      { schema_version: 1, ...card({ type: 'bridge' }) },
      'warning host-network-setup network.interfaces[0].type',
      none,
    ),
  ]);
});

t.test('what a kernel is told of them', (t) => {
  const of = (arch: string, append: string, change: Change, ...issues: string[]): Row =>
    row(
      `${arch} ${append} ${JSON.stringify(change)}`,
      { ...TCG, 'hardware.arch': arch, ...withKernel({ append }), ...change },
      ...issues,
    );
  const dark = 'warning console-not-on-serial kernel.append';
  const off = { 'serial.enabled': false };
  checkRows(t, [
    of('x86_64', 'console=hvc0', {}, dark),
    of('x86_64', 'console=hvc0', consoles(a)),
    of('x86_64', 'console=hvc1', consoles(a), dark),
    of('x86_64', 'console=ttyS1', ports(a)),
    of('x86_64', 'console=ttyS2', ports(a), dark),
    of('x86_64', 'console=hvc0', { ...off, ...consoles(a) }),
    of('x86_64', 'console=ttyS0', { ...off, ...consoles(a) }, dark),
    of('x86_64', '', { ...off, ...consoles(a) }, dark),
    of('x86_64', 'console=hvc0', { 'serial.mode': 'none', ...consoles(a) }),
    of('x86_64', 'console=hvc0', { 'serial.mode': 'none' }),
    of(
      'x86_64',
      'console=ttyS0',
      off,
      'warning kernel-without-serial serial.enabled',
      'info no-console serial.enabled',
    ),
    of('aarch64', 'quiet', consoles(a)),
    of('aarch64', 'quiet', { ...off, ...consoles(a) }, dark),
    of('aarch64', 'console=hvc0', consoles(a)),
    of('ppc64le', 'console=hvc1', {}, dark),
    of('ppc64le', 'console=hvc1', ports(a)),
    of('ppc64le', 'console=hvc1', consoles(a)),
    of('ppc64le', 'console=hvc2', { ...ports(a), ...consoles(a) }),
    of('ppc64le', 'console=hvc3', { ...ports(a), ...consoles(a) }, dark),
    of('ppc64le', 'console=hvc0', { ...off, ...consoles(a) }),
  ]);
});

t.test('plans', (t) => {
  const quiet = { ...V2, ...TCG };
  const riskOf = (change: Change) => planOf({ ...quiet, ...change }).risk;
  const tcp = { mode: 'tcp', port: 4555 };
  t.equal(riskOf(consoles({ ...a, ...tcp })), 'low', 'on loopback');
  t.equal(riskOf(consoles({ ...a, ...tcp, address: '0::1' })), 'low', 'on that of IPv6');
  t.equal(riskOf(consoles({ ...a, ...tcp, address: '192.168.1.1' })), 'high', 'beyond');
  t.equal(riskOf({ [CARD]: user('n', 'tcp::2222-:22') }), 'high', 'a forward too');
  t.equal(riskOf({ monitor: { enabled: true }, 'guest_agent.enabled': true }), 'low');
  t.equal(riskOf({ 'devices.vsock_cid': 3 }), 'medium');
  const plan = planOf({
    ...quiet,
    serial: { enabled: true, mode: 'tcp', port: 4555, address: '::1' },
    ...consoles({ name: 'a', mode: 'file', logfile: 'logs/a', append: true }),
    channels: [a],
    guest_agent: { enabled: true },
    qmp: { extra_sockets: ['run/x'] },
    monitor: { enabled: true },
  });
  t.strictSame(
    plan.affected_resources.filter((resource) => !resource.includes('qemu-system')),
    [
      'path:write:/srv/lab/images/root.qcow2',
      'path:write:/srv/lab/logs/a',
      'port:tcp:[::1]:4555',
      'socket:unix:/srv/lab/run/lab.a.channel.sock',
      'socket:unix:/srv/lab/run/lab.monitor.sock',
      'socket:unix:/srv/lab/run/lab.qga.sock',
      'socket:unix:/srv/lab/run/lab.qmp.sock',
      'socket:unix:/srv/lab/run/x',
    ],
  );
  t.equal(plan.metadata.serial_config_summary, 'tcp:[::1]:4555');
  t.equal(plan.metadata.qmp_socket_path, '/srv/lab/run/lab.qmp.sock');
  t.equal(plan.commands[0]?.destructive, false, 'a log that goes on loses nothing');
  t.end();
});

t.test('in argv', (t) => {
  const argv = argvOf({
    ...V2,
    ...TCG,
    'serial.mode': 'none',
    ...consoles(
      { name: 'b', mode: 'tcp', port: 4555, address: 'FD80::0:1', telnet: true },
      { name: 'a', mode: 'none' },
    ),
    channels: [a],
    guest_agent: { enabled: true },
  });
  t.strictSame(valuesOf(argv, '-serial'), ['none']);
  t.strictSame(valuesOf(argv, '-chardev'), [
    'socket,id=console-b,host=fd80::0:1,port=4555,server=on,wait=off,telnet=on',
    'null,id=console-a',
    'socket,id=channel-a,path=/srv/lab/run/lab.a.channel.sock,server=on,wait=off',
    'socket,id=guest-agent,path=/srv/lab/run/lab.qga.sock,server=on,wait=off',
  ]);
  t.equal(argv.filter((element) => element.includes('virtio-serial-pci')).length, 1);
  const spice = argvOf({ ...V2, display: { mode: 'spice', socket: 'run/s', agent: true } });
  t.strictSame(valuesOf(spice, '-chardev'), ['spicevmc,id=spice-agent,name=vdagent']);
  t.ok(
    valuesOf(spice, '-device').includes(
      '{"bus":"vser0.0","chardev":"spice-agent","driver":"virtserialport","id":"spice-agent","name":"com.redhat.spice.0"}',
    ),
  );
  t.notOk(argvOf({ ...V2, 'guest_agent.socket': 'run/a' }).includes('-chardev'), 'nothing of what is off');
  t.end();
});
