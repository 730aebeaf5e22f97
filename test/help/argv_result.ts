/** The answer of `POST /argv` as a value. */
import { type ArgvResult, argvResultText } from '../../src/planning/argv_result.ts';
import type { Planned } from '../../src/planning/plan_profile.ts';

export function argvResult(planned: Planned): ArgvResult {
  return JSON.parse(argvResultText(planned));
}
