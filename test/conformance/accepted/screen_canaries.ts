/** Faults in displays, graphics cards, input and sound. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { replaced, without } from '../refused/refused_case.ts';
import { small2 } from '../small_profile.ts';
import type { Canary } from './canaries.ts';

const SOUND = { backend: 'none', microphone: true } as const;

const VNC = small2('x86_64', {
  vm: { name: 'canary' },
  display: { mode: 'vnc', port: 25900, websocket_port: 25901, password_file: 'k/p' },
  gpu: { width: 1024, height: 768 },
  audio: SOUND,
  usb: [{ vendor_id: '046d', product_id: 'c52b' }],
});

const SPICE = small2('x86_64', {
  vm: { name: 'canary' },
  display: { mode: 'spice', port: 25900, password_file: 'k/p', agent: true, usb_redirection: 1 },
  gpu: { model: 'qxl-vga' },
  input: { type: 'virtio' },
});

export function screenCanaries(): Canary[] {
  const vnc = (name: string, field: Canary['field'], edit: Canary['edit']): Canary => ({
    name,
    profile: VNC,
    field,
    edit,
  });
  const spice = (name: string, field: Canary['field'], edit: Canary['edit']): Canary => ({
    ...vnc(name, field, edit),
    profile: SPICE,
  });
  return [
    vnc('another port of VNC', 'display', (argv) => replaced(argv, '127.0.0.1:20000', '127.0.0.1:20002')),
    vnc('VNC on every address', 'display', (argv) => replaced(argv, '127.0.0.1:20000', '0.0.0.0:20000')),
    vnc('VNC without a password', 'display', (argv) => replaced(argv, ',password-secret=vnc-password', '')),
    {
      ...vnc('another password', 'objects', (argv) => replaced(argv, '/k/p"', '/k/q"')),
      spoil: ({ root }) => writeFileSync(join(root, 'k/q'), 'secret13'),
    },
    vnc('browsers on every address', 'open ports', (argv) =>
      replaced(argv, 'websocket=127.0.0.1:', 'websocket=0.0.0.0:'),
    ),
    vnc('no port for browsers', 'open ports', (argv) => replaced(argv, ',websocket=127.0.0.1:25901', '')),
    vnc('another graphics card', 'screen devices', (argv) =>
      replaced(argv, '"virtio-vga","id":"gpu0"', '"VGA","id":"gpu0"'),
    ),
    vnc('another size', 'screen size', (argv) => replaced(argv, '"xres":1024', '"xres":1000')),
    vnc('a mouse', 'absolute pointer', (argv) => replaced(argv, 'usb-tablet', 'usb-mouse')),
    vnc('no microphone', 'screen devices', (argv) => replaced(argv, 'hda-duplex', 'hda-output')),
    vnc('another device of the host', 'devices of the host', (argv) =>
      replaced(argv, '"vendorid":1133', '"vendorid":1134'),
    ),
    spice('another port of SPICE', 'display', (argv) => replaced(argv, 'port=25900', 'port=25902')),
    spice('SPICE on every address', 'display', (argv) => replaced(argv, ',addr=127.0.0.1', '')),
    spice('SPICE without a password', 'display', (argv) =>
      replaced(argv, 'password-secret=spice-password', 'disable-ticketing=on'),
    ),
    spice('no SPICE', 'display', (argv) => without(argv, '-spice')),
    spice('another way to the agent', 'virtio ports', (argv) =>
      replaced(argv, 'com.redhat.spice.0', 'com.redhat.spice.1'),
    ),
    spice('a mouse of virtio', 'absolute pointer', (argv) =>
      replaced(argv, 'virtio-tablet-pci', 'virtio-mouse-pci'),
    ),
  ];
}
