/** The client: wrk where it is installed, which takes half as much from the machine; else autocannon. */
import { execFile, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { filled } from './body_text.js';
import { FOLDER, REPOSITORY } from './server_process.js';

/**
 * @typedef {object} Load
 * @property {string} url
 * @property {import('./works.js').Asked} asked
 * @property {number} first Number of the first body; the next ones count on.
 * @property {number} milliseconds
 * @property {number} connections Each with one request at a time.
 */

/**
 * @typedef {object} Counted
 * @property {number} requests
 * @property {number} microseconds
 * @property {number} bytes Of all answers, with their headers.
 * @property {number} errors Answers other than 2xx, and connections that failed.
 * @property {number} p50 Microseconds.
 * @property {number} p99 Microseconds.
 */

/** @typedef {{ name: string, run: (load: Load) => Promise<Counted> }} Tool */

/**
 * @param {string | undefined} wanted
 * @returns {Promise<Tool>}
 */
export async function findTool(wanted) {
  const hasWrk = spawnSync('wrk', ['-v']).error === undefined;
  if (wanted === 'wrk' && !hasWrk) throw new Error('wrk is not installed; Debian has it in the package wrk.');
  if (wanted === 'wrk' || (wanted === undefined && hasWrk)) return { name: 'wrk', run: runWrk };
  if (wanted !== undefined && wanted !== 'autocannon')
    throw new Error(`--tool must be wrk or autocannon, not ${wanted}.`);
  const autocannon = await import('autocannon').catch(() => {
    throw new Error('There is no tool for load: neither wrk, nor autocannon, which `npm ci` installs.');
  });
  return { name: 'autocannon', run: (load) => runAutocannon(autocannon.default, load) };
}

/** Milliseconds after which autocannon, whose times are in whole ones, counts, and notices that it should stop. */
const SAMPLE_INTERVAL = 50;
/** Far longer than any run: wrk is told to stop, since it only knows whole seconds. */
const FOREVER = '-d24h';

/** @param {Load} load @returns {Promise<Counted>} */
async function runWrk({ url, asked, first, milliseconds, connections }) {
  mkdirSync(FOLDER, { recursive: true });
  const file = join(FOLDER, 'template.txt');
  writeFileSync(file, asked.template);
  const options = ['-t1', `-c${connections}`, FOREVER, '-s', join(REPOSITORY, 'test/bench/wrk.lua')];
  const forScript = [file, asked.type, String(first)];
  const running = promisify(execFile)('wrk', [...options, url, '--', ...forScript]);
  const kill = () => running.child.kill('SIGKILL');
  process.once('exit', kill);
  // Again and again, since wrk does not end on a signal that comes just before it begins to wait.
  const stopping = setInterval(() => running.child.kill('SIGINT'), milliseconds);
  const { stdout } = await running.finally(() => clearInterval(stopping));
  process.off('exit', kill);
  return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '');
}

/** @param {typeof import('autocannon')} autocannon @param {Load} load @returns {Promise<Counted>} */
async function runAutocannon(autocannon, { url, asked, first, milliseconds, connections }) {
  let number = first;
  const next = () => filled(asked.template, number++);
  const setupRequest = (/** @type {object} */ request) => ({ ...request, body: next() });
  const result = await autocannon({
    url,
    method: 'POST',
    headers: { 'content-type': asked.type },
    connections,
    duration: milliseconds / 1000,
    sampleInt: SAMPLE_INTERVAL,
    requests: [{ setupRequest }],
  });
  return {
    requests: result['2xx'],
    microseconds: result.duration * 1e6,
    bytes: result.throughput.total,
    errors: result.non2xx + result.errors + result.timeouts,
    p50: result.latency.p50 * 1000,
    p99: result.latency.p99 * 1000,
  };
}
