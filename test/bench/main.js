/**
 * What planning costs, against the framework alone: `npm run bench`, or `npm run bench -- --quick`; with BENCH_NODE for
 * another Node. The last lines have the ratios of CPU time a request. What was measured is in logs/bench/ as JSON.
 */

import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { checkTool } from './check_tool.js';
import { compareCold } from './compare_cold.js';
import { compareLoad, ratioLine } from './compare_load.js';
import { timeFleets } from './fleet.js';
import { findTool } from './load.js';

import { watchMemory } from './memory.js';
import { timeProfiles } from './profiles.js';
import { CONNECTIONS } from './rows.js';
import { runToEnd } from './run_to_end.js';
import { FOLDER } from './server_process.js';
import { readSettings } from './settings.js';
import { timeSizes } from './sizes.js';
import { timeStages } from './stages.js';
import { timeStarts } from './startup.js';

async function main() {
  if (process.platform !== 'linux') throw new Error('CPU time is read from /proc, which only Linux has.');
  const settings = readSettings(process.argv.slice(2));
  const tool = await findTool(settings.tool);
  mkdirSync(FOLDER, { recursive: true });
  const machine = { node: process.version, cpus: cpus().length, model: cpus()[0]?.model };
  console.log(
    `Node ${machine.node}, ${machine.cpus} x ${machine.model}; load by ${tool.name}, ${CONNECTIONS} connections`,
  );
  await checkTool(tool);
  const { parts, rounds, memorySeconds } = settings;
  if (memorySeconds > 0) return save('memory', { machine, memory: await watchMemory(tool, settings) });

  const result = {
    machine,
    settings: { ...settings, tool: tool.name },
    stages: parts.includes('stages') ? timeStages(rounds) : null,
    sizes: parts.includes('sizes') ? timeSizes(rounds) : null,
    profiles: parts.includes('profiles') ? await timeProfiles(rounds) : null,
    fleet: parts.includes('fleet') ? await timeFleets(tool, settings) : null,
    start: parts.includes('start') ? await timeStarts(rounds) : null,
    load: parts.includes('load') ? await compareLoad(tool, settings) : null,
    cold: parts.includes('load') ? await compareCold(tool) : null,
  };
  save('bench', result);
  if (result.cold !== null) console.log(ratioLine('COLD', result.cold));
  if (result.load !== null) console.log(ratioLine('RATIO', result.load[0].summaries));
}

/** @param {string} name @param {object} result */
function save(name, result) {
  writeFileSync(join(FOLDER, `${name}.json`), `${JSON.stringify(result, null, 1)}\n`);
}

runToEnd(main);
