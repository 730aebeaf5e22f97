/** The bus of all that is on USB: drives have the first places, then keyboards, tablets and what is handed through. */
import { type SeatedDrive, seatedDrives } from './drives.ts';
import type { Machine } from './machine.ts';
import type { Draft } from './profile.ts';

/** QEMU's USB 3 controller with ports for all that a profile can attach directly: with fewer QEMU would add slow hubs. */
export const USB_PORTS = 8;
export const USB_CONTROLLER = { driver: 'qemu-xhci', id: 'usb', p2: USB_PORTS, p3: USB_PORTS };
export const USB_BUS = 'usb.0';

export function drivesOnUsb(draft: Draft, machine: Machine): SeatedDrive[] {
  return seatedDrives(draft, machine).filter(({ bus }) => bus === 'usb');
}

/** The port of a device that is no drive, by its place from 0. QEMU finds one itself, but would put a hub into the last. */
export function usbPort(place: number): string | undefined {
  return place === USB_PORTS - 1 ? String(USB_PORTS) : undefined;
}

/** What gives a device the last port, or takes it. */
export const USB_FORM =
  /^\/(?:storage\/(?:disks|cdroms)(?:\/\d+(?:\/bus)?)?|input(?:\/type)?|gpu(?:\/model)?|display(?:\/(?:mode|usb_redirection))?|usb(?:\/\d+)?|hardware\/arch)$/;
