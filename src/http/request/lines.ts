/** The lines of a body, while it arrives. */
import type { Readable } from 'node:stream';
import { inTime } from './deadline.ts';

/** Milliseconds in which something has to arrive. */
const PATIENCE = 20_000;
const LINE_FEED = 0x0a;

/** The bytes of a line; `null` for one that is too long, of which nothing is kept. */
export type Line = Buffer | null;

/** Those that have arrived together, without blank ones. The last need not end in a line feed. */
export async function* linesOf(
  body: Readable,
  longest: number,
  patience = PATIENCE,
): AsyncGenerator<readonly Line[]> {
  // By hand: to leave a loop over the body would close the connection, and with it the way of the answer.
  const pieces = body[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  const open = newOpenLine(longest);
  for (;;) {
    const { done, value } = await inTime(pieces.next(), patience, 'request-timeout');
    if (done === true) break;
    const lines: Line[] = [];
    let start = 0;
    for (let end = value.indexOf(LINE_FEED); end !== -1; end = value.indexOf(LINE_FEED, start)) {
      open.add(value.subarray(start, end));
      lines.push(...open.close());
      start = end + 1;
    }
    open.add(value.subarray(start));
    yield lines;
  }
  yield open.close();
}

interface OpenLine {
  readonly add: (piece: Buffer) => void;
  /** The line, or none where it is blank. */
  readonly close: () => Line[];
}

function newOpenLine(longest: number): OpenLine {
  let pieces: Buffer[] = [];
  let length = 0;
  return {
    add: (piece) => {
      length += piece.length;
      if (length > longest) pieces = [];
      else pieces.push(piece);
    },
    close: () => {
      const isTooLong = length > longest;
      const line = Buffer.concat(pieces);
      pieces = [];
      length = 0;
      if (isTooLong) return [null];
      return isBlank(line) ? [] : [line];
    },
  };
}

/** What JSON takes for white space. */
const BLANK: readonly number[] = [0x20, 0x09, 0x0d];

function isBlank(line: Buffer): boolean {
  return line.every((byte) => BLANK.includes(byte));
}
