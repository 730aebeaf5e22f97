/** Diffs of two plans as lines, and rows that say which lines two profiles make. */
import type { Test } from 'tap';
import type { ArgvChange } from '../../src/planning/argv_changes.ts';
import type { Reason } from '../../src/planning/diff_reasons.ts';
import type { ValueChange } from '../../src/planning/differences.ts';
import { diffPlans, type PlanDiff } from '../../src/planning/plan_diff.ts';
import { type Change, changed } from './documents.ts';
import { type Host, ON_LINUX } from './hosts.ts';
import { plannedOf } from './plans.ts';

export function diffOf(before: Change, after: Change, hosts: { before?: Host; after?: Host } = {}): PlanDiff {
  return diffPlans(
    plannedOf(changed(before), hosts.before ?? ON_LINUX),
    plannedOf(changed(after), hosts.after ?? ON_LINUX),
  );
}

/** `/hardware/cores: 2 > 4`; what is not there is left out. */
export function valueLine({ pointer, before, after }: ValueChange): string {
  const [old, now] = [before, after].map((value) => (value === null ? '' : ` ${JSON.stringify(value)}`));
  return `${pointer}:${old} >${now}`;
}

/** `replace cpu 10: -smp 2 > -smp 4 by /hardware/cores` */
export function argvLine({ op, group, first, before, after, pointers }: ArgvChange): string {
  const [old, now] = [before, after].map((elements) => (elements === null ? '' : ` ${elements.join(' ')}`));
  return `${[op, group, first].join(' ')}:${old} >${now} by ${pointers.join(' ')}`.trimEnd();
}

export function reasonLine({ cause, certain }: Reason): string {
  return certain ? cause : `${cause}?`;
}

/** What a row is about, the changes to the base profile on both sides, and what differs then. */
export type DiffRow = readonly [
  about: string,
  before: Change,
  after: Change,
  profile: string[],
  argv: string[],
];

export const card = (more: object = {}): object => ({ name: 'net0', type: 'user', ...more });
export const cards = (...list: object[]): Change => ({ 'network.interfaces': list });

/** Compares what differs between the two profiles of each row, and what that does to argv. */
export function checkDiffs(t: Test, rows: readonly DiffRow[]): void {
  for (const [about, before, after, profile, argv] of rows) {
    const diff = diffOf(before, after);
    t.strictSame(diff.profile_changes.map(valueLine), profile, `${about}: profile`);
    t.strictSame(diff.argv_changes.map(argvLine), argv, `${about}: argv`);
    t.strictSame(diff.host_changes, [], `${about}: host`);
    const changed = {
      profile: profile.length > 0,
      host: false,
      argv: argv.length > 0,
      plan: profile.length > 0,
    };
    t.strictSame(diff.changed, changed, `${about}: changed`);
    t.equal(diff.identical, profile.length === 0, `${about}: identical`);
    t.strictSame(diff.reasons.map(reasonLine), profile.length === 0 ? [] : ['profile'], `${about}: reasons`);
  }
  t.end();
}
