/** The service as a Fastify instance: plugins and routes, without a listener. */
import fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyPluginAsync,
  LogController,
} from 'fastify';
import { type AnswerCache, newAnswerCache } from './http/answer_cache.ts';
import { diffRoute } from './http/diff_route.ts';
import { addDoctorRoute } from './http/doctor_route.ts';
import { addDocumentRoutes, addOpenapi } from './http/documentation.ts';
import { addErrorHandling, answerClientError, answerFrameworkError } from './http/error_handling.ts';
import { addHealthRoutes, HEALTH_ROUTES } from './http/health_routes.ts';
import { addMetricsRoute, newMetrics } from './http/metrics.ts';
import type { PlannerOptions } from './http/options.ts';
import { addOverloadProtection } from './http/overload.ts';
import { addPlanningRoutes } from './http/planning_routes.ts';
import { addProblemRoute } from './http/problem_route.ts';
import { addProfileRoutes } from './http/profile_routes.ts';
import { addBodyParsers } from './http/read_body.ts';
import { addRequestLog, requestIdOf } from './http/request_log.ts';
import { newTurns } from './http/turns.ts';

/** How long a request may take to arrive, and its headers; milliseconds. Node swaps the two if the headers get more. */
const REQUEST_TIMEOUT = 20_000;
const HEADERS_TIMEOUT = 10_000;
/** Node looks for late requests this often; milliseconds. */
const CONNECTIONS_CHECK_INTERVAL = 5_000;
/** Longer than any stem of a file, percent-encoded. */
const LONGEST_PATH_PARAMETER = 1000;

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

export async function buildApp(options: PlannerOptions): Promise<FastifyInstance> {
  const app = newFastify(options);
  addRequestLog(app, options);
  const cache = newAnswerCache();
  const registry = newMetrics(app, options.logHealth, cache.statistics);
  addHeaders(app);
  await addSecurity(app, options);
  addErrorHandling(app);
  addBodyParsers(app);
  await addOpenapi(app);
  addHealthRoutes(app, options);
  addMetricsRoute(app, registry);
  await app.register(limitedRoutes, { ...options, cache });
  return app;
}

/** The routes that a rate limit and overload protection guard. */
const limitedRoutes: FastifyPluginAsync<PlannerOptions & { cache: AnswerCache }> = async (app, options) => {
  await addLimits(app, options);
  addPlanningRoutes(app, { options, cache: options.cache, turns: newTurns() });
  await app.register(diffRoute, options);
  addProfileRoutes(app, options);
  addDoctorRoute(app, options);
  addProblemRoute(app);
  await addDocumentRoutes(app, options);
};

function newFastify({ bodyLimit, logger }: PlannerOptions): FastifyInstance {
  const app = fastify({
    loggerInstance: oneLogger(logger),
    // One line of our own for each request, instead of two of Fastify's.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit,
    requestTimeout: REQUEST_TIMEOUT,
    http: {
      headersTimeout: HEADERS_TIMEOUT,
      connectionsCheckingInterval: CONNECTIONS_CHECK_INTERVAL,
      // A request without Host is refused by a hook, which can say why; Node would only close the connection.
      requireHostHeader: false,
    },
    routerOptions: { maxParamLength: LONGEST_PATH_PARAMETER },
    genReqId: requestIdOf,
    frameworkErrors: answerFrameworkError,
    clientErrorHandler: (error, socket) => answerClientError(error, socket, logger),
    // A request that still arrives while the service drains is answered like any other.
    return503OnClosing: false,
  });
  // What a caller expects and nobody knows is no reason to refuse it (RFC 9110, 10.1.1).
  app.server.on('checkExpectation', (request, response) => {
    app.server.emit('request', request, response);
  });
  // Validation is the core's, for every media type alike; answers are sent as the text that was hashed.
  app.setValidatorCompiler(() => () => true);
  app.setSerializerCompiler(() => JSON.stringify);
  return app;
}

/** No request gets a logger of its own: the one line about it names it. */
function oneLogger(logger: PlannerOptions['logger']): FastifyBaseLogger {
  const one: FastifyBaseLogger = Object.create(logger);
  one.child = () => one;
  return one;
}

/** One hook for what every answer has. */
function addHeaders(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    reply.header('x-content-type-options', 'nosniff');
    // A page cannot show or embed the answer to a POST, and no form can send the media types that are read.
    if (request.method !== 'POST') reply.headers(SECURITY_HEADERS);
    done();
  });
}

/** As with the limits, a package that is not asked for is not loaded: together they take several MiB. */
async function addSecurity(app: FastifyInstance, { tokens, corsOrigins }: PlannerOptions): Promise<void> {
  // Before the tokens: a browser asks for permission without one.
  if (corsOrigins.length > 0)
    await app.register(import('@fastify/cors'), { ...CROSS_ORIGIN, origin: [...corsOrigins] });
  if (tokens.length === 0) return;
  await app.register(import('@fastify/bearer-auth'), {
    keys: new Set(tokens),
    addHook: false,
    specCompliance: 'rfc6749',
    verifyErrorLogLevel: 'debug',
  });
  const verify = app.verifyBearerAuth;
  app.addHook('onRequest', (request, reply, done) => {
    if (HEALTH_ROUTES.has(request.routeOptions.url)) done();
    else verify?.(request, reply, done);
  });
}

async function addLimits(app: FastifyInstance, { rateLimit: perMinute }: PlannerOptions): Promise<void> {
  addOverloadProtection(app);
  if (perMinute > 0)
    await app.register(import('@fastify/rate-limit'), { max: perMinute, timeWindow: '1 minute' });
}
