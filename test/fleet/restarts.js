/** One instance after the other is restarted under load: callers must not notice. Without the service's part in it they do. */
import { setTimeout as sleep } from 'node:timers/promises';
import { send } from '../proof/http.js';
import { HOSTS, JSON_TYPE } from '../proof/requests/make.js';
import { SHUTDOWN_DELAY } from './instances.js';
import { CONNECTIONS, startLoad } from './load.js';

/** @typedef {import('../proof/report.js').Report} Report */
/** @typedef {import('./instances.js').Instance} Instance */
/** @typedef {import('./balancers.js').Balancer} Balancer */

/** Milliseconds of load before, between and after the restarts. */
const STEADY = 700;
/** Milliseconds in which whoever hands out addresses has heard that an instance goes. */
const WORD_GETS_ROUND = (SHUTDOWN_DELAY * 1000) / 2;
const LEAST_RATE = 100;
const PATIENCE = 15_000;

/**
 * @param {Report} report
 * @param {readonly Instance[]} instances
 * @param {Balancer} balancer
 */
export async function proveRollingRestart(report, instances, balancer) {
  const load = startLoad({ port: () => balancer.port, cases: await casesOf(instances[0]) });
  await sleep(STEADY);
  for (const instance of instances) {
    const end = await instance.service.stop();
    report.check(end.code === 0, `${balancer.name}: ${instance.name} ends well`, end);
    await instance.start();
    await untilServing(instance, load.tally);
  }
  await sleep(STEADY);
  const tally = await load.stop();
  checkNothingLost(report, `${balancer.name}: a rolling restart`, tally);
  report.check(
    tally.connections < 2 * CONNECTIONS,
    `${balancer.name}: callers keep their connections`,
    tally,
  );
}

/**
 * Callers who keep their connections straight to an instance, as through a Service of Kubernetes: a connection stays where
 * it is, and a new one may come to an instance that stops until the word has got round.
 * @param {Report} report
 * @param {readonly Instance[]} instances
 */
export async function proveKeptConnections(report, instances) {
  let turn = 0;
  /** @type {Instance | null} */
  let known = null;
  const port = () => {
    const up = instances.filter((instance) => instance !== known);
    return Number(up[turn++ % up.length]?.port);
  };
  const load = startLoad({ port, cases: await casesOf(instances[0]) });
  await sleep(STEADY);
  for (const instance of instances) {
    const ended = instance.service.stop();
    await sleep(WORD_GETS_ROUND);
    known = instance;
    await ended;
    await instance.start();
    known = null;
    await sleep(STEADY);
  }
  const tally = await load.stop();
  checkNothingLost(report, 'kept connections: a rolling restart', tally);
  report.check(
    tally.closing > 0,
    'kept connections: an instance that stops sends its callers elsewhere',
    tally,
  );
}

/**
 * The counter notices what it is there for.
 * @param {Report} report
 * @param {readonly Instance[]} instances
 * @param {Balancer} balancer One that never tries a request twice.
 */
export async function proveLossIsNoticed(report, instances, balancer) {
  const [instance] = instances;
  if (instance === undefined) return;
  const cases = await casesOf(instance);
  const wrong = startLoad({
    port: () => balancer.port,
    cases: cases.map((each) => ({ ...each, body: `${each.body} ` })),
  });
  await sleep(STEADY / 10);
  const { sent, lost } = await wrong.stop();
  report.check(lost === sent, `${balancer.name}: another byte in an answer is noticed`, { sent, lost });
  /** @type {[about: string, delay: number, signal: NodeJS.Signals][]} */
  const rows = [
    ['a kill', SHUTDOWN_DELAY, 'SIGKILL'],
    ['a stop without a delay', 0, 'SIGTERM'],
  ];
  for (const [about, delay, signal] of rows) {
    await instance.service.stop();
    await instance.start(delay);
    const load = startLoad({ port: () => balancer.port, cases });
    await untilServing(instance, load.tally);
    await instance.service.stop(signal);
    await instance.start();
    await untilServing(instance, load.tally);
    const tally = await load.stop();
    report.note(`${balancer.name}: ${about}: ${shown(tally)}`);
    report.check(tally.lost > 0, `${balancer.name}: ${about} is noticed`, tally);
  }
}

/**
 * @param {Report} report
 * @param {string} about
 * @param {import('./load.js').Tally} tally
 */
function checkNothingLost(report, about, tally) {
  report.note(`${about}: ${shown(tally)}`);
  report.check(tally.lost === 0, `${about} loses no request`, tally);
  report.check(tally.sent / tally.seconds >= LEAST_RATE, `${about}: under load`, tally);
}

/** @param {import('./load.js').Tally} tally */
function shown({ sent, lost, reasons, servedBy, connections, closing, seconds }) {
  return [
    `${sent} requests in ${seconds.toFixed(1)} s (${Math.round(sent / seconds)} a second) on ${connections} connections`,
    `${lost} lost ${JSON.stringify(reasons)}`,
    `${closing} told to close`,
    ...Object.entries(servedBy).map(([name, count]) => `${name} ${count}`),
  ].join(', ');
}

/** What callers ask, with the right answers. @param {Instance | undefined} instance */
async function casesOf(instance) {
  const requests = ['minimal', 'web-server', 'no-such'].flatMap((profile_name) =>
    ['/plans/start', '/argv', '/profiles/validate'].map((path) => ({
      name: `${profile_name} to ${path}`,
      method: 'POST',
      path,
      headers: { ...JSON_TYPE, 'x-request-id': 'fleet' },
      body: JSON.stringify({ profile_name, host: HOSTS[0] }),
    })),
  );
  return Promise.all(
    requests.map(async (request) => {
      const { status, body } = await send(Number(instance?.port), request);
      return { request, status, body };
    }),
  );
}

/**
 * Waits until an instance gets requests again.
 * @param {Instance} instance
 * @param {import('./load.js').Tally} tally
 */
async function untilServing({ name }, tally) {
  const before = tally.servedBy[name] ?? 0;
  const deadline = Date.now() + PATIENCE;
  while ((tally.servedBy[name] ?? 0) <= before) {
    if (Date.now() > deadline) throw new Error(`${name} gets no request`);
    await sleep(20);
  }
}
