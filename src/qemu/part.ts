/** A part of argv: the options that belong together, where they come from, and why they are there. */

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

/** A switch and its value, `['-smp', '4']`, or an element that stands alone. */
export type Option = readonly [string] | readonly [string, string];

export interface Part {
  readonly group: Group;
  readonly options: readonly Option[];
  /** JSON Pointers into the profile; none for a default. */
  readonly pointers: readonly string[];
  /** One sentence when the part is not a plain copy of profile values; else `null`. */
  readonly why: string | null;
}

export function part(
  group: Group,
  options: readonly Option[],
  pointers: readonly string[],
  why: string | null = null,
): Part {
  return { group, options, pointers, why };
}
