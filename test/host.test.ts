/** Everything that looks at a host, with real files, links, pipes and sockets. Works as root and as anybody else. */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:net';
import { arch, endianness, platform, userInfo } from 'node:os';
import { basename, dirname, join } from 'node:path';
import t, { type Test } from 'tap';
import type { HostSurvey } from '../src/context/host_survey.ts';
import { discoverProfiles, findProfile, isPlainStem, readProfileFile } from '../src/host/discover.ts';
import { readBridgeRules, readLinks } from '../src/host/host_links.ts';
import { readListeners, readListeningSockets } from '../src/host/host_ports.ts';
import { imageFormatOf } from '../src/host/image_header.ts';
import { directoryState, lookAt, mayAccess, realPathOf } from '../src/host/look.ts';
import {
  findBinary,
  type HostSettings,
  machineOf,
  probeFacts,
  probeHost,
  thisMachine,
} from '../src/host/probe.ts';
import { type Examination, examineHost } from '../src/host/survey.ts';
import { surveyDirectory } from '../src/host/survey_directory.ts';
import { lookAtKvm, readDistribution, readUserName } from '../src/host/survey_system.ts';
import { SYSTEM_FILES, type SystemFiles } from '../src/host/system_files.ts';
import type { Draft } from '../src/profile/profile.ts';
import { readProfile } from '../src/profile/read_profile.ts';
import { changed } from './help/documents.ts';
import { given, LINUX } from './help/hosts.ts';

/** The kernel refuses to open these for writing or reading, and to create files there, even for root. */
const UNWRITABLE_FILE = '/proc/sys/kernel/ostype';
const UNREADABLE_FILE = '/proc/sys/vm/compact_memory';
const UNWRITABLE_DIRECTORY = '/proc/sys';
const TOO_LONG = 'x'.repeat(300);

const isLinux = platform() === 'linux';
const onLinux = isLinux ? {} : { skip: 'needs /proc and /sys' };
const onPosix = platform() === 'win32' ? { skip: 'needs mkfifo and permissions' } : {};

const LINUX_PC = { os: 'linux', arch: 'x86_64' } as const;

function settingsOf(projectRoot: string, changes: Partial<HostSettings> = {}): HostSettings {
  return {
    machine: LINUX_PC,
    projectRoot,
    strictPaths: false,
    searchPath: [],
    kvmDevice: join(projectRoot, 'no-kvm'),
    ...changes,
  };
}

/** A folder of this test by its real path: tap's own is reached through a link. */
function folderOf(t: Test, content: Parameters<Test['testdir']>[0]): string {
  return realpathSync(t.testdir(content));
}

function makeFifo(path: string): void {
  spawnSync('mkfifo', [path]);
}

/** A socket that nobody listens on: its name is not the one that closing removes. */
async function leaveSocket(t: Test, directory: string, name: string): Promise<void> {
  const server = await listenIn(t, directory, 'short-lived');
  renameSync(join(directory, 'short-lived'), join(directory, name));
  await new Promise((resolve) => server.close(resolve));
}

/** Listens on a relative name, since the whole path may be too long for a socket. */
async function listenIn(t: Test, directory: string, name: string): Promise<Server> {
  const before = process.cwd();
  process.chdir(directory);
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(name, resolve));
  process.chdir(before);
  t.teardown(() => server.close());
  return server;
}

t.test('image formats by their first bytes', (t) => {
  const rows: [format: string, bytes: Buffer][] = [
    ['unknown', Buffer.alloc(0)],
    ['unknown', Buffer.alloc(512)],
    ['unknown', Buffer.from('QFI')],
    ['qcow2', Buffer.from('514649fb00000003', 'hex')],
    ['qcow2', Buffer.from('514649fb00000002', 'hex')],
    ['qcow', Buffer.from('514649fb00000001', 'hex')],
    ['vmdk', Buffer.from('KDMV\x01\x00\x00\x00', 'latin1')],
    ['vmdk', Buffer.from('COWD')],
    ['vmdk', Buffer.from('# Disk DescriptorFile\nversion=1\n')],
    [
      'vdi',
      Buffer.concat([Buffer.alloc(64, '<<< QEMU VM Virtual Disk Image >>>\n'), hex('7f10dabe01000100')]),
    ],
    ['vhdx', Buffer.from('vhdxfile')],
    ['vpc', Buffer.from('conectix')],
    ['qed', Buffer.from('QED\0')],
    ['parallels', Buffer.from('WithoutFreeSpace')],
    ['parallels', Buffer.from('WithouFreSpacExt')],
  ];
  for (const [format, bytes] of rows)
    t.equal(imageFormatOf(bytes), format, bytes.subarray(0, 21).toString('latin1'));
  t.end();
});

function hex(digits: string): Buffer {
  return Buffer.from(digits, 'hex');
}

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
  const both = { header: true, parent: true };
  const look = async (path: string) => lookAt(join(root, path), both);
  t.strictSame(await look('disk.qcow2'), {
    kind: 'file',
    realPath: join(root, 'disk.qcow2'),
    header: 'qcow2',
    parent: 'writable',
  });
  t.match(await look('link'), { kind: 'file', realPath: join(root, 'disk.qcow2'), header: 'qcow2' });
  t.match(await look('empty'), { kind: 'file', header: 'unknown' });
  t.match(await look('directory'), { kind: 'directory', header: null, parent: 'writable' });
  t.match(await look('pipe'), { kind: 'other', header: null });
  t.match(await look('loop'), { kind: 'loop', header: null });
  t.match(await look('absent/file'), { kind: 'missing', header: null, parent: 'missing' });
  t.match(await look('empty/file'), { kind: 'missing', parent: 'missing' });
  t.match(await look('empty/directory/file'), { kind: 'missing', parent: 'missing' });
  t.match(await look(`${TOO_LONG}/file`), { kind: 'unreadable', header: null, parent: 'unwritable' });
  t.strictSame(await lookAt(join(root, 'empty'), { header: false, parent: false }), {
    kind: 'file',
    realPath: join(root, 'empty'),
    header: null,
    parent: null,
  });
});

t.test('what this user may not read has no header', onLinux, async (t) => {
  t.match(await lookAt(UNREADABLE_FILE, { header: true, parent: true }), {
    kind: 'file',
    header: null,
    parent: 'unwritable',
  });
  t.equal(await directoryState(UNWRITABLE_DIRECTORY), 'unwritable');
  t.equal(await mayAccess(UNWRITABLE_FILE, 2), false);
  t.equal(await mayAccess(UNWRITABLE_FILE, 4), true);
});

t.test('a file without permissions is unreadable for all but root', onPosix, async (t) => {
  const root = folderOf(t, { secret: { file: 'x' }, closed: 'x' });
  chmodSync(join(root, 'closed'), 0);
  chmodSync(join(root, 'secret'), 0);
  const isRoot = userInfo().uid === 0;
  t.match(await lookAt(join(root, 'closed'), { header: true, parent: false }), {
    kind: 'file',
    header: isRoot ? 'unknown' : null,
  });
  t.equal(
    (await lookAt(join(root, 'secret/file'), { header: false, parent: false })).kind,
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
  const survey = async (path: string) => surveyDirectory(join(root, path));
  t.strictSame(await survey('there'), {
    path: join(root, 'there'),
    realPath: join(root, 'there'),
    state: 'writable',
    existing: join(root, 'there'),
    canBeMade: false,
  });
  t.match(await survey('a/b/c'), { state: 'missing', existing: root, canBeMade: true });
  t.match(await survey('link'), {
    state: 'missing',
    realPath: join(root, 'not/yet'),
    existing: root,
    canBeMade: true,
  });
  t.match(await survey('file'), { state: 'not-a-directory', canBeMade: false });
  t.match(await survey('file/a/b'), { state: 'missing', existing: join(root, 'file'), canBeMade: false });
  t.match(await survey('loop'), { state: 'loop', canBeMade: false });
  t.match(await survey(TOO_LONG), { state: 'unreadable', canBeMade: false });
  if (!isLinux) return;
  t.match(await surveyDirectory(UNWRITABLE_DIRECTORY), { state: 'unwritable', canBeMade: false });
  t.match(await surveyDirectory(`${UNWRITABLE_DIRECTORY}/a/b`), {
    state: 'missing',
    existing: UNWRITABLE_DIRECTORY,
    canBeMade: false,
  });
});

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
  t.equal(await findBinary('qemu-system-x86_64', settings), program, 'the first that may be run');
  t.equal(await findBinary('qemu-system-ppc64', settings), null, 'a directory is no program');
  t.equal(await findBinary('qemu-system-riscv64', settings), null);
  t.equal(await findBinary(undefined, settings), null);
  t.equal(await findBinary(program, settings), program, 'a path is not looked for');
  t.equal(await findBinary(`${root}/first/../second//qemu-system-x86_64`, settings), program, 'normalised');
  t.equal(await findBinary(join(root, 'first/qemu-system-x86_64'), settings), null);
  const onWindows = { ...settings, machine: { os: 'windows', arch: 'x86_64' } as const };
  t.equal(await findBinary('qemu', onWindows), join(root, 'second/qemu.exe'));
  t.equal(await findBinary('qemu.exe', onWindows), join(root, 'second/qemu.exe'));
});

function draftOf(change: Record<string, unknown>): Draft {
  return readProfile(changed(change)).draft;
}

/** A profile that uses paths of every kind. */
const EVERYTHING = {
  'storage.disks': [
    { name: 'root', path: 'images/root.qcow2', format: 'qcow2' },
    { name: 'data', path: 'images/deep/data.raw', format: 'raw', size_gb: 4 },
    { name: 'same', path: 'images/root.qcow2', format: 'qcow2' },
    { name: 'share', path: 'share', format: 'host-path' },
  ],
  'serial.mode': 'socket',
  qmp: {},
  kernel: { enabled: true, bzimage: 'bzImage', initrd: 'bzImage' },
};

t.test('probing looks at every path that a draft uses, and at no other', async (t) => {
  const root = folderOf(t, {
    images: { 'root.qcow2': Buffer.from('514649fb00000003', 'hex') },
    share: {},
    bzImage: 'x',
    link: t.fixture('symlink', '.'),
  });
  const settings = settingsOf(join(root, 'link'), { strictPaths: true });
  const host = await probeHost(draftOf({ ...EVERYTHING, 'serial.logfile': 'unused.log' }), settings);
  t.equal(host.strictPaths, true);
  t.strictSame(host.facts, await probeFacts(settings));
  t.equal(host.sight?.binary, null);
  t.equal(host.sight?.realRoot, root, 'the root is followed');
  const sights = Object.fromEntries(host.sight?.paths ?? []);
  const at = (path: string) => join(root, 'link', path);
  t.strictSame(
    Object.keys(sights).sort(),
    [
      'bzImage',
      'images/deep/data.raw',
      'images/root.qcow2',
      'run/lab.qmp.sock',
      'run/lab.serial.sock',
      'share',
    ].map(at),
  );
  t.strictSame(sights[at('images/root.qcow2')], {
    kind: 'file',
    realPath: join(root, 'images/root.qcow2'),
    header: 'qcow2',
    parent: null,
  });
  t.match(sights[at('bzImage')], { kind: 'file', header: null, parent: null });
  t.match(sights[at('run/lab.qmp.sock')], { kind: 'missing', parent: 'missing' });
  const empty = await probeHost(readProfile(null).draft, settings);
  t.strictSame(empty.sight, { binary: null, realRoot: root, paths: new Map() });
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
  });
  makeFifo(join(root, 'second/pipe.toml'));
  symlinkSync('nowhere', join(root, 'third/gone.toml'));
  const directories = ['first', 'second', 'third', 'absent'].map((scope) => ({
    scope,
    path: join(root, scope),
  }));
  const { profiles, problems } = await discoverProfiles(directories);
  t.strictSame(profiles, [
    { name: 'db', scope: 'second', path: join(root, 'second/db.toml'), conflicts: [] },
    { name: 'web', scope: 'first', path: join(root, 'first/web.toml'), conflicts: ['second', 'third'] },
  ]);
  t.strictSame(problems, [
    { scope: 'first', file: 'folder.toml', reason: 'is no regular file' },
    { scope: 'second', file: 'back\\slash.toml', reason: 'has a name that no profile can have' },
    { scope: 'second', file: 'pipe.toml', reason: 'is no regular file' },
    { scope: 'third', file: 'gone.toml', reason: 'is no regular file' },
    { scope: 'absent', file: null, reason: 'cannot be listed (ENOENT)' },
  ]);
  t.strictSame(await findProfile('web', directories), profiles[1], 'the same by name');
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

t.test('profile files are read up to a limit, and never block', onPosix, async (t) => {
  const root = folderOf(t, { 'a.toml': '0123456789', directory: {} });
  makeFifo(join(root, 'pipe'));
  const read = async (name: string, limit = 10) => readProfileFile(join(root, name), limit);
  t.strictSame(await read('a.toml'), { bytes: Buffer.from('0123456789') });
  t.strictSame(await read('a.toml', 9), { reason: 'is larger than 9 bytes' });
  t.strictSame(await read('absent'), { reason: 'cannot be read (ENOENT)' });
  t.strictSame(await read('directory'), { reason: 'cannot be read (EISDIR)' });
  t.match(await read('pipe'), { reason: /^cannot be read \(E[A-Z]+\)$/ });
});

const PROC_NET = {
  tcp: [
    '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
    '   0: 0100007F:08AE 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1 0 100 0 0 10 0',
    '   1: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 2 1 0 100 0 0 10 0',
    '   2: 0100007F:1F90 0100007F:C001 01 00000000:00000000 00:00000000 00000000     0        0 3 1 0 20 4 30 10 -1',
    '',
  ].join('\n'),
  tcp6: [
    '  sl  local_address                         remote_address                        st',
    '   0: 00000000000000000000000000000000:0050 00000000000000000000000000000000:0000 0A 0',
    '   1: 0000000000000000FFFF00000101A8C0:01BB 00000000000000000000000000000000:0000 0A 0',
    '   2: 00000000000000000000000001000000:2328 00000000000000000000000000000000:0000 0A 0',
    '   3: 000080FE00000000FF005D02AA11FEFF:2329 00000000000000000000000000000000:0000 0A 0',
    '',
  ].join('\n'),
  udp: [
    '   sl  local_address rem_address   st',
    '  10: 3500007F:0035 00000000:0000 07 0',
    '  11: 0100007F:0036 0100007F:0037 01 0',
    '',
  ].join('\n'),
  unix: [
    'Num       RefCount Protocol Flags    Type St Inode Path',
    '00000000a: 00000002 00000000 00010000 0001 01 11 /srv/lab/run/lab.qmp.sock',
    '00000000b: 00000002 00000000 00010000 0001 01 12 /srv/my lab/a b.sock',
    '00000000c: 00000002 00000000 00010000 0001 01 13 @abstract',
    '00000000d: 00000003 00000000 00000000 0001 03 14 /srv/lab/run/connected.sock',
    '00000000e: 00000003 00000000 00000000 0001 03 15',
    '',
  ].join('\n'),
};

t.test("ports in use, by the kernel's tables", async (t) => {
  const root = folderOf(t, { net: PROC_NET, empty: {} });
  t.strictSame(await readListeners(join(root, 'net')), [
    { protocol: 'tcp', address: '127.0.0.1', port: 2222 },
    { protocol: 'tcp', address: '0.0.0.0', port: 22 },
    { protocol: 'tcp', address: '::', port: 80 },
    { protocol: 'tcp', address: '192.168.1.1', port: 443 },
    { protocol: 'udp', address: '127.0.0.53', port: 53 },
  ]);
  t.equal(await readListeners(join(root, 'empty')), null, 'without tables nothing is known');
  t.strictSame(
    await readListeningSockets(join(root, 'net')),
    new Set(['/srv/lab/run/lab.qmp.sock', '/srv/my lab/a b.sock', '@abstract']),
  );
  t.equal(await readListeningSockets(join(root, 'empty')), null);
});

t.test('ports in use on this very host', onLinux, async (t) => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const listeners = await readListeners(SYSTEM_FILES.procNet);
  t.ok(
    listeners?.some((one) => one.protocol === 'tcp' && one.address === '127.0.0.1' && one.port === port),
    `port ${port} is taken`,
  );
});

t.test('network devices and the list of the bridge helper', async (t) => {
  const root = folderOf(t, {
    net: { 'lab-tap0': { tun_flags: '0x1002' }, br0: { bridge: {} }, eth0: {} },
    'bridge.conf': '# comment\n\n  allow br0  \ninclude /etc/qemu/more.conf\n',
    directory: {},
  });
  t.strictSame(
    await readLinks(join(root, 'net')),
    new Map([
      ['br0', 'bridge'],
      ['eth0', 'other'],
      ['lab-tap0', 'tap'],
    ]),
  );
  t.equal(await readLinks(join(root, 'absent')), null);
  t.strictSame(await readBridgeRules(join(root, 'bridge.conf')), [
    'allow br0',
    'include /etc/qemu/more.conf',
  ]);
  t.strictSame(await readBridgeRules(join(root, 'absent')), []);
  t.equal(await readBridgeRules(join(root, 'directory')), null);
});

t.test('who this user is, and what this system is', async (t) => {
  const root = folderOf(t, {
    debian: 'PRETTY_NAME="Debian"\nVERSION_ID="12"\nID=debian\n',
    mint: 'ID_LIKE="ubuntu debian"\nID="linuxmint"\n',
    nothing: 'NAME=x\n',
    status: 'Uid:\t7\t7\t7\t7\n',
  });
  const read = async (...names: string[]) => readDistribution(names.map((name) => join(root, name)));
  t.strictSame(await read('absent', 'debian', 'mint'), ['debian']);
  t.strictSame(await read('mint'), ['linuxmint', 'ubuntu', 'debian']);
  t.strictSame(await read('nothing'), []);
  t.strictSame(await read('absent'), []);
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
  const look = async (name: string, list = groups) => lookAtKvm(join(root, name), list);
  t.strictSame(await look('kvm'), { device: join(root, 'kvm'), state: 'ready', group: 'kvm' });
  t.match(await look('private'), { state: 'ready', group: null });
  t.match(await look('kvm', join(root, 'absent')), { group: null }, 'without a list no name is known');
  t.match(await look('absent'), { state: 'missing', group: null });
  t.match(await look('loop'), { state: 'no-permission', group: null });
  if (isLinux) t.match(await lookAtKvm(UNWRITABLE_FILE, groups), { state: 'no-permission', group: null });
});

function systemIn(root: string): SystemFiles {
  return {
    osRelease: [join(root, 'os-release')],
    groups: join(root, 'group'),
    procNet: join(root, 'proc'),
    sysNet: join(root, 'sys'),
    bridgeRules: join(root, 'bridge.conf'),
    processStatus: join(root, 'status'),
    users: join(root, 'passwd'),
  };
}

function examinationOf(root: string, changes: Partial<Examination> = {}): Examination {
  return {
    settings: settingsOf(root),
    directories: [],
    logs: { directory: join(root, 'logs/vmlab'), root: join(root, 'logs'), failure: null },
    profile: null,
    system: systemIn(root),
    ...changes,
  };
}

t.test('a survey of the host alone', onPosix, async (t) => {
  const root = folderOf(t, {
    bin: { 'qemu-system-x86_64': '', 'qemu-img': '' },
    kvm: '',
    logs: { vmlab: {} },
    first: { 'web.toml': '', 'bad.toml': {} },
    second: { 'web.toml': '' },
    'os-release': 'ID=debian\n',
    group: '',
    status: 'Name:\tnode\nUid:\t1000\t0\t0\t0\n',
    passwd: 'root:x:0:0:root:/root:/bin/sh\ndev:x:1000:1000::/:\n',
  });
  for (const name of readdirSync(join(root, 'bin'))) chmodSync(join(root, 'bin', name), 0o755);
  chmodSync(join(root, 'kvm'), 0o600);
  const settings = settingsOf(root, { searchPath: [join(root, 'bin')], kvmDevice: join(root, 'kvm') });
  const directories = ['first', 'second', 'absent'].map((scope) => ({ scope, path: join(root, scope) }));
  const directory = (path: string, changes: object = {}) => ({
    path: join(root, path),
    realPath: join(root, path),
    state: 'writable',
    existing: join(root, path),
    canBeMade: false,
    ...changes,
  });
  const expected: HostSurvey = {
    facts: { accelerators: ['kvm'], arch: 'x86_64', os: 'linux', project_root: root },
    user: 'dev',
    distribution: ['debian'],
    binaries: { x86_64: join(root, 'bin/qemu-system-x86_64'), aarch64: null, riscv64: null, ppc64le: null },
    imageTool: join(root, 'bin/qemu-img'),
    kvm: { device: join(root, 'kvm'), state: 'ready', group: null },
    projectRoot: directory('.') as HostSurvey['projectRoot'],
    profileDirectories: [
      {
        scope: 'first',
        directory: directory('first') as HostSurvey['projectRoot'],
        profiles: 1,
        problems: [{ file: 'bad.toml', reason: 'is no regular file' }],
      },
      {
        scope: 'second',
        directory: directory('second') as HostSurvey['projectRoot'],
        profiles: 0,
        problems: [],
      },
      {
        scope: 'absent',
        directory: directory('absent', {
          state: 'missing',
          existing: root,
          canBeMade: true,
        }) as HostSurvey['projectRoot'],
        profiles: 0,
        problems: [{ file: null, reason: 'cannot be listed (ENOENT)' }],
      },
    ],
    profileConflicts: [{ name: 'web', scope: 'first', hidden: ['second'] }],
    logs: {
      directory: directory('logs/vmlab') as HostSurvey['projectRoot'],
      realRoot: join(root, 'logs'),
      failure: 'ENOSPC',
    },
    profile: null,
  };
  const logs = { directory: join(root, 'logs/vmlab'), root: join(root, 'logs'), failure: 'ENOSPC' };
  t.strictSame(await examineHost(examinationOf(root, { settings, directories, logs })), expected);
  const elsewhere = settingsOf(root, { machine: { os: 'darwin', arch: 'aarch64' } });
  t.match(await examineHost(examinationOf(root, { settings: elsewhere })), {
    kvm: null,
    distribution: [],
    user: null,
  });
  const { system, ...unchanged } = examinationOf(root);
  t.type(system, 'object');
  t.equal(
    (await examineHost(unchanged)).user,
    userInfo().username,
    'without stand-ins the system itself is asked',
  );
});

t.test('a survey with a profile', onPosix, async (t) => {
  const root = folderOf(t, {
    images: { 'root.qcow2': Buffer.from('514649fb00000003', 'hex') },
    share: {},
    bzImage: 'x',
    run: {},
    logs: {},
    proc: PROC_NET,
    sys: { br0: { bridge: {} } },
    'bridge.conf': 'allow br0\n',
  });
  await leaveSocket(t, join(root, 'run'), 'lab.qmp.sock');
  await listenIn(t, join(root, 'run'), 'lab.serial.sock');
  const serial = join(root, 'run/lab.serial.sock');
  writeFileSync(join(root, 'proc/unix'), `head\n0000: 00000002 00000000 00010000 0001 01 11 ${serial}\n`);
  const draft = draftOf(EVERYTHING);
  const settings = settingsOf(root);
  const host = await probeHost(draft, settings);
  const { profile, facts } = await examineHost(examinationOf(root, { settings, profile: { draft, host } }));
  t.equal(facts, host.facts);
  t.equal(profile?.binary, null);
  t.equal(profile?.listeners?.length, 5);
  t.strictSame(profile?.links, new Map([['br0', 'bridge']]));
  t.strictSame(profile?.bridgeRules, ['allow br0']);
  t.equal(profile?.files.size, 6);
  const fileAt = (path: string) => profile?.files.get(join(root, path));
  t.match(fileAt('images/root.qcow2'), { socket: null, isWritable: true, directory: { state: 'writable' } });
  t.match(fileAt('images/deep/data.raw'), {
    sight: { kind: 'missing' },
    isWritable: false,
    directory: { state: 'missing', existing: join(root, 'images'), canBeMade: true },
    space: { device: String(statSync(root).dev), freeBytes: Number },
  });
  t.match(fileAt('share'), { space: null, socket: null });
  t.equal(fileAt('run/lab.qmp.sock')?.socket, 'silent');
  t.equal(fileAt('run/lab.serial.sock')?.socket, 'listening');
  const withoutTables = { ...systemIn(root), procNet: join(root, 'absent') };
  const blind = await examineHost(
    examinationOf(root, { settings, profile: { draft, host }, system: withoutTables }),
  );
  t.equal(blind.profile?.files.get(serial)?.socket, 'unknown');
  t.equal(blind.profile?.listeners, null);
});

t.test('a survey off Linux, or of a host that was not looked at', onPosix, async (t) => {
  const root = folderOf(t, { proc: PROC_NET, sys: {}, 'bridge.conf': '' });
  symlinkSync(TOO_LONG, join(root, 'link'));
  const draft = draftOf({ ...EVERYTHING, 'storage.disks.0.path': 'link/disk' });
  const settings = settingsOf(root, { machine: { os: 'darwin', arch: 'aarch64' } });
  const host = await probeHost(draft, settings);
  const mac = await examineHost(examinationOf(root, { settings, profile: { draft, host } }));
  t.match(mac.profile, { listeners: null, links: null, bridgeRules: null });
  t.match(mac.profile?.files.get(join(root, 'link', 'disk')), {
    sight: { kind: 'unreadable' },
    space: null,
  });
  const unseen = await examineHost(examinationOf(root, { profile: { draft, host: given(LINUX) } }));
  t.match(unseen.profile, { binary: null, files: new Map() });
  t.equal(unseen.facts, LINUX);
});

t.test('looking changes nothing', onPosix, async (t) => {
  const root = folderOf(t, { images: {}, first: { 'web.toml': '' }, logs: {} });
  mkdirSync(join(root, 'run'));
  const before = listing(root);
  const draft = draftOf(EVERYTHING);
  const settings = settingsOf(root, { searchPath: [root] });
  const host = await probeHost(draft, settings);
  await examineHost(
    examinationOf(root, {
      settings,
      directories: [{ scope: 'first', path: join(root, 'first') }],
      profile: { draft, host },
    }),
  );
  t.strictSame(listing(root), before);
});

/** Every entry below a directory with what a change would change. */
function listing(root: string): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true }).map((entry) => {
    const path = join(entry.parentPath, entry.name);
    const { mtimeMs, ctimeMs, mode, size } = statSync(path);
    return [dirname(path), basename(path), mtimeMs, ctimeMs, mode, size].join(' ');
  });
}
