/** Problem details (RFC 9457): the only form of an answer that is not a success. */
import type { FastifyReply } from 'fastify';
import type { Refused } from '../../planning/plan_profile.ts';
import { issuePlacer } from '../../profile/issue.ts';
import type { Mistake } from '../../profile/schema_mistakes.ts';
import { looksSecret, REDACTED } from '../../profile/secrets.ts';

interface ProblemKind {
  readonly status: number;
  readonly title: string;
  /** What to do about it. */
  readonly meaning: string;
}

/** Every kind of problem by its code; `type` is `/problems/<code>`. */
export const PROBLEM_KINDS = {
  'malformed-json': {
    status: 400,
    title: 'The body is not JSON',
    meaning:
      'Send JSON in UTF-8 without duplicate members, at most 16 levels deep. Line and column say where the first mistake is, the reason what it is.',
  },
  'malformed-toml': {
    status: 400,
    title: 'The profile is not TOML',
    meaning:
      'Send TOML 1.1 in UTF-8, at most 16 levels deep, as the body or in the text that the pointer leads to. Line and column say where the first mistake is, the reason what it is.',
  },
  'malformed-request': {
    status: 400,
    title: 'The request has a wrong form',
    meaning:
      'Send what the schema of the route names; a plan request has exactly one of profile, profile_toml and profile_name.',
  },
  'malformed-http': {
    status: 400,
    title: 'The request is not HTTP',
    meaning: 'Send a request that follows RFC 9110 and RFC 9112.',
  },
  unauthorized: {
    status: 401,
    title: 'A bearer token is needed',
    meaning: 'Send the header "authorization: Bearer TOKEN" with one of the configured tokens.',
  },
  'not-found': { status: 404, title: 'There is no such route', meaning: 'See /docs/ for the routes.' },
  'profile-not-found': {
    status: 404,
    title: 'There is no profile of that name',
    meaning: 'See /profiles for the names. A name is the stem of a file, without a path.',
  },
  'method-not-allowed': {
    status: 405,
    title: 'The route has no such method',
    meaning: 'Use one of the methods in the Allow header.',
  },
  'request-timeout': {
    status: 408,
    title: 'The request took too long to arrive',
    meaning: 'Send the whole request at once.',
  },
  'precondition-failed': {
    status: 412,
    title: 'A condition in the headers does not hold',
    meaning: 'Ask again without If-Match and If-Unmodified-Since.',
  },
  'payload-too-large': { status: 413, title: 'The body is too large', meaning: 'Send a smaller body.' },
  'uri-too-long': { status: 414, title: 'The path is too long', meaning: 'Use a shorter path.' },
  'unsupported-media-type': {
    status: 415,
    title: 'The body is of a type that is not read',
    meaning:
      'Send application/json, or application/toml where one profile is asked for, or application/x-ndjson where many are, in UTF-8 and without a content encoding.',
  },
  'range-not-satisfiable': {
    status: 416,
    title: 'The range lies outside the file',
    meaning: 'Ask again without Range.',
  },
  'profile-invalid': {
    status: 422,
    title: 'The profile is invalid',
    meaning: 'Mend what the errors name; each says where and how.',
  },
  'execution-not-supported': {
    status: 422,
    title: 'Nothing is ever executed',
    meaning: 'Leave out dry_run, or set it to true; run the plan yourself when you have reviewed it.',
  },
  'needs-probed-host': {
    status: 422,
    title: 'Only the host of this service can be looked at',
    meaning: 'Leave out host; for another host ask the service that runs there.',
  },
  'too-many-requests': {
    status: 429,
    title: 'Too many requests',
    meaning: 'Wait for the seconds in the Retry-After header.',
  },
  'headers-too-large': {
    status: 431,
    title: 'The headers are too large',
    meaning: 'Send fewer or shorter headers.',
  },
  'internal-error': {
    status: 500,
    title: 'The service has a fault',
    meaning: 'Report it with the request id; the log has more.',
  },
  overloaded: {
    status: 503,
    title: 'The service is overloaded',
    meaning: 'Wait for the seconds in the Retry-After header.',
  },
  stopping: {
    status: 503,
    title: 'The service is shutting down',
    meaning: 'Send new requests to another instance.',
  },
} as const satisfies Record<string, ProblemKind>;

export type ProblemCode = keyof typeof PROBLEM_KINDS;

/** Members that some kinds have besides the common ones. */
export interface ProblemDetails {
  readonly detail?: string;
  /** Place in a body, or in the text in it that `pointer` leads to, from 1. */
  readonly line?: number;
  readonly column?: number;
  /** Why a text cannot be read; repeats nothing of it. */
  readonly reason?: string;
  /** JSON Pointer into the body. */
  readonly pointer?: string;
  /** All that is wrong with a body that is not what its route takes. */
  readonly mistakes?: readonly Mistake[];
}

/** A request that is answered with a problem; thrown where a request is read. */
export class RequestRefused extends Error {
  readonly code: ProblemCode;
  readonly details: ProblemDetails;

  constructor(code: ProblemCode, details: ProblemDetails = {}) {
    super(code);
    this.code = code;
    this.details = details;
  }
}

/** The refusal of a request that is not what its route takes; `detail` says why. */
export function malformed(detail: string): RequestRefused {
  return new RequestRefused('malformed-request', { detail });
}

/** The refusal of a request that has mistakes; it says them all. */
export function mistaken(mistakes: readonly Mistake[]): RequestRefused {
  const [first] = mistakes as [Mistake];
  const detail =
    mistakes.length === 1
      ? first.message
      : `${mistakes.length} mistakes in the request; the first: ${first.message}`;
  return new RequestRefused('malformed-request', { detail, mistakes });
}

/** The body of a problem. Besides `request_id` it depends on the request and the configuration alone. */
export function problemBody(
  code: ProblemCode,
  path: string,
  requestId: string,
  details: object = {},
): object {
  const { status, title, meaning } = PROBLEM_KINDS[code];
  return {
    type: `/problems/${code}`,
    title,
    status,
    detail: meaning,
    instance: instanceOf(path),
    code,
    request_id: requestId,
    ...details,
  };
}

export function sendProblem(reply: FastifyReply, code: ProblemCode, details: object = {}): FastifyReply {
  const { request } = reply;
  return send(reply, code, problemBody(code, request.url, request.id, details));
}

/** The answer to a profile with errors; `where` says which one that is in a request of several. */
export function sendInvalidProfile(reply: FastifyReply, outcome: Refused, where?: string): FastifyReply {
  const { request } = reply;
  return send(reply, 'profile-invalid', invalidProfileBody(outcome, request.url, request.id, where));
}

export function invalidProfileBody(
  outcome: Refused,
  path: string,
  requestId: string,
  where = 'the profile',
): object {
  const { profileName, schemaVersion, text, errors, warnings } = outcome;
  const placed = issuePlacer(text);
  const count = errors.length === 1 ? 'One error' : `${errors.length} errors`;
  return problemBody('profile-invalid', path, requestId, {
    detail: `${count} in ${where}; the first: ${errors[0]?.message}`,
    profile_name: profileName,
    schema_version: schemaVersion,
    errors: errors.map(placed),
    warnings: warnings.map(placed),
  });
}

function send(reply: FastifyReply, code: ProblemCode, body: object): FastifyReply {
  return reply.code(PROBLEM_KINDS[code].status).type('application/problem+json').send(JSON.stringify(body));
}

/** The path without its query; one that looks like a secret is not repeated. */
function instanceOf(url: string): string {
  const path = url.replace(/[?#].*$/s, '');
  return looksSecret(decoded(path)) ? REDACTED : path;
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
