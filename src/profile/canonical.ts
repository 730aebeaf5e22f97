/** The canonical text of a profile: TOML 1.0 that a second implementation writes byte for byte alike. */
import type { AnyKey, TableKey } from './key.ts';
import { compareCodePoints } from './text.ts';

type Table = Readonly<Record<string, unknown>>;

/** Keys by code point, plain values before sub-tables, a header for each table with plain values; ends in one LF. */
export function canonicalWriterOf(schema: TableKey): (value: object) => string {
  const { linesOf, tablesOf } = tableWriter(schema, '', schema.since);
  return (value) => linesOf(value as Table) + tablesOf(value as Table);
}

/** Writes a table's plain values, and what comes after them: its sub-tables with their headers. */
interface TableWriter {
  readonly linesOf: (table: Table) => string;
  readonly tablesOf: (table: Table) => string;
}

/** The same of one member: its line is empty where it is a table, and there is nothing after that of a plain value. */
interface MemberWriter {
  readonly lineOf: (value: unknown) => string;
  readonly tablesOf: ((value: unknown) => string) | null;
}

/** Where a member stands, and the version that brought it. */
interface Place {
  readonly name: string;
  readonly path: string;
  readonly since: number;
}

/**
 * Writes the members of a table. `path` is its own, for the headers of what lies below it; `since` the version that brought
 * it, and with it all of its keys.
 */
function tableWriter({ keys }: TableKey, path: string, since: number): TableWriter {
  const writers = Object.entries(keys)
    .sort(([left], [right]) => compareCodePoints(left, right))
    .map(([name, key]) => {
      const place = { name, path: path === '' ? name : `${path}.${name}`, since: Math.max(since, key.since) };
      return { name, ...memberWriter(key, place) };
    });
  const nested = writers.filter(({ tablesOf }) => tablesOf !== null);
  return {
    linesOf: (table) => {
      let lines = '';
      for (const { name, lineOf } of writers) lines += lineOf(table[name]);
      return lines;
    },
    tablesOf: (table) => {
      let tables = '';
      for (const { name, tablesOf } of nested) tables += tablesOf?.(table[name]);
      return tables;
    },
  };
}

function memberWriter(key: AnyKey, place: Place): MemberWriter {
  if (key.kind === 'table') return sectionWriter(key, place);
  if (key.kind === 'list' && key.element.kind === 'table') return elementsWriter(key.element, place);
  const { since } = place;
  const quote = key.kind === 'text' || key.kind === 'word' ? '"' : '';
  const [start, end] = [`${place.name} = ${quote}`, `${quote}\n`];
  const isLeftOut = (value: unknown): boolean => isSilent(value, key, since);
  return {
    lineOf: (value) => (isLeftOut(value) ? '' : `${start}${valueText(value)}${end}`),
    tablesOf: null,
  };
}

function sectionWriter(table: TableKey, { path, since }: Place): MemberWriter {
  const { linesOf, tablesOf } = tableWriter(table, path, since);
  const header = `\n[${path}]\n`;
  return {
    lineOf: () => '',
    tablesOf: (value) => {
      if (value === undefined) return '';
      const lines = linesOf(value as Table);
      return (lines === '' ? '' : header + lines) + tablesOf(value as Table);
    },
  };
}

/** A list of tables is a block for each; an empty one is a plain value of the table that it is in, or left out like that. */
function elementsWriter(element: TableKey, { name, path, since }: Place): MemberWriter {
  const { linesOf, tablesOf } = tableWriter(element, path, since);
  const header = `\n[[${path}]]\n`;
  return {
    lineOf: (value) => (since === 1 && isEmptyList(value) ? `${name} = []\n` : ''),
    tablesOf: (value) => {
      let blocks = '';
      for (const one of value as readonly Table[]) blocks += header + linesOf(one) + tablesOf(one);
      return blocks;
    },
  };
}

/**
 * The values of which the canonical text is written: what a key of a later version says by default is not among them, so that
 * a profile has the same ones whatever keys are added.
 */
export function canonicalValue({ keys, since: own }: TableKey, table: Table, since = own): Table {
  const values: Record<string, unknown> = {};
  for (const [name, key] of Object.entries(keys)) {
    const version = Math.max(since, key.since);
    const value = valueIn(key, table[name], version);
    if (value !== undefined || version === 1) values[name] = value;
  }
  return values;
}

function valueIn(key: AnyKey, value: unknown, since: number): unknown {
  if (isSilent(value, key, since)) return undefined;
  if (key.kind === 'table') {
    const values = canonicalValue(key, value as Table, since);
    return since > 1 && Object.keys(values).length === 0 ? undefined : values;
  }
  if (key.kind !== 'list' || key.element.kind !== 'table') return value;
  const { element } = key;
  return (value as readonly Table[]).map((one) => canonicalValue(element, one, since));
}

/** What a later version brought is left out where it says nothing, so that a new key never changes the hash of an old profile. */
function isSilent(value: unknown, key: AnyKey, since: number): boolean {
  return value === undefined || (since > 1 && (value === key.default || isEmptyList(value)));
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

/** A value without the quotes around it. */
function valueText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(elementText).join(', ')}]`;
  return typeof value === 'string' ? escaped(value) : String(value);
}

function elementText(value: unknown): string {
  return typeof value === 'string' ? `"${escaped(value)}"` : String(value);
}

function escaped(text: string): string {
  if (!/["\\\n\t]/.test(text)) return text;
  return text.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\t', '\\t');
}
