/** A project to plan for, full of traps: each of its files must be as it was when the requests are over. */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  openSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { REPOSITORY } from './service.js';

const GIGABYTE = 2 ** 30;
/** Version 2, clusters of 64 KiB, 512 MiB, which one entry of the table of clusters covers. */
export const QCOW2_HEADER = Buffer.from(
  '514649fb0000000200000000000000000000000000000010000000002000000000000000000000010000000000030000000000000001000000000001'.padEnd(
    1024,
    '0',
  ),
  'hex',
);

/**
 * @typedef {object} Lab
 * @property {string} root Project root and working directory.
 * @property {string} home
 * @property {string} temporary
 * @property {() => number} visits Connections to the sockets that live in the lab; none may come.
 * @property {number} port A TCP port that is taken.
 * @property {() => void} close
 */

/**
 * Makes the lab anew.
 * @param {string} folder
 * @returns {Promise<Lab>}
 */
export async function makeLab(folder) {
  rmSync(folder, { recursive: true, force: true });
  const root = join(folder, 'project');
  for (const name of ['images', 'run', 'shared', 'kernel', 'logs'])
    mkdirSync(join(root, name), { recursive: true });
  const home = join(folder, 'home');
  const temporary = join(folder, 'tmp');
  for (const path of [home, temporary]) mkdirSync(path);
  writeFileSync(join(home, '.profile'), 'nothing to see\n');
  cpSync(join(REPOSITORY, 'profiles'), join(root, 'profiles'), { recursive: true });
  addOddProfiles(join(root, 'profiles'));
  addOddFiles(root);
  const listeners = await listen(join(root, 'run', 'live.qmp.sock'));
  return { root, home, temporary, ...listeners };
}

/** @param {string} directory */
function addOddProfiles(directory) {
  const file = (/** @type {string} */ name) => join(directory, name);
  writeFileSync(file('broken.toml'), 'schema_version = \n');
  writeFileSync(file('empty.toml'), '');
  writeFileSync(file('not-utf8.toml'), Buffer.from([0x61, 0x20, 0x3d, 0x20, 0x22, 0xff, 0xfe, 0x22, 0x0a]));
  writeFileSync(file('.hidden.toml'), 'schema_version = 1\n');
  writeFileSync(file('a name, with = signs.toml'), 'schema_version = 1\n');
  mkdirSync(file('folder.toml'));
  execFileSync('mkfifo', [file('fifo.toml')]);
  symlinkSync('loop.toml', file('loop.toml'));
  symlinkSync('nowhere', file('dangling.toml'));
  symlinkSync('/dev/zero', file('zero.toml'));
  writeFileSync(file('huge.toml'), '');
  truncateSync(file('huge.toml'), GIGABYTE);
}

/** @param {string} root */
function addOddFiles(root) {
  const image = (/** @type {string} */ name) => join(root, 'images', name);
  writeFileSync(image('root.qcow2'), QCOW2_HEADER);
  writeFileSync(image('disguised.img'), QCOW2_HEADER);
  writeFileSync(image('plain.img'), Buffer.alloc(4096));
  writeFileSync(image('locked.img'), '');
  chmodSync(image('locked.img'), 0);
  execFileSync('mkfifo', [image('fifo.img')]);
  symlinkSync('/etc/hostname', image('escape.img'));
  symlinkSync('loop.img', image('loop.img'));
  symlinkSync('/dev/zero', image('zero.img'));
  symlinkSync('../../outside', join(root, 'run', 'outside'));
  writeFileSync(join(root, 'kernel', 'bzImage'), Buffer.alloc(4096));
  writeFileSync(join(root, 'logs', 'serial.log'), 'of an earlier run\n');
}

/**
 * Listens at a unix socket and a TCP port that the profiles name.
 * @param {string} path
 */
async function listen(path) {
  let visits = 0;
  const servers = [createServer(), createServer()];
  for (const server of servers) {
    server.on('connection', (socket) => {
      visits++;
      socket.destroy();
    });
    server.on('error', (error) => {
      throw error;
    });
  }
  // The path is short for the kernel when it goes through a descriptor of its directory.
  const directory = openSync(join(path, '..'), 'r');
  servers[0]?.listen(`/proc/self/fd/${directory}/${path.split('/').at(-1)}`);
  await new Promise((resolve) => servers[1]?.listen(0, '127.0.0.1', () => resolve(undefined)));
  const address = /** @type {import('node:net').AddressInfo} */ (servers[1]?.address());
  return {
    visits: () => visits,
    port: address.port,
    close() {
      for (const server of servers) server.close();
    },
  };
}
