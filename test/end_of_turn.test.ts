/** Work that waits for the end of a turn: that of one turn is done in a row, and each goes on alone from there. */
import t from 'tap';
import { endOfTurn } from '../src/http/request/end_of_turn.ts';

t.test('what waits in one turn goes on in a row, before anything that follows from it', async (t) => {
  const done: string[] = [];
  const work = async (name: string): Promise<string> => {
    await endOfTurn();
    done.push(name);
    return name;
  };
  const answer = async (name: string): Promise<void> => {
    done.push(`${await work(name)} sent`);
  };
  const answers = ['a', 'b', 'c'].map(answer);
  t.strictSame(done, [], 'nothing at once');
  await Promise.all(answers);
  t.strictSame(done, ['a', 'b', 'c', 'a sent', 'b sent', 'c sent']);
});

t.test('what fails fails alone', async (t) => {
  const work = async (isBroken: boolean): Promise<string> => {
    await endOfTurn();
    if (isBroken) throw new Error('broken');
    return 'done';
  };
  const [broken, other] = await Promise.allSettled([work(true), work(false)]);
  t.match(broken, { status: 'rejected', reason: { message: 'broken' } });
  t.strictSame(other, { status: 'fulfilled', value: 'done' });
});

t.test('what comes during the work of a turn is done in a later one', async (t) => {
  const first = endOfTurn();
  t.equal(endOfTurn(), first, 'the same for all of a turn');
  await first;
  const second = endOfTurn();
  t.not(second, first);
  await second;
});
