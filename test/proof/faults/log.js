/** Faults of the log: its directory, its disk, and standard output. */
import { execFileSync, spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { newAgent, send } from '../http.js';
import { JSON_TYPE } from '../requests/make.js';
import {
  checkLogFailure,
  checkPlanning,
  checkRecovery,
  checkStop,
  linesLost,
  PLAN,
  requestIdsIn,
  residentKilobytes,
} from './scene.js';

/** @typedef {import('./scene.js').Scene} Scene */
/** @typedef {import('../service.js').Service} Service */

/** @param {Scene} scene */
export async function logRemoved(scene) {
  const service = await scene.start();
  await checkPlanning(scene, service, 'before');
  await sleep(1500);
  fs.rmSync(scene.logs, { recursive: true });
  const agent = newAgent();
  const sent = Array.from({ length: 500 }, (_, number) => `removed-${number}`);
  for (const id of sent) {
    await send(service.port, { ...PLAN, headers: { ...JSON_TYPE, 'x-request-id': id } }, agent);
    await sleep(5);
  }
  agent.destroy();
  await checkRecovery(scene, service);
  const kept = requestIdsIn(scene.logs);
  const missing = sent.filter((id) => !kept.has(id)).length;
  const lost = await linesLost(service);
  scene.report.check(
    missing > 0 && missing <= lost,
    `/metrics counts lost lines: ${missing} are missing, ${lost} are counted`,
  );
  await checkStop(scene, service);
}

/** @param {Scene} scene */
export async function logReplaced(scene) {
  const service = await scene.start();
  await sleep(500);
  fs.rmSync(scene.logs, { recursive: true });
  fs.writeFileSync(scene.logs, 'in the way');
  await checkLogFailure(scene, service);
  scene.report.check(
    fs.readFileSync(scene.logs, 'utf8') === 'in the way',
    'the file in the way is left alone',
  );
  fs.unlinkSync(scene.logs);
  await checkRecovery(scene, service);
  await checkStop(scene, service);
}

/**
 * A small file system at the log directory; `false` where mounting is not permitted.
 * @param {Scene} scene
 */
function mountSmall({ logs }) {
  fs.mkdirSync(logs, { recursive: true });
  return spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=2m,mode=777', 'proof', logs]).status === 0;
}

/** @param {Scene} scene */
function unmount({ logs }) {
  spawnSync('umount', ['-l', logs]);
}

/** @param {Scene} scene */
export async function diskFull(scene) {
  const isMounted = mountSmall(scene);
  scene.report.note(
    isMounted ? 'disk full: on a tmpfs of 2 MiB' : 'disk full: mounting is not permitted; by /dev/full',
  );
  try {
    const service = await scene.start();
    await sleep(500);
    const [file = ''] = fs.readdirSync(scene.logs);
    if (isMounted) {
      spawnSync('dd', ['if=/dev/zero', `of=${scene.logs}/filler`, 'bs=4096', 'count=1024', 'status=none']);
      await checkPlanning(scene, service, 'while the disk fills up', 100);
    } else {
      fs.unlinkSync(join(scene.logs, file));
      fs.symlinkSync('/dev/full', join(scene.logs, file));
    }
    const before = residentKilobytes(service.pid);
    await flood(service, 8000);
    const grown = residentKilobytes(service.pid) - before;
    await checkLogFailure(scene, service, /ENOSPC/);
    scene.report.check(
      (await linesLost(service)) > 1000,
      '/metrics counts what no longer fits into memory',
      await linesLost(service),
    );
    scene.report.check(grown < 100_000, `memory is bounded while nothing can be written (${grown} KiB more)`);
    fs.unlinkSync(join(scene.logs, isMounted ? 'filler' : file));
    await checkRecovery(scene, service);
    await checkStop(scene, service);
  } finally {
    if (isMounted) unmount(scene);
  }
}

/** @param {Service} service @param {number} requests */
async function flood(service, requests) {
  const agent = newAgent();
  let left = requests;
  const worker = async () => {
    while (left-- > 0) await send(service.port, { name: '', method: 'GET', path: '/livez' }, agent);
  };
  await Promise.all(Array.from({ length: 16 }, worker));
  agent.destroy();
}

/** @param {Scene} scene */
export async function readOnly(scene) {
  if (!mountSmall(scene)) {
    scene.report.note(
      'read-only file system: mounting is not permitted here; a user who may do nothing shows the same',
    );
    return;
  }
  try {
    execFileSync('mount', ['-o', 'remount,ro', scene.logs]);
    const service = await scene.start();
    await checkLogFailure(scene, service, /EROFS/);
    execFileSync('mount', ['-o', 'remount,rw', scene.logs]);
    await checkRecovery(scene, service);
    await checkStop(scene, service);
  } finally {
    unmount(scene);
  }
}

/** @param {Scene} scene */
export async function neverThere(scene) {
  fs.writeFileSync(scene.logs, 'in the way');
  const service = await scene.start();
  await checkLogFailure(scene, service);
  await checkStop(scene, service);
}

/** @param {Scene} scene */
export async function outputGone(scene) {
  const service = await scene.start({ environment: { VMLAB_LOG_STDOUT: 'true' } });
  service.process.stdout?.destroy();
  service.process.stderr?.destroy();
  await checkPlanning(scene, service, 'when nobody reads standard output any more', 100);
  await checkRecovery(scene, service);
  await checkStop(scene, service);
}
