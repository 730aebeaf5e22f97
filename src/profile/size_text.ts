/** Numbers as people write them, for keys whose name ends with a unit and for others. */

interface Unit {
  readonly name: string;
  readonly larger: string;
  readonly bytes: number;
}

/** By the end of a key's name. */
const UNITS: Readonly<Record<string, Unit>> = {
  kb: { name: 'KiB', larger: 'MiB', bytes: 2 ** 10 },
  mb: { name: 'MiB', larger: 'GiB', bytes: 2 ** 20 },
  gb: { name: 'GiB', larger: 'TiB', bytes: 2 ** 30 },
};
const BYTES: Readonly<Record<string, number>> = { k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40 };
const PER_LARGER = 1024;

/** Such as `2048`, `4G`, `4 GiB`, `1.5g`. */
const SIZE = /^([0-9]{1,15}(?:\.[0-9]{1,3})?) ?(?:([kmgt])(?:i?b)?)?$/i;

/** Which number to write for a value that is none; `undefined` where it does not say. */
export function meantNumber(value: unknown, name: string): string | undefined {
  const [, digits, letter] = (typeof value === 'string' && SIZE.exec(value.trim())) || [];
  if (digits === undefined) return undefined;
  const unit = unitOf(name);
  const bytes = letter === undefined ? 1 : Number(BYTES[letter.toLowerCase()]);
  if (unit === null) return bytes === 1 ? written(Number(digits), 'without quotes') : undefined;
  const number = letter === undefined ? Number(digits) : (Number(digits) * bytes) / unit.bytes;
  return written(number, `without quotes; it counts ${unit.name}`);
}

function written(number: number, how: string): string | undefined {
  return Number.isInteger(number) ? `Write ${number}, ${how}.` : undefined;
}

/** What to say besides of a number that is too small, and that may be meant in the larger unit. */
export function unitHint(number: number, name: string): string {
  const unit = unitOf(name);
  if (unit === null || number < 1) return '';
  return `; it counts ${unit.name}, and ${number} ${unit.larger} are ${number * PER_LARGER}`;
}

function unitOf(name: string): Unit | null {
  return UNITS[/_([kmg]b)$/.exec(name)?.[1] ?? ''] ?? null;
}
