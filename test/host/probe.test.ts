/** What probing asks: all that a profile needs, and the machine itself. Works as root and as anybody else. */
import { chmodSync, mkdirSync, readdirSync, renameSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { basename, dirname, join } from 'node:path';
import t from 'tap';
import { plainFacts } from '../../src/facts/host_facts.ts';
import { lookAround, probeFacts, probeHost } from '../../src/host/probe_host.ts';
import { type MachineSettings, probeMachine } from '../../src/host/probe_machine.ts';
import { probeNetwork } from '../../src/host/probe_network.ts';
import type { SystemFiles } from '../../src/host/system_files.ts';
import { changed } from '../help/documents.ts';
import { DARWIN, directoryAt, LINUX } from '../help/hosts.ts';
import type { ProbedMachine } from '../help/machines.ts';
import { draftOf } from '../help/plans.ts';
import { folderOf, onPosix, settingsOf, TOO_LONG } from '../help/this_host.ts';

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

const PROC_NET = {
  unix: [
    'Num       RefCount Protocol Flags    Type St Inode Path',
    '00000000a: 00000002 00000000 00010000 0001 01 11 /srv/lab/run/lab.qmp.sock',
    '00000000b: 00000002 00000000 00010000 0001 01 12 /srv/my lab/a b.sock',
    '00000000c: 00000002 00000000 00010000 0001 01 13 @abstract',
    '00000000d: 00000003 00000000 00000000 0001 03 14 /srv/lab/run/connected.sock',
    '00000000e: 00000003 00000000 00000000 0001 03 15',
    '00000000f: 00000002 00000000 00010000 0001 01 16 run/relative.sock',
    '000000010: 00000003 00000000 00000000 0001 03 17 run/relative.sock',
    '',
  ].join('\n'),
};

function systemIn(root: string): SystemFiles {
  return {
    osRelease: [join(root, 'os-release')],
    groups: join(root, 'group'),
    procNet: join(root, 'proc'),
    processes: join(root, 'processes'),
    sysNet: join(root, 'sys'),
    bridgeRules: join(root, 'bridge.conf'),
    bridgeHelpers: [join(root, 'folder-of-helper'), join(root, 'bridge-helper'), '/etc/passwd'],
    sysctlIpv4: join(root, 'ipv4'),
    tunDevice: join(root, 'tun'),
    vsockDevice: join(root, 'vsock'),
    vhostNetDevice: join(root, 'vhost-net'),
    locks: join(root, 'locks'),
    processStatus: join(root, 'status'),
    cpuInfo: join(root, 'cpuinfo'),
    onlineCpus: join(root, 'online'),
    memInfo: join(root, 'meminfo'),
    overcommit: join(root, 'overcommit'),
    hugePages: join(root, 'hugepages'),
    memoryNodes: join(root, 'node'),
    processLimits: join(root, 'limits'),
    ioUringDisabled: join(root, 'io-uring'),
    users: join(root, 'passwd'),
    dpkg: join(root, 'dpkg'),
    apk: [join(root, 'apk')],
    pacman: join(root, 'pacman'),
    firmware: [join(root, 'etc-firmware'), join(root, 'firmware')],
    virtiofsd: [join(root, 'virtiofsd'), join(root, 'other')],
    sysUsb: join(root, 'usb'),
    usbNodes: join(root, 'usb-nodes'),
    sysPci: join(root, 'pci'),
    vfioNodes: join(root, 'vfio'),
    sysBlock: join(root, 'block'),
    mountInfo: join(root, 'mountinfo'),
    swaps: join(root, 'swaps'),
  };
}

function settingsFor(root: string, changes: Partial<MachineSettings> = {}): MachineSettings {
  return {
    host: settingsOf(root),
    profileDirectories: [],
    logHealth: { directory: join(root, 'logs/vmlab'), root: join(root, 'logs'), failure: null },
    ...changes,
  };
}

t.test('probing looks at every path that a draft uses, and at no other', async (t) => {
  const root = folderOf(t, {
    images: { 'root.qcow2': Buffer.from('514649fb00000003', 'hex') },
    share: {},
    bzImage: 'x',
    link: t.fixture('symlink', '.'),
  });
  const settings = settingsOf(join(root, 'link'), { strictPaths: true });
  const host = await probeHost(draftOf(changed({ ...EVERYTHING, 'serial.logfile': 'unused.log' })), settings);
  t.equal(host.strictPaths, true);
  t.strictSame(plainFacts(host.facts), await probeFacts(settings));
  t.equal(host.probed?.binary, null);
  t.equal(host.probed?.realRoot, root, 'the root is followed');
  const paths = Object.fromEntries(host.probed?.paths ?? []);
  const at = (path: string) => join(root, 'link', path);
  t.strictSame(
    Object.keys(paths).sort(),
    [
      'bzImage',
      'images/deep/data.raw',
      'images/root.qcow2',
      'run/lab.qmp.sock',
      'run/lab.serial.sock',
      'share',
    ].map(at),
  );
  t.match(paths[at('images/root.qcow2')], {
    kind: 'file',
    realPath: join(root, 'images/root.qcow2'),
    header: { format: 'qcow2' },
    space: Object,
  });
  t.match(paths[at('images/deep/data.raw')], {
    kind: 'missing',
    isWritable: false,
    directory: { state: 'missing', existing: join(root, 'images'), canBeMade: true },
    space: { device: String(statSync(root).dev), freeBytes: Number },
  });
  t.match(paths[at('bzImage')], { kind: 'file', header: null, space: null });
  t.match(paths[at('share')], { kind: 'directory', space: null, isSocket: false });
  t.match(paths[at('run/lab.qmp.sock')], { kind: 'missing', directory: { state: 'missing' } });
  const empty = await probeHost(draftOf(null), settings);
  t.match(empty.probed, { binary: null, realRoot: root });
  t.equal(empty.probed?.paths.size, 0);
});

t.test('the machine itself', onPosix, async (t) => {
  const root = folderOf(t, {
    bin: { 'qemu-system-x86_64': '', 'qemu-img': '' },
    kvm: '',
    logs: { vmlab: {} },
    first: { 'web.toml': '', 'bad.toml': {} },
    second: { 'web.toml': '' },
    'os-release': 'ID=debian\nVERSION_ID="13"\n',
    group: '',
    status: 'Name:\tnode\nUid:\t1000\t0\t0\t0\n',
    cpuinfo: 'processor\t: 0\nflags\t\t: fpu hypervisor lm\n\nprocessor\t: 1\nflags\t\t: fpu hypervisor lm\n',
    passwd: 'root:x:0:0:root:/root:/bin/sh\ndev:x:1000:1000::/:\n',
  });
  mkdirSync(join(root, 'dpkg/info'), { recursive: true });
  writeFileSync(
    join(root, 'dpkg/status'),
    'Package: qemu-system-x86\nStatus: install ok installed\nSource: qemu\nVersion: 1:9.2.4+ds-1\n',
  );
  writeFileSync(
    join(root, 'dpkg/info/qemu-system-x86.list'),
    `/.\n${join(root, 'bin/qemu-system-x86_64')}\n`,
  );
  for (const name of readdirSync(join(root, 'bin'))) chmodSync(join(root, 'bin', name), 0o755);
  chmodSync(join(root, 'kvm'), 0o600);
  const settings = settingsOf(root, { searchPath: [join(root, 'bin')], kvmDevice: join(root, 'kvm') });
  const profileDirectories = ['first', 'second', 'absent'].map((scope) => ({
    scope,
    path: join(root, scope),
  }));
  const directory = (path: string, changes = {}) => directoryAt(join(root, path), changes);
  const expected: ProbedMachine = {
    facts: { accelerators: ['kvm'], arch: 'x86_64', os: 'linux', project_root: root },
    user: 'dev',
    distribution: ['debian'],
    release: '13',
    binaries: { x86_64: join(root, 'bin/qemu-system-x86_64'), aarch64: null, riscv64: null, ppc64le: null },
    packages: {
      x86_64: { name: 'qemu-system-x86', version: '1:9.2.4+ds-1', qemuVersion: '9.2' },
      aarch64: null,
      riscv64: null,
      ppc64le: null,
    },
    imageTool: join(root, 'bin/qemu-img'),
    seedTool: null,
    kvm: { device: join(root, 'kvm'), state: 'ready', group: null, membership: 'none', isDoubtful: true },
    projectRoot: directory('.'),
    profileDirectories: [
      {
        scope: 'first',
        directory: directory('first'),
        profiles: 1,
        problems: [{ file: 'bad.toml', reason: 'is no regular file' }],
      },
      {
        scope: 'second',
        directory: directory('second'),
        profiles: 0,
        problems: [],
      },
      {
        scope: 'absent',
        directory: directory('absent', {
          state: 'missing',
          existing: root,
          canBeMade: true,
        }),
        profiles: 0,
        problems: [{ file: null, reason: 'cannot be listed (ENOENT)' }],
      },
    ],
    profileConflicts: [{ name: 'web', scope: 'first', hidden: ['second'] }],
    logs: {
      directory: directory('logs/vmlab'),
      realRoot: join(root, 'logs'),
      failure: 'ENOSPC',
    },
  };
  const logHealth = { directory: join(root, 'logs/vmlab'), root: join(root, 'logs'), failure: 'ENOSPC' };
  const all = settingsFor(root, { host: settings, profileDirectories, logHealth });
  const facts = await probeFacts(settings);
  t.strictSame(await probeMachine(facts, all, systemIn(root)), expected);
  const elsewhere = settingsOf(root, { machine: { os: 'darwin', arch: 'aarch64' } });
  const mac = await probeMachine(
    await probeFacts(elsewhere),
    settingsFor(root, { host: elsewhere }),
    systemIn(root),
  );
  t.match(mac, { kvm: null, distribution: [], release: null, user: null });
  t.equal(
    (await probeMachine(facts, settingsFor(root))).user,
    userInfo().username,
    'without stand-ins the system itself is asked',
  );
});

t.test('virtiofsd, where a share asks for it and it can be run', onPosix, async (t) => {
  const root = folderOf(t, { share: {} });
  const share = { name: 'src', path: 'share', type: 'virtiofs' };
  const settings = settingsOf(root);
  const found = async (shares: readonly object[]) => {
    const draft = draftOf(changed({ schema_version: 2, shares }));
    return (await probeHost(draft, settings, await lookAround(settings, systemIn(root)))).facts.virtiofsd;
  };
  t.equal(await found([share]), undefined, 'missing');
  writeFileSync(join(root, 'virtiofsd'), '#!/bin/sh\n', { mode: 0o755 });
  t.equal(await found([share]), join(root, 'virtiofsd'));
  renameSync(join(root, 'virtiofsd'), join(root, 'other'));
  mkdirSync(join(root, 'virtiofsd'));
  t.equal(await found([share]), join(root, 'other'), 'a directory is no program');
  t.equal(await found([]), undefined, 'nobody asks');
});

t.test('what all processes of a host share', async (t) => {
  const root = folderOf(t, {
    proc: { ...PROC_NET, tcp: '', fib_trie: 'Local:\n' },
    ipv4: {
      ip_local_port_range: '1\t2\n',
      ip_local_reserved_ports: '\n',
      ip_unprivileged_port_start: '3\n',
    },
    sys: { br0: { bridge: {} } },
    tun: '',
    vsock: '',
    status: 'Uid:\t1\t2\t1\t1\nGid:\t1\t3\t1\t1\nGroups:\t\nCapEff:\t0\n',
    'bridge.conf': 'include more.conf\n',
    'more.conf': 'allow br0\n',
  });
  const network = await probeNetwork({ ...LINUX, project_root: root }, systemIn(root));
  t.match(network, {
    boundPorts: [],
    portRules: { ephemeral: { first: 1, last: 2 }, reserved: [], firstUnprivileged: 3 },
    addresses: [{ address: '0.0.0.0', bits: 32 }],
    tunDevice: 'ready',
    vsockDevice: 'ready',
    rights: { user: 2, groups: [3] },
    bridgeRules: { state: 'complete', rules: [{ bridge: 'br0', file: join(root, 'more.conf') }] },
  });
  t.equal(network.unixSockets?.length, 5);
  t.strictSame(network.links, new Map([['br0', { kind: 'bridge' }]]));
  const unknown = {
    boundPorts: null,
    portRules: null,
    addresses: null,
    ipv6Addresses: null,
    unixSockets: null,
    links: null,
    tunDevice: null,
    vsockDevice: null,
    vhostNetDevice: null,
    rights: null,
    bridgeRules: null,
    bridgeHelper: null,
    imageLocks: null,
  };
  t.strictSame(await probeNetwork(DARWIN, systemIn(root)), unknown, 'off Linux nobody knows');
  const nothing = systemIn(join(root, 'absent'));
  t.strictSame(
    await probeNetwork(LINUX, nothing),
    {
      ...unknown,
      tunDevice: 'missing',
      vsockDevice: 'missing',
      vhostNetDevice: 'missing',
      bridgeRules: { state: 'missing', rules: [], fault: null },
      bridgeHelper: { path: '/etc/passwd', isSetuidRoot: false, mayRun: false },
    },
    'nor without /proc and /sys',
  );
});

t.test('locks on images, as proc(5) prints them', async (t) => {
  const lines = [
    '1: OFDLCK ADVISORY  READ -1 fe:00:2179216 201 201',
    '2: OFDLCK ADVISORY  READ -1 00:3e:18446744073709551615 100 101',
    '3: OFDLCK ADVISORY  WRITE 77 103:1ff:5 0 EOF',
    '4: POSIX  ADVISORY  READ 42 fe:00:2179216 201 201',
    '5: FLOCK  ADVISORY  WRITE 42 fe:00:2179216 0 EOF',
    '5: -> OFDLCK ADVISORY  READ -1 fe:00:2179216 201 201',
    '6: OFDLCK ADVISORY  READ -1 103:1ff:7 203 203',
    '',
  ];
  const root = folderOf(t, { locks: lines.join('\n') });
  const { imageLocks } = await probeNetwork(LINUX, systemIn(root));
  t.strictSame(imageLocks, [
    { id: '65024:2179216', firstByte: 201, lastByte: 201 },
    { id: '62:18446744073709551615', firstByte: 100, lastByte: 101 },
    { id: '1115135:5', firstByte: 0, lastByte: Number.POSITIVE_INFINITY },
    { id: '65024:2179216', firstByte: 201, lastByte: 201 },
    { id: '1115135:7', firstByte: 203, lastByte: 203 },
  ]);
});

t.test('of what cannot be seen the room is not known', onPosix, async (t) => {
  const root = folderOf(t, {});
  symlinkSync(TOO_LONG, join(root, 'link'));
  const draft = draftOf(changed({ 'storage.disks.0.path': 'link/disk' }));
  const host = await probeHost(draft, settingsOf(root));
  t.match(host.probed?.paths.get(join(root, 'link/disk')), { kind: 'unreadable', space: null });
});

t.test('looking changes nothing', onPosix, async (t) => {
  const root = folderOf(t, { images: {}, first: { 'web.toml': '' }, logs: {} });
  mkdirSync(join(root, 'run'));
  const before = listing(root);
  const draft = draftOf(changed(EVERYTHING));
  const settings = settingsOf(root, { searchPath: [root] });
  const { facts } = await probeHost(draft, settings);
  const profileDirectories = [{ scope: 'first', path: join(root, 'first') }];
  await probeMachine(facts, settingsFor(root, { host: settings, profileDirectories }), systemIn(root));
  await probeNetwork(facts);
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
