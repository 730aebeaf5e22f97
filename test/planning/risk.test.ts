/** What a plan risks, what it touches, and what could not be known of its host. */
import t from 'tap';
import { argvResult } from '../../src/planning/argv_result.ts';
import { card, TCG } from '../help/changes.ts';
import { baseProfile, type Change, changed } from '../help/documents.ts';
import {
  DARWIN_INTEL,
  FREEBSD,
  given,
  type Host,
  LINUX,
  LINUX_WITHOUT_KVM,
  ON_LINUX,
  probed,
  WINDOWS,
} from '../help/hosts.ts';
import { headerOf } from '../help/images.ts';
import { metadataOf, plannedOf, planOf } from '../help/plans.ts';
import { checkIssues } from '../help/rows.ts';

function share(more: object = {}): Change {
  return { 'storage.disks.1': { name: 'share', path: 'shares/a', format: 'host-path', ...more } };
}

t.test('risk', (t) => {
  const log = { 'serial.mode': 'file', 'serial.logfile': 'l' };
  const rows: readonly (readonly [string, Change, string, Host?])[] = [
    ['tcg', TCG, 'low'],
    ['kvm', {}, 'medium'],
    ['hvf', {}, 'medium', given(DARWIN_INTEL)],
    ['whpx', log, 'medium', given(WINDOWS)],
    ['tcg by fallback', {}, 'low', given(LINUX_WITHOUT_KVM)],
    ['tcg on FreeBSD', {}, 'low', given(FREEBSD)],
    ['a loopback forward', { ...TCG, ...card('user', 'tcp:127.9.9.9:2222-:22') }, 'low'],
    ['a forward on every address', { ...TCG, ...card('user', 'tcp::2222-:22') }, 'medium'],
    [
      'one of two forwards',
      { ...TCG, ...card('user', 'tcp:127.0.0.1:2222-:22', 'tcp:10.0.0.1:2222-:22') },
      'medium',
    ],
    ['a read-only share', { ...TCG, ...share({ readonly: true }) }, 'low'],
    ['a writable share', { ...TCG, ...share() }, 'medium'],
    ['a disk outside', { ...TCG, 'storage.disks.0.path': '/var/x' }, 'medium'],
    ['a share outside', { ...TCG, ...share({ readonly: true, path: '../x' }) }, 'medium'],
    ['a QMP socket outside', { ...TCG, 'qmp.socket': '/tmp/q' }, 'medium'],
    ['a kernel outside', { ...TCG, kernel: { enabled: true, bzimage: '/boot/k' } }, 'medium'],
    ['an initrd outside', { ...TCG, kernel: { enabled: true, bzimage: 'k', initrd: '/boot/i' } }, 'medium'],
    ['a kernel outside that is disabled', { ...TCG, kernel: { bzimage: '/boot/k' } }, 'low'],
    [
      'everything inside',
      { ...TCG, ...log, qmp: {}, kernel: { enabled: true, bzimage: 'k', initrd: 'i' } },
      'low',
    ],
    ['QEMU itself lies elsewhere', { ...TCG, 'vm.qemu_binary': '/usr/bin/qemu-kvm' }, 'low'],
    ['64 cores', { ...TCG, 'hardware.cores': 64 }, 'low'],
    ['65 cores', { ...TCG, 'hardware.cores': 65 }, 'medium'],
    ['64 GiB', { ...TCG, 'hardware.memory_mb': 65536 }, 'low'],
    ['more', { ...TCG, 'hardware.memory_mb': 65792 }, 'medium'],
    ['no card', { ...TCG, ...card('none') }, 'low'],
    ['tap', { ...TCG, ...card('tap') }, 'high'],
    ['bridge', { ...TCG, ...card('bridge') }, 'high'],
    ['tap with kvm', card('tap'), 'high'],
  ];
  for (const [about, change, risk, host] of rows) {
    const plan = planOf(change, host);
    t.equal(plan.risk, risk, about);
    t.equal(plan.confirmation_required, risk !== 'low', `${about}: confirmation`);
  }
  t.end();
});

t.test('what a start touches', (t) => {
  const rows: readonly (readonly [string, Change, readonly string[]])[] = [
    ['a disk', TCG, ['path:/srv/lab/images/root.qcow2']],
    ['kvm', {}, ['device:/dev/kvm', 'path:/srv/lab/images/root.qcow2']],
    [
      'everything, sorted',
      {
        'storage.disks': [
          { name: 'root', path: '/var/lib/a,b.raw', format: 'raw' },
          { name: 'share', path: '.', format: 'host-path' },
          { name: 'again', path: '/var/lib/c', format: 'raw', readonly: true },
          { name: 'same', path: '/var/lib/c', format: 'raw', readonly: true },
        ],
        'network.interfaces': [
          { name: 'u', type: 'user', hostfwd: ['tcp::8080-:80', 'udp:127.0.0.1:53-10.0.2.15:53'] },
          { name: 'tap0', type: 'tap' },
          { name: 'lan', type: 'bridge' },
          { name: 'wan', type: 'bridge' },
          { name: 'off', type: 'none' },
        ],
        serial: { enabled: true, mode: 'socket' },
        qmp: {},
        kernel: { enabled: true, bzimage: 'boot/k', initrd: 'boot/i' },
      },
      [
        'device:/dev/kvm',
        'netdev:br0',
        'netdev:lan',
        'netdev:tap0',
        'netdev:wan',
        'path:/srv/lab',
        'path:/srv/lab/boot/i',
        'path:/srv/lab/boot/k',
        'path:/var/lib/a,b.raw',
        'path:/var/lib/c',
        'port:tcp:0.0.0.0:8080',
        'port:udp:127.0.0.1:53',
        'socket:unix:/srv/lab/run/lab.qmp.sock',
        'socket:unix:/srv/lab/run/lab.serial.sock',
      ],
    ],
    [
      'a log',
      { ...TCG, serial: { enabled: true, mode: 'file', logfile: 'logs/a.log' } },
      ['path:/srv/lab/images/root.qcow2', 'path:/srv/lab/logs/a.log'],
    ],
    [
      'by code point',
      {
        ...TCG,
        'storage.disks': ['\u{1f427}', '\uff5e', 'b', 'A'].map((path, index) => ({
          name: `d${index}`,
          path,
          format: 'raw',
        })),
      },
      ['path:/srv/lab/A', 'path:/srv/lab/b', 'path:/srv/lab/\uff5e', 'path:/srv/lab/\u{1f427}'],
    ],
    [
      'sections that are disabled',
      { ...TCG, kernel: { bzimage: 'k', initrd: 'i' }, qmp: { enabled: false, socket: 'q' } },
      ['path:/srv/lab/images/root.qcow2'],
    ],
  ];
  for (const [about, change, resources] of rows)
    t.strictSame(planOf(change).affected_resources, resources, about);
  t.end();
});

t.test('what could not be known of a given host', (t) => {
  const subjectsOf = (change: Change, host = ON_LINUX) =>
    plannedOf(changed(change), host).unknowns.map(({ subject }) => subject);
  const binary = ['binary:qemu-system-x86_64', 'binary:qemu-system-x86_64'];
  // Whether it is there, and what it names.
  const path = 'path:/srv/lab/images/root.qcow2';
  const disk = [path, path];
  const kvm = ['device:/dev/kvm', 'device:/dev/kvm'];
  const memory = 'memory:1024M';
  const rows: readonly (readonly [string, Change, readonly string[]])[] = [
    ['the least', TCG, [...binary, memory, ...disk]],
    ['kvm', {}, [...binary, ...kvm, memory, ...disk]],
    ['a CPU model', { ...TCG, 'hardware.cpu': 'EPYC' }, [...binary, 'cpu:EPYC', memory, ...disk]],
    [
      'CPU features',
      { 'hardware.cpu': 'host,pmu=off' },
      [...binary, 'cpu:host,pmu=off', ...kvm, memory, ...disk],
    ],
    [
      'a CPU of another architecture',
      { ...TCG, 'hardware.cpu': 'rv64' },
      [...binary, 'cpu:rv64', memory, ...disk],
    ],
    [
      'a binary by path',
      { ...TCG, 'vm.qemu_binary': '/opt/qemu-kvm' },
      [memory, 'path:/opt/qemu-kvm', 'path:/opt/qemu-kvm', ...disk],
    ],
    ['a share', { ...TCG, ...share() }, [...binary, memory, ...disk, 'path:/srv/lab/shares/a']],
    [
      'a kernel',
      { ...TCG, kernel: { enabled: true, bzimage: 'k', initrd: 'i' } },
      [...binary, memory, 'path:/srv/lab/i', ...disk, 'path:/srv/lab/k'],
    ],
    [
      'sockets',
      { ...TCG, qmp: {}, serial: { enabled: true, mode: 'socket' } },
      [...binary, memory, ...disk, 'path:/srv/lab/run/lab.qmp.sock', 'path:/srv/lab/run/lab.serial.sock'],
    ],
    [
      'a log',
      { ...TCG, serial: { enabled: true, mode: 'file', logfile: 'l' } },
      [...binary, memory, ...disk, 'path:/srv/lab/l'],
    ],
    [
      'ports',
      { ...TCG, ...card('user', 'tcp::80-:80', 'udp:127.0.0.1:53-:53') },
      [...binary, memory, ...disk, 'port:tcp:0.0.0.0:80', 'port:udp:127.0.0.1:53'],
    ],
    ['a tap device', { ...TCG, ...card('tap') }, [...binary, memory, 'netdev:net0', ...disk]],
    ['a bridge', { ...TCG, ...card('bridge') }, [...binary, memory, 'netdev:br0', ...disk]],
    [
      'two ports of one bridge are one question',
      {
        ...TCG,
        'network.interfaces': [
          { name: 'a', type: 'bridge' },
          { name: 'b', type: 'bridge' },
        ],
      },
      [...binary, memory, 'netdev:br0', ...disk],
    ],
    ['no card', { ...TCG, ...card('none') }, [...binary, memory, ...disk]],
    ['more memory', { ...TCG, 'hardware.memory_mb': 4096 }, [...binary, 'memory:4096M', ...disk]],
  ];
  for (const [about, change, subjects] of rows) t.strictSame(subjectsOf(change), subjects, about);
  const { unknowns } = argvResult(plannedOf(baseProfile()));
  for (const { question } of unknowns) t.match(question, /^[A-Z].*\?$/);
  t.strictSame(metadataOf(planOf({})).unknowns, unknowns, 'they stand in both answers');
  t.end();
});

t.test('what could not be known of a probed host', (t) => {
  const subjectsOf = (change: Change, host: Host) =>
    plannedOf(changed(change), host).unknowns.map(({ subject }) => subject);
  const path = '/srv/lab/images/root.qcow2';
  const seen = (disk: object, binary: string | null = '/usr/bin/qemu-system-x86_64') =>
    probed(LINUX, { binary, paths: { [path]: { header: headerOf('qcow2'), ...disk } } });
  const found = 'path:/usr/bin/qemu-system-x86_64';
  const kvm = 'device:/dev/kvm';
  const disk = `path:${path}`;
  t.strictSame(
    subjectsOf({}, seen({})),
    [kvm, disk, found],
    'its version, who has the disk, and what kvm runs',
  );
  t.strictSame(subjectsOf(TCG, seen({})), [disk, found], 'its version, and who has the disk');
  t.strictSame(
    subjectsOf({}, seen({}, null)),
    ['binary:qemu-system-x86_64', 'binary:qemu-system-x86_64', kvm, disk],
    'no QEMU',
  );
  t.strictSame(
    subjectsOf({ 'storage.disks.0.size_gb': 1 }, seen({ kind: 'missing' })),
    [kvm, disk, found],
    'a disk to be created',
  );
  t.strictSame(
    subjectsOf({}, seen({ header: null })),
    [kvm, disk, disk, disk, found],
    'a disk that cannot be read',
  );
  t.strictSame(
    subjectsOf(card('user', 'tcp:127.0.0.1:80-:80'), seen({})),
    [kvm, disk, found, 'port:tcp:127.0.0.1:80'],
    'ports',
  );
  const unsized = probed(LINUX, {
    paths: { [path]: { header: headerOf('qcow2') } },
    capacity: { memoryMb: null },
  });
  t.strictSame(
    subjectsOf(TCG, unsized),
    ['memory:1024M', disk, found],
    'a host that does not say how much memory it has',
  );
  const used = {
    ...TCG,
    schema_version: 2,
    'process.pidfile': 'p',
    'storage.cdroms': [{ name: 'cd', path: 'c' }],
    'storage.seed.path': 's',
    firmware: { type: 'uefi', code: 'f', vars: 'v' },
    'qmp.socket': 'q',
  };
  const there = (isThere: boolean) =>
    plannedOf(
      changed(used),
      probed(LINUX, {
        paths: Object.fromEntries(
          ['c', 'f', 's', 'v', 'p', 'q'].map((name) => [
            `/srv/lab/${name}`,
            isThere || 'cfsv'.includes(name)
              ? {
                  flash: { format: 'raw', bytes: name === 'v' ? 540672 : 3653632, holds: null },
                  isSocket: name === 'q',
                }
              : ({ kind: 'missing' } as const),
          ]),
        ),
      }),
    ).unknowns.flatMap(({ question, subject }) =>
      / no .*process /.test(question) ? [subject.replace('/srv/lab/', '')] : [],
    );
  const always = ['path:read:c', 'path:read:s', 'path:write:images/root.qcow2', 'path:write:v'];
  t.strictSame(there(false), always, 'what is to be made is used by nobody');
  t.strictSame(there(true), [...always, 'path:write:p', 'socket:unix:q'].sort());
  t.end();
});

t.test('what this user may not open', (t) => {
  const host = probed(LINUX, {
    paths: {
      '/srv/lab/images/root.qcow2': { header: headerOf('qcow2'), isWritable: false },
      '/srv/lab/k': { isReadable: false },
      '/srv/lab/d': { kind: 'directory', isReadable: false, isWritable: false },
    },
  });
  const change = {
    ...TCG,
    kernel: { enabled: true, bzimage: 'k', append: 'console=ttyS0' },
    'storage.disks.1': { name: 'd', path: 'd', format: 'host-path' },
  };
  const asked = plannedOf(changed(change), host).unknowns.flatMap(({ question, subject }) =>
    question.startsWith('May QEMU') ? [`${subject.replace('path:/srv/lab/', '')}: ${question}`] : [],
  );
  t.strictSame(asked, [
    'd: May QEMU read it?',
    'd: May QEMU write to it?',
    'images/root.qcow2: May QEMU write to it?',
    'k: May QEMU read it?',
  ]);
  t.end();
});

t.test('a host that is smaller than the VM', (t) => {
  const of = (change: Change, capacity: object, ...issues: string[]) =>
    checkIssues(
      t,
      changed({ ...TCG, ...change }),
      issues,
      JSON.stringify([change, capacity]),
      probed(LINUX, { capacity }),
    );
  const cores = 'warning cores-over-host hardware.cores';
  const memory = 'warning memory-over-host hardware.memory_mb';
  of({}, { cpus: 2, memoryMb: 1024 });
  of({}, { cpus: 1, memoryMb: 1024 }, cores);
  of({}, { cpus: 2, memoryMb: 1023 }, memory);
  of({}, { cpus: 1, memoryMb: 1000 }, cores, memory);
  of({}, { cpus: null, memoryMb: null });
  of({}, { memoryMb: 4096, commitLimitMb: 1000 }, memory);
  of({}, { memoryMb: 1000, commitLimitMb: 4096 }, memory);
  of({}, { memoryMb: null, commitLimitMb: 1000 }, memory);
  of({}, { memoryMb: 4096, commitLimitMb: 1024 });
  const plan = planOf(
    { ...TCG, 'hardware.memory_mb': 65536 },
    probed(LINUX, { capacity: { memoryMb: 24000 } }),
  );
  t.strictSame(Object.keys(metadataOf(plan).host as object), ['accelerators', 'arch', 'os', 'project_root']);
  t.equal(plan.status, 'draft');
  t.end();
});
