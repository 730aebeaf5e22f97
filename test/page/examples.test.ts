/** The examples of the page are the profiles that come with the service, with their comments. */
import { readFileSync } from 'node:fs';
import t from 'tap';
import { SHIPPED, shippedText } from '../help/shipped_profiles.ts';

const FILE = new URL('../../src/page/examples.json', import.meta.url);

t.test('they are up to date: npm run openapi', (t) => {
  const texts = Object.fromEntries(SHIPPED.map((name) => [name, shippedText(name)]));
  t.strictSame(JSON.parse(readFileSync(FILE, 'utf8')), texts);
  t.end();
});
