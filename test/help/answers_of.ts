/** All that the core says of a profile. */
import type { HostFacts } from '../../src/context/host_facts.ts';
import { argvResult } from '../../src/planning/argv_result.ts';
import { planStart } from '../../src/planning/plan_start.ts';
import { validationResult } from '../../src/planning/validation_result.ts';
import { given } from './hosts.ts';
import { outcomeOf } from './plans.ts';

export interface Question {
  readonly document: unknown;
  readonly facts: HostFacts;
}

/** The text of the three answers, or of the one that an invalid profile gets. */
export function answersOf({ document, facts }: Question): string {
  const outcome = outcomeOf(document, given(facts));
  const answers = outcome.isValid ? [argvResult(outcome), planStart(outcome)] : [];
  return JSON.stringify([validationResult(outcome), ...answers]);
}
