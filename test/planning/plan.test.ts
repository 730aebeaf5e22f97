/** The plan as a value: its members, its hash, its texts and its steps. */
import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import t from 'tap';
import { sealPlan, step } from '../../src/planning/command_plan.ts';
import { planProfile } from '../../src/planning/plan_profile.ts';
import { card, TCG } from '../help/changes.ts';
import { ABSENT, baseProfile, type Change, changed } from '../help/documents.ts';
import {
  DARWIN_INTEL,
  FREEBSD,
  given,
  type Host,
  LINUX,
  LINUX_ARM,
  LINUX_WITHOUT_KVM,
  ON_LINUX,
  probed,
} from '../help/hosts.ts';
import { issuesOf, metadataOf, outcomeOf, parsedOf, plannedOf, planOf } from '../help/plans.ts';

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
          title: 'Check that this user may write to /dev/kvm',
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

function share(more: object = {}): Change {
  return { 'storage.disks.1': { name: 'share', path: 'shares/a', format: 'host-path', ...more } };
}

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
    /writes to 1 disk and 1 share and listens on 1 forwarded port[.]/,
  );
  t.match(
    planOf({ schema_version: 2, serial: { enabled: true, mode: 'tcp', port: 4555 } }).estimated_impact,
    /0 forwarded ports and 1 other port[.]/,
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

t.test('planning one profile for two hosts', (t) => {
  const parsed = parsedOf(changed({ colour: 'blue', 'hardware.cpu': 'host' }));
  const first = planProfile(parsed, given(LINUX_WITHOUT_KVM));
  t.strictSame(planProfile(parsed, given(LINUX_WITHOUT_KVM)), first, 'twice the same');
  t.strictSame(
    planProfile(parsed, ON_LINUX).warnings,
    outcomeOf(parsed.document).warnings,
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
    metadata: {},
    requires_relogin: true,
    risk: 'low',
    source: 'doctor',
    title: '',
    warnings: [],
  } as const;
  const { plan, text } = sealPlan(parts);
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
    'needs',
    'profileName',
    'schemaVersion',
    'text',
    'warnings',
  ]);
  t.end();
});
