/**
 * The other direction: what the service refuses because QEMU could not do it, or would do harm. The argv for a refused
 * profile is that of the nearest accepted one, changed by hand.
 */
import type { ProfileDocument } from '../../../src/topics/profile.ts';
import type { Lane } from '../lane.ts';
import type { HostNetwork } from '../qemu/sandbox.ts';
import type { Ended, Running } from '../qemu/start_paused.ts';

export type Outcome = Running | Ended;

/** What QEMU has to do with the changed argv for the rule to be right. */
export type Expectation =
  /** It says so and ends. */
  | { readonly refuses: RegExp }
  /** It does harm, or something else than asked; the evidence in one line, `null` when there is none. */
  | { readonly harms: (outcome: Outcome, lane: Lane) => Promise<string | null> | string | null }
  /** It starts: the rule is stricter than QEMU, for this reason. */
  | { readonly accepts: string };

export interface RefusedCase {
  /** The code of the service's error. */
  readonly rule: string;
  readonly name: string;
  /** Accepted by the service. */
  readonly near: ProfileDocument;
  /** Refused by the service with the code. */
  readonly bad: ProfileDocument;
  /** Whether the service looks at this host's files. */
  readonly isProbed?: boolean;
  /** Index of the lane that the case needs; any unless told. */
  readonly lane?: number;
  /** Changes files after the service has given the argv of the nearest profile. */
  readonly spoil?: (lane: Lane) => void;
  /** The argv that the refused profile would have. */
  readonly edit: (argv: readonly string[], lane: Lane) => string[];
  readonly network?: HostNetwork;
  readonly expect: Expectation;
  /** What QEMU 10 does, where that is something else. */
  readonly newer?: Expectation;
}

/** `argv` with each `from` in its elements replaced by `to`; a change that changes nothing is a fault of the case. */
export function replaced(argv: readonly string[], from: string, to: string): string[] {
  const edited = argv.map((element) => element.replaceAll(from, to));
  if (edited.every((element, index) => element === argv[index]))
    throw new Error(`no element of argv holds ${JSON.stringify(from)}: ${JSON.stringify(argv)}`);
  return edited;
}

/** `argv` with another value after an option. */
export function withValue(argv: readonly string[], option: string, value: string): string[] {
  const index = argv.indexOf(option);
  if (index === -1) throw new Error(`argv has no ${option}: ${JSON.stringify(argv)}`);
  return argv.map((element, at) => (at === index + 1 ? value : element));
}

/** `argv` without an option and its value. */
export function without(argv: readonly string[], option: string): string[] {
  const index = argv.indexOf(option);
  if (index === -1) throw new Error(`argv has no ${option}: ${JSON.stringify(argv)}`);
  return argv.filter((_, at) => at !== index && at !== index + 1);
}

export function unchanged(argv: readonly string[]): string[] {
  return [...argv];
}
