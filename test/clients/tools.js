/** The tools of others, at exact versions that run on the oldest Node here, and how they are started. */
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { REPOSITORY } from '../proof/service.js';
import { EVIDENCE, MADE } from './places.js';

const TOOLS = [
  '@hey-api/openapi-ts@0.95.0',
  'oazapfts@7.5.0',
  'orval@7.13.2',
  'swagger-typescript-api@13.13.0',
  'quicktype@23.2.6',
  // A companion that several of them leave to whoever installs them.
  'typescript@5.9.3',
  '@stoplight/spectral-cli@6.16.3',
  '@microsoft/sarif-multitool-linux@5.7.0',
];
const HOME = join(EVIDENCE, 'home');
const OWN_FOLDERS = {
  HOME,
  TMPDIR: join(EVIDENCE, 'tmp'),
  XDG_CACHE_HOME: join(HOME, 'cache'),
  GOCACHE: join(HOME, 'go'),
  CARGO_HOME: join(HOME, 'cargo'),
  CARGO_TARGET_DIR: join(EVIDENCE, 'cargo'),
  // Not moved: what rustup has installed is found there.
  RUSTUP_HOME: process.env.RUSTUP_HOME ?? join(homedir(), '.rustup'),
};

/** Installs them below logs/, where nothing of the project finds them. */
export function installTools() {
  for (const folder of [MADE, OWN_FOLDERS.HOME, OWN_FOLDERS.TMPDIR]) mkdirSync(folder, { recursive: true });
  const options = ['--no-save', '--no-package-lock', '--ignore-scripts', '--no-audit', '--no-fund'];
  const { status } = spawnSync('npm', ['install', '--prefix', EVIDENCE, ...options, ...TOOLS], {
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error('npm could not install the tools');
}

/**
 * @typedef {object} Run
 * @property {string} [input]
 * @property {string} [directory]
 * @property {Record<string, string>} [environment]
 */

/**
 * What a program says that has to end with 0. Its home and caches are below logs/.
 * @param {readonly string[]} command
 * @param {Run} [run]
 */
export function run([program = '', ...args], { input, directory = EVIDENCE, environment = {} } = {}) {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd: directory,
    input,
    encoding: 'utf8',
    env: { ...process.env, ...OWN_FOLDERS, ...environment },
  });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${error ?? `${stdout}${stderr}`}`);
  return stdout;
}

/** A tool that was installed for the suite. @param {string} name */
export const tool = (name) => join(EVIDENCE, 'node_modules', '.bin', name);
/** A tool of the project's own. @param {string} name */
export const ownTool = (name) => join(REPOSITORY, 'node_modules', '.bin', name);
