/** Where a path leads: forbidden places, inside and outside of the project root, and the root itself. */
import t from 'tap';
import { readHostFacts } from '../../src/facts/read_host_facts.ts';
import type { ImageNeed } from '../../src/needs/kinds/image.ts';
import { AT_DISK, DISK_PATH, LOG, share } from '../help/changes.ts';
import { changed } from '../help/documents.ts';
import { DARWIN_INTEL, FREEBSD, given, type Host, LINUX, probed, WINDOWS } from '../help/hosts.ts';
import { PATH_KEYS } from '../help/path_keys.ts';
import { issuesOf, outcomeOf, plannedOf } from '../help/plans.ts';
import { checkIssues } from '../help/rows.ts';

const FORBIDDEN = [
  '/proc',
  '/proc/1/mem',
  '/sys/kernel',
  '/dev/sda',
  '/dev',
  '//dev/fdset/1',
  '/./dev/sda',
  '/srv/../dev/sda',
  '/dev/../srv/lab/a',
  '../../dev/sda',
  'a/../../../etc/shadow',
  '/etc/shadow',
  '/etc//gshadow',
  '/etc/sudoers',
  '/etc/sudoers.d',
  '/etc/sudoers.d/x',
  '/home/u/.ssh/id_rsa',
  '.ssh',
  'a/.gnupg/b',
  'a/.aws/credentials',
  '.kube/config',
  'x/.docker/config.json',
  'x/.config/gcloud/y',
  '.ssh/../a',
];
const NOT_FORBIDDEN = [
  'proc/1',
  'dev/sda',
  'etc/shadow',
  'a/proc',
  'a.ssh/b',
  '.sshd/b',
  '.SSH/b',
  'ssh/b',
  '.config/a',
  '.config/x/gcloud',
  'gcloud',
  '.docker.img',
];

t.test('forbidden places', (t) => {
  for (const [field, change] of PATH_KEYS) {
    for (const path of FORBIDDEN) {
      checkIssues(t, changed(change(path)), [`error forbidden-path ${field}`], `${field} = ${path}`);
    }
    for (const path of NOT_FORBIDDEN)
      checkIssues(t, changed(change(path)), [], `${field} = ${path} is allowed`);
  }
  for (const path of [
    '/etc/passwd',
    '/etc/shadow-',
    '/etc/sudoers2',
    '/process/x',
    '/device',
    '/system/a',
    '/PROC/1',
  ]) {
    checkIssues(
      t,
      changed({ [DISK_PATH]: path }),
      [`warning outside-project-root ${AT_DISK}`],
      `${path} is allowed`,
    );
  }
  t.end();
});

t.test('forbidden places in a disabled section', (t) => {
  for (const [change, field] of [
    [{ serial: { enabled: false, device: '/dev/ttyS0' } }, 'serial.device'],
    [{ serial: { enabled: false, logfile: '/proc/1/fd/1' } }, 'serial.logfile'],
    [{ qmp: { enabled: false, socket: '/sys/x' } }, 'qmp.socket'],
    [{ kernel: { enabled: false, bzimage: '~/x/bzImage', initrd: '/dev/x' } }, 'kernel.bzimage'],
  ] as const) {
    t.ok(
      issuesOf(outcomeOf(changed(change))).some(
        (issue) => issue.field === field && issue.severity === 'error',
      ),
      field,
    );
  }
  checkIssues(
    t,
    changed({
      kernel: { enabled: false, bzimage: '/boot/', initrd: '/boot/a,b' },
      qmp: { enabled: false, socket: `/${'x'.repeat(200)}` },
    }),
    [],
    'where they would lead does not matter',
    given(LINUX, true),
  );
  t.end();
});

t.test('a share of a directory that holds a forbidden place', (t) => {
  for (const path of ['/', '/etc', '/etc/', '/./etc', '../..', '../../etc']) {
    checkIssues(t, changed(share(path)), ['error forbidden-path storage.disks[1].path'], path);
  }
  for (const path of ['/etc/ssl', '/srv', '..', '/home', '/usr/etc']) {
    checkIssues(t, changed(share(path)), ['warning outside-project-root storage.disks[1].path'], path);
  }
  for (const path of ['.config', 'home/.config/', 'x/../.config']) {
    checkIssues(t, changed(share(path)), ['error forbidden-path storage.disks[1].path'], path);
  }
  for (const path of ['.', 'config', '.config/other', '.configuration'])
    checkIssues(t, changed(share(path)), [], path);
  t.end();
});

t.test('forbidden places by the rules of each system', (t) => {
  const on = (facts: Host['facts'], path: string, ...issues: string[]) =>
    checkIssues(t, changed({ ...LOG, [DISK_PATH]: path }), issues, `${path} on ${facts.os}`, given(facts));
  const forbidden = `error forbidden-path ${AT_DISK}`;
  const outside = `warning outside-project-root ${AT_DISK}`;
  for (const path of [
    '/DEV/disk0',
    '/Proc/x',
    'a/.SSH/b',
    '.Config/GCloud/x',
    '/private/etc/sudoers',
    '/dev/x',
  ]) {
    on(DARWIN_INTEL, path, forbidden);
  }
  on(DARWIN_INTEL, '/private/var/x', outside);
  on(DARWIN_INTEL, '/private/etc/hosts', outside);
  for (const path of [
    '\\\\.\\PhysicalDrive0',
    '\\\\?\\C:\\a',
    '//./pipe/x',
    '//?/C:/a',
    '\\??\\C:\\a',
    'a\\.SSH\\b',
    '.ssh/b',
    '/dev/x',
    '\\Etc\\Shadow',
  ]) {
    on(WINDOWS, path, forbidden);
  }
  on(WINDOWS, 'a\\.config\\b');
  on(WINDOWS, 'D:\\images\\a', outside);
  on(WINDOWS, '\\\\server\\share\\a', outside);
  for (const path of ['/dev/x', '.ssh/b']) on(FREEBSD, path, forbidden);
  on(FREEBSD, '.SSH/b');
  t.end();
});

const WRITTEN = new Set(['serial.device', 'serial.logfile', 'qmp.socket']);

t.test('outside the project root', (t) => {
  for (const [field, change] of PATH_KEYS) {
    for (const path of ['../a', 'b/../../a', '/var/lib/a', '/srv/lab2/a', '/srv/lab/../x']) {
      const isWritten = WRITTEN.has(field);
      const about = `${field} = ${path}`;
      checkIssues(
        t,
        changed(change(path)),
        [`${isWritten ? 'error' : 'warning'} outside-project-root ${field}`],
        about,
      );
      checkIssues(
        t,
        changed(change(path)),
        [`error outside-project-root ${field}`],
        `strict: ${about}`,
        given(LINUX, true),
      );
    }
    for (const path of ['../lab/a', 'b/../a', '/srv/lab/a', '//srv/lab/./a', '...', '..a']) {
      checkIssues(t, changed(change(path)), [], `${field} = ${path} is inside`, given(LINUX, true));
    }
  }
  t.end();
});

t.test('a QMP socket may lie under /tmp', (t) => {
  const of = (path: string, severity: string) =>
    checkIssues(t, changed({ 'qmp.socket': path }), [`${severity} outside-project-root qmp.socket`], path);
  of('/tmp/a.sock', 'warning');
  of('/tmp/b/a.sock', 'warning');
  of('../../tmp/a.sock', 'warning');
  of('/tmpx/a.sock', 'error');
  of('/tmp/../var/a.sock', 'error');
  of('/var/tmp/a.sock', 'error');
  of('/tmp', 'error');
  checkIssues(
    t,
    changed({ 'serial.mode': 'socket', 'serial.device': '/tmp/a.sock' }),
    ['error outside-project-root serial.device'],
    'a serial socket may not',
  );
  checkIssues(
    t,
    changed({ 'qmp.socket': '/tmp/lab/a.sock' }),
    [],
    'the root is in /tmp',
    given({ ...LINUX, project_root: '/tmp/lab' }),
  );
  checkIssues(
    t,
    changed({ ...LOG, 'qmp.socket': '/tmp/a.sock' }),
    ['error outside-project-root qmp.socket'],
    'windows has no /tmp',
    given(WINDOWS),
  );
  t.end();
});

t.test('inside and outside by the rules of each system', (t) => {
  const pathsOn = (facts: Host['facts'], path: string) => {
    const planned = plannedOf(changed({ ...LOG, [DISK_PATH]: path }), given(facts));
    const image = planned.needs.find(({ kind }) => kind === 'image') as ImageNeed;
    return [image.path, image.isInsideRoot];
  };
  for (const [path, ...expected] of [
    ['a/b\\c', 'C:\\lab\\a\\b\\c', true],
    ['..\\x\\a', 'C:\\x\\a', false],
    ['c:\\LAB\\a', 'c:\\LAB\\a', true],
    ['C:/lab/./b/../a', 'C:\\lab\\a', true],
    ['\\lab\\a', 'C:\\lab\\a', true],
    ['/other/a', 'C:\\other\\a', false],
    ['D:\\lab\\a', 'D:\\lab\\a', false],
    ['\\\\server\\share\\a', '\\\\server\\share\\a', false],
    ['C:\\labx\\a', 'C:\\labx\\a', false],
    ['C:\\..\\a', 'C:\\a', false],
  ] as const) {
    t.strictSame(pathsOn(WINDOWS, path), expected, path);
  }
  const unc = { ...WINDOWS, project_root: '\\\\server\\share\\lab' };
  t.strictSame(pathsOn(unc, 'a'), ['\\\\server\\share\\lab\\a', true]);
  t.strictSame(pathsOn(unc, '\\a'), ['\\\\server\\share\\a', false]);
  t.strictSame(pathsOn({ ...WINDOWS, project_root: 'C:\\' }, 'a'), ['C:\\a', true], 'a drive as root');
  t.strictSame(pathsOn({ ...LINUX, project_root: '/' }, 'a'), ['/a', true], 'everything is inside /');
  t.strictSame(pathsOn(LINUX, 'C:\\a'), ['/srv/lab/C:\\a', true], 'a drive is a name elsewhere');
  checkIssues(
    t,
    changed({ ...LOG, [DISK_PATH]: 'C:a' }),
    [`error drive-relative-path ${AT_DISK}`],
    'relative to a directory that nobody knows',
    given(WINDOWS),
  );
  t.end();
});

t.test('a strict policy on a probed host', (t) => {
  checkIssues(
    t,
    changed({ [DISK_PATH]: '/var/x' }),
    [`error outside-project-root ${AT_DISK}`],
    'strict',
    probed(LINUX, { strictPaths: true }),
  );
  t.end();
});

t.test('host facts', (t) => {
  const facts = (change: object) =>
    readHostFacts({ os: 'linux', arch: 'x86_64', project_root: '/srv/lab', ...change });
  const good = (change: object, expected: object) =>
    t.match(facts(change), { facts: expected }, JSON.stringify(change));
  const bad = (change: object, problem: RegExp) =>
    t.match(facts(change), { mistakes: [{ message: problem }] }, JSON.stringify(change));
  good({}, { accelerators: [], arch: 'x86_64', os: 'linux', project_root: '/srv/lab' });
  good({ accelerators: ['kvm', 'kvm'] }, { accelerators: ['kvm'] });
  good({ project_root: '/srv//x/../lab/' }, { project_root: '/srv/lab' });
  good({ project_root: '/' }, { project_root: '/' });
  good({ project_root: '/srv/~x y,=' }, { project_root: '/srv/~x y,=' });
  good({ os: 'windows', project_root: 'C:/Lab/' }, { project_root: 'C:\\Lab' });
  good({ os: 'windows', project_root: '\\\\server\\share\\lab' }, { project_root: '\\\\server\\share\\lab' });
  good({ os: 'windows', project_root: 'C:\\' }, { project_root: 'C:\\' });
  good({ os: 'darwin', accelerators: ['hvf'] }, { accelerators: ['hvf'] });
  good({ os: 'freebsd', arch: 'riscv64' }, { arch: 'riscv64' });
  bad({ os: 'plan9' }, /host\.os must be one of .*"linux"/);
  bad({ arch: 'arm64' }, /host\.arch must be one of/);
  bad({ accelerators: ['xen'] }, /host\.accelerators\[0\]/);
  bad({ accelerators: 'kvm' }, /host\.accelerators/);
  bad({ accelerators: ['hvf'] }, /hvf.*linux/);
  bad({ os: 'darwin', accelerators: ['kvm'] }, /kvm.*darwin/);
  bad({ os: 'windows', project_root: 'C:\\', accelerators: ['hvf'] }, /hvf.*windows/);
  bad({ os: 'freebsd', accelerators: ['kvm'] }, /kvm.*freebsd/);
  bad({ os: undefined }, /host/);
  bad({ project_root: undefined }, /host/);
  bad({ project_root: '' }, /project_root/);
  bad({ project_root: 'lab' }, /absolute/);
  bad({ project_root: './lab' }, /absolute/);
  bad({ project_root: '~/lab' }, /absolute/);
  bad({ project_root: 'C:\\lab' }, /absolute/);
  bad({ os: 'windows', project_root: '/lab' }, /absolute/);
  bad({ os: 'windows', project_root: 'C:lab' }, /absolute/);
  bad({ project_root: '/srv/$x' }, /shell/);
  bad({ project_root: '/srv/`x`' }, /shell/);
  bad({ project_root: '/srv/a\nb' }, /U\+000A/);
  bad({ project_root: '/srv/\u202e' }, /U\+202E/);
  bad({ project_root: '/dev' }, /\/dev/);
  bad({ project_root: '/srv/../proc/1' }, /\/proc/);
  bad({ project_root: '/home/u/.ssh' }, /\.ssh/);
  bad({ os: 'darwin', project_root: '/Users/u/.SSH' }, /\.ssh/i);
  bad({ os: 'windows', project_root: '\\\\?\\C:\\lab' }, /place/);
  for (const root of ['C:\\nul', 'C:\\lab\\aux.d', '\\\\server\\share\\com1'])
    bad({ os: 'windows', project_root: root }, /leads to the device (?:NUL|AUX|COM1), a place/);
  bad({ os: 'windows', project_root: 'C:\\a*' }, /holds \*, which no file name has on windows/);
  bad({ os: 'windows', project_root: 'C:\\a:b' }, /holds a colon/);
  good({ project_root: '/srv/nul/a:b*' }, { project_root: '/srv/nul/a:b*' });
  bad({ project_root: `/${'x'.repeat(256)}` }, /\b256\b.*\b255\b/);
  bad({ project_root: `/${'x/'.repeat(2100)}` }, /\b4095\b/);
  bad({ project_root: '/srv/password=abc' }, /secret/);
  bad({ colour: 'blue' }, /host/);
  t.notMatch(JSON.stringify(facts({ 'password=abc': 1 })), 'password', 'a name is not repeated');
  t.match(readHostFacts(null), { mistakes: [{ message: /host/ }] });
  t.match(readHostFacts('linux'), { mistakes: [{ message: /host/ }] });
  t.end();
});
