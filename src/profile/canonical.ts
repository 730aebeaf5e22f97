/** The canonical text of a profile: TOML 1.0 that a second implementation writes byte for byte alike. */
import type { AnyKey, TableKey } from './key.ts';
import { compareCodePoints } from './text.ts';

type Table = Readonly<Record<string, unknown>>;

/** Keys by code point, plain values before sub-tables, a header for each table with plain values; ends in one LF. */
export function canonicalWriterOf(schema: TableKey, version: number): (value: object) => string {
  const { linesOf, tablesOf } = tableWriter(schema, { path: '', since: schema.since, version });
  return (value) => linesOf(value as Table) + tablesOf(value as Table);
}

/** Writes a table's plain values, and what comes after them: its sub-tables with their headers. */
interface TableWriter {
  readonly linesOf: (table: Table) => string;
  readonly tablesOf: (table: Table) => string;
}

/** The same of one member: a table has no line, and there is nothing after that of a plain value. */
interface MemberWriter {
  readonly lineOf: ((value: unknown) => string) | null;
  readonly tablesOf: ((value: unknown) => string) | null;
}

/** Where a table stands. */
interface TablePlace {
  /** For the headers of the table and of what lies below it. */
  readonly path: string;
  /** The version that brought the table, and with it all of its keys. */
  readonly since: number;
  /** The version that is written: what later ones brought is nowhere in its profiles. */
  readonly version: number;
}

/** Where a member stands, and the version that brought it. */
interface Place extends TablePlace {
  readonly name: string;
}

/** Writes the members of a table. */
function tableWriter({ keys }: TableKey, { path, since, version }: TablePlace): TableWriter {
  const writers = Object.entries(keys)
    .filter(([, key]) => key.since <= version)
    .sort(([left], [right]) => compareCodePoints(left, right))
    .map(([name, key]) => {
      const below = path === '' ? name : `${path}.${name}`;
      const place = { name, path: below, since: Math.max(since, key.since), version };
      return { name, ...memberWriter(key, place) };
    });
  const lines = writers.flatMap(({ name, lineOf }) => (lineOf === null ? [] : { name, write: lineOf }));
  const tables = writers.flatMap(({ name, tablesOf }) =>
    tablesOf === null ? [] : { name, write: tablesOf },
  );
  return { linesOf: allOf(lines), tablesOf: allOf(tables) };
}

function allOf(members: readonly { readonly name: string; readonly write: (value: unknown) => string }[]) {
  return (table: Table): string => {
    let text = '';
    for (const { name, write } of members) text += write(table[name]);
    return text;
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

function sectionWriter(table: TableKey, place: Place): MemberWriter {
  const { linesOf, tablesOf } = tableWriter(table, place);
  const header = `\n[${place.path}]\n`;
  return {
    lineOf: null,
    tablesOf: (value) => {
      if (value === undefined) return '';
      const lines = linesOf(value as Table);
      return (lines === '' ? '' : header + lines) + tablesOf(value as Table);
    },
  };
}

/** A list of tables is a block for each; an empty one is a plain value of the table that it is in, or left out like that. */
function elementsWriter(element: TableKey, place: Place): MemberWriter {
  const { linesOf, tablesOf } = tableWriter(element, place);
  const { name, path, since } = place;
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
