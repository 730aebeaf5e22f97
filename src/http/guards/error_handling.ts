/** The one place that turns errors into answers. */

import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import type { FastifyBaseLogger, FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { nearestWord } from '../../profile/nearest_word.ts';
import { takesAnyTime } from './any_time.ts';
import { PROBLEM_KINDS, type ProblemCode, problemBody, RequestRefused, sendProblem } from './problem.ts';
import { logRequest } from './request_log.ts';
import { aboutUnreadBody } from './unread_body.ts';

/** What the framework's own errors are, by their status. */
const CODE_OF_STATUS: Readonly<Record<number, ProblemCode>> = {
  400: 'malformed-http',
  401: 'unauthorized',
  // A path that leads out of the folder of Swagger UI.
  403: 'not-found',
  408: 'request-timeout',
  412: 'precondition-failed',
  413: 'payload-too-large',
  414: 'uri-too-long',
  415: 'unsupported-media-type',
  416: 'range-not-satisfiable',
  429: 'too-many-requests',
  503: 'overloaded',
};
/**
 * Fastify closes the connection after these. A body that still arrives then makes the kernel reset it, and the caller may lose
 * the answer. On a connection that stays Node reads the rest and throws it away.
 */
const UNREAD_BODY: ReadonlySet<ProblemCode> = new Set(['payload-too-large', 'unsupported-media-type']);
/** Node's code for a request that did not arrive in time. */
const REQUEST_TIMEOUT = 'ERR_HTTP_REQUEST_TIMEOUT';
/** With every refusal that is over after a while. */
export const RETRY_AFTER_SECONDS = '10';

export function addErrorHandling(app: FastifyInstance): void {
  const routes = knownRoutes(app);
  const answerMissing = (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const path = request.url.replace(/[?#].*$/s, '');
    const allowed = routes.methods(path);
    if (allowed.length === 0 || allowed.includes(request.method)) {
      const meant = routes.nearest(path);
      const question = meant === null ? '' : `Is ${meant} meant? `;
      return sendProblem(reply, 'not-found', { detail: `${question}${PROBLEM_KINDS['not-found'].meaning}` });
    }
    return sendProblem(reply.header('allow', allowed.join(', ')), 'method-not-allowed', {
      detail: `Use ${allowed.join(' or ')}.`,
    });
  };
  app.setErrorHandler(answerError);
  // For a file that Swagger UI does not have.
  app.setNotFoundHandler(answerMissing);
  app.addHook('onRequest', (request, reply, done) => {
    const { raw, headers } = request;
    // RFC 9112, 3.2.
    if (headers.host === undefined && raw.httpVersion === '1.1') done(new RequestRefused('malformed-http'));
    // From a hook: a body that nobody asked for need not be read before the answer.
    else if (request.is404) answerMissing(request, reply);
    else done();
  });
}

/** For errors of hooks and handlers, and for a path that is no URL. */
export function answerError(
  error: FastifyError | RequestRefused,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  reply.header('x-request-id', request.id);
  const isRefusal = error instanceof RequestRefused;
  const code = isRefusal ? error.code : (CODE_OF_STATUS[error.statusCode ?? 500] ?? 'internal-error');
  if (UNREAD_BODY.has(code)) reply.removeHeader('connection');
  if (code === 'unsupported-media-type') {
    const { meaning } = PROBLEM_KINDS[code];
    sendProblem(reply, code, { detail: `${aboutUnreadBody(request.headers)}${meaning}` });
    return;
  }
  if (isRefusal) {
    sendProblem(reply, code, error.details);
    return;
  }
  if (code === 'internal-error') logFault(error, request);
  if (code === 'unauthorized') reply.header('www-authenticate', 'Bearer');
  if (code === 'overloaded') reply.header('retry-after', RETRY_AFTER_SECONDS);
  sendProblem(reply, code);
}

/** For errors before routing, which no hook hears of: the log line is written here. */
export function answerFrameworkError(
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  answerError(error, request, reply);
  logRequest(request, reply);
}

/** The frames, but never the message: it can hold anything of the request. */
function logFault(error: FastifyError, request: FastifyRequest): void {
  const frames = String(error.stack)
    .replace(error.message, '')
    .split('\n')
    .filter((line) => line.startsWith('    at '));
  request.log.error({ request_id: request.id, fault: error.name, fault_code: error.code, frames }, 'fault');
}

/** For bytes that are no HTTP request, or one that does not arrive: there is no request object yet. */
export function answerClientError(
  error: Error & { code?: string },
  socket: Socket,
  logger: FastifyBaseLogger,
): void {
  // A problem would stand in the middle of its answer.
  const isAnswered = takesAnyTime(socket);
  if (isAnswered && error.code === REQUEST_TIMEOUT) return;
  if (isAnswered || !socket.writable) {
    socket.destroy();
    return;
  }
  const code = clientErrorCode(error.code);
  const requestId = randomUUID();
  const { status, title } = PROBLEM_KINDS[code];
  const body = JSON.stringify(problemBody(code, '/', requestId));
  logger.info({ request_id: requestId, method: null, route: null, status });
  socket.end(
    [
      `HTTP/1.1 ${status} ${title}`,
      'content-type: application/problem+json',
      `content-length: ${Buffer.byteLength(body)}`,
      `x-request-id: ${requestId}`,
      'connection: close',
      '',
      body,
    ].join('\r\n'),
  );
}

function clientErrorCode(code: string | undefined): ProblemCode {
  if (code === 'HPE_HEADER_OVERFLOW') return 'headers-too-large';
  return code === REQUEST_TIMEOUT ? 'request-timeout' : 'malformed-http';
}

interface KnownRoutes {
  /** The methods that a path has. */
  readonly methods: (path: string) => string[];
  /** The path of a route that may be meant by one that is none; `null` where none is near. */
  readonly nearest: (path: string) => string | null;
}

/** Collects the routes as they are added. */
function knownRoutes(app: FastifyInstance): KnownRoutes {
  const routes = new Map<string, { readonly pattern: RegExp; readonly methods: Set<string> }>();
  app.addHook('onRoute', ({ url, method }) => {
    const route = routes.get(url) ?? { pattern: patternOf(url), methods: new Set() };
    for (const name of [method].flat()) route.methods.add(name);
    // Of a prefix with a slash Fastify reports only the HEAD that it adds to each GET.
    if (route.methods.has('HEAD')) route.methods.add('GET');
    routes.set(url, route);
  });
  return {
    methods: (path) => {
      const matching = [...routes.values()].filter(({ pattern }) => pattern.test(path));
      return [...new Set(matching.flatMap(({ methods }) => [...methods]))].sort();
    },
    nearest: (path) => {
      const plain = [...routes.keys()].filter((url) => /^[/][^:*]+$/.test(url));
      return plain.find((url) => path.endsWith(url)) ?? nearestWord(path, plain);
    },
  };
}

function patternOf(url: string): RegExp {
  const source = url
    .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
    .replace(/:[A-Za-z]+/g, '[^/]+')
    .replace(/\*/g, '.*');
  return new RegExp(`^${source}$`);
}
