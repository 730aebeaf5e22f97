/** `POST /plans/diff`: two plans side by side. */
import type { FastifyPluginAsync } from 'fastify';
import { answerDiff } from './diff_answer.ts';
import { diffSides } from './diff_request.ts';
import { JSON_TYPE } from './operation.ts';
import { DIFF_SCHEMA } from './operations.ts';
import type { PlannerOptions } from './options.ts';
import { noteOf } from './plan_note.ts';
import { sendInvalidProfile } from './problem.ts';
import type { Body } from './read_body.ts';

/** A plugin of its own, since it reads fewer media types than the other routes. */
export const diffRoute: FastifyPluginAsync<PlannerOptions> = async (app, options) => {
  // A body of TOML is one profile, and here two are asked for.
  app.removeContentTypeParser('application/toml');

  app.post<{ Body: Body | null }>('/plans/diff', { schema: DIFF_SCHEMA }, async (request, reply) => {
    const answer = answerDiff(await diffSides(request.body, options));
    if ('refused' in answer) {
      request.planNote = noteOf(answer.refused);
      return sendInvalidProfile(reply, answer.refused, answer.where);
    }
    // A diff lists no issues.
    request.planNote = noteOf(answer.after, []);
    return reply.type(JSON_TYPE).send(JSON.stringify(answer.diff));
  });
};
