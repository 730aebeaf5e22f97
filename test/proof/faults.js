/** Proof: whatever goes wrong around the service, it stays up, plans with given facts, says what is wrong, and mends itself. */
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { join } from 'node:path';
import {
  descriptorsExhausted,
  secondSignal,
  slowRequests,
  stopUnderLoad,
  stopWithHalfARequest,
} from './faults/connections.js';
import { diskFull, logRemoved, logReplaced, neverThere, outputGone, readOnly } from './faults/log.js';
import { oddProfiles, poorUser, profilesVanish, rootMissing } from './faults/surroundings.js';
import { makeLab } from './lab.js';
import { EVIDENCE, environmentOf, installService, startService } from './service.js';

const FOLDER = join(EVIDENCE, 'faults');
/** Faults that are tried at the same time. */
const TOGETHER = 4;
/** To try one alone: a part of its name. */
const ONLY = process.env.PROOF_FAULT ?? '';

/** @typedef {import('./report.js').Report} Report */
/** @typedef {import('./service.js').Service} Service */
/** @typedef {import('./faults/scene.js').Scene} Scene */

/** Those that wait longest come first. @type {Record<string, (scene: Scene) => Promise<void>>} */
const FAULTS = {
  'slow and half-sent requests': slowRequests,
  'SIGTERM with a request that never ends': stopWithHalfARequest,
  'log directory removed': logRemoved,
  'log directory replaced by a file': logReplaced,
  'disk full': diskFull,
  'read-only file system': readOnly,
  'log directory never there': neverThere,
  'standard output gone': outputGone,
  'descriptors exhausted': descriptorsExhausted,
  'SIGTERM under load': stopUnderLoad,
  'a second signal': secondSignal,
  'profile directory vanishes': profilesVanish,
  'odd profile files': oddProfiles,
  'a user who may do nothing': poorUser,
  'project root missing': rootMissing,
};

/** @param {Report} report */
export async function prove(report) {
  unmountLeftovers();
  fs.rmSync(FOLDER, { recursive: true, force: true });
  const waiting = Object.entries(FAULTS)
    .filter(([name]) => name.includes(ONLY))
    .reverse();
  const worker = async () => {
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop())
      await proveFault(report, ...next);
  };
  // Most of them wait most of the time.
  await Promise.all(Array.from({ length: TOGETHER }, worker));
}

/**
 * @param {Report} report
 * @param {string} name
 * @param {(scene: Scene) => Promise<void>} proveIt
 */
async function proveFault(report, name, proveIt) {
  const folder = join(FOLDER, name.replaceAll(' ', '-'));
  fs.mkdirSync(folder, { recursive: true });
  const root = installService(join(folder, 'service'));
  const lab = await makeLab(join(folder, 'lab'));
  /** @type {Service[]} */
  const started = [];
  /** @type {Report['check']} */
  const check = (isTrue, statement, details) => report.check(isTrue, `${name}: ${statement}`, details);
  /** @type {Scene['start']} */
  const start = async (more = {}) => {
    const service = await startService({
      command: [process.execPath, join(root, 'dist/server.js')],
      directory: lab.root,
      ...more,
      environment: { ...environmentOf(lab), VMLAB_PROFILE_DIRS: 'profiles', ...more.environment },
    });
    started.push(service);
    return service;
  };
  try {
    await proveIt({ report: { ...report, check }, lab, root, logs: join(root, 'logs', 'vmlab'), start });
  } catch (error) {
    check(
      false,
      'it ran',
      [error instanceof Error ? error.stack : error, ...started.map(({ output }) => output())].join('\n'),
    );
  }
  for (const service of started) if (service.isUp()) await service.stop('SIGKILL');
  lab.close();
}

/** A run that was killed may have left mounts. */
function unmountLeftovers() {
  const mounts = fs.readFileSync('/proc/self/mounts', 'utf8').split('\n');
  for (const [, path = ''] of mounts.map((line) => line.split(' ')))
    if (path.startsWith(`${FOLDER}/`)) spawnSync('umount', ['-l', path]);
}
