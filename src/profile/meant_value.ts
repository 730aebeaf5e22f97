/** What to write for a value of another type than its key has, where the value says what is meant. */
import { type AnyKey, elementKeys, type TableKey } from './key.ts';
import { keyCalled } from './meant_key.ts';
import { meantWord } from './nearest_word.ts';
import { fieldOf, type Path } from './path.ts';
import { isTable } from './read_notes.ts';
import { listed, show } from './show.ts';

const YES: readonly unknown[] = [true, 'true', 'yes', 'on', 'y', 'enabled', '1', 1];
const NO: readonly unknown[] = [false, 'false', 'no', 'off', 'n', 'disabled', '0', 0];

/** For a value that is no boolean. */
export function insteadOfFlag(value: unknown): string {
  if (saysOneOf(YES, value)) return 'Write true, without quotes.';
  return saysOneOf(NO, value) ? 'Write false, without quotes.' : 'Write true or false.';
}

function saysOneOf(words: readonly unknown[], value: unknown): boolean {
  return words.includes(typeof value === 'string' ? value.trim().toLowerCase() : value);
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

/** For a list of tables; one of a list in the table may be meant. */
function insteadOfList(element: object, { keys }: TableKey, at: Path): string {
  const names = Object.keys(element);
  const below = Object.keys(keys).find((name) => {
    const members = elementKeys(keys[name] as AnyKey);
    return names.length > 0 && names.every((one) => Object.hasOwn(members, one));
  });
  return below === undefined
    ? `Write [${fieldOf(at)}], with one bracket.`
    : `Did you mean [[${fieldOf([...at, below])}]]?`;
}

/** Members that say what the table is, so that people write their value in its place. */
const MAIN_MEMBERS = ['type', 'mode', 'model', 'path'] as const;

/** For a value that is no table. */
export function insteadOfTable(value: unknown, table: TableKey, at: Path): string {
  const { keys, switch: switchKey } = table;
  const element = Array.isArray(value) ? value.find(isTable) : undefined;
  if (element !== undefined) return insteadOfList(element, table, at);
  const member = saysOneOf([...YES, ...NO], value)
    ? switchKey
    : (MAIN_MEMBERS.find((name) => Object.hasOwn(keys, name)) ?? null);
  if (member !== null && typeof value !== 'object') return `Did you mean ${fieldOf([...at, member])}?`;
  const other = typeof value === 'object' ? null : keyCalled(fieldOf(at));
  return other === null ? 'Write a table.' : `Did you mean ${other}?`;
}
