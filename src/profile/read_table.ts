/**
 * Reads a value by a TypeBox schema: keeps what fits, fills in the schema's defaults, reports what does not fit.
 * The schema is the only source: a key or a bound that is not in it is not known here. Unlike a general validator it
 * goes on after a problem and reports each one once, at the key that has to change.
 */
import { fieldOf, type Path, templateOf } from './field_path.ts';
import type { Findings } from './issue.ts';
import { mismatchRule } from './mismatch_rules.ts';
import { nearestWord } from './nearest_word.ts';
import { looksSecret, namedLikeSecret } from './secrets.ts';
import { listed, show, typeName } from './show.ts';
import { controlCharacter } from './text.ts';

/** What reading leaves behind besides the value. */
export interface ReadNotes {
  readonly findings: Findings;
  /** Paths of strings that look like a secret; where they lead decides how bad that is. */
  readonly secrets: Path[];
  unknownKeys: number;
}

/** Reads the value at `path`; answers `undefined` for what was refused. */
export type Reader = (value: unknown, path: Path, notes: ReadNotes) => unknown;

interface Schema {
  readonly type: 'object' | 'array' | 'string' | 'integer' | 'boolean';
  readonly properties?: Record<string, Schema>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly default?: unknown;
}

/** The one field in which people write several lines: `vm.description`. */
function isMultiline(path: Path): boolean {
  return path.length === 2 && path[0] === 'vm' && path[1] === 'description';
}

/** Makes the reader of a schema, once for all values. */
export function readerOf(schema: unknown): Reader {
  return reader(schema as Schema);
}

function reader(schema: Schema): Reader {
  switch (schema.type) {
    case 'object':
      return tableReader(schema);
    case 'array':
      return arrayReader(schema);
    case 'string':
      return stringReader(schema);
    case 'integer':
      return integerReader(schema);
    case 'boolean':
      return (value, path, notes) =>
        typeof value === 'boolean' ? value : wrongType('a boolean', value, path, notes);
  }
}

function tableReader(schema: Schema): Reader {
  const required = new Set(schema.required);
  const properties = schema.properties as Record<string, Schema>;
  const keys = Object.entries(properties).map(([key, property]) => ({
    key,
    read: reader(property),
    property,
    isRequired: required.has(key),
  }));
  return (value, path, notes) => {
    if (!isTable(value)) {
      wrongType('a table', value, path, notes);
      return blank(schema);
    }
    const table: Record<string, unknown> = {};
    for (const { key, read, property, isRequired } of keys) {
      const at = [...path, key];
      if (Object.hasOwn(value, key)) table[key] = read(value[key], at, notes);
      // An absent section is an empty one, so that the keys it must have are named.
      else if (property.type === 'object') table[key] = read({}, at, notes);
      else if (isRequired) missing(at, notes);
      else table[key] = property.default;
    }
    for (const key of Object.keys(value)) {
      if (!Object.hasOwn(properties, key)) unknownKey(key, value[key], path, Object.keys(properties), notes);
    }
    return table;
  };
}

/** What a refused table is read as: its sections without their values. */
function blank(schema: Schema): Record<string, unknown> {
  const sections = Object.entries(schema.properties as Record<string, Schema>).filter(
    ([, { type }]) => type === 'object',
  );
  return Object.fromEntries(sections.map(([key, section]) => [key, blank(section)]));
}

function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

function arrayReader(schema: Schema): Reader {
  const read = reader(schema.items as Schema);
  const most = schema.maxItems as number;
  return (value, path, notes) => {
    if (!Array.isArray(value)) return wrongType('an array', value, path, notes);
    if (value.length > most) tooManyElements(value.length, most, path, notes);
    return value.slice(0, most).map((element, index) => read(element, [...path, index], notes));
  };
}

/** The elements after the bound are not looked at. */
function tooManyElements(count: number, most: number, path: Path, { findings }: ReadNotes): void {
  findings.error(
    path,
    'too-many-elements',
    `${fieldOf(path)} has ${count} elements; it must have at most ${most}.`,
    'Remove some of them.',
  );
}

function integerReader({ minimum, maximum }: Schema): Reader {
  return (value, path, notes) => {
    // TOML integers past 2^53 arrive as bigint; no bound of the schema lies out there.
    if (!Number.isInteger(value) && typeof value !== 'bigint')
      return wrongType('an integer', value, path, notes);
    const number = Number(value);
    if (number >= (minimum as number) && number <= (maximum as number)) return number;
    const bound = minimum === maximum ? `${minimum}` : `between ${minimum} and ${maximum}`;
    notes.findings.error(
      path,
      'out-of-range',
      `${fieldOf(path)} is ${number}; it must be ${bound}.`,
      `Write ${minimum === maximum ? bound : `an integer ${bound}`}.`,
    );
    return undefined;
  };
}

function stringReader({ enum: choices, pattern, maxLength = Number.POSITIVE_INFINITY }: Schema): Reader {
  const expression = new RegExp(pattern ?? '');
  return (value, path, notes) => {
    if (typeof value !== 'string') return wrongType('a string', value, path, notes);
    if (!readText(value, path, notes)) return undefined;
    if (choices?.includes(value) === false) {
      const nearest = nearestWord(value, choices);
      notes.findings.error(
        path,
        'not-allowed',
        `${fieldOf(path)} is ${show(value)}; it must be one of ${listed(choices)}.`,
        nearest === null ? `Write one of ${listed(choices)}.` : `Did you mean ${show(nearest)}?`,
      );
      return undefined;
    }
    if (value.length <= maxLength && expression.test(value)) return value;
    const { code, must, suggestion } = mismatchRule(templateOf(path), value);
    notes.findings.error(path, code, `${fieldOf(path)} is ${show(value)}; it must ${must}.`, suggestion);
    return undefined;
  };
}

/** Notes what looks like a secret; refuses characters that a reviewer cannot see. */
function readText(text: string, path: Path, { findings, secrets }: ReadNotes): boolean {
  if (looksSecret(text)) secrets.push(path);
  const character = controlCharacter(text, isMultiline(path));
  if (character === null) return true;
  findings.error(
    path,
    'control-character',
    `${fieldOf(path)} holds the character ${character}; control and invisible formatting characters are not allowed.`,
    'Remove the character.',
  );
  return false;
}

function unknownKey(
  key: string,
  value: unknown,
  parent: Path,
  known: readonly string[],
  notes: ReadNotes,
): void {
  const path = [...parent, key];
  const nearest = nearestWord(key, known);
  notes.unknownKeys++;
  notes.findings.warning(
    path,
    'unknown-field',
    `${fieldOf(path)} is not a key of the profile; it is dropped.`,
    nearest === null ? 'Remove it.' : `Did you mean ${fieldOf([...parent, nearest])}?`,
  );
  readKey(key, path, notes);
  readUnknown(value, path, notes);
}

function readKey(key: string, path: Path, notes: ReadNotes): void {
  if (namedLikeSecret(key)) {
    notes.findings.warning(
      path,
      'secret-like-field',
      `${fieldOf(path)} is named like a secret; a profile is no place for one.`,
      'Remove it and keep the secret elsewhere.',
    );
  }
  readText(key, path, notes);
}

/** Text rules hold inside unknown values too, since they are part of what is reviewed. */
function readUnknown(value: unknown, path: Path, notes: ReadNotes): void {
  if (typeof value === 'string') readText(value, path, notes);
  else if (Array.isArray(value))
    value.forEach((element, index) => {
      readUnknown(element, [...path, index], notes);
    });
  else if (isTable(value)) {
    for (const [key, member] of Object.entries(value)) {
      const at = [...path, key];
      readKey(key, at, notes);
      readUnknown(member, at, notes);
    }
  }
}

function missing(path: Path, { findings }: ReadNotes): void {
  findings.error(
    path,
    'missing-field',
    `${fieldOf(path)} is required and is not there.`,
    `Add ${fieldOf(path)}.`,
  );
}

function wrongType(expected: string, value: unknown, path: Path, { findings }: ReadNotes): undefined {
  const field = path.length === 0 ? 'The profile' : fieldOf(path);
  findings.error(
    path,
    'wrong-type',
    `${field} must be ${expected}, not ${typeName(value)}.`,
    `Write ${expected}.`,
  );
}
