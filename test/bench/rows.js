/** The rows of the comparison: the service and its ceiling in turn, slice by slice, so that what disturbs meets both. */
import { median, spread } from './statistics.js';

/**
 * @typedef {object} Row
 * @property {import('./works.js').Work} work
 * @property {boolean} isDifferent Whether no body is sent twice in the whole run.
 * @property {string} logging `quiet` or `logging`.
 */

/**
 * @typedef {object} Slice
 * @property {number} perSecond
 * @property {number} p50 Microseconds.
 * @property {number} p99 Microseconds.
 * @property {number} cpu Microseconds of CPU time a request, of all threads.
 */

/** @typedef {{ service: Slice, ceiling: Slice }} SlicePair */

/** Numbers that are set aside for one slice: more than any server answers in that time. */
const NUMBERS_A_SLICE = 250_000;
let slicesSoFar = 0;

/**
 * One slice of each side.
 * @param {import('./load.js').Tool} tool
 * @param {import('./pair.js').Pair} pair
 * @param {Row} row
 * @param {number} milliseconds
 * @returns {Promise<SlicePair>}
 */
export async function runSlices(tool, pair, { work, isDifferent }, milliseconds) {
  slicesSoFar++;
  const first = isDifferent ? slicesSoFar * NUMBERS_A_SLICE : null;
  /** @param {import('./server_process.js').Server} server @param {string} path @param {import('./works.js').Asked} asked */
  const slice = async (server, path, asked) => {
    const before = server.cpu();
    const counted = await tool.run({ url: `${server.address}${path}`, asked, first, milliseconds });
    const cpu = server.cpu() - before;
    if (counted.errors > 0 || counted.requests === 0)
      throw new Error(`${path}: ${counted.errors} errors in ${counted.requests} requests`);
    return {
      perSecond: (counted.requests / counted.microseconds) * 1e6,
      p50: counted.p50,
      p99: counted.p99,
      cpu: cpu / counted.requests,
    };
  };
  return {
    service: await slice(pair.service, work.path, work.service),
    ceiling: await slice(pair.ceiling, `/${work.name}`, work.ceiling),
  };
}

/**
 * @param {Row} row
 * @param {readonly SlicePair[]} slices
 */
export function summaryOf({ work, isDifferent, logging }, slices) {
  const cpuRatios = slices.map(({ service, ceiling }) => ceiling.cpu / service.cpu);
  const speedRatios = slices.map(({ service, ceiling }) => service.perSecond / ceiling.perSecond);
  return {
    work: work.name,
    bodies: isDifferent ? 'different' : 'same',
    logging,
    service: medians(slices.map(({ service }) => service)),
    ceiling: medians(slices.map(({ ceiling }) => ceiling)),
    cpuRatio: median(cpuRatios),
    cpuSpread: spread(cpuRatios),
    speedRatio: median(speedRatios),
    speedSpread: spread(speedRatios),
  };
}

/** @param {readonly Slice[]} slices @returns {Slice} */
function medians(slices) {
  return {
    perSecond: median(slices.map(({ perSecond }) => perSecond)),
    p50: median(slices.map(({ p50 }) => p50)),
    p99: median(slices.map(({ p99 }) => p99)),
    cpu: median(slices.map(({ cpu }) => cpu)),
  };
}
