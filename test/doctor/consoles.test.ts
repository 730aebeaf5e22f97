/** Findings about what serial ports and consoles are written to, the sockets of channels, and vsock. */
import t from 'tap';
import type { Change } from '../help/documents.ts';
import { DARWIN } from '../help/hosts.ts';
import { at, type Look, type Seen } from '../help/machines.ts';
import { checkProfiles } from '../help/reports.ts';

const V2: Change = { schema_version: 2 };

t.test('a log that goes on', (t) => {
  const log: Change = { ...V2, consoles: [{ name: 'c', mode: 'file', logfile: 'logs/c.log', append: true }] };
  const is = (seen: Seen): Look => ({ files: { 'logs/c.log': seen } });
  checkProfiles(t, [
    ['to come', log, {}, 'info sockets console-log-ready:c'],
    ['of an earlier run', log, is(at('file')), 'info sockets console-log-will-go-on:c'],
    ['unwritable', log, is({ ...at('file'), isWritable: false }), 'warning sockets console-log-unwritable:c'],
  ]);
});

t.test('sockets and ports', (t) => {
  checkProfiles(t, [
    [
      'of all kinds',
      {
        ...V2,
        'serial.ports': [{ name: 'p', mode: 'socket' }],
        consoles: [{ name: 'c', mode: 'tcp', port: 4555 }],
        channels: [{ name: 'h' }],
        guest_agent: { enabled: true },
        qmp: { extra_sockets: ['run/q'] },
        monitor: { enabled: true },
      },
      {},
      'info sockets serial-port-socket-ready:p',
      'info network port-free:tcp:127.0.0.1:4555',
      'info sockets channel-socket-ready:h',
      'info sockets guest-agent-socket-ready',
      'info sockets qmp-socket-ready',
      'info sockets qmp-extra-socket-ready:[0]',
      'info sockets monitor-socket-ready',
    ],
  ]);
});

t.test('vsock', (t) => {
  const vsock: Change = { ...V2, 'devices.vsock_cid': 3 };
  checkProfiles(t, [
    ['ready', vsock, {}, 'info network vsock-device-ready'],
    ['missing', vsock, { vsockDevice: 'missing' }, 'error network vsock-device-missing'],
    ['forbidden', vsock, { vsockDevice: 'no-permission' }, 'warning network vsock-device-no-permission'],
    [
      'not on darwin',
      { ...vsock, 'serial.mode': 'none' },
      { facts: DARWIN, vsockDevice: null },
      'error profile profile-not-for-os:devices.vsock_cid',
      'info acceleration hvf-assumed',
      'warning profile profile-acceleration-fallback:hardware.acceleration',
    ],
  ]);
});
