/** Interfaces of version 2: which key is for which type, the networks that they lead to, and their cards. */
import t from 'tap';
import { argvOf, valuesOf } from '../help/argv.ts';
import { TCG } from '../help/changes.ts';
import { type Change, changed } from '../help/documents.ts';
import { FREEBSD, given, LINUX } from '../help/hosts.ts';
import { issuesOf, outcomeOf, planOf } from '../help/plans.ts';
import { checkIssues, checkRows, type Row } from '../help/rows.ts';

const V2: Change = { schema_version: 2 };
const AT = 'network.interfaces[0]';
const SETUP = `warning host-network-setup ${AT}.type`;

const cards = (...interfaces: object[]): Change => ({ ...V2, 'network.interfaces': interfaces });
const only = (type: string, one: object = {}): Change => cards({ name: 'n', type, ...one });
const linked = (one: object = {}): object => ({
  name: 'a',
  type: 'socket',
  socket_path: 'run/a.sock',
  socket_role: 'listen',
  ...one,
});

/** A value of each key that says something. */
const VALUES = {
  model: 'e1000',
  bridge: 'lan',
  ifname: 'eth7',
  queues: 2,
  vhost: true,
  mtu: 1500,
  pxe: false,
  subnet: '10.5.0.0/24',
  host_address: '10.0.2.9',
  dns_address: '10.0.2.9',
  hostname: 'lab',
  restrict: true,
  ipv6: false,
  tftp: 'boot',
  bootfile: 'http://lab/x',
  socket_path: 'run/x.sock',
  socket_role: 'listen',
};
const ON_EVERY_CARD = ['model', 'mtu', 'pxe'];
const OF_USER = ['subnet', 'host_address', 'dns_address', 'hostname', 'restrict', 'ipv6', 'tftp', 'bootfile'];
const KEYS_OF: Readonly<Record<string, readonly string[]>> = {
  none: [],
  user: [...ON_EVERY_CARD, ...OF_USER],
  tap: [...ON_EVERY_CARD, 'ifname', 'queues', 'vhost'],
  bridge: [...ON_EVERY_CARD, 'bridge'],
  passt: [...ON_EVERY_CARD, 'socket_path'],
  socket: [...ON_EVERY_CARD, 'socket_path', 'socket_role'],
  isolated: ON_EVERY_CARD,
  'vmnet-shared': ON_EVERY_CARD,
  'vmnet-host': ON_EVERY_CARD,
  'vmnet-bridged': [...ON_EVERY_CARD, 'ifname'],
};

t.test('each key is for some types', (t) => {
  for (const [type, allowed] of Object.entries(KEYS_OF)) {
    for (const [key, value] of Object.entries(VALUES)) {
      const issues = issuesOf(outcomeOf(changed(only(type, { [key]: value }))));
      const refused = issues.filter(({ code, field }) => code === 'not-for-type' && field === `${AT}.${key}`);
      t.equal(refused.length, allowed.includes(key) ? 0 : 1, `${key} on ${type}`);
    }
  }
  const silent = {
    model: 'virtio-net-pci',
    bridge: 'br0',
    queues: 1,
    vhost: false,
    pxe: true,
    restrict: false,
  };
  checkIssues(t, changed(only('none', { ...silent, ipv6: true })), [], 'what is there anyway');
  t.end();
});

t.test('version 1 knows none of them', (t) =>
  checkRows(t, [
    [
      'a key',
      { 'network.interfaces': [{ name: 'a', type: 'user', mtu: 1400 }] },
      `warning unknown-field ${AT}.mtu`,
    ],
    ['a type', { 'network.interfaces': [{ name: 'a', type: 'passt' }] }, `error not-allowed ${AT}.type`],
  ]),
);

t.test('types that other systems have', (t) => {
  const darwin = given({ ...LINUX, os: 'darwin' });
  const at = `${AT}.type`;
  const on = (type: string, one: object = {}): Change => ({ ...only(type, one), ...TCG });
  checkIssues(t, changed(on('passt')), [`error not-for-os ${at}`], 'passt on macOS', darwin);
  for (const type of ['vmnet-shared', 'vmnet-host']) {
    checkIssues(t, changed(on(type)), [`error not-for-os ${at}`, SETUP], type);
    checkIssues(t, changed(on(type)), [SETUP], `${type} on macOS`, darwin);
  }
  const bridged = { ifname: 'en0' };
  checkIssues(t, changed(on('vmnet-bridged', bridged)), [SETUP], 'vmnet-bridged on macOS', darwin);
  checkIssues(
    t,
    changed(on('vmnet-bridged')),
    [`error missing-field ${AT}.ifname`, SETUP],
    'without a device',
    darwin,
  );
  checkIssues(
    t,
    changed(on('vmnet-bridged', { ifname: 'en 0' })),
    [`error invalid-name ${AT}.ifname`, SETUP],
    'with one of a bad name',
    darwin,
  );
  const many = on('tap', { queues: 2, vhost: true });
  checkIssues(
    t,
    changed(many),
    [`error not-for-os ${AT}.queues`, `error not-for-os ${AT}.vhost`, SETUP],
    'queues and vhost on FreeBSD',
    given(FREEBSD),
  );
  checkIssues(t, changed(many), [SETUP], 'queues and vhost on Linux');
  t.end();
});

t.test('what macOS gives only to root', (t) => {
  const plan = planOf(only('vmnet-shared'), given({ ...LINUX, os: 'darwin' }));
  t.equal(plan.requires_privilege, true);
  t.equal(plan.risk, 'high');
  t.equal(planOf(only('isolated')).requires_privilege, false);
  t.end();
});

t.test('devices of the host', (t) => {
  const tap = (one: object): object => ({ name: 'n', type: 'tap', ...one });
  const named = (ifname: unknown, ...issues: string[]): Row => [
    `ifname ${ifname}`,
    only('tap', { ifname }),
    ...issues,
    SETUP,
  ];
  const invalid = `error invalid-name ${AT}.ifname`;
  checkRows(t, [
    named('tap-a.b_0'),
    named('x'.repeat(15)),
    named('x'.repeat(16), invalid),
    named('tap%d', invalid),
    named('..', invalid),
    named('-tap', invalid),
    named('', invalid),
    ['a long name, and a short device', cards({ name: 'x'.repeat(16), type: 'tap', ifname: 'tap0' }), SETUP],
    [
      'a long name, and a device that was refused',
      cards({ name: 'x'.repeat(16), type: 'tap', ifname: 'tap%d' }),
      invalid,
      SETUP,
    ],
    [
      'one device twice',
      cards(tap({ ifname: 'tap0' }), tap({ name: 'tap0' })),
      'error duplicate-device network.interfaces[1].name',
      SETUP,
      'warning host-network-setup network.interfaces[1].type',
    ],
    [
      'one name twice',
      cards(tap({}), tap({})),
      'error duplicate-name network.interfaces[1].name',
      'error duplicate-mac network.interfaces[1].mac',
      SETUP,
      'warning host-network-setup network.interfaces[1].type',
    ],
    ['a bridge of a bad name', only('bridge', { bridge: 'br 0' }), `error invalid-name ${AT}.bridge`, SETUP],
    ['more queues than cores', only('tap', { queues: 3 }), `error queues-over-cores ${AT}.queues`, SETUP],
    ['as many', only('tap', { queues: 2 }), SETUP],
    ['too many', only('tap', { queues: 17 }), `error out-of-range ${AT}.queues`, SETUP],
    ['none', only('tap', { queues: 0 }), `error out-of-range ${AT}.queues`, SETUP],
    [
      'queues and cores that were refused',
      { ...only('tap', { queues: 2 }), 'hardware.cores': 0 },
      'error out-of-range hardware.cores',
      SETUP,
    ],
  ]);
});

t.test('what only virtio cards have', (t) =>
  checkRows(t, [
    ['mtu', only('user', { mtu: 1400, model: 'e1000e' }), `error mtu-needs-virtio ${AT}.mtu`],
    [
      'queues and vhost',
      only('tap', { queues: 2, vhost: true, model: 'rtl8139' }),
      `error queues-need-virtio ${AT}.queues`,
      `error vhost-needs-virtio ${AT}.vhost`,
      SETUP,
    ],
    [
      'a model that was refused',
      only('user', { mtu: 1400, model: 'ne2k_pci' }),
      `error not-allowed ${AT}.model`,
    ],
    ['the least for IPv6', only('user', { mtu: 1280 })],
    ['less', only('user', { mtu: 1279 }), `warning mtu-under-ipv6 ${AT}.mtu`],
    ['less than IPv4', only('user', { mtu: 67 }), `error out-of-range ${AT}.mtu`],
    ['more than a packet', only('user', { mtu: 65536 }), `error out-of-range ${AT}.mtu`],
    ['on a tap device', only('tap', { mtu: 9000 }), SETUP, `warning mtu-host-side-not-set ${AT}.mtu`],
    ['on a bridge', only('bridge', { mtu: 9000 }), SETUP, `warning mtu-host-side-not-set ${AT}.mtu`],
  ]),
);

t.test('networks that QEMU makes', (t) => {
  const invalid = `error invalid-subnet ${AT}.subnet`;
  const subnet = (text: string, ...issues: string[]): Row => [
    text,
    only('user', { subnet: text }),
    ...issues,
  ];
  const host = (one: object, ...issues: string[]): Row => [JSON.stringify(one), only('user', one), ...issues];
  const net = { subnet: '10.5.0.0/24' };
  checkRows(t, [
    subnet('10.5.0.0/24'),
    subnet('10.0.0.0/8'),
    subnet('192.168.1.96/27'),
    // The first guest would get the broadcast address.
    subnet('192.168.1.96/28', invalid),
    subnet('10.0.0.0/7', invalid),
    subnet('10.5.0.0', invalid),
    subnet('10.5.0/24', invalid),
    subnet('010.5.0.0/24', invalid),
    subnet('10.5.0.7/24', invalid),
    subnet('10.5.1.0/23', invalid),
    subnet('0.0.0.0/8', invalid),
    subnet('127.0.0.0/8', invalid),
    subnet('224.0.0.0/24', invalid),
    subnet('223.255.255.0/24'),
    host({ host_address: '10.0.2.1', dns_address: '10.0.2.254' }),
    host({ host_address: '10.0.2.01' }, `error invalid-address ${AT}.host_address`),
    host({ host_address: '10.5.0.2' }, `error address-outside-subnet ${AT}.host_address`),
    host({ ...net, host_address: '10.0.2.2' }, `error address-outside-subnet ${AT}.host_address`),
    host({ ...net, host_address: '10.5.0.0' }, `error address-outside-subnet ${AT}.host_address`),
    host({ ...net, host_address: '10.5.0.255' }, `error address-outside-subnet ${AT}.host_address`),
    host({ ...net, host_address: '10.5.0.15' }, `error address-twice ${AT}.host_address`),
    host({ ...net, host_address: '10.5.0.3' }, `error address-twice ${AT}.host_address`),
    host({ ...net, host_address: '10.5.0.3', dns_address: '10.5.0.2' }),
    host({ ...net, dns_address: '10.5.0.2' }, `error address-twice ${AT}.dns_address`),
    host({ ...net, dns_address: '10.5.0.15' }, `error address-twice ${AT}.dns_address`),
    host({ ...net, dns_address: '10.5.0.0' }, `error address-outside-subnet ${AT}.dns_address`),
    // A name server elsewhere is reached like anything else.
    host({ ...net, dns_address: '192.0.2.53' }),
    host({ ...net, dns_address: '10.5.0.9', restrict: true }),
    host(
      { ...net, dns_address: '192.0.2.53', restrict: true },
      `error address-outside-subnet ${AT}.dns_address`,
    ),
    host({ subnet: '10.5.0.7/24', host_address: '10.9.0.1' }, invalid),
    host({ subnet: '10.5', host_address: '10.9.0.1' }, invalid),
    host({ hostname: 'a.b-c.d' }),
    host({ hostname: '-a' }, `error invalid-hostname ${AT}.hostname`),
    host({ hostname: 'a..b' }, `error invalid-hostname ${AT}.hostname`),
    host({ hostname: 'a'.repeat(64) }, `error invalid-hostname ${AT}.hostname`),
    host({ hostname: `${'a'.repeat(63)}.`.repeat(4).slice(0, -1) }, `error invalid-hostname ${AT}.hostname`),
    host({ tftp: 'boot', bootfile: 'pxelinux.0' }),
    host({ bootfile: 'pxelinux.0' }, `error bootfile-needs-tftp ${AT}.bootfile`),
    host({ bootfile: 'tftp://10.0.2.2/x' }),
    host({ tftp: '~/x', bootfile: 'pxelinux.0' }, `error shell-expansion ${AT}.tftp`),
    host({ tftp: 1, bootfile: 'pxelinux.0' }, `error wrong-type ${AT}.tftp`),
    host({ tftp: 'boot', bootfile: 'a b' }, `error invalid-boot-file ${AT}.bootfile`),
    host({ tftp: '/etc' }, `error forbidden-path ${AT}.tftp`),
  ]);
});

t.test('two networks with addresses in common', (t) => {
  const one = (name: string, subnet?: string): object => ({ name, type: 'user', ...(subnet && { subnet }) });
  const again = 'warning same-subnet-twice network.interfaces[1].subnet';
  checkRows(t, [
    ['two defaults', cards(one('a'), one('b')), again],
    ['two defaults of version 1', { 'network.interfaces': [one('a'), one('b')] }],
    ['one in the other', cards(one('a', '10.0.0.0/8'), one('b')), again],
    ['the other in the one', cards(one('a'), one('b', '10.0.0.0/8')), again],
    ['side by side', cards(one('a', '10.5.0.0/24'), one('b', '10.5.1.0/24'))],
    [
      'one that is no network',
      cards(one('a', '10.0.2.1/24'), one('b')),
      'error invalid-subnet network.interfaces[0].subnet',
    ],
  ]);
});

t.test('forwards into a network of its own', (t) => {
  const to = (guest: string, one: object, ...issues: string[]): Row => [
    `${guest} ${JSON.stringify(one)}`,
    only('user', { hostfwd: [`tcp:127.0.0.1:2222-${guest}:22`], ...one }),
    ...issues,
  ];
  const at = `${AT}.hostfwd[0]`;
  const net = { subnet: '10.5.0.0/24' };
  checkRows(t, [
    to('10.5.0.200', net),
    to('0.0.0.0', net),
    to('10.0.2.15', net, `error hostfwd-guest-outside-subnet ${at}`),
    to('10.5.0.2', net, `warning hostfwd-guest-unreachable ${at}`),
    to('10.5.0.255', net, `warning hostfwd-guest-unreachable ${at}`),
    to('10.0.2.9', { host_address: '10.0.2.9' }, `warning hostfwd-guest-unreachable ${at}`),
    to('10.0.2.2', { host_address: '10.0.2.9' }),
    to('10.5.0.200', { subnet: '10.5.0.0/99' }, `error invalid-subnet ${AT}.subnet`),
  ]);
});

t.test('all that is said of a network is one argument', (t) => {
  const rule = ',hostfwd=tcp:127.0.0.1:20000-:10000';
  const rules = (count: number) =>
    Array.from({ length: count }, (_, index) => `tcp:127.0.0.1:${20000 + index}-:10000`);
  const rest = 'user,id=n,hostname=lab,tftp=/srv/lab/boot'.length;
  const most = Math.floor((131071 - rest) / rule.length);
  const of = (count: number) =>
    changed(only('user', { hostname: 'lab', tftp: 'boot', hostfwd: rules(count) }));
  checkIssues(t, of(most), [], 'as long as can be');
  checkIssues(t, of(most + 1), [`error argument-too-long ${AT}.hostfwd`], 'one rule more');
  t.end();
});

t.test('passt', (t) => {
  const forward = (...hostfwd: string[]): Change => only('passt', { hostfwd });
  checkRows(t, [
    ['alone', only('passt')],
    ['a port', forward('tcp:127.0.0.1:2222-:22', 'udp:127.0.0.1:2222-:22')],
    [
      'a port for all, and a low one',
      forward('tcp::80-:80'),
      `warning hostfwd-not-loopback ${AT}.hostfwd[0]`,
      `warning hostfwd-privileged-port ${AT}.hostfwd[0]`,
    ],
    [
      'an address of the guest',
      forward('tcp:127.0.0.1:2222-10.0.2.15:22'),
      `error hostfwd-guest-on-passt ${AT}.hostfwd[0]`,
    ],
    [
      'one port on two addresses',
      forward('tcp:127.0.0.1:2222-:22', 'udp:127.0.0.2:2222-:22', 'tcp:127.0.0.2:2222-:23'),
      `error passt-port-twice ${AT}.hostfwd[2]`,
    ],
    [
      'one port on one address, and on all',
      forward('tcp:127.0.0.1:2222-:22', 'tcp:127.0.0.1:2222-:23', 'tcp::2222-:24'),
      `error port-forwarded-twice ${AT}.hostfwd[1]`,
      `error port-forwarded-twice ${AT}.hostfwd[2]`,
      `warning hostfwd-not-loopback ${AT}.hostfwd[2]`,
    ],
    [
      'one port on two types',
      cards(
        { name: 'a', type: 'user', hostfwd: ['tcp:127.0.0.1:2222-:22'] },
        { name: 'b', type: 'passt', hostfwd: ['tcp::2222-:22'] },
      ),
      'error port-forwarded-twice network.interfaces[1].hostfwd[0]',
      'warning hostfwd-not-loopback network.interfaces[1].hostfwd[0]',
    ],
    [
      'others forward nothing',
      only('isolated', { hostfwd: ['tcp::2222-:22'] }),
      `error hostfwd-needs-user ${AT}.hostfwd`,
    ],
    ['a name that was refused', { ...only('passt'), 'vm.name': 'a b' }, 'error invalid-name vm.name'],
    [
      'two on one socket',
      cards(
        { name: 'a', type: 'passt', socket_path: 'run/p' },
        { name: 'b', type: 'passt', socket_path: 'run/./p' },
      ),
      'error path-conflict network.interfaces[1].socket_path',
    ],
    ['in /tmp', only('passt', { socket_path: '/tmp/p' }), `error outside-project-root ${AT}.socket_path`],
  ]);
});

t.test('passt runs before QEMU', (t) => {
  const hostfwd = ['udp::5353-:53', 'tcp:127.0.0.1:2222-:22', 'tcp::2223-:23', 'udp:127.0.0.1:1-:2'];
  const { commands, affected_resources, metadata, risk } = planOf({
    ...cards({ name: 'a', type: 'passt', hostfwd }, { name: 'b', type: 'passt', socket_path: 'run/b.sock' }),
    ...TCG,
  });
  t.strictSame(
    commands.map(({ step_id, metadata }) => [step_id, metadata]),
    [
      ['start-passt-a', { background: true, ready_when: 'socket:unix:/srv/lab/run/lab.a.passt.sock' }],
      ['start-passt-b', { background: true, ready_when: 'socket:unix:/srv/lab/run/b.sock' }],
      ['start-qemu', {}],
    ],
  );
  t.strictSame(commands[0]?.argv, [
    ...['passt', '--foreground', '--one-off', '--socket', '/srv/lab/run/lab.a.passt.sock'],
    ...['-t', '127.0.0.1/2222:22', '-t', '0.0.0.0/2223:23', '-u', '0.0.0.0/5353:53', '-u', '127.0.0.1/1:2'],
  ]);
  t.equal(commands[0]?.timeout_seconds, null);
  t.strictSame(
    affected_resources.filter((resource) => /^(?:process|port|socket|mac)/.test(resource)),
    [
      'port:tcp:0.0.0.0:2223',
      'port:tcp:127.0.0.1:2222',
      'port:udp:0.0.0.0:5353',
      'port:udp:127.0.0.1:1',
      'process:passt',
      'socket:unix:/srv/lab/run/b.sock',
      'socket:unix:/srv/lab/run/lab.a.passt.sock',
    ],
  );
  t.ok(metadata.unknowns.some(({ subject }) => subject === 'process:passt'));
  t.not(risk, 'low');
  t.end();
});

t.test('links between VMs', (t) => {
  const other = (one: object): object => linked({ name: 'b', ...one });
  const without = (key: string): object =>
    Object.fromEntries(Object.entries(linked()).filter(([name]) => name !== key));
  checkRows(t, [
    ['two that listen', cards(linked(), other({ socket_path: 'run/b.sock' }))],
    ['no path', cards(without('socket_path')), `error missing-field ${AT}.socket_path`],
    ['no role', cards(without('socket_role')), `error missing-field ${AT}.socket_role`],
    ['a role that was refused', cards(linked({ socket_role: 'x' })), `error not-allowed ${AT}.socket_role`],
    [
      'two that listen at one path',
      cards(linked(), other({})),
      'error path-conflict network.interfaces[1].socket_path',
    ],
    [
      'one linked to itself',
      cards(linked(), other({ socket_role: 'connect' })),
      `error path-conflict ${AT}.socket_path`,
    ],
    [
      'two that connect to one',
      cards(linked({ socket_role: 'connect' }), other({ socket_role: 'connect' })),
      'error path-conflict network.interfaces[1].socket_path',
    ],
    [
      'a listener outside',
      cards(linked({ socket_path: '/opt/a.sock' })),
      `error outside-project-root ${AT}.socket_path`,
    ],
    [
      'one that connects elsewhere',
      cards(linked({ socket_path: '/opt/a.sock', socket_role: 'connect' })),
      `warning outside-project-root ${AT}.socket_path`,
    ],
    [
      'a path that no socket has',
      cards(linked({ socket_path: 'x'.repeat(108) })),
      `error socket-path-too-long ${AT}.socket_path`,
    ],
  ]);
});

t.test('what a link is to a reviewer', (t) => {
  const of = (socket_role: string) => planOf({ ...cards(linked({ socket_role })), ...TCG });
  for (const role of ['listen', 'connect']) {
    const { risk, affected_resources } = of(role);
    t.equal(risk, 'medium', role);
    t.ok(affected_resources.includes('socket:unix:/srv/lab/run/a.sock'), role);
    t.ok(
      affected_resources.some((resource) => resource.startsWith('mac:')),
      role,
    );
  }
  const asked = (role: string) =>
    of(role).metadata.unknowns.filter(({ question }) => /before this one starts/.test(question)).length;
  t.strictSame([asked('listen'), asked('connect')], [0, 1], 'the listener starts first');
  t.equal(planOf({ ...only('isolated'), ...TCG }).risk, 'low', 'nobody else is there');
  t.equal(planOf({ ...only('user'), ...TCG }).risk, 'low');
  t.equal(planOf({ ...only('user', { tftp: 'boot' }), ...TCG }).risk, 'medium', 'files are served');
  t.end();
});

t.test('a card without its ROM boots nothing', (t) =>
  checkRows(t, [
    ['with it', { ...only('user'), 'boot.order': ['n'], 'storage.disks.0.boot': false }],
    [
      'without it',
      { ...only('user', { pxe: false }), 'boot.order': ['n'], 'storage.disks.0.boot': false },
      'error boot-needs-pxe boot.order[0]',
    ],
  ]),
);

t.test('what a plan affects, by version', (t) => {
  const of = (version: number, type: string) =>
    planOf({
      schema_version: version,
      'network.interfaces': [{ name: 'net0', type, mac: '52:54:00:00:00:01' }],
    }).affected_resources.filter((resource) => !/^(?:path|socket|device:.dev.kvm)/.test(resource));
  t.strictSame(of(1, 'tap'), ['netdev:net0']);
  t.strictSame(of(2, 'tap'), ['device:/dev/net/tun', 'mac:52:54:00:00:00:01', 'netdev:net0']);
  t.strictSame(of(1, 'bridge'), ['netdev:br0', 'netdev:net0']);
  t.strictSame(of(2, 'bridge'), [
    'bridge:br0',
    'device:/dev/net/tun',
    'mac:52:54:00:00:00:01',
    'process:qemu-bridge-helper',
  ]);
  t.end();
});

t.test('defaults that hang on other keys are as good as absent', (t) => {
  const canonical = (one: object) => {
    const outcome = outcomeOf(changed(cards({ name: 'n', ...one })));
    return outcome.isValid ? outcome.canonical : '';
  };
  t.match(canonical({ type: 'tap', ifname: 'n' }), /name = "n"/);
  t.notMatch(canonical({ type: 'tap', ifname: 'n' }), /ifname/);
  t.match(canonical({ type: 'tap', ifname: 'm' }), /ifname = "m"/);
  t.notMatch(canonical({ type: 'passt', socket_path: 'run/lab.n.passt.sock' }), /socket_path/);
  t.match(canonical({ type: 'passt', socket_path: 'run/n.sock' }), /socket_path = "run\/n.sock"/);
  t.end();
});

t.test('network in argv', (t) => {
  const of = (...interfaces: object[]) => {
    const argv = argvOf({ ...cards(...interfaces), 'vm.name': 'router' });
    return valuesOf(argv, '-netdev').concat(
      valuesOf(argv, '-device').filter((text) => !text.startsWith('{')),
    );
  };
  t.strictSame(
    of(
      { name: 'a', type: 'isolated' },
      { name: 'b', type: 'none' },
      { name: 'c', type: 'isolated', mac: '52:54:00:00:00:01', pxe: false },
    ),
    [
      'hubport,id=a,hubid=1',
      'hubport,id=c,hubid=2',
      'virtio-net-pci,netdev=a,mac=52:54:00:62:59:a9',
      'virtio-net-pci,netdev=c,mac=52:54:00:00:00:01,romfile=',
    ],
  );
  t.end();
});
