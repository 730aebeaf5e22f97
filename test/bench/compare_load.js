/** The service and its ceiling under load, with logging off on both sides and on on both sides. */
import { filled } from './body_text.js';
import { startPair } from './pair.js';
import { runSlices, summaryOf } from './rows.js';
import { median } from './statistics.js';
import { linesOf } from './table.js';
import { MAIN_WORKS, WORKS } from './works.js';

/** The level of the log on both sides. */
const LEVELS = { quiet: 'silent', logging: 'info' };
/** Answers of the service to each work before the first that counts, for the compiler; and in how many slices a round at most. */
const WARM_UP_ANSWERS = 20_000;
const WARM_UP_SLICES = 2;

/** @typedef {Awaited<ReturnType<typeof compareAt>>['summaries'][number]} Summary */

/**
 * @param {import('./load.js').Tool} tool
 * @param {import('./settings.js').Settings} settings
 */
export async function compareLoad(tool, settings) {
  console.log(
    '\nA ratio is the ceiling over the service in CPU time, the service over the ceiling in requests a second: 1 is as\n' +
      'fast as the framework alone. Each slice of one side has a slice of the other beside it, so that what disturbs meets\n' +
      'both: ratios are medians of those pairs, with the spread from least to greatest. The last line has those of CPU\n' +
      'time, quiet. Beside them stands the ratio of the least CPU time of each side; on a machine that is quiet enough\n' +
      'for both to have had it to themselves it is the same.',
  );
  const logging = [];
  for (const [name, level] of Object.entries(LEVELS)) {
    const { summaries, memory } = await compareAt(tool, settings, level);
    console.log(`\n${linesOf([headerOf(name), ...summaries.map(cellsOf)]).join('\n')}`);
    console.log(
      `memory after load, MiB: service ${memory.service.toFixed(0)}, ceiling ${memory.ceiling.toFixed(0)}; ` +
        `busy: service ${busyPart(summaries, 'service')} of a CPU, ceiling ${busyPart(summaries, 'ceiling')}`,
    );
    logging.push({ name, memory, summaries });
  }
  return logging;
}

/** @param {import('./load.js').Tool} tool @param {import('./settings.js').Settings} settings @param {string} level */
async function compareAt(tool, { isQuick, rounds, milliseconds }, level) {
  const works = isQuick ? MAIN_WORKS : WORKS;
  const pair = await startPair(level, works);
  for (const work of works) {
    for (let slice = 0, answers = 0; slice < WARM_UP_SLICES * rounds && answers < WARM_UP_ANSWERS; slice++)
      answers += (await runSlices(tool, pair, work, milliseconds)).service.answers;
  }
  /** @type {import('./rows.js').SlicePair[][]} */
  const slices = works.map(() => []);
  for (let round = 0; round < rounds; round++)
    for (const [index, work] of works.entries())
      slices[index].push(await runSlices(tool, pair, work, milliseconds));
  const memory = { service: pair.service.memory(), ceiling: pair.ceiling.memory() };
  await pair.stop();
  return {
    memory,
    summaries: works.map((work, index) => ({
      ...summaryOf(work, slices[index]),
      requestBytes: Buffer.byteLength(filled(work.service.template, 0)),
      answerBytes: pair.answerBytes.get(work),
      slices: slices[index],
    })),
  };
}

/** @param {string} logging */
function headerOf(logging) {
  const times = ['p50', 'p99', 'CPU'];
  const ratios = ['ratio: CPU', 'spread', 'least CPU', 'req/s', 'spread'];
  return [
    `${logging}; times in µs`,
    'bytes in',
    'out',
    'service: req/s',
    ...times,
    'ceiling: req/s',
    ...times,
    ...ratios,
  ];
}

/** @param {Summary} summary */
function cellsOf({ service, ceiling, ...summary }) {
  const side = (/** @type {Summary['service']} */ { perSecond, p50, p99, cpu }) => [
    ...[perSecond, p50, p99].map((number) => number.toFixed(0)),
    cpu.toFixed(1),
  ];
  const percent = (/** @type {number} */ part) => `${(part * 100).toFixed(0)} %`;
  return [
    summary.work,
    String(summary.requestBytes),
    String(summary.answerBytes),
    ...side(service),
    ...side(ceiling),
    ...[summary.cpuRatio.toFixed(2), percent(summary.cpuSpread), summary.leastCpuRatio.toFixed(2)],
    ...[summary.speedRatio.toFixed(2), percent(summary.speedSpread)],
  ];
}

/**
 * Much under one CPU, a server waited for the client or for the machine, and only its CPU time says what it can do.
 * @param {readonly Summary[]} summaries
 * @param {'service' | 'ceiling'} side
 */
function busyPart(summaries, side) {
  return median(summaries.map((summary) => summary[side].busy)).toFixed(2);
}

/**
 * One of the last lines: the main works, which come first.
 * @param {string} title
 * @param {readonly { work: string, cpuRatio: number }[]} measured
 */
export function ratioLine(title, measured) {
  const main = measured.slice(0, MAIN_WORKS.length);
  return `${title} ${main.map(({ work, cpuRatio }) => `${work}=${cpuRatio.toFixed(2)}`).join(' ')}`;
}
