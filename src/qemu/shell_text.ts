/** argv as text for people with a POSIX shell; argv itself is the authority. */
/** Not with `=` first: zsh takes `=name` for the path of a command. */
const PLAIN = /^[A-Za-z0-9_@%+:,./-][A-Za-z0-9_@%+=:,./-]*$/;
const BREAK = ' \\\n  ';
/** The switches without a value; all other elements come in pairs, but for the binary, which is a part of its own. */
const ALONE: ReadonlySet<string> = new Set(['-nodefaults', '-no-user-config', '-enable-kvm']);
/** A longer command is broken before each option. */
const LINE_CHARACTERS = 80;

/** One element, quoted only where a POSIX shell would change it. */
export function shellQuoted(text: string): string {
  return PLAIN.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

export function shellLine(argv: readonly string[]): string {
  return argv.map(shellQuoted).join(' ');
}

/** The line broken before each option, ready to paste; ends in one LF. */
export function shellLines(parts: readonly { readonly elements: readonly string[] }[]): string {
  return `${parts.flatMap(({ elements }) => linesOf(elements)).join(BREAK)}\n`;
}

function linesOf(elements: readonly string[]): string[] {
  const lines: string[] = [];
  for (let first = 0; first < elements.length; ) {
    const count = ALONE.has(elements[first] as string) ? 1 : 2;
    lines.push(shellLine(elements.slice(first, first + count)));
    first += count;
  }
  return lines;
}

/** Any command as a person would write it; what starts with a dash is taken for an option. */
export function shellCommand(argv: readonly string[]): string {
  const line = shellLine(argv);
  if (line.length <= LINE_CHARACTERS) return line;
  const [program = '', ...rest] = argv;
  const words = rest.map((element) => `${element.startsWith('-') ? BREAK : ' '}${shellQuoted(element)}`);
  return `${shellQuoted(program)}${words.join('')}`;
}
