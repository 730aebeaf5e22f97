/** `GET /livez` and `GET /readyz`: open to everybody, never limited. */
import type { FastifyInstance } from 'fastify';
import Type, { type TSchema } from 'typebox';
import { discoverProfiles } from '../../host/discover.ts';
import { probeDirectory } from '../../host/probe_path.ts';
import { sendProblem } from '../guards/problem.ts';
import { oneAnswer } from '../openapi/examples.ts';
import { ANY_ROUTE, jsonContent, operation } from '../openapi/operation.ts';
import { choice, closed, list } from '../openapi/schema_parts.ts';
import type { PlannerOptions } from '../options.ts';

const LIVEZ_OPERATION = operation({
  operationId: 'checkLiveness',
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

const READYZ_OPERATION = operation({
  operationId: 'checkReadiness',
  tag: 'service',
  summary: 'Check that planning works',
  description:
    'Also 200 when logs cannot be written: planning works without them. 503 only while shutting down.',
  answer: { description: 'Planning works.', content: jsonContent('Readiness') },
  problems: [...ANY_ROUTE, 'stopping'],
});

export const HEALTH_SCHEMAS: Readonly<Record<string, TSchema>> = {
  Readiness: closed(
    {
      status: choice(['ok', 'degraded'], '`degraded` still plans, but something is wrong.'),
      reasons: list(Type.String(), 'What is wrong, one sentence each.'),
    },
    'Whether the service takes work.',
  ),
};

export function addHealthRoutes(app: FastifyInstance, options: PlannerOptions): void {
  let isStopping = false;
  app.addHook('preClose', async () => {
    isStopping = true;
  });

  app.get('/livez', { schema: LIVEZ_OPERATION, config: { needsNoToken: true } }, async () => ({
    status: 'ok',
  }));

  app.get(
    '/readyz',
    {
      schema: READYZ_OPERATION,
      config: {
        needsNoToken: true,
        examples: () => oneAnswer('ready', 'All is well', readiness([])),
      },
    },
    async (_request, reply) => {
      if (isStopping) return sendProblem(reply.header('retry-after', '1'), 'stopping');
      return readiness(await degradations(options));
    },
  );
}

function readiness(reasons: readonly string[]): object {
  return { status: reasons.length === 0 ? 'ok' : 'degraded', reasons };
}

/** What is wrong, though planning works. */
async function degradations({ logHealth, host, profileDirectories }: PlannerOptions): Promise<string[]> {
  const { problems } = await discoverProfiles(profileDirectories);
  const { state } = await probeDirectory(host.projectRoot);
  const isNoRoot = state === 'missing' || state === 'not-a-directory';
  return [
    ...(logHealth.failure === null ? [] : [`The request log cannot be written: ${logHealth.failure}.`]),
    ...(isNoRoot ? ['The project root is no directory.'] : []),
    ...problems.map(
      ({ scope, file, reason }) => `${file === null ? 'The directory' : `${file} in`} ${scope} ${reason}.`,
    ),
  ];
}
