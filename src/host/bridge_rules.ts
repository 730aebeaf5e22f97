/**
 * The list of bridges that QEMU's bridge helper lets users join, read as the helper reads it (qemu-bridge-helper.c): what is
 * taken for a comment, a name or a fault here is what the helper takes for one.
 */

import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { BridgeFault, BridgeRule, BridgeRules } from '../facts/network.ts';
import { errorCode, readFirstBytes } from './files.ts';

/** The helper reads lines of any length in pieces, each as a line of its own. */
const LONGEST_PIECE = 4095;
/** IFNAMSIZ of Linux less the closing NUL: at a longer name the helper gives up. */
const LONGEST_NAME = 15;
/** More than any list needs: of what is longer, or includes more files, it is not known what it says. */
const MOST_BYTES = 65536;
const MOST_FILES = 64;
/** What g_ascii_isspace() takes for blank. */
const BLANKS = ' \\t\\n\\f\\r';
const PIECE = new RegExp(`[^\\n]{1,${LONGEST_PIECE}}`, 'g');
const OUTER_BLANKS = new RegExp(`^[${BLANKS}]+|[${BLANKS}]+$`, 'g');
const LEADING_BLANKS = new RegExp(`^[${BLANKS}]+`);

/** What has been read of the list and of what it includes. */
interface Reading {
  readonly rules: BridgeRule[];
  readonly directory: string;
  /** Those that are being read, each included by the one before it. */
  readonly open: string[];
  files: number;
  isComplete: boolean;
}

/** `unknown`: nobody tries to read so much, or what is no file. */
type Ending = 'read' | 'missing' | 'unreadable' | 'unknown' | BridgeFault;

/** `directory` is where QEMU is started, from which the helper opens what the list includes. */
export async function readBridgeRules(path: string, directory: string): Promise<BridgeRules> {
  const reading: Reading = { rules: [], directory, open: [], files: 0, isComplete: true };
  const ending = await readList(path, reading);
  const { rules } = reading;
  if (typeof ending === 'object') return { state: 'invalid', rules, fault: ending };
  if (ending === 'missing' || ending === 'unreadable') return { state: ending, rules, fault: null };
  const isComplete = reading.isComplete && ending === 'read';
  return { state: isComplete ? 'complete' : 'incomplete', rules, fault: null };
}

async function readList(file: string, reading: Reading): Promise<Ending> {
  reading.files++;
  const content = reading.files > MOST_FILES ? 'unknown' : await contentOf(file);
  if (typeof content === 'string') return content;
  reading.open.push(file);
  const fault = await readLines(file, content.text, reading);
  reading.open.pop();
  return fault ?? 'read';
}

async function readLines(file: string, text: string, reading: Reading): Promise<BridgeFault | null> {
  for (const [index, line] of text.split('\n').entries()) {
    for (const piece of line.match(PIECE) ?? []) {
      const fault = await readPiece(piece, { file, line: index + 1 }, reading);
      if (fault !== null) return fault;
    }
  }
  return null;
}

/** What is wrong with it; at a line that the helper does not understand it stops. */
async function readPiece(
  piece: string,
  place: Pick<BridgeRule, 'file' | 'line'>,
  reading: Reading,
): Promise<BridgeFault | null> {
  // A text of C ends at its first NUL.
  const text = (piece.split('\0', 1)[0] as string).replace(LEADING_BLANKS, '');
  if (text === '' || text.startsWith('#')) return null;
  // A tab ends the first word only where there is no space in the line.
  const end = text.includes(' ') ? text.indexOf(' ') : text.indexOf('\t');
  const action = text.slice(0, Math.max(end, 0));
  const rest = text.slice(end + 1).replace(OUTER_BLANKS, '');
  const { line } = place;
  if (action === 'include') return include(utf8(rest), line, reading);
  if (action !== 'allow' && action !== 'deny') return { kind: 'no-rule', line, name: '' };
  if (rest.length > LONGEST_NAME) return { kind: 'long-name', line, name: utf8(rest) };
  reading.rules.push({ action, bridge: utf8(rest), ...place });
  return null;
}

/**
 * The helper goes on whatever is wrong with a file that is included, and keeps what it had read of it. In a circle it goes
 * on until it dies.
 */
async function include(name: string, line: number, reading: Reading): Promise<BridgeFault | null> {
  const file = resolve(reading.directory, name);
  if (reading.open.includes(file)) return { kind: 'circle', line, name };
  const ending = await readList(file, reading);
  if (ending === 'unreadable' || ending === 'unknown') reading.isComplete = false;
  return typeof ending === 'object' && ending.kind === 'circle' ? { ...ending, line, name } : null;
}

/** The bytes of a list as one character each. */
async function contentOf(
  path: string,
): Promise<{ readonly text: string } | Extract<Ending, 'missing' | 'unreadable' | 'unknown'>> {
  try {
    const stats = await stat(path);
    if (stats.isDirectory()) return { text: '' };
    if (!stats.isFile()) return 'unknown';
    const bytes = await readFirstBytes(path, MOST_BYTES + 1);
    return bytes.length > MOST_BYTES ? 'unknown' : { text: bytes.toString('latin1') };
  } catch (error) {
    const code = errorCode(error);
    if (code === 'EACCES') return 'unreadable';
    return ['ENOENT', 'ENOTDIR'].includes(code) ? 'missing' : 'unknown';
  }
}

function utf8(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
