/** Keys that mean something only for some architectures, machines, systems, accelerators, buses or types. */
import type { IssueCode } from '../profile/codes.ts';
import { listed, show } from '../profile/show.ts';
import type { Issues, ProfilePath } from './profile.ts';

/** What a condition is about, in the order in which they are reported. */
const CODES = {
  arch: 'not-for-arch',
  machine: 'not-for-machine',
  os: 'not-for-os',
  accelerator: 'not-for-accelerator',
  bus: 'not-for-bus',
  type: 'not-for-type',
} as const satisfies Readonly<Record<string, IssueCode>>;

const CALLED: Readonly<Record<keyof typeof CODES, string>> = {
  arch: 'the architecture',
  machine: 'the machine',
  os: 'the host system',
  accelerator: 'the accelerator',
  bus: 'the bus',
  type: 'the type',
};

export interface Condition {
  readonly on: keyof typeof CODES;
  /** What it is in this profile; a condition on what is not known is not asked. */
  readonly is: string | undefined;
  readonly allowed: readonly string[];
  /** What it is called where a word of its own fits better. */
  readonly called?: string;
  /** What to write where it is something else; a sentence. */
  readonly instead: string;
}

/** Reports the first condition that does not hold; answers whether all of them do. */
export function checkOnlyFor(
  at: ProfilePath,
  value: string,
  conditions: readonly Condition[],
  issues: Issues,
): boolean {
  const failed = conditions.find(({ is, allowed }) => is !== undefined && !allowed.includes(is));
  if (failed === undefined) return true;
  const { on, is, allowed, called = CALLED[on], instead } = failed;
  issues.error(
    at,
    CODES[on],
    (field) =>
      `${field} is ${value}, which is only for ${listed(allowed)}; ${called} is ${show(is as string)}.`,
    instead,
  );
  return false;
}
