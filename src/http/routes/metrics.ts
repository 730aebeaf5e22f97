/** `GET /metrics`: never limited. */
import type { FastifyInstance } from 'fastify';
import type { Registry } from 'prom-client';
import { GUARDED, operation } from '../openapi/operation.ts';
import { text } from '../openapi/schema_parts.ts';

/** A part of what is answered. */
const EXAMPLE = `# HELP vmlab_log_lines_lost_total Log lines that did not reach their file.
# TYPE vmlab_log_lines_lost_total counter
vmlab_log_lines_lost_total 0
`;

const OPERATION = operation({
  operationId: 'getMetrics',
  tag: 'service',
  summary: 'Get the metrics',
  description:
    'Request durations by route pattern and status, plans by resolved acceleration and status, issues by code, lost log lines, and the defaults of the process.',
  answer: {
    description: 'Prometheus text.',
    content: { 'text/plain': { schema: text('Prometheus text format 0.0.4.', [EXAMPLE]) } },
  },
  problems: GUARDED,
});

export function addMetricsRoute(app: FastifyInstance, registry: Registry): void {
  app.get('/metrics', { schema: OPERATION }, async (_request, reply) => {
    reply.type(registry.contentType);
    return registry.metrics();
  });
}
