/** The answer of `POST /plans/diff`: what differs between two plans, or between an old plan and a new one, and why. */
import type { HostFacts } from '../facts/host_facts.ts';
import { type ArgvChange, argvChanges, profileDifferences } from './argv_changes.ts';
import { type Changed, type Reason, reasonsBetween, reasonsSince } from './diff_reasons.ts';
import { differencesBetween, shownChange, type ValueChange } from './differences.ts';
import type { Planned } from './plan_profile.ts';
import { shownHost } from './shown_host.ts';
import { startPlan } from './start_plan.ts';

/** What a plan says of itself; of an old one no more is known. */
export interface PlanIdentity {
  readonly profile_hash: string;
  readonly argv_hash: string;
  readonly host: HostFacts;
  readonly plan_hash: string;
}

export interface PlanDiff {
  /** Whether the plans are the same bytes. */
  readonly identical: boolean;
  readonly changed: Changed;
  /** Pointers lead into the canonical profile. */
  readonly profile_changes: readonly ValueChange[];
  /** Pointers lead into the host facts. */
  readonly host_changes: readonly ValueChange[];
  readonly argv_changes: readonly ArgvChange[];
  /** Why the plans differ. */
  readonly reasons: readonly Reason[];
}

export function diffPlans(before: Planned, after: Planned): PlanDiff {
  const comparison = compare(identityOf(before), identityOf(after));
  const differences = profileDifferences(before, after);
  return {
    ...comparison,
    profile_changes: differences.map(shownChange),
    argv_changes: argvChanges(before, after, differences),
    reasons: reasonsBetween(comparison.changed, comparison.host_changes, before, after, differences),
  };
}

/** Of the old profile and the old argv only hashes are known, so that their changes are not listed. */
export function diffOldPlan(before: PlanIdentity, after: Planned): PlanDiff {
  const comparison = compare(before, identityOf(after));
  return { ...comparison, reasons: reasonsSince(comparison.changed, comparison.host_changes, after) };
}

export function identityOf(planned: Planned): PlanIdentity {
  return {
    profile_hash: planned.profileHash,
    argv_hash: planned.argvHash,
    host: shownHost(planned),
    plan_hash: startPlan(planned).plan.plan_hash,
  };
}

/** All that hashes and host facts tell, with the members in the order of the answer. */
function compare(before: PlanIdentity, after: PlanIdentity): Omit<PlanDiff, 'reasons'> {
  const host = differencesBetween(before.host, after.host);
  const changed = {
    profile: before.profile_hash !== after.profile_hash,
    host: host.length > 0,
    argv: before.argv_hash !== after.argv_hash,
    plan: before.plan_hash !== after.plan_hash,
  };
  return {
    identical: !Object.values(changed).includes(true),
    changed,
    profile_changes: [],
    host_changes: host.map(shownChange),
    argv_changes: [],
  };
}
