/** Cost against the size of a profile, in-process: from the text of a request to the text of its plan. */
import { planText } from './pipeline.js';
import { cpuTime, median } from './statistics.js';
import { linesOf } from './table.js';
import { HOST } from './works.js';

const REQUESTS = 25;
/** Times that each size is measured for each round of the bench; the first half is for the compiler. */
const PASSES = 5;
/** What grows, and how a profile is made with so many of it. */
const GROWTHS = {
  devices: {
    counts: [1, 10, 25],
    request: (/** @type {number} */ count, name = '') => requestOf(name, count, 1),
  },
  'devices of version 2': {
    counts: [1, 10, 25],
    request: (/** @type {number} */ count, name = '') => requestOf(name, count, 1, 2),
  },
  'forwarded ports': {
    counts: [1, 10, 100],
    request: (/** @type {number} */ count, name = '') => requestOf(name, 1, count),
  },
};

/** @param {number} rounds */
export function timeSizes(rounds) {
  const measured = Object.entries(GROWTHS).flatMap(([what, { counts, request }]) => {
    const times = counts.map(() => /** @type {number[]} */ ([]));
    for (let pass = 0; pass < rounds * PASSES; pass++)
      for (const [index, count] of counts.entries())
        times[index].push(timeOf((number) => request(count, `v${pass}-${number}`)));
    return counts.map((count, index) => ({
      what,
      count,
      microseconds: median(times[index].slice(times[index].length >> 1)),
    }));
  });
  const rows = measured.map(({ what, count, microseconds }, index) => [
    `${count} ${what}`,
    microseconds.toFixed(1),
    eachFurther(measured[index - 1], { what, count, microseconds }),
  ]);
  console.log(
    `\n${linesOf([['request to plan, in-process', 'CPU, µs', 'each further one'], ...rows]).join('\n')}`,
  );
  return measured;
}

/**
 * What one more costs between two sizes: the same everywhere when the cost is linear.
 * @typedef {{ what: string, count: number, microseconds: number }} Measured
 * @param {Measured | undefined} before
 * @param {Measured} here
 */
function eachFurther(before, { what, count, microseconds }) {
  if (before?.what !== what) return '';
  return ((microseconds - before.microseconds) / (count - before.count)).toFixed(1);
}

/** Microseconds of CPU time for one request. @param {(number: number) => string} request */
function timeOf(request) {
  const texts = Array.from({ length: REQUESTS }, (_, number) => request(number));
  const begun = cpuTime();
  for (const text of texts) planText(text);
  return (cpuTime() - begun) / REQUESTS;
}

/**
 * A valid request with so many disks, and so many ports forwarded to one card.
 * @param {string} name
 * @param {number} disks
 * @param {number} forwards
 * @param {number} [version]
 */
function requestOf(name, disks, forwards, version = 1) {
  const profile = {
    schema_version: version,
    vm: { name },
    hardware: { arch: 'x86_64', cores: 4, memory_mb: 8192 },
    storage: {
      disks: Array.from({ length: disks }, (_, index) => ({
        name: `disk${index}`,
        path: `images/${name}-${index}.qcow2`,
        format: 'qcow2',
        size_gb: 40,
      })),
    },
    network: {
      interfaces: [
        {
          name: 'net0',
          type: 'user',
          hostfwd: Array.from(
            { length: forwards },
            (_, index) => `tcp:127.0.0.1:${2222 + index}-:${22 + index}`,
          ),
        },
      ],
    },
  };
  return JSON.stringify({ profile, host: HOST });
}
