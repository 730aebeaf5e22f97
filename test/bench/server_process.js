/** A server under load: its own process, looked at from outside, so that nothing measures itself. Linux only. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const REPOSITORY = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
/** All that a run leaves behind. */
export const FOLDER = join(REPOSITORY, 'logs', 'bench');

/** Both sides run with the flags that `npm start` gives to Node. */
const NODE_FLAGS =
  readFileSync(join(REPOSITORY, 'src', 'start.sh'), 'utf8').match(/(?<=^v8_flags=.*)--[^' ]+/gm) ?? [];
const LISTENS = /listens on (http:\S+)\n/;

/**
 * @typedef {object} Server
 * @property {string} address
 * @property {() => number} cpu Microseconds that all its threads have run.
 * @property {() => number} memory Resident MiB.
 * @property {() => Promise<void>} stop
 */

/**
 * Starts a script on a free port with the Node that runs the bench, and waits until it says that it listens.
 * @param {string} script Below the repository.
 * @param {Record<string, string>} environment
 * @returns {Promise<Server>}
 */
export async function startServer(script, environment) {
  const child = spawn(process.execPath, [...NODE_FLAGS, join(REPOSITORY, script)], {
    cwd: REPOSITORY,
    env: { PATH: process.env.PATH, PORT: '0', ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const ended = once(child, 'exit');
  let output = '';
  const address = await new Promise((resolve, reject) => {
    child.stdout.on('data', (chunk) => {
      output += chunk;
      const found = LISTENS.exec(output)?.[1];
      if (found !== undefined) resolve(found);
    });
    child.once('exit', (code) => reject(new Error(`${script} ended with exit code ${code}`)));
  });
  return {
    address,
    cpu: () => cpuOf(Number(child.pid)),
    memory: () => memoryOf(Number(child.pid)),
    async stop() {
      child.kill('SIGTERM');
      await ended;
      process.off('exit', kill);
    },
  };
}

/** The kernel's own account in nanoseconds; `/proc/PID/stat` counts in ticks of 10 ms. @param {number} pid */
function cpuOf(pid) {
  const threads = readdirSync(`/proc/${pid}/task`);
  return threads.reduce((sum, thread) => sum + runTimeOf(`/proc/${pid}/task/${thread}/schedstat`), 0) / 1000;
}

/** @param {string} file */
function runTimeOf(file) {
  return Number(readFileSync(file, 'utf8').split(' ')[0]);
}

/** @param {number} pid */
function memoryOf(pid) {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}
