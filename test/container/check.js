/** All checks of one image, in the order of a container's life. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { answersFrom, REQUESTS } from './answers.js';
import { checkContents, checkImage } from './check_image.js';
import { checkProcess, checkSeal } from './check_process.js';
import { checkDrain, checkLog } from './check_stop.js';
import { startContainer } from './container.js';

const INSIDE = readFileSync(new URL('inside.js', import.meta.url), 'utf8');

/**
 * @param {import('../proof/report.js').Report} report
 * @param {import('./engine.js').Engine} engine
 * @param {import('./container.js').Subject} subject
 * @param {readonly string[]} expected The answers of the service without a container.
 */
export async function checkContainer(report, engine, subject, expected) {
  checkImage(report, JSON.parse(await engine.must(['inspect', '--type', 'image', subject.image]))[0]);
  const container = await startContainer(engine, subject);
  try {
    report.check(await container.becomes('healthy'), 'health: its own health check finds it healthy');
    const answers = await answersFrom(container.port);
    const differing = REQUESTS.filter((_request, index) => answers[index] !== expected[index]);
    const plans = expected.filter((answer) => answer.startsWith('200 ')).length;
    report.check(
      differing.length === 0 && plans > REQUESTS.length / 2,
      `answers: ${REQUESTS.length}, ${plans} of them with a plan, are byte by byte those of the service without a container`,
      differing.map(({ name }) => name),
    );
    const inside = await container.evaluate(INSIDE);
    writeFileSync(join(subject.folder, 'inside.json'), JSON.stringify(inside, null, 1));
    checkContents(report, inside);
    checkProcess(report, inside);
    report.check(
      inside.sharedMemory.length === 0,
      'files: nothing lies in shared memory',
      inside.sharedMemory,
    );
    await checkSeal(report, container, inside.commandLine);
    await checkDrain(report, container, expected[0] ?? '');
    await checkLog(report, engine, subject, await container.output(), REQUESTS.length);
  } finally {
    writeFileSync(join(subject.folder, 'container.log'), await container.output());
    await container.remove();
  }
}
