/** Load that counts: every request that was sent, and what became of it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { newAgent, send } from '../proof/http.js';
import { SERVED_BY } from './balancers.js';

export const CONNECTIONS = 16;
/** Milliseconds that a caller waits after an answer. */
const PAUSE = 5;

/**
 * @typedef {object} Case A request and the one right answer to it.
 * @property {import('../proof/http.js').Asked} request
 * @property {number} status
 * @property {string} body
 */

/**
 * @typedef {object} Tally
 * @property {number} sent
 * @property {number} lost Requests without the right answer.
 * @property {Record<string, number>} reasons
 * @property {Record<string, number>} servedBy
 * @property {number} connections
 * @property {number} closing Answers after which their connection was closed.
 * @property {number} seconds
 */

/**
 * Callers with a connection each, which they keep as long as they may.
 * @param {object} load
 * @param {() => number} load.port Where a new connection goes.
 * @param {readonly Case[]} load.cases
 * @returns {{ tally: Tally, stop: () => Promise<Tally> }}
 */
export function startLoad({ port, cases }) {
  const begun = performance.now();
  /** @type {Tally} */
  const tally = { sent: 0, lost: 0, reasons: {}, servedBy: {}, connections: 0, closing: 0, seconds: 0 };
  let isOver = false;
  const call = async (/** @type {number} */ caller) => {
    const agent = countingAgent(tally);
    let target = port();
    for (let next = caller; !isOver; next++) {
      const wanted = /** @type {Case} */ (cases[next % cases.length]);
      tally.sent++;
      const { reason, headers } = await outcomeOf(target, wanted, agent);
      if (reason !== null) {
        tally.lost++;
        count(tally.reasons, reason);
      }
      if (headers[SERVED_BY] !== undefined) count(tally.servedBy, String(headers[SERVED_BY]));
      if (headers.connection === 'close') tally.closing++;
      if (reason !== null || headers.connection === 'close') target = port();
      await sleep(PAUSE);
    }
    agent.destroy();
  };
  const callers = Promise.all(Array.from({ length: CONNECTIONS }, (_, caller) => call(caller)));
  return {
    tally,
    async stop() {
      isOver = true;
      await callers;
      tally.seconds = (performance.now() - begun) / 1000;
      return tally;
    },
  };
}

/** @param {Tally} tally */
function countingAgent(tally) {
  const agent = newAgent(1);
  const connect = agent.createConnection.bind(agent);
  agent.createConnection = (...args) => {
    tally.connections++;
    return connect(...args);
  };
  return agent;
}

/**
 * @param {number} port
 * @param {Case} wanted
 * @param {import('node:http').Agent} agent
 * @returns {Promise<{ reason: string | null, headers: Record<string, unknown> }>}
 */
async function outcomeOf(port, wanted, agent) {
  try {
    const { status, headers, body } = await send(port, wanted.request, agent);
    if (status !== wanted.status) return { reason: `status ${status}`, headers };
    return { reason: body === wanted.body ? null : 'another body', headers };
  } catch (error) {
    const { code, message } = /** @type {NodeJS.ErrnoException} */ (error);
    return { reason: code ?? message, headers: {} };
  }
}

/** @param {Record<string, number>} counts @param {string} key */
function count(counts, key) {
  counts[key] = (counts[key] ?? 0) + 1;
}
