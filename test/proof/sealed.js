/** Proof: under Node's permission model the service answers the same bytes, and Node refuses what it must never do. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { getJson, send, sendAll } from './http.js';
import { makeLab } from './lab.js';
import { NODES } from './nodes.js';
import { allRequests } from './requests.js';
import { EVIDENCE, environmentOf, installService, startService } from './service.js';

const PLANTED = fileURLToPath(new URL('planted_app.js', import.meta.url));

/** @param {import('./report.js').Report} report */
export async function prove(report) {
  for (const { node, version } of NODES) {
    const folder = join(EVIDENCE, `sealed-${version}`);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const root = installService(join(folder, 'service'));
    const flags = await proveSameAnswers(report, { node, version, folder, root });
    await provePlanted(report, { node, version, folder, root, flags });
  }
}

/** @typedef {{ node: string, version: string, folder: string, root: string }} Place */

/**
 * @param {import('./report.js').Report} report
 * @param {Place} place
 * @returns {Promise<string[]>} The flags that the launcher chose.
 */
async function proveSameAnswers(report, { node, version, folder, root }) {
  const lab = await makeLab(join(folder, 'lab'));
  const requests = allRequests(lab.port);
  const start = { directory: lab.root, environment: environmentOf(lab) };
  const open = await startService({ ...start, command: [node, join(root, 'dist/server.js')] });
  const openAnswers = await sendAll(open.port, requests);
  await open.stop();
  const sealed = await startService({
    ...start,
    command: ['sh', join(root, 'src/start.sh'), '--sealed'],
    environment: { ...start.environment, PATH: `${dirname(node)}:${process.env.PATH}` },
  });
  const commandLine = readFileSync(`/proc/${sealed.pid}/cmdline`, 'utf8').split('\0').slice(0, -1);
  const sealedAnswers = await sendAll(sealed.port, requests);
  const flags = commandLine.filter((argument) => argument.startsWith('--'));
  report.note(`${version}: ${flags.join(' ')}`);
  report.check(
    commandLine[0] === 'node',
    `${version}: the launcher has become the service, without a shell around it`,
    commandLine,
  );
  const end = await sealed.stop();
  lab.close();
  report.check(end.code === 0, `${version}: sealed, SIGTERM ends it with 0`, end);
  const differences = requests.flatMap((request, index) => {
    const [left, right] = [shown(request, openAnswers[index]), shown(request, sealedAnswers[index])];
    return left === right ? [] : [`${request.name}\n${left}\n${right}`];
  });
  report.check(
    differences.length === 0,
    `${version}: sealed, ${requests.length} requests are answered byte by byte as without the seal`,
    differences.slice(0, 5).join('\n\n'),
  );
  report.check(lab.visits() === 0, `${version}: nobody knocked at the sockets that the profiles name`);
  return flags;
}

/**
 * An answer as text, less what no two answers share.
 * @param {import('./http.js').Request} request
 * @param {import('./http.js').Answer | undefined} answer
 */
function shown(request, answer) {
  const { status, headers, body } = answer ?? { status: 0, headers: {}, body: '' };
  const {
    date: _date,
    'x-request-id': id,
    connection: _connection,
    'keep-alive': _keepAlive,
    ...others
  } = headers;
  const isMetrics = 'path' in request && request.path.endsWith('/metrics');
  const text = (typeof id === 'string' ? body.replaceAll(id, 'ID') : body)
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'ID')
    .replace(/^date: .*$/gim, '');
  if (isMetrics) delete others['content-length'];
  return `${status} ${JSON.stringify(others)} ${isMetrics ? '' : text}`;
}

/**
 * @param {import('./report.js').Report} report
 * @param {Place & { flags: string[] }} place
 */
async function provePlanted(report, { node, version, folder, root, flags }) {
  const other = join(folder, 'other');
  const logs = join(root, 'logs', 'planted');
  for (const path of [other, logs]) mkdirSync(path, { recursive: true });
  writeFileSync(join(other, 'old'), 'text');
  const before = listing(other, root);
  const environment = { VMLAB_PROJECT_ROOT: other };
  const sealed = await startService({
    command: [node, ...flags, PLANTED, root, other, logs],
    directory: folder,
    environment,
  });
  /** @type {string[]} */
  const deeds = await getJson(sealed.port, '/planted');
  for (const name of deeds) {
    const { refused } = await getJson(sealed.port, `/planted/${name}`);
    report.check(refused === 'ERR_ACCESS_DENIED', `${version}: sealed, a planted ${name} is refused`, {
      refused,
    });
  }
  report.check(listing(other, root) === before, `${version}: and has left nothing`, [
    before,
    listing(other, root),
  ]);
  const duties = {
    access: undefined,
    statfs: true,
    realpath: undefined,
    readlink: undefined,
    lstat: true,
    readdir: true,
  };
  for (const [name, wanted] of Object.entries(duties)) {
    const answer = await getJson(sealed.port, `/planted/${name}`);
    const isDone =
      'done' in answer && answer.done !== 'ERR_ACCESS_DENIED' && (wanted ?? answer.done) === answer.done;
    report.check(isDone, `${version}: sealed, ${name} works`, answer);
  }
  const { done } = await getJson(sealed.port, '/planted/rotate');
  report.check(
    done?.health.failure === null && done.health.linesLost === 0 && done.files.includes('requests.14.ndjson'),
    `${version}: sealed, the log is rotated, and no line is lost`,
    done,
  );
  report.check(
    done?.files.length <= 11 && !done.files.includes('requests.1.ndjson'),
    `${version}: sealed, old log files are removed`,
    done,
  );
  await sealed.stop();
  const open = await startService({
    command: [node, PLANTED, root, other, logs],
    directory: folder,
    environment,
  });
  const { done: spawned } = await getJson(open.port, '/planted/spawn-sync');
  report.check(
    spawned === 0,
    `${version}: without the seal the planted spawn works, so that it is the seal that refuses it`,
  );
  const { status } = await send(open.port, { name: '', method: 'GET', path: '/livez' });
  report.check(status === 200, `${version}: the planted app is the real one`);
  await open.stop();
}

/** @param {string[]} folders */
function listing(...folders) {
  return JSON.stringify(
    folders.map((folder) =>
      readdirSync(folder, { withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map(({ name }) => [name, readFileSync(join(folder, name), 'latin1')]),
    ),
  );
}
