/** Keys that are there and not known, and keys that are known and not there: what may be meant by them. */
import { LISTED_ISSUES } from './issue.ts';
import type { TableKey } from './key.ts';
import { whyLeftOut } from './left_out.ts';
import { fieldIn, keyCalled, type MeantKey, meantKey, type UnknownKey } from './meant_key.ts';
import { fieldOf } from './path.ts';
import { isTable, type ReadNotes, type RequiredKey, readAt, readText, type TextKind } from './read_notes.ts';
import { namedLikeSecret } from './secrets.ts';
import { listed, show } from './show.ts';

/** An unknown key, and what lies below it. */
const UNKNOWN: TextKind = { isMultiline: false, reachesArgv: false };

/** Drops what a table has that its version does not know, with a warning each that says what may be meant. */
export function unknownKeys(
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
  const field = fieldIn(unknown);
  // A word for something that is left out may be good for another thing in its table.
  const why = keyCalled(field) === null ? (whyLeftOut(name) ?? whyLeftOut(field)) : undefined;
  if (why !== undefined) return why;
  // No more are listed.
  const meant = unknownKeys < LISTED_ISSUES ? meantKey(unknown) : null;
  if (meant === null) return undefined;
  const { path, key } = meant;
  mistaken.push({ at: [...at, name], meant: path });
  const needs = key.since > version ? ` It needs schema_version = ${key.since}.` : '';
  return `Did you mean ${asWritten(meant)}?${needs}`;
}

/** A list of tables, or a table, between its brackets; a key of elements, or a value, with the table that it stands in. */
function asWritten({ path, key, isInSameTable, isInList, value }: MeantKey): string {
  const field = fieldOf(path);
  if (key.kind === 'table') return `[${field}]`;
  if (key.kind === 'list' && key.element.kind === 'table') return `[[${field}]]`;
  const said = value === undefined ? '' : ` = ${JSON.stringify(value)}`;
  if (isInSameTable || !(isInList || value !== undefined)) return `${field}${said}`;
  const table = fieldOf(path.slice(0, -1));
  return `${path.at(-1)}${said} in ${isInList ? `[[${table}]]` : `[${table}]`}`;
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
  for (const { at, key, isTableThere } of missing) {
    const field = fieldOf(at);
    const table = `[${fieldOf(at.slice(0, -1))}]`;
    const message = isTableThere
      ? `${field} is required and is not there.`
      : `${field} is required, and there is no ${table}.`;
    const add = `Add ${isTableThere ? field : `${table} with ${at.at(-1)}`}${valueHint(key)}.`;
    const found = mistaken.find(({ meant }) => meant.every((step, index) => step === at[index]));
    const question = found === undefined ? '' : ` ${fieldOf(found.at)} is there: is that meant?`;
    issues.error(at, 'missing-field', message, `${add}${question}`);
  }
}

/** What may be written for a key. */
function valueHint(key: RequiredKey): string {
  switch (key.kind) {
    case 'word':
      return `, one of ${listed(key.words)}`;
    case 'text':
      return key.examples
        .slice(0, 1)
        .map((example) => `, such as ${show(example)}`)
        .join('');
    case 'count':
      return key.examples.map((example) => ` = ${example}`).join('');
  }
}
