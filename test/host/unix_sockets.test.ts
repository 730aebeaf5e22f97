/** Which unix sockets the processes of a host have: by text that the kernel could have written, and by real ones. */
import { linkSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { SYSTEM_FILES } from '../../src/host/system_files.ts';
import { readUnixSockets } from '../../src/host/unix_sockets.ts';
import { folderOf, idOf, listenAt, listenIn, onLinux, shortFolderOf } from '../help/this_host.ts';

const HEADER = 'Num       RefCount Protocol Flags    Type St Inode Path';

t.test("sockets by the kernel's table", async (t) => {
  const root = folderOf(t, { proc: {}, 'a b.sock': '' });
  const table = [
    HEADER,
    `00000000a9185000: 00000002 00000000 00010000 0001 01 11 ${root}/a b.sock`,
    `00000000a9185001: 00000002 00000000 00010000 0001 01 12 ${root}/gone.sock`,
    '00000000a9185002: 00000002 00000000 00010000 0001 01 13 @abstract',
    '00000000a9185003: 00000003 00000000 00000000 0001 03 14 run/accepted.sock',
    '00000000a9185004: 00000003 00000000 00000000 0001 03 15 run/accepted.sock',
    '00000000a9185005: 00000003 00000000 00000000 0001 03 16',
    '00000000a9185006: 00000002 00000000 00010000 0001 01 17  starts with a space',
    '',
  ];
  writeFileSync(join(root, 'proc/unix'), table.join('\n'));
  t.strictSame(await readUnixSockets(join(root, 'proc')), [
    { name: `${root}/a b.sock`, id: idOf(join(root, 'a b.sock')) },
    { name: `${root}/gone.sock`, id: null },
    { name: 'run/accepted.sock', id: null },
    { name: ' starts with a space', id: null },
  ]);
  t.equal(await readUnixSockets(join(root, 'absent')), null, 'a host without that table');
});

t.test('sockets of this very host', onLinux, async (t) => {
  const folder = shortFolderOf(t);
  await listenIn(t, folder, 'relative.sock');
  await listenAt(t, `${folder}/absolute.sock`);
  await listenAt(t, `${folder}/renamed.sock`);
  await listenAt(t, `\0vmlab-${process.pid}`);
  linkSync(`${folder}/absolute.sock`, `${folder}/hard.sock`);
  renameSync(`${folder}/renamed.sock`, `${folder}/new.sock`);
  const sockets = await readUnixSockets(SYSTEM_FILES.procNet);
  const found = (wanted: string) => sockets?.find((one) => one.name === wanted);
  t.strictSame(found('relative.sock'), { name: 'relative.sock', id: null });
  t.equal(found(`${folder}/absolute.sock`)?.id, idOf(`${folder}/hard.sock`), 'by any of its names');
  t.equal(found(`${folder}/renamed.sock`)?.id, null, 'the kernel lists the name that it had');
  t.equal(
    sockets?.some((one) => one.name.includes(`vmlab-${process.pid}`) && !one.name.startsWith('/')),
    false,
    'an abstract name is no file',
  );
});
