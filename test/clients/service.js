/** The built service on a free port, as a stranger starts it. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY, startService } from '../proof/service.js';
import { EVIDENCE } from './places.js';

/** @returns {Promise<{ baseUrl: string, stop: () => Promise<unknown> }>} */
export async function startPlanner() {
  mkdirSync(EVIDENCE, { recursive: true });
  const { port, stop } = await startService({
    command: ['sh', 'src/start.sh'],
    directory: REPOSITORY,
    environment: { VMLAB_LOG_DIR: join(EVIDENCE, 'service') },
  });
  return { baseUrl: `http://127.0.0.1:${port}`, stop };
}

/**
 * Asks it without a client of others.
 * @param {string} baseUrl
 * @param {string} path
 * @param {object} request
 */
export async function ask(baseUrl, path, request) {
  const answer = await fetch(`${baseUrl}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(request),
  });
  return answer.json();
}
