/** A part of argv: the elements that belong together, where they come from, and why they are there. */
import type { Group } from './index.ts';

export interface Part {
  readonly group: Group;
  /** Switches with their values, `-smp` and `4`, or an element that stands alone. */
  readonly elements: readonly string[];
  /** JSON Pointers to the profile's values that it is made from. */
  readonly pointers: readonly string[];
  /** Whether the profile may leave some of them out, since they have a default. */
  readonly mayBeDefault: boolean;
  /** One sentence when the part is not a plain copy of profile values; else `null`. */
  readonly why: string | null;
  /** Pointers to what decided on it besides: what switches it on, and what a default hangs on. */
  readonly decidedBy: readonly string[];
  /** The element of a list that it stands for; `null` for what there is once. */
  readonly element: PartElement | null;
  /** What it has only because of its neighbours in the list; by default, of how many elements it consists. */
  readonly form: string;
  /** Pointers of which a change gives all parts of the list another form. */
  readonly formDecidedBy: RegExp | null;
  /** Pointers of which a change makes the part come or go, besides its own. */
  readonly switchedBy: RegExp | null;
}

export interface PartElement {
  /** Unique in its group: what no profile names is called as nothing can be that one does, or like its id. */
  readonly name: string;
  /** JSON Pointer to the list. */
  readonly list: string;
  readonly index: number;
}

/** A part of which only what differs from the ordinary is named. */
export function part(
  group: Group,
  pointers: readonly string[],
  elements: readonly string[],
  {
    mayBeDefault = false,
    why = null,
    decidedBy = [],
    element = null,
    form = String(elements.length),
    formDecidedBy = null,
    switchedBy = null,
  }: Partial<Part> = {},
): Part {
  return {
    group,
    elements,
    pointers,
    mayBeDefault,
    why,
    decidedBy,
    element,
    form,
    formDecidedBy,
    switchedBy,
  };
}

/** The elements of argv: no shell will read them. */
export function argvOf(parts: readonly Part[]): string[] {
  const argv: string[] = [];
  for (const { elements } of parts) argv.push(...elements);
  return argv;
}
