/** `POST /argv`: the QEMU command line of a profile. */
import type { FastifyInstance } from 'fastify';
import Type, { type TSchema } from 'typebox';
import { argvResult } from '../../planning/argv_result.ts';
import type { Planned } from '../../planning/plan_profile.ts';
import { shellLines } from '../../qemu/shell_text.ts';
import { GROUPS } from '../../topics/index.ts';
import { jsonContent, operation, PLANNING } from '../openapi/operation.ts';
import { ABOUT_ACCEPT, ABOUT_REQUESTS, planExamples } from '../openapi/plan_examples.ts';
import { choice, closed, hash, list, nullable, ref, text } from '../openapi/schema_parts.ts';
import {
  ACCELERATION_REQUESTED,
  ACCELERATION_RESOLVED,
  HOST_FACTS_ORIGIN,
} from '../openapi/shared_schemas.ts';
import type { Planner } from '../options.ts';
import { type Forms, JSON_TYPE } from '../request/media_type.ts';
import { type PlanningRequest, sendPlan } from '../request/planning.ts';

const FORMS: Forms<Planned> = [
  { mediaType: JSON_TYPE, write: (planned) => JSON.stringify(argvResult(planned)) },
  { mediaType: 'text/plain; charset=utf-8', write: ({ parts }) => shellLines(parts) },
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
});

export const ARGV_SCHEMAS: Readonly<Record<string, TSchema>> = {
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
    },
    'The QEMU command line of a profile on a host.',
  ),
};

export function addArgvRoute(app: FastifyInstance, options: Planner): void {
  app.post(
    '/argv',
    { schema: OPERATION, config: { examples: (shared) => planExamples(FORMS, shared) } },
    (request: PlanningRequest, reply) => sendPlan(request, reply, FORMS, options),
  );
}
