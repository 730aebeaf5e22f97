/** Findings about ports, network devices and the bridge helper, and the plans that mend them. */
import { readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import type { BridgeFault } from '../../src/facts/network.ts';
import { FREEBSD } from '../help/hosts.ts';
import {
  type BoundPort,
  type BridgeRules,
  findingOf,
  type Look,
  QUIET,
  reportOn,
  type TapLink,
} from '../help/machines.ts';
import { checkProfiles, checkReports, linesOf, remedyOf, run, seen } from '../help/reports.ts';

const BRIDGE = { 'network.interfaces': [{ name: 'lan', type: 'bridge' }] };
const TAP = { 'network.interfaces': [{ name: 'lab-tap0', type: 'tap' }] };
const SETUP = 'warning profile profile-host-network-setup:network.interfaces[0].type';
const EXPOSED = 'warning profile profile-hostfwd-not-loopback:network.interfaces[0].hostfwd[0]';

const forwarding = (...hostfwd: string[]) => ({
  'network.interfaces': [{ name: 'net0', type: 'user', hostfwd }],
});
const FORWARDS = forwarding('tcp:127.0.0.1:2222-:22');
const waiting = (address: string, port = 2222): BoundPort => ({
  protocol: 'tcp',
  address,
  port,
  isConnection: false,
});
const connected = (address: string, port = 2222): BoundPort => ({
  ...waiting(address, port),
  isConnection: true,
});

t.test('forwarded ports', (t) => {
  const id = 'tcp:127.0.0.1:2222';
  const free = `info network port-free:${id}`;
  const taken = `error network port-taken:${id}`;
  const maybeTaken = `warning network port-taken:${id}`;
  checkProfiles(t, [
    ['free', FORWARDS, {}, free],
    ['not known', FORWARDS, { boundPorts: null }, 'info network ports-unknown'],
    ['taken', FORWARDS, { boundPorts: [waiting('127.0.0.1')] }, taken],
    ['taken on all addresses', FORWARDS, { boundPorts: [waiting('::'), waiting('0.0.0.0')] }, taken],
    ['taken by IPv6, which may leave IPv4 alone', FORWARDS, { boundPorts: [waiting('::')] }, maybeTaken],
    ['another address', FORWARDS, { boundPorts: [waiting('127.0.0.2')] }, free],
    ['another port', FORWARDS, { boundPorts: [waiting('127.0.0.1', 2223)] }, free],
    ['another protocol', FORWARDS, { boundPorts: [{ ...waiting('127.0.0.1'), protocol: 'udp' }] }, free],
    [
      'all addresses wanted, one taken',
      forwarding('udp::5353-:53'),
      { boundPorts: [{ ...waiting('127.0.0.53', 5353), protocol: 'udp' }] },
      'error network port-taken:udp:0.0.0.0:5353',
      EXPOSED,
    ],
    ['the local end of a connection', FORWARDS, { boundPorts: [connected('127.0.0.1')] }, maybeTaken],
    ['that of a connection elsewhere', FORWARDS, { boundPorts: [connected('192.168.1.1')] }, free],
    ['a connection of IPv6, and one address', FORWARDS, { boundPorts: [connected('0:0:0:0:0:0:0:1')] }, free],
    [
      'a connection of IPv6, and every address',
      forwarding('tcp::2222-:22'),
      { boundPorts: [connected('0:0:0:0:0:0:0:1')] },
      'warning network port-taken:tcp:0.0.0.0:2222',
      EXPOSED,
    ],
    [
      'a connection, and what it was made to',
      FORWARDS,
      { boundPorts: [connected('127.0.0.1'), waiting('127.0.0.1')] },
      taken,
    ],
    [
      'rules that cannot be read, and interfaces that do not forward',
      {
        'network.interfaces': [
          { name: 'a', type: 'user', hostfwd: ['tcp::0-:1'] },
          { name: 'b', type: 'user', hostfwd: 1 },
          { name: 'c', type: 'none' },
        ],
      },
      {},
      'error profile profile-invalid-hostfwd:network.interfaces[0].hostfwd[0]',
      'error profile profile-wrong-type:network.interfaces[1].hostfwd',
    ],
    [
      'interfaces that cannot be read',
      { network: { interfaces: 1 } },
      {},
      'error profile profile-wrong-type:network.interfaces',
    ],
  ]);
});

t.test('what is said of a connection', (t) => {
  const said = (rule: string, bound: BoundPort) => {
    const report = reportOn(forwarding(rule), { boundPorts: [bound] });
    return report.findings.find(({ finding_id }) => finding_id.startsWith('port-taken:'))?.description;
  };
  t.match(
    said('tcp:127.0.0.1:2222-:22', connected('127.0.0.1')),
    /has its local end on 127\.0\.0\.1 port 2222; QEMU does not start while it is there, unless its socket/,
  );
  const udp: BoundPort = { ...connected('127.0.0.1'), protocol: 'udp' };
  t.match(said('udp:127.0.0.1:2222-:22', udp), /QEMU does not start while it is there\. Wait/);
  t.match(said('udp::2222-:22', { ...udp, address: '0:0:0:0:0:0:0:1' }), /unless its socket/);
  t.end();
});

t.test('host addresses', (t) => {
  const there = { address: '203.0.113.0', bits: 24 };
  const away = 'warning network hostfwd-address-not-here:tcp:203.0.113.7:8080';
  const change = forwarding('tcp:203.0.113.7:8080-:80');
  const free = 'info network port-free:tcp:203.0.113.7:8080';
  checkProfiles(t, [
    ['not here', change, {}, away, EXPOSED],
    ['here', change, { addresses: [there] }, free, EXPOSED],
    ['not known', change, { addresses: null }, free, EXPOSED],
    ['any can be bound', change, { addresses: [{ address: '0.0.0.0', bits: 0 }] }, free, EXPOSED],
    [
      'that of everybody on a network',
      change,
      { addresses: [there, { address: '203.0.113.7', bits: 32, isBroadcast: true }] },
      free,
      'warning network hostfwd-address-broadcast:tcp:203.0.113.7:8080',
      EXPOSED,
    ],
    [
      'the same for udp',
      forwarding('udp:203.0.113.7:8080-:80'),
      { addresses: [{ address: '203.0.113.7', bits: 32, isBroadcast: true }] },
      'info network port-free:udp:203.0.113.7:8080',
      EXPOSED,
    ],
    [
      'not here, and the port is taken on every address',
      change,
      { boundPorts: [waiting('0.0.0.0', 8080)] },
      away,
      'error network port-taken:tcp:203.0.113.7:8080',
      EXPOSED,
    ],
    [
      'not here, and of the ports nothing is known',
      change,
      { boundPorts: null },
      away,
      'info network ports-unknown',
      EXPOSED,
    ],
    [
      'one that nobody can connect to',
      forwarding('tcp:224.0.0.1:2222-:22'),
      {},
      'error profile profile-hostfwd-address-unreachable:network.interfaces[0].hostfwd[0]',
    ],
  ]);
});

t.test('ports that the host may need or guard itself', (t) => {
  const high = 'tcp:127.0.0.1:41002';
  const low = 'tcp:127.0.0.1:80';
  const rules = QUIET.portRules as NonNullable<typeof QUIET.portRules>;
  const rights = QUIET.rights as NonNullable<typeof QUIET.rights>;
  const free = (place: string) => `info network port-free:${place}`;
  const lexical = 'warning profile profile-hostfwd-privileged-port:network.interfaces[0].hostfwd[0]';
  const privileged = `warning network port-privileged:${low}`;
  const spared = { ...rules, reserved: [{ first: 41000, last: 41002 }] };
  const ephemeral = (port: number) => [
    free(`tcp:127.0.0.1:${port}`),
    `info network port-ephemeral:tcp:127.0.0.1:${port}`,
  ];
  checkProfiles(t, [
    ['any connection may get it', forwarding(`${high}-:22`), {}, ...ephemeral(41002)],
    ['the first', forwarding('tcp:127.0.0.1:32768-:22'), {}, ...ephemeral(32768)],
    ['the last', forwarding('tcp:127.0.0.1:60999-:22'), {}, ...ephemeral(60999)],
    ['before', forwarding('tcp:127.0.0.1:32767-:22'), {}, free('tcp:127.0.0.1:32767')],
    ['after', forwarding('tcp:127.0.0.1:61000-:22'), {}, free('tcp:127.0.0.1:61000')],
    ['spared', forwarding(`${high}-:22`), { portRules: spared }, free(high)],
    ['not known', forwarding(`${high}-:22`), { portRules: null }, free(high)],
    ['privileged', forwarding(`${low}-:80`), {}, free(low), privileged, lexical],
    [
      'privileged, with the right',
      forwarding(`${low}-:80`),
      { rights: { ...rights, mayBindAnyPort: true } },
      free(low),
      lexical,
    ],
    ['privileged, with unknown rights', forwarding(`${low}-:80`), { rights: null }, free(low), lexical],
    [
      'open to everybody',
      forwarding(`${low}-:80`),
      { portRules: { ...rules, firstUnprivileged: 80 } },
      free(low),
      lexical,
    ],
  ]);
});

t.test('ports that nobody can list are one finding about all of them', (t) => {
  const change = forwarding('tcp:127.0.0.1:2222-:22', 'udp:127.0.0.1:5353-:53');
  const { affected_resources, metadata } = findingOf(reportOn(change, { boundPorts: null }), 'ports-unknown');
  t.strictSame(affected_resources, ['port:tcp:127.0.0.1:2222', 'port:udp:127.0.0.1:5353']);
  t.strictSame(metadata, { profile_name: 'lab' });
  t.end();
});

const IDLE: TapLink = { kind: 'tap', isMultiQueue: false, owner: null, group: null, state: 'idle' };

t.test('tap devices', (t) => {
  const is = (changes: Partial<TapLink>, more: Look = {}): Look => ({
    links: new Map([['lab-tap0', { ...IDLE, ...changes }]]),
    ...more,
  });
  const missing = 'warning network tap-missing:lab-tap0 +';
  const found = 'info network tap-found:lab-tap0';
  const notPermitted = 'warning network tap-not-permitted:lab-tap0';
  const admin: Look = {
    rights: { user: 0, groups: [0], mayAdministrate: true, mayBindAnyPort: true },
  };
  checkProfiles(t, [
    ['missing', TAP, {}, SETUP, missing],
    ['missing, for root', TAP, { machine: { user: 'root' } }, SETUP, missing],
    [
      'missing, for a user without a name',
      TAP,
      { machine: { user: null } },
      SETUP,
      'warning network tap-missing:lab-tap0',
    ],
    ['for anybody', TAP, is({}), SETUP, found],
    ['for this user', TAP, is({ owner: 1000 }), SETUP, found],
    ['for another user', TAP, is({ owner: 1001 }), SETUP, notPermitted],
    ['for another user, seen by one who may do all', TAP, is({ owner: 1001 }, admin), SETUP, found],
    [
      'for another user, and nothing is known of this one',
      TAP,
      is({ owner: 1 }, { rights: null }),
      SETUP,
      found,
    ],
    ['for a group of this user', TAP, is({ group: 27 }), SETUP, found],
    ['for another group', TAP, is({ group: 28 }), SETUP, notPermitted],
    ['for this user in another group', TAP, is({ owner: 1000, group: 28 }), SETUP, notPermitted],
    ['in use', TAP, is({ state: 'in-use' }), SETUP, found, 'warning network tap-in-use:lab-tap0'],
    ['down', TAP, is({ state: 'down' }), SETUP, found, 'info network tap-down:lab-tap0'],
    ['of many queues', TAP, is({ isMultiQueue: true }), SETUP, 'error network tap-multi-queue:lab-tap0'],
    [
      'a tun device',
      TAP,
      { links: new Map([['lab-tap0', { kind: 'tun' }]]) },
      'error network tap-not-a-tap:lab-tap0',
      SETUP,
    ],
    [
      'another device',
      TAP,
      { links: new Map([['lab-tap0', { kind: 'other' }]]) },
      'error network tap-not-a-tap:lab-tap0',
      SETUP,
    ],
    [
      'without the device that leads to it',
      TAP,
      is({}, { tunDevice: 'missing' }),
      SETUP,
      found,
      'error network tun-device-missing',
    ],
    [
      'with a device that this user may not open',
      TAP,
      is({}, { tunDevice: 'no-permission' }),
      SETUP,
      found,
      'warning network tun-device-no-permission',
    ],
    [
      'not known',
      TAP,
      { facts: FREEBSD, links: null, tunDevice: null },
      SETUP,
      'info acceleration no-accelerator',
      'info network tap-unknown:lab-tap0',
    ],
    [
      'a name that the kernel cuts, and none',
      { 'network.interfaces': [{ name: 'a-name-of-16-chars', type: 'tap' }, { type: 'tap' }] },
      {},
      'error profile profile-missing-field:network.interfaces[1].name',
      'error profile profile-interface-name-too-long:network.interfaces[0].name',
      SETUP,
      SETUP.replace('[0]', '[1]'),
    ],
  ]);
});

t.test('whose a tap device is', (t) => {
  const said = (changes: Partial<TapLink>, id: string) =>
    findingOf(reportOn(TAP, { links: new Map([['lab-tap0', { ...IDLE, ...changes }]]) }), id).description;
  t.match(said({ owner: 7 }, 'tap-not-permitted:lab-tap0'), /is for the user 7 alone, .* as the user 1000/);
  t.match(said({ owner: 7, group: 8 }, 'tap-not-permitted:lab-tap0'), /the user 7 and the group 8 alone/);
  t.match(said({ group: 27 }, 'tap-found:lab-tap0'), /of the group 27, and this user may use it\.$/);
  t.match(said({}, 'tap-found:lab-tap0'), /any user may use\.$/);
  t.end();
});

t.test('the plan to create a tap device', (t) => {
  const plan = remedyOf(seen(reportOn(TAP)), 'tap-missing:lab-tap0');
  t.strictSame(linesOf(plan), [
    '! ip tuntap add dev lab-tap0 mode tap user dev',
    '! ip link set dev lab-tap0 up',
  ]);
  t.match(plan, { risk: 'high', affected_resources: ['netdev:lab-tap0'] });
  const forRoot = remedyOf(seen(reportOn(TAP, { machine: { user: 'root' } })), 'tap-missing:lab-tap0');
  t.equal(linesOf(forRoot)[0], '! ip tuntap add dev lab-tap0 mode tap user root');
  t.end();
});

const LIST: BridgeRules = { state: 'complete', rules: [], fault: null };

/** A list that the helper reads as these rules, written as `allow NAME` or `deny NAME`. */
function listOf(...lines: string[]): BridgeRules {
  const rules = lines.map((text, index) => {
    const action = text.startsWith('deny ') ? 'deny' : 'allow';
    return {
      action,
      bridge: text.slice(action.length + 1),
      file: '/etc/qemu/bridge.conf',
      line: index + 1,
    } as const;
  });
  return { ...LIST, rules };
}

const PLAIN_HELPER = { path: '/usr/lib/qemu/qemu-bridge-helper', isSetuidRoot: false, mayRun: true };

t.test('the bridge and its helper', (t) => {
  const links: Look['links'] = new Map([['br0', { kind: 'bridge' }]]);
  const found = 'info network bridge-found';
  const allowed = 'info network bridge-helper-allowed';
  const denied = 'error network bridge-helper-denied';
  const notAllowed = 'warning network bridge-helper-not-allowed +';
  const unknown = 'info network bridge-helper-unknown';
  const list = (bridgeRules: BridgeRules | null): Look => ({ links, bridgeRules });
  checkProfiles(t, [
    ['allowed', BRIDGE, list(listOf('allow br0')), SETUP, found, allowed],
    ['allowed with all', BRIDGE, list(listOf('allow all')), SETUP, found, allowed],
    [
      'a helper that may nothing',
      BRIDGE,
      { ...list(listOf('allow br0')), bridgeHelper: PLAIN_HELPER },
      SETUP,
      found,
      allowed,
      'warning network bridge-helper-not-setuid',
    ],
    [
      'a helper that acts as root',
      BRIDGE,
      { ...list(listOf('allow br0')), bridgeHelper: { ...PLAIN_HELPER, isSetuidRoot: true } },
      SETUP,
      found,
      allowed,
    ],
    [
      'started by somebody who may administrate the network',
      BRIDGE,
      {
        ...list(listOf('allow br0')),
        bridgeHelper: PLAIN_HELPER,
        rights: { user: 0, groups: [0], mayAdministrate: true, mayBindAnyPort: true },
      },
      SETUP,
      found,
      allowed,
    ],
    [
      'by nobody knows whom',
      BRIDGE,
      { ...list(listOf('allow br0')), bridgeHelper: PLAIN_HELPER, rights: null },
      SETUP,
      found,
      allowed,
      'warning network bridge-helper-not-setuid',
    ],
    [
      'a helper that is for others',
      BRIDGE,
      { ...list(listOf('allow br0')), bridgeHelper: { ...PLAIN_HELPER, isSetuidRoot: true, mayRun: false } },
      SETUP,
      found,
      allowed,
      'warning network bridge-helper-no-permission',
    ],
    [
      'no helper',
      BRIDGE,
      { ...list(listOf('allow br0')), bridgeHelper: null },
      SETUP,
      found,
      allowed,
      'warning network bridge-helper-missing',
    ],
    [
      'a QEMU that somebody built',
      BRIDGE,
      { ...list(listOf('allow br0')), bridgeHelper: null, binary: '/usr/local/bin/qemu-system-x86_64' },
      SETUP,
      found,
      unknown,
    ],
    ['not allowed', BRIDGE, list(listOf('allow br1', 'allow br00')), notAllowed, SETUP, found],
    ['a name with more to it', BRIDGE, list(listOf('allow br0 # office')), notAllowed, SETUP, found],
    ['no list', BRIDGE, list(QUIET.bridgeRules), notAllowed, SETUP, found],
    ['denied after all', BRIDGE, list(listOf('allow br0', 'deny all')), denied, SETUP, found],
    ['another denied', BRIDGE, list(listOf('allow br0', 'deny br1')), SETUP, found, allowed],
    [
      'perhaps denied in another file',
      BRIDGE,
      list({ ...listOf('allow br0'), state: 'incomplete' }),
      SETUP,
      found,
      unknown,
    ],
    [
      'denied, whatever another file says',
      BRIDGE,
      list({ ...listOf('deny br0'), state: 'incomplete' }),
      denied,
      SETUP,
      found,
    ],
    [
      'not to be read by this user',
      BRIDGE,
      list({ ...LIST, state: 'unreadable' }),
      SETUP,
      found,
      'warning network bridge-helper-list-unreadable',
    ],
    ['not known', BRIDGE, list(null), SETUP, found, unknown],
    [
      'not a list',
      BRIDGE,
      list({ ...listOf('allow br0'), state: 'invalid', fault: { kind: 'no-rule', line: 2, name: '' } }),
      'error network bridge-helper-list-invalid',
      SETUP,
      found,
    ],
    [
      'no bridge of the kernel',
      BRIDGE,
      { links: new Map([['br0', { kind: 'other' }]]), bridgeRules: listOf('allow br0') },
      'error network bridge-not-a-bridge',
      SETUP,
      allowed,
    ],
    [
      'no device at all',
      BRIDGE,
      { links: new Map(), bridgeRules: listOf('allow br0') },
      'error network bridge-missing',
      SETUP,
      allowed,
    ],
    [
      'devices are not known',
      BRIDGE,
      { links: null, bridgeHelper: null, bridgeRules: listOf('allow br0') },
      SETUP,
      allowed,
      'info network bridge-unknown',
    ],
    [
      'without the device that the helper makes taps with',
      BRIDGE,
      { ...list(listOf('allow br0')), tunDevice: 'missing' },
      SETUP,
      found,
      allowed,
      'error network tun-device-missing',
    ],
  ]);
});

t.test('why the helper does not join the bridge', (t) => {
  const said = (bridgeRules: BridgeRules | null) =>
    findingOf(reportOn(BRIDGE, { bridgeRules }), 'bridge-helper-not-allowed').description;
  t.match(
    said(listOf('allow br1', 'allow br0 # office')),
    /^Line 2 of "\/etc\/qemu\/bridge\.conf" allows a bridge called "br0 # office", .*a comment/,
  );
  t.match(said(listOf('allow br0,br1')), /allows a bridge called "br0,br1"/);
  t.match(said(listOf('allow br0-lan', 'deny br0 x')), /^No line of \/etc\/qemu\/bridge\.conf allows br0;/);
  const invalid = (kind: BridgeFault['kind'], name: string) => {
    const bridgeRules: BridgeRules = { ...LIST, state: 'invalid', fault: { kind, line: 3, name } };
    return findingOf(reportOn(BRIDGE, { bridgeRules }), 'bridge-helper-list-invalid').description;
  };
  t.match(invalid('no-rule', ''), /^Line 3 of \/etc\/qemu\/bridge\.conf is neither a comment nor "allow"/);
  const name = 'br0 # the office';
  t.match(invalid('long-name', name), /^Line 3 of .* has "br0 # the office" for the name of a bridge/);
  t.match(
    invalid('circle', 'bridge.conf'),
    /^Line 3 of .* includes "bridge\.conf", and so the list includes/,
  );
  t.match(said(QUIET.bridgeRules), /^There is no \/etc\/qemu\/bridge\.conf;/);
  t.end();
});

t.test('the plan to allow the bridge', (t) => {
  const plan = remedyOf(seen(reportOn(BRIDGE)), 'bridge-helper-not-allowed');
  t.strictSame(
    plan.commands.map(({ argv, requires_privilege }) => [requires_privilege, ...argv]),
    [
      [true, 'mkdir', '-p', '--', '/etc/qemu'],
      [
        true,
        'sh',
        '-c',
        "grep -qsxF 'allow br0' /etc/qemu/bridge.conf || printf '\\n%s\\n' 'allow br0' >>/etc/qemu/bridge.conf",
      ],
    ],
  );
  t.match(plan, { risk: 'high', affected_resources: ['netdev:br0', 'path:/etc/qemu/bridge.conf'] });
  t.end();
});

t.test('the bridge rule is appended once, whatever the list holds', (t) => {
  const root = realpathSync(t.testdir({ 'bridge.conf': '# no line end' }));
  const text = remedyOf(seen(reportOn(BRIDGE)), 'bridge-helper-not-allowed').commands[1]?.argv[2] ?? '';
  const list = join(root, 'bridge.conf');
  for (let round = 0; round < 2; round++) {
    t.equal(run(['sh', '-c', text.replaceAll('/etc/qemu/bridge.conf', list)]), 0);
    t.equal(readFileSync(list, 'utf8'), '# no line end\nallow br0\n');
  }
  const fresh = join(root, 'fresh.conf');
  t.equal(run(['sh', '-c', text.replaceAll('/etc/qemu/bridge.conf', fresh)]), 0);
  t.equal(readFileSync(fresh, 'utf8'), '\nallow br0\n');
  t.end();
});

/** Every kind of finding that these tests see besides those of a host in order. */
const KINDS = `
  bridge-found bridge-helper-allowed bridge-helper-denied bridge-helper-list-invalid bridge-helper-not-allowed
  bridge-helper-list-unreadable bridge-helper-missing bridge-helper-no-permission bridge-helper-not-setuid
  bridge-helper-unknown bridge-missing bridge-not-a-bridge bridge-unknown hostfwd-address-broadcast hostfwd-address-not-here no-accelerator port-ephemeral
  port-free port-privileged port-taken ports-unknown tap-down tap-found tap-in-use tap-missing tap-multi-queue
  tap-not-a-tap tap-not-permitted tap-unknown tun-device-missing tun-device-no-permission`;

t.test('what holds of every report', (t) => {
  checkReports(t, KINDS);
});
