/** `POST /argv`, `POST /plans/start` and `POST /profiles/validate`. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Outcome, Planned } from '../planning/plan_profile.ts';
import { validationResult } from '../planning/validation_result.ts';
import { type AnswerCache, type AskedFor, askedFor } from './answer_cache.ts';
import { ARGV_FORMS, PLAN_FORMS } from './answer_forms.ts';
import { type Forms, preferredForm } from './media_type.ts';
import { JSON_TYPE } from './operation.ts';
import { ARGV_SCHEMA, PLAN_START_SCHEMA, VALIDATE_SCHEMA } from './operations.ts';
import type { PlannerOptions } from './options.ts';
import { noteOf, type PlanNote } from './plan_note.ts';
import { isSelfContained, outcomeOf, readPlanRequest } from './plan_request.ts';
import { sendInvalidProfile } from './problem.ts';
import type { Body } from './read_body.ts';
import type { Step, Turns } from './turns.ts';

type PlanningRequest = FastifyRequest<{ Body: Body | null }>;

/** What the planning routes share. */
interface Planner {
  readonly options: PlannerOptions;
  readonly cache: AnswerCache;
  readonly turns: Turns;
}

/** Writes the answer; `isPure` says whether it is a function of the request alone. */
type Answer = (outcome: Outcome, isPure: boolean) => Step;

export function addPlanningRoutes(app: FastifyInstance, planner: Planner): void {
  app.post('/argv', { schema: ARGV_SCHEMA }, (request: PlanningRequest, reply) => {
    answerInForm(request, reply, ARGV_FORMS, planner);
  });

  app.post('/plans/start', { schema: PLAN_START_SCHEMA }, (request: PlanningRequest, reply) => {
    answerInForm(request, reply, PLAN_FORMS, planner);
  });

  app.post('/profiles/validate', { schema: VALIDATE_SCHEMA }, (request: PlanningRequest, reply) => {
    plan(request, reply, planner, (outcome) => {
      const text = JSON.stringify(validationResult(outcome));
      return () => {
        reply.type(JSON_TYPE).send(text);
      };
    });
  });
}

/** Sends the answer that was kept for these bytes, or plans. */
function answerInForm(
  request: PlanningRequest,
  reply: FastifyReply,
  forms: Forms<Planned>,
  planner: Planner,
): void {
  const { body } = request;
  const { name, mediaType, write } = preferredForm(request, forms);
  const asked = body?.mediaType === 'application/json' ? askedFor(name, body.bytes) : undefined;
  const kept = asked === undefined ? undefined : planner.cache.find(asked);
  if (kept !== undefined) {
    request.planNote = kept.note;
    reply.type(mediaType).send(kept.text);
    return;
  }
  plan(request, reply, planner, (outcome, isPure) => {
    if (!outcome.isValid) {
      return () => {
        sendInvalidProfile(reply, outcome);
      };
    }
    const text = write(outcome);
    if (isPure) planner.cache.keep(asked as AskedFor, { text, note: request.planNote as PlanNote });
    return () => {
      reply.type(mediaType).send(text);
    };
  });
}

/** Plans in one of the next turns, and notes for the log and the metrics how it went. */
function plan(request: PlanningRequest, reply: FastifyReply, planner: Planner, answer: Answer): void {
  const fail = (error: unknown): void => {
    reply.send(error);
  };
  planner.turns(() => {
    const planRequest = readPlanRequest(request.body);
    const answered = (outcome: Outcome): Step => {
      request.planNote = noteOf(outcome);
      return () => answer(outcome, isSelfContained(planRequest));
    };
    return () => {
      const outcome = outcomeOf(planRequest, planner.options);
      return outcome instanceof Promise
        ? () => {
            outcome.then((late) => planner.turns(answered(late), fail)).catch(fail);
          }
        : answered(outcome);
    };
  }, fail);
}
