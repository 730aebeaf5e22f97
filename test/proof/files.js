/** Proof: not one file of the project, of HOME, of the temporary folder, or of the service itself changes, but its log. */
import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { sendAll } from './http.js';
import { makeLab } from './lab.js';
import { allRequests } from './requests.js';
import { EVIDENCE, environmentOf, installService, startService } from './service.js';

const FOLDER = join(EVIDENCE, 'files');
/** A larger file is compared by its size and times alone. */
const MOST_HASHED = 2 ** 24;

/** @param {import('./report.js').Report} report */
export async function prove(report) {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  const root = installService(join(FOLDER, 'service'));
  const lab = await makeLab(join(FOLDER, 'lab'));
  const places = [join(FOLDER, 'lab'), root];
  const before = snapshot(places, join(root, 'logs'));
  const service = await startService({
    command: [process.execPath, join(root, 'dist/server.js')],
    directory: lab.root,
    environment: environmentOf(lab),
  });
  const requests = allRequests(lab.port);
  const answers = await sendAll(service.port, requests);
  await service.stop();
  const after = snapshot(places, join(root, 'logs'));
  report.check(
    answers.length === requests.length && lab.visits() === 0,
    `${requests.length} requests are answered`,
  );
  lab.close();
  const differences = [...new Set([...before.keys(), ...after.keys()])].filter(
    (path) => before.get(path) !== after.get(path),
  );
  report.check(
    differences.length === 0,
    `${before.size} files and folders are as they were: path, kind, size, mode, owner, times of change, content`,
    differences.map((path) => `${path}\n${before.get(path)}\n${after.get(path)}`).join('\n'),
  );
  const written = [...snapshot([join(root, 'logs')], '').keys()].filter((path) => lstatSync(path).isFile());
  report.check(
    written.length > 0 && written.every((path) => /\/logs\/vmlab\/requests\.\d+\.ndjson$/.test(path)),
    'the log is the only file that was written',
    written,
  );
  const lines = written.flatMap((path) => readFileSync(path, 'utf8').trimEnd().split('\n'));
  report.check(
    lines.every((line) => JSON.parse(line).level <= 30),
    `the log has ${lines.length} lines, and no fault among them`,
    lines.filter((line) => JSON.parse(line).level > 30).slice(0, 5),
  );
}

/**
 * Everything below some places, by path; nothing of `except`. Access times are left out: reading is allowed.
 * @param {readonly string[]} places
 * @param {string} except
 * @returns {Map<string, string>}
 */
function snapshot(places, except) {
  /** @type {Map<string, string>} */
  const entries = new Map();
  const waiting = [...places];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const stats = lstatSync(path, { bigint: true });
    // Starting makes the log directory in it.
    if (path === except) continue;
    const content = stats.isFile() && stats.size <= MOST_HASHED ? hashOf(path) : '';
    const target = stats.isSymbolicLink() ? readlinkSync(path) : '';
    const { size, mode, uid, gid, nlink, mtimeNs, ctimeNs } = stats;
    entries.set(path, [size, mode, uid, gid, nlink, mtimeNs, ctimeNs, target, content].join(' '));
    if (stats.isDirectory()) for (const name of readdirSync(path)) waiting.push(join(path, name));
  }
  return entries;
}

/** @param {string} path */
function hashOf(path) {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}
