/** The service and its ceiling, both running, with logging on or off on both sides. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { filled } from './body_text.js';
import { FOLDER, startServer } from './server_process.js';
import { WORKS } from './works.js';

/** @typedef {{ service: import('./server_process.js').Server, ceiling: import('./server_process.js').Server, stop: () => Promise<void> }} Pair */

/** Answers that are compared before any load. */
const SAMPLES = 20;

/**
 * Starts both, and makes sure that the ceiling does the same bytes.
 * @param {string} level Of the log, on both sides.
 * @returns {Promise<Pair>}
 */
export async function startPair(level) {
  const folder = join(FOLDER, level);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const service = await startService(level);
  const routes = [];
  for (const { name, path, service: asked, ceiling } of WORKS) {
    const answer = await ask(`${service.address}${path}`, asked.type, filled(asked.template, 0));
    routes.push({ name, body: JSON.parse(filled(ceiling.template, 0)), answer: JSON.parse(answer) });
  }
  const file = join(folder, 'ceiling_routes.json');
  writeFileSync(file, JSON.stringify(routes));
  const ceiling = await startServer('test/bench/ceiling.js', {
    LOG_LEVEL: level,
    LOG_FILE: join(folder, 'ceiling.ndjson'),
    CEILING_ROUTES: file,
  });
  const pair = {
    service,
    ceiling,
    stop: async () => void (await Promise.all([service.stop(), ceiling.stop()])),
  };
  for (const work of WORKS) await compareAnswers(pair, work);
  return pair;
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
  writeFileSync(join(project, 'images/kernel-root.qcow2'), Buffer.from('QFI\xfb\0\0\0\x03', 'latin1'));
  return project;
}

/** @param {Pair} pair @param {import('./works.js').Work} work */
async function compareAnswers({ service, ceiling }, { name, path, service: asked, ceiling: same }) {
  const answers = [];
  for (let number = 0; number < SAMPLES; number++) {
    const answer = await ask(`${service.address}${path}`, asked.type, filled(asked.template, number));
    const fixed = await ask(`${ceiling.address}/${name}`, same.type, filled(same.template, number));
    if (Buffer.byteLength(answer) !== Buffer.byteLength(fixed))
      throw new Error(`${name}: ${answer.length} bytes from the service, ${fixed.length} from the ceiling`);
    answers.push(answer);
  }
  if (new Set(answers).size !== SAMPLES) throw new Error(`${name}: two different requests have one answer`);
}

/** @param {string} url @param {string} type @param {string} body */
async function ask(url, type, body) {
  const answer = await fetch(url, { method: 'POST', headers: { 'content-type': type }, body });
  const text = await answer.text();
  if (answer.status !== 200) throw new Error(`${url} answered ${answer.status}: ${text.slice(0, 500)}`);
  return text;
}
