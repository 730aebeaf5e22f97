/** `POST /profiles/validate`: what is wrong with a profile. */
import type { FastifyInstance } from 'fastify';
import Type, { type TSchema } from 'typebox';
import { validationResult } from '../../planning/validation_result.ts';
import { jsonContent, operation, PLANNING } from '../openapi/operation.ts';
import { ABOUT_REQUESTS, outcomeExamples } from '../openapi/plan_examples.ts';
import { closed, hash, list, nullable, ref, text } from '../openapi/schema_parts.ts';
import { PROFILE_NAME, PROFILE_SCHEMA_VERSION } from '../openapi/shared_schemas.ts';
import type { Planner } from '../options.ts';
import { type PlanningRequest, planAndAnswer } from '../request/planning.ts';

const OPERATION = operation({
  operationId: 'validateProfile',
  tag: 'profiles',
  summary: 'Validate a profile',
  description: `${ABOUT_REQUESTS} An invalid profile is a 200 too, with \`valid: false\`.`,
  answer: {
    description: 'What is wrong with the profile, and its canonical form.',
    content: jsonContent('ValidationResult'),
  },
  problems: PLANNING,
});

export const VALIDATION_SCHEMAS: Readonly<Record<string, TSchema>> = {
  ValidationResult: closed(
    {
      valid: Type.Boolean({ description: 'Whether there are no errors.' }),
      profile_name: PROFILE_NAME,
      schema_version: PROFILE_SCHEMA_VERSION,
      profile_hash: nullable(
        hash(
          'SHA-256 of the canonical TOML as it is, also where a secret in it is not shown; `null` when invalid.',
        ),
      ),
      canonical_toml: nullable(
        text(
          'The canonical profile; values that look like secrets are shown as `***REDACTED***`. `null` when invalid.',
        ),
      ),
      errors: list(ref('Issue'), 'In the order of the profile’s tables, unknown keys last.'),
      warnings: list(ref('Issue'), 'Warnings and infos, in the same order.'),
    },
    'What is wrong with a profile, and its canonical form when nothing is.',
  ),
};

export function addProfilesValidateRoute(app: FastifyInstance, options: Planner): void {
  app.post(
    '/profiles/validate',
    { schema: OPERATION, config: { examples: (shared) => outcomeExamples(validationResult, shared) } },
    (request: PlanningRequest) => planAndAnswer(request, options, validationResult),
  );
}
