/** Names that windows has other rules for than anybody else: devices, characters that no name has, streams of a file. */
import t from 'tap';
import { AT_DISK, DISK_PATH, LOG } from '../help/changes.ts';
import { type Change, changed } from '../help/documents.ts';
import { DARWIN_INTEL, FREEBSD, given, type Host, WINDOWS } from '../help/hosts.ts';
import { checkIssues } from '../help/rows.ts';

const DEVICES = [
  'nul',
  'images/nul',
  'aux.qcow2',
  'images/con.qcow2',
  'logs/com1.log',
  'COM1',
  'com\u00b9.log',
  'a/LPT\u00b3',
  'lpt9.tar.gz',
  'Prn',
  'con/a.qcow2',
  'a/b/nul/c',
  'con.',
  'con /a',
  'nul . a',
  'com2  .log',
];

t.test('devices, by whatever name', (t) => {
  const on = (facts: Host['facts'], path: string, ...issues: string[]) =>
    checkIssues(t, changed({ ...LOG, [DISK_PATH]: path }), issues, `${path} on ${facts.os}`, given(facts));
  const forbidden = `error forbidden-path ${AT_DISK}`;
  for (const path of DEVICES) {
    on(WINDOWS, path, forbidden);
    for (const facts of [DARWIN_INTEL, FREEBSD]) on(facts, path);
  }
  for (const path of ['//server/pipe/a', '\\\\server\\Mailslot\\a', '//server/PIPE', '/\\server/pipe /a'])
    on(WINDOWS, path, forbidden);
  for (const path of ['ssh~1/key', 'C:/Users/me/SSH~2/key', 'CONFIG~1/gcloud/a', 'gnupg~1'])
    on(WINDOWS, path, forbidden);
  for (const path of ['xssh~1/key', 'ssh~x', 'config~1/a']) on(WINDOWS, path);
  for (const path of [
    'console.log',
    'com',
    'com0',
    'com10',
    'com1x',
    'lpt-1',
    'nul1',
    'xaux',
    'a con',
    'x.nul',
  ]) {
    on(WINDOWS, path);
  }
  t.end();
});

t.test('devices by names that are made, or not needed', (t) => {
  const windows = given(WINDOWS);
  const of = (about: string, change: Change, ...issues: string[]) =>
    checkIssues(t, changed({ ...LOG, ...change }), issues, about, windows);
  of('a VM called so, without a socket', { 'vm.name': 'con' });
  const named = { 'vm.name': 'con', qmp: {} };
  of('a VM called so', named, 'error forbidden-path qmp.socket');
  checkIssues(t, changed(named), [], 'that is no device on Linux');
  of(
    'a section that is switched off',
    { kernel: { enabled: false, initrd: 'a/nul' } },
    'error forbidden-path kernel.initrd',
  );
  of(
    'a name that no file has',
    { kernel: { enabled: false, initrd: 'a?' } },
    'error invalid-file-name kernel.initrd',
  );
  of('a drive', { [DISK_PATH]: 'C:nul' }, `error forbidden-path ${AT_DISK}`);
  const [message] = checkIssues(
    t,
    changed({ ...LOG, 'serial.logfile': 'logs/com1.log' }),
    ['error forbidden-path serial.logfile'],
    'a log',
    windows,
  );
  t.match(
    message?.message,
    /is "logs\/com1\.log", which leads to the device COM1; no plan may name that place\.$/,
  );
  t.end();
});

t.test('names that no file has', (t) => {
  const refused = `error invalid-file-name ${AT_DISK}`;
  for (const path of [
    'a<',
    'a>b',
    '"a"',
    'a|b',
    'a?',
    '*.img',
    'a/b*/c',
    'file:stream',
    'a.img::DATA',
    'C:\\lab\\a:b',
    'x/C:\\a',
  ]) {
    checkIssues(t, changed({ ...LOG, [DISK_PATH]: path }), [refused], path, given(WINDOWS));
    checkIssues(
      t,
      changed({ [DISK_PATH]: path }),
      /^[A-Za-z]:|\\/.test(path) ? ['warning windows-path storage.disks[0].path'] : [],
      `${path} elsewhere`,
    );
  }
  for (const path of ['a.img.', 'images./a', 'images /a', 'x/.../a', '. ./a', '.. /a']) {
    checkIssues(t, changed({ ...LOG, [DISK_PATH]: path }), [refused], path, given(WINDOWS));
    checkIssues(t, changed({ [DISK_PATH]: path }), [], `${path} elsewhere`);
  }
  const [dropped] = checkIssues(
    t,
    changed({ ...LOG, [DISK_PATH]: 'a.img ' }),
    [refused, `warning path-outer-space ${AT_DISK}`],
    'a space at the end',
    given(WINDOWS),
  );
  t.match(dropped?.message, /has the name "a\.img ", which ends in a dot or a space; windows drops them/);
  for (const path of ['\\\\server', '//server/', '///server/share'])
    checkIssues(t, changed({ ...LOG, [DISK_PATH]: path }), [refused], path, given(WINDOWS));
  for (const path of ['a', 'b/../a', './a/./b', 'C:\\lab\\a,b', 'c:/lab/a', "it's (a) [name]; {x}&+=@!#%^"]) {
    checkIssues(t, changed({ ...LOG, [DISK_PATH]: path }), [], path, given(WINDOWS));
  }
  t.end();
});
