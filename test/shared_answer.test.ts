/** One answer for callers who ask the same at the same time, and never an older one than their question. */
import t from 'tap';
import { newSharedAnswer } from '../src/http/request/shared_answer.ts';

/** Answers when told to. */
function newWork() {
  const begun: { resolve: (text: string) => void; reject: (error: Error) => void }[] = [];
  const ask = (): Promise<string> => new Promise((resolve, reject) => begun.push({ resolve, reject }));
  return { begun, ask };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

t.test('callers of one turn share an answer, those who come later share the next one', async (t) => {
  const shared = newSharedAnswer<string>();
  const { begun, ask } = newWork();
  const first = [shared('a', ask), shared('a', ask)];
  t.equal(begun.length, 0, 'nothing at once');
  await turn();
  t.equal(begun.length, 1, 'begun once');
  const second = [shared('a', ask)];
  await turn();
  second.push(shared('a', ask), shared('a', ask));
  await turn();
  t.equal(begun.length, 1, 'one at a time');
  begun[0]?.resolve('one');
  t.strictSame(await Promise.all(first), ['one', 'one']);
  await turn();
  t.equal(begun.length, 2);
  begun[1]?.resolve('two');
  t.strictSame(await Promise.all(second), ['two', 'two', 'two']);
  const third = shared('a', ask);
  await turn();
  begun[2]?.resolve('three');
  t.equal(await third, 'three', 'and anew');
});

t.test('another question is another answer', async (t) => {
  const shared = newSharedAnswer<string>();
  const { begun, ask } = newWork();
  const answers = [shared('a', ask), shared('b', ask)];
  await turn();
  begun[1]?.resolve('b');
  begun[0]?.resolve('a');
  t.strictSame(await Promise.all(answers), ['a', 'b']);
});

t.test('what fails fails for all who share it, and not for the next', async (t) => {
  const shared = newSharedAnswer<string>();
  const { begun, ask } = newWork();
  const first = Promise.allSettled([shared('a', ask), shared('a', ask)]);
  await turn();
  const next = shared('a', ask);
  begun[0]?.reject(new Error('broken'));
  t.match(await first, [{ reason: { message: 'broken' } }, { reason: { message: 'broken' } }]);
  await turn();
  begun[1]?.resolve('well');
  t.equal(await next, 'well');
});
