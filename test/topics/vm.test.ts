/** The VM: its description, and the binary of QEMU that is called. */
import t from 'tap';
import { argvOf } from '../help/argv.ts';
import { LOG, TCG } from '../help/changes.ts';
import { ABSENT, changed } from '../help/documents.ts';
import { given, LINUX, probed, WINDOWS } from '../help/hosts.ts';
import { checkIssues, checkRows, type Row } from '../help/rows.ts';

t.test('description', (t) => {
  const of = (description: string, ...issues: string[]): Row => [
    JSON.stringify(description).slice(0, 20),
    { 'vm.description': description },
    ...issues,
  ];
  checkRows(t, [
    of(''),
    of(' '),
    of('a\n\tb "c" \\ \u00a0 日本 🐧'),
    of('x'.repeat(200)),
    of('🐧'.repeat(200)),
    of('x'.repeat(201), 'warning description-long vm.description'),
    of('a\rb', 'error control-character vm.description'),
    of('a\u0000', 'error control-character vm.description'),
    of('a\u202e', 'error control-character vm.description'),
  ]);
});

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

t.test('machine and binary of each architecture', (t) => {
  for (const [arch, binary, machine, cpu] of [
    ['x86_64', 'qemu-system-x86_64', 'q35', 'max'],
    ['aarch64', 'qemu-system-aarch64', 'virt,gic-version=max', 'max'],
    ['riscv64', 'qemu-system-riscv64', 'virt', 'rv64'],
    ['ppc64le', 'qemu-system-ppc64', 'pseries', 'max'],
  ] as const) {
    const argv = argvOf({ 'hardware.arch': arch, 'hardware.acceleration': 'tcg' });
    t.strictSame(
      argv.slice(0, 11),
      [
        binary,
        '-machine',
        machine,
        '-nodefaults',
        '-no-user-config',
        '-display',
        'none',
        '-accel',
        'tcg',
        '-cpu',
        cpu,
      ],
      arch,
    );
  }
  t.end();
});

t.test('the binary of a probed host is where it was found', (t) => {
  const found = probed(LINUX, { binary: '/usr/local/bin/qemu-system-x86_64' });
  t.equal(argvOf({}, found)[0], '/usr/local/bin/qemu-system-x86_64');
  t.equal(
    argvOf({ 'vm.qemu_binary': 'qemu-kvm' }, probed(LINUX, { binary: '/usr/bin/qemu-kvm' }))[0],
    '/usr/bin/qemu-kvm',
  );
  t.equal(argvOf({}, probed(LINUX, { binary: null }))[0], 'qemu-system-x86_64');
  t.equal(argvOf({ 'vm.qemu_binary': '/opt/x/../qemu-kvm' })[0], '/opt/qemu-kvm');
  t.end();
});
