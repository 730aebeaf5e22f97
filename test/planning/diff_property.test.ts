/** What holds for every two plans, tried on many random pairs; the seed is fixed, so that each run tries the same. */
import assert from 'node:assert/strict';
import t from 'tap';
import type { ValueChange } from '../../src/planning/differences.ts';
import { diffOldPlan, diffPlans, identityOf, type PlanDiff } from '../../src/planning/plan_diff.ts';
import { canonicalProfile, type Planned } from '../../src/planning/plan_profile.ts';
import { shown } from '../../src/planning/shown.ts';
import { startPlan } from '../../src/planning/start_plan.ts';
import type { AnyKey } from '../../src/profile/key.ts';
import { PROFILE } from '../../src/topics/profile.ts';
import { type PlanPair, planPair } from '../arbitrary/plan_pair.ts';
import { allHold } from '../help/all_hold.ts';
import { ABSENT, setAt, valueAt } from '../help/documents.ts';
import { given } from '../help/hosts.ts';
import { outcomeOf, plannedOf } from '../help/plans.ts';

// On a busy machine.
t.setTimeout(180_000);

const SEED = 20261120;
const RUNS = 130;
/** JSON Pointers to the lists of tables. */
const LISTS = listsIn(PROFILE);

function listsIn(key: AnyKey, at = ''): string[] {
  if (key.kind === 'table')
    return Object.entries(key.keys).flatMap(([name, inner]) => listsIn(inner, `${at}/${name}`));
  return key.kind === 'list' && key.element.kind === 'table' ? [at] : [];
}

function planned({ document, facts }: PlanPair['before']): Planned | null {
  const outcome = outcomeOf(document, given(facts));
  return outcome.isValid ? outcome : null;
}

/** The canonical profile, as answers show it. */
function shownProfile({ profile }: Planned): unknown {
  return asJson(shown(canonicalProfile(profile)));
}

function asJson<Value>(value: Value): Value {
  return JSON.parse(JSON.stringify(value));
}

/** Changes fields, of which those that go are named by their old place, and those that come by their new one. */
function changedProfile(profile: unknown, changes: readonly ValueChange[]): unknown {
  const fields = changes.filter((change) => listOf(change) === null);
  for (const { pointer, after } of fields) if (after === null) setAt(profile, pathOf(pointer), ABSENT);
  for (const list of LISTS) {
    const own = changes.filter((change) => listOf(change) === list);
    if (own.length === 0) continue;
    setAt(profile, pathOf(list), changedList(valueAt(profile, pathOf(list)) as Named[], own));
  }
  for (const { pointer, after } of fields) if (after !== null) setAt(profile, pathOf(pointer), after);
  return profile;
}

/** The list of which a change gives the order or one element as a whole; `null` for any other change. */
function listOf({ pointer, before, after }: ValueChange): string | null {
  const isWholeList = LISTS.includes(pointer) && (before === null || after === null);
  const list = pointer.replace(/\/\d+$/, '');
  return LISTS.includes(list) && !isWholeList ? list : null;
}

interface Named {
  readonly name: string;
}

function changedList(list: readonly Named[], changes: readonly ValueChange[]): unknown[] {
  const order = changes.find(({ pointer }) => !/\d$/.test(pointer));
  const gone = changes.filter(({ after }) => after === null).map(({ pointer }) => indexOf(pointer));
  const kept = list.filter((_, index) => !gone.includes(index));
  if (order !== undefined) {
    assert.deepEqual(
      kept.map(({ name }) => name),
      order.before,
    );
    const names = order.after as string[];
    kept.sort((left, right) => names.indexOf(left.name) - names.indexOf(right.name));
  }
  const elements: unknown[] = kept;
  for (const { pointer, before, after } of changes)
    if (before === null) elements.splice(indexOf(pointer), 0, after);
  return elements;
}

function indexOf(pointer: string): number {
  return Number(pointer.split('/').at(-1));
}

function pathOf(pointer: string): string[] {
  return pointer.split('/').slice(1);
}

t.test('for every two plans', (t) => {
  const read = ({ before, after }: PlanPair): [PlanDiff, Planned, Planned] | null => {
    const [old, now] = [planned(before), planned(after)];
    return old === null || now === null ? null : [diffPlans(old, now), old, now];
  };
  const count = allHold(t, planPair(), { seed: SEED, numRuns: RUNS }, read, {
    'the changes, made to the old argv, give the new one'(diff, before, after) {
      const argv = [...before.argv];
      for (const { op, first, before: old, after: now } of [...diff.argv_changes].reverse()) {
        const removed = argv.splice(first, old?.length ?? 0, ...(now ?? []));
        assert.deepEqual(removed, old ?? []);
        assert.equal(op, old === null ? 'add' : now === null ? 'remove' : 'replace');
        assert.notDeepEqual(old, now);
      }
      assert.deepEqual(argv, after.argv);
    },
    'a list of changes is empty exactly when there are none'(diff, before, after) {
      const { profile_changes, host_changes, argv_changes, changed, identical } = diff;
      const hostText = ({ host }: Planned): string => JSON.stringify(host.facts);
      const planText = (planned: Planned): string => startPlan(planned).text;
      assert.equal(profile_changes.length > 0, before.canonical !== after.canonical);
      assert.equal(host_changes.length > 0, hostText(before) !== hostText(after));
      assert.equal(argv_changes.length > 0, before.argvHash !== after.argvHash);
      assert.equal(identical, planText(before) === planText(after));
      assert.deepEqual(changed, {
        profile: profile_changes.length > 0,
        host: host_changes.length > 0,
        argv: argv_changes.length > 0,
        plan: !identical,
      });
      assert.equal(diff.reasons.length > 0, !identical);
      assert.ok(diff.reasons.every(({ certain }) => certain));
    },
    'the changes, made to the old profile, give the new one'(diff, before, after) {
      assert.deepEqual(changedProfile(shownProfile(before), diff.profile_changes), shownProfile(after));
    },
    'a change of argv comes from changes of the profile, or from the host'(diff) {
      const pointers = diff.profile_changes.map(({ pointer }) => pointer);
      for (const change of diff.argv_changes) {
        assert.deepEqual(
          change.pointers.filter((pointer) => !pointers.includes(pointer)),
          [],
        );
        assert.ok(change.pointers.length > 0 || diff.changed.host, JSON.stringify(change));
      }
    },
    'what is the same before and after has no change'(diff, before, after) {
      assert.ok(diffPlans(before, plannedOf(asJson(before.document), before.host)).identical);
      const since = diffOldPlan(identityOf(before), after);
      assert.deepEqual(
        [since.changed, since.host_changes, since.identical],
        [diff.changed, diff.host_changes, diff.identical],
        'hashes alone tell the same',
      );
    },
  });
  t.ok(count > RUNS / 2, `${count} of ${RUNS} pairs`);
  t.end();
});
