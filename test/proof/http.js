/** A client that sends whatever a proof wants sent, also what is no HTTP, over loopback. */
import http from 'node:http';
import { connect } from 'node:net';

/**
 * @typedef {object} Asked A request that HTTP can say.
 * @property {string} name
 * @property {string} method
 * @property {string} path
 * @property {Record<string, string>} [headers]
 * @property {string | Buffer} [body]
 */

/**
 * @typedef {object} Raw Bytes as they go onto the wire.
 * @property {string} name
 * @property {string | Buffer} raw
 */

/** @typedef {Asked | Raw} Request */

/**
 * @typedef {object} Answer
 * @property {number} status 0 when the connection was closed without an answer.
 * @property {Record<string, string | string[] | undefined>} headers
 * @property {string} body
 */

const MOST_CONNECTIONS = 16;
/** Longer than any of the service's. */
const TIMEOUT = 45_000;

/** @param {number} [maxSockets] */
export function newAgent(maxSockets = MOST_CONNECTIONS) {
  return new http.Agent({ keepAlive: true, maxSockets });
}

/**
 * @param {number} port
 * @param {Request} request
 * @param {http.Agent | false} [agent] `false` for a connection of its own.
 * @returns {Promise<Answer>}
 */
export function send(port, request, agent = false) {
  return 'raw' in request ? sendRaw(port, request.raw) : ask(port, request, agent);
}

/**
 * Sends all, some at a time; the answers are in the order of the requests.
 * @param {number} port
 * @param {readonly Request[]} requests
 * @returns {Promise<Answer[]>}
 */
export async function sendAll(port, requests) {
  const agent = newAgent();
  /** @type {Answer[]} */
  const answers = [];
  const waiting = [...requests.entries()].reverse();
  const worker = async () => {
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop())
      answers[next[0]] = await send(port, next[1], agent);
  };
  await Promise.all(Array.from({ length: MOST_CONNECTIONS }, worker));
  agent.destroy();
  return answers;
}

/**
 * @param {number} port
 * @param {string} path
 * @returns {Promise<any>} The JSON of a 200.
 */
export async function getJson(port, path) {
  const { status, body } = await send(port, { name: path, method: 'GET', path });
  if (status !== 200) throw new Error(`${path} answered ${status}: ${body.slice(0, 200)}`);
  return JSON.parse(body);
}

/**
 * @param {number} port
 * @param {Asked} request
 * @param {http.Agent | false} agent
 * @returns {Promise<Answer>}
 */
function ask(port, { method, path, headers = {}, body }, agent) {
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const request = http.request(
      { host: '127.0.0.1', port, method, path, headers: { ...length, ...headers }, agent, timeout: TIMEOUT },
      (response) => {
        /** @type {Buffer[]} */
        const chunks = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks).toString(),
          }),
        );
      },
    );
    request.on('timeout', () => request.destroy(new Error(`no answer to ${method} ${path.slice(0, 80)}`)));
    request.on('error', reject);
    request.end(body);
  });
}

/** Milliseconds of silence after which nothing more is expected: a client that hangs up first gets no answer at all. */
const SILENCE = 250;
const PATIENCE = 1500;

/**
 * @param {number} port
 * @param {string | Buffer} bytes
 * @returns {Promise<Answer>}
 */
function sendRaw(port, bytes) {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    /** @type {Buffer[]} */
    const chunks = [];
    const end = () => socket.end();
    let silence = setTimeout(end, PATIENCE);
    socket.on('data', (chunk) => {
      chunks.push(chunk);
      clearTimeout(silence);
      silence = setTimeout(end, SILENCE);
    });
    socket.on('error', (/** @type {NodeJS.ErrnoException} */ error) =>
      // The service may close a connection while it still receives; what it answered before counts.
      ['ECONNRESET', 'EPIPE'].includes(String(error.code)) ? undefined : reject(error),
    );
    socket.on('close', () => {
      clearTimeout(silence);
      const text = Buffer.concat(chunks).toString('latin1');
      resolve({ status: Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1] ?? 0), headers: {}, body: text });
    });
    socket.write(bytes);
  });
}
