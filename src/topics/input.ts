/** Keyboard and pointer of the guest. */
import { table, word } from '../profile/key.ts';
import { jsonOption } from '../qemu/json_option.ts';
import { gpuModel } from './gpu.ts';
import { part } from './part.ts';
import type { Draft } from './profile.ts';
import type { Topic } from './topic.ts';
import { USB_BUS } from './usb_bus.ts';

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
    inputDevices(profile).map(({ driver, id, isUsb }) =>
      part(
        'devices',
        profile.input.type === undefined ? [] : ['/input/type'],
        ['-device', jsonOption({ bus: isUsb ? USB_BUS : undefined, driver, id })],
        {
          why: profile.input.type === undefined ? 'A graphics card comes with what to answer it by.' : null,
          decidedBy: ['/input/type', '/gpu/model', '/display/mode', '/hardware/arch'],
          element: { name: id, list: '/input', index: 0 },
        },
      ),
    ),
};
