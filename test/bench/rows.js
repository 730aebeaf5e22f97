/** A row of the comparison: the service and its ceiling in turn, slice by slice, so that what disturbs meets both. */
import { nextNumbers } from './body_text.js';
import { median, spread } from './statistics.js';

/**
 * @typedef {object} Row
 * @property {import('./works.js').Work} work
 * @property {boolean} isDifferent Whether no body is sent twice in the whole run.
 */

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
 * @param {Row} row
 * @param {number} milliseconds
 * @returns {Promise<SlicePair>}
 */
export async function runSlices(tool, pair, { work, isDifferent }, milliseconds) {
  const load = {
    first: isDifferent ? nextNumbers() : null,
    milliseconds,
    connections: CONNECTIONS,
    answerBytes: Number(pair.answerBytes.get(work)),
  };
  return {
    service: await runSlice(tool, pair.service, { path: work.path, asked: work.service, ...load }),
    ceiling: await runSlice(tool, pair.ceiling, { path: `/${work.name}`, asked: work.ceiling, ...load }),
  };
}

/**
 * @param {import('./load.js').Tool} tool
 * @param {import('./server_process.js').Server} server
 * @param {Omit<import('./load.js').Load, 'url'> & { path: string, answerBytes: number }} load
 * @returns {Promise<Slice>}
 */
async function runSlice(tool, server, { path, answerBytes, ...load }) {
  const before = server.cpu();
  const counted = await tool.run({ url: `${server.address}${path}`, ...load });
  const { requests, microseconds, bytes, errors, p50, p99 } = counted;
  const cpu = server.cpu() - before;
  if (errors > 0) throw new Error(`${path}: ${errors} errors, ${requests} answers`);
  // On a machine that does much else, a short slice can end before the first answer.
  if (requests === 0)
    return runSlice(tool, server, { path, answerBytes, ...load, milliseconds: 2 * load.milliseconds });
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
 * @param {Row} row
 * @param {readonly SlicePair[]} slices
 */
export function summaryOf({ work, isDifferent }, slices) {
  const least = (/** @type {'service' | 'ceiling'} */ side) =>
    Math.min(...slices.map((pair) => pair[side].cpu));
  const cpuRatios = slices.map(({ service, ceiling }) => ceiling.cpu / service.cpu);
  const speedRatios = slices.map(({ service, ceiling }) => service.perSecond / ceiling.perSecond);
  return {
    work: work.name,
    bodies: isDifferent ? 'different' : 'the same',
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
