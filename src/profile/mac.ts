/** MAC addresses of network cards. */
import { hash } from 'node:crypto';

/** QEMU numbers the cards without an address 52:54:00:12:34:56, :57, … */
export const QEMU_MAC_PREFIX = '52:54:00:12:34:';
export const QEMU_MAC_START = 0x56;

/** The interface types that get a stable address of our own, since other machines see it. */
export const GENERATED_TYPES: ReadonlySet<string> = new Set(['tap', 'bridge']);

/** A stable address: QEMU's prefix and three octets of SHA-256(`<vm.name>/<interface name>`). */
export function stableMac(vmName: string, interfaceName: string): string {
  const digest = hash('sha256', `${vmName}/${interfaceName}`);
  return `52:54:00:${digest.slice(0, 2)}:${digest.slice(2, 4)}:${digest.slice(4, 6)}`;
}

/** Whether the address names one card: the lowest bit of the first octet is 0 (IEEE 802). */
export function isUnicast(mac: string): boolean {
  return Number.parseInt(mac.slice(0, 2), 16) % 2 === 0;
}
