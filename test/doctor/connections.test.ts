/** Findings about sockets and serial logs, and the plans that mend them. */
import t from 'tap';
import { directoryAt, MISSING, type ProbedDirectory, UNWRITABLE, WINDOWS } from '../help/hosts.ts';
import {
  at,
  findingOf,
  type Look,
  reportOn,
  type Seen,
  socketBy,
  type UnixSocket,
} from '../help/machines.ts';
import { checkProfiles, checkReports, linesOf, remedyOf, seen } from '../help/reports.ts';

const SOCKETS = { qmp: {}, 'serial.mode': 'socket' };
const QMP = 'run/lab.qmp.sock';
const SERIAL = 'run/lab.serial.sock';

t.test('sockets', (t) => {
  const qmpIs = (seen: Seen): Look => ({ files: { [QMP]: seen } });
  const serialReady = 'info sockets serial-socket-ready';
  const stale = { ...at('other'), isSocket: true, id: '1:2' };
  const had = (...unixSockets: UnixSocket[]): Look => ({ ...qmpIs(stale), unixSockets });
  const link = (id: string | null): Look =>
    qmpIs({ ...at('link'), link: { path: '/srv/lab/other/q.sock', id } });
  checkProfiles(t, [
    ['nothing there', SOCKETS, {}, 'info sockets qmp-socket-ready', serialReady],
    [
      'no directory',
      SOCKETS,
      {
        files: {
          [QMP]: { directory: directoryAt('/srv/lab/run', MISSING) },
          [SERIAL]: { directory: directoryAt('/srv/lab/run', UNWRITABLE) },
        },
      },
      'warning sockets qmp-directory-missing +',
      'warning sockets serial-directory-unwritable',
    ],
    ['left by an earlier run', SOCKETS, qmpIs(stale), 'warning sockets stale-socket:qmp +', serialReady],
    [
      'not known whether in use',
      SOCKETS,
      { files: { [SERIAL]: stale }, unixSockets: null },
      'warning sockets stale-socket:serial',
      'info sockets qmp-socket-ready',
    ],
    [
      'in use',
      SOCKETS,
      had(socketBy('/srv/link/lab.qmp.sock', { id: '1:2' })),
      'error sockets socket-in-use:qmp',
      serialReady,
    ],
    [
      'perhaps in use, by a name that is relative',
      SOCKETS,
      had(socketBy('../run/lab.qmp.sock')),
      'warning sockets socket-in-use:qmp',
      serialReady,
    ],
    [
      'perhaps in use, by the name that it had before its directory was renamed',
      SOCKETS,
      had(socketBy('/srv/old/run/lab.qmp.sock')),
      'warning sockets socket-in-use:qmp',
      serialReady,
    ],
    [
      'perhaps in use, by another name that it may have had',
      SOCKETS,
      { ...qmpIs({ ...stale, mayHaveMoved: true }), unixSockets: [socketBy('run/other.sock')] },
      'warning sockets socket-in-use:qmp',
      serialReady,
    ],
    [
      'perhaps in use, by another name in its directory that is gone',
      SOCKETS,
      had(socketBy('/srv/lab/run/new.sock', { directory: '/srv/lab/run' })),
      'warning sockets socket-in-use:qmp',
      serialReady,
    ],
    [
      'perhaps in use, by a name that looks like an abstract one',
      { ...SOCKETS, qmp: { socket: 'run/@q' } },
      { files: { 'run/@q': stale }, unixSockets: [socketBy('@q')] },
      'warning sockets socket-in-use:qmp',
      serialReady,
    ],
    [
      'abstract names are no files',
      SOCKETS,
      { ...qmpIs({ ...stale, mayHaveMoved: true }), unixSockets: [socketBy('@/srv/lab/run/lab.qmp.sock')] },
      'warning sockets stale-socket:qmp +',
      serialReady,
    ],
    [
      'all others are ruled out',
      SOCKETS,
      had(
        socketBy('/run/lab.qmp.sock', { id: '1:3' }),
        socketBy('run/other.qmp.sock'),
        socketBy('/run/gone'),
      ),
      'warning sockets stale-socket:qmp +',
      serialReady,
    ],
    ['a link that leads nowhere', SOCKETS, link(null), 'warning sockets qmp-socket-is-link', serialReady],
    [
      'a link to the socket of a process',
      SOCKETS,
      { ...link('1:2'), unixSockets: [socketBy('q.sock', { id: '1:2' })] },
      'warning sockets qmp-socket-is-link',
      serialReady,
    ],
    [
      'a link in a directory that cannot be written',
      SOCKETS,
      qmpIs({
        ...at('link'),
        link: { path: '/x', id: null },
        directory: directoryAt('/srv/lab/run', UNWRITABLE),
      }),
      'warning sockets qmp-directory-unwritable',
      'warning sockets qmp-socket-is-link',
      serialReady,
    ],
    [
      'of another user in a directory with a sticky bit',
      SOCKETS,
      { ...qmpIs({ ...stale, isRemovable: false }), unixSockets: [socketBy('/s', { id: '1:2' })] },
      'warning sockets qmp-socket-not-removable',
      serialReady,
    ],
    [
      'a file that QEMU would remove',
      SOCKETS,
      qmpIs(at('file')),
      'error sockets qmp-socket-blocked',
      serialReady,
    ],
    ['a directory', SOCKETS, qmpIs(at('directory')), 'error sockets qmp-socket-blocked', serialReady],
    [
      'a stale one in a directory that cannot be written',
      SOCKETS,
      qmpIs({ ...stale, directory: directoryAt('/srv/lab/run', UNWRITABLE) }),
      'warning sockets qmp-directory-unwritable',
      'warning sockets stale-socket:qmp +',
      serialReady,
    ],
    [
      'in a directory that cannot be seen',
      SOCKETS,
      qmpIs({ ...at('unreadable'), directory: directoryAt('/srv/lab/run', { state: 'unreadable' }) }),
      'warning sockets qmp-directory-unwritable',
      serialReady,
    ],
    [
      'stale on windows',
      { qmp: {}, 'serial.mode': 'none' },
      { facts: WINDOWS, ...qmpIs(stale), unixSockets: null },
      'warning sockets stale-socket:qmp',
      'info acceleration whpx-assumed',
    ],
  ]);
});

t.test('what is said of a link, and of a directory that cannot be written', (t) => {
  const says = (id: string, seen: Seen, more: Look = {}) =>
    findingOf(reportOn({ qmp: {} }, { files: { [QMP]: seen }, ...more }), id).description;
  const link = { ...at('link'), link: { path: '/run/q.sock', id: '1:2' } };
  const begin = `qmp.socket is "${QMP}", a symbolic link to "/run/q.sock"`;
  const replaced = 'QEMU removes the link and makes its socket in the place of the link';
  const mend = 'Remove the link, or write the path that is meant.';
  t.equal(
    says('qmp-socket-is-link', link),
    `${begin}; ${replaced}, and what the link leads to stays as it is. ${mend}`,
  );
  t.equal(
    says('qmp-socket-is-link', { ...link, link: { ...link.link, id: null } }),
    `${begin}, where nothing is to be seen; ${replaced}. ${mend}`,
  );
  t.equal(
    says('qmp-socket-is-link', link, { unixSockets: [socketBy('q.sock')] }),
    `${begin}, which may be a socket that a process has; ${replaced}, and what the link leads to stays as it is. ${mend}`,
  );
  t.equal(
    says('qmp-socket-is-link', link, { unixSockets: [socketBy('/q', { id: '1:2' })] }),
    `${begin}, a socket that a process has; ${replaced}, and that process goes on with its own. ${mend}`,
  );
  const inDirectory = (changes: Partial<ProbedDirectory>): Seen => ({
    ...at('missing'),
    directory: directoryAt('/srv/lab/run', changes),
  });
  const directory = `qmp.socket is "${QMP}", and the directory "/srv/lab/run"`;
  const rows: [Partial<ProbedDirectory>, string][] = [
    [UNWRITABLE, 'cannot be written by this user. Change its owner or its permissions.'],
    [
      { ...UNWRITABLE, isOnReadOnlyMount: true },
      'cannot be written by this user. Its file system is mounted read-only: mount it read-write, or use a path on another one.',
    ],
    [{ state: 'not-a-directory' }, 'is no directory. Remove what is there, or use another path.'],
  ];
  for (const [changes, end] of rows)
    t.equal(says('qmp-directory-unwritable', inDirectory(changes)), `${directory} ${end}`);
  t.end();
});

t.test('the plan to remove a socket', (t) => {
  const report = seen(reportOn(SOCKETS, { files: { [QMP]: { ...at('other'), isSocket: true } } }));
  const plan = remedyOf(report, 'stale-socket:qmp');
  t.strictSame(linesOf(plan), ['test -S /srv/lab/run/lab.qmp.sock', '~ rm -- /srv/lab/run/lab.qmp.sock']);
  t.match(plan, { risk: 'medium', confirmation_required: true });
  t.strictSame(plan.affected_resources, ['socket:unix:/srv/lab/run/lab.qmp.sock']);
  t.end();
});

t.test('serial logs', (t) => {
  const log = { 'serial.mode': 'file', 'serial.logfile': 'logs/a.log' };
  const is = (seen: Seen): Look => ({ files: { 'logs/a.log': seen } });
  const directory = directoryAt('/srv/lab/logs', MISSING);
  checkProfiles(t, [
    ['to come', log, {}, 'info sockets serial-log-ready'],
    ['of an earlier run', log, is(at('file')), 'info sockets serial-log-will-be-replaced'],
    ['unwritable', log, is({ ...at('file'), isWritable: false }), 'warning sockets serial-log-unwritable'],
    [
      'on a file system that is mounted read-only',
      log,
      is({ ...at('file'), isWritable: false, isOnReadOnlyMount: true }),
      'warning sockets serial-log-unwritable',
    ],
    [
      'there, in a directory that cannot be written',
      log,
      is({ ...at('file'), directory: directoryAt('/srv/lab/logs', UNWRITABLE) }),
      'info sockets serial-log-will-be-replaced',
    ],
    ['a directory', log, is(at('directory')), 'error sockets serial-log-blocked'],
    ['a pipe', log, is(at('other')), 'error sockets serial-log-blocked'],
    [
      'without its directory',
      log,
      is({ ...at('missing'), directory }),
      'warning sockets serial-directory-missing +',
    ],
    ['unreadable', log, is(at('unreadable'))],
  ]);
});

/** Every kind of finding that these tests see besides those of a host in order. */
const KINDS = `
  qmp-directory-missing qmp-directory-unwritable qmp-socket-blocked qmp-socket-is-link qmp-socket-ready
  serial-directory-missing serial-directory-unwritable serial-log-blocked serial-log-ready serial-log-unwritable
  serial-log-will-be-replaced serial-socket-ready socket-in-use stale-socket
  qmp-socket-not-removable whpx-assumed`;

t.test('what holds of every report', (t) => {
  checkReports(t, KINDS);
});
