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

export interface Origin {
  readonly group: Group;
  /** JSON Pointers into the profile; none for a default. */
  readonly pointers: readonly string[];
  /** One sentence when the part is not a plain copy of profile values; else `null`. */
  readonly why: string | null;
  /** The members above as the last ones of a JSON object, with the brace that ends it. */
  readonly text: string;
}

export interface Part {
  readonly origin: Origin;
  /** Switches with their values, `-smp` and `4`, or an element that stands alone. */
  readonly elements: readonly string[];
}

export function origin(group: Group, pointers: readonly string[], why: string | null = null): Origin {
  const text = `"group":"${group}","pointers":${JSON.stringify(pointers)},"why":${JSON.stringify(why)}}`;
  return { group, pointers, why, text };
}
