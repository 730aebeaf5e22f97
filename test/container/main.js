/**
 * Builds the image, runs it as deploy/README.md says, and checks what is promised of it: `npm run container`. The same with planted
 * faults, each of which has to be found: `npm run container -- faults`.
 *
 * By environment: CONTAINER_TOOL, NODE_IMAGE, RUNTIME_IMAGE, CONTAINER_BUILD_ARGS, CONTAINER_RUN_ARGS; IMAGE, one that is
 * built already. What was built, printed and seen is in logs/container/.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newReport } from '../proof/report.js';
import { REPOSITORY } from '../proof/service.js';
import { expectedAnswers } from './answers.js';
import { checkContainer } from './check.js';
import { checkStalledClient, checkTimes } from './check_stop.js';
import { HARDENING } from './container.js';
import { build, findEngine } from './engine.js';
import { checkFaults } from './faults.js';

const FOLDER = join(REPOSITORY, 'logs', 'container');
const TAG = 'vmlab-planner:check';

const report = newReport();

/** @param {import('./engine.js').Engine} engine */
async function main(engine) {
  report.note(engine.version);
  const image = process.env.IMAGE || (await buildImage(engine));
  const expected = await expectedAnswers(join(FOLDER, 'service'));
  const subject = { image, hardening: HARDENING, volume: `vmlab-check-${process.pid}`, folder: FOLDER };
  process.once('exit', () => engine.finish(['volume', 'rm', '--force', subject.volume]));
  if (process.argv[2] === 'faults') return await checkFaults(report, engine, subject, expected);
  await checkContainer(report, engine, subject, expected);
  await checkTimes(report, engine, subject);
  await checkStalledClient(report, engine, subject);
  const readme = readFileSync(join(REPOSITORY, 'deploy', 'README.md'), 'utf8');
  report.check(
    readme.includes(HARDENING.join(' ')),
    'deploy/README.md says how it was run',
    HARDENING.join(' '),
  );
}

/** @param {import('./engine.js').Engine} engine */
async function buildImage(engine) {
  const begun = performance.now();
  const { code, stdout, stderr } = await build(engine, REPOSITORY, TAG);
  writeFileSync(join(FOLDER, 'build.log'), `${stdout}${stderr}`);
  report.note(`built in ${((performance.now() - begun) / 1000).toFixed(1)} s`);
  if (code !== 0) throw new Error(`The image cannot be built: ${stderr.slice(-1500)}`);
  return TAG;
}

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
rmSync(FOLDER, { recursive: true, force: true });
mkdirSync(FOLDER, { recursive: true });
try {
  await main(findEngine());
} catch (error) {
  report.check(false, 'the checks ran', error instanceof Error ? error.message : error);
}
const { passed, failed } = report.counts();
console.log(`${passed} checks passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
