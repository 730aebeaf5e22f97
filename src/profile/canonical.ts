/** The canonical text of a profile: TOML 1.0 that a second implementation writes byte for byte alike. */
import type { Profile } from './profile.ts';
import { ProfileSchema } from './schema.ts';
import { compareCodePoints } from './text.ts';

interface Schema {
  readonly type: string;
  readonly properties?: Record<string, Schema>;
  readonly items?: Schema;
}

/** The text of a table's own values, one a line, and that of the tables below it. */
interface TableText {
  values: string;
  tables: string;
}

/** Adds the text of one key's value. */
type KeyWriter = (value: never, text: TableText) => void;
type TableWriter = (table: object) => TableText;

const writeProfile = tableWriter(ProfileSchema as unknown as Schema, '');

/** Keys by code point, plain values before sub-tables, a header for each table with plain values; ends in one LF. */
export function canonicalToml(profile: Profile): string {
  const { values, tables } = writeProfile(profile);
  return values + tables;
}

/** Makes the writer of a table, once for all profiles: the schema says in which order which keys come. */
function tableWriter(schema: Schema, path: string): TableWriter {
  const keys = Object.entries(schema.properties as Record<string, Schema>)
    .sort(([left], [right]) => compareCodePoints(left, right))
    .map(([key, property]) => ({
      key,
      write: keyWriter(property, key, path === '' ? key : `${path}.${key}`),
    }));
  return (table) => {
    const text: TableText = { values: '', tables: '' };
    for (const { key, write } of keys) {
      const value = (table as Record<string, never>)[key];
      if (value !== undefined) write(value, text);
    }
    return text;
  };
}

function keyWriter(schema: Schema, key: string, path: string): KeyWriter {
  if (schema.type === 'object') return sectionWriter(tableWriter(schema, path), path);
  if (schema.items?.type === 'object') return tablesWriter(tableWriter(schema.items, path), key, path);
  const start = `${key} = `;
  return (value, text) => {
    text.values += `${start}${plainText(value)}\n`;
  };
}

function sectionWriter(write: TableWriter, path: string): KeyWriter {
  return (section, text) => {
    const { values, tables } = write(section);
    text.tables += values === '' ? tables : `\n[${path}]\n${values}${tables}`;
  };
}

function tablesWriter(write: TableWriter, key: string, path: string): KeyWriter {
  return (elements: readonly object[], text) => {
    if (elements.length === 0) text.values += `${key} = []\n`;
    for (const element of elements) {
      const { values, tables } = write(element);
      text.tables += `\n[[${path}]]\n${values}${tables}`;
    }
  };
}

function plainText(value: string | number | boolean | readonly string[]): string {
  if (typeof value === 'string') return basicString(value);
  return typeof value === 'object' ? `[${value.map(basicString).join(', ')}]` : String(value);
}

function basicString(text: string): string {
  return /["\\\n\t]/.test(text) ? `"${escaped(text)}"` : `"${text}"`;
}

function escaped(text: string): string {
  return text.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\t', '\\t');
}
