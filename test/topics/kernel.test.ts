/** The kernel that is started directly: its files, and what it makes of its command line. */
import fc from 'fast-check';
import t from 'tap';
import { kernelParameters } from '../../src/topics/kernel_parameters.ts';
import { argvOf } from '../help/argv.ts';
import { TCG, withKernel } from '../help/changes.ts';
import { ABSENT, type Change, changed } from '../help/documents.ts';
import { given, LINUX, probed } from '../help/hosts.ts';
import { headerOf } from '../help/images.ts';
import { checkIssues, checkRows, type Row } from '../help/rows.ts';

t.test('kernel', (t) => {
  const of = (append: string, ...issues: string[]): Row => [
    append.slice(0, 30),
    withKernel({ append: `console=ttyS0 ${append}` }),
    ...issues,
  ];
  const unsafe = 'warning append-unsafe kernel.append';
  const long = 'warning append-long kernel.append';
  checkRows(t, [
    of(''),
    of('root=/dev/vda ro quiet'),
    of('x'.repeat(2033)),
    of('x'.repeat(2034), long),
    of('é'.repeat(1017), long),
    of('init=/bin/sh', unsafe),
    of('ro init=/bin/sh', unsafe),
    of('rdinit=/bin/sh', unsafe),
    of('quiet mitigations=off', unsafe),
    of('mitigations=auto'),
    of('preinit=x xinit=/bin/sh'),
    of('init= rdinit', unsafe),
    of('init rdinit'),
    of('mitigations="off"', unsafe),
    of('"mitigations=off"', unsafe),
    of('"init=/bin/sh -x"', unsafe),
    of('mitigations=off,nosmt'),
    of('mitigations=o"f"f'),
    of('x="a init=/bin/sh" y'),
    of('x="a b"mitigations=off'),
    of('x="a init=/bin/sh'),
    of('x\u00e0init=/bin/sh', unsafe),
    of('-- init=/bin/sh mitigations=off'),
    of('--x init=/bin/sh', unsafe),
    of('console=ttyS0 root=/dev/vda single'),
    [
      'too long for an argument',
      withKernel({ append: `console=ttyS0 ${'x'.repeat(131058)}` }),
      'error argument-too-long kernel.append',
    ],
    ['as long as an argument can be', withKernel({ append: `console=ttyS0 ${'x'.repeat(131057)}` }), long],
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
      { ...withKernel({ append: 'console=ttyS0 nfsroot=x' }), storage: ABSENT },
      'warning kernel-no-root kernel.append',
    ],
    [
      'a share is no root',
      { ...withKernel({}), 'storage.disks': [{ name: 'a', path: 'a', format: 'host-path' }] },
      'warning kernel-no-root kernel.append',
    ],
    [
      'disks that cannot be read',
      { ...withKernel({ append: 'console=ttyS0 root=/dev/vdz' }), 'storage.disks': 'a' },
      'error wrong-type storage.disks',
    ],
    ['an empty initrd', withKernel({ initrd: '' }), 'error empty-value kernel.initrd'],
    ['an empty image is reported once', withKernel({ bzimage: '' }), 'error empty-value kernel.bzimage'],
    [
      'a disabled section is not checked for what it would do',
      { kernel: { enabled: false, append: `init=/bin/sh ${'x'.repeat(140000)}`, initrd: 'boot/a,b.img' } },
    ],
  ]);
});

t.test('a command line is read as Linux reads it', (t) => {
  const of = (line: string, ...parameters: string[]) =>
    t.strictSame(
      kernelParameters(line).map(({ name, value }) => (value === null ? name : `${name}|${value}`)),
      parameters,
      line,
    );
  of('');
  of('  \t ');
  of('quiet root=/dev/vda  ro', 'quiet', 'root|/dev/vda', 'ro');
  of('a=b=c', 'a|b=c');
  of('=a', '=a');
  of('=a=b', '=a|b');
  of('a=', 'a|');
  of('a="b c" d', 'a|b c', 'd');
  of('"a=b c" d', 'a|b c', 'd');
  of('a="b', 'a|b');
  of('a="b" c"d e"f', 'a|b', 'c"d e"f');
  of('a=b"c d"', 'a|b"c d"');
  of('"a b" -- c', 'a b');
  of('a --=b -- c', 'a', '--|b');
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^[a-z=."-]{1,8}$/)), (words) => {
      const plain = words.filter((word) => !word.includes('"') && word !== '--');
      const read = kernelParameters(plain.join(' '));
      t.strictSame(
        read.map(({ name, value }) => (value === null ? name : `${name}=${value}`)),
        plain,
      );
    }),
  );
  t.end();
});

t.test('the console that the kernel writes to', (t) => {
  const of = (arch: string, append: string, ...issues: string[]): Row => [
    `${arch} ${append}`,
    { ...withKernel({ append }), ...TCG, 'hardware.arch': arch },
    ...issues,
  ];
  const elsewhere = 'warning console-not-on-serial kernel.append';
  const serial = (mode: object): Change => ({
    ...withKernel({ append: 'quiet' }),
    serial: { enabled: true, ...mode },
  });
  checkRows(t, [
    of('x86_64', 'console=ttyS0'),
    of('x86_64', 'console=ttyS0,115200n8 console=tty0'),
    of('x86_64', 'console="ttyS0"'),
    of('x86_64', 'console=ttyS'),
    of('x86_64', 'console=0'),
    of('x86_64', 'console=uart8250,io,0x3f8,115200'),
    of('x86_64', 'console=uart,io,0x3f8'),
    of('x86_64', 'console=00:04:0.0'),
    of('x86_64', '', elsewhere),
    of('x86_64', 'root=/dev/vda', elsewhere),
    of('x86_64', 'console', elsewhere),
    of('x86_64', 'console=', elsewhere),
    of('x86_64', 'console=tty0', elsewhere),
    of('x86_64', 'console=ttyS1', elsewhere),
    of('x86_64', 'console=ttyAMA0', elsewhere),
    of('x86_64', 'console=hvc0', elsewhere),
    of('x86_64', 'quiet -- console=ttyS0', elsewhere),
    of('aarch64', 'console=ttyAMA0,115200'),
    of('aarch64', 'quiet'),
    of('aarch64', 'console=ttyS0 root=/dev/vda', elsewhere),
    of('riscv64', 'console=ttyS0'),
    of('riscv64', 'console=hvc0'),
    of('riscv64', ''),
    of('riscv64', 'console=ttyAMA0', elsewhere),
    of('ppc64le', 'console=hvc0'),
    of('ppc64le', ''),
    of('ppc64le', 'console=ttyS0', elsewhere),
    ['a log', serial({ mode: 'file', logfile: 'l' }), elsewhere],
    ['a socket', serial({ mode: 'socket' }), elsewhere],
    ['a port that leads nowhere', serial({ mode: 'none' })],
    ['a mode that was refused', serial({ mode: 'x' }), 'error not-allowed serial.mode'],
    ['an architecture that was refused', of('mips', 'quiet')[1], 'error not-allowed hardware.arch'],
    [
      'no port',
      { ...withKernel({ append: 'quiet' }), serial: ABSENT },
      'warning kernel-without-serial serial.enabled',
      'info no-console serial.enabled',
    ],
  ]);
});

t.test('what is said of the console', (t) => {
  const said = (arch: string, append: string) =>
    checkIssues(
      t,
      changed({ ...withKernel({ append }), ...TCG, 'hardware.arch': arch }),
      ['warning console-not-on-serial kernel.append'],
      append,
    )[0];
  t.match(said('x86_64', 'root=/dev/vda'), {
    message: /has no console=, and without it most x86_64 kernels write nothing to the serial port, ttyS0\./,
    suggestion: 'Add console=ttyS0 to kernel.append.',
  });
  t.match(said('aarch64', 'console=ttyS0'), {
    message: /sets console= to "ttyS0", and the serial port of the aarch64 machine is ttyAMA0\./,
    suggestion: 'Add console=ttyAMA0 to kernel.append.',
  });
  t.end();
});

t.test('the disk that the kernel is to find its root on', (t) => {
  const of = (root: string, images: number, ...issues: string[]): Row => [
    `${root} of ${images}`,
    {
      ...withKernel({ append: `console=ttyS0 ${root}` }),
      'storage.disks': [
        { name: 's', path: 's', format: 'host-path', readonly: true },
        ...Array.from({ length: images }, (_, index) => ({
          name: `d${index}`,
          path: `d${index}`,
          format: 'raw',
        })),
      ],
    },
    ...issues,
  ];
  const none = 'warning root-not-a-disk kernel.append';
  checkRows(t, [
    of('root=/dev/vda', 1),
    of('root=/dev/vda1', 1),
    of('root="/dev/vdb"', 2),
    of('root=/dev/vdz', 26),
    of('root=/dev/vdaa', 27),
    of('root=/dev/vdab1', 27, none),
    of('root=/dev/vdb', 1, none),
    of('root=/dev/vdb2', 1, none),
    of('root=/dev/sda', 1, none),
    of('root=/dev/sda1', 2, none),
    of('root=/dev/hda', 1, none),
    of('root=/dev/xvda1', 1, none),
    of('root=/dev/sr0', 1, none),
    of('root=/dev/nvme0n1p2', 1, none),
    of('root=/dev/mmcblk0p2', 1, none),
    of('root=/dev/vda', 0, none),
    of('root=/dev/sda root=/dev/vda', 1),
    of('root=/dev/vda root=/dev/sda', 1, none),
    of('root=/dev/ram0', 1),
    of('root=/dev/nfs', 0),
    of('root=/dev/mapper/vg-root', 1),
    of('root=UUID=1-2', 1),
    of('root=PARTUUID=3', 1),
    of('root=LABEL=x', 1),
    of('root=s rootfstype=9p', 0),
    of('root=/dev/sda', 1, none),
    of('-- root=/dev/sda', 1),
    [
      'disks that were refused',
      { ...withKernel({ append: 'console=ttyS0 root=/dev/sda' }), 'storage.disks': 'x' },
      'error wrong-type storage.disks',
    ],
  ]);
});

t.test('the root on other buses', (t) => {
  const none = 'warning root-not-a-disk kernel.append';
  const of = (root: string, buses: readonly string[], more: Change, ...issues: string[]): Row => [
    `${root} on ${buses}`,
    {
      schema_version: 2,
      ...withKernel({ append: `console=ttyS0 root=/dev/${root}` }),
      'storage.disks': buses.map((bus, index) => ({
        name: `d${index}`,
        path: `d${index}`,
        format: 'raw',
        bus,
      })),
      ...more,
    },
    ...issues,
  ];
  const pc = { machine: { type: 'pc' } };
  const drives = {
    'storage.cdroms': [{ name: 'c', path: 'c.iso' }],
    'storage.floppies': [{ name: 'f', path: 'f.img' }],
  };
  const usb = { usb: [{ bus: 1, port: '2' }] };
  const passthrough = { passthrough: [{ name: 'n', address: '0000:01:00.0' }] };
  checkRows(t, [
    of('sda', ['scsi'], {}),
    of('sda1', ['sata'], {}),
    of('sdb2', ['usb', 'scsi'], {}),
    of('sda', ['ide'], pc),
    of('hda1', ['ide'], pc),
    of('hda', ['virtio'], pc, none),
    of('nvme0n1', ['nvme'], {}),
    of('nvme1n1p3', ['nvme', 'nvme'], {}),
    of('vda', ['scsi', 'virtio'], {}),
    of('vda', ['scsi'], {}, none),
    of('vda1', ['nvme'], {}, none),
    of('sda', ['nvme'], {}, none),
    of('sdb', ['scsi', 'virtio'], {}, none),
    of('nvme1n1', ['nvme'], {}, none),
    of('nvme0n2', ['nvme'], {}, none),
    of('nvme0', ['nvme'], {}),
    of('vdb', ['scsi', 'virtio'], { 'storage.seed': { path: 's.iso' } }),
    of('sr0', ['virtio'], drives),
    of('sr1', ['virtio'], drives, none),
    of('fd0', ['virtio'], drives),
    of('fd1', ['virtio'], drives, none),
    of('fd0', ['virtio'], {}, none),
    of('x', ['virtio'], {}),
    of('sda1', ['virtio'], usb),
    of(
      'sda1',
      ['virtio'],
      { display: { mode: 'spice', port: 5900, usb_redirection: 1 } },
      'warning display-without-password display.port',
    ),
    of('nvme0n1', ['virtio'], usb, none),
    of('nvme0n1', ['virtio'], passthrough),
    of('vdb', ['virtio'], passthrough, none),
    of('sda', ['floppy'], {}, 'error not-allowed storage.disks[0].bus'),
  ]);
});

t.test('what is said of the root', (t) => {
  const saidOf = (root: string, change: Change) =>
    checkIssues(
      t,
      changed({ ...withKernel({ append: `console=ttyS0 ${root}` }), ...change }),
      ['warning root-not-a-disk kernel.append'],
      'root',
    )[0]?.message;
  const said = (change: Change) => saidOf('root=/dev/sda1', change);
  t.match(said({}), /sets root= to "\/dev\/sda1", and the VM has one disk, \/dev\/vda\.$/);
  const two = { 'storage.disks.1': { name: 'b', path: 'b', format: 'raw' } };
  t.match(said(two), /and the VM has 2 disks: \/dev\/vda, \/dev\/vdb\.$/);
  const many = ['scsi', 'nvme', 'virtio', 'usb', 'virtio'].map((bus, index) => ({
    name: `m${index}`,
    path: `m${index}`,
    format: 'raw',
    bus,
  }));
  t.match(
    said({ schema_version: 2, 'storage.disks': many.slice(1, 3) }),
    /has 2 disks: \/dev\/vda, \/dev\/nvme0n1\.$/,
  );
  t.match(
    saidOf('root=/dev/vdc', { schema_version: 2, 'storage.disks': many }),
    /has 5 disks: \/dev\/vda, \/dev\/vdb, \/dev\/sda, \/dev\/sdb and so on\.$/,
  );
  t.match(said({ storage: ABSENT }), /and the VM has no disk\.$/);
  t.end();
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

t.test('a comma in an initrd on a host whose kernel was looked at', (t) => {
  const on = (about: string, change: Change, isMultiboot: boolean | null, ...issues: string[]) => {
    const paths = { '/srv/lab/boot/bzImage': { isMultiboot }, '/srv/lab/boot/a, b.img': {} };
    const document = changed({ ...withKernel({ initrd: 'boot/a, b.img' }), ...change });
    checkIssues(
      t,
      document,
      issues,
      about,
      probed(LINUX, { paths: { ...paths, '/srv/lab/images/root.qcow2': { header: headerOf('qcow2') } } }),
    );
  };
  const comma = 'error initrd-comma kernel.initrd';
  const space = 'warning initrd-space kernel.initrd';
  on('multiboot', {}, true, comma, space);
  on('a kernel that nobody could read', {}, null, comma, space);
  on('a bzImage', {}, false);
  const arch = (name: string) => ({ ...TCG, 'hardware.arch': name, 'kernel.append': '' });
  on('arm64, whatever it looks like', arch('aarch64'), true);
  on('riscv64 that nobody could read', arch('riscv64'), null);
  on(
    'an unknown architecture',
    { 'hardware.arch': 'mips' },
    true,
    'error not-allowed hardware.arch',
    comma,
    space,
  );
  on('an unknown kernel', { 'kernel.bzimage': '' }, false, 'error empty-value kernel.bzimage', comma, space);
  t.end();
});
