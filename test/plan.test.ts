/** The plan as a value: its members, its hash, its risk, what it touches and what it could not know. */
import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import t from 'tap';
import type { Host } from '../src/context/host_facts.ts';
import { type CommandPlan, planText, step } from '../src/planning/command_plan.ts';
import { ANY_STRINGS } from '../src/planning/json_strings.ts';
import { planProfile } from '../src/planning/plan_profile.ts';
import { planStart } from '../src/planning/plan_start.ts';
import { readProfile } from '../src/profile/read_profile.ts';
import { argvResult } from './help/argv_result.ts';
import { ABSENT, baseProfile, type Change, changed } from './help/documents.ts';
import {
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

const TCG = { 'hardware.acceleration': 'tcg' };

function planOf(change: Change, host: Host = ON_LINUX): CommandPlan {
  return planStart(plannedOf(changed(change), host));
}

function metadataOf(plan: CommandPlan): Record<string, unknown> {
  return { ...plan.metadata };
}

function share(more: object = {}): Change {
  return { 'storage.disks.1': { name: 'share', path: 'shares/a', format: 'host-path', ...more } };
}

function card(type: string, ...hostfwd: string[]): Change {
  return { 'network.interfaces.0': { name: 'net0', type, hostfwd } };
}

function sha256(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}

t.test('a plan, whole', (t) => {
  const argv = [
    'qemu-system-x86_64',
    ...'-machine q35 -nodefaults -no-user-config -display none -enable-kvm -cpu host -smp 2 -m 1024M'.split(
      ' ',
    ),
    '-drive',
    'file=/srv/lab/images/root.qcow2,format=qcow2,if=virtio',
    ...'-serial pty -name lab'.split(' '),
  ];
  const common = {
    destructive: false,
    env: {},
    expected_exit_codes: [0],
    metadata: {},
    redacted: false,
    requires_privilege: false,
  };
  const plan = planOf({});
  t.strictSame(
    {
      ...plan,
      title: '',
      description: '',
      explanation: '',
      estimated_impact: '',
      metadata: { ...plan.metadata, unknowns: [] },
    },
    {
      affected_resources: ['device:/dev/kvm', 'path:/srv/lab/images/root.qcow2'],
      category: 'vm',
      commands: [
        {
          ...common,
          argv: ['test', '-w', '/dev/kvm'],
          cwd: '/srv/lab',
          display: 'test -w /dev/kvm',
          idempotent: true,
          step_id: 'check-kvm-access',
          timeout_seconds: 5,
          title: 'Check that this user may use kvm',
        },
        {
          ...common,
          argv,
          cwd: '/srv/lab',
          display: argv.join(' '),
          idempotent: false,
          step_id: 'start-qemu',
          timeout_seconds: null,
          title: 'Start QEMU for lab',
        },
      ],
      confirmation_required: true,
      created_at: null,
      created_by: null,
      description: '',
      dry_run: true,
      dry_run_supported: true,
      estimated_impact: '',
      explanation: '',
      metadata: {
        acceleration_requested: 'auto',
        acceleration_resolved: 'kvm',
        argv_hash: sha256(argv.join('\0')),
        console: { auto_attach: false, escape_sequence: 'ctrl+]' },
        development_log_root: 'logs/vmlab',
        host: LINUX,
        host_facts: 'given',
        profile_hash: plannedOf(baseProfile()).profileHash,
        profile_name: 'lab',
        qmp_socket_path: null,
        schema_version: 1,
        serial_config_summary: 'pty',
        unknowns: [],
        validation_warnings: [],
      },
      plan_hash: plan.plan_hash,
      plan_id: plan.plan_id,
      policy_decision: null,
      requires_privilege: false,
      requires_relogin: false,
      risk: 'medium',
      rollback: [],
      schema_version: 1,
      source: 'service',
      status: 'validated',
      title: '',
    },
  );
  t.end();
});

t.test('texts for people name the VM, the accelerator, memory and cores', (t) => {
  for (const [host, accelerator] of [
    [ON_LINUX, 'kvm'],
    [given(LINUX_WITHOUT_KVM), 'tcg'],
  ] as const) {
    const plan = planOf({ 'vm.name': 'my-vm', 'hardware.cores': 7, 'hardware.memory_mb': 3072 }, host);
    for (const text of [plan.title, plan.description, plan.explanation, plan.estimated_impact]) {
      for (const word of ['my-vm', accelerator, '3072', '7 cores']) t.match(text, word);
    }
  }
  t.match(planOf({ 'hardware.cores': 1 }).title, /\b1 core\b/);
  t.match(planOf(TCG).explanation, /tcg.*risk is low.*isolation/i, 'emulation is no isolation');
  t.notMatch(planOf({}).explanation, /isolation/);
  t.match(
    planOf({ ...share(), ...card('user', 'tcp:127.0.0.1:2222-:22') }).estimated_impact,
    /2 disks.*1 forwarded port\b/,
  );
  t.match(planOf({ 'storage.disks.0.readonly': true }).estimated_impact, /0 disks.*0 forwarded ports/);
  t.end();
});

t.test('the hash is that of the canonical JSON of the rest', (t) => {
  const hosts = [ON_LINUX, given(LINUX_WITHOUT_KVM), probed(LINUX)];
  for (const host of hosts) {
    const plan = planOf(
      { 'vm.description': 'ü\n"', 'hardware.memory_mb': 1000, qmp: {}, ...card('user', 'tcp::80-:80') },
      host,
    );
    const { plan_hash, plan_id, ...rest } = plan;
    t.equal(plan_hash, sha256(canonicalize(rest) ?? ''));
    t.equal(plan_id, `plan-${plan_hash.slice('sha256:'.length).slice(0, 16)}`);
    t.equal(JSON.stringify(plan), canonicalize(plan), 'the members are sorted at every level');
    t.equal(JSON.stringify(rest), canonicalize(rest), 'the text without the two is the text that was hashed');
  }
  t.end();
});

t.test('what the hash depends on', (t) => {
  const hash = planOf({}).plan_hash;
  t.equal(planOf({}).plan_hash, hash);
  t.equal(planOf({ serial: { mode: 'pty', enabled: true } }).plan_hash, hash);
  const others = [
    planOf({ 'vm.description': 'x' }),
    planOf({ 'hardware.cores': 3 }),
    planOf({ colour: 'blue' }),
    planOf({}, given({ ...LINUX, project_root: '/srv/other' })),
    planOf({ 'console.auto_attach': true }),
    planOf({ 'hardware.acceleration': 'kvm' }),
    planOf({}, probed(LINUX)),
  ];
  t.equal(new Set([hash, ...others.map((plan) => plan.plan_hash)]).size, others.length + 1);
  t.end();
});

t.test('status', (t) => {
  t.equal(planOf({}).status, 'validated');
  t.equal(planOf({ serial: ABSENT }).status, 'validated', 'an info does not count');
  t.equal(planOf({ 'hardware.memory_mb': 1000 }).status, 'draft', 'a warning does');
  t.equal(planOf({ colour: 1 }).status, 'draft');
  t.equal(planOf({}, given(LINUX_WITHOUT_KVM)).status, 'draft', 'a fallback is one');
  t.equal(planOf({}, given(LINUX_ARM)).status, 'draft');
  t.strictSame(
    metadataOf(planOf({ serial: ABSENT, 'hardware.memory_mb': 1000 })).validation_warnings,
    issuesOf(outcomeOf(changed({ serial: ABSENT, 'hardware.memory_mb': 1000 }))),
    'all of them stand in the plan',
  );
  t.end();
});

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

t.test('steps', (t) => {
  const stepsOf = (change: Change, host?: Host) =>
    planOf(change, host).commands.map(({ step_id }) => step_id);
  t.strictSame(stepsOf({}), ['check-kvm-access', 'start-qemu']);
  t.strictSame(stepsOf(TCG), ['start-qemu']);
  t.strictSame(stepsOf({}, given(DARWIN_INTEL)), ['start-qemu']);
  t.strictSame(stepsOf({}, given(LINUX_WITHOUT_KVM)), ['start-qemu']);
  for (const change of [{}, TCG, card('tap'), card('bridge'), { qmp: {} }]) {
    const plan = planOf(change);
    const words = plan.commands.flatMap(({ argv }) => argv);
    t.notOk(words.some((word) => /^(?:.*\/)?(?:sudo|doas|pkexec)$/.test(word)));
    t.ok(plan.commands.every((step) => !step.requires_privilege));
    t.equal(plan.requires_privilege, false);
    t.ok(plan.commands.every(({ cwd }) => cwd === '/srv/lab'));
  }
  const start = planOf({ serial: { enabled: true, mode: 'file', logfile: 'l' } }).commands.at(-1);
  t.equal(start?.destructive, true, 'QEMU truncates the log of an earlier run');
  t.equal(planOf({}).commands.at(-1)?.destructive, false);
  t.end();
});

t.test('metadata', (t) => {
  const of = (change: Change, host?: Host) => metadataOf(planOf(change, host));
  const serial = (more: object) => ({ serial: { enabled: true, ...more } });
  for (const [summary, change] of [
    ['pty', {}],
    ['none', serial({ mode: 'none' })],
    ['disabled', { serial: ABSENT }],
    ['file:/srv/lab/logs/a.log', serial({ mode: 'file', logfile: 'logs/a.log' })],
    ['socket:/srv/lab/run/lab.serial.sock', serial({ mode: 'socket' })],
  ] as const) {
    t.equal(of(change).serial_config_summary, summary);
  }
  t.equal(of({ qmp: {} }).qmp_socket_path, '/srv/lab/run/lab.qmp.sock');
  t.equal(of({ 'qmp.socket': '/tmp/q' }).qmp_socket_path, '/tmp/q');
  t.equal(of({ 'qmp.enabled': false }).qmp_socket_path, null);
  t.strictSame(of({ console: { auto_attach: true, escape_sequence: 'alt+x' } }).console, {
    auto_attach: true,
    escape_sequence: 'alt+x',
  });
  t.equal(of({}, probed(LINUX)).host_facts, 'probed');
  t.match(of({}, given(FREEBSD)), {
    acceleration_requested: 'auto',
    acceleration_resolved: 'tcg',
    host: FREEBSD,
  });
  t.end();
});

t.test('what could not be known of a given host', (t) => {
  const subjectsOf = (change: Change, host = ON_LINUX) =>
    plannedOf(changed(change), host).unknowns.map(({ subject }) => subject);
  const binary = ['binary:qemu-system-x86_64', 'binary:qemu-system-x86_64'];
  const disk = 'path:/srv/lab/images/root.qcow2';
  const kvm = 'device:/dev/kvm';
  const rows: readonly (readonly [string, Change, readonly string[]])[] = [
    ['the least', TCG, [...binary, disk]],
    ['kvm', {}, [...binary, kvm, disk]],
    ['a CPU model', { ...TCG, 'hardware.cpu': 'EPYC' }, [...binary, 'cpu:EPYC', disk]],
    ['CPU features', { 'hardware.cpu': 'host,pmu=off' }, [...binary, 'cpu:host,pmu=off', kvm, disk]],
    ['a CPU of another architecture', { ...TCG, 'hardware.cpu': 'rv64' }, [...binary, 'cpu:rv64', disk]],
    [
      'a binary by path',
      { ...TCG, 'vm.qemu_binary': '/opt/qemu-kvm' },
      ['path:/opt/qemu-kvm', 'path:/opt/qemu-kvm', disk],
    ],
    ['a share', { ...TCG, ...share() }, [...binary, disk, 'path:/srv/lab/shares/a']],
    [
      'a kernel',
      { ...TCG, kernel: { enabled: true, bzimage: 'k', initrd: 'i' } },
      [...binary, 'path:/srv/lab/i', disk, 'path:/srv/lab/k'],
    ],
    [
      'sockets',
      { ...TCG, qmp: {}, serial: { enabled: true, mode: 'socket' } },
      [...binary, disk, 'path:/srv/lab/run/lab.qmp.sock', 'path:/srv/lab/run/lab.serial.sock'],
    ],
    [
      'a log',
      { ...TCG, serial: { enabled: true, mode: 'file', logfile: 'l' } },
      [...binary, disk, 'path:/srv/lab/l'],
    ],
    [
      'ports',
      { ...TCG, ...card('user', 'tcp::80-:80', 'udp:127.0.0.1:53-:53') },
      [...binary, disk, 'port:tcp:0.0.0.0:80', 'port:udp:127.0.0.1:53'],
    ],
    ['a tap device', { ...TCG, ...card('tap') }, [...binary, 'netdev:net0', disk]],
    ['a bridge', { ...TCG, ...card('bridge') }, [...binary, 'netdev:br0', disk]],
    [
      'two ports of one bridge are one question',
      {
        ...TCG,
        'network.interfaces': [
          { name: 'a', type: 'bridge' },
          { name: 'b', type: 'bridge' },
        ],
      },
      [...binary, 'netdev:br0', disk],
    ],
    ['no card', { ...TCG, ...card('none') }, [...binary, disk]],
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
    probed(LINUX, { binary, paths: { [path]: { header: 'qcow2', ...disk } } });
  const found = 'path:/usr/bin/qemu-system-x86_64';
  t.strictSame(subjectsOf({}, seen({})), [found], 'only its version');
  t.strictSame(
    subjectsOf({}, seen({}, null)),
    ['binary:qemu-system-x86_64', 'binary:qemu-system-x86_64'],
    'no QEMU',
  );
  t.strictSame(
    subjectsOf({ 'storage.disks.0.size_gb': 1 }, seen({ kind: 'missing' })),
    [`path:${path}`, found],
    'a disk to be created',
  );
  t.strictSame(subjectsOf({}, seen({ header: null })), [`path:${path}`, found], 'a disk that cannot be read');
  t.strictSame(
    subjectsOf(card('user', 'tcp:127.0.0.1:80-:80'), seen({})),
    [found, 'port:tcp:127.0.0.1:80'],
    'ports',
  );
  t.end();
});

t.test('planning one reading for two hosts', (t) => {
  const reading = readProfile(changed({ colour: 'blue', 'hardware.cpu': 'host' }));
  const first = planProfile(reading, given(LINUX_WITHOUT_KVM));
  t.strictSame(planProfile(reading, given(LINUX_WITHOUT_KVM)), first, 'twice the same');
  t.strictSame(
    planProfile(reading, ON_LINUX).warnings,
    outcomeOf(reading.document).warnings,
    'nothing of the other host',
  );
  t.end();
});

t.test('a plan that needs privilege', (t) => {
  const parts = {
    affected_resources: [],
    commands: [
      step({ argv: ['ip', 'tuntap'], cwd: '/', step_id: 'a', title: 'a', requires_privilege: true }),
    ],
    description: '',
    estimated_impact: '',
    explanation: '',
    metadata: '{}',
    requires_relogin: true,
    risk: 'low',
    source: 'doctor',
    title: '',
    warnings: [],
  } as const;
  const text = planText(parts, ANY_STRINGS);
  const plan = JSON.parse(text);
  t.match(plan, {
    requires_privilege: true,
    confirmation_required: true,
    requires_relogin: true,
    source: 'doctor',
  });
  t.equal(text, canonicalize(plan));
  t.end();
});

t.test('a profile that is not valid has no plan', (t) => {
  const outcome = outcomeOf(changed({ 'hardware.cores': 0 }));
  t.strictSame(Object.keys(outcome).sort(), [
    'errors',
    'isValid',
    'profileName',
    'schemaVersion',
    'warnings',
  ]);
  t.end();
});
