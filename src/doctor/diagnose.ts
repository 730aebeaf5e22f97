/** What is wrong with this host, and what is right: facts in, findings out. Pure, and the same for the same facts. */
import type { HostFacts } from '../facts/host_facts.ts';
import type { ProbedMachine } from '../facts/machine.ts';
import type { ComparedProfile } from '../needs/collisions.ts';
import { compareCodePoints } from '../profile/text.ts';
import { accelerationFindings } from './checks/acceleration_findings.ts';
import { binaryFindings } from './checks/binary_findings.ts';
import { collisionFindings } from './checks/collision_findings.ts';
import { logFindings } from './checks/log_findings.ts';
import { profileDirectoryFindings } from './checks/profile_directory_findings.ts';
import { projectFindings } from './checks/project_findings.ts';
import { type Category, type Finding, SEVERITIES, type Severity } from './finding.ts';
import { type DiagnosedProfile, profileFindings } from './profile_findings.ts';

/** All that a report can be narrowed to. */
export const CATEGORIES: readonly Category[] = [
  'qemu',
  'acceleration',
  'project',
  'profiles',
  'logs',
  'profile',
  'storage',
  'kernel',
  'network',
  'sockets',
  'devices',
];

export interface DoctorReport {
  /** Worst first, then by id. */
  readonly findings: readonly Finding[];
  readonly host: HostFacts;
  readonly status: 'ok' | 'degraded' | 'blocked';
  /** How many findings there are of each severity. */
  readonly summary: Readonly<Record<Severity, number>>;
}

/**
 * Judges what was seen of this machine; with a profile also what that profile needs of this host, with several what they
 * cannot have together. Never fails.
 */
export function diagnose(
  machine: ProbedMachine,
  profile: DiagnosedProfile | null,
  compared: readonly ComparedProfile[] = [],
): DoctorReport {
  return reportOf(machine.facts, [
    ...binaryFindings(machine),
    ...accelerationFindings(machine),
    ...projectFindings(machine),
    ...profileDirectoryFindings(machine),
    ...collisionFindings(compared, machine.facts),
    ...logFindings(machine),
    ...(profile === null ? [] : profileFindings(machine, profile)),
  ]);
}

/** The report on these categories alone: status and summary are about what is left. */
export function inCategories(report: DoctorReport, categories: readonly Category[]): DoctorReport {
  return reportOf(
    report.host,
    report.findings.filter(({ category }) => categories.includes(category)),
  );
}

function reportOf(host: HostFacts, findings: readonly Finding[]): DoctorReport {
  const count = (severity: Severity): number => findings.filter((one) => one.severity === severity).length;
  const summary = {
    critical: count('critical'),
    error: count('error'),
    info: count('info'),
    warning: count('warning'),
  };
  const isBlocked = summary.critical + summary.error > 0;
  return {
    findings: [...findings].sort(
      (left, right) =>
        SEVERITIES.indexOf(left.severity) - SEVERITIES.indexOf(right.severity) ||
        compareCodePoints(left.finding_id, right.finding_id),
    ),
    host,
    status: isBlocked ? 'blocked' : summary.warning > 0 ? 'degraded' : 'ok',
    summary,
  };
}
