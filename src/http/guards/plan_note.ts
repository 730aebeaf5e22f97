/** What the log and the metrics hear of a planning request: names, hashes and codes; no value of the profile. */
import type {} from 'fastify';
import { planStatus } from '../../planning/command_plan.ts';
import type { PlanOutcome } from '../../planning/plan_profile.ts';
import type { Issue } from '../../profile/issue.ts';

export interface PlanNote {
  readonly profile_name: string | null;
  readonly profile_hash: string | null;
  readonly argv_hash: string | null;
  readonly acceleration_resolved: string | null;
  readonly plan_status: 'validated' | 'draft' | 'invalid';
  readonly issues: readonly { readonly code: string; readonly severity: string }[];
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Of a request that is about one profile. */
    planNote: PlanNote | null;
  }
  interface FastifyInstance {
    /** Counts a plan in the metrics. */
    countPlan: (note: PlanNote) => void;
  }
}

/** `listed` are the issues that the answer lists. */
export function noteOf(outcome: PlanOutcome, listed: readonly Issue[] = issuesOf(outcome)): PlanNote {
  const { isValid, profileName, warnings } = outcome;
  return {
    profile_name: profileName,
    profile_hash: isValid ? outcome.profileHash : null,
    argv_hash: isValid ? outcome.argvHash : null,
    acceleration_resolved: isValid ? outcome.acceleration : null,
    plan_status: isValid ? planStatus(warnings) : 'invalid',
    issues: listed,
  };
}

function issuesOf(outcome: PlanOutcome): readonly Issue[] {
  return outcome.isValid ? outcome.warnings : [...outcome.errors, ...outcome.warnings];
}
