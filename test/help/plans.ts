/** The core, asked as the routes ask it. */
import { type ParsedProfile, parseProfile } from '../../src/planning/parse_profile.ts';
import { type Planned, type PlanOutcome, planProfile } from '../../src/planning/plan_profile.ts';
import { type StartPlan, startPlan } from '../../src/planning/start_plan.ts';
import { type ValidationResult, validationResult } from '../../src/planning/validation_result.ts';
import type { Issue } from '../../src/profile/issue.ts';
import { parseToml } from '../../src/profile/toml.ts';
import type { Draft } from '../../src/topics/profile.ts';
import { type Change, changed } from './documents.ts';
import { type Host, ON_LINUX } from './hosts.ts';

/** For tests that name its type. */
export type { Issue };

export function parsedOf(document: unknown): ParsedProfile {
  return parseProfile(document);
}

/** As much of a profile as could be read. */
export function draftOf(document: unknown): Draft {
  return parsedOf(document).draft;
}

export function outcomeOf(document: unknown, host: Host = ON_LINUX): PlanOutcome {
  return planProfile(parsedOf(document), host);
}

/** The answer of `POST /profiles/validate`. */
export function validationOf(outcome: PlanOutcome): ValidationResult {
  return validationResult(outcome);
}

/** The plan of a profile that has no errors. */
export function plannedOf(document: unknown, host: Host = ON_LINUX): Planned {
  const outcome = outcomeOf(document, host);
  if (!outcome.isValid) throw new Error(`not valid: ${JSON.stringify(outcome.errors, null, 1)}`);
  return outcome;
}

/** The plan to start the base profile, changed. */
export function planOf(change: Change, host: Host = ON_LINUX): StartPlan {
  return startPlanOf(plannedOf(changed(change), host));
}

export function startPlanOf(planned: Planned): StartPlan {
  return startPlan(planned).plan;
}

export function metadataOf(plan: StartPlan): Record<string, unknown> {
  return { ...plan.metadata };
}

export function fromToml(text: string): unknown {
  const parsed = parseToml(text);
  if ('problem' in parsed) throw new Error(`not TOML: ${JSON.stringify(parsed.problem)}`);
  return parsed.document;
}

/** Errors, then warnings and infos, as they are reported. */
export function issuesOf(outcome: PlanOutcome): readonly Issue[] {
  return [...(outcome.isValid ? [] : outcome.errors), ...outcome.warnings];
}
