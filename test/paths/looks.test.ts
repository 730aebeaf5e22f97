/** Paths beside one another, and what a look at the files of a host shows of them. */
import t from 'tap';
import { AT_DISK, DISK_PATH, ROOT_IMAGE, share, withKernel } from '../help/changes.ts';
import { type Change, changed } from '../help/documents.ts';
import { directoryAt, LINUX, MISSING, type ProbedPath, probed, seeing, UNWRITABLE } from '../help/hosts.ts';
import { headerOf } from '../help/images.ts';
import { checkIssues, checkRows } from '../help/rows.ts';

t.test('a path that QEMU writes is of no other use', (t) => {
  const conflict = (field: string) => `error path-conflict ${field}`;
  const socket = (device: string) => ({ serial: { enabled: true, mode: 'socket', device } });
  const READ_ONLY = { 'storage.disks.0.readonly': true };
  const log = (logfile: string) => ({ serial: { enabled: true, mode: 'file', logfile } });
  checkRows(t, [
    ['a socket on a disk', { 'qmp.socket': 'images/../images/root.qcow2' }, conflict('qmp.socket')],
    ['a log on a disk', log('images/root.qcow2'), conflict('serial.logfile')],
    [
      'a log by device on a disk',
      { serial: { enabled: true, mode: 'file', device: 'images/root.qcow2' } },
      conflict('serial.device'),
    ],
    ['a socket on a share', { ...share('s'), 'qmp.socket': 's' }, conflict('qmp.socket')],
    ['a log on the kernel', { ...withKernel({}), ...log('boot/bzImage') }, conflict('serial.logfile')],
    ['a log on the initrd', { ...withKernel({ initrd: 'i' }), ...log('i') }, conflict('serial.logfile')],
    [
      'a log on QEMU',
      { 'vm.qemu_binary': '/srv/lab/qemu-kvm', ...log('qemu-kvm') },
      conflict('serial.logfile'),
    ],
    ['two sockets', { ...socket('run/a'), 'qmp.socket': 'run/a' }, conflict('qmp.socket')],
    ['a socket on a log', { ...log('run/a'), 'qmp.socket': 'run/a' }, conflict('qmp.socket')],
    ['a default', { ...socket('run/lab.qmp.sock'), qmp: {} }, conflict('qmp.socket')],
    [
      'the other default',
      { 'serial.mode': 'socket', 'qmp.socket': 'run/lab.serial.sock' },
      conflict('qmp.socket'),
    ],
    [
      'both on a disk',
      { ...socket('images/root.qcow2'), 'qmp.socket': 'images/root.qcow2' },
      conflict('serial.device'),
      conflict('qmp.socket'),
    ],
    ['a socket in a share', { ...share('s'), 'qmp.socket': 's/q' }],
    ['a socket below an image', { 'qmp.socket': 'images/root.qcow2/q' }, conflict('qmp.socket')],
    ['a log below a socket', { ...log('run/a/b/x.log'), 'qmp.socket': 'run/a' }, conflict('serial.logfile')],
    ['a socket below a log', { ...log('run/a'), 'qmp.socket': 'run/a/q' }, conflict('qmp.socket')],
    ['a socket above an image', { 'qmp.socket': 'images' }, conflict('qmp.socket')],
    [
      'a socket above an image and a kernel',
      { ...withKernel({ bzimage: 'images/k' }), 'qmp.socket': 'images' },
      conflict('qmp.socket'),
    ],
    ['a kernel below an image', withKernel({ bzimage: 'images/root.qcow2/k' }), conflict('kernel.bzimage')],
    ['a share below an image', share('images/root.qcow2/s'), conflict('storage.disks[1].path')],
    ['names that begin alike', { ...log('run/a.log'), 'qmp.socket': 'run/a' }],
    ['two defaults', { 'serial.mode': 'socket', qmp: {} }],
    ['a socket that is switched off', { qmp: { enabled: false, socket: 'images/root.qcow2' } }],
    [
      'a device that the log overrides',
      { serial: { enabled: true, mode: 'file', logfile: 'a', device: 'images/root.qcow2' } },
      'warning serial-logfile-wins serial.logfile',
    ],
    [
      'a disk and a kernel',
      withKernel({ bzimage: 'images/root.qcow2' }),
      'warning path-conflict kernel.bzimage',
    ],
    ['a read-only disk and a kernel', { ...withKernel({ bzimage: 'images/root.qcow2' }), ...READ_ONLY }],
  ]);
});

t.test('a look at a share, a kernel and an initrd', (t) => {
  const at = '/srv/lab/x';
  const of = (change: Change, kind: ProbedPath['kind'], ...issues: string[]) =>
    checkIssues(t, changed(change), issues, `${Object.keys(change)} ${kind}`, seeing({ [at]: { kind } }));
  const shared = 'storage.disks[1].path';
  of(share('x'), 'directory');
  of(share('x'), 'file', `error share-not-a-directory ${shared}`);
  of(share('x'), 'missing', `error share-not-a-directory ${shared}`);
  of(share('x'), 'unreadable', `warning file-unreadable ${shared}`);
  for (const [change, field, code] of [
    [withKernel({ bzimage: 'x' }), 'kernel.bzimage', 'kernel-missing'],
    [withKernel({ initrd: 'x' }), 'kernel.initrd', 'initrd-missing'],
  ] as const) {
    of(change, 'file');
    checkIssues(
      t,
      changed(change),
      [`warning file-unreadable ${field}`],
      `${field} may not be read`,
      seeing({ [at]: { isReadable: false } }),
    );
    of(change, 'missing', `error ${code} ${field}`);
    of(change, 'directory', `error ${code} ${field}`);
    of(change, 'other', `error ${code} ${field}`);
    of(change, 'unreadable', `warning file-unreadable ${field}`);
    of(change, 'loop', `error symlink-loop ${field}`);
  }
  t.end();
});

t.test('a look at where sockets and logs will be', (t) => {
  const change = { qmp: {}, 'serial.mode': 'file', 'serial.logfile': 'logs/a.log' };
  const socket = '/srv/lab/run/lab.qmp.sock';
  const log = '/srv/lab/logs/a.log';
  const of = (about: string, paths: Readonly<Record<string, Partial<ProbedPath>>>, ...issues: string[]) =>
    checkIssues(t, changed(change), issues, about, seeing(paths));
  const missing = (field: string) => `warning parent-directory-missing ${field}`;
  of('to be made', { [socket]: { kind: 'missing' }, [log]: { kind: 'missing' } });
  of('there from an earlier run', { [socket]: { kind: 'other', isSocket: true }, [log]: {} });
  const without = { kind: 'missing', directory: directoryAt('/srv/lab/x', MISSING) } as const;
  const closed = { directory: directoryAt('/srv/lab/x', UNWRITABLE) };
  of('no directory', { [socket]: without }, missing('qmp.socket'));
  const unwritable = (field: string) => `warning parent-directory-unwritable ${field}`;
  of('a directory of another user', { [log]: { kind: 'missing', ...closed } }, unwritable('serial.logfile'));
  of(
    'neither',
    { [socket]: { kind: 'missing', ...closed }, [log]: without },
    missing('serial.logfile'),
    unwritable('qmp.socket'),
  );
  of('a log that is there in such a directory', { [log]: closed });
  of(
    'a log that this user cannot write',
    { [log]: { isWritable: false } },
    'warning file-unwritable serial.logfile',
  );
  of(
    'a file and a directory in their places',
    { [socket]: {}, [log]: { kind: 'directory' } },
    'error path-occupied serial.logfile',
    'error path-occupied qmp.socket',
  );
  of(
    'a pipe that somebody may read, and a link',
    { [socket]: { kind: 'link', link: { path: '/x', id: null } }, [log]: { kind: 'other' } },
    'warning path-occupied serial.logfile',
    'warning socket-is-link qmp.socket',
  );
  t.end();
});

t.test('links', (t) => {
  const disk = (seen: Partial<ProbedPath>, look: { realRoot?: string; path?: string } = {}) => {
    const path = look.path ?? 'images/root.qcow2';
    const absolute = path.startsWith('/') ? path : `/srv/lab/${path}`;
    return [
      changed({ [DISK_PATH]: path }),
      probed(LINUX, {
        paths: { [absolute]: { header: headerOf('qcow2'), ...seen } },
        ...(look.realRoot && { realRoot: look.realRoot }),
      }),
    ] as const;
  };
  const of = (about: string, [document, host]: ReturnType<typeof disk>, ...issues: string[]) =>
    checkIssues(t, document, issues, about, host);
  const escaping = `error symlink-escape ${AT_DISK}`;
  const outside = `warning outside-project-root ${AT_DISK}`;
  of('a link inside', disk({ realPath: '/srv/lab/other/root.qcow2' }));
  of('a link that leaves', disk({ realPath: '/var/lib/root.qcow2' }), escaping);
  of('a link to a neighbour', disk({ realPath: '/srv/lab2/root.qcow2' }), escaping);
  of('a dangling link that leaves', disk({ kind: 'missing', realPath: '/var/lib/root.qcow2' }), escaping);
  of(
    'a link to a forbidden place',
    disk({ kind: 'other', realPath: '/dev/sda' }),
    `error forbidden-path ${AT_DISK}`,
    escaping,
  );
  of('a root that is a link', disk({ realPath: '/data/lab/images/root.qcow2' }, { realRoot: '/data/lab' }));
  of(
    'a root that is a link, and a link that leaves it',
    disk({ realPath: ROOT_IMAGE }, { realRoot: '/data/lab' }),
    escaping,
  );
  of('a link outside is no escape', disk({ realPath: '/mnt/x' }, { path: '/var/x' }), outside);
  of(
    'a link from outside to a forbidden place',
    disk({ realPath: '/proc/x' }, { path: '/var/x' }),
    `error forbidden-path ${AT_DISK}`,
  );
  checkIssues(
    t,
    changed(share('x')),
    ['error forbidden-path storage.disks[1].path', 'error symlink-escape storage.disks[1].path'],
    'a share that is a link to /etc',
    seeing({ '/srv/lab/x': { kind: 'directory', realPath: '/etc' } }),
  );
  checkIssues(
    t,
    changed({ 'qmp.socket': 'run/q' }),
    ['error symlink-escape qmp.socket'],
    'a socket',
    seeing({ '/srv/lab/run/q': { kind: 'missing', realPath: '/run/q' } }),
  );
  t.end();
});

t.test('two names of one real file', (t) => {
  const change = { 'storage.disks.1': { name: 'b', path: 'images/link', format: 'qcow2' } };
  const seen = { header: headerOf('qcow2'), realPath: ROOT_IMAGE };
  checkIssues(
    t,
    changed(change),
    ['error image-shared-writable storage.disks[1].path'],
    'an image by its link',
    seeing({ [ROOT_IMAGE]: seen, '/srv/lab/images/link': seen }),
  );
  checkIssues(
    t,
    changed({ 'serial.mode': 'file', 'serial.logfile': 'logs/a' }),
    ['error path-conflict serial.logfile'],
    'a log by its link',
    seeing({ [ROOT_IMAGE]: seen, '/srv/lab/logs/a': { realPath: ROOT_IMAGE } }),
  );
  t.end();
});

t.test('what has no effect is not looked at', (t) => {
  const host = seeing({
    [ROOT_IMAGE]: { kind: 'missing' },
    '/srv/lab/logs/a': { kind: 'missing' },
    '/srv/lab/l': { kind: 'loop' },
  });
  const sized = { 'storage.disks.0.size_gb': 1 };
  const planned = `warning disk-will-need-creation ${AT_DISK}`;
  const of = (about: string, change: Change, ...issues: string[]) =>
    checkIssues(t, changed({ ...sized, ...change }), [...issues, planned], about, host);
  of('a kernel that is disabled', { kernel: { enabled: false, bzimage: 'images/root.qcow2' } });
  of('a socket that is disabled', { qmp: { enabled: false, socket: 'images/root.qcow2' } });
  of('a link of a disabled section', { kernel: { enabled: false, bzimage: 'l' } });
  checkIssues(
    t,
    changed({ ...sized, serial: { enabled: true, mode: 'file', logfile: 'logs/a', device: 'logs/a' } }),
    [planned, 'warning serial-logfile-wins serial.logfile'],
    'a device that a log overrides',
    host,
  );
  t.end();
});
