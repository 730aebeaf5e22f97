/** The answer of `POST /profiles/validate`. */
import { type Issue, issuePlacer } from '../profile/issue.ts';
import type { Profile } from '../topics/profile.ts';
import { canonicalToml, type Planned, type PlanOutcome } from './plan_profile.ts';
import { shown } from './shown.ts';

export interface ValidationResult {
  readonly valid: boolean;
  readonly profile_name: string | null;
  readonly schema_version: number | null;
  /** Of the canonical text as it is, also where a secret in it is not shown. `null` when invalid. */
  readonly profile_hash: string | null;
  readonly canonical_toml: string | null;
  readonly errors: readonly Issue[];
  readonly warnings: readonly Issue[];
}

export function validationResult(outcome: PlanOutcome): ValidationResult {
  const placed = issuePlacer(outcome.text);
  return {
    valid: outcome.isValid,
    profile_name: outcome.profileName,
    schema_version: outcome.schemaVersion,
    profile_hash: outcome.isValid ? outcome.profileHash : null,
    canonical_toml: outcome.isValid ? shownCanonical(outcome) : null,
    errors: outcome.isValid ? [] : outcome.errors.map(placed),
    warnings: outcome.warnings.map(placed),
  };
}

/** The canonical text with values that look like secrets replaced. */
export function shownCanonical({ canonical, holdsSecret, profile }: Planned): string {
  return holdsSecret ? canonicalToml(shown(profile) as Profile) : canonical;
}
