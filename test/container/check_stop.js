/** The end of a container: what was accepted is answered, it ends by itself and soon, and its log outlives it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { beginRequest } from './answers.js';
import { isLive, runContainer, startContainer } from './container.js';

const STARTS = 3;
const MOST_START_MILLISECONDS = 10_000;
const MOST_STOP_MILLISECONDS = 3000;
const SIGNAL_TIMEOUT = 5000;
const POLL_INTERVAL = 20;

const READ_LOGS = `
  import { readdirSync, readFileSync } from 'node:fs';
  const files = readdirSync('/app/logs', { recursive: true }).filter((name) => name.includes('.'));
  const lines = files.flatMap((file) => readFileSync('/app/logs/' + file, 'utf8').trimEnd().split('\\n'));
  process.stdout.write(JSON.stringify({ files, lines }));
`;

/** @typedef {import('../proof/report.js').Report} Report */
/** @typedef {import('./engine.js').Engine} Engine */

/**
 * Stops a container while a request is under way.
 * @param {Report} report
 * @param {import('./container.js').Container} container
 * @param {string} expected The answer.
 */
export async function checkDrain(report, container, expected) {
  const request = await beginRequest(container.port);
  const stopped = container.stop();
  const deadline = performance.now() + SIGNAL_TIMEOUT;
  while ((await isLive(container.port)) && performance.now() < deadline) await sleep(POLL_INTERVAL);
  const answer = await request.finish();
  report.check(answer === expected, 'stop: a request that was under way is answered in full', answer);
  const { code, milliseconds } = await stopped;
  report.check(code === 0, 'stop: its exit code is 0', code);
  report.check(
    milliseconds < SIGNAL_TIMEOUT + MOST_STOP_MILLISECONDS,
    `stop: with a request under way it took ${milliseconds} ms`,
  );
}

/**
 * The log of a container that has ended: the same lines on standard output and in the volume.
 * @param {Report} report
 * @param {Engine} engine
 * @param {import('./container.js').Subject} subject
 * @param {string} output What it has printed.
 * @param {number} requests How many it has answered, at least.
 */
export async function checkLog(report, engine, subject, output, requests) {
  const printed = output.split('\n').filter((line) => line.startsWith('{'));
  const reader = await runContainer(engine, subject, ['sleep', '60']);
  const { files, lines } = await reader.evaluate(READ_LOGS);
  report.check(
    files.join() === 'vmlab/requests.1.ndjson',
    'log: it is the one file of the volume, which outlives the container',
    files,
  );
  report.check(
    printed.length > requests && lines.join('\n') === printed.join('\n'),
    `log: the same ${lines.length} lines were printed`,
    { lines: lines.slice(-3), printed: printed.slice(-3) },
  );
  report.check(
    await reader.becomes('unhealthy'),
    'health: a container in which nothing listens is found unhealthy',
  );
  await reader.remove();
}

/**
 * Starts and stops some more, for the times.
 * @param {Report} report
 * @param {Engine} engine
 * @param {import('./container.js').Subject} subject
 */
export async function checkTimes(report, engine, subject) {
  const starts = [];
  const stops = [];
  for (let count = 0; count < STARTS; count++) {
    const container = await startContainer(engine, subject);
    const { code, milliseconds } = await container.stop();
    report.check(code === 0, 'stop: without a request under way its exit code is 0 too', code);
    starts.push(container.milliseconds);
    stops.push(milliseconds);
    await container.remove();
  }
  report.check(
    Math.max(...starts) < MOST_START_MILLISECONDS,
    `start: from the command to the first answer ${starts.join(', ')} ms`,
  );
  report.check(
    Math.max(...stops) < MOST_STOP_MILLISECONDS,
    `stop: from the command to the end ${stops.join(', ')} ms`,
  );
}

/**
 * A client that never finishes its request holds the service up for no longer than deploy/README.md's command allows.
 * @param {Report} report
 * @param {Engine} engine
 * @param {import('./container.js').Subject} subject
 */
export async function checkStalledClient(report, engine, subject) {
  const container = await startContainer(engine, subject);
  const request = await beginRequest(container.port);
  const { code, milliseconds } = await container.stop();
  request.giveUp();
  // Else the engine has killed it, which gives another code.
  report.check(
    code === 0,
    `stop: with a client that never finishes its request it ended by itself, after ${milliseconds} ms`,
    code,
  );
  await container.remove();
}
