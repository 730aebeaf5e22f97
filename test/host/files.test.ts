/** What is asked of files, directories, programs, profiles and the system itself. Works as root and as anybody else. */
import { chmodSync, linkSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { arch, endianness, platform, userInfo } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { discoverProfiles, findProfile, isPlainStem } from '../../src/host/discover.ts';
import { fileIdOf, mayAccess, realPathOf, thingAt } from '../../src/host/files.ts';
import {
  findProgram,
  type HostSettings,
  machineOf,
  probeFacts,
  thisMachine,
} from '../../src/host/probe_host.ts';
import { type PathUse, probeDirectory, probePath } from '../../src/host/probe_path.ts';
import { type Owns, readOwns } from '../../src/host/process_status.ts';
import { distributionIn, probeKvm, readOsRelease, readUserName, releaseIn } from '../../src/host/system.ts';
import { SYSTEM_FILES, type SystemFiles } from '../../src/host/system_files.ts';
import { LINUX } from '../help/hosts.ts';
import {
  folderOf,
  idOf,
  isLinux,
  leaveSocket,
  listenIn,
  makeFifo,
  OWNS_ALL,
  onLinux,
  onPosix,
  settingsOf,
  TOO_LONG,
  UNREADABLE_FILE,
  UNWRITABLE_DIRECTORY,
  UNWRITABLE_FILE,
} from '../help/this_host.ts';

t.test(
  'what lies in a directory in which everybody may remove only what is their own',
  onPosix,
  async (t) => {
    const root = folderOf(t, { common: { file: '' }, own: { file: '' } });
    chmodSync(join(root, 'common'), 0o1777);
    const { uid } = statSync(root);
    const owns = async (effective: number, capabilities: string) => {
      writeFileSync(
        join(root, 'status'),
        `Uid:\t1\t${effective}\t1\t1\nCapEff:\t${capabilities.padStart(16, '0')}\n`,
      );
      return readOwns(join(root, 'status'));
    };
    const removable = async (name: string, who: Owns) =>
      (await probePath(join(root, name), 'socket', LINUX, who)).isRemovable;
    const other = await owns(uid + 1, '7');
    t.equal(await removable('common/file', other), false);
    t.equal(await removable('own/file', other), true, 'a directory that is like any other');
    t.equal(await removable('common/none', other), true, 'nothing');
    t.equal(await removable('common/file', await owns(uid, '0')), true, 'its own');
    t.equal(await removable('common/file', await owns(uid + 1, '8')), true, 'with CAP_FOWNER');
    t.equal(await removable('common/file', await readOwns(join(root, 'absent'))), true, 'nobody can tell');
    t.equal(
      (await probePath(join(root, 'common/file'), 'file', LINUX, other)).isRemovable,
      true,
      'no socket',
    );
  },
);

t.test('real paths are followed to their end, also where it does not exist', async (t) => {
  const root = folderOf(t, {
    real: { file: 'x' },
    link: t.fixture('symlink', 'real'),
    dangling: t.fixture('symlink', 'nowhere/at/all'),
    chain: t.fixture('symlink', 'dangling'),
    loop: t.fixture('symlink', 'pool'),
    pool: t.fixture('symlink', 'loop'),
  });
  const rows: [path: string, real: string, state: string][] = [
    ['real/file', 'real/file', 'exists'],
    ['link/file', 'real/file', 'exists'],
    ['link/absent', 'real/absent', 'missing'],
    ['dangling', 'nowhere/at/all', 'missing'],
    ['chain', 'nowhere/at/all', 'missing'],
    ['dangling/below', 'nowhere/at/all/below', 'missing'],
    ['real/file/below', 'real/file/below', 'missing'],
    ['loop', 'loop', 'loop'],
    ['loop/below', 'loop/below', 'loop'],
    [TOO_LONG, TOO_LONG, 'unreadable'],
  ];
  for (const [path, real, state] of rows) {
    t.strictSame(await realPathOf(join(root, path)), { path: join(root, real), state }, path);
  }
  t.strictSame(await realPathOf('/'), { path: '/', state: 'exists' });
});

t.test('a link that leads further than the system follows is a loop', async (t) => {
  const root = folderOf(t, {});
  for (let index = 0; index < 60; index++) symlinkSync(`link${index + 1}`, join(root, `link${index}`));
  t.equal((await realPathOf(join(root, 'link0'))).state, 'loop');
  t.equal((await realPathOf(join(root, 'link50'))).state, 'missing');
});

t.test('what a path is, without opening what could block', onPosix, async (t) => {
  const root = folderOf(t, {
    'disk.qcow2': Buffer.from('514649fb00000003', 'hex'),
    empty: '',
    directory: {},
    link: t.fixture('symlink', 'disk.qcow2'),
    loop: t.fixture('symlink', 'loop'),
  });
  makeFifo(join(root, 'pipe'));
  const look = async (path: string, use: PathUse = 'image') =>
    probePath(join(root, path), use, LINUX, OWNS_ALL);
  const image = await look('disk.qcow2');
  t.strictSame(
    { ...image, header: null, space: null },
    {
      kind: 'file',
      realPath: join(root, 'disk.qcow2'),
      id: idOf(join(root, 'disk.qcow2')),
      bytes: statSync(join(root, 'disk.qcow2')).size,
      mode: statSync(join(root, 'disk.qcow2')).mode & 0o777,
      link: null,
      header: null,
      isMultiboot: null,
      isLongEnough: null,
      isDeviceTree: null,
      medium: null,
      flash: null,
      isSocket: false,
      mayHaveMoved: false,
      isReadable: true,
      isWritable: true,
      isOnReadOnlyMount: false,
      isImmutable: false,
      isRemovable: true,
      directory: {
        path: root,
        realPath: root,
        state: 'writable',
        existing: root,
        canBeMade: false,
        isOnReadOnlyMount: false,
      },
      space: null,
    },
  );
  t.match(image.header, { format: 'qcow2' });
  t.match(image.space, { device: String(statSync(root).dev), freeBytes: Number });
  t.match(await look('link'), {
    kind: 'file',
    realPath: join(root, 'disk.qcow2'),
    header: { format: 'qcow2' },
  });
  t.match(await look('empty'), { kind: 'file', header: { format: 'unknown' } });
  t.match(await look('directory'), { kind: 'directory', header: null, directory: { state: 'writable' } });
  t.match(await look('pipe'), { kind: 'other', header: null, isSocket: false });
  t.match(await look('loop'), { kind: 'loop', header: null });
  t.match(await look('absent/file'), {
    kind: 'missing',
    header: null,
    isWritable: false,
    directory: { path: join(root, 'absent'), state: 'missing', existing: root, canBeMade: true },
    space: { device: String(statSync(root).dev) },
  });
  t.match(await look('empty/file'), { kind: 'missing', directory: { state: 'not-a-directory' } });
  t.match(await look('empty/directory/file'), { kind: 'missing', directory: { state: 'missing' } });
  t.match(await look(`${TOO_LONG}/file`), {
    kind: 'unreadable',
    header: null,
    directory: { state: 'unreadable' },
    space: null,
  });
  t.match(
    await look('disk.qcow2', 'file'),
    { kind: 'file', header: null, space: null },
    'only images and kernels are read',
  );
});

t.test('what is gone since its real path was asked is missing', async (t) => {
  const root = folderOf(t, { file: '' });
  t.equal((await thingAt(join(root, 'file'))).kind, 'file');
  t.equal((await thingAt(join(root, 'gone'))).kind, 'missing');
  t.equal((await thingAt(join(root, TOO_LONG))).kind, 'unreadable');
});

t.test('sockets, with a listener or without', onPosix, async (t) => {
  const root = folderOf(t, {});
  await leaveSocket(t, root, 'silent');
  await listenIn(t, root, 'listening');
  for (const name of ['silent', 'listening']) {
    const path = join(root, name);
    t.match(
      await probePath(path, 'socket', LINUX, OWNS_ALL),
      { kind: 'other', isSocket: true, id: idOf(path), link: null },
      name,
    );
  }
});

t.test(
  'the place of a socket: its own link is not followed, those of its directory are',
  onPosix,
  async (t) => {
    const root = folderOf(t, {
      run: { file: '', stale: t.fixture('symlink', '../nowhere/sock') },
      link: t.fixture('symlink', 'run'),
      to: t.fixture('symlink', 'run/file'),
      loop: t.fixture('symlink', 'loop'),
    });
    const look = async (path: string) => probePath(join(root, path), 'socket', LINUX, OWNS_ALL);
    const at = (path: string) => join(root, path);
    const file = idOf(at('run/file'));
    t.match(await look('link/new'), { kind: 'missing', realPath: at('run/new'), id: null, link: null });
    t.match(await look('link/file'), { kind: 'file', realPath: at('run/file'), id: file, link: null });
    t.match(await look('link/stale'), {
      kind: 'link',
      realPath: at('run/stale'),
      isSocket: false,
      link: { path: at('nowhere/sock'), id: null },
      directory: { path: at('link'), realPath: at('run'), state: 'writable' },
    });
    t.match(await look('to'), { kind: 'link', realPath: at('to'), link: { path: at('run/file'), id: file } });
    t.match(await look('loop'), { kind: 'link', realPath: at('loop'), directory: { state: 'writable' } });
    t.match(await look('loop/new'), { kind: 'loop', directory: { state: 'loop' } });
    t.match(await look('run/file/new'), { kind: 'missing', directory: { state: 'not-a-directory' } });
    t.match(await look('absent/new'), { kind: 'missing', directory: { state: 'missing', canBeMade: true } });
    t.match(await look(`${TOO_LONG}/new`), { kind: 'unreadable', directory: { state: 'unreadable' } });
    t.match(
      await probePath(at('run/stale'), 'file', LINUX, OWNS_ALL),
      { kind: 'missing', link: null, directory: { path: at('nowhere'), state: 'missing' } },
      'anything else lies where its link leads',
    );
  },
);

t.test('one file by all its names', onPosix, async (t) => {
  const root = folderOf(t, { file: '', other: '', link: t.fixture('symlink', 'file') });
  linkSync(join(root, 'file'), join(root, 'hard'));
  const id = async (name: string) => (await probePath(join(root, name), 'file', LINUX, OWNS_ALL)).id;
  t.equal(await id('file'), idOf(join(root, 'file')));
  t.equal(await id('hard'), await id('file'));
  t.equal(await id('link'), await id('file'));
  t.not(await id('other'), await id('file'));
  t.equal(await id('absent'), null);
  t.equal(fileIdOf({ dev: 1n, ino: 0n }), null, 'a file system that does not number its files');
});

t.test('what this user may read and write', onPosix, async (t) => {
  const root = folderOf(t, { secret: '', listed: {}, closed: {} });
  const isRoot = userInfo().uid === 0;
  chmodSync(join(root, 'secret'), 0o200);
  chmodSync(join(root, 'listed'), 0o444);
  const look = async (name: string) => probePath(join(root, name), 'file', LINUX, OWNS_ALL);
  t.match(await look('secret'), { isReadable: isRoot, isWritable: true, isOnReadOnlyMount: false });
  t.match(await look('closed'), { isReadable: true, isWritable: true });
  t.match(
    await look('listed'),
    { isReadable: isRoot, isWritable: isRoot },
    'a directory that nobody may enter',
  );
  t.match(await look('absent'), { isReadable: false, isWritable: false });
});

t.test('what this user may not read has no header', onLinux, async (t) => {
  t.match(await probePath(UNREADABLE_FILE, 'image', LINUX, OWNS_ALL), {
    kind: 'file',
    header: null,
    directory: { state: 'unwritable' },
  });
  t.equal((await probePath(UNWRITABLE_FILE, 'file', LINUX, OWNS_ALL)).isWritable, false);
  t.equal(await mayAccess(UNWRITABLE_FILE, 2), false);
  t.equal(await mayAccess(UNWRITABLE_FILE, 4), true);
});

t.test('a file without permissions is unreadable for all but root', onPosix, async (t) => {
  const root = folderOf(t, { secret: { file: 'x' }, closed: 'x' });
  chmodSync(join(root, 'closed'), 0);
  chmodSync(join(root, 'secret'), 0);
  const isRoot = userInfo().uid === 0;
  t.match(await probePath(join(root, 'closed'), 'image', LINUX, OWNS_ALL), {
    kind: 'file',
    header: isRoot ? { format: 'unknown' } : null,
  });
  t.equal(
    (await probePath(join(root, 'secret/file'), 'file', LINUX, OWNS_ALL)).kind,
    isRoot ? 'file' : 'unreadable',
  );
  chmodSync(join(root, 'secret'), 0o700);
});

t.test('directories: what is there, and whether this user could make what is not', async (t) => {
  const root = folderOf(t, {
    there: {},
    file: 'x',
    loop: t.fixture('symlink', 'loop'),
    link: t.fixture('symlink', 'not/yet'),
  });
  const probe = async (path: string) => probeDirectory(join(root, path));
  t.strictSame(await probe('there'), {
    path: join(root, 'there'),
    realPath: join(root, 'there'),
    state: 'writable',
    existing: join(root, 'there'),
    canBeMade: false,
    isOnReadOnlyMount: false,
  });
  t.match(await probe('a/b/c'), { state: 'missing', existing: root, canBeMade: true });
  t.match(await probe('link'), {
    state: 'missing',
    realPath: join(root, 'not/yet'),
    existing: root,
    canBeMade: true,
  });
  t.match(await probe('file'), { state: 'not-a-directory', canBeMade: false });
  t.match(await probe('file/a/b'), { state: 'missing', existing: join(root, 'file'), canBeMade: false });
  t.match(await probe('loop'), { state: 'loop', canBeMade: false });
  t.match(await probe(TOO_LONG), { state: 'unreadable', canBeMade: false });
  if (!isLinux) return;
  t.match(await probeDirectory(UNWRITABLE_DIRECTORY), { state: 'unwritable', canBeMade: false });
  t.match(await probeDirectory(`${UNWRITABLE_DIRECTORY}/a/b`), {
    state: 'missing',
    existing: UNWRITABLE_DIRECTORY,
    canBeMade: false,
  });
});

t.test('binaries are found as a shell finds them', onPosix, async (t) => {
  const root = folderOf(t, {
    first: { 'qemu-system-x86_64': 'no program', 'qemu-system-ppc64': {} },
    second: { 'qemu-system-x86_64': '#!/bin/true', 'qemu.exe': '#!/bin/true' },
  });
  chmodSync(join(root, 'first/qemu-system-x86_64'), 0o644);
  const program = join(root, 'second/qemu-system-x86_64');
  chmodSync(program, 0o755);
  chmodSync(join(root, 'second/qemu.exe'), 0o755);
  const settings = settingsOf(root, { searchPath: [join(root, 'first'), join(root, 'second')] });
  t.equal(await findProgram('qemu-system-x86_64', settings), program, 'the first that may be run');
  t.equal(await findProgram('qemu-system-ppc64', settings), null, 'a directory is no program');
  t.equal(await findProgram('qemu-system-riscv64', settings), null);
  t.equal(await findProgram(undefined, settings), null);
  t.equal(await findProgram(program, settings), program, 'a path is not looked for');
  t.equal(await findProgram(`${root}/first/../second//qemu-system-x86_64`, settings), program, 'normalised');
  t.equal(await findProgram(join(root, 'first/qemu-system-x86_64'), settings), null);
  const onWindows = { ...settings, machine: { os: 'windows', arch: 'x86_64' } as const };
  t.equal(await findProgram('qemu', onWindows), join(root, 'second/qemu.exe'));
  t.equal(await findProgram('qemu.exe', onWindows), join(root, 'second/qemu.exe'));
});

t.test('profiles: an earlier directory wins, and what it hides is reported', onPosix, async (t) => {
  const root = folderOf(t, {
    first: {
      'web.toml': 'first',
      '.hidden.toml': '',
      'note.txt': '',
      sub: { 'deep.toml': '' },
      'folder.toml': {},
    },
    second: { 'web.toml': 'second', 'db.toml': 'db', 'back\\slash.toml': '' },
    third: { 'web.toml': 'third', dangling: '' },
    elsewhere: { 'linked.toml': 'linked' },
  });
  makeFifo(join(root, 'second/pipe.toml'));
  symlinkSync('nowhere', join(root, 'third/gone.toml'));
  symlinkSync('../elsewhere/linked.toml', join(root, 'third/linked.toml'));
  const directories = ['first', 'second', 'third', 'absent'].map((scope) => ({
    scope,
    path: join(root, scope),
  }));
  const { profiles, problems } = await discoverProfiles(directories);
  t.strictSame(profiles, [
    { name: 'db', scope: 'second', path: join(root, 'second/db.toml'), conflicts: [] },
    { name: 'linked', scope: 'third', path: join(root, 'third/linked.toml'), conflicts: [] },
    { name: 'web', scope: 'first', path: join(root, 'first/web.toml'), conflicts: ['second', 'third'] },
  ]);
  t.strictSame(problems, [
    { scope: 'first', file: 'folder.toml', reason: 'is no regular file' },
    { scope: 'second', file: 'back\\slash.toml', reason: 'has a name that no profile can have' },
    { scope: 'second', file: 'pipe.toml', reason: 'is no regular file' },
    { scope: 'third', file: 'gone.toml', reason: 'is no regular file' },
    { scope: 'absent', file: null, reason: 'cannot be listed (ENOENT)' },
  ]);
  t.strictSame(await findProfile('web', directories), profiles[2], 'the same by name');
  t.strictSame(await findProfile('db', directories), profiles[0]);
  for (const name of [
    'absent',
    'folder',
    'pipe',
    'gone',
    'deep',
    '.hidden',
    '',
    '..',
    'sub/deep',
    '../first/web',
    'back\\slash',
    'a\0b',
    'x'.repeat(251),
  ]) {
    t.equal(await findProfile(name, directories), null, JSON.stringify(name.slice(0, 20)));
  }
  t.equal(isPlainStem('a b.c'), true);
});

t.test(
  'a file whose name is not UTF-8 is no profile',
  { skip: !isLinux && 'others refuse it' },
  async (t) => {
    const root = folderOf(t, { 'a.toml': '' });
    writeFileSync(Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0xff]), Buffer.from('.toml')]), '');
    const { profiles, problems } = await discoverProfiles([{ scope: 'here', path: root }]);
    t.strictSame(
      profiles.map(({ name }) => name),
      ['a'],
    );
    t.match(problems, [{ file: '\ufffd.toml', reason: 'is no regular file' }]);
  },
);

t.test('machines in the words of profiles', (t) => {
  t.strictSame(machineOf('linux', 'x64', 'LE'), { os: 'linux', arch: 'x86_64' });
  t.strictSame(machineOf('darwin', 'arm64', 'LE'), { os: 'darwin', arch: 'aarch64' });
  t.strictSame(machineOf('win32', 'x64', 'LE'), { os: 'windows', arch: 'x86_64' });
  t.strictSame(machineOf('freebsd', 'riscv64', 'LE'), { os: 'freebsd', arch: 'riscv64' });
  t.strictSame(machineOf('linux', 'ppc64', 'LE'), { os: 'linux', arch: 'ppc64le' });
  t.equal(machineOf('linux', 'ppc64', 'BE'), null, 'big-endian POWER is not planned for');
  t.equal(machineOf('aix', 'ppc64', 'LE'), null);
  t.equal(machineOf('linux', 's390x', 'LE'), null);
  t.strictSame(thisMachine(), machineOf(platform(), arch(), endianness()));
  t.end();
});

t.test('facts: the accelerator of the system, kvm only where this user may open it', async (t) => {
  const root = folderOf(t, { kvm: '' });
  const factsOf = async (changes: Partial<HostSettings>) => probeFacts(settingsOf(root, changes));
  t.strictSame(await factsOf({}), { accelerators: [], arch: 'x86_64', os: 'linux', project_root: root });
  t.strictSame((await factsOf({ kvmDevice: join(root, 'kvm') })).accelerators, ['kvm']);
  if (isLinux) t.strictSame((await factsOf({ kvmDevice: UNWRITABLE_FILE })).accelerators, []);
  t.strictSame((await factsOf({ machine: { os: 'darwin', arch: 'aarch64' } })).accelerators, ['hvf']);
  t.strictSame((await factsOf({ machine: { os: 'windows', arch: 'x86_64' } })).accelerators, ['whpx']);
  t.strictSame((await factsOf({ machine: { os: 'freebsd', arch: 'x86_64' } })).accelerators, []);
});

t.test('who this user is, and what this system is', async (t) => {
  const root = folderOf(t, {
    debian: 'PRETTY_NAME="Debian"\nVERSION_ID="12"\nID=debian\n',
    mint: 'ID_LIKE="ubuntu debian"\nID="linuxmint"\n',
    nothing: 'NAME=x\n',
    status: 'Uid:\t7\t7\t7\t7\n',
  });
  const read = async (...names: string[]) => {
    const text = await readOsRelease(names.map((name) => join(root, name)));
    return [distributionIn(text), releaseIn(text)];
  };
  t.strictSame(await read('absent', 'debian', 'mint'), [['debian'], '12']);
  t.strictSame(await read('mint'), [['linuxmint', 'ubuntu', 'debian'], null]);
  t.strictSame(await read('nothing'), [[], null]);
  t.strictSame(await read('absent'), [[], null]);
  const status = join(root, 'status');
  t.equal(await readUserName(status, join(root, 'absent')), null, 'a user whom no list names');
  t.equal(await readUserName(join(root, 'absent'), SYSTEM_FILES.users), null, 'a system without /proc');
});

t.test('kvm: missing, without permission, ready', onPosix, async (t) => {
  const root = folderOf(t, { kvm: '', private: '', loop: t.fixture('symlink', 'loop') });
  chmodSync(join(root, 'kvm'), 0o660);
  chmodSync(join(root, 'private'), 0o600);
  const { gid } = statSync(join(root, 'kvm'));
  const groups = join(root, 'group');
  writeFileSync(groups, `daemon:x:${gid + 1}:\nkvm:x:${gid}:a,b\n`);
  const system = { ...SYSTEM_FILES, groups };
  const look = async (name: string, changes: Partial<SystemFiles> = {}) =>
    probeKvm(join(root, name), { ...system, ...changes });
  t.match(await look('kvm'), { device: join(root, 'kvm'), state: 'ready', group: 'kvm' });
  t.match(await look('private'), { state: 'ready', group: null });
  t.match(
    await look('kvm', { groups: join(root, 'absent') }),
    { group: String(gid) },
    'without a list no name is known',
  );
  t.match(await look('absent'), { state: 'missing', group: null });
  t.match(await look('loop'), { state: 'no-permission', group: null });
  if (isLinux) t.match(await probeKvm(UNWRITABLE_FILE, system), { state: 'no-permission', group: null });
});
