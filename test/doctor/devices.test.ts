/** Findings about displays, and about USB and PCI devices of the host. */
import t from 'tap';
import type { Change } from '../help/documents.ts';
import { WINDOWS } from '../help/hosts.ts';
import { at, findingOf, type Look, reportOn } from '../help/machines.ts';
import { checkProfiles, linesOf, remedyOf, seen } from '../help/reports.ts';

const V2: Change = { schema_version: 2 };

t.test('displays', (t) => {
  const socket = { ...V2, display: { mode: 'vnc', socket: 'run/v' } };
  const port = { ...V2, display: { mode: 'spice', port: 5900, password_file: 'keys/p' } };
  const ipv6 = (address = '::1') => ({
    ...V2,
    display: { mode: 'spice', address, port: 5900, password_file: 'keys/p' },
  });
  const found = 'info sockets display-password-found';
  checkProfiles(t, [
    ['a socket', socket, {}, 'info sockets vnc-socket-ready'],
    [
      'a port that anybody here may use',
      { ...V2, display: { mode: 'vnc', port: 5900 } },
      {},
      'info network port-free:tcp:127.0.0.1:5900',
      'warning profile profile-display-without-password:display.port',
    ],
    [
      'a socket of an earlier run',
      socket,
      { files: { 'run/v': { ...at('other'), isSocket: true } } },
      'warning sockets stale-socket:vnc +',
    ],
    ['a port', port, {}, 'info network port-free:tcp:127.0.0.1:5900', found],
    ['a port of IPv6', ipv6(), {}, 'info network port-free:tcp:[::1]:5900', found],
    [
      'one that is taken on every address of IPv6',
      ipv6(),
      { boundPorts: [{ protocol: 'tcp', address: '::', port: 5900, isConnection: false }] },
      'error network port-taken:tcp:[::1]:5900',
      found,
    ],
    [
      'one that is taken on every address of IPv4',
      ipv6(),
      { boundPorts: [{ protocol: 'tcp', address: '0.0.0.0', port: 5900, isConnection: false }] },
      'info network port-free:tcp:[::1]:5900',
      found,
    ],
    [
      'every address of IPv6, of which a connection has one',
      ipv6('::'),
      { boundPorts: [{ protocol: 'tcp', address: '2001:db8::1', port: 5900, isConnection: true }] },
      'warning network port-taken:tcp:[::]:5900',
      'warning profile profile-display-not-loopback:display.address',
      found,
    ],
    [
      'an address of IPv6 that is not here',
      ipv6('2001:db8::1'),
      {},
      'warning network hostfwd-address-not-here:tcp:[2001:db8::1]:5900',
      'warning profile profile-display-not-loopback:display.address',
      found,
    ],
    [
      'of IPv6 nothing is known',
      ipv6('2001:db8::1'),
      { boundPorts: null, ipv6Addresses: null },
      'info network ports-unknown',
      'warning profile profile-display-not-loopback:display.address',
      found,
    ],
    [
      'an address of IPv4 as one of IPv6',
      ipv6('::ffff:7f00:1'),
      {},
      'info network port-unknown:tcp:[::ffff:7f00:1]:5900',
      'warning profile profile-display-not-loopback:display.address',
      found,
    ],
    [
      'no password',
      port,
      { files: { 'keys/p': at('missing') } },
      'error sockets display-password-missing',
      'info network port-free:tcp:127.0.0.1:5900',
    ],
    [
      'a password that others can read',
      port,
      { files: { 'keys/p': { bytes: 60, mode: 0o644 } } },
      'info network port-free:tcp:127.0.0.1:5900',
      'warning sockets secret-file-mode',
      'warning sockets spice-password-too-long',
      found,
    ],
    [
      'on windows, where a mode says nothing',
      { ...port, 'serial.mode': 'none' },
      { facts: WINDOWS, files: { 'keys/p': { bytes: 9, mode: 0o666 } } },
      'info acceleration whpx-assumed',
      'info network port-free:tcp:127.0.0.1:5900',
      found,
    ],
  ]);
});

t.test('modules of QEMU', (t) => {
  const gtk = { ...V2, display: { mode: 'gtk' } };
  const usb = {
    ...V2,
    usb: [
      { bus: 1, port: '2' },
      { bus: 1, port: '3' },
    ],
  };
  const common = ['hw-display-virtio-vga', 'hw-usb-host', 'ui-spice-core'];
  const card = 'info qemu qemu-module-found:hw-display-virtio-vga';
  const spice = { ...V2, display: { mode: 'spice', socket: 'run/s' }, 'audio.backend': 'spice' };
  checkProfiles(t, [
    ['nobody knows where they would be', gtk, {}],
    ['one that is not there', gtk, { modules: common }, card, 'warning qemu qemu-module-missing:ui-gtk +'],
    ['of several devices', usb, { modules: common }, 'info qemu qemu-module-found:hw-usb-host'],
    [
      'of SPICE',
      spice,
      { modules: common },
      card,
      'info qemu qemu-module-found:ui-spice-core',
      'info sockets spice-socket-ready',
      'warning qemu qemu-module-missing:audio-spice +',
    ],
    [
      'on another system nobody knows the package',
      gtk,
      { modules: common, machine: { distribution: ['alpine'] } },
      card,
      'warning qemu qemu-module-missing:ui-gtk',
    ],
  ]);
});

t.test('the package of a module', (t) => {
  const report = seen(reportOn({ ...V2, display: { mode: 'gtk' } }, { modules: ['hw-display-virtio-vga'] }));
  t.match(findingOf(report, 'qemu-module-missing:ui-gtk'), {
    description:
      'display.mode takes the module ui-gtk of QEMU, which no package of this host has; QEMU does not start without it. Install the package qemu-system-gui.',
    metadata: { module: 'ui-gtk' },
  });
  const plan = remedyOf(report, 'qemu-module-missing:ui-gtk');
  t.strictSame(linesOf(plan), ['! apt-get update', '! apt-get install -y qemu-system-gui']);
  t.match(plan, {
    affected_resources: ['qemu-module:ui-gtk'],
    title: 'Install the module ui-gtk of QEMU',
    explanation: 'No installed package has the module ui-gtk of QEMU. Nothing has been run.',
  });
  t.end();
});

t.test('devices of the host', (t) => {
  const usb = { ...V2, usb: [{ vendor_id: '046d', product_id: 'c52b' }] };
  const stick = { place: '1-1', ids: '046d:c52b', node: '/dev/bus/usb/001/004', isUsable: true };
  const pci = { ...V2, passthrough: [{ name: 'gpu', address: '0000:01:00.0' }] };
  const card = { driver: 'vfio-pci', group: '1', others: [], node: 'ready' } as const;
  const with_ = (found: typeof card | null): Look => ({
    devices: { pci: new Map([['0000:01:00.0', found]]) },
  });
  checkProfiles(t, [
    ['nobody looked', usb, {}],
    ['plugged in', usb, { devices: { usb: [stick] } }, 'info devices usb-device-found:046d:c52b'],
    ['not plugged in', usb, { devices: { usb: [] } }, 'warning devices usb-device-missing:046d:c52b'],
    [
      'one device by what it is and by where it is',
      { ...V2, usb: [...usb.usb, { bus: 1, port: '1' }] },
      { devices: { usb: [stick] } },
      'info devices usb-device-found:046d:c52b',
      'error profile profile-usb-device-twice:usb[1]',
    ],
    [
      'two of one make, of which one is plugged in',
      { ...V2, usb: [...usb.usb, ...usb.usb] },
      { devices: { usb: [stick] } },
      'info devices usb-device-found:046d:c52b',
    ],
    ['nobody looked at cards', pci, {}],
    ['a card', pci, with_(card), 'info devices pci-device-found:0000:01:00.0'],
    ['no card', pci, with_(null), 'error devices pci-device-missing:0000:01:00.0'],
  ]);
});
