/** Facts in, findings out: each table says which findings a host or a profile gets besides those of a host in order. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import canonicalize from 'canonicalize';
import t, { type Test } from 'tap';
import type { HostSurvey, Listener } from '../src/context/host_survey.ts';
import { CATEGORIES, type DoctorReport, diagnose, inCategories } from '../src/doctor/diagnose.ts';
import { type Finding, finding, SEVERITIES } from '../src/doctor/finding.ts';
import type { CommandPlan } from '../src/planning/command_plan.ts';
import { readProfile } from '../src/profile/read_profile.ts';
import { ABSENT, type Change, changed } from './help/documents.ts';
import { DARWIN, FREEBSD, LINUX, LINUX_WITHOUT_KVM, WINDOWS } from './help/hosts.ts';
import { outcomeOf } from './help/plans.ts';
import {
  directoryAt,
  findingLine,
  findingOf,
  type Look,
  MISSING,
  reportOn,
  type Seen,
  surveyOf,
} from './help/surveys.ts';

/** Of a host on which nothing is wrong, without a profile. */
const IN_ORDER = [
  'info acceleration kvm-ready',
  'info logs log-directory-ready',
  'info profiles profiles-found:profiles',
  'info project project-root-ready',
  'info qemu qemu-found:aarch64',
  'info qemu qemu-found:ppc64le',
  'info qemu qemu-found:riscv64',
  'info qemu qemu-found:x86_64',
  'info qemu qemu-img-found',
];
/** Of the base profile on that host. */
const PROFILE_IN_ORDER = ['info qemu profile-binary-found', 'info storage disk-found:root'];

/** Every report of these tests; what must hold of any is checked at the end. */
const reports: DoctorReport[] = [];

function seen(report: DoctorReport): DoctorReport {
  reports.push(report);
  return report;
}

type HostRow = readonly [about: string, changes: Partial<HostSurvey>, ...findings: string[]];

/** The lines of a report without those that are there anyway, sorted. */
function news({ findings }: DoctorReport, usual: readonly string[]): string[] {
  return findings
    .map(findingLine)
    .filter((line) => !usual.includes(line))
    .sort();
}

function checkHosts(t: Test, rows: readonly HostRow[]): void {
  for (const [about, changes, ...expected] of rows) {
    t.strictSame(news(seen(diagnose(surveyOf(changes), null)), IN_ORDER), expected.sort(), about);
  }
  t.end();
}

type ProfileRow = readonly [about: string, change: Change, look: Look, ...findings: string[]];

function checkProfiles(t: Test, rows: readonly ProfileRow[]): void {
  for (const [about, change, look, ...expected] of rows) {
    const lines = news(seen(reportOn(change, look)), [...IN_ORDER, ...PROFILE_IN_ORDER]);
    t.strictSame(lines, expected.sort(), about);
  }
  t.end();
}

t.test('a host in order', (t) => {
  const report = seen(diagnose(surveyOf(), null));
  t.strictSame(report.findings.map(findingLine), IN_ORDER);
  t.equal(report.status, 'ok');
  t.strictSame(report.summary, { critical: 0, error: 0, info: 9, warning: 0 });
  t.equal(report.host, LINUX);
  t.strictSame(
    seen(reportOn({})).findings.map(findingLine).sort(),
    [...IN_ORDER, ...PROFILE_IN_ORDER].sort(),
    'and a profile in order',
  );
  t.end();
});

const NO_BINARIES = { x86_64: null, aarch64: null, riscv64: null, ppc64le: null };

t.test('binaries', (t) => {
  const missing = (remedy: string) => [
    `warning qemu qemu-missing:x86_64${remedy}`,
    `info qemu qemu-img-missing${remedy}`,
    `info qemu qemu-missing:aarch64${remedy}`,
    `info qemu qemu-missing:ppc64le${remedy}`,
    `info qemu qemu-missing:riscv64${remedy}`,
  ];
  const nothing = { binaries: NO_BINARIES, imageTool: null };
  checkHosts(t, [
    ['only the own one is a warning', nothing, ...missing(' +')],
    [
      'a relative of Debian',
      { ...nothing, distribution: ['linuxmint', 'ubuntu', 'debian'] },
      ...missing(' +'),
    ],
    ['Fedora', { ...nothing, distribution: ['fedora'] }, ...missing(' +')],
    ['Alpine', { ...nothing, distribution: ['alpine'] }, ...missing(' +')],
    [
      'a relative of Fedora without these packages',
      { ...nothing, distribution: ['rocky', 'rhel', 'fedora'] },
      ...missing(''),
    ],
    ['an unknown distribution', { ...nothing, distribution: ['slackware'] }, ...missing('')],
    ['no distribution', { ...nothing, distribution: [] }, ...missing('')],
  ]);
});

t.test('how QEMU is installed', (t) => {
  const rows: [about: string, changes: Partial<HostSurvey>, ...commands: string[]][] = [
    ['debian', {}, '! apt-get update', '! apt-get install -y qemu-system-arm'],
    ['fedora', { distribution: ['fedora'] }, '! dnf install -y qemu-system-aarch64'],
    ['alpine', { distribution: ['alpine'] }, '! apk add --update-cache qemu-system-aarch64'],
    ['darwin', { facts: DARWIN }, 'brew install qemu'],
    ['freebsd', { facts: FREEBSD }, '! pkg install -y qemu'],
    ['windows', { facts: WINDOWS }, '! winget install --exact --id SoftwareFreedomConservancy.QEMU'],
  ];
  for (const [about, changes, ...commands] of rows) {
    const report = seen(diagnose(surveyOf({ binaries: NO_BINARIES, ...changes }), null));
    t.strictSame(linesOf(remedyOf(report, 'qemu-missing:aarch64')), commands, about);
  }
  const report = seen(diagnose(surveyOf({ imageTool: null }), null));
  t.strictSame(linesOf(remedyOf(report, 'qemu-img-missing')), [
    '! apt-get update',
    '! apt-get install -y qemu-utils',
  ]);
  t.end();
});

/** The steps of a plan as they are shown, with `!` before one that needs privilege and `~` before a destructive one. */
function linesOf({ commands }: CommandPlan): string[] {
  return commands.map(
    ({ display, requires_privilege, destructive }) =>
      `${requires_privilege ? '! ' : ''}${destructive ? '~ ' : ''}${display}`,
  );
}

function remedyOf(report: DoctorReport, id: string): CommandPlan {
  const { remediation } = findingOf(report, id);
  if (remediation === null) throw new Error(`${id} has no remedy`);
  return remediation;
}

t.test('acceleration', (t) => {
  const kvm = (changes: Partial<NonNullable<HostSurvey['kvm']>>) => ({
    facts: LINUX_WITHOUT_KVM,
    kvm: { device: '/dev/kvm', state: 'no-permission', group: 'kvm', ...changes } as const,
  });
  checkHosts(t, [
    ['missing', kvm({ state: 'missing', group: null }), 'warning acceleration kvm-missing'],
    ['no permission', kvm({}), 'warning acceleration kvm-no-permission +'],
    [
      'no permission, on Alpine',
      { ...kvm({}), distribution: ['alpine'] },
      'warning acceleration kvm-no-permission +',
    ],
    ['another group', kvm({ group: 'wheel' }), 'warning acceleration kvm-no-permission'],
    ['no group', kvm({ group: null }), 'warning acceleration kvm-no-permission'],
    ['root needs no group', { ...kvm({}), user: 'root' }, 'warning acceleration kvm-no-permission'],
    ['a user without a name', { ...kvm({}), user: null }, 'warning acceleration kvm-no-permission'],
    [
      'a name that is no plain word',
      { ...kvm({}), user: '-G root' },
      'warning acceleration kvm-no-permission',
    ],
    ['darwin', { facts: DARWIN }, 'info acceleration hvf-assumed'],
    ['windows', { facts: WINDOWS }, 'info acceleration whpx-assumed'],
    ['freebsd', { facts: FREEBSD }, 'info acceleration no-accelerator'],
  ]);
});

t.test('the plan to join the kvm group', (t) => {
  const kvm = { device: '/dev/kvm', state: 'no-permission', group: 'kvm' } as const;
  const plan = remedyOf(
    seen(diagnose(surveyOf({ facts: LINUX_WITHOUT_KVM, kvm }), null)),
    'kvm-no-permission',
  );
  t.strictSame(linesOf(plan), ['! usermod -a -G kvm dev']);
  t.match(plan, {
    affected_resources: ['device:/dev/kvm', 'path:/etc/group'],
    category: 'vm',
    confirmation_required: true,
    dry_run: true,
    metadata: { finding_id: 'kvm-no-permission', host: LINUX_WITHOUT_KVM, profile_name: null },
    requires_privilege: true,
    requires_relogin: true,
    risk: 'medium',
    rollback: [],
    source: 'doctor',
    status: 'validated',
  });
  const alpine = surveyOf({ facts: LINUX_WITHOUT_KVM, kvm, distribution: ['alpine'] });
  t.strictSame(linesOf(remedyOf(seen(diagnose(alpine, null)), 'kvm-no-permission')), ['! addgroup dev kvm']);
  t.end();
});

t.test('the project root', (t) => {
  const root = (changes: object) => ({ projectRoot: directoryAt('/srv/lab', changes) });
  checkHosts(t, [
    ['missing', root(MISSING), 'error project project-root-missing +'],
    [
      'missing, and not to be made by this user',
      root({ ...MISSING, canBeMade: false }),
      'error project project-root-missing',
    ],
    [
      'missing on windows',
      { facts: WINDOWS, ...root(MISSING) },
      'error project project-root-missing',
      'info acceleration whpx-assumed',
    ],
    ['unwritable', root({ state: 'unwritable' }), 'warning project project-root-unwritable'],
    ['a file', root({ state: 'not-a-directory' }), 'error project project-root-not-usable'],
    ['a loop', root({ state: 'loop' }), 'error project project-root-not-usable'],
    ['unreadable', root({ state: 'unreadable' }), 'error project project-root-not-usable'],
  ]);
});

t.test('the plan to make a directory', (t) => {
  const projectRoot = directoryAt('/srv/lab', { ...MISSING, realPath: "/data/it's here" });
  const plan = remedyOf(seen(diagnose(surveyOf({ projectRoot }), null)), 'project-root-missing');
  t.strictSame(plan.commands, [
    {
      argv: ['mkdir', '-p', '--', "/data/it's here"],
      cwd: '/',
      destructive: false,
      display: "mkdir -p -- '/data/it'\\''s here'",
      env: {},
      expected_exit_codes: [0],
      idempotent: true,
      metadata: {},
      redacted: false,
      requires_privilege: false,
      step_id: 'make-directory',
      timeout_seconds: null,
      title: 'Make "/data/it\'s here"',
    },
  ]);
  t.match(plan, { risk: 'low', confirmation_required: false, requires_relogin: false });
  t.strictSame(plan.affected_resources, ["path:/data/it's here"]);
  const unwritable = directoryAt('/srv/lab', { state: 'unwritable' });
  const report = seen(diagnose(surveyOf({ projectRoot: unwritable, imageTool: null }), null));
  t.equal(remedyOf(report, 'qemu-img-missing').commands[0]?.cwd, '/srv/lab', 'steps run in the project root');
  t.end();
});

t.test('profile directories', (t) => {
  const listed = (changes: object, directory: object = {}) => ({
    profileDirectories: [
      {
        scope: 'mine',
        directory: directoryAt('/srv/mine', directory),
        profiles: 1,
        problems: [],
        ...changes,
      },
    ],
  });
  const problem = (reason: string) => ({ problems: [{ file: null, reason }] });
  checkHosts(t, [
    [
      'missing',
      listed(problem('cannot be listed (ENOENT)'), MISSING),
      'warning profiles profile-directory-missing:mine +',
    ],
    [
      'a file',
      listed(problem('cannot be listed (ENOTDIR)'), { state: 'not-a-directory' }),
      'warning profiles profile-directory-unreadable:mine',
    ],
    [
      'a loop',
      listed(problem('cannot be listed (ELOOP)'), { state: 'loop' }),
      'warning profiles profile-directory-unreadable:mine',
    ],
    [
      'not to be listed',
      listed(problem('cannot be listed (EACCES)'), { state: 'unwritable' }),
      'warning profiles profile-directory-unreadable:mine',
    ],
    ['only to be read', listed({}, { state: 'unwritable' }), 'info profiles profiles-found:mine'],
    [
      'files that are none',
      listed({ problems: [{ file: 'a.toml', reason: 'is no regular file' }] }),
      'warning profiles profile-file-unusable:mine/a.toml',
      'info profiles profiles-found:mine',
    ],
    [
      'conflicts',
      { profileConflicts: [{ name: 'web', scope: 'profiles', hidden: ['more', 'most'] }] },
      'warning profiles profile-conflict:web',
    ],
    ['none', { profileDirectories: [] }],
  ]);
});

t.test('findings of one kind have ids of their own', (t) => {
  const secret = 'AKIAABCDEFGHIJKLMNOP';
  const profileConflicts = [`${secret}A`, `${secret}B`, 'line\nfeed'].map((name) => ({
    name,
    scope: secret,
    hidden: ['b'],
  }));
  const report = seen(diagnose(surveyOf({ profileConflicts }), null));
  t.strictSame(news(report, IN_ORDER), [
    'warning profiles profile-conflict:***REDACTED***[0]',
    'warning profiles profile-conflict:***REDACTED***[1]',
    'warning profiles profile-conflict:line<U+000A>feed',
  ]);
  t.notMatch(JSON.stringify(report), secret);
  const doubled = { 'storage.disks.1': { name: 'root', path: 'b.raw', format: 'raw' } };
  t.strictSame(
    seen(reportOn(doubled))
      .findings.map(({ finding_id }) => finding_id)
      .filter((id) => id.startsWith('disk-')),
    ['disk-found:root[0]', 'disk-found:root[1]'],
  );
  t.end();
});

t.test('logs', (t) => {
  const logs = (directory: object, failure: string | null = null) => ({
    logs: {
      directory: directoryAt('/opt/planner/logs/vmlab', directory),
      realRoot: '/opt/planner/logs',
      failure,
    },
  });
  checkHosts(t, [
    ['outside by a link', logs({ realPath: '/var/log' }), 'error logs log-directory-outside'],
    [
      'outside, and missing there',
      logs({ ...MISSING, realPath: '/var/log' }),
      'error logs log-directory-outside',
    ],
    [
      'a neighbour with the same beginning',
      logs({ realPath: '/opt/planner/logs-evil' }),
      'error logs log-directory-outside',
    ],
    ['missing', logs(MISSING), 'warning logs log-directory-missing +'],
    ['unwritable', logs({ state: 'unwritable' }), 'warning logs log-directory-unwritable'],
    ['a file', logs({ state: 'not-a-directory' }), 'warning logs log-directory-unwritable'],
    ['failing', logs({}, 'ENOSPC'), 'warning logs log-writing-fails'],
    [
      'failing in a missing directory',
      logs(MISSING, 'ENOENT'),
      'warning logs log-directory-missing +',
      'warning logs log-writing-fails',
    ],
  ]);
});

t.test('validation issues become findings', (t) => {
  const report = seen(reportOn({ 'hardware.cores': 0, colour: 'red', 'serial.enabled': false }, {}));
  t.strictSame(news(report, [...IN_ORDER, ...PROFILE_IN_ORDER]), [
    'error profile profile-out-of-range:hardware.cores',
    'info profile profile-no-console:serial.enabled',
    'warning profile profile-unknown-field:colour',
  ]);
  t.match(findingOf(report, 'profile-out-of-range:hardware.cores'), {
    title: 'out-of-range at hardware.cores',
    description: /^hardware\.cores is 0; it must be between 1 and 256\. Write /,
    metadata: {
      code: 'out-of-range',
      field: 'hardware.cores',
      pointer: '/hardware/cores',
      profile_name: 'lab',
    },
    remediation: null,
  });
  t.equal(report.status, 'blocked');
  const survey = surveyOf();
  const draft = readProfile(null).draft;
  const noTable = seen(diagnose(survey, { name: 'x', outcome: outcomeOf(null), draft }));
  t.strictSame(
    news(noTable, IN_ORDER).filter((line) => !line.includes(':')),
    ['error profile profile-wrong-type'],
    'of the profile as a whole, without a look at its files',
  );
  t.equal(findingOf(noTable, 'profile-wrong-type').title, 'wrong-type');
  t.end();
});

t.test("the profile's binary", (t) => {
  const FREE = { binary: null };
  checkProfiles(t, [
    ['missing', {}, FREE, 'error qemu profile-binary-missing +'],
    ['missing by another name', { 'vm.qemu_binary': 'qemu-kvm' }, FREE, 'error qemu profile-binary-missing'],
    [
      'missing by a path',
      { 'vm.qemu_binary': '/opt/qemu-system-x86_64' },
      FREE,
      'error qemu profile-binary-missing',
    ],
    [
      'by a name, for an unknown architecture',
      { 'vm.qemu_binary': 'qemu-kvm', 'hardware.arch': ABSENT },
      FREE,
      'error profile profile-missing-field:hardware.arch',
      'error qemu profile-binary-missing',
    ],
    [
      'for an unknown architecture',
      { 'hardware.arch': ABSENT },
      FREE,
      'error profile profile-missing-field:hardware.arch',
    ],
    ['refused', { 'vm.qemu_binary': 'sh' }, FREE, 'error profile profile-invalid-qemu-binary:vm.qemu_binary'],
  ]);
});

const DISK = 'images/root.qcow2';
const at = (kind: NonNullable<Seen['sight']>['kind']): Seen => ({
  sight: { kind } as NonNullable<Seen['sight']>,
});
const diskIs = (disk: Seen): Look => ({ files: { [DISK]: disk } });
const SIZED = { 'storage.disks.0.size_gb': 8 };
const GIB = 1024 ** 3;

t.test('disks', (t) => {
  const unmade = { directory: directoryAt('/srv/lab/images', { ...MISSING, canBeMade: false }) };
  checkProfiles(t, [
    ['missing', {}, diskIs(at('missing')), 'error storage disk-missing:root'],
    ['to be created', SIZED, diskIs(at('missing')), 'warning storage disk-missing:root +'],
    [
      'to be created with its directory',
      SIZED,
      diskIs({ ...at('missing'), directory: directoryAt('/srv/lab/images', MISSING) }),
      'warning storage disk-missing:root +',
    ],
    [
      'to be created where this user cannot',
      SIZED,
      diskIs({ ...at('missing'), ...unmade }),
      'warning storage disk-missing:root',
    ],
    ['a directory', {}, diskIs(at('directory')), 'error storage disk-not-a-file:root'],
    ['a pipe', {}, diskIs(at('other')), 'error storage disk-not-a-file:root'],
    ['without permission', {}, diskIs({ sight: { header: null } }), 'warning storage disk-unreadable:root'],
    ['another format', {}, diskIs({ sight: { header: 'vdi' } }), 'error storage disk-format-mismatch:root'],
    ['no format', {}, diskIs({ sight: { header: 'unknown' } }), 'error storage disk-format-mismatch:root'],
    [
      'a container under raw',
      { 'storage.disks.0.format': 'raw' },
      {},
      'error storage disk-format-mismatch:root',
    ],
    ['unwritable', {}, diskIs({ isWritable: false }), 'warning storage disk-unwritable:root'],
    ['unwritable and read-only', { 'storage.disks.0.readonly': true }, diskIs({ isWritable: false })],
    ['a loop', {}, diskIs(at('loop')), 'error profile profile-symlink-loop:storage.disks[0].path'],
    ['not looked at', {}, { unseen: [DISK] }],
    [
      'without a name',
      { 'storage.disks.0.name': ABSENT },
      {},
      'error profile profile-missing-field:storage.disks[0].name',
      'info storage disk-found:[0]',
    ],
    [
      'refused places get no plan',
      { ...SIZED, 'storage.disks.0.path': '/etc/shadow' },
      { files: { '/etc/shadow': at('missing') } },
      'error profile profile-forbidden-path:storage.disks[0].path',
    ],
    [
      'outside the root by policy',
      { ...SIZED, 'storage.disks.0.path': '/srv/other.qcow2' },
      { files: { '/srv/other.qcow2': at('missing') }, strictPaths: true },
      'error profile profile-outside-project-root:storage.disks[0].path',
    ],
    ['without disks', { storage: 1 }, {}, 'error profile profile-wrong-type:storage'],
  ]);
});

t.test('the plan to create a disk', (t) => {
  const directory = directoryAt('/srv/lab/images', MISSING);
  const report = seen(reportOn(SIZED, diskIs({ ...at('missing'), directory })));
  const plan = remedyOf(report, 'disk-missing:root');
  t.strictSame(linesOf(plan), [
    'mkdir -p -- /srv/lab/images',
    "test '!' -e /srv/lab/images/root.qcow2",
    'qemu-img create -f qcow2 -- /srv/lab/images/root.qcow2 8G',
  ]);
  t.strictSame(plan.affected_resources, ['path:/srv/lab/images', 'path:/srv/lab/images/root.qcow2']);
  t.match(plan, { risk: 'low', metadata: { finding_id: 'disk-missing:root', profile_name: 'lab' } });
  t.strictSame(findingOf(report, 'disk-missing:root').metadata, {
    format: 'qcow2',
    path: '/srv/lab/images/root.qcow2',
    profile_name: 'lab',
    size_gb: 8,
  });
  const windows = seen(
    reportOn({ ...SIZED, 'serial.mode': 'none' }, { facts: WINDOWS, ...diskIs(at('missing')) }),
  );
  t.strictSame(
    linesOf(remedyOf(windows, 'disk-missing:root')),
    ["~ qemu-img create -f qcow2 -- 'C:\\lab\\images\\root.qcow2' 8G"],
    'without a guard it may replace a file',
  );
  t.end();
});

t.test('a profile with more errors than are listed gets no plan for its paths', (t) => {
  const disks = Array.from({ length: 120 }, (_, index) => ({
    name: `d${index}`,
    path: `d${index}.raw`,
    format: 'raw',
    size_gb: 0,
  }));
  const look = { files: { 'd0.raw': at('missing') } };
  const report = seen(
    reportOn({ 'storage.disks': [...disks, { name: 'e', path: '/etc/shadow', format: 'raw' }] }, look),
  );
  t.equal(report.findings.filter(({ finding_id }) => finding_id.startsWith('disk-')).length, 0);
  t.ok(findingOf(report, 'profile-more-issues'));
  t.end();
});

t.test('room for planned disks', (t) => {
  const disks = {
    'storage.disks': ['a', 'b', 'c'].map((name) => ({
      name,
      path: `${name}.raw`,
      format: 'raw',
      size_gb: 6,
    })),
  };
  const room = (device: string, gb: number): Seen => ({
    ...at('missing'),
    space: { device, freeBytes: gb * GIB },
  });
  const files = { 'a.raw': room('1', 11.5), 'b.raw': room('1', 11.5), 'c.raw': room('2', 6) };
  const report = seen(reportOn(disks, { files }));
  t.strictSame(
    report.findings.map(findingLine).filter((line) => line.includes('space-')),
    ['warning storage space-short:a', 'warning storage space-short:b', 'info storage space-enough:c'],
    'disks on one file system share its room',
  );
  t.strictSame(findingOf(report, 'space-short:a').metadata, { free_gb: 11, needed_gb: 12, path: '/srv/lab' });
  const present = seen(reportOn(disks, { files: { 'a.raw': { space: { device: '1', freeBytes: 0 } } } }));
  t.notMatch(JSON.stringify(present), 'space-', 'what is there needs no room');
  t.end();
});

t.test('shares', (t) => {
  const share = { 'storage.disks.1': { name: 'home', path: 'home', format: 'host-path' } };
  const is = (seen: Seen): Look => ({ files: { home: seen } });
  checkProfiles(t, [
    ['there', share, {}, 'info storage share-found:home'],
    ['missing', share, is(at('missing')), 'error storage share-missing:home +'],
    [
      'missing with its parent',
      share,
      is({ ...at('missing'), directory: directoryAt('/srv/lab', MISSING) }),
      'error storage share-missing:home +',
    ],
    [
      'missing where this user cannot make it',
      share,
      is({ ...at('missing'), directory: directoryAt('/srv/lab', { state: 'unwritable' }) }),
      'error storage share-missing:home',
    ],
    ['unreadable', share, is(at('unreadable')), 'warning storage share-unreadable:home'],
    ['a file', share, is(at('file')), 'error storage share-not-a-directory:home'],
  ]);
});

t.test('kernel and initrd', (t) => {
  const kernel = { kernel: { enabled: true, bzimage: 'bzImage', initrd: 'initrd.img' } };
  checkProfiles(t, [
    ['there', kernel, {}, 'info kernel initrd-found', 'info kernel kernel-found'],
    [
      'missing',
      kernel,
      { files: { bzImage: at('missing'), 'initrd.img': at('missing') } },
      'error kernel initrd-missing',
      'error kernel kernel-missing',
    ],
    [
      'no files',
      kernel,
      { files: { bzImage: at('directory'), 'initrd.img': at('other') } },
      'error kernel initrd-not-a-file',
      'error kernel kernel-not-a-file',
    ],
    [
      'unreadable',
      kernel,
      { files: { bzImage: at('unreadable') } },
      'warning kernel kernel-unreadable',
      'info kernel initrd-found',
    ],
    ['disabled', { kernel: { bzimage: 'bzImage' } }, {}],
  ]);
});

const SOCKETS = { qmp: {}, 'serial.mode': 'socket' };
const QMP = 'run/lab.qmp.sock';
const SERIAL = 'run/lab.serial.sock';

t.test('sockets', (t) => {
  const qmpIs = (seen: Seen): Look => ({ files: { [QMP]: seen } });
  const serialReady = 'info sockets serial-socket-ready';
  const stale = { ...at('other'), socket: 'silent' } as const;
  checkProfiles(t, [
    ['nothing there', SOCKETS, {}, 'info sockets qmp-socket-ready', serialReady],
    [
      'no directory',
      SOCKETS,
      {
        files: {
          [QMP]: { directory: directoryAt('/srv/lab/run', MISSING) },
          [SERIAL]: { directory: directoryAt('/srv/lab/run', { state: 'unwritable' }) },
        },
      },
      'warning sockets qmp-directory-missing +',
      'warning sockets serial-directory-unwritable',
    ],
    ['left by an earlier run', SOCKETS, qmpIs(stale), 'warning sockets stale-socket:qmp +', serialReady],
    [
      'not known whether in use',
      SOCKETS,
      { files: { [SERIAL]: { ...at('other'), socket: 'unknown' } } },
      'warning sockets stale-socket:serial +',
      'info sockets qmp-socket-ready',
    ],
    [
      'in use',
      SOCKETS,
      qmpIs({ ...at('other'), socket: 'listening' }),
      'error sockets socket-in-use:qmp',
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
      qmpIs({ ...stale, directory: directoryAt('/srv/lab/run', { state: 'unwritable' }) }),
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
      { facts: WINDOWS, ...qmpIs({ ...at('other'), socket: 'unknown' }) },
      'warning sockets stale-socket:qmp',
      'info acceleration whpx-assumed',
    ],
  ]);
});

t.test('the plan to remove a socket', (t) => {
  const report = seen(reportOn(SOCKETS, { files: { [QMP]: { ...at('other'), socket: 'silent' } } }));
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
    ['a directory', log, is(at('directory')), 'error sockets serial-log-blocked'],
    ['a pipe', log, is(at('other')), 'error sockets serial-log-blocked'],
    ['without its directory', log, is({ directory }), 'warning sockets serial-directory-missing +'],
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

const TAP = { 'network.interfaces': [{ name: 'lab-tap0', type: 'tap' }] };
const SETUP = 'warning profile profile-host-network-setup:network.interfaces[0].type';

t.test('tap devices', (t) => {
  checkProfiles(t, [
    ['missing', TAP, {}, SETUP, 'warning network tap-missing:lab-tap0 +'],
    ['missing, for root', TAP, { survey: { user: 'root' } }, SETUP, 'warning network tap-missing:lab-tap0 +'],
    [
      'missing, for a user without a name',
      TAP,
      { survey: { user: null } },
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
  const forRoot = remedyOf(seen(reportOn(TAP, { survey: { user: 'root' } })), 'tap-missing:lab-tap0');
  t.equal(linesOf(forRoot)[0], '! ip tuntap add dev lab-tap0 mode tap user root');
  t.end();
});

const BRIDGE = { 'network.interfaces': [{ name: 'lan', type: 'bridge' }] };

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

t.test('secrets are shown nowhere, and no plan is shown in part', (t) => {
  const secret = 'AKIAABCDEFGHIJKLMNOP';
  const facts = { ...LINUX, project_root: `/srv/${secret}` };
  const change = { 'vm.name': secret, 'storage.disks.0.name': secret, ...SIZED, ...SOCKETS };
  const report = seen(
    reportOn(change, {
      facts,
      binary: null,
      files: { [DISK]: at('missing'), [`run/${secret}.qmp.sock`]: { ...at('other'), socket: 'silent' } },
      survey: { projectRoot: directoryAt(facts.project_root, MISSING) },
    }),
  );
  t.notMatch(JSON.stringify(report.findings), secret);
  const { remediation, remediation_available, remediation_plan_id } = findingOf(
    report,
    'project-root-missing',
  );
  t.strictSame([remediation, remediation_available, remediation_plan_id], [null, false, null]);
  const missing = { ...MISSING, realPath: '/srv/lab/password=hunter2' };
  const logs = {
    directory: directoryAt('/opt/planner/logs/x', missing),
    realRoot: '/srv/lab',
    failure: 'password=hunter2',
  };
  const hidden = seen(diagnose(surveyOf({ logs }), null));
  t.notMatch(JSON.stringify(hidden), 'hunter2');
  t.end();
});

t.test('a report narrowed to categories counts only what is left', (t) => {
  const report = seen(
    reportOn(
      {},
      {
        binary: null,
        survey: { imageTool: null, kvm: { device: '/dev/kvm', state: 'missing', group: null } },
      },
    ),
  );
  t.equal(report.status, 'blocked');
  const acceleration = inCategories(report, ['acceleration']);
  t.strictSame(acceleration.findings.map(findingLine), ['warning acceleration kvm-missing']);
  t.strictSame(acceleration.summary, { critical: 0, error: 0, info: 0, warning: 1 });
  t.equal(acceleration.status, 'degraded');
  t.equal(acceleration.host, report.host);
  t.equal(inCategories(report, ['storage', 'project']).status, 'ok');
  t.strictSame(inCategories(report, CATEGORIES), report);
  t.strictSame(inCategories(report, []).findings, []);
  t.end();
});

t.test('a plan does what it says, also for names that a shell or QEMU would take apart', async (t) => {
  const root = realpathSync(t.testdir({}));
  const facts = { ...LINUX, project_root: root };
  const images = join(root, 'an "odd", place=x');
  for (const [index, format] of (['qcow2', 'raw', 'vdi', 'vmdk'] as const).entries()) {
    const path = `an "odd", place=x/a,b:c;'d' -${index}.${format}`;
    const directory = directoryAt(images, {
      state: existsSync(images) ? 'writable' : 'missing',
      canBeMade: true,
    });
    const change = { 'storage.disks.0': { name: 'root', path, format, size_gb: 1 } };
    const plan = remedyOf(
      seen(reportOn(change, { facts, files: { [path]: { ...at('missing'), directory } } })),
      'disk-missing:root',
    );
    mkdirSync(images, { recursive: true });
    const hasTool = spawnSync('qemu-img', ['--version']).status === 0;
    for (const { argv, step_id } of plan.commands) {
      if (step_id === 'create-disk' && !hasTool) continue;
      t.equal(run(argv), 0, step_id);
    }
    if (!hasTool) writeFileSync(join(root, path), '');
    t.ok(existsSync(join(root, path)), path);
    const guard = plan.commands.find(({ step_id }) => step_id === 'check-no-file');
    t.equal(run(guard?.argv ?? []), 1, 'what is there now is not replaced');
  }
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

function run([command = '', ...rest]: readonly string[]): number | null {
  return spawnSync(command, rest, { cwd: '/' }).status;
}

/** Every kind of finding; a reviewer sees here what the doctor can say. */
const KINDS = `
  bridge-found bridge-helper-allowed bridge-helper-denied bridge-helper-not-allowed bridge-helper-unknown bridge-missing
  bridge-unknown disk-format-mismatch disk-found disk-missing disk-not-a-file disk-unreadable disk-unwritable hvf-assumed
  initrd-found initrd-missing initrd-not-a-file kernel-found kernel-missing kernel-not-a-file kernel-unreadable
  kvm-missing kvm-no-permission kvm-ready log-directory-missing log-directory-outside log-directory-ready
  log-directory-unwritable log-writing-fails no-accelerator port-free port-taken ports-unknown profile-binary-found
  profile-binary-missing profile-conflict profile-directory-missing profile-directory-unreadable profile-file-unusable
  profiles-found project-root-missing project-root-not-usable project-root-ready project-root-unwritable
  qemu-found qemu-img-found qemu-img-missing qemu-missing qmp-directory-missing qmp-directory-unwritable
  qmp-socket-blocked qmp-socket-ready serial-directory-missing serial-directory-unwritable serial-log-blocked
  serial-log-ready serial-log-unwritable serial-log-will-be-replaced serial-socket-ready share-found share-missing
  share-not-a-directory share-unreadable socket-in-use space-enough space-short stale-socket tap-found tap-missing
  tap-not-a-tap tap-unknown whpx-assumed`;

t.test('what holds of every report', (t) => {
  const kinds = new Set<string>();
  for (const report of reports) {
    const { findings, summary, status } = report;
    const ids = findings.map(({ finding_id }) => finding_id);
    const places = findings.map((one) => `${SEVERITIES.indexOf(one.severity)} ${one.finding_id}`);
    const blocked = summary.critical + summary.error > 0;
    t.strictSame(
      {
        'ids are unique': new Set(ids).size === ids.length,
        'worst first, then by id': String(places) === String([...places].sort()),
        'status follows from summary':
          status === (blocked ? 'blocked' : summary.warning > 0 ? 'degraded' : 'ok'),
        'members are in the order of canonical JSON': JSON.stringify(report) === canonicalize(report),
        'what is wrong with a finding': findings.flatMap(wrongWith),
      },
      {
        'ids are unique': true,
        'worst first, then by id': true,
        'status follows from summary': true,
        'members are in the order of canonical JSON': true,
        'what is wrong with a finding': [],
      },
      ids.join(' '),
    );
    for (const { category, finding_id } of findings) {
      if (category !== 'profile') kinds.add(String(finding_id.split(':')[0]));
    }
  }
  t.strictSame([...kinds].sort(), KINDS.trim().split(/\s+/));
  t.end();
});

function wrongWith(one: Finding): string[] {
  const { finding_id, category, title, description, remediation, affected_resources } = one;
  const checks = {
    id: /^[a-z0-9]+(-[a-z0-9]+)*(:.+)?$/.test(finding_id),
    category: CATEGORIES.includes(category),
    title: title !== '' && !/undefined|\[object/.test(title),
    description: /[.!?]$/.test(description) && !/undefined|\[object/.test(description),
    resources: String(affected_resources) === String([...new Set(affected_resources)].sort()),
    availability: one.remediation_available === (remediation !== null),
    planId: one.remediation_plan_id === (remediation?.plan_id ?? null),
    ...(remediation === null ? {} : planChecks(finding_id, remediation)),
  };
  return Object.entries(checks).flatMap(([what, isRight]) => (isRight ? [] : [`${finding_id}: ${what}`]));
}

function planChecks(findingId: string, plan: CommandPlan): Record<string, boolean> {
  const { plan_id, plan_hash, ...hashed } = plan;
  const hash = createHash('sha256').update(JSON.stringify(hashed)).digest('hex');
  const steps = plan.commands.map(({ step_id }) => step_id);
  const argv = plan.commands.flatMap((step) => step.argv);
  return {
    canonical: JSON.stringify(plan) === canonicalize(plan),
    hash: plan_hash === `sha256:${hash}` && plan_id === `plan-${hash.slice(0, 16)}`,
    cause: Object(plan.metadata).finding_id === findingId,
    form:
      plan.source === 'doctor' && plan.status === 'validated' && plan.dry_run && plan.rollback.length === 0,
    steps: steps.length > 0 && new Set(steps).size === steps.length,
    argv: argv.every((element) => typeof element === 'string' && !/^(sudo|doas|pkexec)$/.test(element)),
    confirmation: plan.confirmation_required === (plan.risk !== 'low' || plan.requires_privilege),
  };
}

t.test('the same survey gives the same report', (t) => {
  const look = { binary: null, files: { [DISK]: at('missing') } };
  t.equal(JSON.stringify(reportOn(SIZED, look)), JSON.stringify(reportOn(SIZED, look)));
  t.equal(changed({}).schema_version, 1);
  t.strictSame(
    finding({ id: 'x', severity: 'info', category: 'qemu', title: 'x', description: 'x.' }).metadata,
    {},
  );
  t.end();
});
