/** Where two values differ: field by field, with the elements of a list of tables matched by name. */
import { pointerOf } from '../profile/path.ts';
import { normalisationNote } from './normalisation.ts';
import { shown } from './shown.ts';

/** The same place in two values, as JSON Pointers: they differ where an element has another index. */
interface Places {
  readonly before: string;
  readonly after: string;
}

/** A field that differs, an element that only one list has, or a list whose elements changed their order. */
export interface Difference {
  /** `null` where only the other list has the element. */
  readonly at: { readonly [Side in keyof Places]: string | null };
  /** `undefined` for what is not there; of a list in another order the names of the elements that both have. */
  readonly before: unknown;
  readonly after: unknown;
}

/** A difference as answers have it. */
export interface ValueChange {
  readonly pointer: string;
  /** `null` for what is not there. */
  readonly before: unknown;
  readonly after: unknown;
  /** What a reader cannot see of the difference; `null` for nothing. */
  readonly note: string | null;
}

type Table = Readonly<Record<string, unknown>>;
type Element = Table & { readonly name?: string };

/** None if and only if the values are equal. The names within a list are unique. */
export function differencesBetween(before: object, after: object): Difference[] {
  return inTables(before as Table, after as Table, { before: '', after: '' });
}

/** Leads into what is there now, or into what was there if nothing is. */
export function pointerTo({ at, after }: Difference): string {
  return (after === undefined ? at.before : at.after) as string;
}

export function shownChange(difference: Difference): ValueChange {
  const { before, after } = difference;
  return {
    pointer: pointerTo(difference),
    before: shown(before) ?? null,
    after: shown(after) ?? null,
    note: normalisationNote(before, after),
  };
}

function inTables(before: Table, after: Table, at: Places): Difference[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return keys.flatMap((key) => inValues(before[key], after[key], below(at, key)));
}

/** Lists of plain values are compared as a whole: canonical text has each of them on one line. */
function inValues(before: unknown, after: unknown, at: Places): Difference[] {
  if (isTable(before) && isTable(after)) return inTables(before, after, at);
  if (isTables(before) && isTables(after)) return inLists(before, after, at);
  return inPlainValues(before, after, at);
}

function inPlainValues(before: unknown, after: unknown, at: Places): Difference[] {
  return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ at, before, after }];
}

function inLists(before: readonly Element[], after: readonly Element[], at: Places): Difference[] {
  const [oldNames, newNames] = [before.map(nameOf), after.map(nameOf)];
  const oldIndex = new Map(oldNames.map((name, index) => [name, index]));
  const isNew = new Set(newNames);
  const order = {
    before: oldNames.filter((name) => isNew.has(name)),
    after: newNames.filter((name) => oldIndex.has(name)),
  };
  const removed = before.flatMap((element, index) =>
    isNew.has(oldNames[index] as Name)
      ? []
      : [{ at: { before: below(at, index).before, after: null }, before: element, after: undefined }],
  );
  const others = after.flatMap((element, index) => {
    const place = below(at, index).after;
    const old = oldIndex.get(newNames[index] as Name);
    return old === undefined
      ? [{ at: { before: null, after: place }, before: undefined, after: element }]
      : inTables(before[old] as Element, element, { before: below(at, old).before, after: place });
  });
  return [...inPlainValues(order.before, order.after, at), ...removed, ...others];
}

type Name = string | number;

/** What has no name is known by its place. */
function nameOf({ name }: Element, index: number): Name {
  return name ?? index;
}

function below({ before, after }: Places, step: string | number): Places {
  const end = pointerOf([step]);
  return { before: `${before}${end}`, after: `${after}${end}` };
}

function isTable(value: unknown): value is Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTables(value: unknown): value is readonly Element[] {
  return Array.isArray(value) && value.every(isTable);
}
