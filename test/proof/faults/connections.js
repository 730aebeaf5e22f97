/** Faults of connections: slow callers, no descriptors left, and signals while requests are on their way. */
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { newAgent, send } from '../http.js';
import { JSON_TYPE } from '../requests/make.js';
import { checkPlanning, checkRecovery, checkStop, LONGEST_STOP, PLAN, requestIdsIn } from './scene.js';

/** The request timeout and the interval in which Node looks for late requests, and some more. */
const LONGEST_ARRIVAL = 30_000;

/** @typedef {import('./scene.js').Scene} Scene */

/** @param {Scene} scene */
export async function descriptorsExhausted(scene) {
  const { report } = scene;
  const service = await scene.start();
  const held = newAgent(1);
  await send(service.port, PLAN, held);
  // The limit is that of a process with its files open, so that no more than a handful of connections fit.
  const open = fs.readdirSync(`/proc/${service.pid}/fd`).length;
  execFileSync('prlimit', ['--pid', String(service.pid), `--nofile=${open + 8}`]);
  const sockets = Array.from({ length: 100 }, () => connect(service.port, '127.0.0.1').on('error', () => {}));
  await sleep(500);
  const given = await send(service.port, PLAN, held);
  report.check(given.status === 200, 'planning answers on a connection that was there', given);
  const probed = await send(
    service.port,
    { ...PLAN, body: JSON.stringify({ profile_name: 'minimal' }) },
    held,
  );
  report.check(probed.status < 500, 'a named profile is answered without a fault', probed);
  const ready = await send(service.port, { name: '', method: 'GET', path: '/readyz' }, held);
  report.check(/EMFILE/.test(ready.body), '/readyz says so', ready.body);
  const doctor = await send(service.port, { name: '', method: 'GET', path: '/doctor' }, held);
  report.check(
    doctor.status === 200 && JSON.parse(doctor.body).status !== 'ok',
    '/doctor answers, and is not content',
    doctor.body.slice(0, 300),
  );
  for (const socket of sockets) socket.destroy();
  held.destroy();
  await sleep(500);
  await checkPlanning(scene, service, 'afterwards', 5);
  await checkRecovery(scene, service);
  await checkStop(scene, service);
}

/** @param {Scene} scene */
export async function slowRequests(scene) {
  const { report } = scene;
  const service = await scene.start();
  const head = 'POST /argv HTTP/1.1\r\nHost: x\r\nContent-Type: application/toml\r\n';
  const attacks = {
    'a header that comes byte by byte': ['GET /livez HTTP/1.1\r\nX: ', 'x'],
    'half a body': [`${head}Content-Length: 1000\r\n\r\na = 1`, ''],
    'a body that comes byte by byte': [`${head}Content-Length: 1000\r\n\r\n`, '#'],
    'chunks that never end': [`${head}Transfer-Encoding: chunked\r\n\r\n`, '1\r\n#\r\n'],
  };
  const lines =
    'POST /plans/fleet HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n';
  // Another one has no end either, but something arrives.
  const endless = trickle(service.port, lines, chunked('null\n'));
  const silent = trickle(service.port, `${lines}${chunked('nul')}`, '');
  const cut = trickle(service.port, `${lines}${chunked('null\n')}`, '');
  const begun = performance.now();
  const outcomes = Object.entries(attacks).flatMap(([name, [first = '', more = '']]) =>
    Array.from({ length: 25 }, async () => {
      const answer = await trickle(service.port, first, more);
      return { name, answer, seconds: (performance.now() - begun) / 1000 };
    }),
  );
  await sleep(2000);
  await checkPlanning(scene, service, 'while a hundred others dawdle', 50);
  for (const name of Object.keys(attacks)) {
    const ends = (await Promise.all(outcomes)).filter((outcome) => outcome.name === name);
    const longest = Math.max(...ends.map(({ seconds }) => seconds));
    report.check(
      ends.every(({ answer }) => answer.startsWith('HTTP/1.1 408 ')) && longest < LONGEST_ARRIVAL / 1000,
      `${name}: 408 and closed after ${longest.toFixed(0)} s at most`,
      ends.find(({ answer }) => !answer.startsWith('HTTP/1.1 408 ')),
    );
  }
  report.check((await silent).startsWith('HTTP/1.1 408 '), 'a stream that falls silent: 408', await silent);
  const answered = await cut;
  report.check(
    answered.startsWith('HTTP/1.1 200 ') && !/summary|\r\n0\r\n/.test(answered),
    'and once it has an answer, that is cut off',
    answered,
  );
  const results = (await endless).match(/"status":"refused"/g)?.length ?? 0;
  report.check(results >= 50, `one that goes on arriving is answered all the time, ${results} lines`);
  await checkStop(scene, service);
}

/** @param {string} text */
function chunked(text) {
  return `${text.length.toString(16)}\r\n${text}\r\n`;
}

/**
 * Sends a little every half second until the other side closes.
 * @param {number} port
 * @param {string} first
 * @param {string} more
 * @returns {Promise<string>}
 */
function trickle(port, first, more) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let text = '';
    socket.on('error', () => {});
    socket.on('data', (chunk) => (text += chunk));
    socket.write(first);
    const timer = setInterval(() => (socket.writable && more !== '' ? socket.write(more) : undefined), 500);
    const giveUp = setTimeout(() => socket.destroy(), LONGEST_ARRIVAL);
    socket.on('close', () => {
      clearInterval(timer);
      clearTimeout(giveUp);
      resolve(text);
    });
  });
}

/** @param {Scene} scene */
export async function stopUnderLoad(scene) {
  const { report, logs } = scene;
  const service = await scene.start();
  const agent = newAgent(50);
  /** Requests that the client holds an answer to. @type {Set<string>} */
  const answered = new Set();
  let refused = 0;
  let cut = 0;
  const worker = async (/** @type {unknown} */ _, /** @type {number} */ number) => {
    for (let count = 0; service.isUp(); count++) {
      const id = `load-${number}-${count}`;
      try {
        const { status } = await send(
          service.port,
          { ...PLAN, headers: { ...JSON_TYPE, 'x-request-id': id } },
          agent,
        );
        if (status === 200) answered.add(id);
        else cut++;
      } catch (error) {
        // Never taken: the listener is closed, or a connection that lay idle was.
        refused++;
        if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ECONNREFUSED') return;
      }
    }
  };
  // Ten requests that the service has the first half of.
  const body = String(PLAN.body);
  const halves = Array.from({ length: 10 }, (_, number) => {
    const socket = connect(service.port, '127.0.0.1').on('error', () => {});
    socket.write(
      `POST /plans/start HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nX-Request-Id: half-${number}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body.slice(0, 20)}`,
    );
    let text = '';
    socket.on('data', (chunk) => (text += chunk));
    return { socket, answer: new Promise((resolve) => socket.on('close', () => resolve(text))) };
  });
  await sleep(500);
  const load = Promise.all(Array.from({ length: 50 }, worker));
  await sleep(1500);
  const stopped = service.stop();
  await sleep(300);
  for (const { socket } of halves) socket.write(body.slice(20));
  const halfAnswers = await Promise.all(halves.map(({ answer }) => answer));
  const end = await stopped;
  await load;
  agent.destroy();
  const logged = new Set([...requestIdsIn(logs)].filter((id) => /^(?:load|half)-/.test(id)));
  const unanswered = [...logged].filter((id) => id.startsWith('load-') && !answered.has(id));
  const unlogged = [...answered].filter((id) => !logged.has(id));
  report.check(
    end.code === 0 && end.milliseconds < LONGEST_STOP,
    `it ends with 0 after ${end.milliseconds} ms`,
    end,
  );
  report.check(
    cut === 0 && unanswered.length === 0,
    `all ${logged.size} requests that it took were answered (${refused} were not taken)`,
    unanswered.slice(0, 10),
  );
  report.check(unlogged.length === 0, 'every answer has its line in the log', unlogged.slice(0, 10));
  report.check(
    halfAnswers.every((text) => String(text).startsWith('HTTP/1.1 200 ')),
    'requests whose second half came after the signal were answered',
    halfAnswers.map((text) => String(text).slice(0, 80)),
  );
}

/** @param {Scene} scene */
export async function stopWithHalfARequest(scene) {
  const { report } = scene;
  const service = await scene.start();
  const socket = connect(service.port, '127.0.0.1').on('error', () => {});
  socket.write(
    'POST /argv HTTP/1.1\r\nHost: x\r\nContent-Type: application/toml\r\nContent-Length: 10\r\n\r\n',
  );
  await sleep(300);
  const stopped = service.stop();
  await sleep(300);
  const late = await send(service.port, { name: '', method: 'GET', path: '/readyz' }).then(
    ({ status }) => status,
    () => 0,
  );
  report.check(late === 0 || late === 503, 'nothing new is accepted, or /readyz is 503', late);
  const end = await stopped;
  report.check(
    end.code === 0 && end.milliseconds < LONGEST_STOP,
    `it ends with 0 after ${end.milliseconds} ms`,
    end,
  );
}

/** @param {Scene} scene */
export async function secondSignal(scene) {
  const { report } = scene;
  for (const first of /** @type {const} */ (['SIGTERM', 'SIGINT'])) {
    const service = await scene.start();
    const socket = connect(service.port, '127.0.0.1').on('error', () => {});
    socket.write('GET /livez HTTP/1.1\r\n');
    await sleep(300);
    service.process.kill(first);
    await sleep(300);
    report.check(service.isUp(), `${first}: it waits for what it accepted`);
    const end = await service.stop(first);
    report.check(
      end.code !== 0 && end.milliseconds < 1000,
      `${first} again: it ends at once (${end.milliseconds} ms), not with 0`,
      end,
    );
  }
}
