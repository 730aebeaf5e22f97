/** A part of argv: the elements that belong together, where they come from, and why they are there. */

export const GROUPS = [
  'binary',
  'machine',
  'accelerator',
  'cpu',
  'disks',
  'shares',
  'network',
  'qmp',
  'serial',
  'kernel',
  'name',
] as const;

export type Group = (typeof GROUPS)[number];

export interface Part {
  readonly group: Group;
  /** Switches with their values, `-smp` and `4`, or an element that stands alone. */
  readonly elements: readonly string[];
  /** JSON Pointers into the profile; none for a default. */
  readonly pointers: readonly string[];
  /** One sentence when the part is not a plain copy of profile values; else `null`. */
  readonly why: string | null;
}

export function part(
  group: Group,
  elements: readonly string[],
  pointers: readonly string[],
  why: string | null = null,
): Part {
  return { group, elements, pointers, why };
}
