/** Changes to the base profile that many tests make, and the parts that they are made of. */
import type { Change } from './documents.ts';

export const DISK = 'storage.disks.0';
export const DISK_PATH = 'storage.disks.0.path';
/** The same, as issues name it. */
export const AT_DISK = 'storage.disks[0].path';
/** Where that disk is on a Linux host. */
export const ROOT_IMAGE = '/srv/lab/images/root.qcow2';
export const CARD = 'network.interfaces.0';

/** Makes a profile that every system can plan: the serial port of the base profile is a pty. */
export const LOG: Change = { 'serial.mode': 'file', 'serial.logfile': 'logs/lab.log' };
export const TCG: Change = { 'hardware.acceleration': 'tcg' };

export function disk(name: string, more: object = {}): object {
  return { name, path: `images/${name}.qcow2`, format: 'qcow2', ...more };
}

export function share(path: string): Change {
  return { 'storage.disks.1': { name: 'share', path, format: 'host-path', readonly: true } };
}

/** An interface with these forwards. */
export function user(name: string, ...hostfwd: string[]): object {
  return { name, type: 'user', hostfwd };
}

export function card(type: string, ...hostfwd: string[]): Change {
  return { [CARD]: { name: 'net0', type, hostfwd } };
}

export function withKernel(kernel: object): Change {
  return { kernel: { enabled: true, bzimage: 'boot/bzImage', append: 'console=ttyS0', ...kernel } };
}
