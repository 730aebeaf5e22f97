/** How long the list of discovered profiles takes with 2,000 files: the first time, later, and for eight callers at once. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FOLDER, startServer } from './server_process.js';
import { median } from './statistics.js';
import { linesOf } from './table.js';

const PROFILES = 2000;
const CALLERS = 8;
/** Milliseconds after which a file is old enough to be kept. */
const UNTIL_KEPT = 4000;
/** Milliseconds between two other requests. */
const LOOK_INTERVAL = 20;

/**
 * @typedef {object} Row
 * @property {string} about
 * @property {readonly number[]} milliseconds Of each round.
 * @property {number} longestWait Milliseconds that an answer of `/livez` took meanwhile, at most.
 */

/** @param {number} rounds */
export async function timeProfiles(rounds) {
  const project = join(FOLDER, 'profiles');
  const directory = makeProject(project);
  await sleep(UNTIL_KEPT);
  const service = await startServer('dist/server.js', {
    LOG_LEVEL: 'silent',
    VMLAB_LOG_DIR: join(FOLDER, 'silent', 'service'),
    VMLAB_PROJECT_ROOT: project,
    VMLAB_PROFILE_DIRS: directory,
  });
  try {
    /** @param {string} path */
    const list = async (path) => {
      const answer = await fetch(`${service.address}${path}`);
      const text = await answer.text();
      if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}: ${text.slice(0, 500)}`);
    };
    const many = () => Promise.all(Array.from({ length: CALLERS }, () => list('/profiles?limit=1000')));
    const wholeList = async () => {
      await list('/profiles?limit=1000');
      await list('/profiles?limit=1000&after=vm0999');
    };
    /** @type {[about: string, rounds: number, ask: () => Promise<unknown>][]} */
    const works = [
      ['all 2,000 for the first time, in two pages', 1, wholeList],
      ['the first page of 100', rounds, () => list('/profiles')],
      ['a page of 1,000', rounds, () => list('/profiles?limit=1000')],
      ['all 2,000 in two pages', rounds, wholeList],
      ['a page of 1,000 for eight callers at once', rounds, many],
      ['the doctor, who compares all 2,000', rounds, () => list('/doctor')],
    ];
    /** @type {Row[]} */
    const rows = [];
    for (const [about, times, ask] of works) rows.push(await timed(service.address, about, times, ask));
    print(rows, service.memory());
    return rows;
  } finally {
    await service.stop();
    rmSync(project, { recursive: true, force: true });
  }
}

/**
 * @param {string} address
 * @param {string} about
 * @param {number} rounds
 * @param {() => Promise<unknown>} ask
 * @returns {Promise<Row>}
 */
async function timed(address, about, rounds, ask) {
  let longestWait = 0;
  let isOver = false;
  const watching = (async () => {
    while (!isOver) {
      const begun = performance.now();
      await (await fetch(`${address}/livez`)).text();
      longestWait = Math.max(longestWait, performance.now() - begun);
      await sleep(LOOK_INTERVAL);
    }
  })();
  /** @type {number[]} */
  const milliseconds = [];
  for (let round = 0; round < rounds; round++) {
    const begun = performance.now();
    await ask();
    milliseconds.push(performance.now() - begun);
  }
  isOver = true;
  await watching;
  return { about, milliseconds, longestWait };
}

/** @param {readonly Row[]} rows @param {number} memory */
function print(rows, memory) {
  console.log(
    `\n${PROFILES} profiles in one directory; milliseconds, medians; the service took ${memory.toFixed(0)} MiB`,
  );
  const cells = rows.map(({ about, milliseconds, longestWait }) => [
    about,
    median(milliseconds).toFixed(0),
    longestWait.toFixed(0),
  ]);
  for (const line of linesOf([['', 'answer', 'longest wait of others'], ...cells])) console.log(line);
}

/** The profiles, and the image of each. @param {string} project */
function makeProject(project) {
  rmSync(project, { recursive: true, force: true });
  const directory = join(project, 'profiles');
  for (const path of [directory, join(project, 'images'), join(project, 'run')])
    mkdirSync(path, { recursive: true });
  for (let number = 0; number < PROFILES; number++) {
    const name = `vm${String(number).padStart(4, '0')}`;
    writeFileSync(join(project, 'images', `${name}.qcow2`), Buffer.from('QFI\xfb\0\0\0\x03', 'latin1'));
    writeFileSync(join(directory, `${name}.toml`), profileText(name, 10_000 + number));
  }
  return directory;
}

/** @param {string} name @param {number} port */
function profileText(name, port) {
  return `schema_version = 1
[vm]
name = "${name}"
[hardware]
arch = "x86_64"
cores = 2
memory_mb = 1024
[[storage.disks]]
name = "root"
path = "images/${name}.qcow2"
format = "qcow2"
[[network.interfaces]]
name = "net0"
type = "user"
hostfwd = ["tcp:127.0.0.1:${port}-:22"]
[qmp]
enabled = true
`;
}

/** @param {number} milliseconds */
function sleep(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
