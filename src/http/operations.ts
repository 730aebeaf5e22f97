/** Each route's entry in the OpenAPI document: what it does, what it takes, and every answer it gives. */
import Type from 'typebox';
import { DIFF_DESCRIPTION } from './diff_schemas.ts';
import { ANY_ROUTE, GUARDED, json, LIMITED, operation, PLANNING } from './operation.ts';
import { PROBLEM_KINDS } from './problem.ts';
import { choice, closed, text } from './schema_parts.ts';

/** A part of what is answered. */
const METRICS_EXAMPLE = `# HELP vmlab_log_lines_lost_total Log lines that did not reach their file.
# TYPE vmlab_log_lines_lost_total counter
vmlab_log_lines_lost_total 0
`;

const FORMS =
  'Send the profile itself as `application/toml`, or an envelope as `application/json` with the profile in one of three forms. All forms of one profile give the same hashes. Safe to retry: nothing is changed anywhere.';
const ACCEPT =
  'Among forms that the caller likes equally, the one that `Accept` names first is sent; one who likes none of them gets JSON. A problem is always `application/problem+json`.';

export const ARGV_SCHEMA = operation({
  operationId: 'createArgv',
  tag: 'plans',
  summary: 'Make the QEMU command line of a profile',
  description: `${FORMS} With \`Accept: text/plain\` the answer is a line for a POSIX shell, broken before each option. ${ACCEPT}`,
  answer: {
    description: 'The command line and where it comes from.',
    content: { ...json('ArgvResult'), 'text/plain': { schema: text('A shell line, ready to paste.') } },
  },
  problems: [...PLANNING, 'profile-invalid'],
});

export const PLAN_START_SCHEMA = operation({
  operationId: 'planStart',
  tag: 'plans',
  summary: 'Plan the start of a VM',
  description: `${FORMS} The answer is RFC 8785 canonical JSON: the text without \`plan_hash\` and \`plan_id\` is the text that was hashed. The same plan comes as a bash script to review with \`Accept: text/x-shellscript\`, and as a summary for a pull request with \`Accept: text/markdown\`. ${ACCEPT} Look at the status, as \`curl --fail\` does, before you keep an answer as a script.`,
  answer: {
    description: 'The plan, for review.',
    content: {
      ...json('CommandPlan'),
      'text/x-shellscript': {
        schema: text(
          'The steps as a bash script that stops at the first one that fails; hashes, warnings and open questions are comments.',
        ),
      },
      'text/markdown': {
        schema: text('A summary in CommonMark; no value of the profile or the host becomes markup in it.'),
      },
    },
  },
  problems: [...PLANNING, 'profile-invalid'],
});

export const DIFF_SCHEMA = operation({
  operationId: 'diffPlans',
  tag: 'plans',
  summary: 'Compare two plans',
  description: DIFF_DESCRIPTION,
  answer: { description: 'What differs, and why.', content: json('PlanDiff') },
  problems: [...PLANNING, 'profile-invalid'],
});

export const VALIDATE_SCHEMA = operation({
  operationId: 'validateProfile',
  tag: 'profiles',
  summary: 'Validate a profile',
  description: `${FORMS} An invalid profile is a 200 too, with \`valid: false\`.`,
  answer: {
    description: 'What is wrong with the profile, and its canonical form.',
    content: json('ValidationResult'),
  },
  problems: PLANNING,
});

export const LIST_PROFILES_SCHEMA = operation({
  operationId: 'listProfiles',
  tag: 'profiles',
  summary: 'List the discovered profiles',
  description:
    'The files `*.toml` of the configured directories; an earlier directory wins. Each is validated on this host.',
  answer: { description: 'The profiles, sorted by name.', content: json('ProfileList') },
  problems: LIMITED,
});

export const GET_PROFILE_SCHEMA = operation({
  operationId: 'getProfile',
  tag: 'profiles',
  summary: 'Get a discovered profile',
  description: 'The profile as JSON, its canonical TOML, its hash, and what is wrong with it on this host.',
  answer: { description: 'The profile.', content: json('ProfileDetail') },
  problems: [...LIMITED, 'profile-not-found', 'uri-too-long'],
  params: Type.Object({ name: text('Stem of the file.', ['minimal']) }),
});

export const PROFILE_SCHEMA_SCHEMA = operation({
  operationId: 'getProfileSchema',
  tag: 'profiles',
  summary: 'Get the JSON Schema of profiles',
  description:
    'For editors. The service itself drops unknown keys with a warning, where the schema refuses them.',
  answer: {
    description: 'A JSON Schema, draft 7.',
    content: {
      'application/schema+json': { schema: Type.Unsafe({ type: 'object', description: 'A JSON Schema.' }) },
    },
  },
  hasTag: true,
  problems: LIMITED,
});

export const doctorSchema = (categories: readonly string[]): object =>
  operation({
    operationId: 'examineHost',
    tag: 'doctor',
    summary: 'Examine the host',
    description:
      'Looks, read-only, at the host of this service, and with `profile` at what that profile needs. Findings may come with a plan that mends them; the doctor never applies one.',
    answer: { description: 'What was found.', content: json('DoctorReport') },
    problems: [...LIMITED, 'malformed-request', 'profile-not-found'],
    querystring: Type.Object({
      profile: Type.Optional(text('Name of a discovered profile.', ['minimal'])),
      category: Type.Optional(
        Type.String({
          description: `Only findings of these categories, separated by commas: ${categories.join(', ')}.`,
        }),
      ),
    }),
  });

export const LIVEZ_SCHEMA = operation({
  operationId: 'checkAlive',
  tag: 'service',
  summary: 'Check that the process serves',
  description: 'Never subject to tokens, rate limit or overload protection.',
  security: [],
  answer: {
    description: 'It does.',
    content: {
      'application/json': { schema: closed({ status: choice(['ok'], 'Nothing else.') }, 'A sign of life.') },
    },
  },
  problems: ANY_ROUTE,
});

export const READYZ_SCHEMA = operation({
  operationId: 'checkReady',
  tag: 'service',
  summary: 'Check that planning works',
  description:
    'Also 200 when logs cannot be written: planning works without them. 503 only while shutting down.',
  answer: { description: 'Planning works.', content: json('Readiness') },
  problems: [...ANY_ROUTE, 'stopping'],
});

export const METRICS_SCHEMA = operation({
  operationId: 'getMetrics',
  tag: 'service',
  summary: 'Get the metrics',
  description:
    'Request durations by route pattern and status, plans by resolved acceleration and status, issues by code, lost log lines, how the cache of answers does, and the defaults of the process; garbage collections and the lag of the event loop count from the first request for metrics on.',
  answer: {
    description: 'Prometheus text.',
    content: { 'text/plain': { schema: text('Prometheus text format 0.0.4.', [METRICS_EXAMPLE]) } },
  },
  problems: GUARDED,
});

export const OPENAPI_JSON_SCHEMA = operation({
  operationId: 'getOpenapiJson',
  tag: 'service',
  summary: 'Get this document as JSON',
  description: 'The OpenAPI document, the same bytes as in the folder openapi/ of the source.',
  answer: {
    description: 'OpenAPI 3.1.',
    content: {
      'application/json': { schema: Type.Unsafe({ type: 'object', description: 'An OpenAPI document.' }) },
    },
  },
  hasTag: true,
  problems: LIMITED,
});

export const OPENAPI_YAML_SCHEMA = operation({
  operationId: 'getOpenapiYaml',
  tag: 'service',
  summary: 'Get this document as YAML',
  description: 'The OpenAPI document, the same bytes as in the folder openapi/ of the source.',
  answer: {
    description: 'OpenAPI 3.1.',
    content: { 'application/yaml': { schema: text('An OpenAPI document.', ['openapi: 3.1.1\n']) } },
  },
  hasTag: true,
  problems: LIMITED,
});

export const PROBLEM_SCHEMA = operation({
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
