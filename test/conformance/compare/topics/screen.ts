/** The display, the graphics card, keyboard and pointer, sound, and what of the host or of a viewer is on USB. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Device } from '../qtree.ts';
import { drivesOf } from './drives.ts';
import type { Asked, Counts, Topic } from './topic.ts';

const DEFAULT_GPUS = {
  x86_64: 'virtio-vga',
  aarch64: 'virtio-gpu-pci',
  riscv64: 'virtio-gpu-pci',
  ppc64le: 'VGA',
} as const;

function gpuOf({ arch, profile: { display, gpu } }: Asked): string | null {
  const isShown = display?.mode !== undefined && display.mode !== 'none';
  return gpu?.model ?? (isShown ? DEFAULT_GPUS[arch] : null);
}

function inputOf(asked: Asked): string[] {
  const type = asked.profile.input?.type ?? (gpuOf(asked) === null ? 'none' : 'usb');
  if (type === 'none') return [];
  if (type === 'virtio') return ['virtio-keyboard-pci keyboard0', 'virtio-tablet-pci tablet0'];
  return [...(asked.arch === 'x86_64' ? [] : ['usb-kbd keyboard0']), 'usb-tablet tablet0'];
}

function soundOf({ profile: { audio } }: Asked): string[] {
  if (audio?.backend === undefined) return [];
  if (audio.device === 'AC97') return ['AC97 sound0'];
  return ['intel-hda hda0', `hda-${audio.microphone === true ? 'duplex' : 'output'} sound0`];
}

function redirected({ profile: { display } }: Asked): number {
  return display?.mode === 'spice' ? (display.usb_redirection ?? 0) : 0;
}

/** Keyboard, tablet, and what is handed through, each with its id. */
function onUsb(asked: Asked): string[] {
  return [
    ...inputOf(asked).filter((one) => one.startsWith('usb-')),
    ...Array.from({ length: redirected(asked) }, (_, index) => `usb-redir usb-redir-${index}`),
    ...(asked.profile.usb ?? []).map((_, index) => `usb-host usb-host-${index}`),
  ];
}

function bringsController(asked: Asked): boolean {
  const { disks, cdroms } = drivesOf(asked);
  return onUsb(asked).length > 0 && [...disks, ...cdroms].every(({ bus }) => bus !== 'usb');
}

/** What is in a slot of its own, in the order of slots. */
export function screenSlots(asked: Asked): string[] {
  const gpu = gpuOf(asked);
  return [
    ...(bringsController(asked) ? ['qemu-xhci usb'] : []),
    ...inputOf(asked).filter((one) => one.startsWith('virtio-')),
    ...(gpu === null || gpu === 'ramfb' ? [] : [`${gpu} gpu0`]),
    ...soundOf(asked).filter((one) => !one.startsWith('hda-')),
  ];
}

interface Vnc {
  readonly enabled: boolean;
  readonly auth?: string;
  readonly host?: string;
  readonly service?: string;
}

interface Spice {
  readonly enabled: boolean;
  readonly auth?: string;
  readonly host?: string;
  readonly port?: number;
}

type HandedOn = NonNullable<Asked['profile']['usb']>[number];

/** What a USB device of the host is, or where it is plugged in; 0 is any. */
function handedOn(
  { vendor_id = '0', product_id = '0', bus = 0, port = '' }: HandedOn,
  index: number,
): string {
  const [vendor, product] = [vendor_id, product_id].map((digits) => Number.parseInt(digits, 16));
  return `usb-host-${index} ${vendor}:${product} ${bus}-${port}`;
}

function handedOnSeen({ id, properties }: Device): string {
  const { vendorid = '', productid = '', hostbus, hostport } = properties;
  return `${id} ${Number.parseInt(vendorid, 10)}:${Number.parseInt(productid, 10)} ${hostbus}-${hostport}`;
}

/** Where the display waits, and whether it asks for a password, as QEMU says it. */
function displayOf({ profile: { display }, place }: Asked): string {
  const { mode, port, socket, address = '127.0.0.1', password_file } = display ?? {};
  if (mode !== 'vnc' && mode !== 'spice') return 'none';
  // Of a SPICE on a unix socket QEMU says nothing but that it is there.
  const where =
    socket !== undefined ? (mode === 'vnc' ? place(socket) : 'a socket') : `${address.toLowerCase()} ${port}`;
  return `${mode} ${where} ${password_file === undefined ? 'none' : mode}`;
}

const TYPES =
  /^(?:VGA|virtio-vga|virtio-gpu-pci|bochs-display|qxl-vga|cirrus-vga|ramfb|usb-(?:kbd|tablet|redir|host)|virtio-(?:keyboard|tablet)-pci|intel-hda|hda-(?:output|duplex)|AC97)$/;

/** Devices that those of virtio have inside. */
const INNER: Readonly<Record<string, string>> = {
  'virtio-vga': 'virtio-gpu-device',
  'virtio-gpu-pci': 'virtio-gpu-device',
  'virtio-keyboard-pci': 'virtio-keyboard-device',
  'virtio-tablet-pci': 'virtio-tablet-device',
};

function devicesOf(asked: Asked): string[] {
  const gpu = gpuOf(asked);
  const virtual = inputOf(asked).filter((one) => one.startsWith('virtio-'));
  return [...onUsb(asked), ...virtual, ...(gpu === null ? [] : [`${gpu} gpu0`]), ...soundOf(asked)];
}

export const screen: Topic = {
  make: ({ profile: { display }, place }) => {
    if (display?.socket !== undefined) mkdirSync(dirname(place(display.socket)), { recursive: true });
    if (display?.password_file === undefined) return;
    mkdirSync(dirname(place(display.password_file)), { recursive: true });
    writeFileSync(place(display.password_file), 'secret12');
  },
  means: (asked) => {
    const { width, height } = asked.profile.gpu ?? {};
    return {
      display: displayOf(asked),
      'screen devices': devicesOf(asked).sort(),
      'screen size': gpuOf(asked) === null || width === undefined ? 'none' : `${width} ${height}`,
      'absolute pointer': inputOf(asked).some((one) => one.includes('tablet')),
      'devices of the host': (asked.profile.usb ?? []).map(handedOn).sort(),
    };
  },
  seen: async ({ qmp, devices }, asked) => {
    const card = devices.find(({ id }) => id === 'gpu0');
    const hasSize = card !== undefined && asked.profile.gpu?.width !== undefined;
    const inner = [card, ...(card?.children ?? [])].find((one) => one?.properties.xres !== undefined);
    const mice = await qmp.ask<{ absolute: boolean }[]>('query-mice');
    return {
      display: await displaySeen(qmp, asked),
      'screen devices': devices
        .filter(({ type }) => TYPES.test(type))
        .map(({ type, id }) => `${type} ${id}`)
        .sort(),
      'screen size': hasSize ? `${inner?.properties.xres} ${inner?.properties.yres}` : 'none',
      'absolute pointer': mice.some(({ absolute }) => absolute),
      'devices of the host': devices
        .filter(({ type }) => type === 'usb-host')
        .map(handedOnSeen)
        .sort(),
    };
  },
  devices: (asked): Counts => [
    ...(bringsController(asked) ? ([['qemu-xhci', 1]] as const) : []),
    ...devicesOf(asked).flatMap((one): [string, number][] => {
      const [type = ''] = one.split(' ');
      const inner = INNER[type];
      return inner === undefined
        ? [[type, 1]]
        : [
            [type, 1],
            [inner, 1],
          ];
    }),
  ],
  objects: ({ profile: { display }, place }) => {
    const { mode, password_file } = display ?? {};
    const isRemote = mode === 'vnc' || mode === 'spice';
    return isRemote && password_file !== undefined
      ? [[`${mode}-password`, `secret of ${place(password_file)}`]]
      : [];
  },
};

async function displaySeen(qmp: Parameters<Topic['seen']>[0]['qmp'], asked: Asked): Promise<string> {
  const vnc = await qmp.ask<Vnc>('query-vnc');
  if (vnc.enabled) {
    const where = vnc.service?.startsWith('/') ? vnc.service : `${vnc.host} ${vnc.service}`;
    return `vnc ${where} ${vnc.auth}`;
  }
  if (asked.profile.display?.mode !== 'spice') return 'none';
  const spice = await qmp.ask<Spice>('query-spice');
  const isSocket = asked.profile.display.socket !== undefined;
  return `spice ${isSocket ? 'a socket' : `${spice.host} ${spice.port}`} ${spice.auth}`;
}
