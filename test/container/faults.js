/** Faults, each planted into the image or its options: a check that finds nothing wrong with it would prove nothing. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkContainer } from './check.js';
import { build } from './engine.js';

/**
 * @typedef {object} Fault
 * @property {string} name
 * @property {string} [dockerfile] What is added to the image.
 * @property {string} [without] The option that is left out.
 * @property {readonly string[]} found How the statements begin that have to fail.
 */

const UNSEALED = 'CMD ["node", "/app/dist/server.js"]';
const SEALED_TOO_WIDE =
  'CMD ["node", "--permission", "--allow-fs-read=*", "--allow-fs-write=*", "/app/dist/server.js"]';
const SHELL_STAYS = 'CMD ["sh", "-c", "sh dist/start.sh --sealed; exit $?"]';

/** @type {readonly Fault[]} */
const FAULTS = [
  { name: 'root', dockerfile: 'USER 0', found: ['image: its user', 'process: user, group'] },
  { name: 'another group', dockerfile: 'USER 1000:0', found: ['image: its user', 'process: user, group'] },
  {
    name: 'a writable root',
    without: '--read-only',
    found: ['files: the root is', 'files: only /app/logs', 'files: without them'],
  },
  { name: 'capabilities', without: '--cap-drop ALL', found: ['process: it has no capability'] },
  {
    name: 'new privileges',
    without: '--security-opt no-new-privileges',
    found: ['process: no program gives it'],
  },
  {
    name: 'no seal',
    dockerfile: UNSEALED,
    found: ['seal: Node’s permission model', 'seal: with these flags Node refuses: process'],
  },
  {
    name: 'a seal with a hole',
    dockerfile: SEALED_TOO_WIDE,
    found: ['seal: Node’s permission model', 'seal: with these flags Node refuses: shared memory'],
  },
  {
    name: 'a shell that stays',
    dockerfile: SHELL_STAYS,
    found: ['process: the first process', 'stop: its exit code'],
  },
  { name: 'a signal that means nothing', dockerfile: 'STOPSIGNAL SIGWINCH', found: ['stop: its exit code'] },
  { name: 'a kill', dockerfile: 'STOPSIGNAL SIGKILL', found: ['stop: a request', 'stop: its exit code'] },
  { name: 'no health check', dockerfile: 'HEALTHCHECK NONE', found: ['health: its own'] },
  { name: 'a failing health check', dockerfile: 'HEALTHCHECK CMD ["false"]', found: ['health: its own'] },
  { name: 'an idle health check', dockerfile: 'HEALTHCHECK CMD ["true"]', found: ['health: a container'] },
  {
    name: 'another profile',
    dockerfile: asRoot('sed -i s/2048/4096/ profiles/minimal.toml'),
    found: ['answers:'],
  },
  { name: 'a lost profile', dockerfile: asRoot('rm profiles/minimal.toml'), found: ['answers:'] },
  { name: 'an own program', dockerfile: asRoot('chown 1000 dist/app.js'), found: ['contents: no file'] },
  { name: 'an open program', dockerfile: asRoot('chmod 666 dist/app.js'), found: ['contents: no file'] },
  {
    name: 'a package of development',
    dockerfile: asRoot('mkdir node_modules/tap && echo {} >node_modules/tap/package.json'),
    found: ['contents: of the packages'],
  },
  {
    name: 'an installer',
    dockerfile: asRoot('ln -s node /usr/local/bin/npm'),
    found: ['contents: nothing in there'],
  },
  { name: 'the tests', dockerfile: asRoot('mkdir test'), found: ['contents: /app holds'] },
  { name: 'a silent service', dockerfile: 'ENV VMLAB_LOG_STDOUT=false', found: ['log: the same'] },
  { name: 'another log', dockerfile: 'ENV VMLAB_LOG_DIR=logs/other', found: ['log: it is the one'] },
  {
    name: 'another version',
    dockerfile: 'LABEL org.opencontainers.image.version=9.9.9',
    found: ['image: its labels'],
  },
];

/** @param {string} command */
function asRoot(command) {
  return `USER 0\nRUN ${command}\nUSER 1000:1000`;
}

/**
 * @param {import('../proof/report.js').Report} report
 * @param {import('./engine.js').Engine} engine
 * @param {import('./container.js').Subject} subject
 * @param {readonly string[]} expected The answers of the service without a container.
 */
export async function checkFaults(report, engine, subject, expected) {
  const sound = await failuresWith(engine, subject, expected);
  report.check(sound.length === 0, 'nothing planted: no check fails', sound);
  for (const [number, { name, dockerfile = '', without, found }] of FAULTS.entries()) {
    const image = `${subject.image}-fault-${number}`;
    const context = join(subject.folder, `fault-${number}`);
    mkdirSync(context);
    writeFileSync(join(context, 'Dockerfile'), `FROM ${subject.image}\n${dockerfile}\n`);
    const built = await build(engine, context, image);
    if (built.code !== 0) throw new Error(`${name} cannot be planted: ${built.stderr}`);
    const hardening = subject.hardening.filter((option) => option !== without);
    // A log of its own, since a container with a fault may leave one that the next cannot write.
    const volume = `${subject.volume}-${number}`;
    const failures = await failuresWith(engine, { image, hardening, volume, folder: context }, expected);
    for (const statement of found)
      report.check(
        failures.some((failure) => failure.startsWith(statement)),
        `planted ${name}: found by "${statement}"`,
        failures,
      );
    await engine.must(['volume', 'rm', volume]);
    await engine.must(['rmi', image]);
  }
}

/**
 * @param {import('./engine.js').Engine} engine
 * @param {import('./container.js').Subject} subject
 * @param {readonly string[]} expected
 * @returns {Promise<string[]>} The statements that do not hold.
 */
async function failuresWith(engine, subject, expected) {
  /** @type {string[]} */
  const failures = [];
  const report = {
    check(/** @type {boolean} */ isTrue, /** @type {string} */ statement) {
      if (!isTrue) failures.push(statement);
      return isTrue;
    },
    note() {},
    counts: () => ({ passed: 0, failed: failures.length }),
  };
  try {
    await checkContainer(report, engine, subject, expected);
  } catch (error) {
    failures.push(`the checks ran: ${error instanceof Error ? error.message : error}`);
  }
  return failures;
}
