/** `POST /argv`, `POST /plans/start` and `POST /profiles/validate`. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { argvResult } from '../planning/argv_result.ts';
import type { Planned } from '../planning/plan_profile.ts';
import { planStartText } from '../planning/plan_start.ts';
import { validationResult } from '../planning/validation_result.ts';
import { shellLines } from '../qemu/display.ts';
import type { AnswerCache } from './answer_cache.ts';
import { addVary, prefers } from './media_type.ts';
import { ARGV_SCHEMA, JSON_TYPE, PLAN_START_SCHEMA, VALIDATE_SCHEMA } from './operations.ts';
import type { PlannerOptions } from './options.ts';
import { noteOf } from './plan_note.ts';
import { isSelfContained, outcomeOf, readPlanRequest } from './plan_request.ts';
import { sendInvalidProfile } from './problem.ts';
import type { Body } from './read_body.ts';

type PlanningRequest = FastifyRequest<{ Body: Body | null }>;

/** One way to write what was planned. */
interface Form {
  /** Unlike that of any other route's form. */
  readonly name: string;
  readonly mediaType: string;
  readonly write: (planned: Planned) => string;
}

const ARGV_JSON: Form = {
  name: 'argv',
  mediaType: JSON_TYPE,
  write: (planned) => JSON.stringify(argvResult(planned)),
};
const ARGV_TEXT: Form = {
  name: 'argv text',
  mediaType: 'text/plain; charset=utf-8',
  write: ({ parts }) => shellLines(parts),
};
const PLAN_JSON: Form = { name: 'plan', mediaType: JSON_TYPE, write: planStartText };

export function addPlanningRoutes(app: FastifyInstance, options: PlannerOptions, cache: AnswerCache): void {
  app.post('/argv', { schema: ARGV_SCHEMA }, async (request: PlanningRequest, reply) => {
    addVary(reply, 'accept');
    const form = prefers(request, 'text/plain') ? ARGV_TEXT : ARGV_JSON;
    return answer(request, reply, form, options, cache);
  });

  app.post('/plans/start', { schema: PLAN_START_SCHEMA }, async (request: PlanningRequest, reply) =>
    answer(request, reply, PLAN_JSON, options, cache),
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
  { name, mediaType, write }: Form,
  options: PlannerOptions,
  cache: AnswerCache,
): Promise<FastifyReply> {
  const { body } = request;
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
