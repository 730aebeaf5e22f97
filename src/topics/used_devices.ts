/** The devices that QEMU is told to make. They follow from argv, so that no topic can forget one. */
import type { QemuDeviceNeed } from '../needs/kinds/qemu.ts';
import { type Path, pathIn, valueAt } from '../profile/path.ts';
import type { Part } from './part.ts';
import type { Profile } from './profile.ts';

export function deviceNeeds(parts: readonly Part[], profile: Profile): QemuDeviceNeed[] {
  const { arch } = profile.hardware;
  return parts.flatMap((part) =>
    driversIn(part).map((driver) => ({ kind: 'qemu-device', at: placeOf(part, profile), arch, driver })),
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

/** The element that a part stands for, or the section where that is no list; else the first key that it is made from. */
function placeOf({ element, pointers }: Part, profile: Profile): Path {
  if (element === null) return pathIn(pointers[0] as string);
  const list = pathIn(element.list);
  const elements = valueAt(profile, list);
  const isInList = Array.isArray(elements) && element.index < elements.length;
  return isInList ? [...list, element.index] : list;
}
