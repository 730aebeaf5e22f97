/** The canonical text of a profile: TOML 1.0 that a second implementation writes byte for byte alike. */
import type { Profile } from './profile.ts';
import { compareCodePoints } from './text.ts';

type Plain = string | number | boolean | readonly string[];
interface Table {
  readonly [key: string]: Plain | Table | readonly Table[] | undefined;
}

/** Keys by code point, plain values before sub-tables, a header for each table with plain values; ends in one LF. */
export function canonicalToml(profile: Profile): string {
  return tableLines(profile as unknown as Table, '')
    .join('\n')
    .concat('\n');
}

function tableLines(table: Table, name: string): string[] {
  const entries = Object.entries(table).sort(([left], [right]) => compareCodePoints(left, right));
  const plain: string[] = [];
  const nested: string[] = [];
  for (const [key, value] of entries) {
    const path = name === '' ? key : `${name}.${key}`;
    if (value === undefined) continue;
    if (isTables(value))
      for (const element of value) nested.push('', `[[${path}]]`, ...tableLines(element, path));
    else if (isPlain(value)) plain.push(`${key} = ${plainText(value)}`);
    else nested.push(...sectionLines(value, path));
  }
  return [...plain, ...nested];
}

function sectionLines(table: Table, path: string): string[] {
  const lines = tableLines(table, path);
  const hasPlainValues = Object.values(table).some((value) => value !== undefined && isPlain(value));
  return hasPlainValues ? ['', `[${path}]`, ...lines] : lines;
}

function isPlain(value: Plain | Table | readonly Table[]): value is Plain {
  return typeof value !== 'object' || (Array.isArray(value) && typeof value[0] !== 'object');
}

function isTables(value: Plain | Table | readonly Table[]): value is readonly Table[] {
  return Array.isArray(value) && typeof value[0] === 'object';
}

function plainText(value: Plain): string {
  if (typeof value === 'string') return basicString(value);
  return typeof value === 'object' ? `[${value.map(basicString).join(', ')}]` : String(value);
}

function basicString(text: string): string {
  const escaped = text.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\t', '\\t');
  return `"${escaped}"`;
}
