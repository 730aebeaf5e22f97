/** `POST /argv`: the QEMU command line of a profile. */
import type { FastifyInstance } from 'fastify';
import Type, { type TSchema } from 'typebox';
import { argvResult, argvResultWithPositions } from '../../planning/argv_result.ts';
import type { Planned } from '../../planning/plan_profile.ts';
import { shellLines } from '../../qemu/shell_text.ts';
import { GROUPS } from '../../topics/index.ts';
import { jsonContent, operation, PLANNING } from '../openapi/operation.ts';
import { ABOUT_ACCEPT, ABOUT_REQUESTS, planExamples } from '../openapi/plan_examples.ts';
import { choice, closed, hash, list, nullable, ref, text } from '../openapi/schema_parts.ts';
import {
  ACCELERATION_REQUESTED,
  ACCELERATION_RESOLVED,
  COLUMN,
  HOST_FACTS_ORIGIN,
  LINE,
} from '../openapi/shared_schemas.ts';
import type { Planner } from '../options.ts';
import type { Body } from '../request/body.ts';
import { type Form, type Forms, JSON_TYPE } from '../request/media_type.ts';
import { sendPlan } from '../request/planning.ts';
import { type QueryValue, switchValue } from '../request/query.ts';

const SHELL_LINE: Form<Planned> = {
  mediaType: 'text/plain; charset=utf-8',
  write: ({ parts }) => shellLines(parts),
};
const FORMS: Forms<Planned> = [
  { mediaType: JSON_TYPE, write: (planned) => JSON.stringify(argvResult(planned)) },
  SHELL_LINE,
];
const FORMS_WITH_POSITIONS: Forms<Planned> = [
  { mediaType: JSON_TYPE, write: (planned) => JSON.stringify(argvResultWithPositions(planned)) },
  SHELL_LINE,
];

const OPERATION = operation({
  operationId: 'createArgv',
  tag: 'plans',
  summary: 'Make the QEMU command line of a profile',
  description: `${ABOUT_REQUESTS} With \`Accept: text/plain\` the answer is a line for a POSIX shell, broken before each option. ${ABOUT_ACCEPT}`,
  answer: {
    description: 'The command line and where it comes from.',
    content: {
      ...jsonContent('ArgvResult'),
      'text/plain': { schema: text('A shell line, ready to paste.') },
    },
  },
  problems: [...PLANNING, 'profile-invalid'],
  querystring: Type.Object({
    positions: Type.Optional(
      Type.Boolean({
        default: false,
        description: 'Whether the answer says where in the TOML the values stand that `parts` point to.',
      }),
    ),
  }),
});

export const ARGV_SCHEMAS: Readonly<Record<string, TSchema>> = {
  Position: closed({ line: LINE, column: COLUMN }, 'A place in a TOML text.'),
  ArgvPart: closed(
    {
      first: Type.Integer({ minimum: 0, description: 'Index of the first element of argv.' }),
      count: Type.Integer({ minimum: 1, description: 'Number of elements.' }),
      group: choice(GROUPS, 'What the elements are about.'),
      pointers: list(Type.String(), 'JSON Pointers to the profile’s values; empty for a default.'),
      why: nullable(text('Why the part is not a plain copy of profile values.')),
    },
    'A run of elements that belong together.',
  ),
  ArgvResult: closed(
    {
      profile_name: text('Name of the VM.'),
      argv: list(Type.String(), 'The command line, one element an argument; no shell is meant to read it.'),
      display: text('argv quoted for a POSIX shell, for people; argv is the authority.'),
      argv_hash: hash('SHA-256 of the elements of argv joined by NUL.'),
      profile_hash: hash('SHA-256 of the canonical TOML; does not depend on the host.'),
      acceleration_requested: ACCELERATION_REQUESTED,
      acceleration_resolved: ACCELERATION_RESOLVED,
      host_facts: HOST_FACTS_ORIGIN,
      parts: list(ref('ArgvPart'), 'Where each element comes from; covers argv exactly once, in order.'),
      unknowns: list(ref('Unknown'), 'Sorted by subject.'),
      warnings: list(ref('Issue'), 'Warnings and infos.'),
      positions: Type.Optional(
        Type.Unsafe({
          type: ['object', 'null'],
          additionalProperties: { $ref: 'Position#' },
          description:
            'With `?positions=true`: by pointer, where the values stand that `parts` point to. `null` for a profile that came as JSON.',
        }),
      ),
    },
    'The QEMU command line of a profile on a host.',
  ),
};

export function addArgvRoute(app: FastifyInstance, options: Planner): void {
  app.post<{ Body: Body | null; Querystring: { readonly positions?: QueryValue } }>(
    '/argv',
    { schema: OPERATION, config: { examples: (shared) => planExamples(FORMS, shared) } },
    (request, reply) => {
      const forms = switchValue('positions', request.query.positions) ? FORMS_WITH_POSITIONS : FORMS;
      return sendPlan(request, reply, forms, options);
    },
  );
}
