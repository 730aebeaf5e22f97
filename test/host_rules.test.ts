/** Rules that need to know the host: its system, its accelerators, its paths, and what a look at its files shows. */
import t from 'tap';
import type { Host, HostSystem, PathSight } from '../src/context/host_facts.ts';
import { readHostFacts } from '../src/context/read_host_facts.ts';
import { ABSENT, type Change, changed } from './help/documents.ts';
import {
  DARWIN,
  DARWIN_INTEL,
  FREEBSD,
  given,
  LINUX,
  LINUX_ARM,
  LINUX_WITHOUT_KVM,
  ON_LINUX,
  probed,
  WINDOWS,
} from './help/hosts.ts';
import { issuesOf, outcomeOf, plannedOf } from './help/plans.ts';
import { checkIssues, checkRows, type Row } from './help/rows.ts';

const DISK = 'storage.disks.0.path';
const AT_DISK = 'storage.disks[0].path';
/** A profile that every system can plan: the serial port of the base profile is a pty. */
const LOG = { 'serial.mode': 'file', 'serial.logfile': 'logs/lab.log' };
const TCG = { 'hardware.acceleration': 'tcg' };

function share(path: string): Change {
  return { 'storage.disks.1': { name: 'share', path, format: 'host-path', readonly: true } };
}

function kernel(more: object): Change {
  return { kernel: { enabled: true, bzimage: 'boot/bzImage', ...more } };
}

t.test('binary', (t) => {
  const of = (binary: string, ...issues: string[]): Row => [binary, { 'vm.qemu_binary': binary }, ...issues];
  const invalid = 'error invalid-qemu-binary vm.qemu_binary';
  const foreign = 'warning qemu-binary-arch-mismatch vm.qemu_binary';
  checkRows(t, [
    of('qemu-system-x86_64'),
    of('qemu-system-x86_64.exe'),
    of('qemu-kvm'),
    of('/usr/libexec/qemu-kvm'),
    of('/opt/qemu-10,1=a/bin/qemu-system-x86_64'),
    of('qemu-system-aarch64', foreign),
    of('/usr/bin/qemu-system-i386', foreign),
    of('qemu-system-ppc64', foreign),
    of('qemu', invalid),
    of('qemu-system-', invalid),
    of('qemu-system-X86_64', invalid),
    of('qemu-system-x86_64.sh', invalid),
    of('xqemu-kvm', invalid),
    of('bash', invalid),
    of('./qemu-kvm', invalid),
    of('bin/qemu-kvm', invalid),
    of('../qemu-kvm', invalid),
    of('qemu-kvm/', invalid),
    of('~/qemu-kvm', invalid),
    of('/usr/bin/', invalid, 'error path-not-a-file vm.qemu_binary'),
    of('/usr/my bin/qemu-kvm', invalid),
    of('qemu-kvm -S', invalid),
    of('/usr/bin/qemu-kvm;id', invalid),
    of('/opt/(x)/qemu-kvm', invalid),
    of('/opt/a&b/qemu-kvm', invalid),
    of('/opt/*/qemu-kvm', invalid),
    of('\\opt\\qemu-kvm', invalid),
    of('/opt/$x/qemu-kvm', 'error shell-expansion vm.qemu_binary'),
    of('/opt/`x`/qemu-kvm', 'error shell-expansion vm.qemu_binary'),
    of('/usr/bin/qemu-kvm/', 'error path-not-a-file vm.qemu_binary'),
    of('/proc/self/qemu-kvm', 'error forbidden-path vm.qemu_binary'),
    of('/home/u/.ssh/qemu-kvm', 'error forbidden-path vm.qemu_binary'),
    [
      'one binary serves both byte orders of POWER',
      { ...TCG, 'hardware.arch': 'ppc64le', 'vm.qemu_binary': 'qemu-system-ppc64' },
    ],
    [
      'and may be called by the other',
      { ...TCG, 'hardware.arch': 'ppc64le', 'vm.qemu_binary': 'qemu-system-ppc64le' },
    ],
  ]);
});

t.test('a binary outside the project root is ordinary, also under the strict policy', (t) => {
  checkIssues(t, changed({ 'vm.qemu_binary': '/usr/bin/qemu-kvm' }), [], 'strict', given(LINUX, true));
  t.end();
});

t.test('binary on windows', (t) => {
  const of = (binary: string, ...issues: string[]): Row => [
    binary,
    { ...LOG, 'vm.qemu_binary': binary },
    ...issues,
  ];
  const invalid = 'error invalid-qemu-binary vm.qemu_binary';
  checkRows(
    t,
    [
      of('qemu-system-x86_64.exe'),
      of('qemu-system-x86_64w.exe'),
      of('C:\\qemu\\qemu-system-x86_64.exe'),
      of('C:/qemu/qemu-system-x86_64.exe'),
      of('\\\\server\\share\\qemu-kvm.exe'),
      of('C:\\Program Files\\qemu\\qemu-kvm.exe', invalid),
      of('bin\\qemu-kvm.exe', invalid),
      of('\\qemu\\qemu-kvm.exe', invalid),
      of('C:qemu-kvm.exe', invalid),
      of('\\\\.\\C:\\qemu-kvm.exe', 'error forbidden-path vm.qemu_binary'),
    ],
    given(WINDOWS),
  );
});

t.test('a probed binary', (t) => {
  const missing = 'warning qemu-binary-not-found vm.qemu_binary';
  const nowhere = probed(LINUX, { binary: null });
  checkIssues(t, changed({}), [missing], 'the default', nowhere);
  checkIssues(t, changed({ 'vm.qemu_binary': '/opt/qemu-kvm' }), [missing], 'a path', nowhere);
  checkIssues(t, changed({}), [], 'found', probed(LINUX));
  checkIssues(
    t,
    changed({ 'hardware.arch': ABSENT }),
    ['error missing-field hardware.arch'],
    'none wanted',
    nowhere,
  );
  checkIssues(
    t,
    changed({ 'vm.qemu_binary': 'bash' }),
    ['error invalid-qemu-binary vm.qemu_binary'],
    'refused',
    nowhere,
  );
  const inside = probed(LINUX, {
    binary: '/srv/lab/qemu-kvm',
    paths: { '/srv/lab/qemu-kvm': { realPath: '/opt/qemu-kvm' } },
  });
  checkIssues(
    t,
    changed({ 'vm.qemu_binary': '/srv/lab/qemu-kvm' }),
    ['error symlink-escape vm.qemu_binary'],
    'a link that leaves the root',
    inside,
  );
  t.end();
});

t.test('acceleration', (t) => {
  const unavailable = 'error acceleration-unavailable hardware.acceleration';
  const fallback = 'warning acceleration-fallback hardware.acceleration';
  const cases: readonly (readonly [Host['facts'], string, string, string])[] = [
    [LINUX, 'x86_64', 'auto', 'kvm'],
    [LINUX, 'x86_64', 'kvm', 'kvm'],
    [LINUX, 'x86_64', 'tcg', 'tcg'],
    [LINUX, 'x86_64', 'hvf', unavailable],
    [LINUX, 'x86_64', 'whpx', unavailable],
    [LINUX, 'ppc64le', 'auto', fallback],
    [LINUX, 'ppc64le', 'kvm', unavailable],
    [LINUX, 'ppc64le', 'tcg', 'tcg'],
    [LINUX_WITHOUT_KVM, 'x86_64', 'auto', fallback],
    [LINUX_WITHOUT_KVM, 'x86_64', 'kvm', unavailable],
    [LINUX_ARM, 'x86_64', 'auto', fallback],
    [DARWIN_INTEL, 'x86_64', 'auto', 'hvf'],
    [DARWIN_INTEL, 'x86_64', 'hvf', 'hvf'],
    [DARWIN_INTEL, 'x86_64', 'kvm', unavailable],
    [DARWIN, 'x86_64', 'auto', fallback],
    [DARWIN, 'x86_64', 'hvf', unavailable],
    [{ ...DARWIN_INTEL, accelerators: [] }, 'x86_64', 'auto', fallback],
    [WINDOWS, 'x86_64', 'auto', 'whpx'],
    [WINDOWS, 'x86_64', 'whpx', 'whpx'],
    [WINDOWS, 'x86_64', 'kvm', unavailable],
    [{ ...WINDOWS, accelerators: [] }, 'x86_64', 'auto', fallback],
    [FREEBSD, 'x86_64', 'auto', 'tcg'],
    [FREEBSD, 'ppc64le', 'auto', 'tcg'],
    [FREEBSD, 'x86_64', 'tcg', 'tcg'],
    [FREEBSD, 'x86_64', 'kvm', unavailable],
  ];
  for (const [facts, arch, acceleration, expected] of cases) {
    const document = changed({ ...LOG, 'hardware.arch': arch, 'hardware.acceleration': acceleration });
    const about = `${acceleration} for ${arch} on ${facts.os} ${facts.arch} with ${facts.accelerators}`;
    checkIssues(t, document, expected.includes(' ') ? [expected] : [], about, given(facts));
    if (expected.startsWith('error')) continue;
    const { context } = plannedOf(document, given(facts));
    t.equal(context.acceleration, expected.includes(' ') ? 'tcg' : expected, about);
    t.equal(context.accelerationRequested, acceleration);
  }
  t.end();
});

t.test('cpu', (t) => {
  const needs = 'error cpu-host-needs-hardware-acceleration hardware.cpu';
  const replaced = 'warning cpu-host-replaced hardware.cpu';
  const fallback = 'warning acceleration-fallback hardware.acceleration';
  const cases: readonly (readonly [Host['facts'], Change, string, ...string[]])[] = [
    [LINUX, {}, 'host'],
    [LINUX, { 'hardware.cpu': 'host' }, 'host'],
    [LINUX, { 'hardware.cpu': 'host,pmu=off' }, 'host,pmu=off'],
    [LINUX, { 'hardware.cpu': 'max' }, 'max'],
    [LINUX, TCG, 'max'],
    [LINUX, { ...TCG, 'hardware.cpu': 'qemu64,+avx' }, 'qemu64,+avx'],
    [LINUX, { ...TCG, 'hardware.cpu': 'host' }, '', needs],
    [LINUX, { ...TCG, 'hardware.cpu': 'host,pmu=off' }, '', needs],
    [LINUX, { ...TCG, 'hardware.cpu': 'hostile' }, 'hostile'],
    [LINUX, { ...TCG, 'hardware.arch': 'ppc64le' }, 'max'],
    [LINUX, { ...TCG, 'hardware.arch': 'aarch64' }, 'max', 'warning disk-boot-needs-firmware hardware.arch'],
    [LINUX, { ...TCG, 'hardware.arch': 'riscv64' }, 'rv64', 'warning disk-boot-needs-firmware hardware.arch'],
    [LINUX_WITHOUT_KVM, {}, 'max', fallback],
    [LINUX_WITHOUT_KVM, { 'hardware.cpu': 'host' }, 'max', replaced, fallback],
    [LINUX_WITHOUT_KVM, { 'hardware.cpu': 'host,pmu=off' }, '', needs, fallback],
    [DARWIN_INTEL, {}, 'host'],
    [DARWIN_INTEL, { 'hardware.cpu': 'host' }, 'host'],
    [WINDOWS, {}, 'max'],
    [WINDOWS, { 'hardware.cpu': 'host' }, 'max', replaced],
    [WINDOWS, { 'hardware.acceleration': 'whpx', 'hardware.cpu': 'host' }, '', needs],
    [FREEBSD, {}, 'max'],
    [FREEBSD, { 'hardware.cpu': 'host' }, 'max', replaced],
  ];
  for (const [facts, change, cpu, ...issues] of cases) {
    const document = changed({ ...LOG, ...change });
    const about = `${JSON.stringify(change)} on ${facts.os} with ${facts.accelerators}`;
    checkIssues(t, document, issues, about, given(facts));
    if (cpu !== '') t.equal(plannedOf(document, given(facts)).context.cpu, cpu, about);
  }
  t.end();
});

t.test('the 256th core of x86_64 needs kvm', (t) => {
  const need = 'error cores-need-kvm hardware.cores';
  const of = (cores: number, more: Change, ...issues: string[]): Row => [
    `${cores} ${JSON.stringify(more)}`,
    { 'hardware.cores': cores, ...more },
    ...issues,
  ];
  checkRows(t, [
    of(256, {}),
    of(256, { 'hardware.acceleration': 'kvm' }),
    of(256, TCG, need),
    of(255, TCG),
    of(256, { ...TCG, 'hardware.arch': 'ppc64le' }),
  ]);
});

t.test('the 256th core on a host without kvm', (t) =>
  checkRows(
    t,
    [
      [
        'falls back',
        { 'hardware.cores': 256 },
        'error cores-need-kvm hardware.cores',
        'warning acceleration-fallback hardware.acceleration',
      ],
      ['255', { 'hardware.cores': 255 }, 'warning acceleration-fallback hardware.acceleration'],
    ],
    given(LINUX_WITHOUT_KVM),
  ),
);

t.test('memory beyond the address bits of x86_64', (t) => {
  const over = 'error memory-over-address-space hardware.memory_mb';
  const of = (cpu: string | symbol, memory: number, more: Change, ...issues: string[]): Row => [
    `${String(cpu)} ${memory}`,
    { 'hardware.cpu': cpu, 'hardware.memory_mb': memory, ...more },
    ...issues,
  ];
  checkRows(t, [
    of(ABSENT, 1001472, TCG),
    of(ABSENT, 1001728, TCG, over),
    of('max', 1001728, {}, over),
    of('max,phys-bits=46', 1001728, {}),
    of('max,host-phys-bits=on', 1001728, {}),
    of('max,+host-phys-bits', 1001728, {}),
    of('max,host-phys-bits', 1001728, {}),
    of('max,host-phys-bits=true', 16777216, {}),
    of('max,host-phys-bits=yes', 16777216, {}),
    of('max,host-phys-bits-limit=46', 1001728, {}, over),
    of('max,host-phys-bits=off', 1001728, {}, over),
    of('max,-host-phys-bits', 1001728, {}, over),
    of('max,host-phys-bits=on', 1001728, TCG, over),
    of('max,phys-bits=0', 1001472, {}),
    of('max,phys-bits=0', 1001728, {}, over),
    of('max,phys-bits=35', 512, {}, over),
    of('max,phys-bits=36', 30720, {}),
    of('max,phys-bits=36', 30976, {}, over),
    of('max,phys-bits=0x29', 1017856, TCG),
    of('max,phys-bits=41', 1018112, TCG, over),
    of('max,phys-bits=41,phys-bits=46', 1018112, TCG, 'warning cpu-feature-repeated hardware.cpu'),
    of('max,+aes,aes=off', 512, TCG, 'warning cpu-feature-repeated hardware.cpu'),
    of('max,+aes,-avx', 512, TCG),
    of('max,phys-bits=45', 16777216, TCG),
    of('max,phys-bits=44', 16777216, TCG, over),
    of('max,phys-bits=32', 256, TCG, over),
    of('max,phys-bits=52', 512, TCG),
    of('max,phys-bits=31', 512, TCG, 'error invalid-cpu hardware.cpu'),
    of('max,phys-bits=53', 512, TCG, 'error invalid-cpu hardware.cpu'),
    of('max,phys-bits=046', 512, TCG, 'error invalid-cpu hardware.cpu'),
    of('max,phys-bits=on', 512, TCG, 'error invalid-cpu hardware.cpu'),
    of('host', 16777216, {}),
    of('host,pmu=off', 16777216, {}),
    of(ABSENT, 16777216, {}),
    of('hostile', 1001728, {}, over),
    of('?', 1001728, {}, 'error invalid-cpu hardware.cpu'),
    of(ABSENT, 16777216, { ...TCG, 'hardware.arch': 'ppc64le' }),
  ]);
});

t.test('host without kvm: the CPU that is used decides', (t) => {
  checkIssues(
    t,
    changed({ 'hardware.memory_mb': 16777216, 'hardware.cpu': 'host' }),
    [
      'error memory-over-address-space hardware.memory_mb',
      'warning cpu-host-replaced hardware.cpu',
      'warning acceleration-fallback hardware.acceleration',
    ],
    'host becomes max',
    given(LINUX_WITHOUT_KVM),
  );
  t.end();
});

t.test('backends that a system has not', (t) => {
  const lacking: Readonly<Record<HostSystem, readonly string[]>> = {
    linux: [],
    darwin: ['tap', 'bridge'],
    windows: ['bridge', 'host-path', 'pty'],
    freebsd: ['bridge', 'host-path'],
  };
  const backends: Readonly<Record<string, readonly [Change, string, ...string[]]>> = {
    tap: [
      { 'network.interfaces.0': { name: 'a', type: 'tap' } },
      'network.interfaces[0].type',
      'warning host-network-setup network.interfaces[0].type',
    ],
    bridge: [
      { 'network.interfaces.0': { name: 'a', type: 'bridge' } },
      'network.interfaces[0].type',
      'warning host-network-setup network.interfaces[0].type',
    ],
    user: [{ 'network.interfaces.0': { name: 'a', type: 'user' } }, 'network.interfaces[0].type'],
    'host-path': [share('shares/a'), 'storage.disks[1].format'],
    pty: [{ serial: { enabled: true } }, 'serial.mode'],
    none: [{ serial: { enabled: true, mode: 'none' } }, 'serial.mode'],
    socket: [{ serial: { enabled: true, mode: 'socket' } }, 'serial.mode'],
  };
  for (const facts of [LINUX, DARWIN_INTEL, WINDOWS, FREEBSD]) {
    for (const [backend, [change, field, ...issues]] of Object.entries(backends)) {
      const lacks = lacking[facts.os].includes(backend);
      checkIssues(
        t,
        changed({ ...LOG, ...change }),
        [...(lacks ? [`error host-lacks-backend ${field}`] : []), ...issues],
        `${backend} on ${facts.os}`,
        given(facts),
      );
    }
  }
  checkIssues(
    t,
    changed({ serial: { mode: 'pty' } }),
    ['info no-console serial.enabled'],
    'a pty that is disabled',
    given(WINDOWS),
  );
  t.end();
});

const FIELDS: readonly (readonly [string, (path: string) => Change])[] = [
  ['storage.disks[0].path', (path) => ({ [DISK]: path })],
  ['storage.disks[1].path', share],
  ['serial.device', (path) => ({ serial: { enabled: true, mode: 'socket', device: path } })],
  ['serial.device', (path) => ({ serial: { enabled: true, mode: 'file', device: path } })],
  ['serial.logfile', (path) => ({ serial: { enabled: true, mode: 'file', logfile: path } })],
  ['qmp.socket', (path) => ({ qmp: { socket: path } })],
  ['kernel.bzimage', (path) => kernel({ bzimage: path })],
  ['kernel.initrd', (path) => kernel({ initrd: path })],
];

t.test('every field that is a path refuses what a shell would expand', (t) => {
  for (const [field, change] of FIELDS) {
    for (const path of ['~', '~/a', '~user/a', 'a/$HOME', 'a/$(x)', 'a$', '`id`', '/srv/lab/a`b']) {
      checkIssues(t, changed(change(path)), [`error shell-expansion ${field}`], `${field} = ${path}`);
    }
    checkIssues(t, changed(change('a/~b~')), [], `${field}: a tilde inside is a name`);
  }
  t.end();
});

t.test('other text that looks like a path is none', (t) => {
  checkIssues(
    t,
    changed({
      ...kernel({ append: '~ $x `y` /proc/cmdline /etc/shadow ../..' }),
      'vm.description': '~/$x /proc',
    }),
    [],
    'append and description',
  );
  t.end();
});

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
  for (const [field, change] of FIELDS) {
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
      changed({ [DISK]: path }),
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
      kernel: { bzimage: '/boot/', initrd: '/boot/a,b' },
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
    checkIssues(t, changed({ ...LOG, [DISK]: path }), issues, `${path} on ${facts.os}`, given(facts));
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

t.test('lengths', (t) => {
  const long = (bytes: number) =>
    Array.from({ length: Math.ceil(bytes / 250) }, () => 'x'.repeat(249))
      .join('/')
      .slice(0, bytes);
  const root = '/srv/lab/'.length;
  checkRows(t, [
    ['4095 bytes', { [DISK]: `${long(4095 - root - 1)}y` }],
    ['4096 bytes', { [DISK]: `${long(4096 - root - 1)}y` }, `error path-too-long ${AT_DISK}`],
    ['a component of 255 bytes', { [DISK]: 'x'.repeat(255) }],
    ['a component of 256 bytes', { [DISK]: 'x'.repeat(256) }, `error path-too-long ${AT_DISK}`],
    ['bytes count, not characters', { [DISK]: 'é'.repeat(128) }, `error path-too-long ${AT_DISK}`],
    ['a socket of 107 bytes', { 'qmp.socket': 'x'.repeat(107 - root) }],
    [
      'a socket of 108 bytes',
      { 'qmp.socket': 'x'.repeat(108 - root) },
      'error socket-path-too-long qmp.socket',
    ],
    [
      '108 bytes in 54 characters',
      { 'qmp.socket': `${'é'.repeat(49)}x` },
      'error socket-path-too-long qmp.socket',
    ],
    [
      'a serial socket',
      { 'serial.mode': 'socket', 'serial.device': 'x'.repeat(108 - root) },
      'error socket-path-too-long serial.device',
    ],
    ['a serial log may be longer', { 'serial.mode': 'file', 'serial.device': 'x'.repeat(200) }],
    ['a socket that is switched off', { qmp: { enabled: false, socket: 'x'.repeat(200) } }],
  ]);
});

t.test('default sockets count too', (t) => {
  const root = `/${'r'.repeat(40)}`;
  // root + /run/ + 64 + .qmp.sock or .serial.sock
  const host = (bytes: number) => given({ ...LINUX, project_root: root.slice(0, bytes) });
  const change = { 'vm.name': 'x'.repeat(64), qmp: {}, 'serial.mode': 'socket' };
  const room = 107 - '/run/'.length - 64;
  checkIssues(t, changed(change), [], 'both fit', host(room - '.serial.sock'.length));
  checkIssues(
    t,
    changed(change),
    ['error socket-path-too-long serial.device'],
    'one is too long',
    host(room - '.qmp.sock'.length),
  );
  checkIssues(
    t,
    changed(change),
    ['error socket-path-too-long serial.device', 'error socket-path-too-long qmp.socket'],
    'both are',
    given({ ...LINUX, project_root: root }),
  );
  t.end();
});

t.test('a socket has as many bytes as the sun_path of its system', (t) => {
  const rows = [
    [WINDOWS, 107],
    [DARWIN_INTEL, 103],
    [FREEBSD, 103],
  ] as const;
  for (const [facts, most] of rows) {
    const room = most - `${facts.project_root}/`.length;
    const of = (bytes: number) => changed({ ...LOG, 'qmp.socket': 'x'.repeat(bytes) });
    checkIssues(t, of(room), [], `${most} on ${facts.os}`, given(facts));
    checkIssues(
      t,
      of(room + 1),
      ['error socket-path-too-long qmp.socket'],
      `${most + 1} on ${facts.os}`,
      given(facts),
    );
  }
  t.end();
});

t.test('a file is no directory', (t) => {
  for (const [field, change] of FIELDS) {
    for (const path of ['a/', '.', 'a/..', './', '/srv/lab', '/srv/lab/']) {
      const isShare = field === 'storage.disks[1].path';
      checkIssues(
        t,
        changed(change(path)),
        isShare ? [] : [`error path-not-a-file ${field}`],
        `${field} = ${path}`,
      );
    }
  }
  checkIssues(
    t,
    changed({ [DISK]: '/' }),
    [`error path-not-a-file ${AT_DISK}`, `warning outside-project-root ${AT_DISK}`],
    'the root of the file system',
  );
  for (const path of ['a\\', 'C:\\lab', 'C:/lab/.']) {
    checkIssues(
      t,
      changed({ ...LOG, [DISK]: path }),
      [`error path-not-a-file ${AT_DISK}`],
      path,
      given(WINDOWS),
    );
  }
  checkIssues(t, changed({ [DISK]: 'a\\' }), [], 'a backslash is a character elsewhere');
  t.end();
});

t.test('spaces around a path', (t) => {
  for (const [field, change] of FIELDS) {
    const space = field === 'kernel.initrd' ? [`warning initrd-space ${field}`] : [];
    for (const path of [' a', 'a ']) {
      checkIssues(
        t,
        changed(change(path)),
        [...space, `warning path-outer-space ${field}`],
        `${field} = "${path}"`,
      );
    }
    checkIssues(t, changed(change('a b')), space, `${field}: a space inside`);
  }
  t.end();
});

t.test('an initrd is no list', (t) =>
  checkRows(t, [
    ['comma', kernel({ initrd: 'boot/a,b.img' }), 'error initrd-comma kernel.initrd'],
    [
      'comma and space',
      kernel({ initrd: 'boot/a, b.img' }),
      'error initrd-comma kernel.initrd',
      'warning initrd-space kernel.initrd',
    ],
    ['equals', kernel({ initrd: 'boot/a=b.img' })],
    ['a comma in the kernel', kernel({ bzimage: 'boot/a,b' })],
  ]),
);

t.test('a comma of the project root is in the initrd too', (t) => {
  const host = given({ ...LINUX, project_root: '/srv/a,b c' });
  checkIssues(
    t,
    changed(kernel({ initrd: 'boot/initrd.img' })),
    ['error initrd-comma kernel.initrd', 'warning initrd-space kernel.initrd'],
    'relative',
    host,
  );
  checkIssues(
    t,
    changed(kernel({ initrd: '/boot/initrd.img' })),
    ['warning outside-project-root kernel.initrd'],
    'absolute',
    host,
  );
  t.end();
});

const WRITTEN = new Set(['serial.device', 'serial.logfile', 'qmp.socket']);

t.test('outside the project root', (t) => {
  for (const [field, change] of FIELDS) {
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
    const planned = plannedOf(changed({ ...LOG, [DISK]: path }), given(facts));
    const [image] = planned.context.images;
    return [image?.file.path, image?.file.isInsideRoot];
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
    changed({ ...LOG, [DISK]: 'C:a' }),
    [`error drive-relative-path ${AT_DISK}`],
    'relative to a directory that nobody knows',
    given(WINDOWS),
  );
  t.end();
});

t.test('one file in two places', (t) => {
  const disks = (...paths: readonly (readonly [string, boolean?])[]): Change => ({
    'storage.disks': paths.map(([path, readonly = false], index) => ({
      name: `d${index}`,
      path,
      format: 'raw',
      readonly,
    })),
  });
  const shared = (index: number) => `error image-shared-writable storage.disks[${index}].path`;
  checkRows(t, [
    ['one image twice', disks(['a'], ['a']), shared(1)],
    ['in another spelling', disks(['a'], ['./b/../a'], ['/srv/lab/a']), shared(1), shared(2)],
    ['one of them is read-only', disks(['a', true], ['a']), shared(1)],
    ['the other is', disks(['a'], ['a', true]), shared(1)],
    ['both are', disks(['a', true], ['a', true])],
    ['two of three are', disks(['a', true], ['b'], ['a', true])],
    ['two names', disks(['a'], ['A'])],
    ['a share twice', { ...share('s'), 'storage.disks.2': { name: 't', path: 's', format: 'host-path' } }],
  ]);
});

t.test('one file in two places by the rules of each system', (t) => {
  const twice = (a: string, b: string) =>
    changed({
      ...LOG,
      'storage.disks': [
        { name: 'a', path: a, format: 'raw' },
        { name: 'b', path: b, format: 'raw' },
      ],
    });
  const shared = ['error image-shared-writable storage.disks[1].path'];
  checkIssues(t, twice('a.img', 'A.img'), shared, 'case on darwin', given(DARWIN_INTEL));
  checkIssues(t, twice('\u00e9.img', 'e\u0301.img'), shared, 'composition on darwin', given(DARWIN_INTEL));
  checkIssues(
    t,
    twice('a.img', 'a\u200d.img'),
    shared,
    'a character that shows nothing',
    given(DARWIN_INTEL),
  );
  checkIssues(t, twice('a.img', 'C:\\LAB\\A.IMG'), shared, 'case on windows', given(WINDOWS));
  checkIssues(t, twice('a.img', 'a.img. .'), shared, 'trailing dots on windows', given(WINDOWS));
  checkIssues(
    t,
    twice('a.img', 'a.img::$DATA'.replace('$', '')),
    shared,
    'a stream on windows',
    given(WINDOWS),
  );
  checkIssues(t, twice('a.img', 'b.img'), [], 'two files', given(WINDOWS));
  checkIssues(t, twice('\u00e9.img', 'e\u0301.img'), [], 'two names on Linux');
  t.end();
});

t.test('a path that QEMU writes is of no other use', (t) => {
  const conflict = (field: string) => `error path-conflict ${field}`;
  const socket = (device: string) => ({ serial: { enabled: true, mode: 'socket', device } });
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
    ['a log on the kernel', { ...kernel({}), ...log('boot/bzImage') }, conflict('serial.logfile')],
    ['a log on the initrd', { ...kernel({ initrd: 'i' }), ...log('i') }, conflict('serial.logfile')],
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
    ['two defaults', { 'serial.mode': 'socket', qmp: {} }],
    ['a socket that is switched off', { qmp: { enabled: false, socket: 'images/root.qcow2' } }],
    [
      'a device that the log overrides',
      { serial: { enabled: true, mode: 'file', logfile: 'a', device: 'images/root.qcow2' } },
      'warning serial-logfile-wins serial.logfile',
    ],
    ['a disk and a kernel', { ...kernel({ bzimage: 'images/root.qcow2' }) }],
  ]);
});

const ROOT = '/srv/lab/images/root.qcow2';

function seeing(paths: Readonly<Record<string, Partial<PathSight>>>): Host {
  return probed(LINUX, { paths });
}

t.test('a look at a disk', (t) => {
  const of = (about: string, seen: Partial<PathSight>, change: Change, ...issues: string[]) =>
    checkIssues(t, changed(change), issues, about, seeing({ [ROOT]: seen }));
  const sized = { 'storage.disks.0.size_gb': 10 };
  const format = (format: string) => ({ 'storage.disks.0.format': format });
  const mismatch = `error disk-format-mismatch ${AT_DISK}`;
  of('as it should be', { header: 'qcow2' }, {});
  of('missing', { kind: 'missing' }, {}, `error disk-missing ${AT_DISK}`);
  of('missing, of a known size', { kind: 'missing' }, sized, `warning disk-will-need-creation ${AT_DISK}`);
  of('there, of a known size', { header: 'qcow2' }, sized);
  of('a directory', { kind: 'directory' }, {}, `error disk-not-a-file ${AT_DISK}`);
  of('a device', { kind: 'other' }, {}, `error disk-not-a-file ${AT_DISK}`);
  of('a directory, of a known size', { kind: 'directory' }, sized, `error disk-not-a-file ${AT_DISK}`);
  of('not readable', { kind: 'file', header: null }, {}, `warning file-unreadable ${AT_DISK}`);
  of('behind a closed directory', { kind: 'unreadable' }, {}, `warning file-unreadable ${AT_DISK}`);
  of('a loop', { kind: 'loop' }, {}, `error symlink-loop ${AT_DISK}`);
  of('raw that is qcow2', { header: 'qcow2' }, format('raw'), mismatch);
  of('raw that is vmdk', { header: 'vmdk' }, format('raw'), mismatch);
  of('raw that is of a format not planned', { header: 'vhdx' }, format('raw'), mismatch);
  of('raw that is anything', { header: 'unknown' }, format('raw'));
  of('qcow2 that is anything', { header: 'unknown' }, {}, mismatch);
  of('qcow2 that is vdi', { header: 'vdi' }, {}, mismatch);
  of('vdi', { header: 'vdi' }, format('vdi'));
  of('vmdk', { header: 'vmdk' }, format('vmdk'));
  t.end();
});

t.test('a look at a share, a kernel and an initrd', (t) => {
  const at = '/srv/lab/x';
  const of = (change: Change, kind: PathSight['kind'], ...issues: string[]) =>
    checkIssues(t, changed(change), issues, `${Object.keys(change)} ${kind}`, seeing({ [at]: { kind } }));
  const shared = 'storage.disks[1].path';
  of(share('x'), 'directory');
  of(share('x'), 'file', `error share-not-a-directory ${shared}`);
  of(share('x'), 'missing', `error share-not-a-directory ${shared}`);
  of(share('x'), 'unreadable', `warning file-unreadable ${shared}`);
  for (const [change, field, code] of [
    [kernel({ bzimage: 'x' }), 'kernel.bzimage', 'kernel-missing'],
    [kernel({ initrd: 'x' }), 'kernel.initrd', 'initrd-missing'],
  ] as const) {
    of(change, 'file');
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
  const of = (about: string, paths: Readonly<Record<string, Partial<PathSight>>>, ...issues: string[]) =>
    checkIssues(t, changed(change), issues, about, seeing(paths));
  const missing = (field: string) => `warning parent-directory-missing ${field}`;
  of('to be made', { [socket]: { kind: 'missing' }, [log]: { kind: 'missing' } });
  of('there from an earlier run', { [socket]: { kind: 'other' }, [log]: {} });
  of('no directory', { [socket]: { kind: 'missing', parent: 'missing' } }, missing('qmp.socket'));
  of('a directory of another user', { [log]: { parent: 'unwritable' } }, missing('serial.logfile'));
  of(
    'neither',
    { [socket]: { parent: 'unwritable' }, [log]: { parent: 'missing' } },
    missing('serial.logfile'),
    missing('qmp.socket'),
  );
  t.end();
});

t.test('links', (t) => {
  const disk = (seen: Partial<PathSight>, look: { realRoot?: string; path?: string } = {}) => {
    const path = look.path ?? 'images/root.qcow2';
    const absolute = path.startsWith('/') ? path : `/srv/lab/${path}`;
    return [
      changed({ [DISK]: path }),
      probed(LINUX, {
        paths: { [absolute]: { header: 'qcow2', ...seen } },
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
    disk({ realPath: ROOT }, { realRoot: '/data/lab' }),
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
  const seen = { header: 'qcow2', realPath: ROOT };
  checkIssues(
    t,
    changed(change),
    ['error image-shared-writable storage.disks[1].path'],
    'an image by its link',
    seeing({ [ROOT]: seen, '/srv/lab/images/link': seen }),
  );
  checkIssues(
    t,
    changed({ 'serial.mode': 'file', 'serial.logfile': 'logs/a' }),
    ['error path-conflict serial.logfile'],
    'a log by its link',
    seeing({ [ROOT]: seen, '/srv/lab/logs/a': { realPath: ROOT } }),
  );
  t.end();
});

t.test('what has no effect is not looked at', (t) => {
  const host = seeing({
    [ROOT]: { kind: 'missing' },
    '/srv/lab/logs/a': { kind: 'missing' },
    '/srv/lab/l': { kind: 'loop' },
  });
  const sized = { 'storage.disks.0.size_gb': 1 };
  const planned = `warning disk-will-need-creation ${AT_DISK}`;
  const of = (about: string, change: Change, ...issues: string[]) =>
    checkIssues(t, changed({ ...sized, ...change }), [...issues, planned], about, host);
  of('a kernel that is disabled', { kernel: { bzimage: 'images/root.qcow2' } });
  of('a socket that is disabled', { qmp: { enabled: false, socket: 'images/root.qcow2' } });
  of('a link of a disabled section', { kernel: { bzimage: 'l' } });
  checkIssues(
    t,
    changed({ ...sized, serial: { enabled: true, mode: 'file', logfile: 'logs/a', device: 'logs/a' } }),
    [planned, 'warning serial-logfile-wins serial.logfile'],
    'a device that a log overrides',
    host,
  );
  t.end();
});

t.test('a strict policy on a probed host', (t) => {
  checkIssues(
    t,
    changed({ [DISK]: '/var/x' }),
    [`error outside-project-root ${AT_DISK}`],
    'strict',
    probed(LINUX, { strictPaths: true }),
  );
  t.end();
});

t.test('messages about the host hold the value and the bound', (t) => {
  const messageOf = (change: Change, code: string, host = ON_LINUX) =>
    issuesOf(outcomeOf(changed(change), host)).find((issue) => issue.code === code)?.message;
  t.match(messageOf({ 'qmp.socket': 'x'.repeat(200) }, 'socket-path-too-long'), /\b209\b.*\b107\b/);
  t.match(messageOf({ [DISK]: 'x'.repeat(256) }, 'path-too-long'), /\b256\b.*\b255\b/);
  t.match(messageOf({ [DISK]: 'x/'.repeat(2100) }, 'path-too-long'), /\b4095\b/);
  t.match(messageOf({ [DISK]: '/proc/1/mem' }, 'forbidden-path'), /"\/proc\/1\/mem".*\/proc;/);
  t.match(messageOf(share('/etc'), 'forbidden-path'), /share \/etc\/shadow/);
  t.match(messageOf({ 'hardware.cores': 256, ...TCG }, 'cores-need-kvm'), /\b256\b.*\b255\b/);
  t.match(
    messageOf({ 'hardware.memory_mb': 2000128, ...TCG }, 'memory-over-address-space'),
    /\b2000128\b.*\b1001472\b/,
  );
  t.match(messageOf({ [DISK]: '../x' }, 'outside-project-root'), /"\/srv\/x".*"\/srv\/lab"/);
  t.end();
});

t.test('host facts', (t) => {
  const facts = (change: object) =>
    readHostFacts({ os: 'linux', arch: 'x86_64', project_root: '/srv/lab', ...change });
  const good = (change: object, expected: object) =>
    t.match(facts(change), { facts: expected }, JSON.stringify(change));
  const bad = (change: object, problem: RegExp) =>
    t.match(facts(change), { problem }, JSON.stringify(change));
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
  bad({ project_root: `/${'x'.repeat(256)}` }, /\b256\b.*\b255\b/);
  bad({ project_root: `/${'x/'.repeat(2100)}` }, /\b4095\b/);
  bad({ project_root: '/srv/password=abc' }, /secret/);
  bad({ colour: 'blue' }, /host/);
  t.notMatch(facts({ 'password=abc': 1 }), { problem: /password/ }, 'a name is not repeated');
  t.match(readHostFacts(null), { problem: /host/ });
  t.match(readHostFacts('linux'), { problem: /host/ });
  t.end();
});

t.test('the longest path that a request can hold is refused like any other', (t) => {
  const texts = {
    spaces: `${' '.repeat(240000)}x`,
    dots: `${'.'.repeat(240000)}x`,
    components: 'a/'.repeat(120000),
    parents: '../'.repeat(80000),
    backslashes: `a${'\\'.repeat(240000)}`,
    words: `token${' '.repeat(100)}`.repeat(2200),
  };
  for (const facts of [LINUX, DARWIN_INTEL, WINDOWS, FREEBSD]) {
    for (const [name, text] of Object.entries(texts)) {
      const outcome = outcomeOf(changed({ ...LOG, 'qmp.socket': text }), given(facts));
      t.notOk(outcome.isValid, `${name} on ${facts.os}`);
    }
  }
  t.end();
});
