/** Reports of the doctor as lines, and rows that say which findings a host or a profile gets besides those of one in order. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { Test } from 'tap';
import { CATEGORIES, type DoctorReport, diagnose } from '../../src/doctor/diagnose.ts';
import { type Finding, SEVERITIES } from '../../src/doctor/finding.ts';
import type { CommandPlan } from '../../src/planning/command_plan.ts';
import type { Change } from './documents.ts';
import { findingLine, findingOf, type Look, machineWith, type ProbedMachine, reportOn } from './machines.ts';

/** Of a host on which nothing is wrong, without a profile. */
export const IN_ORDER = [
  'info acceleration kvm-ready',
  'info logs log-directory-ready',
  'info profiles profiles-found:profiles',
  'info project project-root-ready',
  'info qemu qemu-found:aarch64',
  'info qemu qemu-found:ppc64le',
  'info qemu qemu-found:riscv64',
  'info qemu qemu-found:x86_64',
  'info qemu qemu-img-found',
];
/** Of the base profile on that host. */
export const PROFILE_IN_ORDER = ['info qemu profile-binary-found', 'info storage disk-found:root'];
/** The kinds of all these. */
const KINDS_IN_ORDER = `
  disk-found kvm-ready log-directory-ready profile-binary-found profiles-found project-root-ready qemu-found
  qemu-img-found`;

/** Every report of a file; what must hold of any is checked at its end. */
const reports: DoctorReport[] = [];

export function seen(report: DoctorReport): DoctorReport {
  reports.push(report);
  return report;
}

type HostRow = readonly [about: string, changes: Partial<ProbedMachine>, ...findings: string[]];

/** The lines of a report without those that are there anyway, sorted. */
export function news({ findings }: DoctorReport, usual: readonly string[]): string[] {
  return findings
    .map(findingLine)
    .filter((line) => !usual.includes(line))
    .sort();
}

export function checkHosts(t: Test, rows: readonly HostRow[]): void {
  for (const [about, changes, ...expected] of rows) {
    t.strictSame(news(seen(diagnose(machineWith(changes), null)), IN_ORDER), expected.sort(), about);
  }
  t.end();
}

type ProfileRow = readonly [about: string, change: Change, look: Look, ...findings: string[]];

export function checkProfiles(t: Test, rows: readonly ProfileRow[]): void {
  for (const [about, change, look, ...expected] of rows) {
    const lines = news(seen(reportOn(change, look)), [...IN_ORDER, ...PROFILE_IN_ORDER]);
    t.strictSame(lines, expected.sort(), about);
  }
  t.end();
}

/** The steps of a plan as they are shown, with `!` before one that needs privilege and `~` before a destructive one. */
export function linesOf({ commands }: CommandPlan): string[] {
  return commands.map(
    ({ display, requires_privilege, destructive }) =>
      `${requires_privilege ? '! ' : ''}${destructive ? '~ ' : ''}${display}`,
  );
}

export function remedyOf(report: DoctorReport, id: string): CommandPlan {
  const { remediation } = findingOf(report, id);
  if (remediation === null) throw new Error(`${id} has no remedy`);
  return remediation;
}

/** Runs a step of a plan; gives its status. */
export function run([command = '', ...rest]: readonly string[]): number | null {
  return spawnSync(command, rest, { cwd: '/' }).status;
}

/** Checks what must hold of every report that a file has seen, and that it has seen these kinds of findings, and no others. */
export function checkReports(t: Test, kindsOfFile: string): void {
  const kinds = new Set<string>();
  for (const report of reports) {
    const { findings, summary, status } = report;
    const ids = findings.map(({ finding_id }) => finding_id);
    const places = findings.map((one) => `${SEVERITIES.indexOf(one.severity)} ${one.finding_id}`);
    const blocked = summary.critical + summary.error > 0;
    t.strictSame(
      {
        'ids are unique': new Set(ids).size === ids.length,
        'worst first, then by id': String(places) === String([...places].sort()),
        'status follows from summary':
          status === (blocked ? 'blocked' : summary.warning > 0 ? 'degraded' : 'ok'),
        'members are in the order of canonical JSON': JSON.stringify(report) === canonicalize(report),
        'what is wrong with a finding': findings.flatMap(wrongWith),
      },
      {
        'ids are unique': true,
        'worst first, then by id': true,
        'status follows from summary': true,
        'members are in the order of canonical JSON': true,
        'what is wrong with a finding': [],
      },
      ids.join(' '),
    );
    for (const { category, finding_id } of findings) {
      if (category !== 'profile') kinds.add(String(finding_id.split(':')[0]));
    }
  }
  t.strictSame([...kinds].sort(), `${KINDS_IN_ORDER} ${kindsOfFile}`.trim().split(/\s+/).sort());
  t.end();
}

function wrongWith(one: Finding): string[] {
  const { finding_id, category, title, description, remediation, affected_resources } = one;
  const checks = {
    id: /^[a-z0-9]+(-[a-z0-9]+)*(:.+)?$/.test(finding_id),
    category: CATEGORIES.includes(category),
    title: title !== '' && !/undefined|\[object/.test(title),
    description: /[.!?]$/.test(description) && !/undefined|\[object/.test(description),
    resources: String(affected_resources) === String([...new Set(affected_resources)].sort()),
    availability: one.remediation_available === (remediation !== null),
    planId: one.remediation_plan_id === (remediation?.plan_id ?? null),
    ...(remediation === null ? {} : planChecks(finding_id, remediation)),
  };
  return Object.entries(checks).flatMap(([what, isRight]) => (isRight ? [] : [`${finding_id}: ${what}`]));
}

function planChecks(findingId: string, plan: CommandPlan): Record<string, boolean> {
  const { plan_id, plan_hash, ...hashed } = plan;
  const hash = createHash('sha256').update(JSON.stringify(hashed)).digest('hex');
  const steps = plan.commands.map(({ step_id }) => step_id);
  const argv = plan.commands.flatMap((step) => step.argv);
  return {
    canonical: JSON.stringify(plan) === canonicalize(plan),
    hash: plan_hash === `sha256:${hash}` && plan_id === `plan-${hash.slice(0, 16)}`,
    cause: Object(plan.metadata).finding_id === findingId,
    form:
      plan.source === 'doctor' && plan.status === 'validated' && plan.dry_run && plan.rollback.length === 0,
    steps: steps.length > 0 && new Set(steps).size === steps.length,
    argv: argv.every((element) => typeof element === 'string' && !/^(sudo|doas|pkexec)$/.test(element)),
    confirmation: plan.confirmation_required === (plan.risk !== 'low' || plan.requires_privilege),
  };
}
