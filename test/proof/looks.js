/** Proof: what a user who is not root is told of files, mounts and sockets is what the system would say. */
import { spawn, spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { getJson, send } from './http.js';
import { QCOW2_HEADER } from './lab.js';
import { JSON_TYPE } from './requests/make.js';
import { EVIDENCE, installService, startService } from './service.js';

const FOLDER = join(EVIDENCE, 'looks');
const PROJECT = join(FOLDER, 'project');
const READ_ONLY = join(PROJECT, 'ro');
const NOBODY = 65534;

/** @typedef {import('./report.js').Report} Report */

/**
 * @typedef {object} Case
 * @property {string} profile What it has besides a name and hardware.
 * @property {readonly string[]} findings Those that are no infos, as `severity id`.
 * @property {readonly string[]} issues Of the plan, as `code field`.
 * @property {readonly string[]} questions About paths.
 */

const OWN_DISK = disk('images/own.qcow2');
const MAY_READ = 'May QEMU read it?';
const MAY_WRITE = 'May QEMU write to it?';
const MAY_CREATE = 'Is its directory there, and may QEMU write to it?';

/** @type {Record<string, Case>} */
const CASES = {
  'what is its own': { profile: OWN_DISK, findings: [], issues: [], questions: [] },
  "root's kernel": {
    profile: `${OWN_DISK}[serial]\nenabled = true\n[kernel]\nenabled = true\nbzimage = "boot/kernel"\nappend = "console=ttyS0"\n`,
    findings: ['warning kernel-unreadable'],
    issues: ['file-unreadable kernel.bzimage'],
    questions: [MAY_READ],
  },
  "root's disk": {
    profile: disk('images/root.qcow2'),
    findings: ['warning disk-unwritable:root'],
    issues: ['file-unwritable storage.disks[0].path'],
    questions: [MAY_WRITE],
  },
  "root's disk, not to be written": {
    profile: disk('images/root.qcow2', 'readonly = true\n'),
    findings: [],
    issues: [],
    questions: [],
  },
  'a share that may be listed and not entered': {
    profile: `${OWN_DISK}${disk('listed', '', 'data', 'host-path')}`,
    findings: ['warning share-unreadable:data'],
    issues: ['file-unreadable storage.disks[1].path'],
    questions: [MAY_READ, MAY_WRITE],
  },
  'sockets and logs in a directory of root': {
    profile: `${OWN_DISK}[qmp]\nsocket = "boot/q"\n[serial]\nenabled = true\nmode = "file"\nlogfile = "boot/l"\n`,
    findings: ['warning qmp-directory-unwritable', 'warning serial-directory-unwritable'],
    issues: ['parent-directory-unwritable serial.logfile', 'parent-directory-unwritable qmp.socket'],
    questions: [MAY_CREATE, MAY_CREATE],
  },
  'a mount that is read-only': {
    profile: `${disk('ro/a.qcow2')}[qmp]\nsocket = "ro/q"\n`,
    findings: ['warning disk-unwritable:root', 'warning qmp-directory-unwritable'],
    issues: ['file-unwritable storage.disks[0].path', 'parent-directory-unwritable qmp.socket'],
    questions: [MAY_WRITE, MAY_CREATE],
  },
  'a socket of a running process': {
    profile: `${OWN_DISK}[qmp]\nsocket = "run/live.sock"\n`,
    findings: ['warning socket-in-use:qmp'],
    issues: [],
    questions: [],
  },
};

/** @param {string} path */
function disk(path, more = '', name = 'root', format = 'qcow2') {
  return `[[storage.disks]]\nname = "${name}"\npath = "${path}"\nformat = "${format}"\n${more}`;
}

/** @param {Report} report */
export async function prove(report) {
  spawnSync('umount', ['-l', READ_ONLY]);
  fs.rmSync(FOLDER, { recursive: true, force: true });
  const root = installService(join(FOLDER, 'service'));
  makeProject();
  const holder = spawn(process.execPath, ['-e', 'require("net").createServer().listen("live.sock")'], {
    cwd: join(PROJECT, 'run'),
  });
  try {
    const service = await startService({
      command: [process.execPath, join(root, 'dist/server.js')],
      directory: PROJECT,
      user: NOBODY,
    });
    while (!fs.existsSync(join(PROJECT, 'run/live.sock'))) await sleep(20);
    for (const [number, [name, expected]] of Object.entries(CASES).entries())
      await proveCase(report, service.port, name, `case-${number}`, expected);
    await service.stop();
  } finally {
    holder.kill();
    spawnSync('umount', ['-l', READ_ONLY]);
  }
}

/** Where nobody has a disk and a directory, and the rest is root's. Throws for who is not root. */
function makeProject() {
  for (const name of ['profiles', 'images', 'boot', 'run', 'listed', 'ro'])
    fs.mkdirSync(join(PROJECT, name), { recursive: true });
  for (const [number, { profile }] of Object.values(CASES).entries()) {
    const text = `schema_version = 1\nvm.name = "lab"\n[hardware]\narch = "x86_64"\ncores = 1\nmemory_mb = 512\nacceleration = "tcg"\n${profile}`;
    fs.writeFileSync(join(PROJECT, `profiles/case-${number}.toml`), text);
  }
  if (spawnSync('mount', ['-t', 'tmpfs', 'proof', READ_ONLY]).status !== 0)
    throw new Error('a file system cannot be mounted here: that needs root');
  for (const name of ['images/own.qcow2', 'images/root.qcow2', 'ro/a.qcow2'])
    fs.writeFileSync(join(PROJECT, name), QCOW2_HEADER);
  fs.writeFileSync(join(PROJECT, 'boot/kernel'), 'kernel');
  fs.chmodSync(join(PROJECT, 'boot/kernel'), 0o600);
  fs.chmodSync(join(PROJECT, 'listed'), 0o744);
  for (const name of ['images/own.qcow2', 'ro/a.qcow2', 'ro', 'run'])
    fs.chownSync(join(PROJECT, name), NOBODY, NOBODY);
  spawnSync('mount', ['-o', 'remount,ro', READ_ONLY]);
}

/** @param {Report} report @param {number} port @param {string} name @param {string} profile @param {Case} expected */
async function proveCase(report, port, name, profile, { findings, issues, questions }) {
  const { findings: found } = await getJson(
    port,
    `/doctor?profile=${profile}&category=storage,kernel,sockets`,
  );
  const notable = found.filter((/** @type {{ severity: string }} */ { severity }) => severity !== 'info');
  checkAlike(report, `${name}: the doctor`, notable.map(findingLine), findings);
  const isOffered = notable.some((/** @type {any} */ one) => one.remediation_available);
  report.check(!isOffered, `${name}: nothing is offered that would not help`, notable);
  const body = JSON.stringify({ profile_name: profile });
  const { status, body: text } = await send(port, {
    name,
    method: 'POST',
    path: '/plans/start',
    headers: JSON_TYPE,
    body,
  });
  report.check(status === 200, `${name}: it is planned`, text);
  const { unknowns, validation_warnings } = JSON.parse(text).metadata;
  const warned = validation_warnings.filter(
    (/** @type {{ severity: string }} */ { severity }) => severity === 'warning',
  );
  const own = warned.filter((/** @type {{ code: string }} */ { code }) => !code.startsWith('qemu-binary'));
  checkAlike(
    report,
    `${name}: a plan`,
    own.map((/** @type {any} */ { code, field }) => `${code} ${field}`),
    issues,
  );
  const asked = unknowns.map((/** @type {{ question: string }} */ { question }) => question);
  const aboutPaths = asked.filter((/** @type {string} */ question) =>
    / (?:read|write to) it\?$/.test(question),
  );
  checkAlike(report, `${name}: its questions`, aboutPaths, questions);
}

/** @param {{ severity: string, finding_id: string }} finding */
function findingLine({ severity, finding_id }) {
  return `${severity} ${finding_id}`;
}

/** @param {Report} report @param {string} about @param {readonly string[]} actual @param {readonly string[]} expected */
function checkAlike(report, about, actual, expected) {
  const isAlike = JSON.stringify([...actual].sort()) === JSON.stringify([...expected].sort());
  report.check(isAlike, `${about} says ${expected.join(', ') || 'nothing'}`, actual);
}
