/** What is noted while a value is read by the entries of a schema, and what is asked of every text in it. */
import type { IssueList } from './issue.ts';
import type { CountKey, TableKey, TextKey, WordKey } from './key.ts';
import type { Path } from './path.ts';
import { looksSecret } from './secrets.ts';
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

/** No key of another kind can be required. */
export type RequiredKey = TextKey | WordKey | CountKey;

interface MissingKey {
  readonly at: Path;
  readonly key: RequiredKey;
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

/** What the rules for text ask of a key. */
export type TextKind = Pick<TextKey, 'isMultiline' | 'reachesArgv'>;

/** For a value that is going to be read. */
export function newNotes(schema: TableKey, issues: IssueList): ReadNotes {
  return { issues, schema, at: [], secrets: [], paths: [], missing: [], mistaken: [], unknownKeys: 0 };
}

/** Reads the value at `notes.at`; answers `undefined` for what was refused. */
export type Reader = (value: unknown, notes: ReadNotes) => unknown;

/** Reads what is one step below. */
export function readAt(step: string | number, value: unknown, read: Reader, notes: ReadNotes): unknown {
  notes.at.push(step);
  const result = read(value, notes);
  notes.at.pop();
  return result;
}

export function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

/** Notes what looks like a secret; refuses characters that a reviewer cannot see. */
export function readText(text: string, { isMultiline, reachesArgv }: TextKind, notes: ReadNotes): boolean {
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
