/** Memory under minutes of load: requests of all kinds in turn, no two alike, with the log written as by default. */
import { startService } from './pair.js';
import { median } from './statistics.js';
import { WORKS } from './works.js';

const PRINT_INTERVAL = 30_000;
/** The part of the time in which caches fill and code is compiled. */
const WARM_UP = 0.2;
/** More bodies than any slice takes. */
const NUMBERS_A_SLICE = 250_000;

/**
 * @param {import('./load.js').Tool} tool
 * @param {import('./settings.js').Settings} settings
 */
export async function watchMemory(tool, { memorySeconds, milliseconds }) {
  const service = await startService('info');
  /** @type {{ seconds: number, mebibytes: number, requests: number }[]} */
  const samples = [];
  const begun = performance.now();
  let requests = 0;
  let nextPrint = 0;
  for (let slice = 0; performance.now() < begun + memorySeconds * 1000; slice++) {
    const { path, service: asked } = WORKS[slice % WORKS.length];
    const first = slice * NUMBERS_A_SLICE;
    const counted = await tool.run({ url: `${service.address}${path}`, asked, first, milliseconds });
    if (counted.errors > 0) throw new Error(`${path}: ${counted.errors} errors`);
    requests += counted.requests;
    const milli = performance.now() - begun;
    samples.push({ seconds: milli / 1000, mebibytes: service.memory(), requests });
    if (milli < nextPrint) continue;
    nextPrint = milli + PRINT_INTERVAL;
    console.log(
      `${(milli / 1000).toFixed(0).padStart(5)} s  ${service.memory().toFixed(0).padStart(4)} MiB  ${requests} requests`,
    );
  }
  await service.stop();
  const settled = samples.filter(({ seconds }) => seconds > memorySeconds * WARM_UP);
  const part = (/** @type {number} */ from, /** @type {number} */ to) =>
    median(
      settled.slice(settled.length * from, Math.ceil(settled.length * to)).map(({ mebibytes }) => mebibytes),
    ).toFixed(0);
  console.log(
    `memory, MiB: median of the second fifth ${part(0, 0.25)}, of the last ${part(0.75, 1)}; ` +
      `most ${Math.max(...samples.map(({ mebibytes }) => mebibytes)).toFixed(0)}; ${requests} requests in ${memorySeconds} s`,
  );
  return samples;
}
