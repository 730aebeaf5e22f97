/** `POST /argv`, `POST /plans/start` and `POST /profiles/validate`. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Planned } from '../planning/plan_profile.ts';
import { validationResult } from '../planning/validation_result.ts';
import type { AnswerCache } from './answer_cache.ts';
import { ARGV_FORMS, PLAN_FORMS } from './answer_forms.ts';
import { type Forms, preferredForm } from './media_type.ts';
import { JSON_TYPE } from './operation.ts';
import { ARGV_SCHEMA, PLAN_START_SCHEMA, VALIDATE_SCHEMA } from './operations.ts';
import type { PlannerOptions } from './options.ts';
import { noteOf } from './plan_note.ts';
import { isSelfContained, outcomeOf, readPlanRequest } from './plan_request.ts';
import { sendInvalidProfile } from './problem.ts';
import type { Body } from './read_body.ts';

type PlanningRequest = FastifyRequest<{ Body: Body | null }>;

export function addPlanningRoutes(app: FastifyInstance, options: PlannerOptions, cache: AnswerCache): void {
  app.post('/argv', { schema: ARGV_SCHEMA }, async (request: PlanningRequest, reply) =>
    answer(request, reply, ARGV_FORMS, options, cache),
  );

  app.post('/plans/start', { schema: PLAN_START_SCHEMA }, async (request: PlanningRequest, reply) =>
    answer(request, reply, PLAN_FORMS, options, cache),
  );

  app.post('/profiles/validate', { schema: VALIDATE_SCHEMA }, async (request: PlanningRequest, reply) => {
    const outcome = await outcomeOf(readPlanRequest(request.body), options);
    request.planNote = noteOf(outcome);
    return reply.type(JSON_TYPE).send(JSON.stringify(validationResult(outcome)));
  });
}

/** Sends the answer that was kept for this text, or plans and keeps it. */
async function answer(
  request: PlanningRequest,
  reply: FastifyReply,
  forms: Forms<Planned>,
  options: PlannerOptions,
  cache: AnswerCache,
): Promise<FastifyReply> {
  const { body } = request;
  const { name, mediaType, write } = preferredForm(reply, forms);
  const kept = body?.mediaType === 'application/json' ? cache.find(name, body.text) : undefined;
  if (kept !== undefined) {
    request.planNote = kept.note;
    return reply.type(mediaType).send(kept.text);
  }
  const planRequest = readPlanRequest(body);
  const outcome = await outcomeOf(planRequest, options);
  const note = noteOf(outcome);
  request.planNote = note;
  if (!outcome.isValid) return sendInvalidProfile(reply, outcome);
  const text = write(outcome);
  if (body !== null && isSelfContained(planRequest)) cache.keep(name, body.text, { text, note });
  return reply.type(mediaType).send(text);
}
