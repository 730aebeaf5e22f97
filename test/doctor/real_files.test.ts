/** Real files and sockets of a project, looked at as the service does: what a plan and the doctor say of them. */
import { chmodSync, linkSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { type DoctorReport, diagnose } from '../../src/doctor/diagnose.ts';
import { probeHost } from '../../src/host/probe_host.ts';
import { probeNetwork } from '../../src/host/probe_network.ts';
import { planProfile } from '../../src/planning/plan_profile.ts';
import { type Change, changed } from '../help/documents.ts';
import { qcow2 } from '../help/images.ts';
import { findingOf, machineWith } from '../help/machines.ts';
import { issuesOf, parsedOf } from '../help/plans.ts';
import { linesOf, news, remedyOf } from '../help/reports.ts';
import { issueLine } from '../help/rows.ts';
import { leaveSocket, listenAt, listenIn, onLinux, settingsOf, shortFolderOf } from '../help/this_host.ts';

/** Other users may read these, for which root is no other user. */
const isRoot = userInfo().uid === 0;

interface Look {
  readonly report: DoctorReport;
  /** The findings about sockets, files and the profile that are not as they should be, or all of a category. */
  readonly findings: (category: string) => string[];
  /** The issues of a plan. */
  readonly issues: readonly string[];
  readonly unknowns: readonly string[];
}

async function look(root: string, change: Change): Promise<Look> {
  const parsed = parsedOf(changed({ 'hardware.acceleration': 'tcg', ...change }));
  const host = await probeHost(parsed.draft, settingsOf(root, { searchPath: [root] }));
  const outcome = planProfile(parsed, host);
  const network = await probeNetwork(host.facts);
  const profile = { name: 'lab', draft: parsed.draft, host, outcome, network };
  const report = diagnose(machineWith({ facts: host.facts }), profile);
  return {
    report,
    findings: (category) => news(report, []).filter((line) => line.split(' ')[1] === category),
    issues: issuesOf(outcome)
      .map(issueLine)
      .filter((line) => !line.includes('qemu-binary')),
    unknowns: outcome.isValid
      ? outcome.unknowns.map(({ question, subject }) => `${subject.replace(`${root}/`, '')} ${question}`)
      : [],
  };
}

function project(t: Test): string {
  const root = shortFolderOf(t);
  for (const name of ['images', 'run', 'logs', 'boot']) mkdirSync(join(root, name));
  writeFileSync(join(root, 'images/root.qcow2'), qcow2());
  writeFileSync(join(root, 'boot/kernel'), Buffer.alloc(4096));
  return root;
}

const QMP = { 'qmp.socket': 'run/lab.sock' };

t.test('a socket that a process has by a relative name gets no plan to remove it', onLinux, async (t) => {
  const root = project(t);
  await listenIn(t, join(root, 'run'), 'lab.sock');
  const { report, findings, issues } = await look(root, QMP);
  t.strictSame(findings('sockets'), ['warning sockets socket-in-use:qmp']);
  t.match(findingOf(report, 'socket-in-use:qmp'), {
    title: 'The qmp socket is perhaps in use',
    description: /is a socket, and a process has one by the name "lab\.sock", which may be this one/,
    remediation: null,
  });
  t.strictSame(issues, [], 'a plan does not ask what other processes have');
});

t.test('a socket that nobody has any more', onLinux, async (t) => {
  const root = project(t);
  await leaveSocket(t, join(root, 'run'), 'lab.sock');
  await listenIn(t, join(root, 'run'), 'another.sock');
  const { report, unknowns } = await look(root, QMP);
  t.ok(
    unknowns.some((line) => line.startsWith('path:run/lab.sock Has no process the socket that lies there?')),
  );
  t.strictSame(linesOf(remedyOf(report, 'stale-socket:qmp')), [
    `test -S ${root}/run/lab.sock`,
    `~ rm -- ${root}/run/lab.sock`,
  ]);
});

t.test('a socket that was renamed since a process made it gets no plan to remove it', onLinux, async (t) => {
  const root = project(t);
  const perhaps = ['warning sockets socket-in-use:qmp'];
  const rename = (before: string, after: string) =>
    renameSync(join(root, 'run', before), join(root, 'run', after));
  await listenAt(t, join(root, 'run/new.sock'));
  rename('new.sock', 'lab.sock');
  t.strictSame((await look(root, QMP)).findings('sockets'), perhaps, 'in its directory, as some do at once');
  await listenIn(t, join(root, 'run'), 'first.sock');
  // The kernel's clock for files stands still for some milliseconds.
  await new Promise((resolve) => setTimeout(resolve, 20));
  rename('first.sock', 'second.sock');
  const second = { 'qmp.socket': 'run/second.sock' };
  const { report, findings } = await look(root, second);
  t.strictSame(findings('sockets'), perhaps, 'by a relative name');
  t.match(
    findingOf(report, 'socket-in-use:qmp').description,
    /socket that may have been renamed, and a process/,
  );
  await listenIn(t, join(root, 'run'), 'third.sock');
  linkSync(join(root, 'run/third.sock'), join(root, 'run/fourth.sock'));
  t.strictSame((await look(root, { 'qmp.socket': 'run/fourth.sock' })).findings('sockets'), perhaps);
});

t.test('a link in the place of a socket is judged where it lies', onLinux, async (t) => {
  const root = project(t);
  symlinkSync('../nowhere/x.sock', join(root, 'run/lab.sock'));
  const dangling = await look(root, QMP);
  t.strictSame(dangling.findings('sockets'), ['warning sockets qmp-socket-is-link'], 'without a plan');
  t.strictSame(dangling.issues, ['warning socket-is-link qmp.socket']);
  symlinkSync('/', join(root, 'run/up.sock'));
  const up = await look(root, { 'qmp.socket': 'run/up.sock' });
  t.strictSame(up.issues, ['warning socket-is-link qmp.socket'], 'what it leads to is not touched');
  const log = await look(root, { 'serial.mode': 'file', 'serial.logfile': 'run/lab.sock' });
  t.strictSame(log.findings('sockets'), ['warning sockets serial-directory-missing +'], 'a log is followed');
  t.strictSame(linesOf(remedyOf(log.report, 'serial-directory-missing')), [`mkdir -p -- ${root}/nowhere`]);
});

t.test('a file by another name is the same file', onLinux, async (t) => {
  const root = project(t);
  linkSync(join(root, 'images/root.qcow2'), join(root, 'images/hard.qcow2'));
  linkSync(join(root, 'images/root.qcow2'), join(root, 'logs/serial.log'));
  symlinkSync('images', join(root, 'pictures'));
  const disk = (path: string) => ({ 'storage.disks.1': { name: 'b', path, format: 'qcow2' } });
  const shared = ['error image-shared-writable storage.disks[1].path'];
  t.strictSame((await look(root, disk('images/hard.qcow2'))).issues, shared);
  t.strictSame((await look(root, disk('pictures/root.qcow2'))).issues, shared);
  const log = { 'serial.mode': 'file', 'serial.logfile': 'logs/serial.log' };
  t.strictSame((await look(root, log)).issues, ['error path-conflict serial.logfile']);
  const socket = await look(root, { 'qmp.socket': 'pictures/root.qcow2' });
  t.strictSame(socket.issues, ['error path-conflict qmp.socket', 'error path-occupied qmp.socket']);
  // QEMU removes the name alone, and not what other names have.
  await leaveSocket(t, join(root, 'run'), 'a.sock');
  linkSync(join(root, 'run/a.sock'), join(root, 'run/b.sock'));
  const two = { 'qmp.socket': 'run/a.sock', 'serial.mode': 'socket', 'serial.device': 'run/b.sock' };
  t.strictSame((await look(root, two)).issues, []);
});

t.test('a file that is to be a directory too gets no plan to make it', onLinux, async (t) => {
  const root = project(t);
  const both = { 'qmp.socket': 'run/a', 'serial.mode': 'file', 'serial.logfile': 'run/a/x.log' };
  const { report, issues, findings } = await look(root, both);
  t.strictSame(issues, ['error path-conflict serial.logfile']);
  t.strictSame(findings('sockets'), ['info sockets qmp-socket-ready']);
  t.notMatch(JSON.stringify(report), 'mkdir');
  const below = await look(root, { 'qmp.socket': 'images/root.qcow2/x.sock' });
  t.strictSame(below.issues, ['error path-conflict qmp.socket']);
  t.strictSame(below.findings('sockets'), []);
  symlinkSync('a', join(root, 'run/b'));
  const linked = await look(root, { ...both, 'serial.logfile': 'run/b/x.log' });
  t.match(linked.issues, ['error path-conflict serial.logfile'], 'by its real path');
});

t.test('what this user may not open is a warning, and stays a question', onLinux, async (t) => {
  const root = project(t);
  mkdirSync(join(root, 'data'));
  writeFileSync(join(root, 'logs/serial.log'), '');
  const change = {
    kernel: { enabled: true, bzimage: 'boot/kernel', append: 'console=ttyS0' },
    'storage.disks.1': { name: 'data', path: 'data', format: 'host-path' },
    'serial.mode': 'file',
    'serial.logfile': 'logs/serial.log',
    'qmp.socket': 'run/lab.sock',
  };
  const isOfFile = (line: string) =>
    /^(?:boot|data|images|logs|run)\//.test(line) || line.startsWith('path:');
  const inUse = 'path:images/root.qcow2 Does no other process use it?';
  t.strictSame((await look(root, change)).unknowns.filter(isOfFile), [inUse]);
  for (const path of ['boot/kernel', 'data', 'images/root.qcow2', 'logs/serial.log', 'run'])
    chmodSync(join(root, path), path === 'images/root.qcow2' ? 0o400 : 0);
  const { issues, unknowns } = await look(root, change);
  for (const path of ['data', 'run']) chmodSync(join(root, path), 0o700);
  t.strictSame(
    issues,
    isRoot
      ? []
      : [
          'warning file-unwritable storage.disks[0].path',
          'warning file-unreadable storage.disks[1].path',
          'warning file-unwritable serial.logfile',
          'warning parent-directory-unwritable qmp.socket',
          'warning file-unreadable kernel.bzimage',
        ],
  );
  t.strictSame(
    unknowns.filter(isOfFile),
    isRoot
      ? [inUse]
      : [
          'path:boot/kernel May QEMU read it?',
          'path:data May QEMU read it?',
          'path:data May QEMU write to it?',
          inUse,
          'path:images/root.qcow2 May QEMU write to it?',
          'path:logs/serial.log Is its directory there, and may QEMU write to it?',
          'path:run/lab.sock Is its directory there, and may QEMU write to it?',
        ],
  );
});

t.test('a project that was renamed while its VM runs', onLinux, async (t) => {
  const root = project(t);
  renameSync(join(root, 'run'), join(root, 'old'));
  await listenAt(t, join(root, 'old/lab.sock'));
  t.strictSame((await look(root, { 'qmp.socket': 'old/lab.sock' })).findings('sockets'), [
    'error sockets socket-in-use:qmp',
  ]);
  renameSync(join(root, 'old'), join(root, 'run'));
  t.strictSame((await look(root, QMP)).findings('sockets'), ['warning sockets socket-in-use:qmp']);
  symlinkSync('run/lab.sock', join(root, 'link'));
  const { report } = await look(root, { 'qmp.socket': 'link' });
  t.match(findingOf(report, 'qmp-socket-is-link').description, /, which may be a socket that a process has;/);
  renameSync(join(root, 'run'), join(root, 'old'));
  symlinkSync('old/lab.sock', join(root, 'live'));
  const live = await look(root, { 'qmp.socket': 'live' });
  t.match(findingOf(live.report, 'qmp-socket-is-link').description, /and that process goes on with its own/);
});
