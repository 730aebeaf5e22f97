/** A route's entry in the OpenAPI document: what it takes, what it answers, and the problems it may have. */
import { PROBLEM_KINDS, type ProblemCode, problemBody } from '../guards/problem.ts';
import { EXAMPLE_REQUEST_ID } from './examples.ts';
import { ref } from './schema_parts.ts';

export const TAGS = [
  {
    name: 'plans',
    description: 'From a profile to a command line and a reviewable plan. Nothing is executed.',
  },
  { name: 'profiles', description: 'Validating profiles, and the profiles that the service knows.' },
  { name: 'doctor', description: 'Whether the host of this service could run the VMs; read-only.' },
  { name: 'service', description: 'Health, metrics and documents.' },
] as const;

interface Operation {
  readonly operationId: string;
  readonly tag: (typeof TAGS)[number]['name'];
  readonly summary: string;
  readonly description: string;
  /** What a 200 is, and its media types with their schemas. */
  readonly answer: { readonly description: string; readonly content: Readonly<Record<string, object>> };
  /** Whether the answer has an entity tag, so that a caller who still has it may get a 304. */
  readonly hasEntityTag?: true;
  readonly problems: readonly ProblemCode[];
  readonly params?: object;
  readonly querystring?: object;
  /** Empty for a route that never asks for a token. */
  readonly security?: readonly [];
}

export const ANY_ROUTE: readonly ProblemCode[] = [
  'malformed-http',
  'request-timeout',
  'headers-too-large',
  'internal-error',
];
export const GUARDED: readonly ProblemCode[] = [...ANY_ROUTE, 'unauthorized'];
export const LIMITED: readonly ProblemCode[] = [...GUARDED, 'too-many-requests', 'overloaded'];
/** Of a request that brings a profile. */
export const WITH_PROFILE: readonly ProblemCode[] = [
  ...LIMITED,
  'malformed-json',
  'malformed-toml',
  'malformed-request',
  'profile-not-found',
  'payload-too-large',
  'unsupported-media-type',
];
export const PLANNING: readonly ProblemCode[] = [...WITH_PROFILE, 'execution-not-supported'];

const NOT_MODIFIED = { type: 'null', description: 'It is still the one whose `ETag` is in `If-None-Match`.' };

/** The content of an answer that is a component schema. */
export function jsonContent(name: string): Readonly<Record<string, object>> {
  return { 'application/json': { schema: ref(name) } };
}

/** The schema of a route, as Fastify takes it. */
export function operation({
  operationId,
  tag,
  summary,
  description,
  answer,
  hasEntityTag,
  problems,
  ...inputs
}: Operation): object {
  return {
    operationId,
    tags: [tag],
    summary,
    description,
    ...inputs,
    response: { 200: answer, ...(hasEntityTag && { 304: NOT_MODIFIED }), ...problemAnswers(problems) },
  };
}

/** One answer a status, naming the kinds of problem that have it. */
function problemAnswers(codes: readonly ProblemCode[]): Record<number, object> {
  const answers: Record<number, object> = {};
  for (const status of new Set(codes.map((code) => PROBLEM_KINDS[code].status))) {
    const kinds = codes.filter((code) => PROBLEM_KINDS[code].status === status);
    answers[status] = {
      description: kinds.map((code) => `\`${code}\`: ${PROBLEM_KINDS[code].title}.`).join(' '),
      content: { 'application/problem+json': { schema: ref('Problem'), examples: problemExamples(kinds) } },
    };
  }
  return answers;
}

function problemExamples(codes: readonly ProblemCode[]): object {
  const example = (code: ProblemCode): object => ({
    summary: PROBLEM_KINDS[code].title,
    value: problemBody(code, '/', EXAMPLE_REQUEST_ID),
  });
  // An invalid profile has more to show: its examples are real refusals.
  const shown = codes.filter((code) => code !== 'profile-invalid');
  return Object.fromEntries(shown.map((code) => [code, example(code)]));
}
