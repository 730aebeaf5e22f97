/** MAC addresses of network cards: those of the profile, and those that are made from names. */
import { hash } from 'node:crypto';
import type { DraftInterface, Issues, ProfilePath } from './profile.ts';

/** QEMU numbers the cards without an address 52:54:00:12:34:56, :57, … */
const QEMU_PREFIX = '52:54:00:12:34:';
const QEMU_START = 0x56;

/** The interface types that get no stable address of our own: QEMU counts up, or there is no card. */
const TYPES_WITHOUT: ReadonlySet<string> = new Set(['user', 'none']);

/** The address that the profile names or that argv will hold; `null` when QEMU picks one. */
export function plannedMac(
  vmName: string | undefined,
  { name, type, mac }: Pick<DraftInterface, 'name' | 'type' | 'mac'>,
): string | null {
  if (mac !== undefined) return mac;
  if (type === undefined || TYPES_WITHOUT.has(type) || vmName === undefined || name === undefined)
    return null;
  return stableMac(vmName, name);
}

/** QEMU's prefix and three octets of SHA-256(`<vm.name>/<interface name>`). */
function stableMac(vmName: string, interfaceName: string): string {
  const digest = hash('sha256', `${vmName}/${interfaceName}`);
  return `52:54:00:${digest.slice(0, 2)}:${digest.slice(2, 4)}:${digest.slice(4, 6)}`;
}

/** Checks the addresses that the plan will name. */
export function checkMacs(
  vmName: string | undefined,
  interfaces: readonly DraftInterface[],
  issues: Issues,
): void {
  const seen = new Map<string, number>();
  let defaultsBefore = 0;
  for (const [index, netInterface] of interfaces.entries()) {
    const mac = plannedMac(vmName, netInterface);
    if (mac === null) {
      if (netInterface.type === 'user') defaultsBefore++;
      continue;
    }
    const at = ['network', 'interfaces', index, 'mac'] as const;
    if (netInterface.mac !== undefined) cardRule(at, netInterface.mac, issues);
    duplicateRule(at, mac, seen.get(mac), issues);
    if (isGivenByQemu(mac, defaultsBefore)) {
      issues.error(
        at,
        'mac-taken-by-qemu',
        `The address ${mac} is one that QEMU gives by itself to a "user" interface before this one that has no mac.`,
      );
    }
    if (!seen.has(mac)) seen.set(mac, index);
  }
}

function cardRule(at: ProfilePath, mac: string, { error }: Issues): void {
  if (/^00(?::00){5}$/.test(mac)) {
    error(
      at,
      'invalid-mac',
      (field) => `${field} is "${mac}"; QEMU would silently replace an all-zero address.`,
    );
  } else if (!isUnicast(mac)) {
    error(
      at,
      'invalid-mac',
      (field) =>
        `${field} is "${mac}"; the first octet is odd, which makes it a multicast address, and a card needs a unicast one.`,
      'Make the first octet even, such as 52.',
    );
  }
}

/** Whether the address names one card: the lowest bit of the first octet is 0 (IEEE 802). */
function isUnicast(mac: string): boolean {
  return Number.parseInt(mac.slice(0, 2), 16) % 2 === 0;
}

function duplicateRule(at: ProfilePath, mac: string, earlier: number | undefined, { error }: Issues): void {
  if (earlier === undefined) return;
  error(
    at,
    'duplicate-mac',
    `The address ${mac} is that of network.interfaces[${earlier}] too; each card needs its own.`,
  );
}

function isGivenByQemu(mac: string, defaultsBefore: number): boolean {
  if (!mac.startsWith(QEMU_PREFIX)) return false;
  const offset = Number.parseInt(mac.slice(QEMU_PREFIX.length), 16) - QEMU_START;
  return offset >= 0 && offset < defaultsBefore;
}
