/** What to write for a value of another type than its key has, where the value says what is meant. */
import type { TableKey } from './key.ts';
import { keyCalled } from './meant_key.ts';
import { meantWord } from './nearest_word.ts';
import { fieldOf, type Path } from './path.ts';
import { listed, show } from './show.ts';

const YES: readonly unknown[] = ['true', 'yes', 'on', 'y', 'enabled', '1', 1];
const NO: readonly unknown[] = ['false', 'no', 'off', 'n', 'disabled', '0', 0];

/** For a value that is no boolean. */
export function insteadOfFlag(value: unknown): string {
  const plain = typeof value === 'string' ? value.trim().toLowerCase() : value;
  if (YES.includes(plain)) return 'Write true, without quotes.';
  return NO.includes(plain) ? 'Write false, without quotes.' : 'Write true or false.';
}

/** For a value that is no text, where a word is wanted. */
export function insteadOfWord(value: unknown, words: readonly string[]): string {
  const meant = typeof value === 'boolean' ? meantWord(value ? 'on' : 'off', words) : null;
  return meant === null ? `Write one of ${listed(words)}.` : `Did you mean ${show(meant)}?`;
}

/** For a value that is no text. */
export function insteadOfText(value: unknown): string {
  const isPlain = typeof value !== 'object' || value instanceof Date;
  return isPlain ? 'Write it between double quotes.' : 'Write a string.';
}

/** Members that say what the table is, so that people write their value in its place. */
const MAIN_MEMBERS = ['type', 'mode', 'model', 'path'] as const;

/** For a value that is no table. */
export function insteadOfTable(value: unknown, { keys, switch: switchKey }: TableKey, at: Path): string {
  const member =
    typeof value === 'boolean' ? switchKey : (MAIN_MEMBERS.find((name) => Object.hasOwn(keys, name)) ?? null);
  if (member !== null && typeof value !== 'object') return `Did you mean ${fieldOf([...at, member])}?`;
  const other = typeof value === 'object' ? null : keyCalled(fieldOf(at));
  return other === null ? 'Write a table.' : `Did you mean ${other}?`;
}
