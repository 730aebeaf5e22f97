/** `GET /problems/{code}`: where the `type` of a problem leads. */
import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { PROBLEM_KINDS, type ProblemCode, sendProblem } from '../guards/problem.ts';
import { oneAnswer } from '../openapi/examples.ts';
import { LIMITED, operation } from '../openapi/operation.ts';
import { closed, text } from '../openapi/schema_parts.ts';

const OPERATION = operation({
  operationId: 'getProblemKind',
  tag: 'service',
  summary: 'Explain a kind of problem',
  description: 'What the `type` of a problem refers to.',
  answer: {
    description: 'The kind of problem.',
    content: {
      'application/json': {
        schema: closed(
          {
            code: text('The last part of `type`.'),
            title: text('The kind in words.'),
            status: Type.Integer({ description: 'The HTTP status.' }),
            meaning: text('What to do about it.'),
          },
          'What all problems of the kind have in common.',
        ),
      },
    },
  },
  problems: [...LIMITED, 'not-found', 'uri-too-long'],
  params: Type.Object({
    code: Type.Unsafe({ type: 'string', enum: Object.keys(PROBLEM_KINDS), description: 'Its code.' }),
  }),
});

export function addProblemRoute(app: FastifyInstance): void {
  const examples = () => oneAnswer('profile-invalid', 'An invalid profile', problemKind('profile-invalid'));
  app.get<{ Params: { code: string } }>(
    '/problems/:code',
    { schema: OPERATION, config: { examples } },
    async (request, reply) => {
      const { code } = request.params;
      return isProblemCode(code) ? problemKind(code) : sendProblem(reply, 'not-found');
    },
  );
}

function isProblemCode(code: string): code is ProblemCode {
  return Object.hasOwn(PROBLEM_KINDS, code);
}

function problemKind(code: ProblemCode): object {
  const { title, status, meaning } = PROBLEM_KINDS[code];
  return { code, title, status, meaning };
}
