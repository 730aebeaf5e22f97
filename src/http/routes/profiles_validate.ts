/** `POST /profiles/validate`: what is wrong with a profile. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import Type, { type TSchema } from 'typebox';
import { withTomlVersion } from '../../planning/parse_profile.ts';
import { type PlanOutcome, planProfile } from '../../planning/plan_profile.ts';
import { type SarifIssue, sarifOf } from '../../planning/sarif.ts';
import { shownCanonical, validationResult } from '../../planning/validation_result.ts';
import { ISSUE_CODES } from '../../profile/codes.ts';
import { looksSecret } from '../../profile/secrets.ts';
import { noteOf } from '../guards/plan_note.ts';
import { malformed, type ProblemDetails, RequestRefused, sendInvalidProfile } from '../guards/problem.ts';
import { jsonContent, operation, PLANNING } from '../openapi/operation.ts';
import { ABOUT_REQUESTS, outcomeExamples, type SharedExamples } from '../openapi/plan_examples.ts';
import { closed, hash, list, nullable, ref, text } from '../openapi/schema_parts.ts';
import { PROFILE_NAME, PROFILE_SCHEMA_VERSION } from '../openapi/shared_schemas.ts';
import type { Planner } from '../options.ts';
import type { Body } from '../request/body.ts';
import { endOfTurn } from '../request/end_of_turn.ts';
import { type Forms, JSON_TYPE, preferredForm, TOML_TYPE } from '../request/media_type.ts';
import { hostOf, parsedOf, readPlanRequest } from '../request/plan_request.ts';
import { onlyValue, type QueryValue } from '../request/query.ts';

const OPERATION = operation({
  operationId: 'validateProfile',
  tag: 'profiles',
  summary: 'Validate a profile',
  description: `${ABOUT_REQUESTS} An invalid profile is a 200 too, with \`valid: false\`.`,
  answer: {
    description: 'What is wrong with the profile, and its canonical form.',
    content: {
      ...jsonContent('ValidationResult'),
      'application/sarif+json': {
        schema: Type.Unsafe({ type: 'object', description: 'The issues as SARIF 2.1.0, for code review.' }),
      },
      'application/toml': { schema: text('The canonical profile; an invalid one is a 422.') },
    },
  },
  problems: [...PLANNING, 'profile-invalid'],
  querystring: Type.Object({
    file: Type.Optional(
      Type.String({
        default: 'profile.toml',
        maxLength: 1024,
        description: 'With `Accept: application/sarif+json`: the file that the issues are in.',
      }),
    ),
  }),
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

const SARIF_TYPE = 'application/sarif+json';
const FORMS: Forms<unknown> = [
  { mediaType: JSON_TYPE, write: JSON.stringify },
  { mediaType: SARIF_TYPE, write: JSON.stringify },
  { mediaType: TOML_TYPE, write: String },
];

type ValidateRequest = FastifyRequest<{ Body: Body | null; Querystring: { readonly file?: QueryValue } }>;

export function addProfilesValidateRoute(app: FastifyInstance, options: Planner): void {
  const config = { examples: (shared: SharedExamples) => outcomeExamples(validationResult, shared) };
  app.post('/profiles/validate', { schema: OPERATION, config }, async (request: ValidateRequest, reply) => {
    const uri = uriOf(onlyValue('file', request.query.file) ?? 'profile.toml');
    const { mediaType } = preferredForm(request, FORMS);
    if (mediaType === SARIF_TYPE) {
      reply.type(SARIF_TYPE);
      return JSON.stringify(sarifOf(await issuesIn(request, options), uri));
    }
    const outcome = await outcomeIn(request, options);
    if (mediaType !== TOML_TYPE) return validationResult(outcome);
    if (!outcome.isValid) return sendInvalidProfile(reply, outcome);
    reply.type(TOML_TYPE);
    return shownCanonical(outcome);
  });
}

async function outcomeIn(request: ValidateRequest, options: Planner): Promise<PlanOutcome> {
  await endOfTurn();
  const { source, facts } = readPlanRequest(request.body);
  const parsed = withTomlVersion(await parsedOf(source, options));
  const outcome = planProfile(parsed, await hostOf(parsed, facts, options));
  request.planNote = noteOf(outcome);
  return outcome;
}

/** A text that is not TOML is an issue like any other. */
async function issuesIn(request: ValidateRequest, options: Planner): Promise<readonly SarifIssue[]> {
  try {
    const { errors, warnings } = validationResult(await outcomeIn(request, options));
    return [...errors, ...warnings];
  } catch (error) {
    if (!(error instanceof RequestRefused) || error.code !== 'malformed-toml') throw error;
    const { detail, line, column } = error.details as Required<ProblemDetails>;
    const { mend } = ISSUE_CODES['malformed-toml'];
    return [{ code: 'malformed-toml', severity: 'error', message: detail, suggestion: mend, line, column }];
  }
}

const LONGEST_FILE = 1024;

/** The name of a file as a relative reference (RFC 3986). */
function uriOf(file: string): string {
  const isFile = file !== '' && file.length <= LONGEST_FILE && !/^[A-Za-z][A-Za-z0-9+.-]*:/.test(file);
  if (isFile && !looksSecret(file)) return file.split('/').map(encodeURIComponent).join('/');
  throw malformed(`file must be the name of a file with 1 to ${LONGEST_FILE} characters, and no scheme.`);
}
