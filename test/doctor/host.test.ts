/** Facts of a host in, findings out: each table says which findings it gets besides those of a host in order. */
import t from 'tap';
import { CATEGORIES, diagnose, inCategories } from '../../src/doctor/diagnose.ts';
import type { ProbedCapacity } from '../../src/facts/host.ts';
import { DARWIN, directoryAt, FREEBSD, LINUX, LINUX_WITHOUT_KVM, MISSING, WINDOWS } from '../help/hosts.ts';
import { findingLine, findingOf, KVM, machineWith, type ProbedMachine, reportOn } from '../help/machines.ts';
import {
  checkHosts,
  checkProfiles,
  checkReports,
  IN_ORDER,
  linesOf,
  news,
  PROFILE_IN_ORDER,
  remedyOf,
  seen,
} from '../help/reports.ts';

t.test('a host in order', (t) => {
  const report = seen(diagnose(machineWith(), null));
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

t.test('a QEMU with its package', (t) => {
  const { findings } = diagnose(machineWith(), null);
  const of = (arch: string) => findings.find(({ finding_id }) => finding_id === `qemu-found:${arch}`);
  t.match(of('x86_64'), {
    description:
      'The QEMU for x86_64 guests is "/usr/bin/qemu-system-x86_64", of the package qemu-system-x86 1:7.2+dfsg-7+deb12u18.',
    metadata: { package: 'qemu-system-x86', package_version: '1:7.2+dfsg-7+deb12u18', qemu_version: '7.2' },
  });
  t.match(of('riscv64'), {
    description: /"; no package is known that brought it, so that its version is not known\.$/,
    metadata: { package: null, package_version: null, qemu_version: null },
  });
  t.match(of('ppc64le'), { metadata: { package: 'qemu-system-ppc', qemu_version: null } });
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
  const rows: [about: string, changes: Partial<ProbedMachine>, ...commands: string[]][] = [
    ['debian', {}, '! apt-get update', '! apt-get install -y qemu-system-arm'],
    ['fedora', { distribution: ['fedora'] }, '! dnf install -y qemu-system-aarch64'],
    ['alpine', { distribution: ['alpine'] }, '! apk add --update-cache qemu-system-aarch64'],
    [
      'a relative of Arch',
      { distribution: ['manjaro', 'arch'], release: null },
      '! pacman -S --needed --noconfirm qemu-system-aarch64',
    ],
    ['darwin', { facts: DARWIN }, 'brew install qemu'],
    ['freebsd', { facts: FREEBSD }, '! pkg install -y qemu'],
    ['windows', { facts: WINDOWS }, '! winget install --exact --id SoftwareFreedomConservancy.QEMU'],
  ];
  for (const [about, changes, ...commands] of rows) {
    const report = seen(diagnose(machineWith({ binaries: NO_BINARIES, ...changes }), null));
    t.strictSame(linesOf(remedyOf(report, 'qemu-missing:aarch64')), commands, about);
  }
  const report = seen(diagnose(machineWith({ imageTool: null }), null));
  t.strictSame(linesOf(remedyOf(report, 'qemu-img-missing')), [
    '! apt-get update',
    '! apt-get install -y qemu-utils',
  ]);
  t.end();
});

t.test('acceleration', (t) => {
  const kvm = (changes: Partial<NonNullable<ProbedMachine['kvm']>>) => ({
    facts: LINUX_WITHOUT_KVM,
    kvm: { ...KVM, state: 'no-permission', ...changes } as const,
  });
  const held = kvm({ membership: 'held' });
  const listed = kvm({ membership: 'listed' });
  checkHosts(t, [
    ['missing', kvm({ state: 'missing', group: null }), 'warning acceleration kvm-missing'],
    ['no permission', kvm({}), 'warning acceleration kvm-no-permission +'],
    [
      'no permission, on Alpine',
      { ...kvm({}), distribution: ['alpine'] },
      'warning acceleration kvm-no-permission +',
    ],
    ['a member that has not logged in again', listed, 'warning acceleration kvm-no-permission'],
    ['kept out by something else', held, 'warning acceleration kvm-no-permission'],
    [
      'a virtual machine without vmx and svm',
      { kvm: { ...KVM, isDoubtful: true } },
      'warning acceleration kvm-doubtful',
    ],
    [
      'such a one that may not open it',
      kvm({ isDoubtful: true }),
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

t.test('what is said of kvm', (t) => {
  const said = (kvm: Partial<NonNullable<ProbedMachine['kvm']>>, id: string) =>
    findingOf(seen(diagnose(machineWith({ kvm: { ...KVM, ...kvm } }), null)), id).description;
  t.match(
    said({}, 'kvm-ready'),
    /may read and write \/dev\/kvm\. Whether kvm runs a guest .* only at the start/,
  );
  t.match(said({ isDoubtful: true }, 'kvm-doubtful'), /may open .* neither vmx nor svm: QEMU may fail/);
  const kept = (membership: 'held' | 'listed' | 'none') =>
    said({ state: 'no-permission', membership }, 'kvm-no-permission');
  t.match(kept('none'), /add the user that runs QEMU to it and log in again\.$/);
  t.match(kept('listed'), /is a member; log in again, or restart the service, /);
  t.match(
    said({ state: 'no-permission', group: 'root' }, 'kvm-no-permission'),
    /for the group "root", which is for administrators; give it to a group of its own/,
  );
  t.match(
    said({ state: 'no-permission', group: '977' }, 'kvm-no-permission'),
    /the group "977" may use it, which has no name here; .* "--group-add 977" for a container\.$/,
  );
  t.match(kept('held'), /this process has that group; look at what else keeps it out/);
  t.end();
});

t.test('a host that is smaller than the VM', (t) => {
  checkProfiles(t, [
    ['fewer processors', {}, { capacity: { cpus: 1 } }, 'warning qemu cores-short'],
    ['less memory', {}, { capacity: { memoryMb: 512 } }, 'warning qemu memory-short'],
    ['a kernel that promises less', {}, { capacity: { commitLimitMb: 512 } }, 'warning qemu memory-short'],
    ['nothing is known', {}, { capacity: { cpus: null, memoryMb: null } }],
  ]);
});

t.test('what is said of a host that is smaller than the VM', (t) => {
  const said = (id: string, capacity: Partial<ProbedCapacity>) =>
    findingOf(seen(reportOn({}, { capacity })), id).description;
  t.match(
    said('memory-short', { memoryMb: 512 }),
    /hardware\.memory_mb is 1024, and this host has 512 MiB; QEMU may not start/,
  );
  t.match(
    said('memory-short', { memoryMb: 4096, commitLimitMb: 600 }),
    /vm\.overcommit_memory is 2, with which this host gives all processes together 600 MiB; /,
  );
  t.match(
    said('cores-short', { cpus: 1 }),
    /hardware\.cores is 2, and this host has 1; .* Write at most 1\.$/,
  );
  t.end();
});

t.test('the plan to join the kvm group', (t) => {
  const kvm = { ...KVM, state: 'no-permission' } as const;
  const plan = remedyOf(
    seen(diagnose(machineWith({ facts: LINUX_WITHOUT_KVM, kvm }), null)),
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
  const alpine = machineWith({ facts: LINUX_WITHOUT_KVM, kvm, distribution: ['alpine'] });
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
  const plan = remedyOf(seen(diagnose(machineWith({ projectRoot }), null)), 'project-root-missing');
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
  const report = seen(diagnose(machineWith({ projectRoot: unwritable, imageTool: null }), null));
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
  const report = seen(diagnose(machineWith({ profileConflicts }), null));
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

t.test('a report narrowed to categories counts only what is left', (t) => {
  const report = seen(
    reportOn(
      {},
      {
        binary: null,
        machine: { imageTool: null, kvm: { ...KVM, state: 'missing', group: null } },
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

/** Every kind of finding that these tests see besides those of a host in order. */
const KINDS = `
  cores-short hvf-assumed kvm-doubtful kvm-missing kvm-no-permission log-directory-missing log-directory-outside
  log-directory-unwritable log-writing-fails memory-short no-accelerator profile-binary-missing profile-conflict
  profile-directory-missing profile-directory-unreadable profile-file-unusable project-root-missing
  project-root-not-usable project-root-unwritable qemu-img-missing qemu-missing whpx-assumed`;

t.test('what holds of every report', (t) => {
  checkReports(t, KINDS);
});
