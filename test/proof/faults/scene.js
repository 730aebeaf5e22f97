/** What all faults share: a service in its surroundings, and what must hold of it whatever goes wrong. */
import * as fs from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { getJson, send } from '../http.js';
import { HOSTS, JSON_TYPE } from '../requests/make.js';

const LOG_TROUBLE = /log cannot be written/;
/** Milliseconds for the log's watch to see something and to mend it. */
const WATCH = 6000;
/** Milliseconds that the service gives what it has accepted, and some more. */
export const LONGEST_STOP = 13_000;

/** @typedef {import('../report.js').Report} Report */
/** @typedef {import('../service.js').Service} Service */
/** @typedef {import('../lab.js').Lab} Lab */
/** @typedef {{ report: Report, lab: Lab, root: string, logs: string, start: (more?: Partial<import('../service.js').Start>) => Promise<Service> }} Scene */

export const PLAN = {
  name: 'plan',
  method: 'POST',
  path: '/plans/start',
  headers: JSON_TYPE,
  body: JSON.stringify({
    profile: {
      schema_version: 1,
      vm: { name: 'vm' },
      hardware: { arch: 'x86_64', cores: 2, memory_mb: 2048 },
      storage: { disks: [{ name: 'root', path: 'images/root.qcow2', format: 'qcow2', boot: true }] },
    },
    host: HOSTS[0],
  }),
};

/** Plans with given facts, some times. @param {Scene} scene @param {Service} service @param {string} when */
export async function checkPlanning({ report }, service, when, times = 20) {
  const answers = await Promise.all(Array.from({ length: times }, () => send(service.port, PLAN)));
  const isFine = answers.every(({ status, body }) => status === 200 && body === answers[0]?.body);
  report.check(
    isFine && service.isUp(),
    `planning answers ${when}`,
    answers.find(({ status }) => status !== 200),
  );
}

/** @param {Service} service @param {string} [query] */
export async function findingIds(service, query = '') {
  const { findings } = await getJson(service.port, `/doctor${query}`);
  return findings.map((/** @type {{ finding_id: string }} */ { finding_id }) => finding_id);
}

/** @param {Service} service */
export async function linesLost(service) {
  const { body } = await send(service.port, { name: '', method: 'GET', path: '/metrics' });
  return Number(/^vmlab_log_lines_lost_total (\d+)/m.exec(body)?.[1]);
}

/** Waits until something holds. @param {() => Promise<boolean>} holds */
async function eventually(holds, timeout = WATCH) {
  const end = Date.now() + timeout;
  while (!(await holds())) {
    if (Date.now() > end) return false;
    await sleep(100);
  }
  return true;
}

/** @param {Service} service */
export async function reasonsOf(service) {
  return (await getJson(service.port, '/readyz')).reasons.join(' ');
}

/** @param {Service} service @param {RegExp} pattern */
function sayingEventually(service, pattern) {
  return eventually(async () => pattern.test(await reasonsOf(service)));
}

/** The log is broken: nobody notices but who asks. @param {Scene} scene @param {Service} service */
export async function checkLogFailure(scene, service, pattern = LOG_TROUBLE) {
  const { report } = scene;
  await checkPlanning(scene, service, 'while the log cannot be written');
  report.check(await sayingEventually(service, pattern), '/readyz says so', await reasonsOf(service));
  const ids = await findingIds(service);
  report.check(
    ids.some((/** @type {string} */ id) => id.startsWith('log-') && id !== 'log-directory-ready'),
    '/doctor says so',
    ids,
  );
  report.check(
    await eventually(
      async () => (await send(service.port, PLAN)).status === 200 && (await linesLost(service)) > 0,
    ),
    '/metrics counts lost lines',
    await linesLost(service),
  );
}

/** @param {Scene} scene @param {Service} service */
export async function checkRecovery({ report, logs }, service) {
  report.check(
    await eventually(async () => !LOG_TROUBLE.test(await reasonsOf(service))),
    '/readyz says when it is over',
    await reasonsOf(service),
  );
  const id = `after-${service.port}`;
  await send(service.port, { ...PLAN, headers: { ...JSON_TYPE, 'x-request-id': id } });
  const isLogged = () =>
    fs
      .readdirSync(logs)
      .some((file) => fs.readFileSync(join(logs, file), 'utf8').includes(`"request_id":"${id}"`));
  report.check(await eventually(async () => isLogged()), 'lines reach their file again');
}

/** @param {Scene} scene @param {Service} service */
export async function checkStop({ report }, service) {
  const end = await service.stop();
  report.check(
    end.code === 0 && end.milliseconds < LONGEST_STOP,
    `it stops in ${end.milliseconds} ms with 0`,
    end,
  );
}

/** The requests that have a line in the log. @param {string} logs */
export function requestIdsIn(logs) {
  const lines = fs.readdirSync(logs).flatMap((file) => fs.readFileSync(join(logs, file), 'utf8').split('\n'));
  return new Set(lines.flatMap((line) => /"request_id":"([^"]+)"/.exec(line)?.[1] ?? []));
}

/** @param {number} pid */
export function residentKilobytes(pid) {
  return Number(/^VmRSS:\s+(\d+)/m.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
}
