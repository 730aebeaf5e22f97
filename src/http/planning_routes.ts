/** `POST /argv`, `POST /plans/start` and `POST /profiles/validate`. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Outcome, Planned } from '../planning/plan_profile.ts';
import { validationResult } from '../planning/validation_result.ts';
import type { AnswerCache } from './answer_cache.ts';
import { ARGV_FORMS, PLAN_FORMS } from './answer_forms.ts';
import { type Form, type Forms, preferredForm } from './media_type.ts';
import { JSON_TYPE } from './operation.ts';
import { ARGV_SCHEMA, PLAN_START_SCHEMA, VALIDATE_SCHEMA } from './operations.ts';
import type { PlannerOptions } from './options.ts';
import { noteOf } from './plan_note.ts';
import { isSelfContained, outcomeOf, readPlanRequest } from './plan_request.ts';
import { sendInvalidProfile } from './problem.ts';
import type { Body } from './read_body.ts';
import type { Turns } from './turns.ts';

type PlanningRequest = FastifyRequest<{ Body: Body | null }>;

/** What all planning routes share. */
interface Planner {
  readonly options: PlannerOptions;
  readonly cache: AnswerCache;
  readonly turns: Turns;
}

export function addPlanningRoutes(app: FastifyInstance, planner: Planner): void {
  app.post('/argv', { schema: ARGV_SCHEMA }, (request: PlanningRequest, reply) =>
    answer(request, reply, ARGV_FORMS, planner),
  );

  app.post('/plans/start', { schema: PLAN_START_SCHEMA }, (request: PlanningRequest, reply) =>
    answer(request, reply, PLAN_FORMS, planner),
  );

  app.post('/profiles/validate', { schema: VALIDATE_SCHEMA }, async (request: PlanningRequest, reply) => {
    const outcome = await planner.turns(() => outcomeOf(readPlanRequest(request.body), planner.options));
    request.planNote = noteOf(outcome);
    return reply.type(JSON_TYPE).send(JSON.stringify(validationResult(outcome)));
  });
}

/** Sends the answer that was kept for this text, or plans. */
async function answer(
  request: PlanningRequest,
  reply: FastifyReply,
  forms: Forms<Planned>,
  planner: Planner,
): Promise<FastifyReply> {
  const { body } = request;
  const form = preferredForm(reply, forms);
  const kept = body?.mediaType === 'application/json' ? planner.cache.find(form.name, body.text) : undefined;
  if (kept !== undefined) {
    request.planNote = kept.note;
    return reply.type(form.mediaType).send(kept.text);
  }
  const { outcome, text } = await planner.turns(() => plan(request, form, planner));
  if (!outcome.isValid) return sendInvalidProfile(reply, outcome);
  return reply.type(form.mediaType).send(text);
}

interface Written {
  readonly outcome: Outcome;
  /** Of a valid profile. */
  readonly text: string;
}

/** Plans and writes the answer; keeps one that is a function of the request alone. */
function plan(
  request: PlanningRequest,
  { name, write }: Form<Planned>,
  { options, cache }: Planner,
): Written | Promise<Written> {
  const { body } = request;
  const planRequest = readPlanRequest(body);
  const written = (outcome: Outcome): Written => {
    const note = noteOf(outcome);
    request.planNote = note;
    const text = outcome.isValid ? write(outcome) : '';
    if (outcome.isValid && body !== null && isSelfContained(planRequest))
      cache.keep(name, body.text, { text, note });
    return { outcome, text };
  };
  const outcome = outcomeOf(planRequest, options);
  return outcome instanceof Promise ? outcome.then(written) : written(outcome);
}
