/** The page at `/`, for browsers alone. */
import t from 'tap';
import { newLab } from '../help/app.ts';

/** What Chromium and Firefox send for an address that is typed. */
const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';

t.test('for those who like HTML better than JSON', async (t) => {
  const { get } = await newLab(t, undefined, { tokens: ['secret-token'] });
  for (const accept of [BROWSER, 'text/html', 'text/html, application/json;q=0.9']) {
    const answer = await get('/', { accept });
    t.equal(answer.statusCode, 200, accept);
    t.match(answer.headers, {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': /^default-src 'none'; script-src 'self'; style-src 'self';/,
      vary: 'accept',
    });
    t.match(answer.body, '<script type="module" src="page/main.js"></script>');
  }
  for (const accept of [undefined, '*/*', 'application/json', 'application/json, text/html', 'image/png']) {
    const answer = await get('/', accept === undefined ? {} : { accept });
    t.equal(answer.statusCode, 404, String(accept));
    t.match(answer.json(), { code: 'not-found', detail: 'See /docs/ for the routes.' });
  }
});

t.test('its files, and nothing else', async (t) => {
  const { ask, get } = await newLab(t);
  const style = await get('/page/page.css');
  t.equal(style.statusCode, 200);
  t.match(style.headers, { 'content-type': 'text/css; charset=utf-8', 'cache-control': 'no-cache' });
  t.match(await get('/page/icon.svg'), {
    statusCode: 200,
    headers: { 'content-type': 'image/svg+xml' },
  });
  t.match((await get('/page/examples.json')).json(), { minimal: /^# /m }, 'profiles, with their comments');
  t.notMatch(style.body, /url\(|@import/, 'nothing comes from elsewhere');
  for (const url of ['/page/none.js', '/page/page.ts', '/page/tsconfig.json', '/page/..%2fapp.js', '/page/'])
    t.equal((await get(url)).statusCode, 404, url);
  t.equal((await ask({ method: 'POST', url: '/' })).statusCode, 405);
});
