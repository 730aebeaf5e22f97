/** From bytes to a document: strict UTF-8, TOML, and a bound on nesting. What a parser says of a text is never repeated. */
import { parse, type TomlError } from 'smol-toml';
import { impossibleDayIn } from './toml_places.ts';
import { NO_SUCH_DATE, SECOND_MARK, tomlReason } from './toml_reason.ts';

/** Deeper nesting is refused before anything else looks at a document. */
export const DEEPEST_NESTING = 16;

const STRICT_UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const LENIENT_UTF8 = new TextDecoder('utf-8', { ignoreBOM: true });
const BYTE_ORDER_MARK = '\u{feff}';
/** Days that not every month has; which of them there are is for a calendar to say. */
const LATE_DAY = /[0-9]{4}-[0-9]{2}-(?:29|3[01])/;

/** Where and why a text could not be read; line and column count from 1. */
export interface TextProblem {
  readonly line: number;
  readonly column: number;
  /** A sentence of a fixed list, which repeats nothing of the text. */
  readonly reason: string;
}

export type Parsed = { readonly document: unknown } | { readonly problem: TextProblem };

/** The text of bytes in UTF-8, or `null` when they are not UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return STRICT_UTF8.decode(bytes);
  } catch {
    return null;
  }
}

/** What is wrong with bytes that are not UTF-8, and where. */
export function notUtf8(bytes: Uint8Array): TextProblem {
  const text = LENIENT_UTF8.decode(bytes);
  const same = new TextEncoder().encode(text);
  const wrong = bytes.findIndex((byte, index) => byte !== same[index]);
  // The first bytes of a character may be right.
  const before = withoutMark(LENIENT_UTF8.decode(bytes.subarray(0, wrong)));
  const lines = before.replace(/\ufffd$/, '').split('\n');
  const isUtf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  return {
    line: lines.length,
    column: String(lines.at(-1)).length + 1,
    reason: isUtf16 ? 'The text is UTF-16, not UTF-8.' : 'The text is not UTF-8.',
  };
}

/** A text may start with one byte order mark, which is no part of what it says. */
export function withoutMark(text: string): string {
  return text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
}

/** Parses a text without its mark. How deep the document nests is for the caller to see to. */
export function parseToml(text: string): Parsed {
  // The parser would take this for the one that may be there.
  if (text.startsWith(BYTE_ORDER_MARK)) return { problem: { line: 1, column: 1, reason: SECOND_MARK } };
  const day = LATE_DAY.test(text) ? impossibleDayIn(text) : null;
  if (day !== null) return { problem: { ...day, reason: NO_SUCH_DATE } };
  try {
    return { document: parse(text, { integersAsBigInt: 'asNeeded' }) };
  } catch (error) {
    const problem = error as TomlError;
    const { line, column } = problem;
    return { problem: { line, column, reason: tomlReason(problem, text) } };
  }
}

/** Whether a document has more levels than are read. A hostile text can nest deeper than the stack; this goes no deeper than asked. */
export function nestsTooDeep(document: unknown, levels = DEEPEST_NESTING): boolean {
  if (typeof document !== 'object' || document === null) return false;
  if (levels === 0) return true;
  for (const key in document)
    if (nestsTooDeep((document as Record<string, unknown>)[key], levels - 1)) return true;
  return false;
}
