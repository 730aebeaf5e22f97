/** The service and its ceiling, both running, with logging on or off on both sides. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { filled } from './body_text.js';
import { FOLDER, startServer } from './server_process.js';

/** Version 2, clusters of 64 KiB, 512 MiB, which one entry of the table of clusters covers. */
const QCOW2_HEADER = Buffer.from(
  '514649fb0000000200000000000000000000000000000010000000002000000000000000000000010000000000030000000000000001000000000001'.padEnd(
    1024,
    '0',
  ),
  'hex',
);

/** @typedef {import('./server_process.js').Server} Server */

/**
 * @typedef {object} Pair
 * @property {Server} service
 * @property {Server} ceiling
 * @property {ReadonlyMap<import('./works.js').Work, number>} answerBytes Of each answer to a work, on both sides.
 * @property {() => Promise<void>} stop
 */

/** Answers that are compared before any load. */
const SAMPLES = 20;

/**
 * Starts both, and makes sure that they answer the same bytes.
 * @param {string} level Of the log, on both sides.
 * @param {readonly import('./works.js').Work[]} works
 * @returns {Promise<Pair>}
 */
export async function startPair(level, works) {
  const folder = join(FOLDER, level);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const service = await startService(level);
  const file = join(folder, 'ceiling_routes.json');
  writeFileSync(file, JSON.stringify(await Promise.all(works.map((work) => ceilingRoute(service, work)))));
  const ceiling = await startServer('test/bench/ceiling.js', {
    LOG_LEVEL: level,
    LOG_FILE: join(folder, 'ceiling.ndjson'),
    CEILING_ROUTES: file,
  });
  const answerBytes = new Map();
  for (const work of works) answerBytes.set(work, await compareAnswers(service, ceiling, work));
  const stop = async () => {
    await service.stop();
    await ceiling.stop();
    // Not least the log.
    rmSync(folder, { recursive: true, force: true });
  };
  return { service, ceiling, answerBytes, stop };
}

/** An example of a request and its answer. @param {Server} service @param {import('./works.js').Work} work */
async function ceilingRoute(service, { name, path, service: asked, ceiling }) {
  const answer = await ask(`${service.address}${path}`, asked.type, filled(asked.template, 0));
  return { name, body: JSON.parse(filled(ceiling.template, 0)), answer: JSON.parse(answer) };
}

/** @param {string} level */
export function startService(level) {
  return startServer('dist/server.js', {
    LOG_LEVEL: level,
    VMLAB_LOG_DIR: join(FOLDER, level, 'service'),
    VMLAB_PROJECT_ROOT: makeProject(),
  });
}

/** What the plain profile needs of a host that is probed. */
function makeProject() {
  const project = join(FOLDER, 'host', 'project');
  for (const path of [join(project, 'images'), join(project, 'run'), join(project, '../linux-source')])
    mkdirSync(path, { recursive: true });
  writeFileSync(join(project, 'images/kernel-root.qcow2'), QCOW2_HEADER);
  return project;
}

/**
 * The bytes of every answer to a work. Fails when the two sides differ in them, or two requests have one answer.
 * @param {Server} service
 * @param {Server} ceiling
 * @param {import('./works.js').Work} work
 */
async function compareAnswers(service, ceiling, { name, path, service: asked, ceiling: same }) {
  const answers = new Set();
  const lengths = new Set();
  for (let number = 0; number < SAMPLES; number++) {
    const answer = await ask(`${service.address}${path}`, asked.type, filled(asked.template, number));
    const fixed = await ask(`${ceiling.address}/${name}`, same.type, filled(same.template, number));
    answers.add(answer);
    for (const text of [answer, fixed]) lengths.add(Buffer.byteLength(text));
  }
  if (lengths.size !== 1) throw new Error(`${name}: answers of ${[...lengths].join(' and ')} bytes`);
  if (answers.size !== SAMPLES) throw new Error(`${name}: two requests that differ have one answer`);
  return [...lengths][0];
}

/** @param {string} url @param {string} type @param {string} body */
export async function ask(url, type, body) {
  const answer = await fetch(url, { method: 'POST', headers: { 'content-type': type }, body });
  const text = await answer.text();
  if (answer.status !== 200) throw new Error(`${url} answered ${answer.status}: ${text.slice(0, 500)}`);
  return text;
}
