/** Work that is done together: in which order, what one failure does to the others, and that it ends. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import t from 'tap';
import { newTurns, type Step } from '../src/http/turns.ts';

/** A first step that goes on for some more, each of which says that it was done. */
function steps(name: string, count: number, done: string[]): Step {
  return () => {
    done.push(`${name}${count}`);
    return count > 1 ? steps(name, count - 1, done) : undefined;
  };
}

const unexpected = (error: unknown): void => {
  throw error;
};

t.test('a step of all comes before the next of any, and nothing at once', async (t) => {
  const turns = newTurns(10_000);
  const done: string[] = [];
  turns(steps('a', 3, done), unexpected);
  turns(steps('b', 1, done), unexpected);
  turns(steps('c', 2, done), unexpected);
  t.strictSame(done, []);
  await nextTurn();
  t.strictSame(done, ['a3', 'b1', 'c2', 'a2', 'c1', 'a1']);
});

t.test('what throws ends alone, and is heard of', async (t) => {
  const turns = newTurns(10_000);
  const done: string[] = [];
  const failed: unknown[] = [];
  const fail = (error: unknown): void => {
    failed.push(error);
  };
  const broken = (error: string): Step => {
    return () => {
      throw error;
    };
  };
  turns(broken('first'), fail);
  turns(steps('a', 2, done), fail);
  turns(() => broken('second'), fail);
  await nextTurn();
  t.strictSame(failed, ['first', 'second']);
  t.strictSame(done, ['a2', 'a1']);
});

t.test('after a while the rest waits, and others have their turn', async (t) => {
  const turns = newTurns(-1);
  const done: string[] = [];
  for (const name of ['a', 'b', 'c']) turns(steps(name, 2, done), unexpected);
  const looks: string[][] = [];
  for (let turn = 0; turn < 4; turn++) {
    await nextTurn();
    looks.push([...done]);
  }
  t.strictSame(looks[0], ['a2', 'a1'], 'one at least');
  t.strictSame(looks.at(-1), ['a2', 'a1', 'b2', 'b1', 'c2', 'c1']);
  t.ok(
    looks.some(({ length }) => length === 4),
    'the second in a turn of its own',
  );
});

t.test('what comes during a turn is done in a later one', async (t) => {
  const turns = newTurns(10_000);
  const done: string[] = [];
  turns(() => {
    done.push('a');
    turns(steps('b', 1, done), unexpected);
  }, unexpected);
  await nextTurn();
  await nextTurn();
  t.strictSame(done, ['a', 'b1']);
});
