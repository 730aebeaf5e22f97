/**
 * The ceiling: Fastify with a body schema, a fixed answer and its response schema, and nothing else. What the service
 * is compared with. A process of its own; CEILING_ROUTES names a file with an example of each route's body and answer.
 */
import { readFileSync } from 'node:fs';
import fastify, { LogController } from 'fastify';
import { schemaOf } from './schema_of.js';

/** One line a request, as the service has it: Fastify's line of an answer, with the route that it names in another. */
const logController = Object.assign(new LogController(), {
  incomingRequest() {},
  /** @param {unknown} _error @param {import('fastify').FastifyRequest} request @param {import('fastify').FastifyReply} reply */
  requestCompleted(_error, request, reply) {
    const { method, url } = request;
    reply.log.info(
      { method, url, statusCode: reply.statusCode, responseTime: reply.elapsedTime },
      'request completed',
    );
  },
});

const { LOG_LEVEL: level = 'info', LOG_FILE: file = '', PORT, CEILING_ROUTES = '' } = process.env;
const app = fastify({ logger: { level, file }, logController });
for (const { name, body, answer } of JSON.parse(readFileSync(CEILING_ROUTES, 'utf8'))) {
  app.post(
    `/${name}`,
    { schema: { body: schemaOf(body), response: { 200: schemaOf(answer) } } },
    async () => answer,
  );
}
process.once('SIGTERM', () => app.close());
console.log(`The ceiling listens on ${await app.listen({ host: '127.0.0.1', port: Number(PORT) })}`);
