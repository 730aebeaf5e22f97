/** A file system that does not answer must not keep a caller for ever. */
import t from 'tap';
import { inTime } from '../src/http/request/deadline.ts';

t.test('a look at the host that takes too long is an overload', async (t) => {
  await t.rejects(inTime(new Promise(() => {}), 5), { code: 'overloaded' });
  await t.rejects(inTime(Promise.reject(new Error('broken')), 5000), { message: 'broken' });
  t.equal(await inTime(Promise.resolve('found'), 5000), 'found');
});
