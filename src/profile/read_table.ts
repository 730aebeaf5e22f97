/**
 * Reads a value by a TypeBox schema: keeps what fits, fills in the schema's defaults, reports what does not fit.
 * The schema is the only source: a key or a bound that is not in it is not known here. Unlike a general validator it
 * goes on after a problem and reports each one once, at the key that has to change.
 */
import { fieldOf, type Path } from './field_path.ts';
import type { Findings } from './issue.ts';
import { mismatchRule } from './mismatch_rules.ts';
import { nearestWord } from './nearest_word.ts';
import { looksSecret, namedLikeSecret } from './secrets.ts';
import { listed, show, typeName } from './show.ts';
import { controlCharacter } from './text.ts';

/** Where reading stands, and what it leaves behind besides the value. */
export interface ReadNotes {
  readonly findings: Findings;
  /** The path of the value that is being read: whoever keeps it keeps a copy. */
  readonly at: (string | number)[];
  /** Paths of strings that look like a secret; where they lead decides how bad that is. */
  readonly secrets: Path[];
  unknownKeys: number;
}

/** Reads the value at `notes.at`; answers `undefined` for what was refused. */
export type Reader = (value: unknown, notes: ReadNotes) => unknown;

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

/** The one field in which people write several lines. */
const MULTILINE_FIELD = 'vm.description';

/** Makes the reader of a schema, once for all values. */
export function readerOf(schema: unknown): Reader {
  return reader(schema as Schema, '');
}

/** `field` is the path without element numbers, such as `storage.disks.path`. */
function reader(schema: Schema, field: string): Reader {
  switch (schema.type) {
    case 'object':
      return tableReader(schema, field);
    case 'array':
      return arrayReader(schema, field);
    case 'string':
      return stringReader(schema, field);
    case 'integer':
      return integerReader(schema);
    case 'boolean':
      return (value, notes) => (typeof value === 'boolean' ? value : wrongType('a boolean', value, notes));
  }
}

function tableReader(schema: Schema, field: string): Reader {
  const required = new Set(schema.required);
  const properties = schema.properties as Record<string, Schema>;
  const known = Object.keys(properties);
  const keys = Object.entries(properties).map(([key, property]) => ({
    key,
    read: reader(property, field === '' ? key : `${field}.${key}`),
    isTable: property.type === 'object',
    isRequired: required.has(key),
    fallback: property.default,
  }));
  return (value, notes) => {
    if (!isTable(value)) {
      wrongType('a table', value, notes);
      return blank(schema);
    }
    const { at } = notes;
    const table: Record<string, unknown> = {};
    let found = 0;
    for (const { key, read, isTable, isRequired, fallback } of keys) {
      at.push(key);
      if (Object.hasOwn(value, key)) {
        table[key] = read(value[key], notes);
        found++;
      }
      // An absent section is an empty one, so that the keys it must have are named.
      else if (isTable) table[key] = read({}, notes);
      else if (isRequired) missing(notes);
      else table[key] = fallback;
      at.pop();
    }
    const written = Object.keys(value);
    if (written.length > found) {
      for (const key of written)
        if (!Object.hasOwn(properties, key)) unknownKey(key, value[key], known, notes);
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

function arrayReader(schema: Schema, field: string): Reader {
  const read = reader(schema.items as Schema, field);
  const most = schema.maxItems as number;
  return (value, notes) => {
    if (!Array.isArray(value)) return wrongType('an array', value, notes);
    if (value.length > most) tooManyElements(value.length, most, notes);
    return value.slice(0, most).map((element, index) => readAt(index, element, read, notes));
  };
}

/** Reads what is one step below. */
function readAt(step: string | number, value: unknown, read: Reader, notes: ReadNotes): unknown {
  notes.at.push(step);
  const result = read(value, notes);
  notes.at.pop();
  return result;
}

/** The elements after the bound are not looked at. */
function tooManyElements(count: number, most: number, { at, findings }: ReadNotes): void {
  findings.error(
    [...at],
    'too-many-elements',
    `${fieldOf(at)} has ${count} elements; it must have at most ${most}.`,
    'Remove some of them.',
  );
}

function integerReader({ minimum, maximum }: Schema): Reader {
  return (value, notes) => {
    // TOML integers past 2^53 arrive as bigint; no bound of the schema lies out there.
    if (!Number.isInteger(value) && typeof value !== 'bigint') return wrongType('an integer', value, notes);
    const number = Number(value);
    if (number >= (minimum as number) && number <= (maximum as number)) return number;
    const bound = minimum === maximum ? `${minimum}` : `between ${minimum} and ${maximum}`;
    notes.findings.error(
      [...notes.at],
      'out-of-range',
      `${fieldOf(notes.at)} is ${number}; it must be ${bound}.`,
      `Write ${minimum === maximum ? bound : `an integer ${bound}`}.`,
    );
    return undefined;
  };
}

function stringReader(schema: Schema, field: string): Reader {
  const { enum: choices, pattern, maxLength = Number.POSITIVE_INFINITY } = schema;
  const expression = new RegExp(pattern ?? '');
  const isMultiline = field === MULTILINE_FIELD;
  return (value, notes) => {
    if (typeof value !== 'string') return wrongType('a string', value, notes);
    // What is one of the choices holds nothing else to look for.
    if (choices?.includes(value)) return value;
    if (!readText(value, isMultiline, notes)) return undefined;
    const { at, findings } = notes;
    if (choices !== undefined) {
      const nearest = nearestWord(value, choices);
      findings.error(
        [...at],
        'not-allowed',
        `${fieldOf(at)} is ${show(value)}; it must be one of ${listed(choices)}.`,
        nearest === null ? `Write one of ${listed(choices)}.` : `Did you mean ${show(nearest)}?`,
      );
      return undefined;
    }
    if (value.length <= maxLength && expression.test(value)) return value;
    const { code, must, suggestion } = mismatchRule(field, value);
    findings.error([...at], code, `${fieldOf(at)} is ${show(value)}; it must ${must}.`, suggestion);
    return undefined;
  };
}

/** Notes what looks like a secret; refuses characters that a reviewer cannot see. */
function readText(text: string, isMultiline: boolean, { at, findings, secrets }: ReadNotes): boolean {
  if (looksSecret(text)) secrets.push([...at]);
  const character = controlCharacter(text, isMultiline);
  if (character === null) return true;
  findings.error(
    [...at],
    'control-character',
    `${fieldOf(at)} holds the character ${character}; control and invisible formatting characters are not allowed.`,
    'Remove the character.',
  );
  return false;
}

function unknownKey(key: string, value: unknown, known: readonly string[], notes: ReadNotes): void {
  const { at, findings } = notes;
  const nearest = nearestWord(key, known);
  const suggestion = nearest === null ? 'Remove it.' : `Did you mean ${fieldOf([...at, nearest])}?`;
  notes.unknownKeys++;
  at.push(key);
  findings.warning(
    [...at],
    'unknown-field',
    `${fieldOf(at)} is not a key of the profile; it is dropped.`,
    suggestion,
  );
  readKey(key, notes);
  readUnknown(value, notes);
  at.pop();
}

function readKey(key: string, notes: ReadNotes): void {
  const { at, findings } = notes;
  if (namedLikeSecret(key)) {
    findings.warning(
      [...at],
      'secret-like-field',
      `${fieldOf(at)} is named like a secret; a profile is no place for one.`,
      'Remove it and keep the secret elsewhere.',
    );
  }
  readText(key, false, notes);
}

/** Text rules hold inside unknown values too, since they are part of what is reviewed. */
function readUnknown(value: unknown, notes: ReadNotes): undefined {
  if (typeof value === 'string') readText(value, false, notes);
  else if (Array.isArray(value)) {
    for (const [index, element] of value.entries()) readAt(index, element, readUnknown, notes);
  } else if (isTable(value)) {
    for (const [key, member] of Object.entries(value)) readAt(key, member, readMember, notes);
  }
}

function readMember(value: unknown, notes: ReadNotes): void {
  readKey(String(notes.at.at(-1)), notes);
  readUnknown(value, notes);
}

function missing({ at, findings }: ReadNotes): void {
  const field = fieldOf(at);
  findings.error([...at], 'missing-field', `${field} is required and is not there.`, `Add ${field}.`);
}

function wrongType(expected: string, value: unknown, { at, findings }: ReadNotes): undefined {
  const field = at.length === 0 ? 'The profile' : fieldOf(at);
  findings.error(
    [...at],
    'wrong-type',
    `${field} must be ${expected}, not ${typeName(value)}.`,
    `Write ${expected}.`,
  );
}
