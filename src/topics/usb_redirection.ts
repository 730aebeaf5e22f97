/** USB devices of the machine that a SPICE viewer runs on. */
import { jsonOption } from '../qemu/json_option.ts';
import { usbPlacesOfDrivesAndInput } from './input.ts';
import { plannedMachine } from './machine.ts';
import { part } from './part.ts';
import type { Draft } from './profile.ts';
import type { Topic } from './topic.ts';
import { USB_BUS, USB_FORM, usbPort } from './usb_bus.ts';

export function redirectedDevices({ display: { mode, usb_redirection = 0 } }: Draft): number {
  return mode === 'spice' ? usb_redirection : 0;
}

export const usbRedirection: Topic = {
  needs: (draft) =>
    redirectedDevices(draft) > 0
      ? [{ kind: 'qemu-module', at: ['display', 'usb_redirection'], module: 'hw-usb-redirect' }]
      : [],
  args: (profile) => {
    const first = usbPlacesOfDrivesAndInput(profile, plannedMachine(profile));
    return Array.from({ length: redirectedDevices(profile) }, (_, index) => {
      const id = `usb-redir-${index}`;
      const port = usbPort(first + index);
      return part(
        'devices',
        ['/display/usb_redirection'],
        [
          '-chardev',
          `spicevmc,id=${id},name=usbredir`,
          '-device',
          jsonOption({ bus: USB_BUS, chardev: id, driver: 'usb-redir', id, port }),
        ],
        {
          decidedBy: ['/display/mode'],
          element: { name: id, list: '/display/usb_redirection', index },
          form: String(port),
          formDecidedBy: USB_FORM,
        },
      );
    });
  },
};
