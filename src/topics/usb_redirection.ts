/** USB devices of the machine that a SPICE viewer runs on. */
import { jsonOption } from '../qemu/json_option.ts';
import { part } from './part.ts';
import type { Topic } from './topic.ts';
import { USB_BUS } from './usb_bus.ts';

export const usbRedirection: Topic = {
  needs: ({ display: { mode, usb_redirection = 0 } }) =>
    mode === 'spice' && usb_redirection > 0
      ? [{ kind: 'qemu-module', at: ['display', 'usb_redirection'], module: 'hw-usb-redirect' }]
      : [],
  args: ({ display: { mode, usb_redirection } }) => {
    if (mode !== 'spice') return [];
    return Array.from({ length: usb_redirection }, (_, index) => {
      const id = `usb-redir-${index}`;
      return part(
        'devices',
        ['/display/usb_redirection'],
        [
          '-chardev',
          `spicevmc,id=${id},name=usbredir`,
          '-device',
          jsonOption({ bus: USB_BUS, chardev: id, driver: 'usb-redir', id }),
        ],
        { decidedBy: ['/display/mode'], element: { name: id, list: '/display/usb_redirection', index } },
      );
    });
  },
};
