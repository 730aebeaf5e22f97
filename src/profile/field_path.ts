/** Paths into a profile: `storage.disks[0].path` for people, `/storage/disks/0/path` for programs. */
import { ProfileSchema } from './schema.ts';
import { redacted } from './secrets.ts';
import { compareCodePoints, visible } from './text.ts';

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
  return /^[A-Za-z0-9_-]+$/.test(key) ? redacted(key) : JSON.stringify(visible(redacted(key)));
}

/** The JSON Pointer of RFC 6901. */
export function pointerOf(path: Path): string {
  return path
    .map((step) => `/${redacted(String(step)).replaceAll('~', '~0').replaceAll('/', '~1')}`)
    .join('');
}

/** The path of a field without element numbers, `storage.disks.path`: what rules about a field go by. */
export function templateOf(path: Path): string {
  return path.filter((step) => typeof step === 'string').join('.');
}

interface Table {
  readonly properties?: Record<string, Table>;
  readonly items?: Table;
}

/** Where a path stands in the order of the profile's tables: the place of each step, or the text of an unknown key. */
export type TablePlace = readonly number[] | string;

export function tablePlace(path: Path): TablePlace {
  const places: number[] = [];
  let table: Table | undefined = ProfileSchema as Table;
  for (const step of path) {
    if (typeof step === 'number') {
      places.push(step);
      table = table?.items;
      continue;
    }
    const place: number = Object.keys(table?.properties ?? {}).indexOf(step);
    if (place === -1) return path.join('\u0000');
    places.push(place);
    table = table?.properties?.[step];
  }
  return places;
}

/** Orders places as the profile's tables do; unknown keys come last, by code point. */
export function comparePlaces(left: TablePlace, right: TablePlace): number {
  if (typeof left === 'string') return typeof right === 'string' ? compareCodePoints(left, right) : 1;
  if (typeof right === 'string') return -1;
  for (let index = 0; index < Math.min(left.length, right.length); index++) {
    const difference = (left[index] as number) - (right[index] as number);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}
