/**
 * Reads a value by the entries of a schema: keeps what fits, fills in defaults, reports what does not fit. The entries are the
 * only source: a key or a bound that they do not have is not known here. Unlike a general validator it goes on after a
 * problem and reports each one once, at the key that has to change.
 */
import { ISSUE_CODES } from './codes.ts';
import { type IssueList, LISTED_ISSUES } from './issue.ts';
import {
  type AnyKey,
  type CountKey,
  type ListKey,
  type Mistake,
  minimumIn,
  type TableKey,
  type TextKey,
  type WordKey,
  wordsIn,
} from './key.ts';
import { whyLeftOut } from './left_out.ts';
import { meantKey, type UnknownKey } from './meant_key.ts';
import { meantWord } from './nearest_word.ts';
import { fieldOf, type Path } from './path.ts';
import { looksSecret, namedLikeSecret } from './secrets.ts';
import { listed, show, typeName } from './show.ts';
import { meantNumber, unitHint } from './size_text.ts';
import { controlCharacter } from './text.ts';

/** Where reading stands, and what it leaves behind besides the value. */
export interface ReadNotes {
  readonly issues: IssueList;
  /** The whole of what is read, for keys that stand in the wrong place. */
  readonly schema: TableKey;
  /** The path of the value that is being read: whoever keeps it keeps a copy. */
  readonly at: (string | number)[];
  /** Texts that look like a secret. */
  readonly secrets: SecretPlace[];
  /** Every path that was read. */
  readonly paths: WrittenPath[];
  /** Keys that must be there and are not. */
  readonly missing: MissingKey[];
  /** Unknown keys that may be meant for another. */
  readonly mistaken: MistakenKey[];
  unknownKeys: number;
}

interface MissingKey {
  readonly at: Path;
  /** Whether the table is there that it is missing in. */
  readonly isTableThere: boolean;
}

interface MistakenKey {
  readonly at: Path;
  readonly meant: Path;
}

/** Where a text looks like a secret; where it leads decides how bad that is. */
export interface SecretPlace {
  readonly path: Path;
  readonly reachesArgv: boolean;
}

/** A path that a profile names. */
export interface WrittenPath {
  readonly at: Path;
  readonly text: string;
}

type TextKind = Pick<TextKey, 'isMultiline' | 'reachesArgv'>;

/** A text where a word is wanted. */
const WORD: TextKind = { isMultiline: false, reachesArgv: true };
/** An unknown key, and what lies below it. */
const UNKNOWN: TextKind = { isMultiline: false, reachesArgv: false };

/** For a value that is going to be read. */
export function newNotes(schema: TableKey, issues: IssueList): ReadNotes {
  return { issues, schema, at: [], secrets: [], paths: [], missing: [], mistaken: [], unknownKeys: 0 };
}

/** Reads the value at `notes.at`; answers `undefined` for what was refused. */
export type Reader = (value: unknown, notes: ReadNotes) => unknown;

/** Makes the reader of an entry as a version of the schema has it, once for all values. */
export function reader(key: AnyKey, version: number): Reader {
  switch (key.kind) {
    case 'table':
      return tableReader(key, version);
    case 'list':
      return listReader(key, version);
    case 'text':
      return textReader(key);
    case 'word':
      return wordReader(key, version);
    case 'count':
      return countReader(key, version);
    case 'flag':
      return (value, notes) => (typeof value === 'boolean' ? value : wrongType('a boolean', value, notes));
  }
}

interface Member {
  readonly name: string;
  readonly key: AnyKey;
  readonly read: Reader;
  /** Whether it has its value also where nobody wrote it. */
  readonly isSettled: boolean;
}

function tableReader(table: TableKey, version: number): Reader {
  const entries = Object.entries(table.keys);
  const members = entries
    .filter(([, key]) => key.since <= version)
    .map(([name, key]): Member => ({ name, key, read: reader(key, version), isSettled: isSettled(key) }));
  const blanks = { written: blankValues(table, version, true), absent: blankValues(table, version, false) };
  const unsettled = members.filter(({ isSettled }) => !isSettled);
  const known = members.map(({ name }) => name);
  return (value, notes) => {
    const isWritten = value !== undefined;
    if (isWritten && !isTable(value)) {
      wrongType(
        'a table',
        value,
        notes,
        isList(value) ? `Write [${fieldOf(notes.at)}], with one bracket.` : undefined,
      );
      return blank(table);
    }
    const written = isWritten ? value : {};
    // Engines are slow with objects to which many keys are added one by one.
    const read: Record<string, unknown> = isWritten ? { ...blanks.written } : { ...blanks.absent };
    let found = 0;
    for (const member of isWritten ? members : unsettled) {
      const { name } = member;
      const isThere = Object.hasOwn(written, name);
      if (isThere) found++;
      else if (member.isSettled) continue;
      notes.at.push(name);
      read[name] = isThere ? member.read(written[name], notes) : absentMember(member, isWritten, notes);
      notes.at.pop();
    }
    if (Object.keys(written).length > found) unknownKeys(written, known, table, version, notes);
    return read;
  };
}

/** A key that must be there, or a section that may hold one, is looked for. */
function isSettled(key: AnyKey): boolean {
  return key.kind === 'table' ? key.isOptional : !key.isRequired;
}

/** An absent section is an empty one, so that the keys it must have are named. */
function absentMember({ key, read }: Member, isSectionWritten: boolean, notes: ReadNotes): unknown {
  if (key.kind === 'table') return read(undefined, notes);
  notes.missing.push({ at: [...notes.at], isTableThere: isSectionWritten });
  return undefined;
}

/** What a table has where none of its keys is written; the same for all of its values, so that nothing may change it. */
function blankValues({ keys }: TableKey, version: number, isWritten: boolean): Record<string, unknown> {
  const values = Object.entries(keys).map(([name, key]) => {
    if (key.since > version) return [name, frozen(absentValue(key))] as const;
    return [
      name,
      key.kind === 'flag' && isWritten ? (key.inWrittenSection ?? key.default) : key.default,
    ] as const;
  });
  return Object.fromEntries(values);
}

/** The value of a key that this version does not have. */
function absentValue(key: AnyKey): unknown {
  if (key.kind !== 'table' || key.isOptional) return key.default;
  return Object.fromEntries(Object.entries(key.keys).map(([name, below]) => [name, absentValue(below)]));
}

function frozen(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  for (const member of Object.values(value)) frozen(member);
  return Object.freeze(value);
}

/** What a refused table is read as: its sections without their values. */
function blank({ keys }: TableKey): Record<string, unknown> {
  const sections = Object.entries(keys).flatMap(([name, key]) =>
    key.kind === 'table' && !key.isOptional ? [[name, blank(key)] as const] : [],
  );
  return Object.fromEntries(sections);
}

function isList(value: unknown): boolean {
  return Array.isArray(value) && value.some(isTable);
}

export function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

function listReader({ element, most }: ListKey, version: number): Reader {
  const read = reader(element, version);
  return (value, notes) => {
    if (!Array.isArray(value)) {
      const isOneElement = element.kind === 'table' && isTable(value);
      return wrongType(
        'an array',
        value,
        notes,
        isOneElement ? `Write [[${fieldOf(notes.at)}]], with two brackets, for each of them.` : undefined,
      );
    }
    if (value.length > most) tooManyElements(value.length, most, notes);
    return value.slice(0, most).map((one, index) => readAt(index, one, read, notes));
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
function tooManyElements(count: number, most: number, { at, issues }: ReadNotes): void {
  issues.error(
    [...at],
    'too-many-elements',
    (field) => `${field} has ${count} elements; it must have at most ${most}.`,
  );
}

function countReader(key: CountKey, version: number): Reader {
  const { maximum, values } = key;
  const minimum = minimumIn(key, version);
  const isRange = values === null;
  const bound = isRange ? `between ${minimum} and ${maximum}` : `one of ${values.join(', ')}`;
  return (value, notes) => {
    // TOML integers past 2^53 arrive as bigint; no bound of the schema lies out there.
    if (!Number.isInteger(value) && typeof value !== 'bigint')
      return wrongType('an integer', value, notes, meantNumber(value, String(notes.at.at(-1))));
    const number = Number(value);
    if (isRange ? number >= minimum && number <= maximum : values.includes(number)) return number;
    const hint = number < minimum ? unitHint(number, String(notes.at.at(-1))) : '';
    notes.issues.error(
      [...notes.at],
      'out-of-range',
      (field) => `${field} is ${number}; it must be ${bound}.`,
      `Write ${isRange ? `an integer ${bound}` : bound}${hint}.`,
    );
    return undefined;
  };
}

function wordReader(key: WordKey, version: number): Reader {
  const words = wordsIn(key, version);
  return (value, notes) => {
    if (typeof value !== 'string') return wrongType('a string', value, notes);
    if (words.includes(value)) return value;
    if (!readText(value, WORD, notes)) return undefined;
    notes.issues.error(
      [...notes.at],
      'not-allowed',
      (field) => `${field} is ${show(value)}; it must be one of ${listed(words)}.`,
      suggestedWord(value, words, key),
    );
    return undefined;
  };
}

function suggestedWord(value: string, words: readonly string[], { wordsSince2 }: WordKey): string {
  if (wordsSince2.includes(value)) return 'It needs schema_version = 2.';
  const meant = meantWord(value, words);
  return meant === null ? `Write one of ${listed(words)}.` : `Did you mean ${show(meant)}?`;
}

/** What is said of a text that is blank, or that matches no pattern but the one that asks for something visible. */
const BLANK: Mistake = {
  code: 'empty-value',
  must: 'not be empty or blank',
  suggestion: ISSUE_CODES['empty-value'].mend,
};

function textReader(key: TextKey): Reader {
  const { pattern, maxLength, mistake, isLowerCase, isPath } = key;
  return (value, notes) => {
    if (typeof value !== 'string') return wrongType('a string', value, notes);
    if (!readText(value, key, notes)) return undefined;
    if (value.length <= maxLength && pattern.test(value)) {
      if (isPath) notes.paths.push({ at: [...notes.at], text: value });
      return isLowerCase ? value.toLowerCase() : value;
    }
    const isBlank = value.trim() === '' && mistake?.coversBlank !== true;
    const { code, must, suggestion, meant } = mistake === null || isBlank ? BLANK : mistake;
    notes.issues.error(
      [...notes.at],
      code,
      (field) => `${field} is ${show(value)}; it must ${must}.`,
      meant?.(value) ?? suggestion,
    );
    return undefined;
  };
}

/** Notes what looks like a secret; refuses characters that a reviewer cannot see. */
function readText(text: string, { isMultiline, reachesArgv }: TextKind, notes: ReadNotes): boolean {
  const { at, issues, secrets } = notes;
  if (looksSecret(text)) secrets.push({ path: [...at], reachesArgv });
  const character = controlCharacter(text, isMultiline);
  if (character === null) return true;
  issues.error(
    [...at],
    'control-character',
    (field) =>
      `${field} holds the character ${character}; control and invisible formatting characters are not allowed.`,
  );
  return false;
}

function unknownKeys(
  written: Readonly<Record<string, unknown>>,
  known: readonly string[],
  table: TableKey,
  version: number,
  notes: ReadNotes,
): void {
  for (const [name, value] of Object.entries(written)) {
    if (known.includes(name)) continue;
    const suggestion = suggestionFor({ name, schema: notes.schema, table, at: notes.at, version }, notes);
    notes.unknownKeys++;
    notes.at.push(name);
    notes.issues.warning(
      [...notes.at],
      'unknown-field',
      (field) => `${field} is not a key of the profile; it is dropped.`,
      suggestion,
    );
    readUnknownKey(name, notes);
    readUnknown(value, notes);
    notes.at.pop();
  }
}

/** `undefined` where nothing better can be said than that the key has no effect. */
function suggestionFor(unknown: UnknownKey, { mistaken, unknownKeys }: ReadNotes): string | undefined {
  const { name, table, at, version } = unknown;
  const later = Object.hasOwn(table.keys, name) ? table.keys[name] : undefined;
  if (later !== undefined) return `It needs schema_version = ${later.since}.`;
  const why = whyLeftOut(name);
  if (why !== undefined) return why;
  // No more are listed.
  const meant = unknownKeys < LISTED_ISSUES ? meantKey(unknown) : null;
  if (meant === null) return undefined;
  const { path, key, isInOtherList } = meant;
  mistaken.push({ at: [...at, name], meant: path });
  const needs = key.since > version ? ` It needs schema_version = ${key.since}.` : '';
  return `Did you mean ${isInOtherList ? inList(path) : asWritten(path, key)}?${needs}`;
}

/** A list of tables, or a table, between its brackets. */
function asWritten(path: Path, key: AnyKey): string {
  const field = fieldOf(path);
  if (key.kind === 'table') return `[${field}]`;
  return key.kind === 'list' && key.element.kind === 'table' ? `[[${field}]]` : field;
}

function inList(path: Path): string {
  return `${path.at(-1)} in [[${fieldOf(path.slice(0, -1))}]]`;
}

function readUnknownKey(name: string, notes: ReadNotes): void {
  if (namedLikeSecret(name)) {
    notes.issues.warning(
      [...notes.at],
      'secret-like-field',
      (field) => `${field} is named like a secret; a profile is no place for one.`,
    );
  }
  readText(name, UNKNOWN, notes);
}

/** Text rules hold inside unknown values too, since they are part of what is reviewed. */
function readUnknown(value: unknown, notes: ReadNotes): undefined {
  if (typeof value === 'string') readText(value, UNKNOWN, notes);
  else if (Array.isArray(value)) {
    for (const [index, element] of value.entries()) readAt(index, element, readUnknown, notes);
  } else if (isTable(value)) {
    for (const [name, member] of Object.entries(value)) readAt(name, member, readUnknownMember, notes);
  }
}

function readUnknownMember(value: unknown, notes: ReadNotes): undefined {
  readUnknownKey(String(notes.at.at(-1)), notes);
  return readUnknown(value, notes);
}

/** Says what is missing once all is read, since what is meant for it may stand anywhere. */
export function reportMissing({ missing, mistaken, issues }: ReadNotes): void {
  for (const { at, isTableThere } of missing) {
    const field = fieldOf(at);
    const table = `[${fieldOf(at.slice(0, -1))}]`;
    const message = isTableThere
      ? `${field} is required and is not there.`
      : `${field} is required, and there is no ${table}.`;
    const add = isTableThere ? `Add ${field}.` : `Add ${table} with ${at.at(-1)}.`;
    const found = mistaken.find(({ meant }) => meant.every((step, index) => step === at[index]));
    const question = found === undefined ? '' : ` ${fieldOf(found.at)} is there: is that meant?`;
    issues.error(at, 'missing-field', message, `${add}${question}`);
  }
}

function wrongType(
  expected: string,
  value: unknown,
  { at, issues }: ReadNotes,
  suggestion = value === null ? 'Leave it out.' : `Write ${expected}.`,
): undefined {
  const field = at.length === 0 ? 'The profile' : fieldOf(at);
  issues.error([...at], 'wrong-type', `${field} must be ${expected}, not ${typeName(value)}.`, suggestion);
}
