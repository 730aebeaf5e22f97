/** The histogram of how long answers took. prom-client's own writes all labels as a text for each answer; here they lead to its series. */
import type { Metric, Registry } from 'prom-client';

const NAME = 'http_request_duration_seconds';
/** Seconds; planning takes well under a millisecond, a doctor's look some. */
const BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

/** Counts an answer that took so many seconds. */
type Observe = (route: string, method: string, status: number, seconds: number) => void;

/** Observations of one route, method and status. */
interface Series {
  readonly labels: { readonly method: string; readonly route: string; readonly status_code: number };
  /** Of each bucket alone, and at last of what took longer. */
  readonly counts: number[];
  sum: number;
}

interface Sample {
  readonly metricName: string;
  readonly labels: object;
  readonly value: number;
}

/** Registers the histogram; answers what fills it. */
export function newDurations(registry: Registry): Observe {
  const routes = new Map<string, Map<string, Map<number, Series>>>();
  const all: Series[] = [];
  const metric = {
    name: NAME,
    help: 'Duration of requests by route pattern and status.',
    type: 'histogram',
    get: async () => ({ ...metric, values: all.flatMap(samplesOf) }),
  };
  registry.registerMetric(metric as unknown as Metric);
  const newSeries = (route: string, method: string, status_code: number): Series => {
    const series = { labels: { method, route, status_code }, counts: [...BUCKETS, 0].fill(0), sum: 0 };
    const methods = routes.get(route) ?? new Map<string, Map<number, Series>>();
    routes.set(route, methods.set(method, (methods.get(method) ?? new Map()).set(status_code, series)));
    all.push(series);
    return series;
  };
  return (route, method, status, seconds) => {
    const series = routes.get(route)?.get(method)?.get(status) ?? newSeries(route, method, status);
    series.sum += seconds;
    (series.counts[bucketOf(seconds)] as number)++;
  };
}

function bucketOf(seconds: number): number {
  let bucket = 0;
  while (bucket < BUCKETS.length && seconds > (BUCKETS[bucket] as number)) bucket++;
  return bucket;
}

/** A series as Prometheus has it: each bucket counts all that took at most so long. */
function samplesOf({ labels, counts, sum }: Series): Sample[] {
  let count = 0;
  const buckets = counts.map((own, bucket) => {
    count += own;
    return {
      metricName: `${NAME}_bucket`,
      labels: { le: BUCKETS[bucket] ?? '+Inf', ...labels },
      value: count,
    };
  });
  return [
    ...buckets,
    { metricName: `${NAME}_sum`, labels, value: sum },
    { metricName: `${NAME}_count`, labels, value: count },
  ];
}
