/** Findings about interfaces of version 2: taps of many queues, bridges by name, passt, links between VMs, served files. */
import t from 'tap';
import type { Change } from '../help/documents.ts';
import { findingOf, type Look, reportOn, socketBy, type TapLink } from '../help/machines.ts';
import { checkProfiles, checkReports, linesOf, remedyOf, seen } from '../help/reports.ts';

const SETUP = 'warning profile profile-host-network-setup:network.interfaces[0].type';
const IDLE: TapLink = { kind: 'tap', isMultiQueue: false, owner: null, group: null, state: 'idle' };

const only = (type: string, one: object = {}): Change => ({
  schema_version: 2,
  'network.interfaces': [{ name: 'n', type, ...one }],
});
const is = (changes: Partial<TapLink>, more: Look = {}): Look => ({
  links: new Map([['tap7', { ...IDLE, ...changes }]]),
  ...more,
});

t.test('taps of many queues', (t) => {
  const many = only('tap', { ifname: 'tap7', queues: 2 });
  const one = only('tap', { ifname: 'tap7' });
  checkProfiles(t, [
    ['as wanted', many, is({ isMultiQueue: true }), SETUP, 'info network tap-found:tap7'],
    ['of one queue', many, is({}), SETUP, 'error network tap-single-queue:tap7'],
    [
      'of many, and one is wanted',
      one,
      is({ isMultiQueue: true }),
      SETUP,
      'error network tap-multi-queue:tap7',
    ],
    ['missing', many, {}, SETUP, 'warning network tap-missing:tap7 +'],
  ]);
});

t.test('one in use that has queues left', (t) => {
  const said = (queues: number): string => {
    const look = is({ isMultiQueue: queues > 1, state: 'in-use' });
    return findingOf(reportOn(only('tap', { ifname: 'tap7', queues }), look), 'tap-in-use:tap7').description;
  };
  t.match(said(1), /only one can; QEMU does not start while it does/);
  t.match(said(2), /QEMU starts and takes more of its queues, and each gets packets that are for the other/);
  t.end();
});

t.test('the plan to create one', (t) => {
  const plan = remedyOf(seen(reportOn(only('tap', { ifname: 'tap7', queues: 2 }))), 'tap-missing:tap7');
  t.strictSame(linesOf(plan), [
    '! ip tuntap add dev tap7 mode tap user dev multi_queue',
    '! ip link set dev tap7 up',
  ]);
  t.end();
});

t.test('the device by which the kernel moves packets', (t) => {
  const change = only('tap', { ifname: 'tap7', vhost: true });
  const found = 'info network tap-found:tap7';
  checkProfiles(t, [
    ['there', change, is({}), SETUP, found],
    ['not known', change, is({}, { vhostNetDevice: null }), SETUP, found],
    [
      'missing',
      change,
      is({}, { vhostNetDevice: 'missing' }),
      SETUP,
      found,
      'error network vhost-net-missing',
    ],
    [
      'for others',
      change,
      is({}, { vhostNetDevice: 'no-permission' }),
      SETUP,
      found,
      'warning network vhost-net-no-permission',
    ],
    ['not wanted', only('tap', { ifname: 'tap7' }), is({}, { vhostNetDevice: 'missing' }), SETUP, found],
  ]);
});

t.test('bridges by name', (t) => {
  checkProfiles(t, [
    [
      'two of them',
      {
        schema_version: 2,
        'network.interfaces': [
          { name: 'a', type: 'bridge', bridge: 'lan' },
          { name: 'b', type: 'bridge' },
        ],
      },
      { links: new Map([['lan', { kind: 'bridge' }]]) },
      SETUP,
      SETUP.replace('[0]', '[1]'),
      'info network bridge-found:lan',
      'error network bridge-missing',
      'warning network bridge-helper-not-allowed +',
      'warning network bridge-helper-not-allowed:lan +',
    ],
  ]);
});

t.test('a bridge is called in findings and in the plan to allow it what plans call it', (t) => {
  const called = (change: Change): Record<string, string[]> => {
    const report = seen(reportOn(change));
    const of = ['bridge-missing', 'bridge-helper-not-allowed'].map((id) => [
      id,
      report.findings.find((one) => one.finding_id === id)?.affected_resources,
    ]);
    const plan = remedyOf(report, 'bridge-helper-not-allowed').affected_resources;
    return { ...Object.fromEntries(of), plan };
  };
  const list = 'path:/etc/qemu/bridge.conf';
  for (const [version, name] of [
    [1, 'netdev:br0'],
    [2, 'bridge:br0'],
  ] as const) {
    t.strictSame(called({ ...only('bridge'), schema_version: version }), {
      'bridge-missing': [name],
      'bridge-helper-not-allowed': [name, list],
      plan: [name, list],
    });
  }
  t.end();
});

t.test('passt', (t) => {
  const ready = 'info sockets passt-socket-ready:n';
  checkProfiles(t, [
    [
      'installed',
      only('passt'),
      { helpers: { passt: '/usr/bin/passt' } },
      'info qemu helper-found:passt',
      ready,
    ],
    [
      'not installed',
      only('passt'),
      { helpers: { passt: null } },
      'error qemu helper-missing:passt +',
      ready,
    ],
  ]);
});

t.test('links between VMs', (t) => {
  const link = (socket_role: string) => only('socket', { socket_path: 'run/l', socket_role });
  const at = (files: object): Look => ({ files: { 'run/l': files } });
  const socket = { kind: 'other', isSocket: true, id: '1:2' } as const;
  checkProfiles(t, [
    ['the one that listens', link('listen'), at({ kind: 'missing' }), 'info sockets link-socket-ready:n'],
    ['nobody listens', link('connect'), at({ kind: 'missing' }), 'warning sockets peer-not-there:n'],
    ['no socket', link('connect'), at({ kind: 'file' }), 'warning sockets peer-not-there:n'],
    ['a socket of nobody', link('connect'), at(socket), 'info sockets peer-perhaps-gone:n'],
    [
      'a socket of somebody',
      link('connect'),
      { ...at(socket), unixSockets: [socketBy('/srv/lab/run/l', { id: '1:2' })] },
      'info sockets peer-listens:n',
    ],
    [
      'a socket of somebody who does not listen',
      link('connect'),
      { ...at(socket), unixSockets: [socketBy('/srv/lab/run/l', { id: '1:2', isListening: false })] },
      'warning sockets peer-does-not-listen:n',
    ],
    [
      'a socket that this user may not connect to',
      link('connect'),
      at({ ...socket, isWritable: false }),
      'warning sockets peer-not-permitted:n',
    ],
    [
      'nobody can tell',
      link('connect'),
      { ...at(socket), unixSockets: null },
      'info sockets peer-perhaps-gone:n',
    ],
    ['not looked at', link('connect'), { unseen: ['run/l'] }],
  ]);
});

t.test('files that are served', (t) =>
  checkProfiles(t, [
    [
      'a directory',
      only('user', { tftp: 'boot' }),
      { files: { boot: { kind: 'directory' } } },
      'info storage share-found:n',
    ],
    [
      'none',
      only('user', { tftp: 'boot' }),
      { files: { boot: { kind: 'missing' } } },
      'error storage share-missing:n +',
    ],
  ]),
);

t.test('networks of macOS', (t) =>
  checkProfiles(t, [
    [
      'on Linux',
      only('vmnet-shared'),
      {},
      SETUP,
      'error profile profile-not-for-os:network.interfaces[0].type',
    ],
  ]),
);

t.test('what holds of every report', (t) => {
  checkReports(
    t,
    `bridge-found bridge-helper-not-allowed bridge-missing helper-found helper-missing link-socket-ready passt-socket-ready
      peer-does-not-listen peer-listens peer-not-permitted peer-not-there peer-perhaps-gone share-found share-missing tap-found tap-missing tap-multi-queue
      tap-single-queue vhost-net-missing vhost-net-no-permission`,
  );
});
