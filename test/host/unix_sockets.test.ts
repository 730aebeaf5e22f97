/** Which unix sockets the processes of a host have: by text that the kernel could have written, and by real ones. */
import { linkSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { thingAt } from '../../src/host/files.ts';
import { SYSTEM_FILES } from '../../src/host/system_files.ts';
import { readUnixSockets } from '../../src/host/unix_sockets.ts';
import {
  folderOf,
  idOf,
  leaveSocket,
  listenAt,
  listenIn,
  onLinux,
  shortFolderOf,
} from '../help/this_host.ts';

const HEADER = 'Num       RefCount Protocol Flags    Type St Inode Path';

t.test("sockets by the kernel's table", onLinux, async (t) => {
  const root = folderOf(t, { proc: {}, file: '' });
  await leaveSocket(t, root, 'a b.sock');
  const table = [
    HEADER,
    `00000000a9185000: 00000002 00000000 00010000 0001 01 11 ${root}/a b.sock`,
    `00000000a9185001: 00000002 00000000 00010000 0001 01    12 ${root}/gone.sock`,
    '00000000a9185002: 00000002 00000000 00010000 0001 01 13 @abstract',
    '00000000a9185003: 00000003 00000000 00000000 0001 03 14 run/accepted.sock',
    '00000000a9185004: 00000003 00000000 00010000 0001 01 15 run/accepted.sock',
    '00000000a9185005: 00000003 00000000 00000000 0001 03 16 run/accepted.sock',
    '00000000a9185005: 00000003 00000000 00000000 0001 03 16',
    '00000000a9185006: 00000002 00000000 00010000 0005 01 17  starts with a space',
    `00000000a9185007: 00000002 00000000 00000000 0002 01 18 ${root}/file`,
    '',
  ];
  writeFileSync(join(root, 'proc/unix'), table.join('\n'));
  const nowhere = { id: null, directory: null };
  t.strictSame(await readUnixSockets(join(root, 'proc'), join(root, 'absent')), [
    { name: `${root}/a b.sock`, id: idOf(join(root, 'a b.sock')), directory: root, isListening: true },
    { name: `${root}/gone.sock`, id: null, directory: root, isListening: true },
    { name: '@abstract', ...nowhere, isListening: true },
    { name: 'run/accepted.sock', ...nowhere, isListening: true },
    { name: ' starts with a space', ...nowhere, isListening: false },
    { name: `${root}/file`, id: null, directory: root, isListening: false },
  ]);
  t.equal(await readUnixSockets(join(root, 'absent'), root), null, 'a host without that table');
});

t.test('sockets of other network namespaces', onLinux, async (t) => {
  const table = (...names: string[]) => ({
    unix: [HEADER, ...names.map((name) => `0: 00000002 00000000 00010000 0001 01 11 ${name}`), ''].join('\n'),
  });
  const root = folderOf(t, {
    own: table('own'),
    processes: {
      1: { net: table('first') },
      2: { net: {} },
      3: { net: table('second') },
      4: {},
      self: { net: table('no number') },
    },
  });
  linkSync(join(root, 'own/unix'), join(root, 'processes/2/net/unix'));
  const sockets = await readUnixSockets(join(root, 'own'), join(root, 'processes'));
  t.strictSame(sockets?.map(({ name }) => name).sort(), ['first', 'own', 'second']);
});

t.test('sockets of this very host', onLinux, async (t) => {
  const folder = shortFolderOf(t);
  await listenIn(t, folder, 'relative.sock');
  await listenAt(t, `${folder}/absolute.sock`);
  await listenAt(t, `${folder}/renamed.sock`);
  await listenAt(t, `\0vmlab-${process.pid}`);
  linkSync(`${folder}/absolute.sock`, `${folder}/hard.sock`);
  renameSync(`${folder}/renamed.sock`, `${folder}/new.sock`);
  const sockets = await readUnixSockets(SYSTEM_FILES.procNet, SYSTEM_FILES.processes);
  const found = (wanted: string) => sockets?.find((one) => one.name === wanted);
  t.match(found('relative.sock'), { id: null, directory: null, isListening: true });
  t.equal(found(`${folder}/absolute.sock`)?.id, idOf(`${folder}/hard.sock`), 'by any of its names');
  t.match(found(`${folder}/renamed.sock`), { id: null, directory: folder }, 'the name that it had');
  const abstract = sockets?.filter(({ name }) => name.includes(`vmlab-${process.pid}`));
  t.match(abstract, [{ name: /^@/, id: null, directory: null }], 'an abstract name is no file');
  t.equal((await thingAt(`${folder}/relative.sock`)).mayHaveMoved, false);
  t.equal((await thingAt(`${folder}/hard.sock`)).mayHaveMoved, true, 'it has two names');
});
