/** The devices that QEMU is told to make. They follow from argv, so that no topic can forget one. */
import type { Architecture } from '../facts/host_facts.ts';
import type { QemuDeviceNeed } from '../needs/kinds/qemu.ts';
import { type Path, pathIn } from '../profile/path.ts';
import type { Part } from './part.ts';

export function deviceNeeds(parts: readonly Part[], arch: Architecture): QemuDeviceNeed[] {
  return parts.flatMap((part) =>
    driversIn(part).map((driver) => ({ kind: 'qemu-device', at: placeOf(part), arch, driver })),
  );
}

/** A value that reads like a switch is the last element of its part. */
function driversIn({ elements }: Part): string[] {
  return elements.flatMap((element, index) => (elements[index - 1] === '-device' ? [driverIn(element)] : []));
}

/** JSON, or text that begins with the driver. */
function driverIn(option: string): string {
  if (!option.startsWith('{')) return option.replace(/,.*$/s, '');
  return (JSON.parse(option) as { readonly driver: string }).driver;
}

/** The element that a part stands for, else the first key that it is made from. */
function placeOf({ element, pointers }: Part): Path {
  return element === null ? pathIn(pointers[0] ?? '') : [...pathIn(element.list), element.index];
}
