/**
 * The page at `/`, and Swagger UI as a place to work, in real Chromium, over plain HTTP on a host name that is not localhost:
 * `npm run browser`, with CHROMIUM for one that is not /usr/bin/chromium. Pictures of what was seen are left in logs/browser/.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { HOST } from './chromium.ts';
import { openDocs } from './docs.ts';
import { testLooks } from './looks.ts';
import { testPage } from './page.ts';
import { EVIDENCE } from './service.ts';
import { testUse } from './use.ts';

/** Milliseconds; it takes half a minute on a machine that does nothing else. */
t.setTimeout(600_000);
const docs = await openDocs(t);
testLooks(t, docs);
testUse(t, docs);
testPage(t, docs);

t.test('nothing but the service was asked', (t) => {
  const { requests } = docs;
  const asked = requests.filter((url) => url !== 'about:blank');
  writeFileSync(join(EVIDENCE, 'requests.txt'), `${asked.join('\n')}\n`);
  t.ok(asked.length > 50, `${asked.length} requests`);
  const elsewhere = asked.filter((url) => !url.startsWith(`http://${HOST}:`) && !url.startsWith('data:'));
  t.strictSame(elsewhere, []);
  t.end();
});
