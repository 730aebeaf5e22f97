/** libvirt, asked for the argv of domains: through one connection that stays open, and through virsh, a process for each. */
import { spawn, spawnSync } from 'node:child_process';
import { chownSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { filled } from '../body_text.js';
import { FOLDER, REPOSITORY } from '../server_process.js';

const HERE = join(REPOSITORY, 'test/bench/libvirt');
const DOMAIN = join(HERE, 'domain.xml');
const TEMPLATE = readFileSync(DOMAIN, 'utf8');
/** All that libvirt keeps. */
const HOME = join(FOLDER, 'libvirt');
/** Debian's own Python, for which its package python3-libvirt is made. */
const PYTHON = process.env.PYTHON ?? '/usr/bin/python3';
const PACKAGES = 'libvirt-clients libvirt-daemon-driver-qemu python3-libvirt qemu-system-x86';
const NOBODY = 65534;
const MICROSECONDS_A_TICK = 10_000;

/**
 * @typedef {object} Counted
 * @property {number} requests
 * @property {number} microseconds
 * @property {number} cpu Microseconds of CPU time.
 */

/** Fails when something is missing; makes the folders anew. As root, libvirt is asked as a user without any rights. */
export function prepareLibvirt() {
  for (const [program, ...args] of [
    [PYTHON, '-c', 'import libvirt'],
    ['virsh', '--version'],
    ['qemu-system-x86_64', '--version'],
  ])
    if (spawnSync(program, args).status !== 0)
      throw new Error(`${[program, ...args].join(' ')} fails; Debian's packages: ${PACKAGES}`);
  rmSync(HOME, { recursive: true, force: true });
  mkdirSync(HOME, { recursive: true });
  if (process.getuid?.() === 0) chownSync(HOME, NOBODY, NOBODY);
}

/** A connection of its own for each name: embedded drivers do not share a folder. @param {string} name */
const uriOf = (name) => `qemu:///embed?root=${join(HOME, name)}`;

/** @param {string} program @param {string[]} args */
function startUnprivileged(program, args) {
  const drop = ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'];
  const [command, ...rest] = [...(process.getuid?.() === 0 ? drop : []), program, ...args];
  const env = { PATH: process.env.PATH, HOME, XDG_RUNTIME_DIR: HOME, LC_ALL: 'C.UTF-8' };
  return spawn(command, rest, { env, stdio: ['pipe', 'pipe', 'inherit'] });
}

/** Opens the connection that stays open. */
export function openConnection() {
  const child = startUnprivileged(PYTHON, [join(HERE, 'convert.py'), uriOf('loop'), DOMAIN]);
  process.once('exit', () => child.kill('SIGKILL'));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  /** @param {string} line */
  const ask = async (line) => {
    child.stdin.write(`${line}\n`);
    const { value, done } = await lines.next();
    if (done) throw new Error('the loop over the connection has ended');
    return JSON.parse(value);
  };
  return {
    /** @param {number} number @returns {Promise<string>} A line for a shell. */
    show: (number) => ask(`show ${number}`),
    /** @param {number} clients @param {number} milliseconds @param {number} first @returns {Promise<Counted>} */
    run: (clients, milliseconds, first) => ask(`${clients} ${milliseconds / 1000} ${first}`),
    close: () => child.stdin.end(),
  };
}

/**
 * So many clients, each with one virsh after the other.
 * @param {number} clients
 * @param {number} milliseconds
 * @param {number} first
 * @returns {Promise<Counted>}
 */
export async function runVirsh(clients, milliseconds, first) {
  const [begun, cpu] = [performance.now(), cpuOfChildren()];
  let requests = 0;
  const client = async (/** @type {number} */ index) => {
    while (performance.now() < begun + milliseconds) await virsh(`virsh-${index}`, first + requests++);
  };
  await Promise.all(Array.from({ length: clients }, (_, index) => client(index)));
  return { requests, microseconds: (performance.now() - begun) * 1000, cpu: cpuOfChildren() - cpu };
}

/** Microseconds of CPU time of all processes that this one has started and that have ended; proc(5), 16 and 17. */
function cpuOfChildren() {
  const fields = readFileSync('/proc/self/stat', 'utf8').split(') ').at(-1)?.split(' ') ?? [];
  return (Number(fields[13]) + Number(fields[14])) * MICROSECONDS_A_TICK;
}

/** @param {string} name @param {number} number @returns {Promise<void>} */
function virsh(name, number) {
  const file = join(HOME, `${name}.xml`);
  writeFileSync(file, filled(TEMPLATE, number));
  const child = startUnprivileged('virsh', [
    ...['-q', '-c', uriOf(name), 'domxml-to-native', 'qemu-argv', '--xml', file],
  ]);
  child.stdout.resume();
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => (code === 0 ? resolve() : reject(new Error(`virsh ended with ${code}`))));
  });
}
