/** Prometheus metrics of one app, in a registry of its own. */
import type { FastifyInstance } from 'fastify';
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { CacheStatistics } from './answer_cache.ts';
import { newDurations } from './durations.ts';
import { METRICS_SCHEMA } from './operations.ts';
import type { LogHealth } from './options.ts';
import type { PlanNote } from './plan_note.ts';
import { routeOf } from './request_log.ts';

export function newMetrics(app: FastifyInstance, logHealth: LogHealth, cache: CacheStatistics): Registry {
  const registry = new Registry();
  countAnswers(app, registry);
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
  return registry;
}

/** One hook for all that is counted of an answer. */
function countAnswers(app: FastifyInstance, registry: Registry): void {
  const observe = newDurations(registry);
  const countPlan = newPlanCounters(registry);
  app.addHook('onResponse', (request, reply, done) => {
    const seconds = reply.elapsedTime / 1000;
    observe(routeOf(request) ?? 'none', request.method, reply.statusCode, seconds);
    if (request.planNote !== null) countPlan(request.planNote);
    done();
  });
}

function newPlanCounters(registry: Registry): (note: PlanNote) => void {
  const plans = addCounterOf(
    registry,
    'vmlab_plans_total',
    'Planning requests by resolved acceleration and plan status.',
    ['acceleration', 'status'],
  );
  const issues = addCounterOf(
    registry,
    'vmlab_validation_issues_total',
    'Issues listed in answers to planning requests.',
    ['code', 'severity'],
  );
  return ({ acceleration_resolved, plan_status, issues: listed }) => {
    plans(acceleration_resolved ?? 'none', plan_status);
    for (const { code, severity } of listed) issues(code, severity);
  };
}

/** A counter with two labels, whose values are words of ours. prom-client hears of it when it is asked. */
function addCounterOf(
  registry: Registry,
  name: string,
  help: string,
  labelNames: readonly [string, string],
): (first: string, second: string) => void {
  const counts = new Map<string, Map<string, number>>();
  new Counter({
    name,
    help,
    labelNames,
    registers: [registry],
    collect() {
      this.reset();
      for (const [first, below] of counts)
        for (const [second, count] of below)
          this.inc({ [labelNames[0]]: first, [labelNames[1]]: second }, count);
    },
  });
  return (first, second) => {
    const below = counts.get(first) ?? new Map<string, number>();
    below.set(second, (below.get(second) ?? 0) + 1);
    counts.set(first, below);
  };
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

/**
 * What is measured of the process begins when somebody asks for the first time: to hear of each garbage collection costs
 * a plan two hundredths of its time.
 */
export function addMetricsRoute(app: FastifyInstance, registry: Registry): void {
  let isMeasured = false;
  app.get('/metrics', { schema: METRICS_SCHEMA }, async (_request, reply) => {
    if (!isMeasured) collectDefaultMetrics({ register: registry });
    isMeasured = true;
    return reply.type(registry.contentType).send(await registry.metrics());
  });
}
