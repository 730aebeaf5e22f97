/** argv as text for people with a POSIX shell; argv itself is the authority. */
import type { Part } from './part.ts';

const PLAIN = /^[A-Za-z0-9_@%+=:,./-]+$/;

/** One element, quoted only where a POSIX shell would change it. */
export function shellQuoted(text: string): string {
  return PLAIN.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

export function shellLine(argv: readonly string[]): string {
  return argv.map(shellQuoted).join(' ');
}

/** The line broken before each option, ready to paste; ends in one LF. */
export function shellLines(parts: readonly Part[]): string {
  return `${parts.flatMap(({ options }) => options.map(shellLine)).join(' \\\n  ')}\n`;
}
