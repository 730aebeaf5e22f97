/** Paths into a profile: `storage.disks[0].path` for people, `/storage/disks/0/path` for programs. */
import { ProfileSchema } from './schema.ts';
import { redacted } from './secrets.ts';
import { compareCodePoints, shortened, visible } from './text.ts';

export type Path = readonly (string | number)[];

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
  if (SCHEMA_KEYS.has(key)) return key;
  const text = shortened(redacted(key));
  return /^[A-Za-z0-9_-]+$/.test(text) ? text : JSON.stringify(visible(text));
}

/** The JSON Pointer of RFC 6901. */
export function pointerOf(path: Path): string {
  let pointer = '';
  for (const step of path) pointer += `/${typeof step === 'number' ? step : pointerStep(step)}`;
  return pointer;
}

function pointerStep(key: string): string {
  return SCHEMA_KEYS.has(key) ? key : redacted(key).replaceAll('~', '~0').replaceAll('/', '~1');
}

/** The path of a field without element numbers, `storage.disks.path`: what rules about a field go by. */
export function templateOf(path: Path): string {
  return path.filter((step) => typeof step === 'string').join('.');
}

interface Schema {
  readonly properties?: Record<string, Schema>;
  readonly items?: Schema;
}

/** The keys of a table in the schema's order; the same for each element of an array of tables. */
type Table = ReadonlyMap<string, { readonly place: number; readonly table: Table }>;

const PROFILE_TABLE = tableOf(ProfileSchema as Schema);

/** All keys of the schema: there is nothing in them to quote or to escape, and no secret. */
const SCHEMA_KEYS: ReadonlySet<string> = new Set(keysOf(PROFILE_TABLE));

function tableOf({ properties = {}, items }: Schema): Table {
  if (items !== undefined) return tableOf(items);
  const entries = Object.entries(properties).map(
    ([key, schema], place) => [key, { place, table: tableOf(schema) }] as const,
  );
  return new Map(entries);
}

function keysOf(table: Table): string[] {
  return [...table].flatMap(([key, below]) => [key, ...keysOf(below.table)]);
}

/** Where a path stands in the order of the profile's tables: the place of each step, or the path of an unknown key. */
export type TablePlace = { readonly places: readonly number[] } | { readonly unknown: Path };

export function tablePlace(path: Path): TablePlace {
  const places: number[] = [];
  let table = PROFILE_TABLE;
  for (const step of path) {
    if (typeof step === 'number') {
      places.push(step);
      continue;
    }
    const found = table.get(step);
    if (found === undefined) return { unknown: path };
    places.push(found.place);
    table = found.table;
  }
  return { places };
}

/** Orders places as the profile's tables do; unknown keys come last, by code point. */
export function comparePlaces(left: TablePlace, right: TablePlace): number {
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
