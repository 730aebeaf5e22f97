/** What the image says of itself, and what it holds. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from '../proof/service.js';

const MEGABYTE = 1e6;
/** With the packages of the build it is twice that. */
const MOST_BYTES = 300 * MEGABYTE;

/** @param {string} name */
const readJson = (name) => JSON.parse(readFileSync(join(REPOSITORY, name), 'utf8'));

/**
 * @param {import('../proof/report.js').Report} report
 * @param {any} image What the engine says of it.
 */
export function checkImage(report, { Config: config, Size: size }) {
  const { version, license } = readJson('package.json');
  const label = (/** @type {string} */ name) => config.Labels?.[`org.opencontainers.image.${name}`];
  report.check(config.User === '1000:1000', 'image: its user is a number, and not root', config.User);
  report.check(
    label('title') === 'vmlab-planner' && label('version') === version && label('licenses') === license,
    'image: its labels are those of package.json',
    config.Labels,
  );
  report.check('/app/logs' in (config.Volumes ?? {}), 'image: the log has a volume', config.Volumes);
  report.check('3000/tcp' in (config.ExposedPorts ?? {}), 'image: its port is named', config.ExposedPorts);
  report.check(size < MOST_BYTES, `image: ${megabytes(size)} are below ${megabytes(MOST_BYTES)}`);
}

/**
 * @param {import('../proof/report.js').Report} report
 * @param {any} inside What inside.js has seen.
 */
export function checkContents(report, { app, packages, tools, changeable, bytes, node }) {
  report.check(
    app.join() === 'dist,logs,node_modules,package.json,profiles',
    'contents: /app holds what runs, no sources, tests or documents',
    app,
  );
  const wanted = productionPackages();
  report.check(
    packages.join() === wanted.join(),
    `contents: of the packages there are the ${wanted.length} of production, and no other`,
    packages.filter((/** @type {string} */ name) => !wanted.includes(name)),
  );
  report.check(tools.length === 0, 'contents: nothing in there installs or compiles', tools);
  report.check(
    changeable.length === 0,
    'contents: no file is the user’s to change, but for the log',
    changeable,
  );
  const { program, packages: ofPackages, service } = bytes;
  report.note(
    `Node ${node} ${megabytes(program)}, packages ${megabytes(ofPackages)}, the service itself ${megabytes(service)}`,
  );
}

/** By their places in the lock file. */
function productionPackages() {
  const { packages } = readJson('package-lock.json');
  return Object.keys(packages)
    .filter((place) => place !== '' && packages[place].dev !== true)
    .sort();
}

/** @param {number} size */
function megabytes(size) {
  return `${(size / MEGABYTE).toFixed(1)} MB`;
}
