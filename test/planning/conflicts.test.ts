/** What VMs of one host are in dispute about, and what only looks as if they were. */
import t, { type Test } from 'tap';
import { type Document, setAt } from '../help/documents.ts';
import { fleetOf, type Vm, vmProfile } from '../help/fleets.ts';
import { DARWIN, given, type Host, LINUX, ON_LINUX, probed, WINDOWS } from '../help/hosts.ts';

/** What a row is about, the VMs a, b, c, …, and the conflicts as `severity code ids pointers`. */
type Row = readonly [about: string, vms: readonly Vm[], ...conflicts: string[]];

const NAMES = ['a', 'b', 'c', 'd', 'e'];

function checkRows(t: Test, rows: readonly Row[], host: Host = ON_LINUX): void {
  for (const [about, vms, ...expected] of rows) {
    const summary = fleetOf(
      vms.map((vm, index) => [String(NAMES[index]), vmProfile(String(NAMES[index]), vm), host]),
    );
    const [{ conflicts, vms: count } = { conflicts: [], vms: 0 }] = summary.hosts;
    t.equal(count, vms.length, `${about}: all are planned`);
    t.strictSame(
      conflicts.map(({ severity, code, ids, pointers }) =>
        [severity, code, ids.join(), [...new Set(pointers)].join()].join(' '),
      ),
      expected,
      about,
    );
    const isAnyError = conflicts.some(({ severity }) => severity === 'error');
    t.equal(summary.valid, !isAnyError, `${about}: valid`);
    for (const { message, suggestion, ids, pointers } of conflicts) {
      t.match([message, suggestion], [/^\S.*\.$/, /^\S.*\.$/], `${about}: ${message}`);
      t.equal(ids.length, pointers.length, `${about}: a pointer for each`);
    }
  }
  t.end();
}

const disk = (path: string, more: object = {}): Vm => ({
  'storage.disks': [{ name: 'root', path, format: 'qcow2', ...more }],
});
const port = (...hostfwd: string[]): Vm => ({
  'network.interfaces': [{ name: 'net0', type: 'user', hostfwd }],
});
const card = (type: string, mac: string, name = 'net0'): Vm => ({
  'network.interfaces': [{ name, type, mac }],
});
const share = (path: string, readonly = false): Vm => ({ shares: [{ name: 'share', path, readonly }] });
const link = (socket_role: string): Vm => ({
  'network.interfaces': [{ name: 'net0', type: 'socket', socket_path: 'run/link', socket_role }],
});
const MAC = '52:54:00:aa:bb:cc';

t.test('files that are directories for others', (t) => {
  const qmp = (socket: string): Vm => ({ 'qmp.socket': socket });
  const serial = (logfile: string): Vm => ({ serial: { enabled: true, mode: 'file', logfile } });
  const tpm = { tpm: { enabled: true, state_dir: 'run/a' } };
  checkRows(t, [
    [
      'a socket and what lies below it',
      [qmp('run/a'), serial('run/a/x.log')],
      'error path-conflict a,b /qmp/socket,/serial/logfile',
    ],
    [
      'a disk and directories, one deep below it',
      [disk('a.img'), share('a.img', true), share('a.img/b/c')],
      'error path-conflict a,b,c /storage/disks/0/path,/shares/0/path',
    ],
    [
      'one file that several have',
      [disk('a.img', { readonly: true }), disk('a.img', { readonly: true }), share('x/../a.img', true)],
      'error path-conflict a,b,c /storage/disks/0/path,/shares/0/path',
    ],
    [
      'a password and a pidfile',
      [
        { 'process.pidfile': 'keys/a/pid' },
        { display: { mode: 'vnc', port: 5901, password_file: 'keys/a' } },
      ],
      'error path-conflict a,b /process/pidfile,/display/password_file',
    ],
    ['a directory of its own is one', [tpm, serial('run/a/x.log')]],
    ['names that begin alike', [qmp('run/a'), serial('run/a.log'), share('run/ab')]],
    ['one directory', [share('run'), share('run'), qmp('run/a')]],
  ]);
});

t.test('ports', (t) =>
  checkRows(t, [
    [
      'one port',
      [port('tcp:127.0.0.1:2222-:22'), port('tcp:127.0.0.1:2222-:22')],
      'error port-taken-twice a,b /network/interfaces/0/hostfwd/0',
    ],
    [
      'three VMs are one conflict',
      [port('tcp::80-:80'), port('tcp::80-:80'), port('tcp::80-:80')],
      'error port-taken-twice a,b,c /network/interfaces/0/hostfwd/0',
    ],
    [
      'an empty address is every address',
      [port('tcp:127.0.0.1:80-:80'), port('tcp:127.0.0.2:80-:80'), port('tcp::80-:80')],
      'error port-taken-twice a,b,c /network/interfaces/0/hostfwd/0',
    ],
    [
      'two addresses, each twice',
      ['127.0.0.1', '127.0.0.2', '127.0.0.2', '127.0.0.1'].map((address) => port(`tcp:${address}:80-:80`)),
      'error port-taken-twice a,d /network/interfaces/0/hostfwd/0',
      'error port-taken-twice b,c /network/interfaces/0/hostfwd/0',
    ],
    [
      'each port is one conflict',
      [port('tcp::81-:80', 'tcp::80-:80'), port('tcp::80-:80', 'tcp::81-:80')],
      'error port-taken-twice a,b /network/interfaces/0/hostfwd/0,/network/interfaces/0/hostfwd/1',
      'error port-taken-twice a,b /network/interfaces/0/hostfwd/1,/network/interfaces/0/hostfwd/0',
    ],
    [
      'the port of a debugger',
      [port('tcp:127.0.0.1:1234-:22'), { 'debug.gdb_port': 1234 }],
      'error port-taken-twice a,b /network/interfaces/0/hostfwd/0,/debug/gdb_port',
    ],
    ['none: different addresses of loopback', [port('tcp:127.0.0.1:80-:80'), port('tcp:127.0.0.2:80-:80')]],
    [
      'every address of IPv6, with those of IPv4',
      [
        port('tcp:127.0.0.1:5901-:22'),
        { display: { mode: 'vnc', address: '::', port: 5901, password_file: 'p' } },
      ],
      'error port-taken-twice a,b /network/interfaces/0/hostfwd/0,/display/port',
    ],
    [
      'none: every address of IPv4, and one of IPv6',
      [port('tcp::5901-:22'), { display: { mode: 'vnc', address: '::1', port: 5901 } }],
    ],
    [
      'ports of different kinds',
      [
        { display: { mode: 'vnc', address: '127.0.0.1', port: 5900, websocket_port: 5901 } },
        { serial: { enabled: true, mode: 'tcp', port: 5900 } },
        { 'network.interfaces': [{ name: 'net0', type: 'passt', hostfwd: ['tcp::5901-:22'] }] },
      ],
      'error port-taken-twice a,b /display/port,/serial/port',
      'error port-taken-twice a,c /display/websocket_port,/network/interfaces/0/hostfwd/0',
    ],
    ['none: tcp and udp', [port('tcp::53-:53'), port('udp::53-:53')]],
    ['none: one VM, two addresses', [port('tcp:127.0.0.1:80-:80', 'tcp:127.0.0.2:80-:80'), {}]],
    ['none: the same port of the guest', [port('tcp::80-:22'), port('tcp::81-:22')]],
  ]),
);

t.test('files', (t) =>
  checkRows(t, [
    [
      'one image, written by both',
      [disk('images/a.qcow2'), disk('images/a.qcow2')],
      'error path-written-twice a,b /storage/disks/0/path',
    ],
    [
      'the same place in other words',
      [disk('images/a.qcow2'), disk('/srv/lab/images/../images//a.qcow2')],
      'error path-written-twice a,b /storage/disks/0/path',
    ],
    [
      'one writes, others read',
      [disk('a.img', { readonly: true }), disk('a.img'), disk('a.img', { readonly: true })],
      'error path-written-and-read a,b,c /storage/disks/0/path',
    ],
    [
      'two write, one reads',
      [disk('a.img', { readonly: true }), disk('a.img'), disk('a.img')],
      'error path-written-twice a,b,c /storage/disks/0/path',
    ],
    [
      'the base of one is the disk of another',
      [disk('a.qcow2', { base: { path: 'base.img', format: 'raw' } }), disk('base.img', { format: 'raw' })],
      'error path-written-and-read a,b /storage/disks/0/base/path,/storage/disks/0/path',
    ],
    [
      'one reads and writes it, in either order',
      [
        { ...disk('a.img'), kernel: { enabled: true, bzimage: 'a.img' } },
        { ...disk('a.img'), kernel: { enabled: true, bzimage: 'k', initrd: 'a.img' } },
      ],
      'error path-written-twice a,b /storage/disks/0/path',
    ],
    [
      'a block device',
      [0, 1].map(() => disk('/dev/disk/by-id/a', { format: 'block-device' })),
      'error path-written-twice a,b /storage/disks/0/path',
    ],
    [
      'variables of the firmware',
      [0, 1].map(() => ({ firmware: { type: 'uefi', code: '/usr/share/a.fd', vars: 'a.vars' } })),
      'error path-written-twice a,b /firmware/vars',
    ],
    [
      'a pidfile, and a log',
      [
        { process: { pidfile: 'run/a' }, serial: { enabled: true, mode: 'file', device: 'logs/a' } },
        { process: { pidfile: 'run/a' }, serial: { enabled: true, mode: 'file', device: 'logs/a' } },
      ],
      'error path-written-twice a,b /process/pidfile',
      'error path-written-twice a,b /serial/device',
    ],
    [
      'a log where a medium is read',
      [
        { 'storage.cdroms': [{ name: 'cd', path: 'a.iso' }] },
        { debug: { log_file: 'a.iso', log_items: ['guest_errors'] } },
      ],
      'error path-written-and-read a,b /storage/cdroms/0/path,/debug/log_file',
    ],
    [
      'a VM with two disks of one image',
      [
        {
          'storage.disks': [
            { name: 'one', path: 'a.img', format: 'raw', readonly: true },
            { name: 'two', path: 'a.img', format: 'raw', readonly: true },
          ],
        },
        disk('a.img', { format: 'raw' }),
      ],
      'error path-written-and-read a,b /storage/disks/0/path',
    ],
    ['none: one image that all read', [1, 2, 3].map(() => disk('a.img', { readonly: true }))],
    [
      'none: one base under many',
      NAMES.map((name) => disk(`${name}.qcow2`, { base: { path: 'base.img', format: 'raw' } })),
    ],
    [
      'none: one medium in many drives',
      [1, 2].map(() => ({ 'storage.cdroms': [{ name: 'cd', path: 'a.iso' }] })),
    ],
    ['none: one kernel', [1, 2].map(() => ({ kernel: { enabled: true, bzimage: 'bzImage' } }))],
    ['none: one firmware', NAMES.map(() => ({ firmware: { type: 'uefi', code: '/usr/share/a.fd' } }))],
    ['none: names that differ in case', [disk('images/a.qcow2'), disk('images/A.qcow2')]],
    [
      'none: a VM that reads one image twice',
      [
        {
          'storage.disks': [
            { name: 'one', path: 'a.img', format: 'raw', readonly: true },
            { name: 'two', path: 'a.img', format: 'raw', readonly: true },
          ],
        },
      ],
    ],
    [
      'none: a disabled section',
      [1, 2].map(() => ({
        kernel: { enabled: false, bzimage: 'k' },
        qmp: { enabled: false, socket: 'run/a' },
      })),
    ],
  ]),
);

t.test('sockets, and what else only one VM can have', (t) =>
  checkRows(t, [
    [
      'one socket',
      [1, 2].map(() => ({ qmp: { enabled: true, socket: 'run/qmp' } })),
      'error socket-used-twice a,b /qmp/socket',
    ],
    [
      'sockets for different things',
      [{ qmp: { enabled: true, socket: 'run/a' } }, { debug: { gdb_socket: 'run/a' } }],
      'error socket-used-twice a,b /qmp/socket,/debug/gdb_socket',
    ],
    [
      'a socket where a log is',
      [{ qmp: { enabled: true, socket: 'run/a' } }, { process: { pidfile: 'run/a' } }],
      'error path-written-twice a,b /qmp/socket,/process/pidfile',
    ],
    [
      'a socket where a file is read',
      [{ qmp: { enabled: true, socket: 'run/a' } }, { fw_cfg: [{ name: 'opt/a', file: 'run/a' }] }],
      'error path-written-and-read a,b /qmp/socket,/fw_cfg/0/file',
    ],
    [
      'an address of a card, in another case',
      [card('bridge', MAC), card('bridge', MAC.toUpperCase())],
      'error mac-used-twice a,b /network/interfaces/0/mac',
    ],
    [
      'a tap device',
      [card('tap', MAC, 'tap0'), card('tap', '52:54:00:aa:bb:cd', 'tap0')],
      'error tap-used-twice a,b /network/interfaces/0/name',
    ],
    [
      'a name, and the sockets and addresses that are made of it',
      [
        {
          'vm.name': 'one',
          qmp: { enabled: true },
          'network.interfaces': [{ name: 'tap0', type: 'bridge' }],
        },
        {
          'vm.name': 'one',
          qmp: { enabled: true },
          'network.interfaces': [{ name: 'tap0', type: 'bridge' }],
        },
      ],
      'error socket-used-twice a,b /qmp/socket',
      'error mac-used-twice a,b /network/interfaces/0/mac',
      'error name-used-twice a,b /vm/name',
    ],
    [
      'a number of vsock',
      [{ 'devices.vsock_cid': 3 }, { 'devices.vsock_cid': 4 }, { 'devices.vsock_cid': 3 }],
      'error vsock-cid-used-twice a,c /devices/vsock_cid',
    ],
    [
      'devices of the host',
      [1, 2].map(() => ({
        usb: [{ vendor_id: '046d', product_id: 'C52B' }],
        passthrough: [{ name: 'gpu', address: '0000:01:00.0' }],
      })),
      'error usb-device-used-twice a,b /usb/0',
      'error pci-device-used-twice a,b /passthrough/0/address',
    ],
    [
      'none: other devices, and other places',
      [
        {
          usb: [
            { vendor_id: '046d', product_id: 'c52b' },
            { bus: 1, port: '2' },
          ],
        },
        {
          usb: [
            { vendor_id: '046d', product_id: 'c52c' },
            { bus: 1, port: '3' },
          ],
        },
      ],
    ],
    [
      'two listeners of cards',
      [link('listen'), link('listen')],
      'error socket-used-twice a,b /network/interfaces/0/socket_path',
    ],
    [
      'nobody listens',
      [link('connect'), link('connect')],
      'error no-listener a,b /network/interfaces/0/socket_path',
    ],
    [
      'sockets of helpers, and a state of a TPM',
      [1, 2].map(() => ({
        tpm: { enabled: true, state_dir: 'tpm/a', socket: 'run/tpm' },
        shares: [{ name: 'share', path: 'share', type: 'virtiofs', socket: 'run/fs' }],
        'network.interfaces': [{ name: 'net0', type: 'passt', socket_path: 'run/passt' }],
      })),
      'error path-written-twice a,b /shares/0/socket',
      'error path-written-twice a,b /tpm/state_dir',
      'error socket-used-twice a,b /network/interfaces/0/socket_path',
      'error socket-used-twice a,b /shares/0/socket',
      'error socket-used-twice a,b /tpm/socket',
    ],
    ['none: a listener and who connects', [link('connect'), link('listen')]],
    ['none: addresses of cards that nobody else sees', ['isolated', 'user'].map((type) => card(type, MAC))],
    ['none: addresses of user cards', [card('user', MAC), card('user', MAC)]],
    ['none: one bridge', [card('bridge', MAC), card('bridge', '52:54:00:aa:bb:cd')]],
    ['none: names that differ in case', [{ 'vm.name': 'one' }, { 'vm.name': 'One' }]],
    ['none: default sockets', [1, 2].map(() => ({ qmp: { enabled: true } }))],
  ]),
);

t.test('dependencies', (t) =>
  checkRows(t, [
    [
      'a VM that is not there',
      [{ 'vm.depends_on': ['b', 'x'] }, { 'vm.depends_on': ['x', 'y'] }],
      'error dependency-unknown a,b /vm/depends_on/1,/vm/depends_on/0',
      'error dependency-unknown b /vm/depends_on/1',
    ],
    [
      'a circle of two, one of three, and who waits for it',
      [
        { 'vm.depends_on': ['b'] },
        { 'vm.depends_on': ['a'] },
        { 'vm.depends_on': ['d', 'a'] },
        { 'vm.depends_on': ['e'] },
        { 'vm.depends_on': ['c'] },
      ],
      'error dependency-circle a,b /vm/depends_on/0',
      'error dependency-circle c,d,e /vm/depends_on/0',
    ],
    [
      'a circle through a socket',
      [{ ...link('connect') }, { ...link('listen'), 'vm.depends_on': ['a'] }],
      'error dependency-circle a,b /network/interfaces/0/socket_path,/vm/depends_on/0',
    ],
    ['none: a chain', [{ 'vm.depends_on': ['b'] }, { 'vm.depends_on': ['c'] }, {}]],
    ['none: two that wait for one', [{ 'vm.depends_on': ['c'] }, { 'vm.depends_on': ['c'] }, {}]],
  ]),
);

t.test('shares', (t) =>
  checkRows(t, [
    [
      'around a disk of another',
      [share('images'), disk('images/b.qcow2'), disk('images/c/d.qcow2'), disk('imagesb.qcow2')],
      'warning share-holds-others-file a,b,c /shares/0/path,/storage/disks/0/path',
    ],
    [
      'two share what holds the disk of one',
      [{ ...share('images'), ...disk('images/a.qcow2') }, share('images')],
      'warning share-holds-others-file a,b /shares/0/path',
    ],
    [
      'one in the other, around one disk',
      [share('images'), share('images/b'), disk('images/b/c.qcow2')],
      'warning share-holds-others-file a,c /shares/0/path,/storage/disks/0/path',
      'warning share-holds-others-file b,c /shares/0/path,/storage/disks/0/path',
    ],
    ['none: one directory for many', [share('share'), share('share'), share('share', true)]],
    ['none: around its own disk', [{ ...share('images'), ...disk('images/a.qcow2') }, disk('b.qcow2')]],
    ['none: the guest may not write', [share('images', true), disk('images/b.qcow2')]],
    ['none: beside it', [share('images'), disk('image.qcow2')]],
  ]),
);

t.test('more than the host has', (t) => {
  const large = { 'hardware.cores': 3, 'hardware.memory_mb': 3000 };
  const rows: readonly Row[] = [
    [
      'together',
      [large, large],
      'warning cores-over-host a,b /hardware/cores',
      'warning memory-over-host a,b /hardware/memory_mb',
    ],
    [
      'none: together just enough',
      [{ 'hardware.memory_mb': 2048 }, { 'hardware.cores': 3, 'hardware.memory_mb': 2048 }],
    ],
    ['none between VMs: one alone', [{ 'hardware.cores': 8, 'hardware.memory_mb': 8000 }]],
  ];
  checkRows(t, rows, given({ ...LINUX, cpus: 4, memory_mb: 4096 }));
});

t.test('a kernel that promises no more memory than it has', (t) => {
  const host = probed({ ...LINUX, cpus: 4, memory_mb: 4096 }, { capacity: { commitLimitMb: 2000 } });
  checkRows(t, [['together', [{}, {}], 'warning memory-over-host a,b /hardware/memory_mb']], host);
});

t.test('names are compared as the host compares them', (t) => {
  const pair = [disk('images/Grün.qcow2'), disk('IMAGES/gru\u0308n.qcow2')];
  const written = 'error path-written-twice a,b /storage/disks/0/path';
  for (const [about, host, vms, ...expected] of [
    ['linux', ON_LINUX, pair],
    ['darwin', given(DARWIN), pair.map((vm) => ({ ...vm, 'hardware.arch': 'aarch64' })), written],
    ['windows', given(WINDOWS), [disk('images\\a.qcow2'), disk('Images/A.qcow2')], written],
    [
      'a share on darwin',
      given(DARWIN),
      [share('Images'), disk('images/b.qcow2')].map((vm) => ({ ...vm, 'hardware.arch': 'aarch64' })),
      'warning share-holds-others-file a,b /shares/0/path,/storage/disks/0/path',
    ],
  ] as const)
    t.test(about, (t) => checkRows(t, [[about, vms, ...expected]], host));
  t.end();
});

t.test('on a host that was looked at links are followed', (t) => {
  const host = probed(LINUX, {
    paths: {
      '/srv/lab/images/a.qcow2': { id: '1:1' },
      '/srv/lab/images/hard.qcow2': { id: '1:1' },
      '/srv/lab/link/c.qcow2': { kind: 'missing', realPath: '/srv/lab/images/c.qcow2' },
      '/srv/lab/images/c.qcow2': { kind: 'missing' },
      '/srv/lab/share': { kind: 'directory', realPath: '/srv/lab/images' },
    },
  });
  const sized = (path: string): Vm => disk(path, { size_gb: 1 });
  checkRows(
    t,
    [
      [
        'a disk that is not there yet, by two ways',
        [sized('images/c.qcow2'), sized('link/c.qcow2')],
        'error path-written-twice a,b /storage/disks/0/path',
      ],
      [
        'two names of one file',
        [disk('images/a.qcow2'), disk('images/hard.qcow2')],
        'error path-written-twice a,b /storage/disks/0/path',
      ],
      ['none: a file, and another one', [disk('images/a.qcow2'), sized('images/c.qcow2')]],
      [
        'a share through a link',
        [share('share'), sized('images/c.qcow2')],
        'warning share-holds-others-file a,b /shares/0/path,/storage/disks/0/path',
      ],
    ],
    host,
  );
});

t.test('VMs of different hosts have nothing in common', (t) => {
  const vm = (name: string): Document => {
    const profile = vmProfile(name, { ...port('tcp::80-:80'), ...disk('a.qcow2') });
    setAt(profile, ['vm', 'depends_on'], []);
    return profile;
  };
  const hosts = [ON_LINUX, given({ ...LINUX, name: 'other' }), given({ ...LINUX, cpus: 64 })];
  const { hosts: summaries, valid } = fleetOf(hosts.map((host, index) => [String(index), vm('one'), host]));
  t.strictSame(
    summaries.map(({ vms, conflicts }) => [vms, conflicts]),
    [1, 1, 1].map((vms) => [vms, []]),
  );
  t.equal(valid, true);
  const same = fleetOf([
    ['a', vm('one'), given({ ...LINUX, accelerators: ['kvm'] })],
    ['b', vm('two'), given({ ...LINUX })],
    ['c', vm('three'), probed(LINUX, { paths: { '/srv/lab/a.qcow2': { kind: 'missing' } } })],
  ]);
  t.strictSame(
    same.hosts.map(({ vms }) => vms),
    [2],
    'equal facts are one host; the third is refused, since its disk is not there',
  );
  t.equal(same.valid, false);
  t.end();
});

t.test('a host that was looked at is none of those that are given', (t) => {
  const firmware = [{ code: '/a', code_format: 'raw' }] as never;
  const { hosts } = fleetOf([
    ['a', vmProfile('a'), probed({ ...LINUX, firmware, cpus: 4 })],
    ['b', vmProfile('b'), given({ ...LINUX, cpus: 4 })],
    ['c', vmProfile('c'), probed({ ...LINUX, accelerators: [], cpus: 4 })],
  ]);
  t.strictSame(
    hosts.map(({ vms, start_order }) => [vms, start_order]),
    [
      [2, ['a', 'c']],
      [1, ['b']],
    ],
  );
  t.strictSame(hosts[0]?.host, { ...LINUX, cpus: 4 }, 'without its firmware');
  t.end();
});

t.test('at most 100 are listed', (t) => {
  const fleet = (count: number, more: Vm = {}) =>
    fleetOf(
      [
        ...Array.from({ length: count }, (_, index) => index),
        ...Array.from({ length: count }, (_, index) => index),
      ].map((number, index) => [
        String(index),
        vmProfile(`vm${index}`, { ...port(`tcp::${5000 + number}-:22`), ...more }),
      ]),
    );
  t.equal(fleet(100).hosts[0]?.conflicts.length, 100);
  const { conflicts } = fleet(103).hosts[0] ?? { conflicts: [] };
  t.equal(conflicts.length, 101);
  t.strictSame(
    conflicts.slice(0, 100).map(({ ids }) => ids[0]),
    Array.from({ length: 100 }, (_, index) => String(index)),
    'the first ones',
  );
  t.match(conflicts[100], {
    code: 'more-conflicts',
    severity: 'error',
    ids: [],
    pointers: [],
    message: /^3 more/,
  });
  const shares = fleetOf([
    ...Array.from(
      { length: 101 },
      (_, index) => [`s${index}`, vmProfile(`s${index}`, share(`d${index}`))] as const,
    ),
    ...Array.from(
      { length: 101 },
      (_, index) => [`d${index}`, vmProfile(`d${index}`, disk(`d${index}/a`))] as const,
    ),
  ]);
  t.match(shares.hosts[0]?.conflicts[100], { code: 'more-conflicts', severity: 'warning' });
  t.equal(shares.valid, true);
  t.end();
});

t.test('a USB device that is named by what it is and by where it is', (t) => {
  const stick = { place: '1-2', ids: '046d:c52b', node: '/dev/bus/usb/001/002', isUsable: true };
  const vms = [{ usb: [{ vendor_id: '046d', product_id: 'c52b' }] }, { usb: [{ bus: 1, port: '2' }] }];
  const seen = (...usb: (typeof stick)[]): Host => probed(LINUX, { devices: { usb } });
  const twice = 'error usb-device-used-twice a,b /usb/0';
  t.test('nobody looked', (t) => checkRows(t, [['two', vms]]));
  t.test('one', (t) => checkRows(t, [['one', vms, twice]], seen(stick)));
  t.test('two equal ones', (t) => checkRows(t, [['two', vms]], seen(stick, { ...stick, place: '1-3' })));
  t.test('none', (t) => checkRows(t, [['none', vms]], seen()));
  t.end();
});
