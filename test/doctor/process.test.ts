/** Findings about pidfiles, debuggers, logs of the emulation, and files that a guest is handed. */
import t from 'tap';
import { TCG, withKernel } from '../help/changes.ts';
import type { Change } from '../help/documents.ts';
import { directoryAt, MISSING, UNWRITABLE } from '../help/hosts.ts';
import { at, findingOf, type Look, reportOn, type Seen } from '../help/machines.ts';
import { checkProfiles, checkReports, seen } from '../help/reports.ts';

const V2: Change = { schema_version: 2 };
const PIDFILE = { ...V2, 'process.pidfile': 'run/lab.pid' };

t.test('pidfiles', (t) => {
  const is = (seen: Seen): Look => ({ files: { 'run/lab.pid': seen } });
  const missing = directoryAt('/srv/lab/run', MISSING);
  const unwritable = directoryAt('/srv/lab/run', UNWRITABLE);
  checkProfiles(t, [
    ['to come', PIDFILE, {}, 'info sockets pidfile-ready'],
    ['of an earlier run', PIDFILE, is(at('file')), 'warning sockets pidfile-will-be-replaced'],
    ['unwritable', PIDFILE, is({ ...at('file'), isWritable: false }), 'warning sockets pidfile-unwritable'],
    [
      'on a mount that cannot be written',
      PIDFILE,
      is({ ...at('file'), isWritable: false, isOnReadOnlyMount: true }),
      'warning sockets pidfile-unwritable',
    ],
    [
      'of a QEMU that runs',
      PIDFILE,
      {
        ...is({ ...at('file'), id: '1:2' }),
        imageLocks: [{ id: '1:2', firstByte: 0, lastByte: Number.POSITIVE_INFINITY }],
      },
      'error sockets pidfile-in-use',
    ],
    ['a directory', PIDFILE, is(at('directory')), 'error sockets pidfile-blocked'],
    ['a pipe', PIDFILE, is(at('other')), 'error sockets pidfile-blocked'],
    ['no directory', PIDFILE, is({ directory: missing }), 'warning sockets pidfile-directory-missing +'],
    [
      'a directory that cannot be written',
      PIDFILE,
      is({ directory: unwritable }),
      'warning sockets pidfile-directory-unwritable',
    ],
    ['unreadable', PIDFILE, is(at('unreadable'))],
    ['not looked at', PIDFILE, { unseen: ['run/lab.pid'] }],
  ]);
});

t.test('what a pidfile loses', (t) => {
  const textOf = (realPath: string): string => {
    const look = { files: { 'run/lab.pid': { ...at('file'), realPath } } };
    return findingOf(seen(reportOn(PIDFILE, look)), 'pidfile-will-be-replaced').description;
  };
  const loss = 'QEMU overwrites it when it starts and deletes it when it ends';
  t.match(textOf('/srv/lab/run/lab.pid'), `process.pidfile is "run/lab.pid", which is there. ${loss}`);
  t.match(textOf('/srv/lab/notes'), `which is there and really is "/srv/lab/notes". ${loss}`);
  t.end();
});

const CONTROL = (key: string) => `warning profile profile-gdb-is-full-control:debug.${key}`;

t.test('debuggers', (t) => {
  const socket = { ...V2, 'debug.gdb_socket': 'run/g' };
  const port = { ...V2, 'debug.gdb_port': 1234 };
  const taken = {
    boundPorts: [{ protocol: 'tcp', address: '127.0.0.1', port: 1234, isConnection: false }],
  } as const;
  const is = (seen: Seen): Look => ({ files: { 'run/g': seen } });
  checkProfiles(t, [
    ['a socket', socket, {}, 'info sockets gdb-socket-ready', CONTROL('gdb_socket')],
    [
      'a socket of an earlier run',
      socket,
      is({ ...at('other'), isSocket: true }),
      'warning sockets stale-socket:gdb +',
      CONTROL('gdb_socket'),
    ],
    ['a file', socket, is(at('file')), 'error sockets gdb-socket-blocked', CONTROL('gdb_socket')],
    ['a port', port, {}, 'info network port-free:tcp:127.0.0.1:1234', CONTROL('gdb_port')],
    ['a taken port', port, taken, 'error network port-taken:tcp:127.0.0.1:1234', CONTROL('gdb_port')],
  ]);
});

t.test('each directory has a finding of its own', (t) => {
  const debug = { gdb_socket: 'a/g', log_file: 'b/l', log_items: ['int'] };
  const missing = (name: string): Seen => ({ directory: directoryAt(`/srv/lab/${name}`, MISSING) });
  checkProfiles(t, [
    [
      'a log and a socket',
      { ...V2, debug },
      { files: { 'a/g': missing('a'), 'b/l': missing('b') } },
      'warning sockets gdb-directory-missing +',
      'warning sockets debug-directory-missing +',
      CONTROL('gdb_socket'),
    ],
    [
      'an earlier log',
      { ...V2, debug: { log_file: 'b/l', log_items: ['int'] } },
      { files: { 'b/l': at('file') } },
      'info sockets debug-log-will-be-replaced',
    ],
  ]);
});

t.test('files for the guest', (t) => {
  const files = [
    { name: 'opt/a', file: 'data/a' },
    { name: 'opt/b', file: 'data/b' },
    { name: 'opt/c', text: 'c' },
  ];
  checkProfiles(t, [
    [
      'there',
      { ...V2, fw_cfg: files },
      {},
      'info storage fw-cfg-found:opt/a',
      'info storage fw-cfg-found:opt/b',
    ],
    [
      'missing, and a directory',
      { ...V2, fw_cfg: files },
      { files: { 'data/a': at('missing'), 'data/b': at('directory') } },
      'error storage fw-cfg-missing:opt/a',
      'error storage fw-cfg-not-a-file:opt/b',
    ],
    [
      'not to be seen',
      { ...V2, fw_cfg: [files[0]] },
      { files: { 'data/a': at('unreadable') } },
      'warning storage fw-cfg-unreadable:opt/a',
    ],
    ['not looked at', { ...V2, fw_cfg: [files[0]] }, { unseen: ['data/a'] }],
  ]);
});

t.test('a device tree', (t) => {
  const board = {
    ...V2,
    ...TCG,
    'hardware.arch': 'aarch64',
    ...withKernel({ append: 'console=ttyAMA0', dtb: 'boot/a.dtb' }),
  };
  checkProfiles(t, [
    ['there', board, {}, 'info kernel dtb-found', 'info kernel kernel-found'],
    [
      'missing',
      board,
      { files: { 'boot/a.dtb': at('missing') } },
      'error kernel dtb-missing',
      'info kernel kernel-found',
    ],
    [
      'something else',
      board,
      { files: { 'boot/a.dtb': { kind: 'file', isDeviceTree: false } } },
      'error kernel dtb-invalid',
      'info kernel kernel-found',
    ],
    [
      'one that QEMU can load',
      board,
      { files: { 'boot/a.dtb': { kind: 'file', isDeviceTree: true } } },
      'info kernel dtb-found',
      'info kernel kernel-found',
    ],
  ]);
});

/** Every kind of finding that these tests see besides those of a host in order. */
const KINDS = `
  debug-directory-missing debug-log-will-be-replaced dtb-found dtb-invalid dtb-missing fw-cfg-found fw-cfg-missing
  fw-cfg-not-a-file fw-cfg-unreadable gdb-directory-missing gdb-socket-blocked gdb-socket-ready kernel-found
  pidfile-blocked pidfile-directory-missing pidfile-directory-unwritable pidfile-in-use pidfile-ready pidfile-unwritable
  pidfile-will-be-replaced port-free port-taken stale-socket`;

t.test('what holds of every report', (t) => {
  checkReports(t, KINDS);
});
