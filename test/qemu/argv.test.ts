/** The command line: its order, what stands in it, and how each context is escaped. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import t from 'tap';
import { argvResult } from '../../src/planning/argv_result.ts';
import { shellCommand, shellLine, shellLines, shellQuoted } from '../../src/qemu/shell_text.ts';
import { part } from '../../src/topics/part.ts';
import { lineOfText, nastyString } from '../arbitrary/nasty.ts';
import { argvOf, valuesOf } from '../help/argv.ts';
import { ABSENT, type Change, changed } from '../help/documents.ts';
import { given, LINUX, LINUX_WITHOUT_KVM, ON_LINUX, probed } from '../help/hosts.ts';
import { plannedOf } from '../help/plans.ts';

/** Everything at once; written so that each group has something in it. */
const EVERYTHING: Change = {
  'hardware.cpu': 'host,pmu=off',
  'storage.disks': [
    { name: 'root', path: 'images/root.qcow2', format: 'qcow2', readonly: true },
    { name: 'src', path: 'src', format: 'host-path' },
  ],
  'network.interfaces': [
    { name: 'net0', type: 'user', hostfwd: ['tcp:127.0.0.1:2222-:22'], mac: '52:54:00:AA:BB:CC' },
    { name: 'tap0', type: 'tap' },
    { name: 'off', type: 'none' },
  ],
  qmp: {},
  kernel: {
    enabled: true,
    bzimage: 'boot/bzImage',
    initrd: '/srv/lab/boot/initrd',
    append: 'quiet root=/dev/vda',
  },
};

t.test('groups stand in one order', (t) => {
  const { parts, argv } = argvResult(plannedOf(changed(EVERYTHING)));
  t.strictSame(
    parts.map(({ group, first, count }) => [group, ...argv.slice(first, first + count)]),
    [
      ['binary', 'qemu-system-x86_64'],
      ['machine', '-machine', 'q35'],
      ['machine', '-nodefaults', '-no-user-config', '-display', 'none'],
      ['accelerator', '-enable-kvm'],
      ['cpu', '-cpu', 'host,pmu=off'],
      ['cpu', '-smp', '2'],
      ['cpu', '-m', '1024M'],
      ['disks', '-drive', 'file=/srv/lab/images/root.qcow2,format=qcow2,if=virtio,readonly=on'],
      [
        'shares',
        '-fsdev',
        'local,path=/srv/lab/src,security_model=none,id=src',
        '-device',
        'virtio-9p-pci,fsdev=src,mount_tag=src',
      ],
      [
        'network',
        '-netdev',
        'user,id=net0,hostfwd=tcp:127.0.0.1:2222-:22',
        '-device',
        'virtio-net-pci,netdev=net0,mac=52:54:00:aa:bb:cc',
      ],
      [
        'network',
        '-netdev',
        'tap,id=tap0,ifname=tap0,script=no,downscript=no',
        '-device',
        `virtio-net-pci,netdev=tap0,mac=${macOf('lab/tap0')}`,
      ],
      ['qmp', '-qmp', 'unix:/srv/lab/run/lab.qmp.sock,server=on,wait=off'],
      ['serial', '-serial', 'pty'],
      ['kernel', '-kernel', '/srv/lab/boot/bzImage'],
      ['kernel', '-initrd', '/srv/lab/boot/initrd'],
      ['kernel', '-append', 'quiet root=/dev/vda'],
      ['name', '-name', 'lab'],
    ],
  );
  t.end();
});

function macOf(text: string): string {
  const digest = createHash('sha256').update(text).digest();
  return ['52', '54', '00', ...[0, 1, 2].map((index) => digest.toString('hex', index, index + 1))].join(':');
}

t.test('each context escapes by its own rule', (t) => {
  // Name, then what becomes of it after -drive file= and -fsdev path=, and after unix:.
  const names: readonly (readonly [string, string, string])[] = [
    ['a', 'R/a', 'R/a'],
    ['a b', 'R/a b', 'R/a b'],
    ['a,b', 'R/a,,b', 'R/a,,b'],
    ['a,,b', 'R/a,,,,b', 'R/a,,,,b'],
    [',a,', 'R/,,a,,', 'R/,,a,,'],
    ['a=b', 'R/a=b', 'path=R/a=b'],
    ['a=b,c', 'R/a=b,,c', 'path=R/a=b,,c'],
    ['a,b=c', 'R/a,,b=c', 'path=R/a,,b=c'],
    ['x,snapshot=on', 'R/x,,snapshot=on', 'path=R/x,,snapshot=on'],
    ['nbd:localhost:1', 'R/nbd:localhost:1', 'R/nbd:localhost:1'],
    ['json:{"driver":"file"}', 'R/json:{"driver":"file"}', 'R/json:{"driver":"file"}'],
    ['file:x', 'R/file:x', 'R/file:x'],
    ['-drive', 'R/-drive', 'R/-drive'],
    [
      `"a" 'b' \\c %d #e ;f ?g *h (i) !j &k |l <m> ~n`,
      `R/"a" 'b' \\c %d #e ;f ?g *h (i) !j &k |l <m> ~n`,
      `R/"a" 'b' \\c %d #e ;f ?g *h (i) !j &k |l <m> ~n`,
    ],
    ['größe-日本-🐧', 'R/größe-日本-🐧', 'R/größe-日本-🐧'],
    ['e\u0301', 'R/e\u0301', 'R/e\u0301'],
  ];
  for (const [name, option, socket] of names) {
    const raw = `/srv/lab/${name}`;
    const [file, unix] = [option, socket].map((text) => text.replace('R', '/srv/lab'));
    const disk = (format: string) => ({ name: 'd', path: name, format });
    const kernel = { enabled: true, bzimage: name, append: name };
    t.strictSame(
      valuesOf(argvOf({ 'storage.disks': [disk('raw')] }), '-drive'),
      [`file=${file},format=raw,if=virtio`],
      name,
    );
    t.strictSame(
      valuesOf(argvOf({ 'storage.disks.1': disk('host-path') }), '-fsdev'),
      [`local,path=${file},security_model=none,id=d`],
      name,
    );
    t.strictSame(valuesOf(argvOf({ 'qmp.socket': name }), '-qmp'), [`unix:${unix},server=on,wait=off`], name);
    t.strictSame(
      valuesOf(argvOf({ serial: { enabled: true, mode: 'socket', device: name } }), '-serial'),
      [`unix:${unix},server=on,wait=off`],
      name,
    );
    t.strictSame(
      valuesOf(argvOf({ serial: { enabled: true, mode: 'file', logfile: name } }), '-serial'),
      [`file:${raw}`],
      name,
    );
    t.strictSame(valuesOf(argvOf({ kernel }), '-kernel'), [raw], name);
    t.strictSame(valuesOf(argvOf({ kernel }), '-append'), [name], name);
    if (!name.includes(','))
      t.strictSame(valuesOf(argvOf({ kernel: { ...kernel, initrd: name } }), '-initrd'), [raw], name);
  }
  t.end();
});

t.test('what a shell would change goes through where no path rule forbids it', (t) => {
  const append = '$(id) `id` ~ $HOME "a b" \\ \' , ,, = x=y';
  t.strictSame(valuesOf(argvOf({ kernel: { enabled: true, bzimage: 'k', append } }), '-append'), [append]);
  t.end();
});

t.test('the root of the project is part of every path', (t) => {
  const argv = argvOf({ qmp: {}, 'serial.mode': 'socket' }, given({ ...LINUX, project_root: '/srv/a=b,c' }));
  t.strictSame(valuesOf(argv, '-drive'), ['file=/srv/a=b,,c/images/root.qcow2,format=qcow2,if=virtio']);
  t.strictSame(valuesOf(argv, '-qmp'), ['unix:path=/srv/a=b,,c/run/lab.qmp.sock,server=on,wait=off']);
  t.strictSame(valuesOf(argv, '-serial'), ['unix:path=/srv/a=b,,c/run/lab.serial.sock,server=on,wait=off']);
  t.end();
});

t.test('parts say where each element comes from', (t) => {
  const { parts } = argvResult(plannedOf(changed(EVERYTHING)));
  t.strictSame(
    parts.map(({ pointers }) => pointers.join(' ')),
    [
      '/hardware/arch',
      '/hardware/arch',
      '',
      '',
      '/hardware/cpu',
      '/hardware/cores',
      '/hardware/memory_mb',
      '/storage/disks/0/path /storage/disks/0/format /storage/disks/0/readonly',
      '/storage/disks/1/name /storage/disks/1/path /storage/disks/1/format',
      '/network/interfaces/0/name /network/interfaces/0/type /network/interfaces/0/hostfwd /network/interfaces/0/mac',
      '/network/interfaces/1/name /network/interfaces/1/type',
      '',
      '/serial/mode',
      '/kernel/bzimage',
      '/kernel/initrd',
      '/kernel/append',
      '/vm/name',
    ],
  );
  t.end();
});

t.test('parts say why an element is no plain copy', (t) => {
  const whyOf = (change: Change, group: string, host = ON_LINUX) =>
    argvResult(plannedOf(changed(change), host)).parts.findLast((part) => part.group === group)?.why ?? '';
  const kernel = (bzimage: string) => ({ kernel: { enabled: true, bzimage } });
  const rows: readonly (readonly [string, string, RegExp])[] = [
    ['a default binary', whyOf({}, 'binary'), /default.*x86_64/],
    ['a default binary that was found', whyOf({}, 'binary', probed(LINUX)), /PATH/],
    ['a default machine', whyOf({}, 'machine'), /./],
    ['auto', whyOf({}, 'accelerator'), /kvm.*linux.*x86_64/],
    ['a fallback', whyOf({}, 'accelerator', given(LINUX_WITHOUT_KVM)), /emulation.*linux/],
    [
      'a fallback to another architecture',
      whyOf({ 'hardware.arch': 'ppc64le' }, 'accelerator'),
      /emulation.*x86_64.*ppc64le/,
    ],
    ['a resolved path', whyOf({}, 'disks'), /project root/],
    ['a default socket', whyOf({ qmp: {} }, 'qmp'), /default.*name/],
    ['a default serial socket', whyOf({ 'serial.mode': 'socket' }, 'serial'), /default.*name/],
    ['a default serial mode', whyOf({ serial: { enabled: true } }, 'serial'), /default/],
    [
      'a generated address',
      whyOf({ 'network.interfaces.0': { name: 'a', type: 'tap' } }, 'network'),
      /names/,
    ],
    [
      'the boot layout',
      whyOf({ 'storage.disks.1': { name: 'b', path: 'b', format: 'raw', boot: true } }, 'disks'),
      /boot/,
    ],
    [
      'a binary by name that was found',
      whyOf({ 'vm.qemu_binary': 'qemu-kvm' }, 'binary', probed(LINUX, { binary: '/usr/bin/qemu-kvm' })),
      /PATH/,
    ],
  ];
  for (const [about, why, pattern] of rows) t.match(why, pattern, about);
  const cpuWhy = (change: Change, host = ON_LINUX) =>
    argvResult(plannedOf(changed(change), host)).parts.find((part) => part.group === 'cpu')?.why ?? null;
  t.match(cpuWhy({}), /host.*default.*x86_64.*kvm/);
  t.match(
    cpuWhy({ 'hardware.cpu': 'host' }, given(LINUX_WITHOUT_KVM)),
    /max.*default.*tcg.*host/,
    'a CPU that is replaced',
  );
  t.equal(cpuWhy({ 'hardware.cpu': 'host' }), null, 'a CPU as written');
  t.equal(whyOf({ 'storage.disks.0.path': '/srv/lab/a' }, 'disks'), '', 'a path as written');
  t.equal(whyOf(kernel('/srv/lab/k'), 'kernel'), '', 'a kernel as written');
  t.equal(whyOf({ 'vm.qemu_binary': '/usr/bin/qemu-kvm' }, 'binary'), '', 'a binary as written');
  t.equal(whyOf({ 'hardware.acceleration': 'tcg' }, 'accelerator'), '', 'an accelerator as written');
  t.equal(whyOf({}, 'serial'), '', 'a mode as written');
  t.equal(whyOf({}, 'name'), '');
  t.end();
});

t.test('the answer', (t) => {
  const planned = plannedOf(changed({ 'hardware.memory_mb': 1000 }));
  const result = argvResult(planned);
  t.strictSame(Object.keys(result), [
    'profile_name',
    'argv',
    'display',
    'argv_hash',
    'profile_hash',
    'acceleration_requested',
    'acceleration_resolved',
    'host_facts',
    'parts',
    'unknowns',
    'warnings',
  ]);
  t.match(result, {
    profile_name: 'lab',
    acceleration_requested: 'auto',
    acceleration_resolved: 'kvm',
    host_facts: 'given',
    argv_hash: `sha256:${createHash('sha256').update(planned.argv.join('\0')).digest('hex')}`,
    warnings: [{ code: 'memory-not-aligned' }],
  });
  t.equal(argvResult(plannedOf(changed({}), probed(LINUX))).host_facts, 'probed');
  t.end();
});

t.test('display is quoted for a POSIX shell', (t) => {
  for (const [text, quoted] of [
    ['abc', 'abc'],
    ['-drive', '-drive'],
    ['file=/srv/a_b,c:1.2@x%y+z-0', 'file=/srv/a_b,c:1.2@x%y+z-0'],
    ['', "''"],
    ['a b', "'a b'"],
    ["it's", "'it'\\''s'"],
    ['$HOME', "'$HOME'"],
    ['~', "'~'"],
    ['a;b', "'a;b'"],
    ['#a', "'#a'"],
    ['ü', "'ü'"],
    ['a=b', 'a=b'],
    // zsh would look for a command of that name.
    ['=b', "'=b'"],
    ['a"b\\c', `'a"b\\c'`],
  ] as const) {
    t.equal(shellQuoted(text), quoted, JSON.stringify(text));
  }
  t.end();
});

/** The second is there wherever scripts of plans can be run. */
const SHELLS = ['/bin/sh', 'bash'];

t.test('a shell reads display as argv', (t) => {
  const append = `a "b" 'c' $HOME \`id\` \\ ; # & | < > * ? [x] {y} ! ~ ü 🐧 ''`;
  const planned = plannedOf(
    changed({ ...EVERYTHING, kernel: { enabled: true, bzimage: `k 'x' "y"`, append } }),
  );
  const { argv, display } = argvResult(planned);
  const texts = [display, shellLines(planned.parts), shellCommand(argv)];
  for (const shell of SHELLS) t.strictSame(readByShell(shell, texts), [argv, argv, argv], shell);
  t.equal(shellLine(argv), display);
  t.end();
});

/** What a shell makes of each of some commands: the words, the first of which is the program. */
function readByShell(shell: string, commands: readonly string[]): string[][] {
  const script = commands.map((command) => `words ${command.trimEnd()}\n`).join('');
  const words = `words() { printf '%s\\0' "$#" "$@"; }\n`;
  const fields = execFileSync(shell, [], { input: words + script, maxBuffer: 2 ** 28 })
    .toString()
    .split('\0');
  const read: string[][] = [];
  while (fields.length > 1) read.push(fields.splice(0, Number(fields.shift())));
  return read;
}

const SEED = 20260309;

t.test('so it does with any argv', (t) => {
  const element = fc
    .oneof(lineOfText(), nastyString())
    .map((text) => Buffer.from(text.replaceAll('\0', '')).toString());
  const options = fc.array(fc.tuple(fc.constantFrom('-append', '-name', '-'), element), { maxLength: 4 });
  const samples = fc.sample(options, { seed: SEED, numRuns: 400 });
  const expected = samples.flatMap((options) => Array(3).fill(['qemu', ...options.flat()]));
  const texts = samples.flatMap((options) => {
    const argv = ['qemu', ...options.flat()];
    const parts = [part('binary', [], ['qemu']), part('name', [], options.flat())];
    return [shellLine(argv), shellLines(parts), shellCommand(argv)];
  });
  for (const shell of SHELLS)
    t.strictSame(readByShell(shell, texts), expected, `${texts.length} lines by ${shell}`);
  t.end();
});

t.test('the line for a terminal is broken before each option', (t) => {
  const planned = plannedOf(changed({ serial: ABSENT, 'storage.disks.0.path': 'a b' }));
  t.equal(
    shellLines(planned.parts),
    `${[
      'qemu-system-x86_64',
      '-machine q35',
      '-nodefaults',
      '-no-user-config',
      '-display none',
      '-enable-kvm',
      '-cpu host',
      '-smp 2',
      '-m 1024M',
      "-drive 'file=/srv/lab/a b,format=qcow2,if=virtio'",
      '-name lab',
    ].join(' \\\n  ')}\n`,
  );
  t.end();
});

t.test('a long command is broken before what looks like an option, a short one is not', (t) => {
  const long = `/${'x'.repeat(70)}`;
  t.equal(shellCommand(['test', '-w', '/dev/kvm']), 'test -w /dev/kvm');
  t.equal(shellCommand([long, '-a', 'b c', 'd', '-e']), `${long} \\\n  -a 'b c' d \\\n  -e`);
  t.equal(shellCommand(['x'.repeat(78), '-']).length, 80);
  t.match(shellCommand(['x'.repeat(79), '-']), /x \\\n {2}-$/);
  t.end();
});
