/** A container that runs the image as deploy/README.md says, and what can be asked of it. */
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { send } from '../proof/http.js';
import { words } from './engine.js';

/** The options of deploy/README.md's command. What is accepted is answered within 10 s, so that 15 s are never used up. */
export const HARDENING = [
  '--read-only',
  '--cap-drop ALL',
  '--security-opt no-new-privileges',
  '--stop-timeout 15',
];

const START_TIMEOUT = 20_000;
const HEALTH_TIMEOUT = 15_000;
const HEALTH_INTERVAL = 500;
const POLL_INTERVAL = 5;
/** Only docker looks by itself in time; with its first look at once, and one failure enough. */
const SOON = '--health-interval 1s --health-start-period 1s --health-retries 1'.split(' ');

let count = 0;

/**
 * @typedef {object} Subject What is checked.
 * @property {string} image
 * @property {readonly string[]} hardening
 * @property {string} volume Where the log goes.
 * @property {string} folder Where what it printed and what was seen in it is kept.
 */

/**
 * @typedef {object} Container
 * @property {string} name
 * @property {number} port
 * @property {(script: string, flags?: readonly string[]) => Promise<any>} evaluate What a module prints as JSON in there.
 * @property {(wanted: 'healthy' | 'unhealthy') => Promise<boolean>} becomes By the image's own HEALTHCHECK.
 * @property {() => Promise<{ code: number, milliseconds: number }>} stop
 * @property {() => Promise<string>} output Its standard output so far.
 * @property {() => Promise<void>} remove
 */

/**
 * Runs the image; with a command instead of the image's own nobody needs to answer.
 * @param {import('./engine.js').Engine} engine
 * @param {Subject} subject
 * @param {readonly string[]} [command]
 * @returns {Promise<Container>}
 */
export async function runContainer(engine, { image, hardening, volume }, command = []) {
  const name = `vmlab-check-${process.pid}-${++count}`;
  const port = await freePort();
  // Also when a check throws: nothing that was started is left running.
  const removeLate = () => {
    engine.finish(['rm', '--force', '--volumes', name]);
    engine.finish(['volume', 'rm', volume]);
  };
  process.prependOnceListener('exit', removeLate);
  const options = [
    ...hardening.flatMap((option) => option.split(' ')),
    ...(engine.kind === 'podman' ? ['--read-only-tmpfs=false'] : SOON),
    ...['--volume', `${volume}:/app/logs`],
    ...words('CONTAINER_RUN_ARGS'),
    ...portOptions(port),
  ];
  await engine.must(['run', '--detach', '--name', name, ...options, image, ...command]);
  const state = async (/** @type {string} */ field) =>
    (await engine.must(['inspect', '--format', `{{.State.${field}}}`, name])).trim();
  return {
    name,
    port,
    async evaluate(script, flags = []) {
      const node = ['node', ...flags, '--input-type=module', '-'];
      return JSON.parse(await engine.must(['exec', '--interactive', name, ...node], script));
    },
    async becomes(wanted) {
      if (engine.kind === 'podman') {
        const { code } = await engine.ask(['healthcheck', 'run', name]);
        return code === (wanted === 'healthy' ? 0 : 1);
      }
      const deadline = performance.now() + HEALTH_TIMEOUT;
      // An image without a health check has no such field.
      const isReached = async () => (await state('Health.Status').catch(() => 'none')) === wanted;
      while (!(await isReached()) && performance.now() < deadline) await sleep(HEALTH_INTERVAL);
      return await isReached();
    },
    async stop() {
      const begun = performance.now();
      await engine.must(['stop', name]);
      const milliseconds = Math.round(performance.now() - begun);
      return { code: Number(await state('ExitCode')), milliseconds };
    },
    output: () => engine.must(['logs', name]),
    async remove() {
      await engine.must(['rm', '--force', '--volumes', name]);
      process.removeListener('exit', removeLate);
    },
  };
}

/**
 * Runs the service, and waits for its first answer.
 * @param {import('./engine.js').Engine} engine
 * @param {Subject} subject
 * @returns {Promise<Container & { milliseconds: number }>} From the command to the answer.
 */
export async function startContainer(engine, subject) {
  const begun = performance.now();
  const container = await runContainer(engine, subject);
  while (!(await isLive(container.port))) {
    if (performance.now() - begun > START_TIMEOUT)
      throw new Error(`The container does not answer: ${await container.output()}`);
    await sleep(POLL_INTERVAL);
  }
  return { ...container, milliseconds: Math.round(performance.now() - begun) };
}

/** @param {number} port */
export async function isLive(port) {
  const request = { name: '', method: 'GET', path: '/livez' };
  return await send(port, request).then(
    ({ status }) => status === 200,
    () => false,
  );
}

/**
 * The container's port on loopback; on the host's own network the service has to listen there itself.
 * @param {number} port
 */
function portOptions(port) {
  const isHostNetwork = /--net(work)?[= ]host\b/.test(process.env.CONTAINER_RUN_ARGS ?? '');
  if (!isHostNetwork) return ['--publish', `127.0.0.1:${port}:3000`];
  return ['--env', 'HOST=127.0.0.1', '--env', `PORT=${port}`];
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
      server.close(() => resolve(port));
    });
  });
}
