/** `GET /livez` and `GET /readyz`: open to everybody, never limited. */
import type { FastifyInstance } from 'fastify';
import { discoverProfiles } from '../host/discover.ts';
import { directoryState } from '../host/look.ts';
import { JSON_TYPE } from './operation.ts';
import { LIVEZ_SCHEMA, READYZ_SCHEMA } from './operations.ts';
import type { PlannerOptions } from './options.ts';
import { sendProblem } from './problem.ts';

/** The routes that are always open. */
export const HEALTH_ROUTES: ReadonlySet<string | undefined> = new Set(['/livez', '/readyz']);

export function addHealthRoutes(app: FastifyInstance, options: PlannerOptions): void {
  let isStopping = false;
  app.addHook('preClose', async () => {
    isStopping = true;
  });

  app.get('/livez', { schema: LIVEZ_SCHEMA }, async (_request, reply) =>
    reply.type(JSON_TYPE).send('{"status":"ok"}'),
  );

  app.get('/readyz', { schema: READYZ_SCHEMA }, async (_request, reply) => {
    if (isStopping) return sendProblem(reply.header('retry-after', '1'), 'stopping');
    const reasons = await degradations(options);
    return reply
      .type(JSON_TYPE)
      .send(JSON.stringify({ status: reasons.length === 0 ? 'ok' : 'degraded', reasons }));
  });
}

/** What is wrong, though planning works. */
async function degradations({ logHealth, host, profileDirectories }: PlannerOptions): Promise<string[]> {
  const { problems } = await discoverProfiles(profileDirectories);
  return [
    ...(logHealth.failure === null ? [] : [`The request log cannot be written: ${logHealth.failure}.`]),
    ...((await directoryState(host.projectRoot)) === 'missing' ? ['The project root is no directory.'] : []),
    ...problems.map(
      ({ scope, file, reason }) => `${file === null ? 'The directory' : `${file} in`} ${scope} ${reason}.`,
    ),
  ];
}
