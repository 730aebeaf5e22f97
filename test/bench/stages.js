/** What each stage of the pipeline costs in-process, on requests that all differ. */
import { filled, templateOf } from './body_text.js';
import { STAGES } from './pipeline.js';
import { cpuTime, median } from './statistics.js';
import { linesOf } from './table.js';
import { ANNOTATED_TOML, HOST, PLAIN_TOML, PROFILE } from './works.js';

const REQUESTS = 250;
/** Times that all requests go through a stage, for each round of the bench; the first half is for the compiler. */
const PASSES = 5;
const TEMPLATES = {
  json: templateOf(JSON.stringify({ profile: PROFILE, host: HOST })),
  toml: templateOf(PLAIN_TOML),
  annotated: templateOf(ANNOTATED_TOML),
};

/** @param {number} rounds */
export function timeStages(rounds) {
  const names = Object.keys(STAGES);
  const times = names.map(() => /** @type {number[]} */ ([]));
  for (let pass = 0; pass < rounds * PASSES; pass++) {
    const requests = Array.from({ length: REQUESTS }, (_, index) => textsOf(pass * REQUESTS + index));
    const results = requests.map(() => /** @type {Record<string, unknown>} */ ({}));
    for (const [index, name] of names.entries()) times[index].push(timeOf(name, requests, results));
  }
  const measured = names.map((stage, index) => ({
    stage,
    microseconds: median(times[index].slice(times[index].length >> 1)),
  }));
  const rows = measured.map(({ stage, microseconds }) => [stage, microseconds.toFixed(1)]);
  console.log(`\n${linesOf([['stage, in-process', 'CPU, µs'], ...rows]).join('\n')}`);
  return measured;
}

/**
 * Microseconds of CPU time of one stage for one request. The stage's results are there for the next stages.
 * @param {string} name
 * @param {readonly import('./pipeline.js').Texts[]} requests
 * @param {readonly Record<string, unknown>[]} results
 */
function timeOf(name, requests, results) {
  const run = STAGES[name];
  const begun = cpuTime();
  for (const [index, texts] of requests.entries()) results[index][name] = run(texts, results[index]);
  return (cpuTime() - begun) / requests.length;
}

/** @param {number} number @returns {import('./pipeline.js').Texts} */
function textsOf(number) {
  const json = filled(TEMPLATES.json, number);
  return {
    json,
    bytes: Buffer.from(json),
    toml: filled(TEMPLATES.toml, number),
    annotated: filled(TEMPLATES.annotated, number),
  };
}
