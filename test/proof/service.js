/** The built service as its own process, from a private copy: whatever a proof does to it harms nothing else. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export const REPOSITORY = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
/** All that the proofs leave behind. */
export const EVIDENCE = join(REPOSITORY, 'logs', 'proof');

const PARTS = ['package.json', 'src', 'dist', 'profiles', 'openapi'];
const START_TIMEOUT = 30_000;

/**
 * Installs the built service in a folder.
 * @param {string} folder
 */
export function installService(folder) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'logs'), { recursive: true });
  for (const part of PARTS) cpSync(join(REPOSITORY, part), join(folder, part), { recursive: true });
  symlinkSync(join(REPOSITORY, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

/**
 * @typedef {object} Start
 * @property {readonly string[]} command
 * @property {string} directory Working directory.
 * @property {Record<string, string>} [environment]
 * @property {number} [user] Runs as this user and group; only root can ask for it.
 */

/**
 * @typedef {object} Service
 * @property {number} port
 * @property {number} pid
 * @property {import('node:child_process').ChildProcess} process
 * @property {() => string} output Standard output and error so far.
 * @property {() => boolean} isUp
 * @property {Promise<{ code: number | null, signal: string | null }>} ended
 * @property {(signal?: NodeJS.Signals) => Promise<{ code: number | null, signal: string | null, milliseconds: number }>} stop
 */

/**
 * Starts it on a free port, and waits until it listens.
 * @param {Start} start
 * @returns {Promise<Service>}
 */
export async function startService({ command, directory, environment = {}, user }) {
  const [program = '', ...args] = command;
  const child = spawn(program, args, {
    cwd: directory,
    env: { PATH: process.env.PATH, PORT: '0', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(user === undefined ? {} : { uid: user, gid: user }),
  });
  // Also when the proof itself fails: nothing that it started is left running.
  process.once('exit', () => child.kill('SIGKILL'));
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += chunk));
  let isUp = true;
  const ended = once(child, 'exit').then(([code, signal]) => {
    isUp = false;
    return { code, signal };
  });
  const deadline = Date.now() + START_TIMEOUT;
  while (!/listens on http:\/\/[^\n]*:\d+\n/.test(output)) {
    if (!isUp || Date.now() > deadline) {
      child.kill('SIGKILL');
      throw new Error(`The service did not start: ${output}`);
    }
    await sleep(20);
  }
  return {
    port: Number(/listens on http:\/\/[^\n]*:(\d+)\n/.exec(output)?.[1]),
    pid: Number(child.pid),
    process: child,
    output: () => output,
    isUp: () => isUp,
    ended,
    async stop(signal = 'SIGTERM') {
      const begun = performance.now();
      child.kill(signal);
      const end = await ended;
      return { ...end, milliseconds: Math.round(performance.now() - begun) };
    },
  };
}

/**
 * The environment of a service on a lab.
 * @param {import('./lab.js').Lab} lab
 */
export function environmentOf(lab) {
  return { HOME: lab.home, TMPDIR: lab.temporary, VMLAB_PROFILE_DIRS: 'profiles:missing-directory' };
}
