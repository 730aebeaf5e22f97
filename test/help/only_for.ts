/** Rows of the rules for what a key or word is only for, and what the rows are made of. */
import { TCG } from './changes.ts';
import type { Change } from './documents.ts';
import { DARWIN_INTEL, FREEBSD, given, type Host, WINDOWS } from './hosts.ts';

export interface Row {
  readonly field: string;
  readonly change: Change;
  /** What the condition is about, the end of the code. */
  readonly not: 'arch' | 'machine' | 'os' | 'accelerator' | 'bus' | 'type';
  /** What the message says that the key is, and what it does not go with. */
  readonly says: readonly [value: string, reason: string];
  readonly instead: string;
  readonly on?: Host;
}

export const ARM: Change = { ...TCG, 'hardware.arch': 'aarch64' };
export const RISCV: Change = { ...TCG, 'hardware.arch': 'riscv64' };
export const POWER: Change = { ...TCG, 'hardware.arch': 'ppc64le' };
export const DARWIN = given(DARWIN_INTEL);
export const ON_WINDOWS = given(WINDOWS);
export const ON_FREEBSD = given(FREEBSD);

/** What only Linux has, on each of the others. */
export function onSystems(
  field: string,
  change: Change,
  value: string,
  instead: string | ((os: string) => string),
): Row[] {
  return [DARWIN, ON_WINDOWS, ON_FREEBSD].map((on) => ({
    field,
    change,
    not: 'os',
    says: [value, `"${on.facts.os}"`],
    instead: typeof instead === 'string' ? instead : instead(on.facts.os),
    on,
  }));
}
