/** Why a text is not TOML: one of a fixed list of sentences, which repeat nothing of the text. */
import type { TomlError } from 'smol-toml';

const TWICE = 'A key or a table is defined twice.';
const AFTER_ALL = 'Something stands between a value or the name of a table and the end of the line.';
const KEY =
  'A key holds a character that has to be between quotes, or no "=" comes after it, or the name of a table is not closed.';
const NUMBER =
  'A value starts like a number and is none: a number has no unit, and a text is between quotes.';
const COMMENT = 'A comment starts with "#".';
const ESCAPE =
  'A string has an escape that TOML does not have; between single quotes a backslash is a backslash.';
const UNICODE_ESCAPE =
  'A string has an escape that is no Unicode character; between single quotes a backslash is a backslash.';
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
  'illegal character in numeric literal': NUMBER,
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
  'illegal character in key': KEY,
  'illegal empty bare key': 'A key or a part of it is empty.',
  'unexpected end of key': 'A key or a part of it is empty.',
  'illegal quoted key: multiline strings are not allowed': 'A key is written over several lines.',
  'incomplete key-value: cannot find end of key': 'The text ends after a key or within the name of a table.',
  'expected end of table array declaration': 'The name of an array of tables is not closed by "]]".',
  'each key-value declaration must be followed by an end-of-line': AFTER_ALL,
  'expected comma or end of structure': 'A comma or a closing bracket is missing.',
  'unfinished array': 'An array is not closed.',
  'unfinished table': 'An inline table is not closed.',
  'document contains excessively nested structures. aborting.': 'The text nests too deep.',
};

/** What the parser met there, by how the line goes on from that place, and by how it begins. */
interface Meeting {
  readonly before?: RegExp;
  readonly rest: RegExp;
  readonly reason: string;
}

const AT_END = /^(?:[#,\]}]|$)/;
const TABLE_OPEN =
  'The name of a table is not closed by "]", or holds a character that has to be between quotes.';

/** What is more exactly wrong, of what the parser says; the first that fits. */
const MEETINGS: Readonly<Record<string, readonly Meeting[]>> = {
  [KEY]: [
    { rest: /^:/, reason: 'A ":" stands where TOML has "=".' },
    { before: /^\s*$/, rest: /^(?:;|\/\/|\/\*|--)/, reason: COMMENT },
    { before: /^\s*\[/, rest: /^/, reason: TABLE_OPEN },
    { before: /\S\s*$/, rest: /^[^=]*$/, reason: 'No "=" comes after a key.' },
    { before: /\S\s+$/, rest: /^/, reason: 'A key that has a space in it has to be between quotes.' },
  ],
  [NO_VALUE]: [
    { rest: AT_END, reason: 'A value is missing.' },
    { rest: /^(?:true|false)\b/i, reason: 'true and false are written in small letters.' },
    { rest: /^(?:yes|no|on|off)\b/i, reason: 'Yes and no are written true and false.' },
    { rest: /^(?:null|none|nil)\b/i, reason: 'TOML has no null: a key without a value is left out.' },
    { rest: /^[\u2018-\u201f\u00ab\u00bb`]/, reason: 'A text is between plain quotes: " or \'.' },
    { rest: /^[A-Za-z_~./$<\\]/, reason: 'A text has to be between quotes.' },
  ],
  [AFTER_ALL]: [
    { rest: /^(?:\/\/|\/\*|--)/, reason: COMMENT },
    { rest: /^[,;]\s*(?:#.*)?$/, reason: 'A line does not end with "," or ";".' },
    { before: /[0-9]\s*$/, rest: /^[kmgt]i?b?\b/i, reason: NUMBER },
  ],
  [CONTROL]: [{ rest: AT_END, reason: 'A string is not closed on its line.' }],
  [TWICE]: [
    {
      before: /^\s*\[\s*$/,
      rest: /^/,
      reason: `${TWICE} Tables of which there are several are written between "[[" and "]]".`,
    },
  ],
};

/** What the parser says stands in the first line of its message; the others quote the text. */
export function tomlReason({ message, line, column }: TomlError, text: string): string {
  const said = (message.split('\n', 1)[0] as string).replace('Invalid TOML document: ', '');
  const reason = REASONS[said] ?? OTHER;
  const whole = text.split(/\r?\n/)[line - 1] as string;
  const [start, end] = [whole.slice(0, column - 1), whole.slice(column - 1)];
  const met = MEETINGS[reason]?.find(({ before = /^/, rest }) => before.test(start) && rest.test(end));
  return met?.reason ?? reason;
}
