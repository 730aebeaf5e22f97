/** Paths into a profile: `storage.disks[0].path` for people, `/storage/disks/0/path` for programs. */
import type { TableKey } from './key.ts';
import { redacted } from './secrets.ts';
import { compareCodePoints, shortened, visible } from './text.ts';

export type Path = readonly (string | number)[];

/** The paths that a value of a type has. */
export type PathIn<Value> = Value extends readonly (infer Element)[]
  ? readonly [number, ...PathFrom<Element>]
  : Value extends object
    ? { [Key in keyof Value & string]: readonly [Key, ...PathFrom<Value[Key]>] }[keyof Value & string]
    : never;
type PathFrom<Value> = readonly [] | PathIn<NonNullable<Value>>;

/** The dotted form; a key that is no bare word is quoted, one that looks like a secret is not shown. */
export function fieldOf(path: Path): string {
  let field = '';
  for (const step of path) {
    if (typeof step === 'number') field += `[${step}]`;
    else field += (field === '' ? '' : '.') + keyText(step);
  }
  return field;
}

function keyText(key: string): string {
  const text = shortened(redacted(key));
  return /^[A-Za-z0-9_-]+$/.test(text) ? text : JSON.stringify(visible(text));
}

/** The JSON Pointer of RFC 6901. */
export function pointerOf(path: Path): string {
  let pointer = '';
  for (const step of path)
    pointer += `/${typeof step === 'number' ? step : redacted(step).replaceAll('~', '~0').replaceAll('/', '~1')}`;
  return pointer;
}

/** The path of a pointer to a value of a valid profile, none of whose keys needs an escape. */
export function pathIn(pointer: string): Path {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => (/^[0-9]+$/.test(step) ? Number(step) : step));
}

/** The value at a path, `undefined` where there is none. */
export function valueAt(value: unknown, path: Path): unknown {
  let found = value;
  for (const step of path) found = Object(found)[step];
  return found;
}

/** Where a path stands in the order of a table's keys: the place of each step, or the path of an unknown key. */
type Place = { readonly places: readonly number[] } | { readonly unknown: Path };

/** Orders what is at paths as a table orders its keys, elements by index; unknown keys come last, by code point. */
export function sortedByPlace<Found extends { readonly at: Path }>(
  found: readonly Found[],
  table: TableKey,
): Found[] {
  return found
    .map((one) => ({ one, place: placeOf(one.at, table) }))
    .sort((left, right) => comparePlaces(left.place, right.place))
    .map(({ one }) => one);
}

function placeOf(path: Path, table: TableKey): Place {
  const places: number[] = [];
  let keys: TableKey['keys'] = table.keys;
  for (const step of path) {
    if (typeof step === 'number') {
      places.push(step);
      continue;
    }
    const key = Object.hasOwn(keys, step) ? keys[step] : undefined;
    if (key === undefined) return { unknown: path };
    places.push(Object.keys(keys).indexOf(step));
    const below = key.kind === 'list' ? key.element : key;
    keys = below.kind === 'table' ? below.keys : {};
  }
  return { places };
}

function comparePlaces(left: Place, right: Place): number {
  if ('unknown' in left)
    return 'unknown' in right ? compareSteps(left.unknown, right.unknown, compareKeys) : 1;
  if ('unknown' in right) return -1;
  return compareSteps(left.places, right.places, (a, b) => a - b);
}

/** Step by step; a path comes before what lies below it. */
function compareSteps<Step>(
  left: readonly Step[],
  right: readonly Step[],
  compare: (a: Step, b: Step) => number,
): number {
  for (const [index, step] of left.entries()) {
    const other = right[index];
    if (other === undefined) return 1;
    const difference = compare(step, other);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

function compareKeys(left: string | number, right: string | number): number {
  return typeof left === 'number' && typeof right === 'number'
    ? left - right
    : compareCodePoints(String(left), String(right));
}
