import { fieldOf, type Path } from '../field_path.ts';
import type { Findings } from '../issue.ts';
import { GENERATED_TYPES, isUnicast, QEMU_MAC_PREFIX, QEMU_MAC_START, stableMac } from '../mac.ts';
import type { DraftInterface } from '../profile.ts';

/** Checks the addresses that the plan will name: the explicit ones and those made from the names. */
export function macAddressRules(
  vmName: string | undefined,
  interfaces: readonly DraftInterface[],
  findings: Findings,
): void {
  const seen = new Map<string, number>();
  let defaultsBefore = 0;
  interfaces.forEach((netInterface, index) => {
    const mac = plannedMac(vmName, netInterface);
    if (mac !== null) {
      const path = ['network', 'interfaces', index, 'mac'];
      if (netInterface.mac !== undefined) addressRules(path, netInterface.mac, findings);
      duplicateRule(path, mac, seen.get(mac), findings);
      defaultRule(path, mac, defaultsBefore, findings);
      if (!seen.has(mac)) seen.set(mac, index);
    } else if (netInterface.type === 'user') defaultsBefore++;
  });
}

/** The address that the profile names or argv will hold; `null` when QEMU picks one. */
function plannedMac(vmName: string | undefined, { name, type, mac }: DraftInterface): string | null {
  if (mac !== undefined) return mac;
  if (type === undefined || !GENERATED_TYPES.has(type) || vmName === undefined || name === undefined)
    return null;
  return stableMac(vmName, name);
}

function addressRules(path: Path, mac: string, { error }: Findings): void {
  if (/^00(?::00){5}$/.test(mac)) {
    error(
      path,
      'invalid-mac',
      `${fieldOf(path)} is "${mac}"; QEMU would silently replace an all-zero address.`,
      'Write another address.',
    );
  } else if (!isUnicast(mac)) {
    error(
      path,
      'invalid-mac',
      `${fieldOf(path)} is "${mac}"; the first octet is odd, which makes it a multicast address, and a card needs a unicast one.`,
      'Make the first octet even, such as 52.',
    );
  }
}

function duplicateRule(path: Path, mac: string, earlier: number | undefined, { error }: Findings): void {
  if (earlier === undefined) return;
  error(
    path,
    'duplicate-mac',
    `The address ${mac} is that of network.interfaces[${earlier}] too; each card needs its own.`,
    'Write another address.',
  );
}

function defaultRule(path: Path, mac: string, defaultsBefore: number, { error }: Findings): void {
  if (!mac.startsWith(QEMU_MAC_PREFIX)) return;
  const offset = Number.parseInt(mac.slice(QEMU_MAC_PREFIX.length), 16) - QEMU_MAC_START;
  if (offset < 0 || offset >= defaultsBefore) return;
  error(
    path,
    'mac-taken-by-qemu',
    `The address ${mac} is one that QEMU gives by itself to a "user" interface before this one that has no mac.`,
    'Write another address, or give the "user" interfaces addresses too.',
  );
}
