/** All that the core says of a profile. */

import { argvResult } from '../../src/planning/argv_result.ts';
import { planMarkdown } from '../../src/planning/plan_markdown.ts';
import { planScript } from '../../src/planning/plan_script.ts';
import { validationResult } from '../../src/planning/validation_result.ts';
import { given, type HostFacts } from './hosts.ts';
import { outcomeOf, startPlanOf } from './plans.ts';

export interface Question {
  readonly document: unknown;
  readonly facts: HostFacts;
}

/** The text of all answers, or of the one that an invalid profile gets. */
export function answersOf({ document, facts }: Question): string {
  const outcome = outcomeOf(document, given(facts));
  if (!outcome.isValid) return JSON.stringify([validationResult(outcome)]);
  const plan = startPlanOf(outcome);
  const answers = [validationResult(outcome), argvResult(outcome), plan];
  return JSON.stringify([...answers, planScript(plan), planMarkdown(plan, outcome.needs)]);
}
