/** A row of the comparison: a work by the service and its ceiling in turn, slice by slice, so that what disturbs meets both. */
import { nextNumbers } from './body_text.js';
import { median, spread } from './statistics.js';

/**
 * @typedef {object} Slice
 * @property {number} answers
 * @property {number} perSecond
 * @property {number} p50 Microseconds.
 * @property {number} p99 Microseconds.
 * @property {number} cpu Microseconds of CPU time a request, of all threads.
 * @property {number} busy CPU time as a part of the time; 1 is one CPU.
 */

/** @typedef {{ service: Slice, ceiling: Slice }} SlicePair */

/** Of the client, each with one request at a time. */
export const CONNECTIONS = 16;
/** More bytes than the headers of any answer have. */
const MOST_HEADERS = 2000;

/**
 * One slice of each side.
 * @param {import('./load.js').Tool} tool
 * @param {import('./pair.js').Pair} pair
 * @param {import('./works.js').Work} work
 * @param {number} milliseconds
 * @returns {Promise<SlicePair>}
 */
export async function runSlices(tool, pair, work, milliseconds) {
  return {
    service: await runSlice(tool, pair, work, milliseconds, 'service'),
    ceiling: await runSlice(tool, pair, work, milliseconds, 'ceiling'),
  };
}

/**
 * @param {import('./load.js').Tool} tool
 * @param {import('./pair.js').Pair} pair
 * @param {import('./works.js').Work} work
 * @param {number} milliseconds
 * @param {'service' | 'ceiling'} side
 * @returns {Promise<Slice>}
 */
export async function runSlice(tool, pair, work, milliseconds, side) {
  const server = pair[side];
  const path = side === 'service' ? work.path : `/${work.name}`;
  const answerBytes = Number(pair.answerBytes.get(work));
  const load = { asked: work[side], first: nextNumbers(), milliseconds, connections: CONNECTIONS };
  const before = server.cpu();
  const counted = await tool.run({ url: `${server.address}${path}`, ...load });
  const { requests, microseconds, bytes, errors, p50, p99 } = counted;
  const cpu = server.cpu() - before;
  if (errors > 0) throw new Error(`${path}: ${errors} errors, ${requests} answers`);
  // On a machine that does much else, a short slice can end before the first answer.
  if (requests === 0) return runSlice(tool, pair, work, 2 * milliseconds, side);
  const headers = bytes / requests - answerBytes;
  if (headers < 0 || headers > MOST_HEADERS)
    throw new Error(
      `${path}: answers of ${bytes / requests} bytes, which should be ${answerBytes} and headers`,
    );
  return {
    answers: requests,
    perSecond: (requests / microseconds) * 1e6,
    p50,
    p99,
    cpu: cpu / requests,
    busy: cpu / microseconds,
  };
}

/**
 * @param {import('./works.js').Work} work
 * @param {readonly SlicePair[]} slices
 */
export function summaryOf(work, slices) {
  const least = (/** @type {'service' | 'ceiling'} */ side) =>
    Math.min(...slices.map((pair) => pair[side].cpu));
  const cpuRatios = slices.map(({ service, ceiling }) => ceiling.cpu / service.cpu);
  const speedRatios = slices.map(({ service, ceiling }) => service.perSecond / ceiling.perSecond);
  return {
    work: work.name,
    service: mediansOf(slices.map(({ service }) => service)),
    ceiling: mediansOf(slices.map(({ ceiling }) => ceiling)),
    leastCpuRatio: least('ceiling') / least('service'),
    cpuRatio: median(cpuRatios),
    cpuSpread: spread(cpuRatios),
    speedRatio: median(speedRatios),
    speedSpread: spread(speedRatios),
  };
}

/** @param {readonly Slice[]} slices */
function mediansOf(slices) {
  return {
    perSecond: median(slices.map(({ perSecond }) => perSecond)),
    p50: median(slices.map(({ p50 }) => p50)),
    p99: median(slices.map(({ p99 }) => p99)),
    cpu: median(slices.map(({ cpu }) => cpu)),
    busy: median(slices.map(({ busy }) => busy)),
  };
}
