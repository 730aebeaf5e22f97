/** `GET /problems/{code}`: where the `type` of a problem leads. */
import type { FastifyInstance } from 'fastify';
import { JSON_TYPE } from './operation.ts';
import { PROBLEM_SCHEMA } from './operations.ts';
import { PROBLEM_KINDS, type ProblemCode, sendProblem } from './problem.ts';

export function addProblemRoute(app: FastifyInstance): void {
  app.get<{ Params: { code: string } }>(
    '/problems/:code',
    { schema: PROBLEM_SCHEMA },
    async (request, reply) => {
      const { code } = request.params;
      if (!Object.hasOwn(PROBLEM_KINDS, code)) return sendProblem(reply, 'not-found');
      return reply.type(JSON_TYPE).send(JSON.stringify(problemKind(code as ProblemCode)));
    },
  );
}

export function problemKind(code: ProblemCode): object {
  const { title, status, meaning } = PROBLEM_KINDS[code];
  return { code, title, status, meaning };
}
