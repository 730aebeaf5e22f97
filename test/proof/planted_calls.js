/** Does one forbidden thing, as the checker of system calls must notice: `node planted_calls.js NAME OWN OTHER`. */
import { spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import * as fs from 'node:fs';
import { connect, createServer } from 'node:net';
import { argv, stdout } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';

const [, , name = '', own = '', other = ''] = argv;

/** @type {Record<string, () => unknown>} */
const DEEDS = {
  'nothing forbidden': () => {
    fs.writeFileSync(`${own}/file`, 'text');
    fs.renameSync(`${own}/file`, `${own}/renamed`);
    fs.unlinkSync(`${own}/renamed`);
    fs.readdirSync('/');
    return fs.promises.readFile('/etc/hostname').catch(() => '');
  },
  'a process': () => spawnSync('true'),
  'a connection to a port': () => connect(9, '127.0.0.1').on('error', () => {}),
  'a connection to a unix socket': () => connect(`${other}/socket`).on('error', () => {}),
  'a datagram': () => {
    const socket = createSocket('udp4');
    socket.send('x', 9, '127.0.0.1', () => socket.close());
  },
  'a look-up of a name': () => lookup('name.invalid').catch(() => {}),
  'another listener': () => createServer().listen(0, '127.0.0.1').unref(),
  'a new file': () => fs.writeFileSync(`${other}/new`, ''),
  'a new file through a link-like path': () => fs.writeFileSync(`${own}/../other/new2`, ''),
  'a file next to the log directory': () => fs.writeFileSync(`${own}-evil`, ''),
  'an append': () => fs.appendFileSync(`${other}/old`, 'x'),
  'an opening for writing': () => fs.closeSync(fs.openSync(`${other}/old`, 'r+')),
  'an opening of a device': () => fs.closeSync(fs.openSync('/dev/zero', 'r')),
  'a write through an old descriptor': () => fs.writeSync(Number(old), 'x'),
  'a directory': () => fs.mkdirSync(`${other}/directory`),
  'a removal': () => fs.unlinkSync(`${other}/doomed`),
  'a removal of a directory': () => fs.rmdirSync(`${other}/empty`),
  'a renaming out of the log directory': () => {
    fs.writeFileSync(`${own}/file`, '');
    fs.renameSync(`${own}/file`, `${other}/moved`);
  },
  'a hard link': () => fs.linkSync(`${other}/old`, `${other}/linked`),
  'a symbolic link': () => fs.symlinkSync('old', `${other}/symbolic`),
  'a mode': () => fs.chmodSync(`${other}/old`, 0o600),
  'a mode by descriptor': () => fs.fchmodSync(Number(old), 0o600),
  'a length': () => fs.truncateSync(`${other}/old`, 0),
  'a length by descriptor': () => fs.ftruncateSync(Number(old), 0),
  'a time': () => fs.utimesSync(`${other}/old`, 0, 0),
  'an owner': () => fs.chownSync(`${other}/old`, 0, 0),
  'a copy': () => fs.copyFileSync(`${other}/old`, `${other}/copy`),
  'a signal to another process': () => process.kill(process.ppid, 0),
};

/** Opened before it "listens", as an import might. */
const old = name.includes('descriptor') ? fs.openSync(`${other}/old`, 'r+') : null;
if (name === '--list') {
  stdout.write(JSON.stringify(Object.keys(DEEDS)));
} else {
  stdout.write('vmlab-planner listens on nothing\n');
  await DEEDS[name]?.();
  await sleep(50);
}
