/** Keyboard and pointer of the guest. */
import { table, word } from '../profile/key.ts';
import { type JsonObject, jsonOption } from '../qemu/json_option.ts';
import { gpuModel } from './gpu.ts';
import { type Machine, plannedMachine } from './machine.ts';
import { part } from './part.ts';
import type { Draft, Profile } from './profile.ts';
import type { Topic } from './topic.ts';
import { drivesOnUsb, USB_BUS, USB_FORM, usbPort } from './usb_bus.ts';

export const INPUT_TYPES = ['usb', 'virtio', 'none'] as const;
type InputType = (typeof INPUT_TYPES)[number];

export const INPUT = table(
  'Keyboard and pointer of the guest.',
  {
    type: word(
      INPUT_TYPES,
      'What they are attached to. Default: `usb` where there is a graphics card, else `none`. x86_64 machines have a keyboard and a mouse besides.',
      {},
    ),
  },
  { since: 2 },
);

function defaultType(draft: Draft): InputType {
  return gpuModel(draft) === undefined ? 'none' : 'usb';
}

interface InputDevice {
  readonly driver: string;
  readonly id: string;
  readonly isUsb: boolean;
}

/** The pointer is a tablet, which knows where it is; a mouse would drift away from that of the viewer. */
export function inputDevices(draft: Draft): InputDevice[] {
  switch (draft.input.type ?? defaultType(draft)) {
    case 'none':
      return [];
    case 'virtio':
      return [
        { driver: 'virtio-keyboard-pci', id: 'keyboard0', isUsb: false },
        { driver: 'virtio-tablet-pci', id: 'tablet0', isUsb: false },
      ];
    case 'usb': {
      const tablet = { driver: 'usb-tablet', id: 'tablet0', isUsb: true };
      return draft.hardware.arch === 'x86_64'
        ? [tablet]
        : [{ driver: 'usb-kbd', id: 'keyboard0', isUsb: true }, tablet];
    }
  }
}

/** How many places on USB drives, keyboards and tablets have, which are before all else there. */
export function usbPlacesOfDrivesAndInput(draft: Draft, machine: Machine): number {
  return drivesOnUsb(draft, machine).length + inputDevices(draft).filter(({ isUsb }) => isUsb).length;
}

export const input: Topic = {
  /** A type that is the default is as good as none. */
  complete: (draft) => {
    if (draft.input.type === defaultType(draft)) draft.input.type = undefined;
  },
  checkProfile: (draft, { warning }) => {
    const { arch } = draft.hardware;
    if (draft.input.type !== 'none' || gpuModel(draft) === undefined) return;
    if (arch === undefined || arch === 'x86_64') return;
    warning(
      ['input', 'type'],
      'no-keyboard',
      (field) =>
        `${field} is "none", and ${arch} machines have no keyboard of their own; there is only a picture.`,
    );
  },
  slots: (draft) => [{ at: ['input'], slots: inputDevices(draft).filter(({ isUsb }) => !isUsb).length }],
  args: (profile) =>
    inputDevices(profile).map(({ driver, id, isUsb }, index) => {
      const place = isUsb ? usbPlace(profile, index) : {};
      return part(
        'devices',
        profile.input.type === undefined ? [] : ['/input/type'],
        ['-device', jsonOption({ ...place, driver, id })],
        {
          why: profile.input.type === undefined ? 'A graphics card comes with what to answer it by.' : null,
          decidedBy: ['/input/type', '/gpu/model', '/display/mode', '/hardware/arch'],
          element: { name: id, list: '/input', index: 0 },
          form: JSON.stringify(place),
          formDecidedBy: USB_FORM,
        },
      );
    }),
};

function usbPlace(profile: Profile, index: number): JsonObject {
  return { bus: USB_BUS, port: usbPort(drivesOnUsb(profile, plannedMachine(profile)).length + index) };
}
