/** A key that is changed is named as a cause of everything that it changes in argv. */
import t from 'tap';
import { diffPlans } from '../../src/planning/plan_diff.ts';
import { pointerOf } from '../../src/profile/path.ts';
import { argvLine } from '../help/diffs.ts';
import { changedBy, LEAVES } from '../help/every_key.ts';

// On a busy machine.
t.setTimeout(180_000);

/** Pairs of plans for each key: those whose argv differs, and those that are tried. */
const MOST_PAIRS = 4;
const MOST_TRIED = 30;

t.test('each key is a cause of what it changes', (t) => {
  for (const leaf of LEAVES) {
    let [pairs, tried] = [0, 0];
    for (const { before, after, at } of changedBy(leaf)) {
      const { argv_changes, profile_changes } = diffPlans(before, after);
      tried++;
      if (tried === MOST_TRIED) break;
      const changed = pointerOf(at);
      const isNamed = (pointer: string): boolean =>
        pointer === changed || pointer.startsWith(`${changed}/`) || changed.startsWith(`${pointer}/`);
      // What version 1 drops can still bring its section.
      if (argv_changes.length === 0 || !profile_changes.some(({ pointer }) => isNamed(pointer))) continue;
      const about = `${changed} of ${before.profileName}`;
      for (const change of argv_changes) t.not(change.pointers.length, 0, `${about}: ${argvLine(change)}`);
      t.ok(
        argv_changes.some(({ pointers }) => pointers.some(isNamed)),
        about,
      );
      pairs++;
      if (pairs === MOST_PAIRS) break;
    }
  }
  t.end();
});
