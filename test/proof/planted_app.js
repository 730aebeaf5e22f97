/**
 * The real app with routes of its own that break every promise, to see who stops them; no part of the product:
 * `node planted_app.js SERVICE OTHER LOGS`.
 */
import { spawn, spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import inspector from 'node:inspector';
import { argv, stdout } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';

const [, , root = '', other = '', logs = ''] = argv;
const load = (/** @type {string} */ file) => import(pathToFileURL(`${root}/dist/${file}`).href);
const { LOOK_TIMEOUT } = await load('http/request/deadline.js');
const { buildApp } = await load('app.js');
const { readConfiguration } = await load('configuration.js');
const { thisMachine } = await load('host/probe_host.js');
const { openLog } = await load('log.js');

/** Each would leave something behind, or start something, if it were let. @type {Record<string, () => unknown>} */
const DEEDS = {
  spawn: () => spawn('true'),
  'spawn-sync': () => spawnSync('true').status,
  worker: () => new Worker('', { eval: true }),
  inspector: () => inspector.open(0),
  write: () => fs.writeFileSync(`${other}/new`, 'x'),
  'write-promise': () => fs.promises.writeFile(`${other}/new`, 'x'),
  'write-beside': () => fs.writeFileSync(`${root}/logs-evil`, 'x'),
  'write-through-dots': () => fs.writeFileSync(`${root}/logs/../new`, 'x'),
  'write-service': () => fs.writeFileSync(`${root}/dist/server.js`, ''),
  append: () => fs.appendFileSync(`${other}/old`, 'x'),
  stream: () =>
    new Promise((resolve, reject) =>
      fs.createWriteStream(`${other}/new`).on('open', resolve).on('error', reject),
    ),
  mkdir: () => fs.mkdirSync(`${other}/directory`),
  unlink: () => fs.unlinkSync(`${other}/old`),
  rename: () => fs.renameSync(`${other}/old`, `${other}/renamed`),
  'rename-out': () => {
    fs.writeFileSync(`${logs}/inside`, 'x');
    fs.renameSync(`${logs}/inside`, `${other}/outside`);
  },
  link: () => fs.linkSync(`${other}/old`, `${other}/linked`),
  symlink: () => fs.symlinkSync(`${other}/old`, `${other}/symbolic`),
  'symlink-in-logs': () => fs.symlinkSync(other, `${logs}/way-out`),
  chmod: () => fs.chmodSync(`${other}/old`, 0o600),
  truncate: () => fs.truncateSync(`${other}/old`, 0),
  utimes: () => fs.utimesSync(`${other}/old`, 0, 0),
  copy: () => fs.copyFileSync(`${other}/old`, `${other}/copy`),
};

/** What the product does and must be let do. @type {Record<string, () => unknown>} */
const DUTIES = {
  access: () => fs.promises.access('/dev/kvm', fs.constants.W_OK).catch((error) => error.code),
  statfs: async () => (await fs.promises.statfs('/')).bsize > 0,
  realpath: () => fs.promises.realpath('/proc/self/exe'),
  readlink: () => fs.promises.readlink('/proc/self/exe'),
  lstat: async () => (await fs.promises.lstat('/proc/self/exe')).isSymbolicLink(),
  readdir: async () => (await fs.promises.readdir('/')).length > 0,
  // More than one file's worth of lines, with old files to remove.
  rotate: async () => {
    const directory = `${logs}/rotation`;
    fs.mkdirSync(directory);
    for (let number = 1; number <= 12; number++)
      fs.writeFileSync(`${directory}/requests.${number}.ndjson`, '');
    const log = await openLog({ directory, root: logs, level: 'info', stdout: null });
    for (let round = 0; round < 500; round++) {
      for (let line = 0; line < 50; line++) log.logger.info({ text: 'x'.repeat(900) });
      await sleep(5);
    }
    await log.close();
    return { files: fs.readdirSync(directory), health: log.health };
  },
  block: () => {
    const end = Date.now() + 3500;
    while (Date.now() < end);
  },
  slow: () => sleep(40_000),
};

const configuration = readConfiguration(process.env, {
  workingDirectory: process.cwd(),
  serviceRoot: root,
  machine: thisMachine(),
});
const log = await openLog({
  directory: configuration.logDirectory,
  root: `${root}/logs`,
  level: 'info',
  stdout: null,
});
const app = await buildApp({ ...configuration, logger: log.logger, logHealth: log.health });
for (const [name, act] of Object.entries({ ...DEEDS, ...DUTIES })) {
  // Given up as a look at the host is.
  app.get(
    `/planted/${name}`,
    { handlerTimeout: LOOK_TIMEOUT },
    async (/** @type {unknown} */ _request, /** @type {any} */ reply) => {
      reply.type('application/json');
      try {
        return reply.send(JSON.stringify({ done: (await act()) ?? null }));
      } catch (error) {
        return reply.send(
          JSON.stringify({ refused: /** @type {NodeJS.ErrnoException} */ (error).code ?? String(error) }),
        );
      }
    },
  );
}
app.get('/planted', async () => Object.keys(DEEDS));
process.once('SIGTERM', () => void app.close().then(() => process.exit(0)));
await app.listen({ host: '127.0.0.1', port: 0 });
stdout.write(`planted, listens on http://127.0.0.1:${app.server.address().port}\n`);
