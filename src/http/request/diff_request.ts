/** From a body to the two sides of a diff, each a plan request or, in the place of the first, an old plan. */
import Type, { type Static } from 'typebox';
import type { PlanIdentity } from '../../planning/plan_diff.ts';
import type { PlanOutcome } from '../../planning/plan_profile.ts';
import { mistakesAgainst } from '../../profile/schema_mistakes.ts';
import { mistaken, PROBLEM_KINDS, RequestRefused } from '../guards/problem.ts';
import type { Planner } from '../options.ts';
import { type Body, documentIn } from './body.ts';
import { answerOf, factsOf, type PlanRequest, readEnvelope } from './plan_request.ts';

const SidesSchema = Type.Object(
  { before: Type.Object({}), after: Type.Object({}) },
  { additionalProperties: false },
);
const Hash = Type.String({ pattern: '^sha256:[0-9a-f]{64}$' });
const OldPlanSchema = Type.Object(
  { profile_hash: Hash, argv_hash: Hash, host: Type.Object({}), plan_hash: Hash },
  { additionalProperties: false },
);

const sidesMistakes = mistakesAgainst(SidesSchema, { title: 'The request', at: [] });
const oldPlanMistakes = mistakesAgainst(OldPlanSchema, { title: 'The old plan', at: [] });
/** By these an old plan is told from a plan request, which has none of them. */
const HASHES = ['profile_hash', 'argv_hash', 'plan_hash'];

export type Side = 'before' | 'after';

export interface DiffSides {
  readonly before: PlanOutcome | PlanIdentity;
  readonly after: PlanOutcome;
}

/** Both sides, planned. Nothing is looked up before both are well-formed; a side that is not is named in the refusal. */
export async function diffSides(body: Body | null, options: Planner): Promise<DiffSides> {
  const document = documentIn(body);
  const mistakes = sidesMistakes(document);
  if (mistakes.length > 0) throw mistaken(mistakes);
  const sides = document as Static<typeof SidesSchema>;
  const old = await within('before', () => readBefore(sides.before));
  const request = await within('after', () => readEnvelope(sides.after));
  return {
    before: 'source' in old ? await within('before', () => outcomeOf(old, options)) : old,
    after: await within('after', () => outcomeOf(request, options)),
  };
}

function outcomeOf(request: PlanRequest, options: Planner): Promise<PlanOutcome> {
  return answerOf(request, options, (outcome) => outcome);
}

function readBefore(value: object): PlanRequest | PlanIdentity {
  if (!HASHES.some((member) => Object.hasOwn(value, member))) return readEnvelope(value);
  const mistakes = oldPlanMistakes(value);
  if (mistakes.length > 0) throw mistaken(mistakes);
  const oldPlan = value as Static<typeof OldPlanSchema>;
  return { ...oldPlan, host: factsOf(oldPlan.host) };
}

/** Adds to a refusal which of the two it is about. */
async function within<Value>(side: Side, read: () => Value | Promise<Value>): Promise<Value> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof RequestRefused)) throw error;
    const { detail = PROBLEM_KINDS[error.code].meaning, pointer, mistakes } = error.details;
    const below = (place: string): string => `/${side}${place}`;
    throw new RequestRefused(error.code, {
      ...error.details,
      detail: `In ${side}: ${detail}`,
      ...(pointer !== undefined && { pointer: below(pointer) }),
      ...(mistakes && { mistakes: mistakes.map((one) => ({ ...one, pointer: below(one.pointer) })) }),
    });
  }
}
