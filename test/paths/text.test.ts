/** A path as text: what a shell would expand, blanks and spaces, its length, and whether it can name a file. */
import t from 'tap';
import { AT_DISK, DISK_PATH, LOG, withKernel } from '../help/changes.ts';
import { changed } from '../help/documents.ts';
import { DARWIN_INTEL, FREEBSD, given, LINUX, WINDOWS } from '../help/hosts.ts';
import { PATH_KEYS } from '../help/path_keys.ts';
import { outcomeOf } from '../help/plans.ts';
import { checkIssues, checkRows, type Row } from '../help/rows.ts';

t.test('every field that is a path refuses what a shell would expand', (t) => {
  for (const [field, change] of PATH_KEYS) {
    for (const path of ['~', '~/a', '~user/a', 'a/$HOME', 'a/$(x)', 'a$', '`id`', '/srv/lab/a`b']) {
      checkIssues(t, changed(change(path)), [`error shell-expansion ${field}`], `${field} = ${path}`);
    }
    checkIssues(t, changed(change('a/~b~')), [], `${field}: a tilde inside is a name`);
  }
  t.end();
});

t.test('other text that looks like a path is none', (t) => {
  checkIssues(
    t,
    changed({
      ...withKernel({ append: 'console=ttyS0 ~ $x `y` /proc/cmdline /etc/shadow ../..' }),
      'vm.description': '~/$x /proc',
    }),
    [],
    'append and description',
  );
  t.end();
});

t.test('blank paths and names of binaries', (t) => {
  const rows: Row[] = ['storage.disks.0.path', 'vm.qemu_binary', 'qmp.socket'].flatMap((path): Row[] =>
    ['', ' ', '\u00a0\u3000'].map((value) => [
      `${path} ${JSON.stringify(value)}`,
      { [path]: value },
      `error empty-value ${path.replace('.0', '[0]')}`,
    ]),
  );
  checkRows(t, rows);
});

t.test('spaces around a path', (t) => {
  for (const [field, change] of PATH_KEYS) {
    const space = field === 'kernel.initrd' ? [`warning initrd-space ${field}`] : [];
    for (const path of [' a', 'a ']) {
      checkIssues(
        t,
        changed(change(path)),
        [...space, `warning path-outer-space ${field}`],
        `${field} = "${path}"`,
      );
    }
    checkIssues(t, changed(change('a b')), space, `${field}: a space inside`);
  }
  t.end();
});

t.test('a file is no directory', (t) => {
  for (const [field, change] of PATH_KEYS) {
    for (const path of ['a/', '.', 'a/..', './', '/srv/lab', '/srv/lab/']) {
      const isShare = field === 'storage.disks[1].path';
      checkIssues(
        t,
        changed(change(path)),
        isShare ? [] : [`error path-not-a-file ${field}`],
        `${field} = ${path}`,
      );
    }
  }
  checkIssues(
    t,
    changed({ [DISK_PATH]: '/' }),
    [`error path-not-a-file ${AT_DISK}`, `warning outside-project-root ${AT_DISK}`],
    'the root of the file system',
  );
  for (const path of ['a\\', 'C:\\lab', 'C:/lab/.']) {
    checkIssues(
      t,
      changed({ ...LOG, [DISK_PATH]: path }),
      [`error path-not-a-file ${AT_DISK}`],
      path,
      given(WINDOWS),
    );
  }
  checkIssues(
    t,
    changed({ [DISK_PATH]: 'a\\' }),
    ['warning windows-path storage.disks[0].path'],
    'a backslash is a character elsewhere',
  );
  t.end();
});

t.test('lengths', (t) => {
  const long = (bytes: number) =>
    Array.from({ length: Math.ceil(bytes / 250) }, () => 'x'.repeat(249))
      .join('/')
      .slice(0, bytes);
  const root = '/srv/lab/'.length;
  checkRows(t, [
    ['4095 bytes', { [DISK_PATH]: `${long(4095 - root - 1)}y` }],
    ['4096 bytes', { [DISK_PATH]: `${long(4096 - root - 1)}y` }, `error path-too-long ${AT_DISK}`],
    ['a component of 255 bytes', { [DISK_PATH]: 'x'.repeat(255) }],
    ['a component of 256 bytes', { [DISK_PATH]: 'x'.repeat(256) }, `error path-too-long ${AT_DISK}`],
    ['bytes count, not characters', { [DISK_PATH]: 'é'.repeat(128) }, `error path-too-long ${AT_DISK}`],
    ['a socket of 107 bytes', { 'qmp.socket': 'x'.repeat(107 - root) }],
    [
      'a socket of 108 bytes',
      { 'qmp.socket': 'x'.repeat(108 - root) },
      'error socket-path-too-long qmp.socket',
    ],
    [
      '108 bytes in 54 characters',
      { 'qmp.socket': `${'é'.repeat(49)}x` },
      'error socket-path-too-long qmp.socket',
    ],
    [
      'a serial socket',
      { 'serial.mode': 'socket', 'serial.device': 'x'.repeat(108 - root) },
      'error socket-path-too-long serial.device',
    ],
    ['a serial log may be longer', { 'serial.mode': 'file', 'serial.device': 'x'.repeat(200) }],
    ['a socket that is switched off', { qmp: { enabled: false, socket: 'x'.repeat(200) } }],
  ]);
});

t.test('default sockets count too', (t) => {
  const root = `/${'r'.repeat(40)}`;
  // root + /run/ + 64 + .qmp.sock or .serial.sock
  const host = (bytes: number) => given({ ...LINUX, project_root: root.slice(0, bytes) });
  const change = { 'vm.name': 'x'.repeat(64), qmp: {}, 'serial.mode': 'socket' };
  const room = 107 - '/run/'.length - 64;
  checkIssues(t, changed(change), [], 'both fit', host(room - '.serial.sock'.length));
  checkIssues(
    t,
    changed(change),
    ['error socket-path-too-long serial.device'],
    'one is too long',
    host(room - '.qmp.sock'.length),
  );
  checkIssues(
    t,
    changed(change),
    ['error socket-path-too-long serial.device', 'error socket-path-too-long qmp.socket'],
    'both are',
    given({ ...LINUX, project_root: root }),
  );
  t.end();
});

t.test('a socket has as many bytes as the sun_path of its system', (t) => {
  const rows = [
    [WINDOWS, 107],
    [DARWIN_INTEL, 103],
    [FREEBSD, 103],
  ] as const;
  for (const [facts, most] of rows) {
    const room = most - `${facts.project_root}/`.length;
    const of = (bytes: number) => changed({ ...LOG, 'qmp.socket': 'x'.repeat(bytes) });
    checkIssues(t, of(room), [], `${most} on ${facts.os}`, given(facts));
    checkIssues(
      t,
      of(room + 1),
      ['error socket-path-too-long qmp.socket'],
      `${most + 1} on ${facts.os}`,
      given(facts),
    );
  }
  t.end();
});

t.test('the longest path that a request can hold is refused like any other', (t) => {
  const texts = {
    spaces: `${' '.repeat(240000)}x`,
    dots: `${'.'.repeat(240000)}x`,
    components: 'a/'.repeat(120000),
    parents: '../'.repeat(80000),
    backslashes: `a${'\\'.repeat(240000)}`,
    words: `token${' '.repeat(100)}`.repeat(2200),
  };
  for (const facts of [LINUX, DARWIN_INTEL, WINDOWS, FREEBSD]) {
    for (const [name, text] of Object.entries(texts)) {
      const outcome = outcomeOf(changed({ ...LOG, 'qmp.socket': text }), given(facts));
      t.notOk(outcome.isValid, `${name} on ${facts.os}`);
    }
  }
  t.end();
});
