/** `POST /argv`, `POST /plans/start` and `POST /profiles/validate`. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { argvResult } from '../planning/argv_result.ts';
import type { Outcome } from '../planning/plan_profile.ts';
import { planStartText } from '../planning/plan_start.ts';
import { validationResult } from '../planning/validation_result.ts';
import { shellLines } from '../qemu/display.ts';
import { addVary, prefers } from './media_type.ts';
import { ARGV_SCHEMA, JSON_TYPE, PLAN_START_SCHEMA, VALIDATE_SCHEMA } from './operations.ts';
import type { PlannerOptions } from './options.ts';
import { notePlan } from './plan_note.ts';
import { planOutcome } from './plan_request.ts';
import { sendInvalidProfile } from './problem.ts';

export function addPlanningRoutes(app: FastifyInstance, options: PlannerOptions): void {
  app.post('/argv', { schema: ARGV_SCHEMA }, async (request, reply) => {
    const outcome = await notedOutcome(request, options);
    if (!outcome.isValid) return sendInvalidProfile(reply, outcome);
    addVary(reply, 'accept');
    return prefers(request, 'text/plain')
      ? reply.type('text/plain; charset=utf-8').send(shellLines(outcome.parts))
      : reply.type(JSON_TYPE).send(JSON.stringify(argvResult(outcome)));
  });

  app.post('/plans/start', { schema: PLAN_START_SCHEMA }, async (request, reply) => {
    const outcome = await notedOutcome(request, options);
    if (!outcome.isValid) return sendInvalidProfile(reply, outcome);
    return reply.type(JSON_TYPE).send(planStartText(outcome));
  });

  app.post('/profiles/validate', { schema: VALIDATE_SCHEMA }, async (request, reply) => {
    const outcome = await notedOutcome(request, options);
    return reply.type(JSON_TYPE).send(JSON.stringify(validationResult(outcome)));
  });
}

async function notedOutcome(request: FastifyRequest, options: PlannerOptions): Promise<Outcome> {
  const outcome = await planOutcome(request.body, options);
  notePlan(request, outcome);
  return outcome;
}
