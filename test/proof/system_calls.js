/** Proof: after it listens, the built server makes no system call that changes anything but its log. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sendAll } from './http.js';
import { makeLab } from './lab.js';
import { NODES } from './nodes.js';
import { allRequests } from './requests.js';
import { EVIDENCE, environmentOf, installService, startService } from './service.js';
import { countsOf, judge, MARKER, STRACE } from './strace.js';

const FOLDER = join(EVIDENCE, 'system-calls');
const PLANTED = fileURLToPath(new URL('planted_calls.js', import.meta.url));
/** The one planted script that does nothing wrong. */
const INNOCENT = 'nothing forbidden';

/** @param {import('./report.js').Report} report */
export async function prove(report) {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  if (!report.check(hasStrace(), 'strace is there')) return;
  proveChecker(report);
  for (const { node, version } of NODES) {
    report.note(`the server with Node ${version}`);
    await proveServer(report, node, join(FOLDER, version));
  }
}

function hasStrace() {
  return spawnSync('strace', ['--version'], { stdio: 'ignore' }).status === 0;
}

/** The checker must see every planted deed, and nothing in an innocent script. @param {import('./report.js').Report} report */
function proveChecker(report) {
  /** @type {string[]} */
  const names = JSON.parse(execFileSync(process.execPath, [PLANTED, '--list'], { encoding: 'utf8' }));
  for (const [index, name] of names.entries()) {
    const own = join(FOLDER, 'planted', String(index), 'own');
    const other = join(FOLDER, 'planted', String(index), 'other');
    for (const path of [own, join(other, 'empty')]) mkdirSync(path, { recursive: true });
    for (const file of ['old', 'doomed']) writeFileSync(join(other, file), 'text');
    const trace = join(FOLDER, 'planted', `${index}.strace`);
    spawnSync('strace', [...STRACE.slice(1), '-o', trace, process.execPath, PLANTED, name, own, other]);
    const { hasMarker, violations } = judge(readFileSync(trace, 'utf8'), [own]);
    if (name === INNOCENT)
      report.check(hasMarker && violations.length === 0, 'the checker lets harmless calls pass', violations);
    else report.check(hasMarker && violations.length > 0, `the checker sees ${name}`);
  }
}

/**
 * @param {import('./report.js').Report} report
 * @param {string} node
 * @param {string} folder
 */
async function proveServer(report, node, folder) {
  mkdirSync(folder);
  const root = installService(join(folder, 'service'));
  const lab = await makeLab(join(folder, 'lab'));
  const trace = join(folder, 'server.strace');
  const service = await startService({
    command: [...STRACE, '-o', trace, node, join(root, 'dist/server.js')],
    directory: lab.root,
    environment: { ...environmentOf(lab), VMLAB_LOG_STDOUT: 'true' },
  });
  const requests = allRequests(lab.port);
  const answers = await sendAll(service.port, requests);
  const end = await service.stop();
  lab.close();
  report.check(end.code === 0, 'the traced server ends with 0', end);
  report.check(
    answers.every(({ status }) => status < 500),
    'no answer of it is a fault',
    answers
      .map((answer, index) => ({ status: answer.status, name: requests[index]?.name }))
      .filter(({ status }) => status >= 500),
  );
  const verdict = judge(readFileSync(trace, 'utf8'), [join(root, 'logs', 'vmlab')]);
  report.check(verdict.hasMarker, `the trace has the line "${MARKER}"`);
  report.check(Number(verdict.counts.accept4) >= 16, 'the trace has the connections of the requests');
  report.note(
    `${requests.length} requests, ${verdict.total} system calls after it listened: ${countsOf(verdict)}`,
  );
  report.check(
    verdict.violations.length === 0,
    'no process, no socket, no connection; no write, creation, renaming, removal, link, mode, or time outside the log directory',
    verdict.violations.slice(0, 20).join('\n'),
  );
  report.check(lab.visits() === 0, 'nobody knocked at the sockets that the profiles name');
}
