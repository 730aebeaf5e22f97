/** Who may ask and who may read the answer: bearer tokens, pages of other origins, and what browsers do with an answer. */
import type { FastifyInstance } from 'fastify';
import type { PlannerOptions } from '../options.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether the route is open to everybody, whatever tokens are configured. */
    readonly needsNoToken?: true;
  }
}

/** On whatever can be asked for by its address: it is data, which no page may run or frame. Swagger UI's own pages have more. */
const SECURITY_HEADERS = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
};

/** What pages of an allowed origin may send and see. */
const CROSS_ORIGIN = {
  methods: ['GET', 'HEAD', 'POST'],
  allowedHeaders: ['accept', 'authorization', 'content-type', 'traceparent', 'x-request-id'],
  exposedHeaders: ['allow', 'retry-after', 'x-request-id'],
  maxAge: 600,
  strictPreflight: false,
};

/** One hook for what every answer has. */
export function addHeaders(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    reply.header('x-content-type-options', 'nosniff');
    // A page cannot show or embed the answer to a POST, and no form can send the media types that are read.
    if (request.method !== 'POST') reply.headers(SECURITY_HEADERS);
    done();
  });
}

/** Loads the packages for tokens and for other origins only where they are used: each takes memory. */
export async function addAccess(app: FastifyInstance, options: PlannerOptions): Promise<void> {
  // Before the tokens: a browser asks for permission without one.
  if (options.corsOrigins.length > 0)
    await app.register(import('@fastify/cors'), { ...CROSS_ORIGIN, origin: [...options.corsOrigins] });
  if (options.tokens.length > 0) await addTokens(app, options.tokens);
}

async function addTokens(app: FastifyInstance, tokens: readonly string[]): Promise<void> {
  await app.register(import('@fastify/bearer-auth'), {
    keys: new Set(tokens),
    addHook: false,
    specCompliance: 'rfc6749',
    verifyErrorLogLevel: 'debug',
  });
  const verify = app.verifyBearerAuth;
  app.addHook('onRequest', (request, reply, done) => {
    if (request.routeOptions.config.needsNoToken) done();
    else verify?.(request, reply, done);
  });
}
