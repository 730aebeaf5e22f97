/** Faults of the surroundings: profiles, the project root, and what the user may do. */
import * as fs from 'node:fs';
import { join } from 'node:path';
import { getJson, send } from '../http.js';
import { HOSTS } from '../requests/make.js';
import {
  checkLogFailure,
  checkPlanning,
  checkStop,
  findingIds,
  PLAN,
  reasonsOf,
  residentKilobytes,
} from './scene.js';

const NOBODY = 65534;

/** @typedef {import('./scene.js').Scene} Scene */

/** @param {Scene} scene */
export async function profilesVanish(scene) {
  const { report, lab } = scene;
  const service = await scene.start();
  fs.renameSync(join(lab.root, 'profiles'), join(lab.root, 'gone'));
  await checkPlanning(scene, service, 'without the directory');
  report.check(
    /cannot be listed \(ENOENT\)/.test(await reasonsOf(service)),
    '/readyz says so',
    await reasonsOf(service),
  );
  const ids = await findingIds(service);
  report.check(
    ids.some((/** @type {string} */ id) => id.startsWith('profile-directory')),
    '/doctor says so',
    ids,
  );
  const { status } = await send(service.port, {
    ...PLAN,
    body: JSON.stringify({ profile_name: 'minimal', host: HOSTS[0] }),
  });
  report.check(status === 404, 'a name is not found');
  fs.writeFileSync(join(lab.root, 'profiles'), 'a file now');
  report.check(
    /cannot be listed \(ENOTDIR\)/.test(await reasonsOf(service)),
    '/readyz says when it is a file',
    await reasonsOf(service),
  );
  fs.unlinkSync(join(lab.root, 'profiles'));
  fs.renameSync(join(lab.root, 'gone'), join(lab.root, 'profiles'));
  const again = await send(service.port, {
    ...PLAN,
    body: JSON.stringify({ profile_name: 'minimal', host: HOSTS[0] }),
  });
  report.check(again.status === 200, 'it is found again when the directory is back');
  await checkStop(scene, service);
}

/** @param {Scene} scene */
export async function oddProfiles(scene) {
  const { report } = scene;
  const service = await scene.start();
  const reasons = await reasonsOf(service);
  for (const name of ['folder', 'fifo', 'loop', 'dangling', 'zero']) {
    report.check(reasons.includes(`${name}.toml`), `/readyz names ${name}.toml`, reasons);
    const answer = await send(service.port, { name, method: 'GET', path: `/profiles/${name}` });
    report.check(answer.status === 404, `${name}.toml is no profile`, answer);
  }
  const begun = performance.now();
  const listed = await getJson(service.port, '/profiles');
  const milliseconds = performance.now() - begun;
  const huge = listed.profiles.find((/** @type {{ name: string }} */ { name }) => name === 'huge');
  report.check(huge?.valid === false, 'a profile of 1 GiB is invalid', huge);
  report.check(milliseconds < 2000, `the list takes ${milliseconds.toFixed(0)} ms`);
  report.check(
    residentKilobytes(service.pid) < 300_000,
    `it is not read into memory (${residentKilobytes(service.pid)} KiB in all)`,
  );
  await checkPlanning(scene, service, 'beside them');
  await checkStop(scene, service);
}

/** As a user who owns nothing, kvm is out of reach, and so are other users' directories. @param {Scene} scene */
export async function poorUser(scene) {
  const { report, lab, root } = scene;
  if (process.getuid?.() !== 0) {
    report.note('a user who may do nothing: only root can become that user');
    return;
  }
  fs.mkdirSync(join(lab.root, 'locked'));
  fs.writeFileSync(join(lab.root, 'locked', 'x.toml'), '');
  fs.chmodSync(join(lab.root, 'locked'), 0o700);
  fs.chmodSync(join(lab.root, 'profiles', 'minimal.toml'), 0);
  fs.chmodSync(join(root, 'logs'), 0o755);
  const service = await scene.start({ user: NOBODY, environment: { VMLAB_PROFILE_DIRS: 'profiles:locked' } });
  await checkPlanning(scene, service, 'with given facts');
  const reasons = await reasonsOf(service);
  report.check(
    /locked cannot be listed \(EACCES\)/.test(reasons),
    '/readyz names the directory that cannot be read',
    reasons,
  );
  const ids = await findingIds(service);
  report.check(
    fs.existsSync('/dev/kvm') ? ids.includes('kvm-no-permission') : ids.includes('kvm-missing'),
    '/doctor says why there is no kvm',
    ids,
  );
  const named = await send(service.port, { ...PLAN, body: JSON.stringify({ profile_name: 'minimal' }) });
  report.check(
    named.status === 422 && named.body.includes('EACCES'),
    'a profile that cannot be read says so',
    named.body.slice(0, 300),
  );
  const probed = await send(service.port, {
    ...PLAN,
    body: JSON.stringify({ profile_name: 'portable-tcg' }),
  });
  report.check(probed.status < 500, 'a profile is planned for this host without a fault', probed.status);
  await checkLogFailure(scene, service, /EACCES/);
  await checkStop(scene, service);
}

/** @param {Scene} scene */
export async function rootMissing(scene) {
  const { report, lab } = scene;
  const service = await scene.start({ environment: { VMLAB_PROJECT_ROOT: join(lab.root, 'not-there') } });
  await checkPlanning(scene, service, 'with given facts');
  report.check(/project root/i.test(await reasonsOf(service)), '/readyz says so', await reasonsOf(service));
  const ids = await findingIds(service);
  report.check(
    ids.some((/** @type {string} */ id) => id.startsWith('project-root-')),
    '/doctor says so',
    ids,
  );
  const probed = await send(service.port, { ...PLAN, body: JSON.stringify({ profile_name: 'minimal' }) });
  report.check(probed.status < 500, 'planning for this host is answered without a fault', probed.status);
  await checkStop(scene, service);
}
