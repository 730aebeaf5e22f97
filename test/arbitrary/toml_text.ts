/** One document in the many ways in which TOML can spell it. */
import fc from 'fast-check';

type Table = Readonly<Record<string, unknown>>;

/** Answers a number below `sides`; the same seed gives the same throws. */
type Dice = (sides: number) => number;

/** TOML texts that say what `document` says: shuffled, commented, dotted, inline, in any notation. */
export function tomlText(document: Table): fc.Arbitrary<string> {
  return fc
    .array(fc.nat({ max: 2 ** 30 }), { minLength: 40, maxLength: 40 })
    .map((numbers) => written(document, diceOf(numbers)));
}

function diceOf(numbers: readonly number[]): Dice {
  let throws = 0;
  return (sides) => {
    const number = Number(numbers[throws % numbers.length]) + throws;
    throws++;
    return number % sides;
  };
}

function written(document: Table, dice: Dice): string {
  const newline = dice(4) === 0 ? '\r\n' : '\n';
  const first: string[] = [];
  const headed: Block[] = [];
  for (const [key, value] of shuffled(Object.entries(document), dice)) {
    if (!isTable(value)) first.push(assignment([key], value, dice));
    else if (dice(3) > 0) headed.push(...headers(key, value, dice));
    else if (dice(2) === 0) first.push(assignment([key], value, dice));
    else first.push(...dotted([key], value, dice));
  }
  const blocks = interleaved(headed, dice);
  const lines = [...shuffled(first, dice), ...blocks].flatMap((line) => [
    ...noise(dice),
    line + comment(line, dice),
  ]);
  return lines.join('\n').replaceAll('\n', newline) + (dice(2) === 0 ? newline : '');
}

function isTable(value: unknown): value is Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Lines that stand together, under a header. */
interface Block {
  readonly name: string;
  readonly lines: readonly string[];
}

/** `[key]` with what is in it; an array of tables of it may become `[[key.name]]` blocks. */
function headers(key: string, table: Table, dice: Dice): Block[] {
  const arrays = Object.entries(table).filter(([, value]) => isTables(value) && dice(2) === 0);
  const split = new Set(arrays.map(([name]) => name));
  const rest = Object.entries(table).filter(([name]) => !split.has(name));
  const blocks = arrays.flatMap(([name, tables]) =>
    (tables as Table[]).map((element) => block('[[', [key, name], ']]', Object.entries(element), dice)),
  );
  // An empty section says something: `[qmp]` asks for QMP.
  const hasHeader = rest.length > 0 || arrays.length === 0;
  return hasHeader ? [block('[', [key], ']', rest, dice), ...blocks] : blocks;
}

function block(
  open: string,
  path: readonly string[],
  close: string,
  entries: readonly (readonly [string, unknown])[],
  dice: Dice,
): Block {
  const name = path.map((key) => keyText(key, dice)).join('.');
  const lines = shuffled(entries, dice).map(([key, value]) => assignment([key], value, dice));
  return { name: path.join('.'), lines: [`${open}${spaced(dice)}${name}${spaced(dice)}${close}`, ...lines] };
}

function isTables(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && value.every(isTable);
}

function dotted(path: readonly string[], table: Table, dice: Dice): string[] {
  const entries = Object.entries(table);
  return entries.length === 0
    ? [assignment(path, table, dice)]
    : entries.map(([key, value]) => assignment([...path, key], value, dice));
}

/** Blocks in any order, except that the elements of one array keep theirs. */
function interleaved(blocks: readonly Block[], dice: Dice): string[] {
  const waiting = new Map<string, Block[]>();
  for (const block of blocks) waiting.set(block.name, [...(waiting.get(block.name) ?? []), block]);
  return shuffled(blocks, dice).flatMap(({ name }) => waiting.get(name)?.shift()?.lines ?? []);
}

function assignment(path: readonly string[], value: unknown, dice: Dice): string {
  return `${path.map((key) => keyText(key, dice)).join('.')}${spaced(dice)}=${spaced(dice)}${valueText(value, dice)}`;
}

function keyText(key: string, dice: Dice): string {
  return [key, key, JSON.stringify(key), `'${key}'`][dice(4)] as string;
}

function valueText(value: unknown, dice: Dice): string {
  if (typeof value === 'string') return stringText(value, dice);
  if (typeof value === 'number') return numberText(value, dice);
  if (Array.isArray(value)) return arrayText(value, dice);
  if (isTable(value)) {
    const members = shuffled(Object.entries(value), dice).map(([key, member]) =>
      assignment([key], member, dice),
    );
    return `{ ${members.join(', ')} }`;
  }
  return String(value);
}

function arrayText(values: readonly unknown[], dice: Dice): string {
  const elements = values.map((value) => valueText(value, dice));
  if (dice(2) === 0) return `[${elements.join(', ')}]`;
  return `[ # a list\n${elements.map((element) => `  ${element},\n`).join('')}]`;
}

function numberText(value: number, dice: Dice): string {
  return [
    String(value),
    `0x${value.toString(16)}`,
    `${value}.0`,
    `0b${value.toString(2)}`,
    `${value}e0`,
    `+${value}`,
  ][dice(6)] as string;
}

function stringText(text: string, dice: Dice): string {
  const style = dice(5);
  if (style === 0 && !/['\n\t]/.test(text)) return `'${text}'`;
  if (style === 1 && !text.includes("''") && !text.endsWith("'") && !text.includes('\n'))
    return `'''\n${text}'''`;
  if (style === 2) return `"""\n${escaped(text, dice)}"""`;
  return `"${escaped(text, dice)}"`;
}

function escaped(text: string, dice: Dice): string {
  return [...text]
    .map((character) => {
      const hex = character.codePointAt(0)?.toString(16) ?? '';
      if (character === '"' || character === '\\') return `\\${character}`;
      if (character === '\n') return '\\n';
      if (character === '\t') return '\\t';
      return dice(9) === 0 ? `\\U${hex.padStart(8, '0')}` : character;
    })
    .join('');
}

function spaced(dice: Dice): string {
  return ['', ' ', '\t', '  '][dice(4)] as string;
}

function noise(dice: Dice): string[] {
  return [[], [], [''], ['# comment = "none"'], ['', '\t# [header]']][dice(5)] as string[];
}

function comment(line: string, dice: Dice): string {
  return dice(4) === 0 && !line.includes('\n') ? ' # "]' : '';
}

function shuffled<Element>(elements: readonly Element[], dice: Dice): Element[] {
  const rest = [...elements];
  const result: Element[] = [];
  while (rest.length > 0) result.push(...rest.splice(dice(rest.length), 1));
  return result;
}
