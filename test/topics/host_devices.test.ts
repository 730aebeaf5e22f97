/** USB and PCI devices of the host that a guest gets, and what else is on USB. */
import t from 'tap';
import type { PciDevice, UsbDevice } from '../../src/facts/devices.ts';
import { argvOf, valuesOf } from '../help/argv.ts';
import { TCG } from '../help/changes.ts';
import { type Change, changed } from '../help/documents.ts';
import { DARWIN_INTEL, FREEBSD, given, LINUX, LINUX_WITHOUT_KVM, probed, WINDOWS } from '../help/hosts.ts';
import { metadataOf, plannedOf, planOf, startPlanOf } from '../help/plans.ts';
import { checkIssues, checkRows, type Row } from '../help/rows.ts';

const V2: Change = { schema_version: 2 };
const MOUSE = { vendor_id: '046d', product_id: 'c52b' };
const PLACE = { bus: 1, port: '1.4' };

const row = (about: string, change: Change, ...issues: string[]): Row => [
  about,
  { ...V2, ...change },
  ...issues,
];
const usb = (about: string, devices: object[], ...issues: string[]): Row =>
  row(about, { usb: devices }, ...issues);

t.test('which USB device', (t) => {
  const missing = (key: string) => `error missing-field usb[0].${key}`;
  checkRows(t, [
    usb('by what it is', [MOUSE]),
    usb('by where it is', [PLACE]),
    usb('in capital letters', [{ vendor_id: '046D', product_id: 'C52B' }]),
    usb('any', [{}], 'error usb-device-unselected usb[0]'),
    usb('both', [{ ...MOUSE, ...PLACE }], 'error usb-device-selected-twice usb[0]'),
    usb('half of both', [{ vendor_id: '046d', bus: 1 }], 'error usb-device-selected-twice usb[0]'),
    usb('no product', [{ vendor_id: '046d' }], missing('product_id')),
    usb('no maker', [{ product_id: 'c52b' }], missing('vendor_id')),
    usb('no port', [{ bus: 1 }], missing('port')),
    usb('no bus', [{ port: '1' }], missing('bus')),
    usb(
      'a product that cannot be read',
      [{ vendor_id: '046d', product_id: '0xc52b' }],
      'error invalid-usb-id usb[0].product_id',
    ),
    usb('a port that cannot be read', [{ bus: 1, port: '0.1' }], 'error invalid-usb-port usb[0].port'),
    usb('a long port', [{ bus: 1, port: '1.2.3.4.5.6.7.8.9' }], 'error invalid-usb-port usb[0].port'),
    usb('a bus that cannot be read', [{ bus: 0, port: '1' }], 'error out-of-range usb[0].bus'),
    usb('two of equal make', [MOUSE, MOUSE]),
    usb('one place twice', [PLACE, MOUSE, PLACE], 'error usb-device-twice usb[2].port'),
    usb('two ports', [PLACE, { bus: 2, port: '1.4' }, { bus: 1, port: '1' }]),
  ]);
});

t.test('USB has eight places', (t) => {
  const many = (count: number) => Array.from({ length: count }, () => MOUSE);
  const spice = (usb_redirection: number) => ({ mode: 'spice', socket: 's', usb_redirection });
  const sticks = (count: number) =>
    Array.from({ length: count }, (_, index) => ({
      name: `s${index}`,
      path: `s${index}`,
      format: 'raw',
      bus: 'usb',
    }));
  const cd = { name: 'cd', bus: 'usb' };
  checkRows(t, [
    usb('eight', many(8)),
    usb('nine', many(9), 'error bus-full usb[8]'),
    usb('seventeen', many(17), 'error too-many-elements usb', 'error bus-full usb[8]'),
    row('with a tablet', { usb: many(8), 'input.type': 'usb' }, 'error bus-full usb[7]'),
    row('with what a viewer brings', { usb: many(4), display: spice(4) }, 'error bus-full usb[3]'),
    row('with what nobody brings', { usb: many(8), display: { mode: 'none', usb_redirection: 4 } }),
    row(
      'with drives',
      { 'storage.disks': sticks(7), 'storage.cdroms': [cd], usb: many(1) },
      'error bus-full usb[0]',
    ),
    row(
      'with nothing but drives',
      { 'storage.disks': sticks(8), 'storage.cdroms': [cd] },
      'error bus-full storage.cdroms[0].bus',
    ),
    row(
      'a tablet too many',
      { 'storage.disks': sticks(8), 'input.type': 'usb' },
      'error bus-full input.type',
    ),
    row(
      'a viewer too many',
      { 'storage.disks': sticks(6), display: spice(2) },
      'error bus-full display.usb_redirection',
    ),
    row('on no machine', { 'hardware.arch': 'sparc', usb: many(9) }, 'error not-allowed hardware.arch'),
  ]);
});

t.test('one controller, before the first that is on it', (t) => {
  const idsOf = (change: Change) =>
    valuesOf(argvOf({ ...V2, ...TCG, ...change }), '-device').map((text) => JSON.parse(text).id as string);
  const stick = { name: 's', path: 's', format: 'raw', bus: 'usb' };
  const root = { name: 'r', path: 'r', format: 'raw' };
  t.strictSame(idsOf({ usb: [MOUSE, PLACE], 'storage.disks': [root] }), [
    'disk-r',
    'usb',
    'usb-host-0',
    'usb-host-1',
  ]);
  t.strictSame(idsOf({ usb: [MOUSE], 'storage.disks': [stick, root] }), [
    'usb',
    'disk-s',
    'disk-r',
    'usb-host-0',
  ]);
  t.strictSame(
    idsOf({ 'input.type': 'usb', 'storage.disks': [root], 'storage.cdroms': [{ name: 'c', bus: 'usb' }] }),
    ['disk-r', 'usb', 'bot-c', 'cd-c', 'tablet0'],
  );
  t.end();
});

t.test('the eighth device on USB has its port by number, since QEMU would put a hub there', (t) => {
  const portsOf = (change: Change) =>
    valuesOf(argvOf({ ...V2, ...TCG, ...change }), '-device').flatMap((text) => {
      const { id, bus, port } = JSON.parse(text);
      return bus === 'usb.0' && port !== undefined ? [`${id} ${port}`] : [];
    });
  const many = (count: number) => Array.from({ length: count }, () => MOUSE);
  const sticks = Array.from({ length: 7 }, (_, index) => ({
    name: `s${index}`,
    path: `s${index}`,
    format: 'raw',
    bus: 'usb',
  }));
  const onSticks = sticks.map(({ name }, index) => `disk-${name} ${index + 1}`);
  const spice = { mode: 'spice', socket: 's', usb_redirection: 4 };
  t.strictSame(portsOf({ usb: many(7) }), []);
  t.strictSame(portsOf({ usb: many(8) }), ['usb-host-7 8']);
  t.strictSame(portsOf({ usb: many(7), 'input.type': 'usb' }), ['usb-host-6 8']);
  t.strictSame(portsOf({ 'storage.disks': sticks.slice(0, 4), display: spice, 'input.type': 'none' }), [
    ...onSticks.slice(0, 4),
    'usb-redir-3 8',
  ]);
  t.strictSame(portsOf({ usb: many(4), display: spice, 'input.type': 'none' }), ['usb-host-3 8']);
  t.strictSame(portsOf({ 'storage.disks': sticks, 'input.type': 'usb' }), [...onSticks, 'tablet0 8']);
  t.end();
});

const card = (address: unknown, name = 'card') => ({ name, address });
const pci = (about: string, cards: object[], ...issues: string[]): Row =>
  row(about, { passthrough: cards }, ...issues);

t.test('which PCI device', (t) => {
  const bad = 'error invalid-pci-address passthrough[0].address';
  checkRows(t, [
    pci('one', [card('0000:01:00.0')]),
    pci('in capital letters', [card('ABCD:EF:1F.7')]),
    pci('no address', [{ name: 'a' }], 'error missing-field passthrough[0].address'),
    pci('no name', [{ address: '0000:01:00.0' }], 'error missing-field passthrough[0].name'),
    ...['01:00.0', '10000:e1:00.0', '0000:01:00.8', '0000:01:20.0', '0000:1:00.0', '0000:01:00'].map(
      (address) => pci(address, [card(address)], bad),
    ),
    pci('one name', [card('0000:01:00.0'), card('0000:01:00.1')], 'error duplicate-name passthrough[1].name'),
    pci(
      'one address',
      [card('0000:0A:00.0', 'a'), card('0000:0a:00.0', 'b')],
      'error passthrough-address-twice passthrough[1].address',
    ),
    pci(
      'two that cannot be read',
      [card(1, 'a'), card(2, 'b')],
      'error wrong-type passthrough[0].address',
      'error wrong-type passthrough[1].address',
    ),
  ]);
});

t.test('only with kvm, only on linux', (t) => {
  const change = { ...V2, 'serial.mode': 'none', passthrough: [card('0000:01:00.0')] };
  const on = (facts: typeof LINUX, more: Change, ...issues: string[]) =>
    checkIssues(t, changed({ ...change, ...more }), issues, facts.os, given(facts));
  on(LINUX, {});
  on(LINUX, TCG, 'error not-for-accelerator passthrough');
  on(
    LINUX_WITHOUT_KVM,
    {},
    'error not-for-accelerator passthrough',
    'warning acceleration-fallback hardware.acceleration',
  );
  on(DARWIN_INTEL, {}, 'error not-for-os passthrough');
  on(LINUX, { 'hardware.acceleration': 'x' }, 'error not-allowed hardware.acceleration');
  for (const facts of [DARWIN_INTEL, WINDOWS, FREEBSD])
    checkIssues(
      t,
      changed({ ...V2, ...TCG, 'serial.mode': 'none', usb: [MOUSE] }),
      ['error not-for-os usb'],
      facts.os,
      given(facts),
    );
  t.end();
});

t.test('ports from the last slot down', (t) => {
  const cards = Array.from({ length: 10 }, (_, index) =>
    card(`0000:${String(index).padStart(2, '0')}:00.0`, `c${index}`),
  );
  const portsOf = (machine: Change) =>
    valuesOf(argvOf({ ...V2, passthrough: cards, ...machine }), '-device')
      .map((text) => JSON.parse(text))
      .filter(({ driver }) => driver === 'pcie-root-port')
      .map(({ addr }) => addr as string);
  t.strictSame(portsOf({}).slice(6), ['0x1e.6', '0x1e.7', '0x1d.0', '0x1d.1']);
  t.strictSame(portsOf({ 'machine.type': 'pc' }).slice(6), ['0x1f.6', '0x1f.7', '0x1e.0', '0x1e.1']);
  const disks = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ name: `d${index}`, path: `d${index}`, format: 'raw' }));
  checkRows(t, [
    row('28 disks', { passthrough: cards, 'storage.disks': disks(28) }),
    row(
      '29 disks',
      { passthrough: cards, 'storage.disks': disks(29) },
      'error too-many-devices storage.disks',
    ),
  ]);
});

t.test('plans', (t) => {
  const both = planOf({
    ...V2,
    'serial.mode': 'none',
    usb: [MOUSE, PLACE],
    passthrough: [card('0000:01:00.0')],
  });
  t.equal(both.risk, 'high');
  t.strictSame(
    both.affected_resources.filter((one) => /usb|pci|vfio/.test(one)),
    ['device:/dev/vfio/vfio', 'pci:0000:01:00.0', 'usb:046d:c52b', 'usb:1-1.4'],
  );
  const subjects = (metadataOf(both).unknowns as { subject: string }[]).map(({ subject }) => subject);
  t.strictSame(
    subjects.filter((one) => /usb|pci|vfio/.test(one)),
    [
      'device:/dev/vfio/vfio',
      'pci:0000:01:00.0',
      'pci:0000:01:00.0',
      'qemu-module:hw-usb-host',
      'usb:046d:c52b',
      'usb:046d:c52b',
      'usb:1-1.4',
      'usb:1-1.4',
    ],
  );
  t.ok(subjects.includes('memory:1024M'), 'all memory is pinned');
  t.equal(planOf({ ...V2, ...TCG, 'serial.mode': 'none', usb: [PLACE] }).risk, 'high');
  t.end();
});

const STICK: UsbDevice = { place: '1-1.4', ids: '046d:c52b', node: '/dev/bus/usb/001/004', isUsable: true };
const CARD: PciDevice = { driver: 'vfio-pci', group: '17', others: [], node: 'ready' };

t.test('on a host that was looked at', (t) => {
  const usbOn = (usb: UsbDevice[] | null, ...issues: string[]) => {
    const host = probed(LINUX, { devices: { usb } });
    for (const device of [MOUSE, PLACE])
      checkIssues(t, changed({ ...V2, usb: [device] }), issues, JSON.stringify(usb), host);
    const planned = plannedOf(changed({ ...V2, usb: [MOUSE] }), host);
    const unknowns = metadataOf(startPlanOf(planned)).unknowns as { subject: string }[];
    return unknowns.filter(({ subject }) => subject === 'usb:046d:c52b').length;
  };
  t.equal(usbOn(null), 2);
  t.equal(usbOn([STICK]), 1);
  t.equal(usbOn([], 'warning usb-device-missing usb[0]'), 1);
  t.equal(usbOn([{ ...STICK, isUsable: false }], 'warning usb-device-unwritable usb[0]'), 2);
  const twins = probed(LINUX, { devices: { usb: [STICK, { ...STICK, place: '2-1' }] } });
  checkIssues(t, changed({ ...V2, usb: [MOUSE] }), ['warning usb-device-ambiguous usb[0]'], 'twins', twins);
  checkIssues(t, changed({ ...V2, usb: [PLACE] }), [], 'one of them', twins);

  const pciOn = (found: PciDevice | null, ...issues: string[]) => {
    const host = probed(LINUX, { devices: { pci: new Map([['0000:01:00.0', found]]) } });
    const document = changed({ ...V2, passthrough: [card('0000:01:00.0')] });
    checkIssues(
      t,
      document,
      issues.map((issue) => `${issue} passthrough[0].address`),
      JSON.stringify(found),
      host,
    );
  };
  pciOn(CARD);
  pciOn(null, 'error pci-device-missing');
  pciOn({ ...CARD, group: null }, 'error pci-device-without-iommu');
  pciOn({ ...CARD, driver: null, node: 'missing' }, 'warning pci-device-not-bound');
  pciOn({ ...CARD, driver: 'nvidia', node: 'missing' }, 'warning pci-device-not-bound');
  pciOn({ ...CARD, node: 'no-permission' }, 'warning pci-group-not-permitted');
  const neighbour = (driver: string | null) => ({ address: '0000:01:00.1', driver });
  pciOn({ ...CARD, others: [neighbour('snd_hda_intel')] }, 'warning pci-group-in-use');
  for (const driver of [null, 'vfio-pci', 'pcieport', 'pci-stub'])
    pciOn({ ...CARD, others: [neighbour(driver)] });
  const host = probed(LINUX, { devices: { pci: new Map([['0000:01:00.0', CARD]]) } });
  const planned = plannedOf(changed({ ...V2, passthrough: [card('0000:01:00.0')] }), host);
  const unknowns = metadataOf(startPlanOf(planned)).unknowns as { subject: string }[];
  t.equal(unknowns.filter(({ subject }) => subject === 'pci:0000:01:00.0').length, 1);
  t.end();
});
