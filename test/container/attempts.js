/** Runs in the container: tries what the service must never do, and prints as JSON what became of it. */
import { spawnSync } from 'node:child_process';
import { appendFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';

/** @type {Record<string, () => unknown>} */
const DEEDS = {
  process() {
    const { error } = spawnSync('true');
    if (error !== undefined) throw error;
  },
  thread: () => new Worker('', { eval: true }).terminate(),
  'shared memory': () => writeAndRemove('/dev/shm/attempt'),
  'temporary file': () => writeAndRemove('/tmp/attempt'),
  'own program': () => appendFileSync('/app/dist/server.js', '\n'),
  'log file': () => writeAndRemove('/app/logs/attempt'),
};

/** @param {string} path */
function writeAndRemove(path) {
  writeFileSync(path, '');
  unlinkSync(path);
}

const outcomes = Object.entries(DEEDS).map(([name, deed]) => {
  try {
    deed();
    return [name, 'done'];
  } catch (error) {
    return [name, error.code];
  }
});
process.stdout.write(JSON.stringify(Object.fromEntries(outcomes)));
