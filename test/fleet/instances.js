/** Two instances of the built service, unlike each other in everything that must not show in a plan. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, readlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { installService, startService } from '../proof/service.js';
import { EVIDENCE, freePort } from './places.js';

/**
 * @typedef {object} Instance
 * @property {string} name
 * @property {number} port The same after each restart.
 * @property {import('../proof/service.js').Service} service The process that runs now.
 * @property {(delay?: number) => Promise<void>} start With the seconds for which it goes on after SIGTERM.
 */

/** Seconds; a balancer that asks every 400 ms has noticed by then. */
export const SHUTDOWN_DELAY = 2;
/** What a probed plan depends on, and so is the same for both. */
const PROJECT = join(EVIDENCE, 'project');
const UNLIKE = [
  { name: 'one', folder: 'one', umask: '0022', zone: 'Pacific/Kiritimati', locale: 'C', isSealed: false },
  {
    name: 'two',
    folder: 'far/away/two',
    umask: '0077',
    zone: 'America/St_Johns',
    locale: 'tr_TR.UTF-8',
    isSealed: true,
  },
];

/**
 * @param {readonly string[]} nodes A Node program for each.
 * @returns {Promise<Instance[]>} Running.
 */
export async function startInstances(nodes) {
  mkdirSync(PROJECT, { recursive: true });
  const instances = [];
  for (const [index, unlike] of UNLIKE.entries())
    instances.push(await newInstance(unlike, String(nodes[index])));
  await Promise.all(instances.map((instance) => instance.start()));
  return instances;
}

/**
 * @param {(typeof UNLIKE)[number]} unlike
 * @param {string} node
 * @returns {Promise<Instance>}
 */
async function newInstance({ name, folder, umask, zone, locale, isSealed }, node) {
  const root = installService(join(EVIDENCE, folder));
  const port = await freePort();
  const program = isSealed ? ['sh', 'src/start.sh', '--sealed'] : [node, 'dist/server.js'];
  const instance = {
    name,
    port,
    service: /** @type {any} */ (null),
    async start(delay = SHUTDOWN_DELAY) {
      instance.service = await startService({
        command: ['sh', '-c', 'umask "$0" && exec "$@"', umask, ...program],
        directory: root,
        environment: {
          PATH: `${dirname(node)}:${process.env.PATH}`,
          PORT: String(port),
          TZ: zone,
          LC_ALL: locale,
          VMLAB_PROJECT_ROOT: PROJECT,
          VMLAB_SHUTDOWN_DELAY: String(delay),
        },
      });
    },
  };
  return instance;
}

/**
 * What the kernel says of a running instance, besides what it was told.
 * @param {Instance} instance
 */
export function traitsOf({ service: { pid } }) {
  const environment = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  const variable = (/** @type {string} */ name) => environment.find((entry) => entry.startsWith(`${name}=`));
  return {
    node: execFileSync(`/proc/${pid}/exe`, ['--version'], { encoding: 'utf8' }).trim().replace(/\..*/, ''),
    zone: variable('TZ'),
    locale: variable('LC_ALL'),
    directory: readlinkSync(`/proc/${pid}/cwd`),
    umask: /^Umask:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1],
    seal: /--(experimental-)?permission/.exec(readFileSync(`/proc/${pid}/cmdline`, 'utf8'))?.[0] ?? 'none',
  };
}
