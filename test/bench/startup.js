/** How long the service takes from its start to its first answer. */

import { filled } from './body_text.js';
import { ask, startService } from './pair.js';
import { median } from './statistics.js';
import { WORKS } from './works.js';

/** Beyond one for each round of the bench. */
const MORE_STARTS = 1;

/** @param {number} rounds */
export async function timeStarts(rounds) {
  const { path, service: asked } = WORKS[0];
  /** @type {number[]} */
  const seconds = [];
  for (let start = 0; start < rounds + MORE_STARTS; start++) {
    const begun = performance.now();
    const service = await startService('info');
    await ask(`${service.address}${path}`, asked.type, filled(asked.template, start));
    seconds.push((performance.now() - begun) / 1000);
    await service.stop();
  }
  console.log(
    `\nstart to first answer: median ${median(seconds).toFixed(2)} s of ${seconds.length}, ` +
      `${Math.min(...seconds).toFixed(2)} to ${Math.max(...seconds).toFixed(2)} s`,
  );
  return seconds;
}
