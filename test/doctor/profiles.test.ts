/** Profiles that share what one VM at a time can have, as the doctor says it without a profile. */
import t, { type Test } from 'tap';
import { diagnose } from '../../src/doctor/diagnose.ts';
import type { ComparedProfile } from '../../src/needs/collisions.ts';
import { profileHashOf } from '../../src/planning/plan_profile.ts';
import { needsOf } from '../../src/topics/index.ts';
import { DISK, DISK_PATH, disk, LOG, share, user, withKernel } from '../help/changes.ts';
import { type Change, changed } from '../help/documents.ts';
import { DARWIN, type HostFacts, LINUX } from '../help/hosts.ts';
import { findingOf, machineWith, reportOn as reportOnProfile } from '../help/machines.ts';
import { plannedOf } from '../help/plans.ts';
import { checkReports, IN_ORDER, news, PROFILE_IN_ORDER, seen } from '../help/reports.ts';

/** Profiles that have nothing in common but what the changes give them. */
function compared(changes: readonly Change[], facts: HostFacts): ComparedProfile[] {
  return changes.map((change, index) => {
    const name = `p${index}`;
    const own: Change = { 'vm.name': name, [DISK_PATH]: `images/${name}.qcow2` };
    const { profile } = plannedOf(changed({ ...own, ...change }));
    return { name, profileHash: profileHashOf(profile), needs: needsOf(profile, facts), places: new Map() };
  });
}

function reportOn(changes: readonly Change[], facts: HostFacts = LINUX) {
  return seen(diagnose(machineWith({ facts }), null, compared(changes, facts)));
}

const cards = (...list: object[]): Change => ({ 'network.interfaces': list });
const port = (rule: string): Change => cards(user('net0', rule));
const qmp = (socket: string): Change => ({ qmp: { enabled: true, socket } });
const log = (logfile: string): Change => ({ ...LOG, 'serial.logfile': logfile });
const mac = (type: string, name: string, address: string): Change => cards({ name, type, mac: address });
const vars = (path: string): Change => ({
  schema_version: 2,
  firmware: { type: 'uefi', code: '/usr/share/OVMF/code.fd', vars: path },
});
const over = (name: string, path: string): Change => ({
  schema_version: 2,
  [DISK]: disk(name, { base: { path, format: 'raw' } }),
});
const readonlyDisk = (path: string): Change => ({ [DISK]: disk('root', { path, readonly: true }) });

type Row = readonly [about: string, changes: readonly Change[], ...shared: string[]];

function check(t: Test, rows: readonly Row[], facts?: HostFacts): void {
  for (const [about, changes, ...shared] of rows) {
    const { findings } = reportOn(changes, facts);
    const found = findings.filter(({ finding_id }) => finding_id.startsWith('profiles-collide'));
    t.strictSame(
      found.map(
        ({ metadata }) => `${Object(metadata).profiles.join('+')}: ${Object(metadata).shared.join(', ')}`,
      ),
      shared,
      about,
    );
  }
  t.end();
}

t.test('what profiles share', (t) => {
  check(t, [
    ['nothing', [{}, {}, {}]],
    ['one alone', [{ 'vm.name': 'web' }]],
    ['a name', [{ 'vm.name': 'web' }, {}, { 'vm.name': 'web' }], 'p0+p2: vm.name "web"'],
    [
      'a name, and the default socket that is made of it',
      [
        { 'vm.name': 'web', qmp: { enabled: true } },
        { 'vm.name': 'web', qmp: { enabled: true } },
      ],
      'p0+p1: the socket "/srv/lab/run/web.qmp.sock", vm.name "web"',
    ],
    ['a socket', [qmp('run/s'), qmp('/srv/lab/run/../run/s')], 'p0+p1: the socket "/srv/lab/run/s"'],
    [
      'a QMP and a serial socket',
      [qmp('run/s'), { 'serial.mode': 'socket', 'serial.device': 'run/s' }],
      'p0+p1: the socket "/srv/lab/run/s"',
    ],
    ['a log', [log('logs/a'), log('logs/a')], 'p0+p1: the log "/srv/lab/logs/a"'],
    [
      'a port, on one address',
      [port('tcp:127.0.0.1:80-:80'), port('tcp:127.0.0.1:80-:81')],
      'p0+p1: tcp port 80 on 127.0.0.1',
    ],
    ['a port, on two', [port('tcp:127.0.0.1:80-:80'), port('tcp:127.0.0.2:80-:80')]],
    ['of two protocols', [port('tcp:127.0.0.1:80-:80'), port('udp:127.0.0.1:80-:80')]],
    [
      'a port, on every address',
      [port('tcp:127.0.0.1:80-:80'), port('tcp::80-:80')],
      'p0+p1: tcp port 80 on 0.0.0.0',
    ],
    ['an image', [{ [DISK_PATH]: 'a' }, { [DISK_PATH]: './a' }], 'p0+p1: the image "/srv/lab/a"'],
    [
      'an image that one only reads',
      [{ [DISK_PATH]: 'a' }, readonlyDisk('a')],
      'p0+p1: the image "/srv/lab/a"',
    ],
    ['an image that both only read', [readonlyDisk('a'), readonlyDisk('a')]],
    ['a log that is an image', [{ [DISK_PATH]: 'a' }, log('a')], 'p0+p1: the image "/srv/lab/a"'],
    [
      'what belongs to one machine',
      [
        { schema_version: 2, tpm: { enabled: true, state_dir: 'tpm' } },
        { schema_version: 2, tpm: { enabled: true, state_dir: './tpm', socket: 'run/other' } },
      ],
      'p0+p1: the tpm state "/srv/lab/tpm"',
    ],
    ['variables of a firmware', [vars('v.fd'), vars('v.fd')], 'p0+p1: the firmware vars "/srv/lab/v.fd"'],
    ['an image that is the base of another', [over('b', 'a'), over('c', 'a')]],
    [
      'a base that somebody writes to',
      [over('b', 'a'), { [DISK_PATH]: 'a' }],
      'p0+p1: the image "/srv/lab/a"',
    ],
    [
      'a kernel and a share',
      [
        { ...withKernel({}), ...share('data') },
        { ...withKernel({}), ...share('data') },
      ],
    ],
    [
      'an address on a bridge',
      [mac('bridge', 'lan', '52:54:00:AA:00:01'), mac('bridge', 'lan', '52:54:00:aa:00:01')],
      'p0+p1: the MAC address 52:54:00:aa:00:01',
    ],
    [
      'an address on a tap and on a bridge',
      [mac('bridge', 'lan', '52:54:00:aa:00:01'), mac('tap', 'tap0', '52:54:00:aa:00:01')],
      'p0+p1: the MAC address 52:54:00:aa:00:01',
    ],
    [
      'an address that nobody else sees',
      [mac('user', 'lan', '52:54:00:aa:00:01'), mac('user', 'lan', '52:54:00:aa:00:01')],
    ],
    [
      'a tap device',
      [cards({ name: 'tap0', type: 'tap' }), cards({ name: 'tap0', type: 'tap' })],
      'p0+p1: the tap device "tap0"',
    ],
    [
      'several things, each with others',
      [
        { 'vm.name': 'web', ...qmp('run/s'), ...port('tcp::80-:80') },
        { 'vm.name': 'web', ...qmp('run/s') },
        port('tcp::80-:80'),
        { 'vm.name': 'web' },
      ],
      'p0+p1: the socket "/srv/lab/run/s"',
      'p0+p1+p3: vm.name "web"',
      'p0+p2: tcp port 80 on 0.0.0.0',
    ],
    [
      'the other way round',
      [
        { ...qmp('run/s'), ...port('tcp::80-:80') },
        { ...qmp('run/s'), ...port('tcp::80-:80') },
        {},
        port('tcp::80-:80'),
      ],
      'p0+p1: the socket "/srv/lab/run/s"',
      'p0+p1+p3: tcp port 80 on 0.0.0.0',
    ],
  ]);
});

t.test('names of files are compared as the host does', (t) => {
  const changes = [{ [DISK_PATH]: 'images/A.raw' }, { [DISK_PATH]: 'images/a.raw' }];
  t.strictSame(news(reportOn(changes), IN_ORDER), []);
  check(t, [['on darwin', changes, 'p0+p1: the image "/Users/dev/lab/images/A.raw"']], DARWIN);
});

t.test('two files of one profile', (t) => {
  const same: Change = { 'vm.name': 'web', [DISK_PATH]: 'a' };
  const { metadata } = findingOf(reportOn([same, { ...same, unknown: 1 }]), 'profiles-collide:p0+p1');
  const [hash] = compared([same], LINUX);
  t.strictSame(metadata.shared, [
    `profile_hash ${hash?.profileHash}`,
    'the image "/srv/lab/a"',
    'vm.name "web"',
  ]);
  t.end();
});

t.test('what is said', (t) => {
  const report = reportOn([
    { ...qmp('run/s'), ...port('tcp::80-:80') },
    { ...qmp('run/s'), ...port('tcp::80-:80') },
  ]);
  t.match(findingOf(report, 'profiles-collide:p0+p1'), {
    severity: 'info',
    category: 'profiles',
    title: '2 profiles share what one VM at a time can have',
    description:
      '"p0", "p1" have in common: tcp port 80 on 0.0.0.0, the socket "/srv/lab/run/s". Start one of them at a time, or give each its own.',
    affected_resources: ['port:tcp:0.0.0.0:80', 'socket:unix:/srv/lab/run/s'],
    remediation: null,
  });
  t.equal(report.status, 'ok', 'no more than an info');
  t.end();
});

t.test('of thousands not all is said', (t) => {
  const many = reportOn(Array.from({ length: 2000 }, () => ({ 'vm.name': 'web' })));
  const { description, metadata } = findingOf(many, 'profiles-collide:p0+p1');
  t.match(description, '"p0", "p1", "p2", "p3", "p4", 1995 more have in common: vm.name "web".');
  t.match(metadata, { profile_count: 2000, shared_count: 1 });
  t.equal(Object(metadata).profiles.length, 100);
  const pairs = reportOn(Array.from({ length: 400 }, (_, index) => ({ 'vm.name': `web${index % 200}` })));
  const ids = pairs.findings
    .map(({ finding_id }) => finding_id)
    .filter((id) => id.startsWith('profiles-collide'));
  t.equal(ids.length, 101);
  t.match(findingOf(pairs, 'profiles-collide'), {
    title: '100 more groups of profiles share what one VM at a time can have',
    metadata: { groups_not_listed: 100 },
  });
  t.end();
});

t.test('a report on one profile says nothing of others', (t) => {
  t.strictSame(news(seen(reportOnProfile({})), [...IN_ORDER, ...PROFILE_IN_ORDER]), []);
  t.end();
});

t.test('what holds of every report', (t) => {
  checkReports(t, 'hvf-assumed profiles-collide');
});
