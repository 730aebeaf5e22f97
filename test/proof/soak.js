/**
 * Load for some minutes, over loopback: `npm run soak` or `npm run soak -- SECONDS`. Mixed valid, invalid and hostile
 * requests on a bounded number of connections, as fast as they are answered; fails on any error and when memory grows.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createHistogram } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { newAgent, send } from './http.js';
import { makeLab } from './lab.js';
import { HOSTS, JSON_TYPE } from './requests/make.js';
import { allRequests } from './requests.js';
import { EVIDENCE, environmentOf, installService, startService } from './service.js';

const SECONDS = Number(process.argv[2] ?? 300);
const CONNECTIONS = 32;
/** Of all seconds, those in which caches fill and code is compiled; memory is compared after them. */
const WARM_UP = 0.2;
const MOST_GROWTH = 1.25;
const MOST_SHOWN = 20;

const folder = join(EVIDENCE, 'soak');
const root = installService(join(folder, 'service'));
const lab = await makeLab(join(folder, 'lab'));
const service = await startService({
  command: [process.execPath, join(root, 'dist/server.js')],
  directory: lab.root,
  environment: environmentOf(lab),
});
const requests = allRequests(lab.port).filter((request) => 'method' in request);
const text = readFileSync(join(root, 'profiles', 'web-server.toml'), 'utf8');
/** What users send most. */
const plan = {
  name: 'plan',
  method: 'POST',
  path: '/plans/start',
  headers: JSON_TYPE,
  body: JSON.stringify({ profile_toml: text, host: HOSTS[0] }),
};
const times = { all: createHistogram(), plan: createHistogram() };
/** Times by the name of the request. @type {Map<string, import('node:perf_hooks').RecordableHistogram>} */
const kinds = new Map();
/** @type {Map<string, number>} */
const errors = new Map();
/** @type {number[]} */
const memory = [];
/** Status of each request when it was sent first: it must stay that. @type {Map<object, number>} */
const statuses = new Map();
let sent = 0;

/** @param {string} error */
function note(error) {
  errors.set(error, (errors.get(error) ?? 0) + 1);
}

/** @param {import('./http.js').Asked} request @param {import('node:http').Agent} agent */
async function ask(request, agent) {
  const begun = performance.now();
  try {
    const { status } = await send(service.port, request, agent);
    const expected = statuses.get(request) ?? status;
    statuses.set(request, expected);
    if (status >= 500 || status !== expected) note(`${request.name}: ${status}, first ${expected}`);
  } catch (error) {
    note(`${request.name}: ${error}`);
  }
  const microseconds = Math.max(1, Math.round((performance.now() - begun) * 1000));
  times.all.record(microseconds);
  if (request === plan) times.plan.record(microseconds);
  const kind = kinds.get(request.name) ?? createHistogram();
  kinds.set(request.name, kind);
  kind.record(microseconds);
  sent++;
}

/** @param {number} number */
async function work(number, end = Date.now() + SECONDS * 1000) {
  const agent = newAgent(1);
  // Each starts at another place, so that no two send the same all the time; every second request is a plain plan.
  for (let next = number * 29; Date.now() < end; next++) {
    await ask(plan, agent);
    await ask(/** @type {import('./http.js').Asked} */ (requests[next % requests.length]), agent);
  }
  agent.destroy();
}

async function watch(end = Date.now() + SECONDS * 1000) {
  while (Date.now() < end) {
    const status = readFileSync(`/proc/${service.pid}/status`, 'utf8');
    memory.push(Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) / 1024);
    await sleep(1000);
  }
}

/** Median of the megabytes around a part of the time. @param {number} part */
function megabytesAt(part) {
  const centre = Math.min(Math.floor(memory.length * part), memory.length - 1);
  const around = memory.slice(Math.max(0, centre - 5), centre + 6).sort((left, right) => left - right);
  return around[Math.floor(around.length / 2)] ?? 0;
}

/** @param {import('node:perf_hooks').RecordableHistogram} histogram */
function percentiles(histogram) {
  return [50, 99, 99.9]
    .map((part) => `p${part} ${(histogram.percentile(part) / 1000).toFixed(1)} ms`)
    .join(', ');
}

await Promise.all([...Array.from({ length: CONNECTIONS }, (_, number) => work(number)), watch()]);
const metrics = await send(service.port, { name: '', method: 'GET', path: '/metrics' });
const linesLost = Number(/^vmlab_log_lines_lost_total (\d+)/m.exec(metrics.body)?.[1]);
const end = await service.stop();
lab.close();
const slowest = [...kinds]
  .sort(([, left], [, right]) => right.percentile(99) - left.percentile(99))
  .slice(0, 3);
const errorCount = [...errors.values()].reduce((sum, count) => sum + count, 0);
const [early, middle, late] = [megabytesAt(WARM_UP), megabytesAt(0.5), megabytesAt(1)];
const isFlat = late <= early * MOST_GROWTH;
console.log(
  [
    `${sent} requests in ${SECONDS} s over ${CONNECTIONS} connections: ${Math.round(sent / SECONDS)} a second, Node ${process.version}`,
    `all requests: ${percentiles(times.all)}`,
    `plain plans among them: ${percentiles(times.plan)}`,
    ...slowest.map(([name, histogram]) => `slowest, ${name}: ${percentiles(histogram)}`),
    `resident memory: start ${(memory[0] ?? 0).toFixed(0)} MiB, after ${WARM_UP * 100} % ${early.toFixed(0)} MiB, middle ${middle.toFixed(0)} MiB, end ${late.toFixed(0)} MiB`,
    `errors: ${errorCount}; log lines lost: ${linesLost}; visits to the lab's sockets: ${lab.visits()}; exit ${end.code}`,
    ...[...errors].slice(0, MOST_SHOWN).map(([error, count]) => `  ${count} x ${error}`),
  ].join('\n'),
);
process.exitCode = errorCount === 0 && isFlat && end.code === 0 && lab.visits() === 0 ? 0 : 1;
