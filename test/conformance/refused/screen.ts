/** Rules about displays, graphics cards, sound and what is on USB. */
import { openThings } from '../qemu/proc.ts';
import type { Architecture } from '../settings.ts';
import { small2, times } from '../small_profile.ts';
import { type Expectation, type Outcome, type RefusedCase, replaced, unchanged } from './refused_case.ts';

type Sections = Parameters<typeof small2>[1];

interface Wrong {
  readonly rule: string;
  readonly name: string;
  readonly arch?: Architecture;
  readonly near: Sections;
  readonly bad: Sections;
  readonly edit: RefusedCase['edit'];
  readonly expect: Expectation;
  readonly newer?: Expectation;
}

export function refusedScreens(): RefusedCase[] {
  return [...displays(), ...cards(), ...sound(), ...onUsb()].map(
    ({ arch = 'x86_64', near, bad, ...others }) => ({
      ...others,
      near: small2(arch, near),
      bad: small2(arch, bad),
    }),
  );
}

function listensOn(pattern: RegExp): (outcome: Outcome) => string | null {
  return (outcome) => {
    const open = outcome.isRunning ? openThings(outcome.pid).listeners : [];
    const found = open.filter((listener) => pattern.test(listener));
    return found.length > 0 ? `QEMU listens on ${found.join(' and ')}` : null;
  };
}

async function isOpen(outcome: Outcome): Promise<string | null> {
  if (!outcome.isRunning) return null;
  const { host, auth } = await outcome.qmp.ask<{ host: string; auth: string }>('query-vnc');
  return host === '0.0.0.0' && auth === 'none' ? `the screen is on ${host}, and asks for no password` : null;
}

async function isNowhere(outcome: Outcome): Promise<string | null> {
  if (!outcome.isRunning) return null;
  const { enabled } = await outcome.qmp.ask<{ enabled: boolean }>('query-spice');
  const isWaiting = openThings(outcome.pid).listeners.length > 0;
  return enabled && !isWaiting ? 'there is a SPICE that nobody can connect to' : null;
}

function displays(): Wrong[] {
  const vnc = { display: { mode: 'vnc', port: 25900 } } as const;
  const onSocket = { display: { mode: 'vnc', socket: 'r/vnc' } } as const;
  return [
    {
      rule: 'display-address-missing',
      name: 'SPICE with neither a port nor a socket',
      near: { display: { mode: 'spice', port: 25900 } },
      bad: { display: { mode: 'spice' } },
      edit: (argv) => replaced(argv, 'port=25900,addr=127.0.0.1,', ''),
      expect: { harms: isNowhere },
    },
    {
      rule: 'display-address-twice',
      name: 'VNC on a socket and on a port',
      near: onSocket,
      bad: { display: { ...onSocket.display, port: 25900 } },
      edit: (argv) => [...argv, '-vnc', '127.0.0.1:20000'],
      expect: { accepts: 'a screen waits in one place' },
    },
    {
      rule: 'display-open-to-network',
      name: 'VNC on every address without a password',
      near: vnc,
      bad: { display: { ...vnc.display, address: '0.0.0.0' } },
      edit: (argv) => replaced(argv, '127.0.0.1:20000', '0.0.0.0:20000'),
      expect: { harms: isOpen },
    },
    {
      rule: 'websocket-needs-tcp',
      name: 'VNC on a socket, and on a port for browsers',
      near: onSocket,
      bad: { display: { ...onSocket.display, websocket_port: 25901 } },
      edit: (argv) => replaced(argv, '/r/vnc', '/r/vnc,websocket=25901'),
      expect: { harms: listensOn(/^port:tcp:(?:0\.0\.0\.0|\[::\]):25901$/) },
    },
    {
      rule: 'port-forwarded-twice',
      name: 'VNC and a console on one port',
      near: { ...vnc, consoles: [{ name: 'a', mode: 'tcp', port: 25901 }] },
      bad: { ...vnc, consoles: [{ name: 'a', mode: 'tcp', port: 25900 }] },
      edit: (argv) => replaced(argv, 'port=25901', 'port=25900'),
      expect: { refuses: /Address already in use/ },
    },
  ];
}

function cards(): Wrong[] {
  const isUnknown = { refuses: /is not a valid device model name/ };
  const of = (
    arch: Architecture,
    model: 'virtio-vga' | 'qxl-vga' | 'cirrus-vga' | 'ramfb' | 'VGA',
    expect: Expectation,
  ): Wrong => ({
    rule: 'not-for-arch',
    name: `the card ${model} on ${arch}`,
    arch,
    near: { gpu: { model: 'bochs-display' }, input: { type: 'none' } },
    bad: { gpu: { model }, input: { type: 'none' } },
    edit: (argv) => replaced(argv, 'bochs-display', model),
    expect,
  });
  const sized = (model: 'cirrus-vga' | 'ramfb'): Wrong => ({
    rule: 'not-for-type',
    name: `a size of the screen for ${model}`,
    near: { gpu: { model } },
    bad: { gpu: { model, width: 1024, height: 768 } },
    edit: (argv) => replaced(argv, '"id":"gpu0"', '"id":"gpu0","xres":1024,"yres":768'),
    expect: { refuses: /Property '.*[xy]res' not found/ },
  });
  return [
    of('aarch64', 'virtio-vga', isUnknown),
    of('aarch64', 'qxl-vga', isUnknown),
    of('aarch64', 'VGA', { accepts: 'guests of aarch64 show nothing with it' }),
    of('aarch64', 'cirrus-vga', { accepts: 'guests of aarch64 show nothing with it' }),
    of('riscv64', 'virtio-vga', { accepts: 'virtio-gpu-pci is the card for guests of riscv64' }),
    {
      ...of('riscv64', 'ramfb', { refuses: /ramfb device requires fw_cfg with DMA/ }),
      newer: { accepts: 'QEMU 10 has it, and 7.2 refuses it' },
    },
    of('ppc64le', 'virtio-vga', isUnknown),
    of('ppc64le', 'ramfb', isUnknown),
    sized('cirrus-vga'),
    sized('ramfb'),
  ];
}

function sound(): Wrong[] {
  return [
    {
      rule: 'audio-needs-spice',
      name: 'sound for a viewer of SPICE without SPICE',
      near: { audio: { backend: 'none' } },
      bad: { audio: { backend: 'spice' } },
      edit: (argv) => replaced(argv, 'none,id=audio0', 'spice,id=audio0'),
      expect: { refuses: /Could not init `spice' audio driver|Cannot use spice audio without -spice/ },
    },
    {
      rule: 'audio-always-records',
      name: 'AC97 without a microphone',
      near: { audio: { backend: 'none', device: 'AC97', microphone: true } },
      bad: { audio: { backend: 'none', device: 'AC97', microphone: false } },
      edit: unchanged,
      expect: { accepts: 'AC97 always records' },
    },
  ];
}

/** QEMU makes what is written in JSON last. */
const NINTH = '{"bus":"usb.0","driver":"usb-host","hostbus":1,"hostport":"9","id":"ninth"}';

function onUsb(): Wrong[] {
  const plugged = (...ports: string[]): Sections => ({ usb: ports.map((port) => ({ bus: 1, port })) });
  const mouse = { vendor_id: '046d', product_id: 'c52b' };
  const which = '"productid":50475,"vendorid":1133';
  return [
    {
      rule: 'bus-full',
      name: 'nine devices on USB',
      near: plugged(...times(8, (index) => String(index + 1))),
      bad: plugged(...times(9, (index) => String(index + 1))),
      edit: (argv) => [...argv, '-device', NINTH],
      expect: { refuses: /no free ports/ },
    },
    {
      rule: 'usb-device-twice',
      name: 'two devices of the host in one place',
      near: plugged('2', '3'),
      bad: plugged('2', '2'),
      edit: (argv) => replaced(argv, '"hostport":"3"', '"hostport":"2"'),
      expect: { accepts: 'there is one device, which the guest has once' },
    },
    {
      rule: 'usb-device-unselected',
      name: 'a device of the host that nothing is said of',
      near: { usb: [mouse] },
      bad: { usb: [{}] },
      edit: (argv) => replaced(argv, `,${which}`, ''),
      expect: { accepts: 'QEMU takes whatever device of the host it finds' },
    },
    {
      rule: 'usb-device-selected-twice',
      name: 'a device of the host by what it is and where it is plugged in',
      near: { usb: [mouse] },
      bad: { usb: [{ ...mouse, bus: 1, port: '2' }] },
      edit: (argv) => replaced(argv, which, `"hostbus":1,"hostport":"2",${which}`),
      expect: { accepts: 'one way to say which is enough' },
    },
  ];
}
