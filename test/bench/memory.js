/** Memory under minutes of load: requests of all kinds in turn, no two alike, with the log written as by default. */
import { nextNumbers } from './body_text.js';
import { startService } from './pair.js';
import { CONNECTIONS } from './rows.js';
import { median } from './statistics.js';
import { WORKS } from './works.js';

/** Seconds. */
const PRINT_INTERVAL = 30;

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
    const load = { asked, first: nextNumbers(), milliseconds, connections: CONNECTIONS };
    const counted = await tool.run({ url: `${service.address}${path}`, ...load });
    if (counted.errors > 0) throw new Error(`${path}: ${counted.errors} errors`);
    requests += counted.requests;
    const seconds = (performance.now() - begun) / 1000;
    const mebibytes = service.memory();
    samples.push({ seconds, mebibytes, requests });
    if (seconds < nextPrint) continue;
    nextPrint = seconds + PRINT_INTERVAL;
    console.log(`${seconds.toFixed(0)} s: ${mebibytes.toFixed(0)} MiB, ${requests} requests`);
  }
  await service.stop();
  const [early, late] = [medianOf(samples, 0.2, 0.4), medianOf(samples, 0.8, 1)];
  const most = Math.max(...samples.map(({ mebibytes }) => mebibytes));
  console.log(
    `memory, MiB: median ${early.toFixed(0)} of the second fifth of the time, ${late.toFixed(0)} of the last; ` +
      `most ${most.toFixed(0)}; ${requests} requests in ${memorySeconds} s`,
  );
  return samples;
}

/** MiB in a part of the samples. @param {readonly { mebibytes: number }[]} samples @param {number} from @param {number} to */
function medianOf(samples, from, to) {
  const part = samples.slice(Math.floor(samples.length * from), Math.ceil(samples.length * to));
  return median(part.map(({ mebibytes }) => mebibytes));
}
