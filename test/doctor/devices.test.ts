/** Findings about displays, and about USB and PCI devices of the host. */
import t from 'tap';
import type { Change } from '../help/documents.ts';
import { WINDOWS } from '../help/hosts.ts';
import { at, type Look } from '../help/machines.ts';
import { checkProfiles } from '../help/reports.ts';

const V2: Change = { schema_version: 2 };

t.test('displays', (t) => {
  const socket = { ...V2, display: { mode: 'vnc', socket: 'run/v' } };
  const port = { ...V2, display: { mode: 'spice', port: 5900, password_file: 'keys/p' } };
  const ipv6 = { ...V2, display: { mode: 'spice', address: '::1', port: 5900, password_file: 'keys/p' } };
  const found = 'info sockets display-password-found';
  checkProfiles(t, [
    ['a socket', socket, {}, 'info sockets vnc-socket-ready'],
    [
      'a socket of an earlier run',
      socket,
      { files: { 'run/v': { ...at('other'), isSocket: true } } },
      'warning sockets stale-socket:vnc +',
    ],
    ['a port', port, {}, 'info network port-free:tcp:127.0.0.1:5900', found],
    ['a port of IPv6', ipv6, {}, 'info network port-unknown:tcp:[::1]:5900', found],
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
    ['nobody looked at cards', pci, {}],
    ['a card', pci, with_(card), 'info devices pci-device-found:0000:01:00.0'],
    ['no card', pci, with_(null), 'error devices pci-device-missing:0000:01:00.0'],
  ]);
});
