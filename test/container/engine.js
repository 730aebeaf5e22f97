/** docker or podman, whichever answers: how it is asked, and how it builds. */
import { spawn, spawnSync } from 'node:child_process';

const HELP = [
  'Install docker (https://docs.docker.com/engine/install/) or podman (on Debian: apt-get install podman), start it,',
  'or name one: CONTAINER_TOOL="podman --root /srv/images" npm run container',
].join('\n');

/**
 * @typedef {object} Outcome
 * @property {number} code Exit code.
 * @property {string} stdout
 * @property {string} stderr
 */

/**
 * @typedef {object} Engine
 * @property {'docker' | 'podman'} kind
 * @property {string} version What it says of itself.
 * @property {(args: readonly string[], input?: string) => Promise<Outcome>} ask
 * @property {(args: readonly string[], input?: string) => Promise<string>} must Standard output; a failure is an error.
 * @property {(args: readonly string[]) => void} finish Waits, and minds no failure; for the end of the process.
 */

/** The one that `CONTAINER_TOOL` names, else the first that can list its containers. */
export function findEngine() {
  const named = words('CONTAINER_TOOL');
  const reasons = [];
  for (const [program = '', ...globals] of named.length > 0 ? [named] : [['docker'], ['podman']]) {
    const tried = spawnSync(program, [...globals, 'ps'], { encoding: 'utf8' });
    if (tried.status === 0) return newEngine(program, globals);
    reasons.push(`${program}: ${tried.error?.message ?? tried.stderr.trim()}`);
  }
  throw new Error(`No container engine answers.\n${reasons.join('\n')}\n${HELP}`);
}

/**
 * @param {string} program
 * @param {readonly string[]} globals
 * @returns {Engine}
 */
function newEngine(program, globals) {
  const version = spawnSync(program, ['--version'], { encoding: 'utf8' }).stdout.trim();
  const ask = (/** @type {readonly string[]} */ args, input = '') =>
    run(program, [...globals, ...args], input);
  return {
    kind: /podman/i.test(version) ? 'podman' : 'docker',
    version,
    ask,
    async must(args, input) {
      const { code, stdout, stderr } = await ask(args, input);
      if (code === 0) return stdout;
      throw new Error(`${program} ${args.join(' ')} ended with ${code}: ${stderr || stdout}`);
    },
    finish(args) {
      spawnSync(program, [...globals, ...args], { stdio: 'ignore' });
    },
  };
}

/**
 * @param {string} program
 * @param {readonly string[]} args
 * @param {string} input
 * @returns {Promise<Outcome>}
 */
function run(program, args, input) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args);
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? 1, stdout, stderr }));
    // Whoever does not read it has ended, and says so by its exit code.
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}

/**
 * Builds the Dockerfile of a folder.
 * @param {Engine} engine
 * @param {string} folder
 * @param {string} tag
 * @returns {Promise<Outcome>}
 */
export function build(engine, folder, tag) {
  const bases = ['NODE_IMAGE', 'RUNTIME_IMAGE'].filter((name) => process.env[name]);
  return engine.ask([
    'build',
    // Podman's own format has no place for a HEALTHCHECK.
    ...(engine.kind === 'podman' ? ['--format', 'docker'] : []),
    ...bases.flatMap((name) => ['--build-arg', `${name}=${process.env[name]}`]),
    ...words('CONTAINER_BUILD_ARGS'),
    '--tag',
    tag,
    folder,
  ]);
}

/**
 * The words of an environment variable.
 * @param {string} name
 */
export function words(name) {
  return (process.env[name] ?? '').split(/\s+/).filter((word) => word !== '');
}
