/** Reads argv as QEMU does, by its own comma rules and without any code of the planner. */

/** An option with what QEMU would understand: text where it takes the value as it is, else keys and values. */
export interface ReadOption {
  readonly option: string;
  readonly value: string | null | Readonly<Record<string, string | readonly string[]>>;
}

const ALONE = new Set(['-nodefaults', '-no-user-config', '-enable-kvm']);
/** The key that may be left out in front of the first value. */
const IMPLIED: Readonly<Record<string, string | null>> = {
  '-machine': 'type',
  '-accel': 'accel',
  '-smp': 'cpus',
  '-m': 'size',
  '-drive': null,
  '-fsdev': 'fsdriver',
  '-device': 'driver',
  '-netdev': 'type',
  '-name': 'guest',
};
const AS_IT_IS = new Set(['-display', '-cpu', '-kernel', '-initrd', '-append']);
const SOCKETS = new Set(['-qmp', '-serial']);
/** Keys that may stand there more than once; of all others the last one wins. */
const LISTS = new Set(['hostfwd']);

export function readArgv(argv: readonly string[]): ReadOption[] {
  const options: ReadOption[] = [{ option: 'binary', value: String(argv[0]) }];
  for (let index = 1; index < argv.length; index++) {
    const option = String(argv[index]);
    if (ALONE.has(option)) options.push({ option, value: null });
    else options.push({ option, value: readValue(option, argv[++index]) });
  }
  return options;
}

function readValue(option: string, text: string | undefined): ReadOption['value'] {
  if (text === undefined) throw new Error(`${option} has no value`);
  if (AS_IT_IS.has(option)) return text;
  if (SOCKETS.has(option))
    return text.startsWith('unix:')
      ? { backend: 'unix', ...readOpts(text.slice('unix:'.length), 'path') }
      : text;
  const implied = IMPLIED[option];
  if (implied === undefined) throw new Error(`${option} is not an option that a plan may hold`);
  return readOpts(text, implied);
}

/**
 * QemuOpts: pairs between commas; `,,` in a value is one comma. A first item whose first `=` comes after its first
 * comma, or that has none, is the value of the implied key; any other item without `=` is a switch.
 */
export function readOpts(text: string, implied: string | null): Record<string, string | string[]> {
  const options: Record<string, string | string[]> = Object.create(null);
  let rest = text;
  for (let isFirst = true; rest !== ''; isFirst = false) {
    const end = rest.search(/[=,]/);
    const hasKey = end !== -1 && rest[end] === '=';
    const key = hasKey ? rest.slice(0, end) : isFirst ? implied : null;
    if (key === null) throw new Error(`"${rest}" has no key`);
    const [value, after] = readText(hasKey ? rest.slice(end + 1) : rest);
    rest = after;
    if (!LISTS.has(key)) options[key] = value;
    else options[key] = [...((options[key] as string[] | undefined) ?? []), value];
  }
  return { ...options };
}

/** The text up to a single comma, with pairs of commas read as one, and what comes after that comma. */
function readText(text: string): [value: string, rest: string] {
  let value = '';
  for (let index = 0; index < text.length; index++) {
    if (text[index] === ',' && text[index + 1] !== ',') return [value, text.slice(index + 1)];
    if (text[index] === ',') index++;
    value += text[index];
  }
  return [value, ''];
}
