/**
 * Strict JSON: what `JSON.parse` accepts, less duplicate members and deep nesting; with the place of a problem. A member that is
 * `null` is as good as none: TOML has no such value, and clients in several languages send it for what is not set.
 */
import { printParseErrorCode, visit } from 'jsonc-parser';
import {
  DEEPEST_NESTING,
  decodeUtf8,
  type Parsed,
  type TextProblem,
  withoutMark,
} from '../../profile/toml.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const OPENING_BRACKET = 0x5b;
const CLOSING_BRACKET = 0x5d;
const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;

/**
 * Parses a text. The scan before it is one pass: it bounds the nesting, so that no parser meets a text that is deeper
 * than its stack, and counts the members, which are more than those of the value if one was written twice.
 */
export function parseJson(text: string, bytes: Uint8Array = Buffer.from(text)): Parsed {
  const { members, tooDeep } = scan(bytes);
  if (tooDeep !== null) {
    const before = withoutMark(decodeUtf8(bytes.subarray(0, tooDeep)) as string);
    return { problem: problemAt(before, `The text nests deeper than ${DEEPEST_NESTING} levels.`) };
  }
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return { problem: firstSyntaxError(text) };
  }
  if (membersIn(document) !== members) return { problem: firstDuplicate(text) };
  if (text.includes('null')) dropNullMembers(document);
  return { document };
}

interface Scan {
  /** Colons outside strings: the members that were written. */
  readonly members: number;
  /** Offset of the bracket that opens one level too many. */
  readonly tooDeep: number | null;
}

/** Looks at bytes, which is faster; those of a character that has several are none of ASCII. */
function scan(bytes: Uint8Array): Scan {
  const { length } = bytes;
  let members = 0;
  let depth = 0;
  for (let offset = 0; offset < length; offset++) {
    const byte = bytes[offset];
    if (byte === QUOTE) offset = endOfString(bytes, offset);
    else if (byte === COLON) members++;
    else if (byte === OPENING_BRACKET || byte === OPENING_BRACE) {
      if (++depth > DEEPEST_NESTING) return { members, tooDeep: offset };
    } else if (byte === CLOSING_BRACKET || byte === CLOSING_BRACE) depth--;
  }
  return { members, tooDeep: null };
}

/** Offset of the closing quote, or of the end of a text that has none. */
function endOfString(bytes: Uint8Array, start: number): number {
  const { length } = bytes;
  let offset = start + 1;
  while (offset < length) {
    const byte = bytes[offset];
    if (byte === QUOTE) break;
    offset += byte === BACKSLASH ? 2 : 1;
  }
  return offset;
}

function membersIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  let members = 0;
  if (Array.isArray(value)) for (const element of value) members += membersIn(element);
  else for (const key in value) members += 1 + membersIn((value as Record<string, unknown>)[key]);
  return members;
}

function dropNullMembers(value: unknown): void {
  if (Array.isArray(value)) for (const element of value) dropNullMembers(element);
  else if (typeof value === 'object' && value !== null) {
    const members = value as Record<string, unknown>;
    for (const key of Object.keys(members)) {
      if (members[key] === null) delete members[key];
      else dropNullMembers(members[key]);
    }
  }
}

function problemAt(before: string, reason: string): TextProblem {
  const lines = before.split('\n');
  return { line: lines.length, column: (lines.at(-1) as string).length + 1, reason };
}

/** What is wrong with a text, by the lenient parser's word for it; sentences that repeat nothing of the text. */
const REASONS: Readonly<Record<string, string>> = {
  InvalidSymbol: 'A word is neither true, false nor null; a text is between double quotes.',
  InvalidNumberFormat: 'A number is malformed.',
  PropertyNameExpected: 'The name of a member is missing, or is not between double quotes.',
  ValueExpected: 'A value is missing.',
  ColonExpected: 'A colon is missing.',
  CommaExpected: 'A comma is missing.',
  CloseBraceExpected: 'An object is not closed.',
  CloseBracketExpected: 'An array is not closed.',
  EndOfFileExpected: 'Something stands after the end of the value.',
  InvalidCommentToken: 'There are no comments in JSON.',
  UnexpectedEndOfComment: 'There are no comments in JSON.',
  UnexpectedEndOfString: 'A string is not closed on its line.',
  UnexpectedEndOfNumber: 'A number is not complete.',
  InvalidUnicode: 'A string has an escape that is no Unicode character.',
  InvalidEscapeCharacter: 'A string has an escape that JSON does not have.',
  InvalidCharacter: 'A string holds a control character.',
};

function firstSyntaxError(text: string): TextProblem {
  if (text.trim() === '') return problemAt('', 'The text is empty.');
  let first = Number.POSITIVE_INFINITY;
  let reason = 'The text is not JSON.';
  const onError = (code: number, offset: number): void => {
    if (offset >= first) return;
    first = offset;
    reason = REASONS[printParseErrorCode(code)] as string;
  };
  visit(text, { onError }, { disallowComments: true });
  return problemAt(text.slice(0, first), reason);
}

function firstDuplicate(text: string): TextProblem {
  const objects: Set<string>[] = [];
  const offsets: number[] = [];
  visit(text, {
    onObjectBegin: () => {
      objects.push(new Set());
    },
    onObjectEnd: () => {
      objects.pop();
    },
    onObjectProperty: (name, offset) => {
      const names = objects.at(-1) as Set<string>;
      if (names.has(name)) offsets.push(offset);
      names.add(name);
    },
  });
  return problemAt(text.slice(0, offsets[0]), 'An object has two members of one name.');
}
