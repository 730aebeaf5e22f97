/** Prometheus metrics of one app, in a registry of its own. */
import type { FastifyInstance } from 'fastify';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { KeptCounts } from '../../host/kept_files.ts';
import type { LogHealth } from '../options.ts';
import type { PlanNote } from './plan_note.ts';
import { routeOf } from './request_log.ts';

/** Seconds; planning takes well under a millisecond, a doctor's look some. */
const DURATION_BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

export function newMetrics(app: FastifyInstance, logHealth: LogHealth, kept: Readonly<KeptCounts>): Registry {
  const registry = new Registry();
  const registers = [registry];
  const durations = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Duration of requests by route pattern and status.',
    labelNames: ['method', 'route', 'status_code'],
    buckets: DURATION_BUCKETS,
    registers,
  });
  const plans = new Counter({
    name: 'vmlab_plans_total',
    help: 'Planned profiles by resolved acceleration and plan status.',
    labelNames: ['acceleration', 'status'],
    registers,
  });
  const issues = new Counter({
    name: 'vmlab_validation_issues_total',
    help: 'Issues of planned profiles that answers list.',
    labelNames: ['code', 'severity'],
    registers,
  });
  new Counter({
    name: 'vmlab_log_lines_lost_total',
    help: 'Log lines that did not reach their file.',
    registers,
    collect() {
      this.reset();
      this.inc(logHealth.linesLost);
    },
  });
  new Counter({
    name: 'vmlab_profile_files_total',
    help: 'Reads of profile files by whether the parsed profile was kept (hit) or the file was read (miss).',
    labelNames: ['result'],
    registers,
    collect() {
      this.reset();
      this.inc({ result: 'hit' }, kept.hits);
      this.inc({ result: 'miss' }, kept.misses);
    },
  });
  new Gauge({
    name: 'vmlab_profile_files_kept',
    help: 'Profile files that are kept as parsed profiles.',
    registers,
    collect() {
      this.set(kept.entries);
    },
  });
  new Gauge({
    name: 'vmlab_profile_files_kept_bytes',
    help: 'Bytes of the texts of those files.',
    registers,
    collect() {
      this.set(kept.bytes);
    },
  });
  collectDefaultMetrics({ register: registry });
  app.decorate('countPlan', ({ acceleration_resolved, plan_status, issues: listed }: PlanNote): void => {
    plans.inc({ acceleration: acceleration_resolved ?? 'none', status: plan_status });
    for (const { code, severity } of listed) issues.inc({ code, severity });
  });

  app.addHook('onResponse', (request, reply, done) => {
    const { method, planNote } = request;
    const labels = { method, route: routeOf(request) ?? 'none', status_code: reply.statusCode };
    durations.observe(labels, reply.elapsedTime / 1000);
    if (planNote !== null) app.countPlan(planNote);
    done();
  });
  return registry;
}
