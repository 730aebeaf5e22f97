/** Findings about a profile itself and the files that it names, and the plans that mend them. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { diagnose } from '../../src/doctor/diagnose.ts';
import { finding } from '../../src/doctor/finding.ts';
import { TCG, withKernel } from '../help/changes.ts';
import { ABSENT, type Change, changed } from '../help/documents.ts';
import { directoryAt, LINUX, MISSING, probed, UNWRITABLE, WINDOWS } from '../help/hosts.ts';
import { headerOf } from '../help/images.ts';
import {
  at,
  findingLine,
  findingOf,
  type Look,
  machineWith,
  QUIET,
  reportOn,
  type Seen,
} from '../help/machines.ts';
import { draftOf, outcomeOf } from '../help/plans.ts';
import {
  checkProfiles,
  checkReports,
  IN_ORDER,
  linesOf,
  news,
  PROFILE_IN_ORDER,
  remedyOf,
  run,
  seen,
} from '../help/reports.ts';

const DISK = 'images/root.qcow2';
const SIZED = { 'storage.disks.0.size_gb': 8 };

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
  const host = probed(LINUX);
  const profile = { name: 'x', draft: draftOf(null), host, outcome: outcomeOf(null, host), network: QUIET };
  const noTable = seen(diagnose(machineWith(), profile));
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
      'there, and nothing that this user may run',
      { 'vm.qemu_binary': '/opt/qemu-system-x86_64' },
      { ...FREE, files: { '/opt/qemu-system-x86_64': at('file') } },
      'error qemu profile-binary-not-executable',
    ],
    [
      'missing by a path',
      { 'vm.qemu_binary': '/opt/qemu-system-x86_64' },
      { ...FREE, files: { '/opt/qemu-system-x86_64': at('missing') } },
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

const diskIs = (disk: Seen): Look => ({ files: { [DISK]: disk } });

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
    ['without permission', {}, diskIs({ header: null }), 'warning storage disk-unreadable:root'],
    ['another format', {}, diskIs({ header: headerOf('vdi') }), 'error storage disk-format-mismatch:root'],
    ['no format', {}, diskIs({ header: headerOf('unknown') }), 'error storage disk-format-mismatch:root'],
    [
      'a container under raw',
      { 'storage.disks.0.format': 'raw' },
      {},
      'error storage disk-format-mismatch:root',
    ],
    ['unwritable', {}, diskIs({ isWritable: false }), 'warning storage disk-unwritable:root'],
    [
      'on a file system that is mounted read-only',
      {},
      diskIs({ isWritable: false, isOnReadOnlyMount: true }),
      'warning storage disk-unwritable:root',
    ],
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

t.test('a finding says what the issue says, and once how to mend it', (t) => {
  const gone = 'storage.disks[0].path is "images/root.qcow2", and there is no such file';
  const create = 'an image of 8 GiB has to be created first.';
  const unmade = { directory: directoryAt('/srv/lab/images', { ...MISSING, canBeMade: false }) };
  const rows: [id: string, change: Change, look: Look, description: string][] = [
    ['disk-found:root', {}, {}, 'storage.disks[0].path is "images/root.qcow2", a file in the format qcow2.'],
    [
      'disk-missing:root',
      {},
      diskIs(at('missing')),
      `${gone}. Create the image, or set size_gb to have its creation planned by the doctor.`,
    ],
    ['disk-missing:root', SIZED, diskIs(at('missing')), `${gone}; ${create}`],
    [
      'disk-missing:root',
      SIZED,
      diskIs({ ...at('missing'), ...unmade }),
      `${gone}; ${create} Its directory "/srv/lab/images" is not there; that has to be mended before.`,
    ],
    [
      'profile-binary-missing',
      {},
      { binary: null },
      '"qemu-system-x86_64" is not on this host in any directory of PATH. Install QEMU for this architecture, or set vm.qemu_binary.',
    ],
    [
      'disk-unwritable:root',
      {},
      diskIs({ isWritable: false }),
      'storage.disks[0].path is "images/root.qcow2", which the user of this service cannot write, and the disk is not read-only. Change its owner or its permissions, or set readonly = true.',
    ],
    [
      'disk-unwritable:root',
      {},
      diskIs({ isWritable: false, isOnReadOnlyMount: true }),
      'storage.disks[0].path is "images/root.qcow2", which the user of this service cannot write, and the disk is not read-only. Its file system is mounted read-only: mount it read-write, or set readonly = true.',
    ],
    [
      'disk-unwritable:root',
      {},
      diskIs({ isWritable: false, isImmutable: true }),
      'storage.disks[0].path is "images/root.qcow2", which the user of this service cannot write, and the disk is not read-only. Nobody may write to it, since it is immutable: change that with "chattr -i", or set readonly = true.',
    ],
    [
      'qmp-directory-missing',
      { qmp: {} },
      {
        files: { 'run/lab.qmp.sock': { ...at('missing'), directory: directoryAt('/srv/lab/run', MISSING) } },
      },
      'qmp.socket is "run/lab.qmp.sock", and the directory "/srv/lab/run" is not there. Make it.',
    ],
  ];
  for (const [id, change, look, description] of rows)
    t.equal(findingOf(reportOn(change, look), id).description, description, id);
  const binary = { binary: 'qemu-system-x86_64', profile_name: 'lab' };
  const metadataOf = (id: string, look: Look) => findingOf(reportOn({}, look), id).metadata;
  t.strictSame(metadataOf('profile-binary-missing', { binary: null }), { ...binary, path: null });
  t.strictSame(metadataOf('profile-binary-found', { binary: '/q' }), { ...binary, path: '/q' });
  t.end();
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

const GIB = 1024 ** 3;

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
    ['not looked at', share, { unseen: ['home'] }],
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
      is({ ...at('missing'), directory: directoryAt('/srv/lab', UNWRITABLE) }),
      'error storage share-missing:home',
    ],
    ['unreadable', share, is(at('unreadable')), 'warning storage share-unreadable:home'],
    [
      'that this user may not enter',
      share,
      is({ ...at('directory'), isReadable: false }),
      'warning storage share-unreadable:home',
    ],
    [
      'that this user cannot write',
      share,
      is({ ...at('directory'), isWritable: false }),
      'warning storage share-unwritable:home',
    ],
    [
      'on a file system that is mounted read-only',
      share,
      is({ ...at('directory'), isWritable: false, isOnReadOnlyMount: true }),
      'warning storage share-unwritable:home',
    ],
    [
      'that nobody is to write',
      { 'storage.disks.1': { name: 'home', path: 'home', format: 'host-path', readonly: true } },
      is({ ...at('directory'), isWritable: false }),
      'info storage share-found:home',
    ],
    ['a file', share, is(at('file')), 'error storage share-not-a-directory:home'],
  ]);
});

t.test('kernel and initrd', (t) => {
  const kernel = withKernel({ bzimage: 'bzImage', initrd: 'initrd.img' });
  checkProfiles(t, [
    ['there', kernel, {}, 'info kernel initrd-found', 'info kernel kernel-found'],
    [
      'an empty one',
      { ...kernel, 'hardware.arch': 'aarch64', ...TCG },
      { files: { bzImage: { bytes: 0 } } },
      'error kernel kernel-invalid',
      'info kernel initrd-found',
      'warning profile profile-console-not-on-serial:kernel.append',
    ],
    [
      'one that was cut off',
      kernel,
      { files: { bzImage: { bytes: 300, isLongEnough: false } } },
      'error kernel kernel-invalid',
      'info kernel initrd-found',
    ],
    [
      'a small one of another machine',
      { ...kernel, 'hardware.arch': 'aarch64', ...TCG },
      { files: { bzImage: { bytes: 300, isLongEnough: false } } },
      'info kernel initrd-found',
      'info kernel kernel-found',
      'warning profile profile-console-not-on-serial:kernel.append',
    ],
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
    [
      'that this user may not read',
      kernel,
      { files: { bzImage: { isReadable: false }, 'initrd.img': { isReadable: false } } },
      'warning kernel initrd-unreadable',
      'warning kernel kernel-unreadable',
    ],
    ['disabled', { kernel: { enabled: false, bzimage: 'bzImage' } }, {}],
  ]);
});

const SOCKETS = { qmp: {}, 'serial.mode': 'socket' };

t.test('secrets are shown nowhere, and no plan is shown in part', (t) => {
  const secret = 'AKIAABCDEFGHIJKLMNOP';
  const facts = { ...LINUX, project_root: `/srv/${secret}` };
  const change = { 'vm.name': secret, 'storage.disks.0.name': secret, ...SIZED, ...SOCKETS };
  const report = seen(
    reportOn(change, {
      facts,
      binary: null,
      files: { [DISK]: at('missing'), [`run/${secret}.qmp.sock`]: { ...at('other'), isSocket: true } },
      machine: { projectRoot: directoryAt(facts.project_root, MISSING) },
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
  const hidden = seen(diagnose(machineWith({ logs }), null));
  t.notMatch(JSON.stringify(hidden), 'hunter2');
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
      if (step_id === 'create-disk-root' && !hasTool) continue;
      t.equal(run(argv), 0, step_id);
    }
    if (!hasTool) writeFileSync(join(root, path), '');
    t.ok(existsSync(join(root, path)), path);
    const guard = plan.commands.find(({ step_id }) => step_id === 'check-no-disk-root');
    t.equal(run(guard?.argv ?? []), 1, 'what is there now is not replaced');
  }
});

t.test('the same look gives the same report', (t) => {
  const look = { binary: null, files: { [DISK]: at('missing') } };
  t.equal(JSON.stringify(reportOn(SIZED, look)), JSON.stringify(reportOn(SIZED, look)));
  t.equal(changed({}).schema_version, 1);
  t.strictSame(
    finding({ id: 'x', severity: 'info', category: 'qemu', title: 'x', description: 'x.' }).metadata,
    {},
  );
  t.end();
});

/** Every kind of finding that these tests see besides those of a host in order. */
const KINDS = `
  disk-format-mismatch disk-missing disk-not-a-file disk-unreadable disk-unwritable initrd-found
  initrd-missing initrd-not-a-file kernel-found kernel-invalid kernel-missing kernel-not-a-file kernel-unreadable
  initrd-unreadable log-directory-missing log-writing-fails profile-binary-missing profile-binary-not-executable
  project-root-missing serial-socket-ready
  share-found share-missing share-not-a-directory share-unreadable share-unwritable space-enough space-short stale-socket
  whpx-assumed`;

t.test('what holds of every report', (t) => {
  checkReports(t, KINDS);
});
