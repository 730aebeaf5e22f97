/** The serial port, QMP and the console. */
import t from 'tap';
import { argvOf, valuesOf } from '../help/argv.ts';
import { changed, type Document } from '../help/documents.ts';
import { plannedOf } from '../help/plans.ts';
import { checkRows, type Row } from '../help/rows.ts';

t.test('serial', (t) => {
  const of = (about: string, serial: object, ...issues: string[]): Row => [
    about,
    { serial: { enabled: true, ...serial } },
    ...issues,
  ];
  checkRows(t, [
    of('pty by default', {}),
    of('pty', { mode: 'pty' }),
    of('none', { mode: 'none' }),
    of('socket', { mode: 'socket' }),
    of('socket with a device', { mode: 'socket', device: 'run/a.sock' }),
    of('pty with a device', { mode: 'pty', device: 'run/a' }, 'error serial-device-not-used serial.device'),
    of('none with a device', { mode: 'none', device: 'run/a' }, 'error serial-device-not-used serial.device'),
    of('file', { mode: 'file', logfile: 'logs/a.log' }),
    of(
      'file with both',
      { mode: 'file', logfile: 'logs/a.log', device: 'logs/b.log' },
      'warning serial-logfile-wins serial.logfile',
    ),
    of(
      'pty with a log',
      { mode: 'pty', logfile: 'logs/a.log' },
      'warning serial-logfile-ignored serial.logfile',
    ),
    of(
      'socket with a log',
      { mode: 'socket', logfile: 'logs/a.log' },
      'warning serial-logfile-ignored serial.logfile',
    ),
    of(
      'none with a log',
      { mode: 'none', logfile: 'logs/a.log' },
      'warning serial-logfile-ignored serial.logfile',
    ),
    of('an empty device', { mode: 'socket', device: '' }, 'error empty-value serial.device'),
    of('an empty log is reported once', { mode: 'file', logfile: ' ' }, 'error empty-value serial.logfile'),
    [
      'disabled: a device of another mode is no error',
      { serial: { enabled: false, mode: 'pty', device: 'run/a', logfile: 'logs/a.log' } },
      'info no-console serial.enabled',
    ],
  ]);
});

t.test('serial in argv', (t) => {
  const serialOf = (serial: object) => valuesOf(argvOf({ serial: { enabled: true, ...serial } }), '-serial');
  t.strictSame(serialOf({}), ['pty']);
  t.strictSame(serialOf({ mode: 'none' }), ['none']);
  t.strictSame(serialOf({ mode: 'none', logfile: 'l' }), ['none'], 'a log of another mode is ignored');
  t.strictSame(serialOf({ mode: 'socket', logfile: 'l' }), [
    'unix:/srv/lab/run/lab.serial.sock,server=on,wait=off',
  ]);
  t.strictSame(serialOf({ mode: 'file', logfile: 'l' }), ['file:/srv/lab/l']);
  t.strictSame(serialOf({ mode: 'file', device: 'd' }), ['file:/srv/lab/d']);
  t.strictSame(serialOf({ mode: 'file', device: 'd', logfile: 'l' }), ['file:/srv/lab/l'], 'the log wins');
  t.strictSame(serialOf({ enabled: false }), []);
  t.end();
});

t.test('qmp', (t) => {
  const socketOf = (change: Document) => {
    const { qmp } = plannedOf(changed(change)).profile;
    return [qmp.enabled, qmp.socket];
  };
  t.strictSame(socketOf({}), [false, undefined], 'absent');
  t.strictSame(socketOf({ qmp: {} }), [true, 'run/lab.qmp.sock'], 'an empty section');
  t.strictSame(socketOf({ 'qmp.enabled': true }), [true, 'run/lab.qmp.sock'], 'enabled');
  t.strictSame(socketOf({ 'qmp.enabled': false }), [false, undefined], 'disabled');
  t.strictSame(socketOf({ 'qmp.socket': 'run/q' }), [true, 'run/q'], 'a socket');
  t.strictSame(socketOf({ 'qmp.enabled': false, 'qmp.socket': 'run/q' }), [false, 'run/q'], 'both');
  t.end();
});

t.test('console', (t) => {
  const of = (sequence: string, ...issues: string[]): Row => [
    sequence,
    { 'console.escape_sequence': sequence },
    ...issues,
  ];
  const invalid = 'error invalid-escape-sequence console.escape_sequence';
  const conflict = 'warning escape-sequence-conflict console.escape_sequence';
  checkRows(t, [
    of('ctrl+]'),
    of('ctrl+a'),
    of('ctrl+alt+shift+x'),
    of('alt+c'),
    of('ctrl+shift+c'),
    of('shift+F12'),
    of('ctrl+c', conflict),
    of('ctrl+d', conflict),
    of('ctrl+q', conflict),
    of('ctrl+s', conflict),
    of('ctrl+z', conflict),
    of('ctrl+x'),
    of('', invalid),
    of(']', invalid),
    of('ctrl', invalid),
    of('ctrl+', invalid),
    of('+a', invalid),
    of('meta+a', invalid),
    of('ctrl + a', invalid),
  ]);
});
