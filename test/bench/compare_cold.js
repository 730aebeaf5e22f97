/** The service and its ceiling soon after their start, while most of their code is not compiled yet. */
import { startPair } from './pair.js';
import { runSlice } from './rows.js';
import { MAIN_WORKS } from './works.js';

/** Of each side. */
const ANSWERS = 10_000;
/** Short, so that a side has hardly more answers than it should. */
const MILLISECONDS = 200;

/** Both are started anew for each work. @param {import('./load.js').Tool} tool */
export async function compareCold(tool) {
  const measured = [];
  for (const work of MAIN_WORKS) {
    const pair = await startPair('silent', [work]);
    const sums = { service: { answers: 0, cpu: 0 }, ceiling: { answers: 0, cpu: 0 } };
    while (Math.min(sums.service.answers, sums.ceiling.answers) < ANSWERS)
      for (const side of /** @type {const} */ (['service', 'ceiling'])) {
        if (sums[side].answers >= ANSWERS) continue;
        const { answers, cpu } = await runSlice(tool, pair, work, MILLISECONDS, side);
        sums[side].answers += answers;
        sums[side].cpu += answers * cpu;
      }
    await pair.stop();
    const { service, ceiling } = sums;
    const cpuRatio = ceiling.cpu / ceiling.answers / (service.cpu / service.answers);
    measured.push({ work: work.name, service, ceiling, cpuRatio });
  }
  console.log(
    `\nCOLD has the ratios of CPU time over the first ${ANSWERS} requests of processes that were started for them, quiet,\n` +
      'RATIO those of warm ones, as above.',
  );
  return measured;
}
