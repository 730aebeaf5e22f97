/** Clients that others' generators make of the document: they compile as they are, and understand the running service. */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from '../proof/service.js';
import { BUILT, DOCUMENT, MADE, OWN, PROFILES } from './places.js';
import { ask } from './service.js';
import { ownTool, run, tool } from './tools.js';

/** @param {string} name */
const made = (name) => join(MADE, name);

/** By the file below `calls/` that uses what is made. @type {Readonly<Record<string, { command: string[], environment?: Record<string, string> }>>} */
const GENERATORS = {
  openapi_typescript: {
    command: [
      ...[ownTool('openapi-typescript'), DOCUMENT],
      ...['-o', join(REPOSITORY, 'logs/client/planner.d.ts'), '--default-non-nullable', 'false'],
    ],
  },
  hey_api: {
    command: [tool('openapi-ts'), '-i', DOCUMENT, '-o', made('hey_api'), '-c', '@hey-api/client-fetch'],
  },
  oazapfts: { command: [tool('oazapfts'), DOCUMENT, join(made('oazapfts'), 'planner.ts')] },
  orval: {
    command: [tool('orval'), '--config', join(OWN, 'orval.config.cjs')],
    environment: { OPENAPI_DOCUMENT: DOCUMENT, ORVAL_TARGET: join(made('orval'), 'planner.ts') },
  },
  swagger_typescript_api: {
    command: [
      ...[tool('swagger-typescript-api'), 'generate', '-p', DOCUMENT],
      ...['-o', made('swagger_typescript_api'), '-n', 'planner.ts'],
    ],
  },
};

export const NAMES = Object.keys(GENERATORS);

/** Makes them all, and compiles them together with what is asked of them. */
export function makeClients() {
  // oazapfts makes no folder.
  mkdirSync(made('oazapfts'), { recursive: true });
  for (const { command, environment } of Object.values(GENERATORS)) run(command, { environment });
  return run([ownTool('tsc'), '-p', join(OWN, 'calls')]);
}

/** @param {string} baseUrl @param {string} name */
export async function tryClient(baseUrl, name) {
  const toml = readFileSync(join(PROFILES, 'web-server.toml'), 'utf8');
  const { REQUEST } = await import(join(BUILT, 'calls.js'));
  const { connect } = await import(join(BUILT, `${name}.js`));
  const calls = connect(baseUrl);
  assert.deepEqual(
    {
      argv: await calls.argvHash(),
      plan: await calls.planHash(),
      toml: await calls.argvHashOfToml(toml),
      refusal: await calls.refusal(),
      name: await calls.nameOfProfile('minimal'),
    },
    {
      argv: (await ask(baseUrl, '/argv', REQUEST)).argv_hash,
      plan: (await ask(baseUrl, '/plans/start', REQUEST)).plan_hash,
      toml: (await ask(baseUrl, '/argv', { profile_toml: toml })).argv_hash,
      refusal: 'profile-invalid',
      name: 'minimal',
    },
  );
}
