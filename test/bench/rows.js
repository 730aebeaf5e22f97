/** A row of the comparison: the service and its ceiling in turn, slice by slice, so that what disturbs meets both. */
import { median, spread } from './statistics.js';

/**
 * @typedef {object} Row
 * @property {import('./works.js').Work} work
 * @property {boolean} isDifferent Whether no body is sent twice in the whole run.
 */

/**
 * @typedef {object} Slice
 * @property {number} perSecond Answers.
 * @property {number} p50 Microseconds.
 * @property {number} p99 Microseconds.
 * @property {number} cpu Microseconds of CPU time a request, of all threads.
 * @property {number} busy CPU time as a part of the time; 1 is one CPU.
 */

/** @typedef {{ service: Slice, ceiling: Slice }} SlicePair */

/** Numbers of bodies that are set aside for one slice: more than any server answers in that time. */
const NUMBERS_A_SLICE = 250_000;
/** More bytes than the headers of any answer have. */
const MOST_HEADERS = 2000;

let slicesSoFar = 0;

/**
 * One slice of each side; which goes first changes from one call to the next.
 * @param {import('./load.js').Tool} tool
 * @param {import('./pair.js').Pair} pair
 * @param {Row} row
 * @param {number} milliseconds
 * @returns {Promise<SlicePair>}
 */
export async function runSlices(tool, pair, { work, isDifferent }, milliseconds) {
  slicesSoFar++;
  const first = isDifferent ? slicesSoFar * NUMBERS_A_SLICE : null;
  const load = { first, milliseconds, answerBytes: Number(pair.answerBytes.get(work)) };
  const service = () => runSlice(tool, pair.service, { path: work.path, asked: work.service, ...load });
  const ceiling = () => runSlice(tool, pair.ceiling, { path: `/${work.name}`, asked: work.ceiling, ...load });
  if (slicesSoFar % 2 === 0) return { service: await service(), ceiling: await ceiling() };
  return { ceiling: await ceiling(), service: await service() };
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
  if (errors > 0 || requests === 0) throw new Error(`${path}: ${errors} errors, ${requests} answers`);
  const headers = bytes / requests - answerBytes;
  if (headers < 0 || headers > MOST_HEADERS)
    throw new Error(
      `${path}: answers of ${bytes / requests} bytes, which should be ${answerBytes} and headers`,
    );
  return {
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
  const cpuRatios = slices.map(({ service, ceiling }) => ceiling.cpu / service.cpu);
  const speedRatios = slices.map(({ service, ceiling }) => service.perSecond / ceiling.perSecond);
  return {
    work: work.name,
    bodies: isDifferent ? 'different' : 'the same',
    service: mediansOf(slices.map(({ service }) => service)),
    ceiling: mediansOf(slices.map(({ ceiling }) => ceiling)),
    cpuRatio: median(cpuRatios),
    cpuSpread: spread(cpuRatios),
    speedRatio: median(speedRatios),
    speedSpread: spread(speedRatios),
  };
}

/** @param {readonly Slice[]} slices @returns {Slice} */
function mediansOf(slices) {
  return {
    perSecond: median(slices.map(({ perSecond }) => perSecond)),
    p50: median(slices.map(({ p50 }) => p50)),
    p99: median(slices.map(({ p99 }) => p99)),
    cpu: median(slices.map(({ cpu }) => cpu)),
    busy: median(slices.map(({ busy }) => busy)),
  };
}
