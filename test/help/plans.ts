/** The core, asked as the routes ask it. */
import type { Host } from '../../src/context/host_facts.ts';
import { type Outcome, type Planned, planProfile } from '../../src/planning/plan_profile.ts';
import type { Issue } from '../../src/profile/issue.ts';
import { parseToml } from '../../src/profile/parse_toml.ts';
import { readProfile } from '../../src/profile/read_profile.ts';
import { ON_LINUX } from './hosts.ts';

export function outcomeOf(document: unknown, host: Host = ON_LINUX): Outcome {
  return planProfile(readProfile(document), host);
}

/** The plan of a profile that has no errors. */
export function plannedOf(document: unknown, host: Host = ON_LINUX): Planned {
  const outcome = outcomeOf(document, host);
  if (!outcome.isValid) throw new Error(`not valid: ${JSON.stringify(outcome.errors, null, 1)}`);
  return outcome;
}

export function fromToml(text: string): unknown {
  const parsed = parseToml(text);
  if ('problem' in parsed) throw new Error(`not TOML: ${JSON.stringify(parsed.problem)}`);
  return parsed.document;
}

/** Errors, then warnings and infos, as they are reported. */
export function issuesOf(outcome: Outcome): readonly Issue[] {
  return [...(outcome.isValid ? [] : outcome.errors), ...outcome.warnings];
}
