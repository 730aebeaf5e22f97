/** Small devices: random numbers, the balloon, vsock, the panic device and the watchdog. */
import t from 'tap';
import { argvOf, valuesOf } from '../help/argv.ts';
import { disk, TCG } from '../help/changes.ts';
import { type Change, changed } from '../help/documents.ts';
import { DARWIN_INTEL, FREEBSD, given } from '../help/hosts.ts';
import { planOf } from '../help/plans.ts';
import { checkIssues, checkRows, type Row } from '../help/rows.ts';

const V2: Change = { schema_version: 2 };
const of = (about: string, devices: unknown, change: Change, ...issues: string[]): Row => [
  about,
  { ...V2, ...TCG, devices, ...change },
  ...issues,
];
const onArch = (arch: string): Change => ({ 'hardware.arch': arch });
const PASSED: Change = {
  'hardware.acceleration': 'kvm',
  passthrough: [{ name: 'card', address: '0000:01:00.0' }],
};
const BARE = 'warning disk-boot-needs-firmware hardware.arch';
const BESIDE = 'info watchdog-beside-own devices.watchdog';

t.test('a version 1 profile has none', (t) => {
  checkIssues(t, changed({ devices: { rng: true } }), ['warning unknown-field devices'], 'dropped');
  t.strictSame(argvOf({ devices: { rng: true, watchdog: 'reset' } }), argvOf({}));
  t.end();
});

t.test('rules', (t) => {
  checkRows(t, [
    of('all', { rng: true, balloon: true, free_page_reporting: true, panic: true, vsock_cid: 3 }, {}),
    of('none', {}, {}),
    of(
      'reports without a balloon',
      { free_page_reporting: true },
      {},
      'error free-page-reporting-needs-balloon devices.free_page_reporting',
    ),
    of(
      'a balloon that cannot be read',
      { free_page_reporting: true, balloon: 1 },
      {},
      'error wrong-type devices.balloon',
    ),
    of(
      'a balloon that cannot move memory',
      { balloon: true },
      PASSED,
      'warning balloon-with-passthrough devices.balloon',
    ),
    of('a device of the host without a balloon', {}, PASSED),
    of('a panic on aarch64', { panic: true }, onArch('aarch64'), BARE),
    of('a panic on riscv64', { panic: true }, onArch('riscv64'), BARE),
    of('a panic on ppc64le', { panic: true }, onArch('ppc64le'), 'error not-for-arch devices.panic'),
    of('a number for the host', { vsock_cid: 2 }, {}, 'error out-of-range devices.vsock_cid'),
    of('a number for any', { vsock_cid: 4294967295 }, {}, 'error out-of-range devices.vsock_cid'),
    of('a watchdog beside that of q35', { watchdog: 'none' }, {}, BESIDE),
    of('of q35 from 8.0 on', { watchdog: 'pause' }, { 'machine.type': 'pc-q35-8.0' }, BESIDE),
    of('of q35 before', { watchdog: 'pause' }, { 'machine.type': 'pc-q35-7.2' }),
    of('of pc', { watchdog: 'reset' }, { 'machine.type': 'pc' }),
    of(
      'of an unknown architecture',
      { watchdog: 'reset' },
      onArch('sparc'),
      'error not-allowed hardware.arch',
    ),
    of('debug is no action', { watchdog: 'debug' }, {}, 'error not-allowed devices.watchdog'),
    of('no table', 1, {}, 'error wrong-type devices'),
    of('a panic that does something', { panic: true }, { 'process.on_panic': 'pause' }),
    of(
      'without the device',
      { panic: false },
      { 'process.on_panic': 'pause' },
      'warning panic-without-device process.on_panic',
    ),
    of(
      'a device that cannot be read',
      { panic: 1 },
      { 'process.on_panic': 'pause' },
      'error wrong-type devices.panic',
    ),
  ]);
});

t.test('vsock is for Linux', (t) => {
  for (const facts of [DARWIN_INTEL, FREEBSD])
    checkIssues(
      t,
      changed({ ...V2, ...TCG, 'devices.vsock_cid': 3 }),
      ['error not-for-os devices.vsock_cid'],
      facts.os,
      given(facts),
    );
  t.end();
});

t.test('in argv', (t) => {
  const devicesOf = (arch: string, devices: object) => {
    const argv = argvOf({ ...V2, ...TCG, ...onArch(arch), devices });
    return [
      ...valuesOf(argv, '-object'),
      ...valuesOf(argv, '-device').filter((text) => !text.includes('virtio-blk')),
    ];
  };
  t.strictSame(devicesOf('x86_64', { rng: true, balloon: true, panic: true }), [
    'rng-builtin,id=rng0',
    '{"driver":"virtio-rng-pci","id":"rng0","rng":"rng0"}',
    '{"deflate-on-oom":true,"driver":"virtio-balloon-pci","id":"balloon0"}',
    '{"driver":"pvpanic","id":"panic0"}',
  ]);
  t.strictSame(devicesOf('riscv64', { panic: true, vsock_cid: 4294967294 }), [
    '{"driver":"vhost-vsock-pci","guest-cid":4294967294,"id":"vsock0"}',
    '{"driver":"pvpanic-pci","id":"panic0"}',
  ]);
  t.strictSame(devicesOf('x86_64', { rng: false, balloon: false, panic: false }), []);
  const actionOf = (change: Change) => valuesOf(argvOf({ ...V2, ...TCG, ...change }), '-action');
  t.strictSame(actionOf({ 'devices.watchdog': 'reset' }), ['watchdog=reset'], 'the action is said always');
  t.strictSame(actionOf({ 'devices.watchdog': 'none', 'process.on_reboot': 'shutdown' }), [
    'reboot=shutdown,watchdog=none',
  ]);
  t.end();
});

t.test('slots', (t) => {
  const all = { rng: true, balloon: true, panic: true, vsock_cid: 3, watchdog: 'reset' };
  const full = 'error too-many-devices storage.disks';
  const beside = (disks: number, arch: string, ...issues: string[]): Row => {
    const images = Array.from({ length: disks }, (_, index) => disk(`d${index}`));
    const change = { ...onArch(arch), 'storage.disks': images, channels: [{ name: 'a' }] };
    return of(`${disks} disks on ${arch}`, all, change, ...issues);
  };
  checkRows(t, [
    beside(25, 'x86_64', BESIDE),
    beside(26, 'x86_64', full, BESIDE),
    beside(25, 'aarch64', BARE),
    beside(26, 'aarch64', full, BARE),
  ]);
});

t.test('what a plan says of vsock', (t) => {
  const { affected_resources, metadata } = planOf({ ...V2, ...TCG, 'devices.vsock_cid': 42 });
  t.ok(affected_resources.includes('vsock:42'));
  t.ok(affected_resources.includes('device:/dev/vhost-vsock'));
  t.strictSame(
    metadata.unknowns.map(({ subject }) => subject).filter((subject) => subject.includes('vsock')),
    ['device:/dev/vhost-vsock', 'vsock:42'],
  );
  t.end();
});
