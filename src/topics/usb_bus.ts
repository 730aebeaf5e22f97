/** QEMU's USB 3 controller with ports for all that a profile can attach directly: with fewer QEMU would add slow hubs. */
export const USB_PORTS = 8;
export const USB_CONTROLLER = { driver: 'qemu-xhci', id: 'usb', p2: USB_PORTS, p3: USB_PORTS };
export const USB_BUS = 'usb.0';
