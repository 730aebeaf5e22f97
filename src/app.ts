/** The service as a Fastify instance: plugins and routes, without a listener. */
import fastify, { type FastifyInstance, type FastifyPluginAsync, LogController } from 'fastify';
import { addAccess, addHeaders } from './http/guards/access.ts';
import { addErrorHandling, answerClientError, answerFrameworkError } from './http/guards/error_handling.ts';
import { addLimits } from './http/guards/limits.ts';
import { newMetrics } from './http/guards/metrics.ts';
import { addRequestLog, oneLogger, requestIdOf } from './http/guards/request_log.ts';
import { addOpenapi } from './http/openapi/document.ts';
import type { Planner, PlannerOptions } from './http/options.ts';
import { addBodyParsers } from './http/request/body.ts';
import { newProfileFiles } from './http/request/profile_files.ts';
import { refuseUnknownParameters } from './http/request/query.ts';
import { addArgvRoute } from './http/routes/argv.ts';
import { COMPONENTS } from './http/routes/components.ts';
import { addDoctorRoute } from './http/routes/doctor.ts';
import { addDocumentRoutes } from './http/routes/documents.ts';
import { addHealthRoutes } from './http/routes/health.ts';
import { addMetricsRoute } from './http/routes/metrics.ts';
import { addPage } from './http/routes/page.ts';
import { plansDiffRoute } from './http/routes/plans_diff.ts';
import { plansFleetRoute } from './http/routes/plans_fleet.ts';
import { addPlansPrepareRoute } from './http/routes/plans_prepare.ts';
import { addPlansStartRoute } from './http/routes/plans_start.ts';
import { addProblemRoute } from './http/routes/problems.ts';
import { addProfileSchemaRoute } from './http/routes/profile_schema.ts';
import { addProfileRoutes } from './http/routes/profiles.ts';
import { addProfilesMigrateRoute } from './http/routes/profiles_migrate.ts';
import { addProfilesValidateRoute } from './http/routes/profiles_validate.ts';

/** How long a request may take to arrive, and its headers; milliseconds. Node swaps the two if the headers get more. */
const REQUEST_TIMEOUT = 20_000;
const HEADERS_TIMEOUT = 10_000;
/** Node looks for late requests this often; milliseconds. */
const CONNECTIONS_CHECK_INTERVAL = 5_000;
/** Longer than any stem of a file, percent-encoded. */
const LONGEST_PATH_PARAMETER = 1000;

export async function buildApp(options: PlannerOptions): Promise<FastifyInstance> {
  const app = newFastify(options);
  const profileFiles = newProfileFiles(options.bodyLimit);
  addRequestLog(app, options);
  const registry = newMetrics(app, options.logHealth, profileFiles.counts);
  addHeaders(app);
  await addAccess(app, options);
  addErrorHandling(app);
  addBodyParsers(app);
  await addOpenapi(app, COMPONENTS);
  addHealthRoutes(app, options);
  addMetricsRoute(app, registry);
  await app.register(limitedRoutes, { ...options, profileFiles });
  return app;
}

/** The routes that a rate limit and overload protection guard. */
const limitedRoutes: FastifyPluginAsync<Planner> = async (app, options) => {
  await addLimits(app, options);
  refuseUnknownParameters(app);
  addArgvRoute(app, options);
  addPlansStartRoute(app, options);
  addPlansPrepareRoute(app, options);
  addProfilesValidateRoute(app, options);
  addProfilesMigrateRoute(app, options);
  await app.register(plansDiffRoute, options);
  await app.register(plansFleetRoute, options);
  addProfileRoutes(app, options);
  addProfileSchemaRoute(app);
  addDoctorRoute(app, options);
  addProblemRoute(app);
  await addDocumentRoutes(app, options);
  await addPage(app);
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
  // Validation is the core's, for every media type alike; answers are written as the core orders their members.
  app.setValidatorCompiler(() => () => true);
  app.setSerializerCompiler(() => JSON.stringify);
  return app;
}
