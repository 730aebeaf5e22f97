/** The serial port, QMP, the console and the kernel that is started directly. */
import t from 'tap';
import { argvOf, valuesOf } from '../help/argv.ts';
import { withKernel } from '../help/changes.ts';
import { ABSENT, changed, type Document } from '../help/documents.ts';
import { given, LINUX } from '../help/hosts.ts';
import { plannedOf } from '../help/plans.ts';
import { checkIssues, checkRows, type Row } from '../help/rows.ts';

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
      { serial: { mode: 'pty', device: 'run/a', logfile: 'logs/a.log' } },
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

t.test('kernel', (t) => {
  const of = (append: string, ...issues: string[]): Row => [
    append.slice(0, 30),
    withKernel({ append }),
    ...issues,
  ];
  const unsafe = 'warning append-unsafe kernel.append';
  const long = 'warning append-long kernel.append';
  checkRows(t, [
    of(''),
    of('root=/dev/vda ro quiet'),
    of('x'.repeat(2047)),
    of('x'.repeat(2048), long),
    of('é'.repeat(1024), long),
    of('init=/bin/sh', unsafe),
    of('ro init=/bin/sh', unsafe),
    of('rdinit=/bin/sh', unsafe),
    of('quiet mitigations=off', unsafe),
    of('mitigations=auto'),
    of('preinit=x xinit=/bin/sh'),
    of('console=ttyS0 root=/dev/vda single'),
    [
      'too long for an argument',
      withKernel({ append: 'x'.repeat(131072) }),
      'error argument-too-long kernel.append',
    ],
    ['as long as an argument can be', withKernel({ append: 'x'.repeat(131071) }), long],
    [
      'no serial port',
      { ...withKernel({}), serial: ABSENT },
      'warning kernel-without-serial serial.enabled',
      'info no-console serial.enabled',
    ],
    ['no root', { ...withKernel({}), storage: ABSENT }, 'warning kernel-no-root kernel.append'],
    ['no root but an initrd', { ...withKernel({ initrd: 'boot/i.img' }), storage: ABSENT }],
    [
      'another word that ends in root=',
      { ...withKernel({ append: 'nfsroot=x' }), storage: ABSENT },
      'warning kernel-no-root kernel.append',
    ],
    [
      'a share is no root',
      { ...withKernel({}), 'storage.disks': [{ name: 'a', path: 'a', format: 'host-path' }] },
      'warning kernel-no-root kernel.append',
    ],
    ['an empty initrd', withKernel({ initrd: '' }), 'error empty-value kernel.initrd'],
    ['an empty image is reported once', withKernel({ bzimage: '' }), 'error empty-value kernel.bzimage'],
    [
      'a disabled section is not checked for what it would do',
      { kernel: { append: `init=/bin/sh ${'x'.repeat(140000)}`, initrd: 'boot/a,b.img' } },
    ],
  ]);
});

t.test('kernel in argv', (t) => {
  const of = (kernel: object) => argvOf({ kernel: { enabled: true, bzimage: 'k', ...kernel } });
  t.strictSame(
    of({}).slice(-4),
    ['-kernel', '/srv/lab/k', '-name', 'lab'],
    'an empty command line is no option',
  );
  t.strictSame(of({ append: ' ' }).slice(-4), ['-append', ' ', '-name', 'lab'], 'a blank one is');
  t.notOk(argvOf({ kernel: { bzimage: 'k', append: 'x' } }).includes('-append'), 'disabled');
  t.end();
});

t.test('an initrd is no list', (t) =>
  checkRows(t, [
    ['comma', withKernel({ initrd: 'boot/a,b.img' }), 'error initrd-comma kernel.initrd'],
    [
      'comma and space',
      withKernel({ initrd: 'boot/a, b.img' }),
      'error initrd-comma kernel.initrd',
      'warning initrd-space kernel.initrd',
    ],
    ['equals', withKernel({ initrd: 'boot/a=b.img' })],
    ['a comma in the kernel', withKernel({ bzimage: 'boot/a,b' })],
  ]),
);

t.test('a comma of the project root is in the initrd too', (t) => {
  const host = given({ ...LINUX, project_root: '/srv/a,b c' });
  checkIssues(
    t,
    changed(withKernel({ initrd: 'boot/initrd.img' })),
    ['error initrd-comma kernel.initrd', 'warning initrd-space kernel.initrd'],
    'relative',
    host,
  );
  checkIssues(
    t,
    changed(withKernel({ initrd: '/boot/initrd.img' })),
    ['warning outside-project-root kernel.initrd'],
    'absolute',
    host,
  );
  t.end();
});
