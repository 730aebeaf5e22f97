/** The one USB controller, for all that is on USB: it stands before the first of them, wherever that is. */
import { jsonOption } from '../qemu/json_option.ts';
import { inputDevices } from './input.ts';
import { type Machine, machineOf, plannedMachine } from './machine.ts';
import { part } from './part.ts';
import type { Draft, ProfilePath } from './profile.ts';
import type { Topic } from './topic.ts';
import { drivesOnUsb, USB_CONTROLLER, USB_PORTS } from './usb_bus.ts';
import { redirectedDevices } from './usb_redirection.ts';

/** What is on USB besides drives: the key that each is there for, in the order of argv. */
function devicesOnUsb(draft: Draft): ProfilePath[] {
  const { usb = [] } = draft;
  return [
    ...inputDevices(draft).flatMap(({ isUsb }): ProfilePath[] => (isUsb ? [['input', 'type']] : [])),
    ...Array.from({ length: redirectedDevices(draft) }, (): ProfilePath => ['display', 'usb_redirection']),
    ...usb.map((_, index): ProfilePath => ['usb', index]),
  ];
}

/** Whether it is no drive that brings the controller. */
function isOwnPart(draft: Draft, machine: Machine): boolean {
  return devicesOnUsb(draft).length > 0 && drivesOnUsb(draft, machine).length === 0;
}

export const usbController: Topic = {
  checkProfile: (draft, { error }) => {
    const machine = machineOf(draft);
    if (machine === null) return;
    const drives = drivesOnUsb(draft, machine).map(
      ({ is, index }): ProfilePath => ['storage', is === 'disk' ? 'disks' : 'cdroms', index, 'bus'],
    );
    const [tooMany] = [...drives, ...devicesOnUsb(draft)].slice(USB_PORTS);
    if (tooMany === undefined) return;
    error(
      tooMany,
      'bus-full',
      (field) => `${field} makes more than ${USB_PORTS} devices on USB, which has no more places.`,
      'Use another bus for some of them, or have fewer; drives, keyboards, tablets and what is handed through count alike.',
    );
  },
  slots: (draft, machine) => [{ at: ['usb'], slots: isOwnPart(draft, machine) ? 1 : 0 }],
  args: (profile) => {
    if (!isOwnPart(profile, plannedMachine(profile))) return [];
    return [
      part('devices', [], ['-device', jsonOption(USB_CONTROLLER)], {
        why: 'One USB controller, before the first device that is on it.',
        decidedBy: [
          ...INPUT_DECIDED_BY,
          '/display/usb_redirection',
          ...profile.usb.map((_, index) => `/usb/${index}`),
        ],
        switchedBy: DRIVES,
        element: { name: USB_CONTROLLER.id, list: '/usb', index: 0 },
      }),
    ];
  },
};

/** Without a drive on USB the controller is a part of its own. */
const DRIVES = /^\/storage\/(?:disks|cdroms)(?:\/\d+(?:\/bus)?)?$/;

/** What decides whether there is a keyboard or a tablet on USB. */
const INPUT_DECIDED_BY = ['/input/type', '/gpu/model', '/display/mode', '/hardware/arch'];
