/**
 * Many VMs at once: plans a second of CPU time in a stream, beside single requests for the same plans of the same service,
 * in turn; and what a VM costs in fleets of several sizes whose VMs are in dispute about everything they can be.
 */
import http from 'node:http';
import { join } from 'node:path';
import { filled, nextNumbers } from './body_text.js';
import { CONNECTIONS } from './rows.js';
import { FOLDER, startServer } from './server_process.js';
import { median, spread } from './statistics.js';
import { linesOf } from './table.js';
import { HOST, MAIN_WORKS } from './works.js';

const LINES = 4000;
const SIZES = [250, 500, 1000, 2000];

/**
 * @param {import('./load.js').Tool} tool
 * @param {import('./settings.js').Settings} settings
 */
export async function timeFleets(tool, { rounds, milliseconds }) {
  const service = await startServer('dist/server.js', {
    LOG_LEVEL: 'silent',
    VMLAB_LOG_DIR: join(FOLDER, 'silent', 'service'),
  });
  try {
    /** @type {{ single: number, stream: number, hashes: number, ratio: number }[]} */
    const slices = [];
    for (let round = 0; round < rounds + 1; round++) {
      const single = await singleCost(tool, service, milliseconds);
      const stream = await streamCost(service, '/plans/fleet');
      const hashes = await streamCost(service, '/plans/fleet?plans=false');
      // The first is for the compiler.
      if (round > 0) slices.push({ single, stream, hashes, ratio: single / stream });
    }
    /** @type {{ size: number, microseconds: number }[]} */
    const sizes = [];
    const stream = () => streamCost(service, '/plans/fleet');
    const turns = { stream: await longestTurnDuring(service, stream), documents: 0 };
    turns.documents = await longestTurnDuring(service, async () => {
      for (const size of SIZES) {
        const costs = [];
        for (let round = 0; round < rounds; round++) costs.push(await documentCost(service, size));
        sizes.push({ size, microseconds: median(costs) });
      }
    });
    const memory = service.memory();
    print({ slices, sizes, turns, memory });
    return { slices, sizes, turns, memory };
  } finally {
    await service.stop();
  }
}

/** The request of a plan in JSON, of which each number is another one. */
const { template } = MAIN_WORKS[0].service;

/**
 * Microseconds of CPU time for a plan on its own.
 * @param {import('./load.js').Tool} tool
 * @param {import('./server_process.js').Server} service
 * @param {number} milliseconds
 */
async function singleCost(tool, service, milliseconds) {
  const asked = { type: 'application/json', template };
  const load = { asked, first: nextNumbers(), milliseconds, connections: CONNECTIONS };
  const before = service.cpu();
  const { requests, errors } = await tool.run({ url: `${service.address}/plans/start`, ...load });
  if (errors > 0 || requests === 0) throw new Error(`/plans/start: ${errors} errors, ${requests} answers`);
  return (service.cpu() - before) / requests;
}

/**
 * Microseconds of CPU time for a plan in a stream.
 * @param {import('./server_process.js').Server} service
 * @param {string} path
 */
async function streamCost(service, path) {
  const first = nextNumbers();
  const lines = Array.from({ length: LINES }, (_, index) => `${filled(template, first + index)}\n`);
  const before = service.cpu();
  const { results, end } = await post(service, path, 'application/x-ndjson', lines.join(''));
  if (results !== LINES + 1 || !end.endsWith('}}\n')) throw new Error(`${path}: ${results} lines, ${end}`);
  return (service.cpu() - before) / LINES;
}

/**
 * Microseconds of CPU time for a VM of a fleet in one document, in which all want the same.
 * @param {import('./server_process.js').Server} service
 * @param {number} size
 */
async function documentCost(service, size) {
  const first = nextNumbers();
  const requests = Array.from({ length: size }, (_, index) => requestOf(index, first + index));
  const body = JSON.stringify({ host: HOST, plans: false, requests });
  const before = service.cpu();
  const { end } = await post(service, '/plans/fleet', 'application/json', body);
  if (!end.endsWith('"valid":false}')) throw new Error(`a fleet of ${size}: ${end}`);
  return (service.cpu() - before) / size;
}

/** Milliseconds of the timer by which the service's own metrics measure how late the event loop is. */
const LAG_TIMER = 10;
const LONGEST_LAG = /^nodejs_eventloop_lag_max_seconds (\S+)$/m;

/**
 * Milliseconds that the service did nothing else, at most, during some work.
 * @param {import('./server_process.js').Server} service
 * @param {() => Promise<unknown>} work
 */
async function longestTurnDuring(service, work) {
  const longestSoFar = async () => {
    const metrics = await (await fetch(`${service.address}/metrics`)).text();
    return Number(LONGEST_LAG.exec(metrics)?.[1]) * 1000;
  };
  // It begins anew each time that it is asked for.
  await longestSoFar();
  await work();
  return (await longestSoFar()) - LAG_TIMER;
}

/** Two VMs have one name, ten one port; each waits for the next of ten. @param {number} index @param {number} number */
function requestOf(index, number) {
  const profile = {
    schema_version: 2,
    vm: { name: `vm${index >> 1}`, depends_on: index % 10 === 9 ? [] : [`vm${(index >> 1) + 1}`] },
    hardware: { arch: 'x86_64', cores: 2, memory_mb: 1024 + (number % 1000) },
    storage: { disks: [{ name: 'root', path: `images/${index % 10}.qcow2`, format: 'qcow2' }] },
    network: {
      interfaces: [{ name: 'net0', type: 'user', hostfwd: [`tcp::${10_000 + Math.floor(index / 10)}-:22`] }],
    },
    qmp: { enabled: true },
  };
  return { id: String(number), profile };
}

/**
 * @param {import('./server_process.js').Server} service
 * @param {string} path
 * @param {string} type
 * @param {string} body
 * @returns {Promise<{ results: number, end: string }>} How many lines came, and the end of the last one.
 */
function post(service, path, type, body) {
  return new Promise((resolve, reject) => {
    const request = http.request(
      `${service.address}${path}`,
      { method: 'POST', headers: { 'content-type': type } },
      (response) => {
        let results = 0;
        let end = Buffer.alloc(0);
        response.on('data', (chunk) => {
          for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, at + 1)) results++;
          end = Buffer.concat([end, chunk]).subarray(-200);
        });
        response.on('end', () => resolve({ results, end: end.toString() }));
        response.on('error', reject);
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

/** @param {Awaited<ReturnType<typeof timeFleets>>} measured */
function print({ slices, sizes, turns, memory }) {
  const row = (/** @type {string} */ about, /** @type {number[]} */ costs) => [
    about,
    median(costs).toFixed(1),
    (1e6 / median(costs)).toFixed(0),
  ];
  const rows = [
    row(
      'single requests',
      slices.map(({ single }) => single),
    ),
    row(
      'in a stream',
      slices.map(({ stream }) => stream),
    ),
    row(
      'in a stream, hashes only',
      slices.map(({ hashes }) => hashes),
    ),
  ];
  console.log(`\n${linesOf([['plans', 'CPU, µs', 'a CPU second'], ...rows]).join('\n')}`);
  const ratios = slices.map(({ ratio }) => ratio);
  console.log(`STREAM ${median(ratios).toFixed(2)} times as many (spread ${spread(ratios).toFixed(2)})`);
  const cells = sizes.map(({ size, microseconds }) => [
    `${size} VMs with conflicts`,
    microseconds.toFixed(1),
  ]);
  console.log(`\n${linesOf([['fleet', 'CPU a VM, µs'], ...cells]).join('\n')}`);
  console.log(
    `longest turn of the event loop: ${turns.stream.toFixed(0)} ms in a stream, ${turns.documents.toFixed(0)} ms in the documents; ` +
      `the service took ${memory.toFixed(0)} MiB`,
  );
}
