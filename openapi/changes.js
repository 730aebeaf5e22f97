/**
 * Says what changed in the OpenAPI document since it was last committed, and whether that breaks clients:
 * `npm run openapi:changes`, or `npm run openapi:changes -- REVISION` for another base. When nothing is uncommitted, the
 * base is the version before. The report is also in logs/openapi/. Exit code 0: no client breaks; 1: some do; 2: no answer.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const DOCUMENT = 'openapi/openapi.json';
const REPORTS = 'logs/openapi';
const REDOCLY = fileURLToPath(new URL('../node_modules/.bin/redocly', import.meta.url));
/** Nothing is asked or told elsewhere. */
const OFFLINE = { REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };

/** @param {string[]} parameters */
function git(...parameters) {
  return execFileSync('git', parameters, { encoding: 'utf8', maxBuffer: 2 ** 28 });
}

/** The document at a revision. @param {string} revision */
function documentAt(revision) {
  return git('show', `${revision}:./${DOCUMENT}`);
}

/** The last commit whose document is another one; in a shallow clone there may be none. @param {string} current */
function lastOther(current) {
  const commits = git('log', '--format=%H', '--diff-filter=AM', '--', DOCUMENT).split('\n').filter(Boolean);
  return commits.find((commit) => documentAt(commit) !== current);
}

/** Compares the document with that of a revision; answers the exit code. @param {string} revision */
function compare(revision) {
  const base = `${REPORTS}/base.json`;
  mkdirSync(REPORTS, { recursive: true });
  writeFileSync(base, documentAt(revision));
  const { stdout, stderr } = spawnSync(process.execPath, [REDOCLY, 'diff', base, DOCUMENT], {
    encoding: 'utf8',
    env: { ...process.env, ...OFFLINE },
  });
  const [, major] = /^(\d+) major, \d+ minor, \d+ patch\.$/m.exec(stdout) ?? [];
  if (major === undefined) throw new Error(`redocly could not compare the documents:\n${stderr}`);
  const report = `since ${git('log', '-1', '--format=%h %s', revision)}${stdout}`;
  writeFileSync(`${REPORTS}/changes.txt`, report);
  console.log(report);
  return major === '0' ? 0 : 1;
}

try {
  const revision = process.argv[2] ?? lastOther(readFileSync(DOCUMENT, 'utf8'));
  if (revision === undefined) console.log('no other version of the document is known here');
  else process.exitCode = compare(revision);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
