/** Two keys that name one file: what only reads it may stand together, and nothing may be read that something else writes. */
import t from 'tap';
import { disk } from '../help/changes.ts';
import { type Change, changed } from '../help/documents.ts';
import { FIRMWARE, given, LINUX } from '../help/hosts.ts';
import { issuesOf, outcomeOf } from '../help/plans.ts';

const HOST = given({ ...LINUX, firmware: FIRMWARE });

type Key = readonly [field: string, change: (path: string) => Change];

const BASE: Change = {
  schema_version: 2,
  'storage.disks': [
    disk('root'),
    disk('read', { readonly: true }),
    disk('over', { base: { path: 'images/base.qcow2', format: 'qcow2' } }),
    disk('locked', { encryption: { key_file: 'locked.key' } }),
  ],
  'storage.floppies': [
    { name: 'a', path: 'a.img', readonly: true },
    { name: 'b', path: 'b.img' },
  ],
};

const READ: readonly Key[] = [
  ['storage.disks[1].path', (path) => ({ 'storage.disks.1.path': path })],
  ['storage.disks[2].base.path', (path) => ({ 'storage.disks.2.base.path': path })],
  ['storage.cdroms[0].path', (path) => ({ 'storage.cdroms': [{ name: 'cd', path }] })],
  ['storage.floppies[0].path', (path) => ({ 'storage.floppies.0.path': path })],
  ['storage.seed.path', (path) => ({ 'storage.seed.path': path })],
  ['storage.seed.user_data', (path) => ({ 'storage.seed': { path: 's.iso', user_data: path } })],
  ['firmware.code', (path) => ({ 'firmware.type': 'uefi', 'firmware.code': path })],
  ['fw_cfg[0].file', (path) => ({ fw_cfg: [{ name: 'opt/a', file: path }] })],
  ['display.password_file', (path) => ({ display: { mode: 'vnc', port: 5901, password_file: path } })],
  ['kernel.bzimage', (path) => ({ 'kernel.enabled': true, 'kernel.bzimage': path })],
  ['kernel.initrd', (path) => ({ 'kernel.enabled': true, 'kernel.initrd': path })],
];

/** What opens a disk is in a file of its own, whatever else would read it. */
const KEY_FILE: Key = [
  'storage.disks[3].encryption.key_file',
  (path) => ({ 'storage.disks.3.encryption.key_file': path }),
];

const WRITTEN: readonly Key[] = [
  ['storage.disks[0].path', (path) => ({ 'storage.disks.0.path': path })],
  ['storage.floppies[1].path', (path) => ({ 'storage.floppies.1.path': path })],
  ['firmware.vars', (path) => ({ 'firmware.type': 'uefi', 'firmware.vars': path })],
  ['serial.logfile', (path) => ({ 'serial.mode': 'file', 'serial.logfile': path })],
  ['debug.log_file', (path) => ({ debug: { log_file: path, log_items: ['unimp'] } })],
  ['process.pidfile', (path) => ({ 'process.pidfile': path })],
  ['qmp.socket', (path) => ({ 'qmp.socket': path })],
];

/** Which of the two is told that the other has its file. */
function told([one, first]: Key, [other, second]: Key): string[] {
  return issuesOf(outcomeOf(changed({ ...structuredClone(BASE), ...first('same'), ...second('same') }), HOST))
    .filter(({ code }) => code === 'path-conflict' || code === 'image-shared-writable')
    .map(({ field }) => field)
    .filter((field) => field === one || field === other);
}

t.test('what is read may not be written', (t) => {
  for (const read of [...READ, KEY_FILE])
    for (const written of WRITTEN) t.equal(told(read, written).length, 1, `${read[0]} and ${written[0]}`);
  t.end();
});

t.test('what is read may be read twice', (t) => {
  for (const [index, one] of READ.entries())
    for (const other of READ.slice(index + 1))
      t.strictSame(told(one, other), [], `${one[0]} and ${other[0]}`);
  for (const read of READ) t.strictSame(told(KEY_FILE, read), [KEY_FILE[0]], read[0]);
  t.end();
});

/** None of them is a file. */
const OTHERS: readonly Key[] = [
  ['shares[0].path', (path) => ({ shares: [{ name: 's', path, readonly: true }] })],
  [
    'network.interfaces[0].tftp',
    (path) => ({ 'network.interfaces': [{ name: 'n', type: 'user', tftp: path }] }),
  ],
  [
    'network.interfaces[0].socket_path',
    (path) => ({
      'network.interfaces': [{ name: 'n', type: 'socket', socket_path: path, socket_role: 'connect' }],
    }),
  ],
];

t.test('a file is no directory and no socket', (t) => {
  for (const other of OTHERS)
    for (const file of [...READ, KEY_FILE, ...WRITTEN])
      t.equal(told(other, file).length, 1, `${other[0]} and ${file[0]}`);
  const [share, tftp, peer] = OTHERS as [Key, Key, Key];
  t.strictSame(told(share, tftp), [], 'two directories');
  t.strictSame(told(share, peer), [peer[0]]);
  const [issue] = issuesOf(
    outcomeOf(changed({ ...BASE, ...share[1]('a,b'), ...READ[0]?.[1]('./a,b') }), HOST),
  ).filter(({ code }) => code === 'path-conflict');
  t.match(
    issue?.message,
    /^shares\[0\]\.path is "a,b", which is storage\.disks\[1\]\.path too; what is there cannot be a file and a directory at once\.$/,
  );
  t.end();
});
