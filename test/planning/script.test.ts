/** A plan as a script: what it says, that bash takes it, and that it does what the plan says. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import t from 'tap';
import { planScript } from '../../src/planning/plan_script.ts';
import type { StartPlan } from '../../src/planning/start_plan.ts';
import { hostileCase } from '../arbitrary/hostile.ts';
import { validCase } from '../arbitrary/profile.ts';
import { changed } from '../help/documents.ts';
import { goldenCases } from '../help/golden.ts';
import { given, LINUX_WITHOUT_KVM, ON_LINUX, probed } from '../help/hosts.ts';
import { fromToml, type Issue, outcomeOf, plannedOf, startPlanOf } from '../help/plans.ts';
import { hostOfShipped, SHIPPED, shippedText } from '../help/shipped_profiles.ts';
import { makeStandIns } from '../help/stand_ins.ts';

// On a busy machine.
t.setTimeout(120_000);

const SEED = 20260307;
const FORBIDDEN =
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

/** Directories of the host that no plan of a test may depend on. */
const place = realpathSync(t.testdir({}));
const ROOT = join(place, `-it's a "lab" \\ !x ; é 🐧`);
mkdirSync(ROOT);
const standIns = makeStandIns(join(place, 'bin'));

interface Case {
  readonly name: string;
  readonly plan: StartPlan;
}

const CASES: readonly Case[] = [
  ...goldenCases().map(({ name, toml, facts }) => ({
    name: `golden ${name}`,
    plan: startPlanOf(plannedOf(fromToml(toml), given(facts))),
  })),
  ...SHIPPED.map((name) => ({
    name: `profiles/${name}`,
    plan: startPlanOf(plannedOf(fromToml(shippedText(name)), given(hostOfShipped(name)))),
  })),
];

t.test('the golden scripts', (t) => {
  const cases = goldenCases().filter(({ script }) => script !== null);
  t.ok(cases.length >= 4, `${cases.length} cases`);
  for (const { name, toml, facts, script } of cases)
    t.equal(planScript(startPlanOf(plannedOf(fromToml(toml), given(facts)))), script, name);
  t.end();
});

t.test('bash takes each script', (t) => {
  for (const { name, plan } of CASES) t.equal(syntaxError(planScript(plan)), '', name);
  t.end();
});

function syntaxError(script: string): string {
  return spawnSync('bash', ['-n'], { input: script, encoding: 'utf8' }).stderr;
}

t.test('a script calls the programs of the plan with its argv, in its directory', (t) => {
  for (const { name, plan } of CASES) {
    const staged = standIns.stage(plan, ROOT);
    const { status, stderr, calls } = standIns.run(planScript(staged));
    t.strictSame({ status, stderr }, { status: 0, stderr: '' }, name);
    t.strictSame(calls, standIns.callsOf(staged), `${name}: argv`);
  }
  t.end();
});

t.test('so does the script of any profile', (t) => {
  let count = 0;
  fc.assert(
    fc.property(fc.oneof(validCase(), hostileCase()), ({ document, facts }) => {
      const outcome = outcomeOf(document, given(facts));
      if (!outcome.isValid) return;
      count += 1;
      const plan = startPlanOf(outcome);
      const script = planScript(plan);
      checkText(script);
      assert.equal(syntaxError(script), '');
      const staged = standIns.stage(plan, ROOT);
      const { status, stderr, calls } = standIns.run(planScript(staged));
      assert.deepEqual({ status, stderr }, { status: 0, stderr: '' });
      assert.deepEqual(calls, standIns.callsOf(staged));
    }),
    { seed: SEED, numRuns: 60 },
  );
  t.ok(count > 50, `${count} scripts`);
  t.end();
});

/** Before `set` there are comments alone, and no line holds what a reader does not see. */
function checkText(script: string): void {
  assert.doesNotMatch(script, FORBIDDEN);
  assert.ok(script.endsWith('\n') && !script.endsWith('\n\n'));
  const lines = script.split('\n');
  const start = lines.indexOf('set -euo pipefail');
  assert.equal(lines[0], '#!/usr/bin/env bash');
  assert.deepEqual(
    lines.slice(0, start - 1).filter((line) => !/^#(?:$|[ !])/.test(line)),
    [],
  );
}

t.test('what a comment holds stays in it', (t) => {
  const plan = startPlanOf(plannedOf(changed({}), ON_LINUX));
  const evil = 'x\nid\r\nid\u2028id\u0085id\u001b[2J\u202eid\n';
  const issue: Issue = {
    code: evil as Issue['code'],
    field: evil,
    message: evil.repeat(2),
    pointer: evil,
    severity: 'warning',
    suggestion: evil,
  };
  const { metadata, commands } = plan;
  const script = planScript({
    ...plan,
    title: evil,
    estimated_impact: evil,
    explanation: evil,
    affected_resources: [evil],
    commands: commands.map((step) => ({ ...step, step_id: evil, title: evil })),
    metadata: {
      ...metadata,
      profile_name: evil,
      host: { ...metadata.host, project_root: evil },
      unknowns: [{ subject: evil, question: evil }],
      validation_warnings: [issue, { ...issue, field: 'other' }],
    },
  });
  checkText(script);
  t.match(
    script,
    /^# x<U\+000A>id<U\+000D><U\+000A>id<U\+2028>id<U\+0085>id<U\+001B>\[2J<U\+202E>id<U\+000A>$/m,
  );
  const isCode = (line: string): boolean => line !== '' && !line.startsWith('#');
  t.strictSame(
    script.split('\n').filter(isCode),
    planScript(plan).split('\n').filter(isCode),
    'the same code',
  );
  t.end();
});

t.test('the head says what the plan is and what it is for', (t) => {
  const factsOf = (plan: StartPlan): string[] =>
    /^# VM: [\s\S]*?^#$/m.exec(planScript(plan))?.[0].split('\n').slice(0, -1) ?? [];
  const probedPlan = startPlanOf(
    plannedOf(changed({ 'hardware.acceleration': 'tcg' }), probed(LINUX_WITHOUT_KVM)),
  );
  t.strictSame(factsOf(probedPlan), [
    '# VM:           lab',
    '# Risk:         low',
    '# Status:       validated',
    '# Confirmation: not required',
    '# Privilege:    not required',
    '# Host:         linux x86_64',
    '# Accelerators: none',
    '# Host facts:   probed by the service',
    '# Project root: /srv/lab',
    `# plan_id:      ${probedPlan.plan_id}`,
    `# plan_hash:    ${probedPlan.plan_hash}`,
    `# profile_hash: ${probedPlan.metadata.profile_hash}`,
    `# argv_hash:    ${probedPlan.metadata.argv_hash}`,
  ]);
  const plan = startPlanOf(plannedOf(changed({}), ON_LINUX));
  const facts = factsOf({ ...plan, requires_privilege: true });
  for (const fact of [
    '# Confirmation: required',
    '# Privilege:    required',
    '# Accelerators: kvm',
    '# Host facts:   given with the request',
  ])
    t.ok(facts.includes(fact), fact);
  t.end();
});

t.test('privileged and destructive steps are announced', (t) => {
  const plan = startPlanOf(plannedOf(changed({ 'hardware.acceleration': 'tcg' }), ON_LINUX));
  const warningsOf = (change: object): string[] =>
    planScript({ ...plan, commands: plan.commands.map((step) => ({ ...step, ...change })) })
      .split('\n')
      .filter((line) => line.startsWith('# WARNING: '));
  t.strictSame(warningsOf({}), []);
  t.match(warningsOf({ destructive: true }), [/overwrites or removes/]);
  t.match(warningsOf({ requires_privilege: true }), [/more rights/]);
  t.equal(warningsOf({ destructive: true, requires_privilege: true }).length, 2);
  for (const { name, plan } of CASES) {
    const announced = planScript(plan).match(/^# WARNING: /gm)?.length ?? 0;
    const reasons = plan.commands.flatMap(({ destructive, requires_privilege }) => [
      destructive,
      requires_privilege,
    ]);
    t.equal(announced, reasons.filter(Boolean).length, name);
    const words = plan.commands.flatMap(({ argv }) => argv);
    t.notOk(
      words.some((word) => /^(?:.*\/)?(?:sudo|doas|pkexec)$/.test(word)),
      `${name}: nothing asks for rights`,
    );
  }
  t.end();
});

t.test('a step that fails stops the script', (t) => {
  const plan = startPlanOf(plannedOf(changed({}), ON_LINUX));
  const failing = makeStandIns(join(place, 'failing'), { test: 3, 'qemu-system-x86_64': 4 });
  const staged = failing.stage(plan, ROOT);
  const [check, start] = failing.callsOf(staged);
  t.match(failing.run(planScript(staged)), { status: 3, calls: [check] }, 'the first');
  const later = { ...staged, commands: staged.commands.slice(1) };
  t.match(failing.run(planScript(later)), { status: 4, calls: [start] }, 'the last');

  const nowhere = standIns.run(planScript(standIns.stage(plan, join(place, 'nowhere'))));
  t.match(nowhere, { status: 1, stderr: /nowhere/ }, 'the project root is not there');
  t.strictSame(nowhere.calls, []);
  t.end();
});

t.test('what runs in the background ends with the script, unless QEMU goes on with it', (t) => {
  const tpm = { enabled: true, state_dir: 'tpm' };
  const plan = startPlanOf(plannedOf(changed({ schema_version: 2, tpm }), ON_LINUX));
  t.strictSame(
    plan.commands.map(({ step_id, metadata }) => [step_id, metadata]),
    [
      ['check-kvm-access', {}],
      ['start-swtpm', { background: true, ready_when: 'socket:unix:/srv/lab/run/lab.tpm.sock' }],
      ['start-qemu', {}],
    ],
  );
  const staged = standIns.stage(plan, ROOT);
  const calls = standIns.callsOf(staged);
  t.match(standIns.run(planScript(staged)), { status: 0, stderr: '', calls });
  t.match(standIns.run(planScript(staged)), { status: 0, stderr: '', calls }, 'with the old socket there');

  const withoutQemu = makeStandIns(join(place, 'no-qemu'), { 'qemu-system-x86_64': 4 });
  const { status, stderr, calls: made } = withoutQemu.run(planScript(withoutQemu.stage(plan, ROOT)));
  t.strictSame({ status, stderr }, { status: 4, stderr: '' });
  t.strictSame(
    made.map(({ argv }) => argv.at(-1)),
    ['/dev/kvm', made[1]?.argv.at(-1), 'lab', 'SIGTERM'],
    'it is told to end',
  );

  const withoutHelper = makeStandIns(join(place, 'no-helper'), { swtpm: 3 });
  const refused = withoutHelper.run(planScript(withoutHelper.stage(plan, ROOT)));
  t.match(refused, { status: 1, stderr: /^The program that should listen on .* has ended\.\n$/ });
  t.equal(refused.calls.length, 2, 'QEMU is not started');
  t.end();
});

t.test('a directory is entered once, and again only for a step elsewhere', (t) => {
  const plan = startPlanOf(plannedOf(changed({}), ON_LINUX));
  const commands = [ROOT, '/'].flatMap((cwd) => standIns.stage(plan, cwd).commands);
  const script = planScript({ ...plan, commands });
  t.equal(script.match(/^cd /gm)?.length, 2);
  const directories = standIns.run(script).calls.map(({ cwd }) => cwd);
  t.strictSame(directories, [ROOT, ROOT, '/', '/']);
  t.end();
});
