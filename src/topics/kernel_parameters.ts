/** A kernel command line as Linux reads it. */

export interface KernelParameter {
  readonly name: string;
  /** Without the quotes around it; `null` when there is no `=`. Each byte is a character. */
  readonly value: string | null;
}

/** Blanks separate, double quotes hold together, and what follows `--` is for the guest's first program. */
export function kernelParameters(commandLine: string): KernelParameter[] {
  // The kernel looks at bytes: to it the byte A0 is a blank, in whatever letter it stands.
  const text = Buffer.from(commandLine).toString('latin1');
  const parameters: KernelParameter[] = [];
  for (const [word] of text.matchAll(/(?:"[^"]*(?:"|$)|[^\s"])+/g)) {
    const parameter = parameterOf(word);
    if (parameter.name === '--' && parameter.value === null) break;
    parameters.push(parameter);
  }
  return parameters;
}

function parameterOf(word: string): KernelParameter {
  const text = unquoted(word);
  const equals = text.indexOf('=', 1);
  return equals < 0
    ? { name: text, value: null }
    : { name: text.slice(0, equals), value: unquoted(text.slice(equals + 1)) };
}

/** Quotes within stay. */
function unquoted(text: string): string {
  return text.startsWith('"') ? text.replace(/^"|"$/g, '') : text;
}
