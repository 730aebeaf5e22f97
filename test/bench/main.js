/** `npm run bench`: the built service against its ceiling. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { findTool } from './load.js';
import { startPair } from './pair.js';
import { runSlices, summaryOf } from './rows.js';
import { FOLDER } from './server_process.js';
import { timeStages } from './stages.js';
import { WORKS } from './works.js';

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '4' },
    slice: { type: 'string', default: '1000' },
    tool: { type: 'string' },
  },
});
const tool = await findTool(values.tool);
mkdirSync(FOLDER, { recursive: true });
console.log(`Node ${process.version}, load by ${tool.name}`);
for (const { stage, microseconds } of timeStages(60))
  console.log(`${microseconds.toFixed(2).padStart(8)} µs  ${stage}`);

const rounds = values.quick ? 2 : Number(values.rounds);
const works = values.quick ? WORKS.slice(0, 3) : WORKS;
const summaries = [];
for (const [logging, level] of Object.entries({ quiet: 'silent', logging: 'info' })) {
  const pair = await startPair(level);
  const rows = works.flatMap((work) => [
    { work, isDifferent: true, logging },
    ...(values.quick ? [] : [{ work, isDifferent: false, logging }]),
  ]);
  await runSlices(tool, pair, rows[0], 3000);
  const slices = rows.map(() => []);
  for (const row of rows) await runSlices(tool, pair, row, Number(values.slice) / 2);
  for (let round = 0; round < rounds; round++)
    for (const [index, row] of rows.entries())
      slices[index].push(await runSlices(tool, pair, row, Number(values.slice)));
  console.log(
    `memory after load: service ${pair.service.memory().toFixed(0)} MiB, ceiling ${pair.ceiling.memory().toFixed(0)} MiB`,
  );
  await pair.stop();
  for (const [index, row] of rows.entries()) {
    const s = summaryOf(row, slices[index]);
    summaries.push(s);
    console.log(
      [
        s.work.padEnd(22),
        s.bodies.padEnd(10),
        s.logging.padEnd(8),
        `service ${s.service.perSecond.toFixed(0)}/s p50 ${s.service.p50} p99 ${s.service.p99} cpu ${s.service.cpu.toFixed(1)}`.padEnd(
          50,
        ),
        `ceiling ${s.ceiling.perSecond.toFixed(0)}/s p50 ${s.ceiling.p50} p99 ${s.ceiling.p99} cpu ${s.ceiling.cpu.toFixed(1)}`.padEnd(
          50,
        ),
        `cpu ratio ${s.cpuRatio.toFixed(3)} ±${(s.cpuSpread * 100).toFixed(0)}%  speed ratio ${s.speedRatio.toFixed(3)} ±${(s.speedSpread * 100).toFixed(0)}%`,
      ].join(' '),
    );
  }
}
writeFileSync(join(FOLDER, 'result.json'), JSON.stringify(summaries, null, 1));
const of = (name) =>
  summaries
    .find((s) => s.work === name && s.bodies === 'different' && s.logging === 'quiet')
    .cpuRatio.toFixed(2);
console.log(
  `RATIO plans_start_json=${of('plans_start_json')} argv_json=${of('argv_json')} plans_start_toml=${of('plans_start_toml')}`,
);
