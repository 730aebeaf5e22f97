/** Why a text is not TOML: one of a fixed list of sentences, which repeat nothing of the text. */
import type { TomlError } from 'smol-toml';

const TWICE = 'A key or a table is defined twice.';
const ESCAPE =
  'A string has an escape that TOML does not have; between single quotes a backslash is a backslash.';
const UNICODE_ESCAPE = 'A string has an escape that is no Unicode character.';
const DATE = 'A date or a time is malformed.';
const NO_VALUE =
  'A value is neither a text between quotes nor a number, true, false, a date, an array or an inline table.';
const CONTROL = 'A string holds a control character.';
export const NO_SUCH_DATE = 'There is no such date or time.';
export const SECOND_MARK = 'A second byte order mark stands at the start.';
const OTHER = 'The text is not TOML.';

/** By what the parser says. */
const REASONS: Readonly<Record<string, string>> = {
  'trying to redefine an already defined table or value': TWICE,
  'trying to redefine an already defined value': TWICE,
  'invalid value': NO_VALUE,
  'illegal leading zero': 'A number starts with a zero.',
  'illegal underscore': 'An underscore in a number is not between two digits.',
  'illegal character in numeric literal':
    'A value starts like a number and is none: a number has no unit, and a text is between quotes.',
  'unfinished numeric value': 'A number is not complete.',
  'invalid date': NO_SUCH_DATE,
  'invalid date-time: date part is malformed': DATE,
  'invalid date-time: time part is malformed': DATE,
  'control characters are not allowed in comments': 'A comment holds a control character.',
  'control characters are not allowed in strings': CONTROL,
  'unfinished string': 'A string is not closed.',
  'unrecognised escape sequence': ESCAPE,
  'invalid escape: only line-ending whitespace may be escaped': ESCAPE,
  'invalid non-hex character in unicode escape': UNICODE_ESCAPE,
  'invalid unicode escape': UNICODE_ESCAPE,
  'illegal character in key':
    'A key holds a character that has to be between quotes, or no "=" comes after it, or the name of a table is not closed.',
  'illegal empty bare key': 'A key or a part of it is empty.',
  'unexpected end of key': 'A key or a part of it is empty.',
  'illegal quoted key: multiline strings are not allowed': 'A key is written over several lines.',
  'incomplete key-value: cannot find end of key': 'The text ends after a key or within the name of a table.',
  'expected end of table array declaration': 'The name of an array of tables is not closed by "]]".',
  'each key-value declaration must be followed by an end-of-line':
    'Something stands between a value or the name of a table and the end of the line.',
  'expected comma or end of structure': 'A comma or a closing bracket is missing.',
  'unfinished array': 'An array is not closed.',
  'unfinished table': 'An inline table is not closed.',
  'document contains excessively nested structures. aborting.': 'The text nests too deep.',
};

/** What is missing where the parser meets the end of a line or of a list. */
const REASONS_AT_END: Readonly<Record<string, string>> = {
  [NO_VALUE]: 'A value is missing.',
  [CONTROL]: 'A string is not closed on its line.',
};

/** What the parser says stands in the first line of its message; the others quote the text. */
export function tomlReason({ message, line, column }: TomlError, text: string): string {
  const said = (message.split('\n', 1)[0] as string).replace('Invalid TOML document: ', '');
  const reason = REASONS[said] ?? OTHER;
  return (isAtEnd(text, line, column) && REASONS_AT_END[reason]) || reason;
}

function isAtEnd(text: string, line: number, column: number): boolean {
  const rest = (text.split(/\r?\n/)[line - 1] as string).slice(column - 1);
  return /^(?:[#,\]}]|$)/.test(rest);
}
