/** Where the fleet lives: ports on loopback, and one folder for all that it leaves behind. */
import { createServer } from 'node:net';
import { join } from 'node:path';
import { REPOSITORY } from '../proof/service.js';

export const EVIDENCE = join(REPOSITORY, 'logs', 'fleet');
/** Below the ports that the kernel hands out to connections: one that is free stays so while an instance restarts. */
const PORTS = { first: 20_000, count: 12_000 };
const MOST_TRIES = 100;

/** @returns {Promise<number>} A port that nobody listens on. */
export async function freePort() {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const port = PORTS.first + Math.floor(Math.random() * PORTS.count);
    if (await isFree(port)) return port;
  }
  throw new Error('no port is free');
}

/** @param {number} port */
function isFree(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
