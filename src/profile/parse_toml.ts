/** From bytes to a document: strict UTF-8, TOML, and a bound on nesting. What a parser says of a text is never repeated. */
import { parse, type TomlError } from 'smol-toml';

/** Deeper nesting is refused before anything else looks at a document. */
export const DEEPEST_NESTING = 16;

/** Where and why a text could not be read; line and column count from 1. */
export interface TextProblem {
  readonly line: number;
  readonly column: number;
  readonly reason: string;
}

export type Parsed = { readonly document: unknown } | { readonly problem: TextProblem };

/** The text of bytes in UTF-8 without a byte order mark, or `null` when they are not UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

export function parseToml(text: string): Parsed {
  let document: unknown;
  try {
    document = parse(text, { integersAsBigInt: 'asNeeded' });
  } catch (error) {
    const { line, column } = error as TomlError;
    return { problem: { line, column, reason: 'The text is not TOML.' } };
  }
  return nestsTooDeep(document)
    ? { problem: { line: 1, column: 1, reason: `The text nests deeper than ${DEEPEST_NESTING} levels.` } }
    : { document };
}

/** Whether a value nests deeper than allowed. It walks by hand, since a hostile text can nest deeper than the stack. */
function nestsTooDeep(document: unknown): boolean {
  let containers: object[] = [Object(document)];
  for (let depth = 1; containers.length > 0; depth++) {
    if (depth > DEEPEST_NESTING) return true;
    containers = containers.flatMap((container) => Object.values(container).filter(isContainer));
  }
  return false;
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
