/** Prometheus metrics of one app, in a registry of its own. */
import type { FastifyInstance } from 'fastify';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { CacheStatistics } from './answer_cache.ts';
import { METRICS_SCHEMA } from './operations.ts';
import type { LogHealth } from './options.ts';
import { routeOf } from './request_log.ts';

/** Seconds; planning takes well under a millisecond, a doctor's look some. */
const DURATION_BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

export function newMetrics(app: FastifyInstance, logHealth: LogHealth, cache: CacheStatistics): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const durations = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Duration of requests by route pattern and status.',
    labelNames: ['method', 'route', 'status_code'],
    buckets: DURATION_BUCKETS,
    registers: [registry],
  });
  const plans = new Counter({
    name: 'vmlab_plans_total',
    help: 'Planning requests by resolved acceleration and plan status.',
    labelNames: ['acceleration', 'status'],
    registers: [registry],
  });
  const issues = new Counter({
    name: 'vmlab_validation_issues_total',
    help: 'Issues listed in answers to planning requests.',
    labelNames: ['code', 'severity'],
    registers: [registry],
  });
  addCounter(
    registry,
    'vmlab_log_lines_lost_total',
    'Log lines that did not reach their file.',
    () => logHealth.linesLost,
  );
  addCounter(
    registry,
    'vmlab_answer_cache_hits_total',
    'Plans for a given host that were answered from the cache.',
    () => cache.hits,
  );
  addCounter(
    registry,
    'vmlab_answer_cache_misses_total',
    'JSON planning requests that were not in the cache.',
    () => cache.misses,
  );
  addGauge(registry, 'vmlab_answer_cache_entries', 'Answers in the cache.', () => cache.entries);
  addGauge(
    registry,
    'vmlab_answer_cache_bytes',
    'Most that the answers in the cache can take, with their requests.',
    () => cache.bytes,
  );
  app.addHook('onResponse', (request, reply, done) => {
    durations.observe(
      { method: request.method, route: routeOf(request) ?? 'none', status_code: reply.statusCode },
      reply.elapsedTime / 1000,
    );
    const note = request.planNote;
    if (note !== null) {
      plans.inc({ acceleration: note.acceleration_resolved ?? 'none', status: note.plan_status });
      for (const { code, severity } of note.issues) issues.inc({ code, severity });
    }
    done();
  });
  return registry;
}

/** A counter that somebody else counts. */
function addCounter(registry: Registry, name: string, help: string, count: () => number): void {
  new Counter({
    name,
    help,
    registers: [registry],
    collect() {
      this.reset();
      this.inc(count());
    },
  });
}

function addGauge(registry: Registry, name: string, help: string, value: () => number): void {
  new Gauge({
    name,
    help,
    registers: [registry],
    collect() {
      this.set(value());
    },
  });
}

export function addMetricsRoute(app: FastifyInstance, registry: Registry): void {
  app.get('/metrics', { schema: METRICS_SCHEMA }, async (_request, reply) =>
    reply.type(registry.contentType).send(await registry.metrics()),
  );
}
