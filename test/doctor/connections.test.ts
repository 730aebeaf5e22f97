/** Findings about sockets, serial logs, ports and network devices, and the plans that mend them. */
import { readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { directoryAt, FREEBSD, MISSING, type ProbedDirectory, UNWRITABLE, WINDOWS } from '../help/hosts.ts';
import {
  at,
  findingOf,
  type Listener,
  type Look,
  reportOn,
  type Seen,
  type UnixSocket,
} from '../help/machines.ts';
import { checkProfiles, checkReports, linesOf, remedyOf, run, seen } from '../help/reports.ts';

const SOCKETS = { qmp: {}, 'serial.mode': 'socket' };
const QMP = 'run/lab.qmp.sock';
const BRIDGE = { 'network.interfaces': [{ name: 'lan', type: 'bridge' }] };
const SERIAL = 'run/lab.serial.sock';

t.test('sockets', (t) => {
  const qmpIs = (seen: Seen): Look => ({ files: { [QMP]: seen } });
  const serialReady = 'info sockets serial-socket-ready';
  const stale = { ...at('other'), isSocket: true, id: '1:2' };
  const had = (...unixSockets: UnixSocket[]): Look => ({ ...qmpIs(stale), unixSockets });
  const link = (id: string | null): Look =>
    qmpIs({ ...at('link'), link: { path: '/srv/lab/other/q.sock', id } });
  checkProfiles(t, [
    ['nothing there', SOCKETS, {}, 'info sockets qmp-socket-ready', serialReady],
    [
      'no directory',
      SOCKETS,
      {
        files: {
          [QMP]: { directory: directoryAt('/srv/lab/run', MISSING) },
          [SERIAL]: { directory: directoryAt('/srv/lab/run', UNWRITABLE) },
        },
      },
      'warning sockets qmp-directory-missing +',
      'warning sockets serial-directory-unwritable',
    ],
    ['left by an earlier run', SOCKETS, qmpIs(stale), 'warning sockets stale-socket:qmp +', serialReady],
    [
      'not known whether in use',
      SOCKETS,
      { files: { [SERIAL]: stale }, unixSockets: null },
      'warning sockets stale-socket:serial',
      'info sockets qmp-socket-ready',
    ],
    [
      'in use',
      SOCKETS,
      had({ name: '/srv/link/lab.qmp.sock', id: '1:2' }),
      'error sockets socket-in-use:qmp',
      serialReady,
    ],
    [
      'perhaps in use, by a name that is relative',
      SOCKETS,
      had({ name: '../run/lab.qmp.sock', id: null }),
      'warning sockets socket-in-use:qmp',
      serialReady,
    ],
    [
      'perhaps in use, by the name that it had before its directory was renamed',
      SOCKETS,
      had({ name: '/srv/old/run/lab.qmp.sock', id: null }),
      'warning sockets socket-in-use:qmp',
      serialReady,
    ],
    [
      'all others are ruled out',
      SOCKETS,
      had(
        { name: '/run/lab.qmp.sock', id: '1:3' },
        { name: 'run/other.qmp.sock', id: null },
        { name: '/run/gone', id: null },
      ),
      'warning sockets stale-socket:qmp +',
      serialReady,
    ],
    ['a link that leads nowhere', SOCKETS, link(null), 'warning sockets qmp-socket-is-link', serialReady],
    [
      'a link to the socket of a process',
      SOCKETS,
      { ...link('1:2'), unixSockets: [{ name: 'q.sock', id: '1:2' }] },
      'warning sockets qmp-socket-is-link',
      serialReady,
    ],
    [
      'a link in a directory that cannot be written',
      SOCKETS,
      qmpIs({
        ...at('link'),
        link: { path: '/x', id: null },
        directory: directoryAt('/srv/lab/run', UNWRITABLE),
      }),
      'warning sockets qmp-directory-unwritable',
      'warning sockets qmp-socket-is-link',
      serialReady,
    ],
    [
      'a file that QEMU would remove',
      SOCKETS,
      qmpIs(at('file')),
      'error sockets qmp-socket-blocked',
      serialReady,
    ],
    ['a directory', SOCKETS, qmpIs(at('directory')), 'error sockets qmp-socket-blocked', serialReady],
    [
      'a stale one in a directory that cannot be written',
      SOCKETS,
      qmpIs({ ...stale, directory: directoryAt('/srv/lab/run', UNWRITABLE) }),
      'warning sockets qmp-directory-unwritable',
      'warning sockets stale-socket:qmp +',
      serialReady,
    ],
    [
      'in a directory that cannot be seen',
      SOCKETS,
      qmpIs({ ...at('unreadable'), directory: directoryAt('/srv/lab/run', { state: 'unreadable' }) }),
      'warning sockets qmp-directory-unwritable',
      serialReady,
    ],
    [
      'stale on windows',
      { qmp: {}, 'serial.mode': 'none' },
      { facts: WINDOWS, ...qmpIs(stale), unixSockets: null },
      'warning sockets stale-socket:qmp',
      'info acceleration whpx-assumed',
    ],
  ]);
});

t.test('what is said of a link, and of a directory that cannot be written', (t) => {
  const says = (id: string, seen: Seen, more: Look = {}) =>
    findingOf(reportOn({ qmp: {} }, { files: { [QMP]: seen }, ...more }), id).description;
  const link = { ...at('link'), link: { path: '/run/q.sock', id: '1:2' } };
  const begin = `qmp.socket is "${QMP}", a symbolic link to "/run/q.sock"`;
  const replaced = 'QEMU removes the link and makes its socket in the place of the link';
  const mend = 'Remove the link, or write the path that is meant.';
  t.equal(
    says('qmp-socket-is-link', link),
    `${begin}; ${replaced}, and what the link leads to stays as it is. ${mend}`,
  );
  t.equal(
    says('qmp-socket-is-link', { ...link, link: { ...link.link, id: null } }),
    `${begin}, where nothing is to be seen; ${replaced}. ${mend}`,
  );
  t.equal(
    says('qmp-socket-is-link', link, { unixSockets: [{ name: 'q.sock', id: null }] }),
    `${begin}, which may be a socket that a process has; ${replaced}, and what the link leads to stays as it is. ${mend}`,
  );
  t.equal(
    says('qmp-socket-is-link', link, { unixSockets: [{ name: '/q', id: '1:2' }] }),
    `${begin}, a socket that a process has; ${replaced}, and that process goes on with its own. ${mend}`,
  );
  const inDirectory = (changes: Partial<ProbedDirectory>): Seen => ({
    ...at('missing'),
    directory: directoryAt('/srv/lab/run', changes),
  });
  const directory = `qmp.socket is "${QMP}", and the directory "/srv/lab/run"`;
  const rows: [Partial<ProbedDirectory>, string][] = [
    [UNWRITABLE, 'cannot be written by this user. Change its owner or its permissions.'],
    [
      { ...UNWRITABLE, isOnReadOnlyMount: true },
      'cannot be written by this user. Its file system is mounted read-only: mount it read-write, or use a path on another one.',
    ],
    [{ state: 'not-a-directory' }, 'is no directory. Remove what is there, or use another path.'],
  ];
  for (const [changes, end] of rows)
    t.equal(says('qmp-directory-unwritable', inDirectory(changes)), `${directory} ${end}`);
  t.end();
});

t.test('the plan to remove a socket', (t) => {
  const report = seen(reportOn(SOCKETS, { files: { [QMP]: { ...at('other'), isSocket: true } } }));
  const plan = remedyOf(report, 'stale-socket:qmp');
  t.strictSame(linesOf(plan), ['test -S /srv/lab/run/lab.qmp.sock', '~ rm -- /srv/lab/run/lab.qmp.sock']);
  t.match(plan, { risk: 'medium', confirmation_required: true });
  t.strictSame(plan.affected_resources, ['socket:unix:/srv/lab/run/lab.qmp.sock']);
  t.end();
});

t.test('serial logs', (t) => {
  const log = { 'serial.mode': 'file', 'serial.logfile': 'logs/a.log' };
  const is = (seen: Seen): Look => ({ files: { 'logs/a.log': seen } });
  const directory = directoryAt('/srv/lab/logs', MISSING);
  checkProfiles(t, [
    ['to come', log, {}, 'info sockets serial-log-ready'],
    ['of an earlier run', log, is(at('file')), 'info sockets serial-log-will-be-replaced'],
    ['unwritable', log, is({ ...at('file'), isWritable: false }), 'warning sockets serial-log-unwritable'],
    [
      'on a file system that is mounted read-only',
      log,
      is({ ...at('file'), isWritable: false, isOnReadOnlyMount: true }),
      'warning sockets serial-log-unwritable',
    ],
    [
      'there, in a directory that cannot be written',
      log,
      is({ ...at('file'), directory: directoryAt('/srv/lab/logs', UNWRITABLE) }),
      'info sockets serial-log-will-be-replaced',
    ],
    ['a directory', log, is(at('directory')), 'error sockets serial-log-blocked'],
    ['a pipe', log, is(at('other')), 'error sockets serial-log-blocked'],
    [
      'without its directory',
      log,
      is({ ...at('missing'), directory }),
      'warning sockets serial-directory-missing +',
    ],
    ['unreadable', log, is(at('unreadable'))],
  ]);
});

const FORWARDS = {
  'network.interfaces': [{ name: 'net0', type: 'user', hostfwd: ['tcp:127.0.0.1:2222-:22'] }],
};
const tcp = (address: string, port = 2222): Listener => ({ protocol: 'tcp', address, port });

t.test('forwarded ports', (t) => {
  const id = 'tcp:127.0.0.1:2222';
  const free = `info network port-free:${id}`;
  const taken = `error network port-taken:${id}`;
  const anywhere = { 'network.interfaces': [{ name: 'net0', type: 'user', hostfwd: ['udp::5353-:53'] }] };
  checkProfiles(t, [
    ['free', FORWARDS, {}, free],
    ['not known', FORWARDS, { listeners: null }, 'info network ports-unknown'],
    ['taken', FORWARDS, { listeners: [tcp('127.0.0.1')] }, taken],
    ['taken on all addresses', FORWARDS, { listeners: [tcp('::'), tcp('0.0.0.0')] }, taken],
    [
      'taken by IPv6, which may leave IPv4 alone',
      FORWARDS,
      { listeners: [tcp('::')] },
      `warning network port-taken:${id}`,
    ],
    ['another address', FORWARDS, { listeners: [tcp('127.0.0.2')] }, free],
    ['another port', FORWARDS, { listeners: [tcp('127.0.0.1', 2223)] }, free],
    ['another protocol', FORWARDS, { listeners: [{ ...tcp('127.0.0.1'), protocol: 'udp' }] }, free],
    [
      'all addresses wanted, one taken',
      anywhere,
      { listeners: [{ protocol: 'udp', address: '127.0.0.53', port: 5353 }] },
      'error network port-taken:udp:0.0.0.0:5353',
      'warning profile profile-hostfwd-not-loopback:network.interfaces[0].hostfwd[0]',
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

t.test('ports that nobody can list are one finding about all of them', (t) => {
  const hostfwd = ['tcp:127.0.0.1:2222-:22', 'udp:127.0.0.1:5353-:53'];
  const change = { 'network.interfaces': [{ name: 'net0', type: 'user', hostfwd }] };
  const { affected_resources, metadata } = findingOf(reportOn(change, { listeners: null }), 'ports-unknown');
  t.strictSame(affected_resources, ['port:tcp:127.0.0.1:2222', 'port:udp:127.0.0.1:5353']);
  t.strictSame(metadata, { profile_name: 'lab' });
  t.end();
});

const TAP = { 'network.interfaces': [{ name: 'lab-tap0', type: 'tap' }] };
const SETUP = 'warning profile profile-host-network-setup:network.interfaces[0].type';

t.test('tap devices', (t) => {
  checkProfiles(t, [
    ['missing', TAP, {}, SETUP, 'warning network tap-missing:lab-tap0 +'],
    [
      'missing, for root',
      TAP,
      { machine: { user: 'root' } },
      SETUP,
      'warning network tap-missing:lab-tap0 +',
    ],
    [
      'missing, for a user without a name',
      TAP,
      { machine: { user: null } },
      SETUP,
      'warning network tap-missing:lab-tap0',
    ],
    ['there', TAP, { links: new Map([['lab-tap0', 'tap']]) }, SETUP, 'info network tap-found:lab-tap0'],
    [
      'another device',
      TAP,
      { links: new Map([['lab-tap0', 'other']]) },
      'error network tap-not-a-tap:lab-tap0',
      SETUP,
    ],
    [
      'not known',
      TAP,
      { facts: FREEBSD, links: null },
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

t.test('the bridge and its helper', (t) => {
  const links = new Map([['br0', 'bridge']] as const);
  const found = 'info network bridge-found';
  const rules = (...bridgeRules: string[]): Look => ({ links, bridgeRules });
  checkProfiles(t, [
    ['allowed', BRIDGE, rules('allow br0'), SETUP, found, 'info network bridge-helper-allowed'],
    ['allowed with all', BRIDGE, rules('allow\tall'), SETUP, found, 'info network bridge-helper-allowed'],
    ['not allowed', BRIDGE, rules('allow br1'), 'warning network bridge-helper-not-allowed +', SETUP, found],
    [
      'denied after all',
      BRIDGE,
      rules('allow br0', 'deny all'),
      'error network bridge-helper-denied',
      SETUP,
      found,
    ],
    [
      'in another file',
      BRIDGE,
      rules('include /etc/qemu/more'),
      SETUP,
      found,
      'info network bridge-helper-unknown',
    ],
    [
      'not to be read',
      BRIDGE,
      { links, bridgeRules: null },
      SETUP,
      found,
      'info network bridge-helper-unknown',
    ],
    [
      'no bridge',
      BRIDGE,
      { links: new Map([['br0', 'other']]), bridgeRules: ['allow br0'] },
      'error network bridge-missing',
      SETUP,
      'info network bridge-helper-allowed',
    ],
    [
      'not known',
      BRIDGE,
      { links: null, bridgeRules: ['allow br0'] },
      SETUP,
      'info network bridge-helper-allowed',
      'info network bridge-unknown',
    ],
  ]);
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
  bridge-found bridge-helper-allowed bridge-helper-denied bridge-helper-not-allowed bridge-helper-unknown
  bridge-missing bridge-unknown no-accelerator port-free port-taken ports-unknown qmp-directory-missing
  qmp-directory-unwritable qmp-socket-blocked qmp-socket-is-link qmp-socket-ready serial-directory-missing
  serial-directory-unwritable serial-log-blocked serial-log-ready serial-log-unwritable
  serial-log-will-be-replaced serial-socket-ready socket-in-use stale-socket tap-found tap-missing
  tap-not-a-tap tap-unknown whpx-assumed`;

t.test('what holds of every report', (t) => {
  checkReports(t, KINDS);
});
