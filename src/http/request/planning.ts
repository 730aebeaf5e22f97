/** What the routes do that plan one profile. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Planned, PlanOutcome } from '../../planning/plan_profile.ts';
import { noteOf } from '../guards/plan_note.ts';
import { sendInvalidProfile } from '../guards/problem.ts';
import type { Planner } from '../options.ts';
import type { Body } from './body.ts';
import { endOfTurn } from './end_of_turn.ts';
import { type Forms, preferredForm } from './media_type.ts';
import { answerOf, readPlanRequest } from './plan_request.ts';

export type PlanningRequest = FastifyRequest<{ Body: Body | null }>;

/** Plans what a request asks for and makes the answer of the outcome; notes for log and metrics how it went. */
export async function planAndAnswer<Answer>(
  request: PlanningRequest,
  options: Planner,
  answer: (outcome: PlanOutcome) => Answer,
): Promise<Answer> {
  await endOfTurn();
  return await answerOf(readPlanRequest(request.body), options, (outcome) => {
    request.planNote = noteOf(outcome);
    return answer(outcome);
  });
}

/** Sends the plan in the form that the caller prefers, or what is wrong with the profile. */
export async function sendPlan(
  request: PlanningRequest,
  reply: FastifyReply,
  forms: Forms<Planned>,
  options: Planner,
): Promise<FastifyReply | string> {
  const { mediaType, write } = preferredForm(request, forms);
  const answer = await planAndAnswer(request, options, (outcome) =>
    outcome.isValid ? write(outcome) : outcome,
  );
  if (typeof answer !== 'string') return sendInvalidProfile(reply, answer);
  reply.type(mediaType);
  return answer;
}
