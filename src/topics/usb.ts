/** USB devices of the host that the guest gets. */
import { count, list, table, text, type ValueOf } from '../profile/key.ts';
import { show } from '../profile/show.ts';
import { type JsonObject, jsonOption } from '../qemu/json_option.ts';
import { usbPlacesOfDrivesAndInput } from './input.ts';
import { plannedMachine } from './machine.ts';
import { checkOnlyFor } from './only_for.ts';
import { type Part, part } from './part.ts';
import type { Draft, Issues } from './profile.ts';
import type { Topic } from './topic.ts';
import { USB_BUS, USB_FORM, usbPort } from './usb_bus.ts';
import { redirectedDevices } from './usb_redirection.ts';

/** Both ids at once, as `lsusb` prints them, or one as a number in C. */
function meantId(text: string): string | null {
  const [, maker, product] = /^(?:0x)?([0-9a-f]{4}):(?:0x)?([0-9a-f]{4})$/i.exec(text) ?? [];
  if (product !== undefined) return `Write vendor_id = "${maker}" and product_id = "${product}".`;
  const [, id] = /^0x([0-9a-f]{4})$/i.exec(text) ?? [];
  return id === undefined ? null : `Write "${id}".`;
}

const idKey = (description: string, example: string) =>
  text(description, {
    pattern: '^[0-9A-Fa-f]{4}$',
    mistake: {
      code: 'invalid-usb-id',
      must: 'be four hexadecimal digits, as lsusb prints them',
      suggestion: `Write such as "${example}".`,
      meant: meantId,
    },
    lowerCase: true,
    examples: [example],
  });

const DEVICE = table('A USB device of the host, by what it is or by where it is plugged in.', {
  vendor_id: idKey('Its maker; with `product_id`. Of several equal devices QEMU takes the first.', '046d'),
  product_id: idKey('What its maker calls it.', 'c52b'),
  bus: count('The bus that it is plugged into; with `port`.', { minimum: 1, maximum: 255 }),
  port: text('The ports on the way to it, with dots between them.', {
    pattern: '^[1-9][0-9]?(?:[.][1-9][0-9]?){0,4}$',
    mistake: {
      code: 'invalid-usb-port',
      must: 'be at most five numbers under 100 with dots between them',
      suggestion: 'Write such as "2" or "1.4", as "lsusb -t" and the names in /sys/bus/usb/devices have it.',
    },
    examples: ['1.4'],
  }),
});

/** More than the controller has ports for. */
const MOST_LISTED = 16;

export const USB = list(
  DEVICE,
  'USB devices of a linux host that the guest gets. One that is not plugged in comes when it is.',
  { most: MOST_LISTED, since: 2 },
);

type Device = ValueOf<typeof DEVICE>;
type DraftDevice = NonNullable<Draft['usb']>[number];

export const usb: Topic = {
  checkProfile: ({ usb = [] }, issues) => {
    for (const [index, device] of usb.entries()) selectionRules(device, index, issues);
    twiceRule(usb, issues);
  },
  checkOnHost: ({ usb = [] }, { facts: { os } }, issues) => {
    if (usb.length === 0) return;
    const instead =
      'Write display.mode = "spice" and display.usb_redirection: the viewer hands devices over.';
    checkOnlyFor(['usb'], 'there', [{ on: 'os', is: os, allowed: ['linux'], instead }], issues);
  },
  needs: ({ usb = [] }) => {
    const devices = usb.flatMap((device, index) => {
      const name = nameOf(device);
      return name === null ? [] : [{ kind: 'usb-device', at: ['usb', index], name } as const];
    });
    return devices.length === 0
      ? []
      : [...devices, { kind: 'qemu-module', at: ['usb'], module: 'hw-usb-host' } as const];
  },
  args: (profile) => {
    const first = usbPlacesOfDrivesAndInput(profile, plannedMachine(profile)) + redirectedDevices(profile);
    return profile.usb.map((device, index) => devicePart(device, index, usbPort(first + index)));
  },
};

/** `046d:c52b`, or `1-1.4` as the kernel names a place; `null` for what is not settled. */
function nameOf({ vendor_id, product_id, bus, port }: DraftDevice): string | null {
  if (vendor_id !== undefined && product_id !== undefined) return `${vendor_id}:${product_id}`;
  return bus !== undefined && port !== undefined ? `${bus}-${port}` : null;
}

/** Without any of them QEMU would take whatever device it finds. */
function selectionRules(device: DraftDevice, index: number, issues: Issues): void {
  const { error, isRefused } = issues;
  const isSet = (key: keyof DraftDevice): boolean =>
    device[key] !== undefined || isRefused(['usb', index, key]);
  const [isById, isByPlace] = [isSet('vendor_id') || isSet('product_id'), isSet('bus') || isSet('port')];
  if (!isById && !isByPlace) {
    error(
      ['usb', index],
      'usb-device-unselected',
      (field) => `${field} says neither what the device is nor where it is plugged in; QEMU would take any.`,
    );
    return;
  }
  if (isById && isByPlace) {
    error(
      ['usb', index],
      'usb-device-selected-twice',
      (field) => `${field} says what the device is and where it is plugged in.`,
    );
    return;
  }
  const keys = isById ? (['vendor_id', 'product_id'] as const) : (['bus', 'port'] as const);
  for (const key of keys) {
    if (isSet(key)) continue;
    error(
      ['usb', index, key],
      'missing-field',
      (field) => `${field} is required beside ${keys.find((one) => one !== key)} and is not there.`,
      'Add it.',
    );
  }
}

/** Two of equal make are two devices; one place holds one. */
function twiceRule(devices: readonly DraftDevice[], { error }: Issues): void {
  const places = devices.map(({ bus, port }) =>
    bus === undefined || port === undefined ? null : `${bus}-${port}`,
  );
  for (const [index, place] of places.entries()) {
    if (place === null || places.indexOf(place) === index) continue;
    error(
      ['usb', index, 'port'],
      'usb-device-twice',
      (field) => `${field} and its bus are ${show(place)}, which usb[${places.indexOf(place)}] has already.`,
    );
  }
}

/** In the guest its port is QEMU's to choose, unless it is the last. */
function devicePart(device: Device, index: number, guestPort: string | undefined): Part {
  const list = '/usb';
  const at = `${list}/${index}`;
  const id = `usb-host-${index}`;
  const { vendor_id, product_id, bus, port } = device;
  const [keys, which]: readonly [readonly string[], JsonObject] =
    vendor_id === undefined
      ? [['bus', 'port'], { hostbus: bus, hostport: port }]
      : [
          ['vendor_id', 'product_id'],
          { vendorid: hexadecimal(vendor_id), productid: hexadecimal(product_id as string) },
        ];
  return part(
    'devices',
    keys.map((key) => `${at}/${key}`),
    ['-device', jsonOption({ bus: USB_BUS, driver: 'usb-host', id, port: guestPort, ...which })],
    { element: { name: id, list, index }, form: String(guestPort), formDecidedBy: USB_FORM },
  );
}

/** In JSON the numbers are decimal. */
function hexadecimal(digits: string): number {
  return Number.parseInt(digits, 16);
}
