/** Proof: whatever goes wrong around the service, it stays up, plans with given facts, says what is wrong, and mends itself. */
import { execFileSync, spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { getJson, newAgent, send } from './http.js';
import { makeLab } from './lab.js';
import { HOSTS, JSON_TYPE } from './requests.js';
import { EVIDENCE, environmentOf, installService, startService } from './service.js';

const FOLDER = join(EVIDENCE, 'faults');
const NOBODY = 65534;
/** Faults that are tried at the same time. */
const TOGETHER = 4;
/** To try one alone: a part of its name. */
const ONLY = process.env.PROOF_FAULT ?? '';
const LOG_TROUBLE = /log cannot be written/;
/** Milliseconds for the log's watch to see something and to mend it. */
const WATCH = 6000;
/** Milliseconds that the service gives what it has accepted, and some more. */
const LONGEST_STOP = 13_000;
/** The request timeout and the interval in which Node looks for late requests, and some more. */
const LONGEST_ARRIVAL = 30_000;

/** @typedef {import('./report.js').Report} Report */
/** @typedef {import('./service.js').Service} Service */
/** @typedef {import('./lab.js').Lab} Lab */
/** @typedef {{ report: Report, lab: Lab, root: string, logs: string, start: (more?: Partial<import('./service.js').Start>) => Promise<Service> }} Scene */

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

const PLAN = {
  name: 'plan',
  method: 'POST',
  path: '/plans/start',
  headers: JSON_TYPE,
  body: JSON.stringify({
    profile: {
      schema_version: 1,
      vm: { name: 'vm' },
      hardware: { arch: 'x86_64', cores: 2, memory_mb: 2048 },
      storage: { disks: [{ name: 'root', path: 'images/root.qcow2', format: 'qcow2', boot: true }] },
    },
    host: HOSTS[0],
  }),
};

/** Plans with given facts, some times. @param {Scene} scene @param {Service} service @param {string} when */
async function checkPlanning({ report }, service, when, times = 20) {
  const answers = await Promise.all(Array.from({ length: times }, () => send(service.port, PLAN)));
  const isFine = answers.every(({ status, body }) => status === 200 && body === answers[0]?.body);
  report.check(
    isFine && service.isUp(),
    `planning answers ${when}`,
    answers.find(({ status }) => status !== 200),
  );
}

/** @param {Service} service @param {string} [query] */
async function findingIds(service, query = '') {
  const { findings } = await getJson(service.port, `/doctor${query}`);
  return findings.map((/** @type {{ finding_id: string }} */ { finding_id }) => finding_id);
}

/** @param {Service} service */
async function linesLost(service) {
  const { body } = await send(service.port, { name: '', method: 'GET', path: '/metrics' });
  return Number(/^vmlab_log_lines_lost_total (\d+)/m.exec(body)?.[1]);
}

/** Waits until something holds. @param {() => Promise<boolean>} holds */
async function eventually(holds, timeout = WATCH) {
  const end = Date.now() + timeout;
  while (!(await holds())) {
    if (Date.now() > end) return false;
    await sleep(100);
  }
  return true;
}

/** @param {Service} service */
async function reasonsOf(service) {
  return (await getJson(service.port, '/readyz')).reasons.join(' ');
}

/** @param {Service} service @param {RegExp} pattern */
function sayingEventually(service, pattern) {
  return eventually(async () => pattern.test(await reasonsOf(service)));
}

/** The log is broken: nobody notices but who asks. @param {Scene} scene @param {Service} service */
async function checkLogFailure(scene, service, pattern = LOG_TROUBLE) {
  const { report } = scene;
  await checkPlanning(scene, service, 'while the log cannot be written');
  report.check(await sayingEventually(service, pattern), '/readyz says so', await reasonsOf(service));
  const ids = await findingIds(service);
  report.check(
    ids.some((/** @type {string} */ id) => id.startsWith('log-') && id !== 'log-directory-ready'),
    '/doctor says so',
    ids,
  );
  report.check(
    await eventually(
      async () => (await send(service.port, PLAN)).status === 200 && (await linesLost(service)) > 0,
    ),
    '/metrics counts lost lines',
    await linesLost(service),
  );
}

/** @param {Scene} scene @param {Service} service */
async function checkRecovery({ report, logs }, service) {
  report.check(
    await eventually(async () => !LOG_TROUBLE.test(await reasonsOf(service))),
    '/readyz says when it is over',
    await reasonsOf(service),
  );
  const id = `after-${service.port}`;
  await send(service.port, { ...PLAN, headers: { ...JSON_TYPE, 'x-request-id': id } });
  const isLogged = () =>
    fs
      .readdirSync(logs)
      .some((file) => fs.readFileSync(join(logs, file), 'utf8').includes(`"request_id":"${id}"`));
  report.check(await eventually(async () => isLogged()), 'lines reach their file again');
}

/** @param {Scene} scene @param {Service} service */
async function checkStop({ report }, service) {
  const end = await service.stop();
  report.check(
    end.code === 0 && end.milliseconds < LONGEST_STOP,
    `it stops in ${end.milliseconds} ms with 0`,
    end,
  );
}

/** The requests that have a line in the log. @param {string} logs */
function requestIdsIn(logs) {
  const lines = fs.readdirSync(logs).flatMap((file) => fs.readFileSync(join(logs, file), 'utf8').split('\n'));
  return new Set(lines.flatMap((line) => /"request_id":"([^"]+)"/.exec(line)?.[1] ?? []));
}

/** @param {Scene} scene */
async function logRemoved(scene) {
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
async function logReplaced(scene) {
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

/** A run that was killed may have left mounts. */
function unmountLeftovers() {
  const mounts = fs.readFileSync('/proc/self/mounts', 'utf8').split('\n');
  for (const [, path = ''] of mounts.map((line) => line.split(' ')))
    if (path.startsWith(`${FOLDER}/`)) spawnSync('umount', ['-l', path]);
}

/** @param {Scene} scene */
async function diskFull(scene) {
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

/** @param {number} pid */
function residentKilobytes(pid) {
  return Number(/^VmRSS:\s+(\d+)/m.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
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
async function readOnly(scene) {
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
async function neverThere(scene) {
  fs.writeFileSync(scene.logs, 'in the way');
  const service = await scene.start();
  await checkLogFailure(scene, service);
  await checkStop(scene, service);
}

/** @param {Scene} scene */
async function outputGone(scene) {
  const service = await scene.start({ environment: { VMLAB_LOG_STDOUT: 'true' } });
  service.process.stdout?.destroy();
  service.process.stderr?.destroy();
  await checkPlanning(scene, service, 'when nobody reads standard output any more', 100);
  await checkRecovery(scene, service);
  await checkStop(scene, service);
}

/** @param {Scene} scene */
async function descriptorsExhausted(scene) {
  const { report } = scene;
  const service = await scene.start();
  const held = newAgent(1);
  await send(service.port, PLAN, held);
  // The limit is that of a process with its files open, so that no more than a handful of connections fit.
  const open = fs.readdirSync(`/proc/${service.pid}/fd`).length;
  execFileSync('prlimit', ['--pid', String(service.pid), `--nofile=${open + 8}`]);
  const sockets = Array.from({ length: 100 }, () => connect(service.port, '127.0.0.1').on('error', () => {}));
  await sleep(500);
  const given = await send(service.port, PLAN, held);
  report.check(given.status === 200, 'planning answers on a connection that was there', given);
  const probed = await send(
    service.port,
    { ...PLAN, body: JSON.stringify({ profile_name: 'minimal' }) },
    held,
  );
  report.check(probed.status < 500, 'a named profile is answered without a fault', probed);
  const ready = await send(service.port, { name: '', method: 'GET', path: '/readyz' }, held);
  report.check(/EMFILE/.test(ready.body), '/readyz says so', ready.body);
  const doctor = await send(service.port, { name: '', method: 'GET', path: '/doctor' }, held);
  report.check(
    doctor.status === 200 && JSON.parse(doctor.body).status !== 'ok',
    '/doctor answers, and is not content',
    doctor.body.slice(0, 300),
  );
  for (const socket of sockets) socket.destroy();
  held.destroy();
  await sleep(500);
  await checkPlanning(scene, service, 'afterwards', 5);
  await checkRecovery(scene, service);
  await checkStop(scene, service);
}

/** @param {Scene} scene */
async function slowRequests(scene) {
  const { report } = scene;
  const service = await scene.start();
  const head = 'POST /argv HTTP/1.1\r\nHost: x\r\nContent-Type: application/toml\r\n';
  const attacks = {
    'a header that comes byte by byte': ['GET /livez HTTP/1.1\r\nX: ', 'x'],
    'half a body': [`${head}Content-Length: 1000\r\n\r\na = 1`, ''],
    'a body that comes byte by byte': [`${head}Content-Length: 1000\r\n\r\n`, '#'],
    'chunks that never end': [`${head}Transfer-Encoding: chunked\r\n\r\n`, '1\r\n#\r\n'],
  };
  const begun = performance.now();
  const outcomes = Object.entries(attacks).flatMap(([name, [first = '', more = '']]) =>
    Array.from({ length: 25 }, async () => {
      const answer = await trickle(service.port, first, more);
      return { name, answer, seconds: (performance.now() - begun) / 1000 };
    }),
  );
  await sleep(2000);
  await checkPlanning(scene, service, 'while a hundred others dawdle', 50);
  for (const name of Object.keys(attacks)) {
    const ends = (await Promise.all(outcomes)).filter((outcome) => outcome.name === name);
    const longest = Math.max(...ends.map(({ seconds }) => seconds));
    report.check(
      ends.every(({ answer }) => answer.startsWith('HTTP/1.1 408 ')) && longest < LONGEST_ARRIVAL / 1000,
      `${name}: 408 and closed after ${longest.toFixed(0)} s at most`,
      ends.find(({ answer }) => !answer.startsWith('HTTP/1.1 408 ')),
    );
  }
  await checkStop(scene, service);
}

/**
 * Sends a little every half second until the other side closes.
 * @param {number} port
 * @param {string} first
 * @param {string} more
 * @returns {Promise<string>}
 */
function trickle(port, first, more) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let text = '';
    socket.on('error', () => {});
    socket.on('data', (chunk) => (text += chunk));
    socket.write(first);
    const timer = setInterval(() => (socket.writable && more !== '' ? socket.write(more) : undefined), 500);
    const giveUp = setTimeout(() => socket.destroy(), LONGEST_ARRIVAL);
    socket.on('close', () => {
      clearInterval(timer);
      clearTimeout(giveUp);
      resolve(text);
    });
  });
}

/** @param {Scene} scene */
async function stopUnderLoad(scene) {
  const { report, logs } = scene;
  const service = await scene.start();
  const agent = newAgent(50);
  /** Requests that the client holds an answer to. @type {Set<string>} */
  const answered = new Set();
  let refused = 0;
  let cut = 0;
  const worker = async (/** @type {unknown} */ _, /** @type {number} */ number) => {
    for (let count = 0; service.isUp(); count++) {
      const id = `load-${number}-${count}`;
      try {
        const { status } = await send(
          service.port,
          { ...PLAN, headers: { ...JSON_TYPE, 'x-request-id': id } },
          agent,
        );
        if (status === 200) answered.add(id);
        else cut++;
      } catch (error) {
        // Never taken: the listener is closed, or a connection that lay idle was.
        refused++;
        if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ECONNREFUSED') return;
      }
    }
  };
  // Ten requests that the service has the first half of.
  const body = String(PLAN.body);
  const halves = Array.from({ length: 10 }, (_, number) => {
    const socket = connect(service.port, '127.0.0.1').on('error', () => {});
    socket.write(
      `POST /plans/start HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nX-Request-Id: half-${number}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body.slice(0, 20)}`,
    );
    let text = '';
    socket.on('data', (chunk) => (text += chunk));
    return { socket, answer: new Promise((resolve) => socket.on('close', () => resolve(text))) };
  });
  await sleep(500);
  const load = Promise.all(Array.from({ length: 50 }, worker));
  await sleep(1500);
  const stopped = service.stop();
  await sleep(300);
  for (const { socket } of halves) socket.write(body.slice(20));
  const halfAnswers = await Promise.all(halves.map(({ answer }) => answer));
  const end = await stopped;
  await load;
  agent.destroy();
  const logged = new Set([...requestIdsIn(logs)].filter((id) => /^(?:load|half)-/.test(id)));
  const unanswered = [...logged].filter((id) => id.startsWith('load-') && !answered.has(id));
  const unlogged = [...answered].filter((id) => !logged.has(id));
  report.check(
    end.code === 0 && end.milliseconds < LONGEST_STOP,
    `it ends with 0 after ${end.milliseconds} ms`,
    end,
  );
  report.check(
    cut === 0 && unanswered.length === 0,
    `all ${logged.size} requests that it took were answered (${refused} were not taken)`,
    unanswered.slice(0, 10),
  );
  report.check(unlogged.length === 0, 'every answer has its line in the log', unlogged.slice(0, 10));
  report.check(
    halfAnswers.every((text) => String(text).startsWith('HTTP/1.1 200 ')),
    'requests whose second half came after the signal were answered',
    halfAnswers.map((text) => String(text).slice(0, 80)),
  );
}

/** @param {Scene} scene */
async function stopWithHalfARequest(scene) {
  const { report } = scene;
  const service = await scene.start();
  const socket = connect(service.port, '127.0.0.1').on('error', () => {});
  socket.write(
    'POST /argv HTTP/1.1\r\nHost: x\r\nContent-Type: application/toml\r\nContent-Length: 10\r\n\r\n',
  );
  await sleep(300);
  const stopped = service.stop();
  await sleep(300);
  const late = await send(service.port, { name: '', method: 'GET', path: '/readyz' }).then(
    ({ status }) => status,
    () => 0,
  );
  report.check(late === 0 || late === 503, 'nothing new is accepted, or /readyz is 503', late);
  const end = await stopped;
  report.check(
    end.code === 0 && end.milliseconds < LONGEST_STOP,
    `it ends with 0 after ${end.milliseconds} ms`,
    end,
  );
}

/** @param {Scene} scene */
async function secondSignal(scene) {
  const { report } = scene;
  for (const first of /** @type {const} */ (['SIGTERM', 'SIGINT'])) {
    const service = await scene.start();
    const socket = connect(service.port, '127.0.0.1').on('error', () => {});
    socket.write('GET /livez HTTP/1.1\r\n');
    await sleep(300);
    service.process.kill(first);
    await sleep(300);
    report.check(service.isUp(), `${first}: it waits for what it accepted`);
    const end = await service.stop(first);
    report.check(
      end.code !== 0 && end.milliseconds < 1000,
      `${first} again: it ends at once (${end.milliseconds} ms), not with 0`,
      end,
    );
  }
}

/** @param {Scene} scene */
async function profilesVanish(scene) {
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
async function oddProfiles(scene) {
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
async function poorUser(scene) {
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
async function rootMissing(scene) {
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
