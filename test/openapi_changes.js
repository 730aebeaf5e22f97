/**
 * Shows that `openapi/changes.js` notices what breaks clients, and only that: `npm run openapi:changes:check`.
 * It needs git, and plants its changes in a repository of its own under logs/.
 */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const COMMITTED = readFileSync(new URL('../openapi/openapi.json', import.meta.url), 'utf8');
const SCRIPT = fileURLToPath(new URL('../openapi/changes.js', import.meta.url));
const FOLDER = fileURLToPath(new URL('../logs/openapi/check/', import.meta.url));
const CLONE = join(FOLDER, 'clone');

const GONE = Symbol('gone');
const ARGV = 'paths./argv.post';
const SCHEMAS = 'components.schemas';

/** What breaks clients: what is changed in the document, to what, and a word of what is said of it. */
const BREAKING = /** @type {const} */ ([
  ['paths./doctor', GONE, 'path-removed'],
  [`${ARGV}.operationId`, 'makeArgv', 'operation-id-changed'],
  [`${ARGV}.requestBody.content.application/toml`, GONE, 'media-type-removed'],
  [`${ARGV}.responses.200.content.text/plain`, GONE, 'media-type-removed'],
  [`${ARGV}.responses.422`, GONE, 'response-removed'],
  [`${SCHEMAS}.ArgvResult.properties.display`, GONE, 'property-removed'],
  [`${SCHEMAS}.Issue.required`, ['code'], 'required-properties-removed'],
  [`${SCHEMAS}.ArgvPart.properties.first.type`, 'string', 'schema-type-changed'],
  [
    `${SCHEMAS}.HostFacts.required`,
    ['os', 'arch', 'project_root', 'accelerators'],
    'required-properties-added',
  ],
  [`${SCHEMAS}.HostFacts.properties.os.enum`, ['linux'], 'enum-values-removed'],
  [
    `${SCHEMAS}.ProfileVersion1.properties.hardware.properties.cores.maximum`,
    128,
    'schema-constraint-changed',
  ],
  ['paths./doctor.get.parameters.0.required', true, 'parameter-became-required'],
]);

/** What breaks nobody. */
const HARMLESS = /** @type {const} */ ([
  ['info.description', 'Other words.'],
  ['paths./more', { get: { operationId: 'getMore', responses: { 200: { description: 'More.' } } } }],
  [`${SCHEMAS}.ArgvResult.properties.more`, { type: 'string' }],
  [`${SCHEMAS}.HostFacts.properties.more`, { type: 'string' }],
  [`${SCHEMAS}.ProfileVersion1.properties.hardware.properties.cores.maximum`, 512],
]);

/** @param {string} cwd @param {string[]} parameters */
function git(cwd, ...parameters) {
  const user = ['-c', 'user.name=check', '-c', 'user.email=check@localhost', '-c', 'init.defaultBranch=main'];
  return execFileSync('git', [...user, ...parameters], { cwd, encoding: 'utf8', stdio: 'pipe' }).trim();
}

/** The document with one value changed. @param {string} place @param {unknown} value */
function edited(place, value) {
  const document = JSON.parse(COMMITTED);
  const path = place.split('.');
  const last = String(path.pop());
  const parent = path.reduce((table, key) => table[key], document);
  if (value === GONE) delete parent[last];
  else parent[last] = value;
  const text = `${JSON.stringify(document, null, 2)}\n`;
  assert.notEqual(text, COMMITTED, place);
  return text;
}

/** @param {string} text @param {string} [clone] */
function write(text, clone = CLONE) {
  writeFileSync(join(clone, 'openapi/openapi.json'), text);
}

/** @param {string} text @param {string} subject */
function commit(text, subject) {
  write(text);
  git(CLONE, 'add', '.');
  git(CLONE, 'commit', '--quiet', '--allow-empty', '-m', subject);
}

/** @param {string[]} parameters @param {string} [cwd] */
function changes(parameters = [], cwd = CLONE) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [SCRIPT, ...parameters], {
    cwd,
    encoding: 'utf8',
  });
  return { status, said: stdout + stderr };
}

before(() => {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(join(CLONE, 'openapi'), { recursive: true });
  git(CLONE, 'init', '--quiet');
  writeFileSync(join(CLONE, '.gitignore'), 'logs/\n');
  commit(COMMITTED, 'First');
});

test('what breaks clients', () => {
  for (const [place, value, word] of BREAKING) {
    write(edited(place, value));
    const { status, said } = changes();
    assert.equal(status, 1, `${place}: ${said}`);
    assert.ok(said.includes(`(${word})`), `${place}: ${said}`);
    const report = readFileSync(join(CLONE, 'logs/openapi/changes.txt'), 'utf8');
    assert.ok(report.includes(`(${word})`), `${place}: the report`);
  }
});

test('what breaks nobody', () => {
  for (const [place, value] of HARMLESS) {
    write(edited(place, value));
    const { status, said } = changes();
    assert.equal(status, 0, `${place}: ${said}`);
    assert.match(said, /^0 major, [01] minor, [01] patch\.$/m, place);
  }
});

test('the base: the last version that is another one, or a revision that is named', () => {
  const gone = edited('paths./doctor', GONE);
  write(COMMITTED);
  assert.deepEqual(changes(), { status: 0, said: 'no other version of the document is known here\n' });
  commit(gone, 'Second');
  writeFileSync(join(CLONE, 'other'), '');
  commit(gone, 'Third, with the same document');
  assert.match(changes().said, /^since \w+ First\n[\s\S]*path-removed/);
  assert.equal(changes().status, 1, 'what was committed breaks clients');
  assert.equal(changes(['HEAD']).status, 0, 'nothing since the last commit');
  write(COMMITTED);
  assert.match(changes().said, /^since \w+ Second\n/, 'what is not committed is compared with what is');
  assert.equal(changes(['HEAD~2']).status, 0);
});

test('a shallow clone, and where there is no answer', () => {
  const shallow = join(FOLDER, 'shallow');
  git(FOLDER, 'clone', '--quiet', '--depth', '1', `file://${CLONE}`, shallow);
  assert.deepEqual(changes([], shallow), {
    status: 0,
    said: 'no other version of the document is known here\n',
  });
  write(COMMITTED, shallow);
  assert.match(changes([], shallow).said, /^since \w+ Third/);
  assert.equal(changes(['no-such-revision']).status, 2);
  write('{');
  assert.equal(changes(['HEAD']).status, 2, 'what is no document');
});
