/** Proof: tokens, limits and overload protection of the real process leave the health routes alone; timeouts hold. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { newAgent, send } from './http.js';
import { makeLab } from './lab.js';
import { EVIDENCE, environmentOf, installService, startService } from './service.js';

const FOLDER = join(EVIDENCE, 'access');
const PLANTED = fileURLToPath(new URL('planted_app.js', import.meta.url));
const HEALTH = ['/livez', '/readyz', '/metrics'];

/** @typedef {import('./report.js').Report} Report */
/** @typedef {(environment?: Record<string, string>) => Promise<import('./service.js').Service>} StartIt */

/** @param {Report} report */
export async function prove(report) {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  const root = installService(join(FOLDER, 'service'));
  const lab = await makeLab(join(FOLDER, 'lab'));
  let number = 0;
  /** @type {StartIt} */
  const start = (environment = {}) =>
    startService({
      command: [process.execPath, join(root, 'dist/server.js')],
      directory: lab.root,
      environment: { ...environmentOf(lab), VMLAB_LOG_DIR: `logs/${number++}`, ...environment },
    });
  await Promise.all([
    proveTokens(report, start),
    proveRateLimit(report, start),
    proveLimits(report, start),
    proveOverload(report, root, lab.root),
  ]);
  lab.close();
}

/** @param {number} port @param {string} path @param {Record<string, string>} [headers] */
function get(port, path, headers = {}) {
  return send(port, { name: path, method: 'GET', path, headers });
}

/** @param {Report} report @param {StartIt} start */
async function proveTokens(report, start) {
  const service = await start({ VMLAB_API_TOKENS: 'first-token,second-token' });
  const closed = [
    '/argv',
    '/plans/start',
    '/plans/fleet',
    '/profiles',
    '/profiles/minimal',
    '/doctor',
    '/metrics',
    '/docs/',
  ];
  const others = [
    '/docs/static/swagger-ui.css',
    '/openapi.json',
    '/openapi.yaml',
    '/schemas/profile.json',
    '/nothing',
  ];
  for (const path of [...closed, ...others]) {
    const tries = [
      '',
      'Bearer wrong',
      'Bearer first-toke',
      'Bearer first-tokens',
      'Basic first-token',
      'first-token',
    ];
    const statuses = await Promise.all(
      tries.map(
        async (authorization) =>
          (await get(service.port, path, authorization === '' ? {} : { authorization })).status,
      ),
    );
    report.check(
      statuses.every((status) => status === 401),
      `tokens: ${path} is closed without a right one`,
      statuses,
    );
  }
  for (const path of ['/livez', '/readyz'])
    report.check((await get(service.port, path)).status === 200, `tokens: ${path} is open`);
  for (const token of ['first-token', 'second-token'])
    report.check(
      (await get(service.port, '/metrics', { authorization: `Bearer ${token}` })).status === 200,
      `tokens: the ${token} opens`,
    );
  await service.stop();
}

/** @param {Report} report @param {StartIt} start */
async function proveRateLimit(report, start) {
  const service = await start({ VMLAB_RATE_LIMIT: '5' });
  const answers = [];
  for (let count = 0; count < 8; count++) answers.push(await get(service.port, '/problems/not-found'));
  report.check(
    answers.map(({ status }) => status).join(' ') === '200 200 200 200 200 429 429 429',
    'rate limit: the sixth of a minute is refused',
  );
  report.check(Number(answers.at(-1)?.headers['retry-after']) > 0, 'rate limit: with Retry-After');
  for (const path of HEALTH)
    report.check((await get(service.port, path)).status === 200, `rate limit: ${path} is not limited`);
  await service.stop();
}

/** @param {Report} report @param {StartIt} start */
async function proveLimits(report, start) {
  const service = await start({ VMLAB_BODY_LIMIT: '1000' });
  const post = (/** @type {Buffer} */ body, headers = {}) =>
    send(service.port, {
      name: '',
      method: 'POST',
      path: '/argv',
      headers: { 'content-type': 'application/toml', ...headers },
      body,
    });
  report.check((await post(Buffer.alloc(1000, '#'))).status === 422, 'limits: a body of the limit is read');
  report.check((await post(Buffer.alloc(1001, '#'))).status === 413, 'limits: a larger one is not');
  const chunked = `POST /argv HTTP/1.1\r\nHost: x\r\nContent-Type: application/toml\r\nTransfer-Encoding: chunked\r\n\r\n`;
  const chunks = `${chunked}${`3e8\r\n${'#'.repeat(1000)}\r\n`.repeat(2)}0\r\n\r\n`;
  report.check(
    (await send(service.port, { name: '', raw: chunks })).status === 413,
    'limits: neither in chunks',
  );
  const long = await get(service.port, '/livez', { x: 'x'.repeat(17_000) });
  report.check(long.status === 431, 'limits: headers of more than 16 KiB are refused', long.status);
  const many = `GET /livez HTTP/1.1\r\nHost: x\r\n${'A: b\r\n'.repeat(3000)}\r\n`;
  const { status } = await send(service.port, { name: '', raw: many });
  report.check(status === 431 || status === 200, 'limits: three thousand headers do no harm', status);
  const idle = connect(service.port, '127.0.0.1').on('error', () => {});
  const agent = newAgent(1);
  const kept = await send(service.port, { name: '', method: 'GET', path: '/livez' }, agent);
  report.check(
    /timeout=\d+/.test(String(kept.headers['keep-alive'])),
    'limits: an idle connection has a timeout',
  );
  agent.destroy();
  idle.destroy();
  await service.stop();
}

/** @param {Report} report @param {string} root @param {string} project */
async function proveOverload(report, root, project) {
  const other = join(FOLDER, 'other');
  const logs = join(root, 'logs', 'planted');
  for (const path of [other, logs]) mkdirSync(path, { recursive: true });
  writeFileSync(join(other, 'old'), 'text');
  const service = await startService({
    command: [process.execPath, PLANTED, root, other, logs],
    directory: project,
    environment: { VMLAB_LOG_DIR: 'logs/overload' },
  });
  const slow = get(service.port, '/planted/slow');
  const blocked = get(service.port, '/planted/block');
  await sleep(500);
  const asked = () => get(service.port, '/problems/not-found');
  const during = await Promise.all([
    ...Array.from({ length: 20 }, asked),
    ...HEALTH.map((path) => get(service.port, path)),
  ]);
  await blocked;
  const after = await Promise.all(Array.from({ length: 20 }, asked));
  const refused = [...during, ...after].filter(({ status }) => status === 503);
  report.check(
    refused.length > 0,
    `overload: ${refused.length} requests are refused while the event loop lags`,
  );
  report.check(
    refused.every(({ headers }) => Number(headers['retry-after']) > 0),
    'overload: all with Retry-After',
  );
  report.check(
    during.slice(-HEALTH.length).every(({ status }) => status === 200),
    `overload: ${HEALTH.join(', ')} are answered`,
    during.slice(-HEALTH.length).map(({ status }) => status),
  );
  await sleep(2000);
  report.check((await asked()).status === 200, 'overload: it is over soon');
  const begun = performance.now();
  const { status, headers } = await slow;
  report.check(
    status === 503 && Number(headers['retry-after']) > 0 && performance.now() - begun < 31_000,
    'a look that never ends is given up, with Retry-After',
    status,
  );
  await service.stop('SIGKILL');
}
