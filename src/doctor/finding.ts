/** What a finding is, and how one is made: nothing in it looks like a secret, and its plan is there or is not. */
import type { Category as NeedCategory } from '../needs/need_kind.ts';
import type { CommandPlan } from '../planning/command_plan.ts';
import { shown } from '../planning/shown.ts';
import { looksSecret, redacted } from '../profile/secrets.ts';
import { compareCodePoints } from '../profile/text.ts';

/** Worst first. */
export const SEVERITIES = ['critical', 'error', 'warning', 'info'] as const;

/** What a finding is about. */
export type Category = NeedCategory | 'acceleration' | 'project' | 'profiles' | 'logs' | 'profile';
export type Severity = (typeof SEVERITIES)[number];

/** One thing that the doctor saw; an answer shows it as it is. */
export interface Finding {
  /** Named as in plans; sorted by code point, unique. */
  readonly affected_resources: readonly string[];
  readonly category: Category;
  /** What, where, and how to mend it. */
  readonly description: string;
  /** Stable, and unique within a report: a kebab-case word, then `:` and the subject where there can be several. */
  readonly finding_id: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  /** A plan that mends it. The doctor never applies one. */
  readonly remediation: CommandPlan | null;
  readonly remediation_available: boolean;
  readonly remediation_plan_id: string | null;
  readonly severity: Severity;
  readonly title: string;
}

export interface FindingParts {
  readonly id: string;
  readonly severity: Severity;
  readonly category: Category;
  readonly title: string;
  readonly description: string;
  readonly resources?: readonly string[];
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly remedy?: CommandPlan | null;
}

export function finding({
  id,
  severity,
  category,
  title,
  description,
  resources = [],
  metadata = {},
  remedy = null,
}: FindingParts): Finding {
  // A plan cannot be shown in part: argv with a placeholder would be another command.
  const remediation = remedy === null || looksSecret(JSON.stringify(remedy)) ? null : remedy;
  return {
    affected_resources: [...new Set(resources.map(redacted))].sort(compareCodePoints),
    category,
    description,
    finding_id: id,
    metadata: shown(sorted(metadata)) as Record<string, unknown>,
    remediation,
    remediation_available: remediation !== null,
    remediation_plan_id: remediation?.plan_id ?? null,
    severity,
    title,
  };
}

/** With the members in the order of canonical JSON. */
function sorted(members: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(
    Object.entries(members).sort(([left], [right]) => compareCodePoints(left, right)),
  );
}
