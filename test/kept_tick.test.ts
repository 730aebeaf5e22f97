import t from 'tap';
import { keepTick } from '../src/kept_tick.ts';

t.test('what is kept is the object of a tick', async (t) => {
  const kept = keepTick(process.nextTick);
  t.equal(kept.length, 0, 'not before it comes');
  await new Promise(process.nextTick);
  t.equal(kept.length, 1);
  t.type(kept[0], Object);
  t.type((kept[0] as { callback: unknown }).callback, 'function', 'with what it calls');
});
