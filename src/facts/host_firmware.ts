/** Which UEFI firmware of a host fits a machine. */
import type { Architecture, HostFacts, HostFirmware } from './host_facts.ts';

/** What a firmware is wanted for. */
export interface FirmwareWish {
  readonly arch: Architecture;
  /** What QEMU calls the machine; a name without a version with one that stands for all of them. */
  readonly machineNames: readonly string[];
  readonly secureBoot: boolean;
}

/** Firmware with Secure Boot needs system management mode, which on x86_64 only this machine has. */
const SECURE_MACHINES = ['pc-q35-*'];

/** The first firmware of the host that fits; `null` when the host has none, or none is known. */
export function fittingFirmware(wish: FirmwareWish, { firmware = [] }: HostFacts): HostFirmware | null {
  return firmware.find((one) => fits(one, wish)) ?? null;
}

function fits(firmware: HostFirmware, { arch, machineNames, secureBoot }: FirmwareWish): boolean {
  if (firmware.arch !== arch || firmware.secure_boot !== secureBoot) return false;
  const machines = firmware.machines ?? (arch === 'x86_64' && secureBoot ? SECURE_MACHINES : ['*']);
  return machines.some((pattern) => machineNames.some((name) => matches(name, pattern)));
}

/** Whether a name is what a pattern stands for, in which `*` is any number of characters. */
function matches(name: string, pattern: string): boolean {
  const [start = '', ...rest] = pattern.split('*');
  const end = rest.pop();
  if (end === undefined) return name === pattern;
  if (!name.startsWith(start)) return false;
  let from = start.length;
  for (const middle of rest) {
    const found = name.indexOf(middle, from);
    if (found === -1) return false;
    from = found + middle.length;
  }
  return name.length - end.length >= from && name.endsWith(end);
}

/** Where systems keep what comes with QEMU: a firmware that lies there is nothing to be surprised of. */
export const FIRMWARE_HOMES: readonly string[] = ['/usr/share', '/usr/local/share', '/opt/homebrew/share'];
