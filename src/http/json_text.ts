/** Strict JSON: what `JSON.parse` accepts, less duplicate members and deep nesting; with the place of a problem. */
import { visit } from 'jsonc-parser';
import { DEEPEST_NESTING, type Parsed, type TextProblem } from '../profile/parse_toml.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;

/**
 * Parses a text. The scan before it is one pass: it bounds the nesting, so that no parser meets a text that is deeper
 * than its stack, and counts the members, which are more than those of the value if one was written twice.
 */
export function parseJson(text: string): Parsed {
  const { members, tooDeep } = scan(text);
  if (tooDeep !== null)
    return { problem: problemAt(text, tooDeep, `The text nests deeper than ${DEEPEST_NESTING} levels.`) };
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return { problem: firstSyntaxError(text) };
  }
  return membersIn(document) === members ? { document } : { problem: firstDuplicate(text) };
}

interface Scan {
  /** Colons outside strings: the members that were written. */
  readonly members: number;
  /** Offset of the bracket that opens one level too many. */
  readonly tooDeep: number | null;
}

function scan(text: string): Scan {
  let members = 0;
  let depth = 0;
  for (let offset = 0; offset < text.length; offset++) {
    const unit = text.charCodeAt(offset);
    if (unit === QUOTE) offset = endOfString(text, offset);
    else if (unit === COLON) members++;
    else if (isOpening(unit) && ++depth > DEEPEST_NESTING) return { members, tooDeep: offset };
    else if (isClosing(unit)) depth--;
  }
  return { members, tooDeep: null };
}

/** Offset of the closing quote, or of the end of a text that has none. */
function endOfString(text: string, start: number): number {
  let offset = start + 1;
  while (offset < text.length && text.charCodeAt(offset) !== QUOTE)
    offset += text.charCodeAt(offset) === BACKSLASH ? 2 : 1;
  return offset;
}

/** `[` and `{` */
function isOpening(unit: number): boolean {
  return unit === 0x5b || unit === 0x7b;
}

/** `]` and `}` */
function isClosing(unit: number): boolean {
  return unit === 0x5d || unit === 0x7d;
}

function membersIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  let members = 0;
  if (Array.isArray(value)) for (const element of value) members += membersIn(element);
  else for (const key in value) members += 1 + membersIn((value as Record<string, unknown>)[key]);
  return members;
}

function problemAt(text: string, offset: number, reason: string): TextProblem {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1) as string).length + 1, reason };
}

function firstSyntaxError(text: string): TextProblem {
  const offsets: number[] = [];
  visit(text, { onError: (_code, offset) => offsets.push(offset) }, { disallowComments: true });
  return problemAt(text, Math.min(...offsets.slice(0, 1), text.length), 'The text is not JSON.');
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
  return problemAt(
    text,
    Math.min(...offsets.slice(0, 1), text.length),
    'An object has two members of one name.',
  );
}
