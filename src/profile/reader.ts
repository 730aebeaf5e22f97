/**
 * Reads a value by the entries of a schema: keeps what fits, fills in defaults, reports what does not fit. The entries are the
 * only source: a key or a bound that they do not have is not known here. Unlike a general validator it goes on after a
 * problem and reports each one once, at the key that has to change.
 */
import { ISSUE_CODES } from './codes.ts';
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
import { insteadOfFlag, insteadOfTable, insteadOfText, insteadOfWord } from './meant_value.ts';
import { meantWord } from './nearest_word.ts';
import { unknownKeys } from './other_keys.ts';
import { fieldOf } from './path.ts';
import {
  isTable,
  type Reader,
  type ReadNotes,
  type RequiredKey,
  readAt,
  readText,
  type TextKind,
} from './read_notes.ts';
import { listed, show, typeName } from './show.ts';
import { meantNumber, unitHint } from './size_text.ts';

/** A text where a word is wanted. */
const WORD: TextKind = { isMultiline: false, reachesArgv: true };

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
      return (value, notes) =>
        typeof value === 'boolean' ? value : wrongType('a boolean', value, notes, insteadOfFlag(value));
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
      wrongType('a table', value, notes, insteadOfTable(value, table, notes.at));
      return blank(table);
    }
    const written = isWritten ? value : {};
    // Engines are slow with objects to which many keys are added one by one.
    const read: Record<string, unknown> = isWritten ? { ...blanks.written } : { ...blanks.absent };
    const before = notes.issues.all.length;
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
    if (found > 0 && notes.issues.all.length === before) checkMain(written, read, table, notes);
    return read;
  };
}

/** Says of a section that its author may take for one that has an effect that it has none. */
function checkMain(
  written: Readonly<Record<string, unknown>>,
  read: Readonly<Record<string, unknown>>,
  { main, keys }: TableKey,
  { at, issues }: ReadNotes,
): void {
  if (main === null || Object.hasOwn(written, main) || read[main] === true) return;
  const key = keys[main] as AnyKey;
  issues.info(
    [...at, main],
    'section-off',
    (field) => `${field} is not there, so that nothing of [${fieldOf(at)}] has an effect.`,
    key.kind === 'word'
      ? `Add it, one of ${listed(key.words)}.`
      : `Add ${main} = true, or ${main} = false where it is meant to be off.`,
  );
}

/** A key that must be there, or a section that may hold one, is looked for. */
function isSettled(key: AnyKey): boolean {
  return key.kind === 'table' ? key.isOptional : !key.isRequired;
}

/** An absent section is an empty one, so that the keys it must have are named. */
function absentMember({ key, read }: Member, isSectionWritten: boolean, notes: ReadNotes): unknown {
  if (key.kind === 'table') return read(undefined, notes);
  notes.missing.push({ at: [...notes.at], key: key as RequiredKey, isTableThere: isSectionWritten });
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

function listReader({ element, most }: ListKey, version: number): Reader {
  const read = reader(element, version);
  return (value, notes) => {
    if (!Array.isArray(value)) {
      const instead =
        element.kind === 'table'
          ? `Write [[${fieldOf(notes.at)}]], with two brackets, for each of them.`
          : 'Write it between brackets, which make an array.';
      return wrongType('an array', value, notes, instead);
    }
    if (value.length > most) tooManyElements(value.length, most, notes);
    return value.slice(0, most).map((one, index) => readAt(index, one, read, notes));
  };
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
    const hint = number < minimum ? (key.hint?.(number) ?? unitHint(number, String(notes.at.at(-1)))) : '';
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
    if (typeof value !== 'string') return wrongType('a string', value, notes, insteadOfWord(value, words));
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
    if (typeof value !== 'string') return wrongType('a string', value, notes, insteadOfText(value));
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

function wrongType(
  expected: string,
  value: unknown,
  { at, issues }: ReadNotes,
  instead = `Write ${expected}.`,
): undefined {
  const field = at.length === 0 ? 'The profile' : fieldOf(at);
  const suggestion = value === null ? 'Leave it out.' : instead;
  issues.error([...at], 'wrong-type', `${field} must be ${expected}, not ${typeName(value)}.`, suggestion);
}
