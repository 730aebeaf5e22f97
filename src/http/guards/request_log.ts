/** One log line for each request: what was asked for and how it went; never a body, an argv, or a header's value. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { FastifyBaseLogger, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { looksSecret } from '../../profile/secrets.ts';
import type { PlannerOptions } from '../options.ts';

const SANE_REQUEST_ID = /^[A-Za-z0-9._-]{1,128}$/;
/** W3C Trace Context, version 00; an id of zeros is none. */
const TRACEPARENT = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/** The caller's request id when it is harmless in a log, else a new one. */
export function requestIdOf({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && SANE_REQUEST_ID.test(given) && !looksSecret(given)
    ? given
    : randomUUID();
}

/** No request gets a logger of its own: the one line about it names it. */
export function oneLogger(logger: FastifyBaseLogger): FastifyBaseLogger {
  const one: FastifyBaseLogger = Object.create(logger);
  one.child = () => one;
  return one;
}

export function addRequestLog(app: FastifyInstance, { logger }: Pick<PlannerOptions, 'logger'>): void {
  app.decorateRequest('planNote', null);
  // Where nobody would see the line, it is not made.
  if (!logger.isLevelEnabled('info')) return;
  app.addHook('onResponse', (request, reply, done) => {
    logRequest(request, reply);
    done();
  });
}

/** The line of an answered request. */
export function logRequest(request: FastifyRequest, reply: FastifyReply): void {
  const plan = request.planNote;
  // A member that is undefined is not written.
  request.log.info({
    request_id: request.id,
    method: request.method,
    route: routeOf(request),
    status: reply.statusCode,
    duration_ms: Math.round(reply.elapsedTime * 1000) / 1000,
    traceparent: traceparentOf(request),
    profile_name: plan?.profile_name,
    profile_hash: plan?.profile_hash,
    argv_hash: plan?.argv_hash,
    acceleration_resolved: plan?.acceleration_resolved,
    plan_status: plan?.plan_status,
  });
}

/** The pattern of the route, never the path, which can hold anything; `null` when there is no such route. */
export function routeOf(request: FastifyRequest): string | null {
  return request.routeOptions.url ?? null;
}

function traceparentOf({ headers }: FastifyRequest): string | undefined {
  const { traceparent } = headers;
  return typeof traceparent === 'string' && TRACEPARENT.test(traceparent) ? traceparent : undefined;
}
