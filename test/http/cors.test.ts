/** Pages of other origins: refused by browsers unless configuration names their origin. */
import t from 'tap';
import { readConfiguration } from '../../src/configuration.ts';
import { JSON_TYPE, newLab } from '../help/app.ts';

const ALLOWED = 'https://lab.example:8443';
const PREFLIGHT = {
  'access-control-request-method': 'POST',
  'access-control-request-headers': 'authorization,content-type',
};

function originsFrom(list: string): readonly string[] {
  const surroundings = {
    workingDirectory: '/srv/work',
    serviceRoot: '/opt/planner',
    machine: { os: 'linux', arch: 'x86_64' },
  } as const;
  return readConfiguration({ VMLAB_CORS_ORIGINS: list }, surroundings).corsOrigins;
}

t.test('origins are named one by one', async (t) => {
  t.strictSame(originsFrom(''), []);
  t.strictSame(originsFrom(' https://a.example ,, http://localhost:8080'), [
    'https://a.example',
    'http://localhost:8080',
  ]);
  const bad = ['*', 'a.example', 'null', 'https://a.example/', 'https://A.example', 'https://a.example:443'];
  for (const list of [...bad, 'https://u@a.example', 'https://a.example https://b.example', 'file:///x'])
    t.throws(() => originsFrom(list), { message: /^VMLAB_CORS_ORIGINS must be/ }, list);
});

t.test('without a list no answer has a word for another origin', async (t) => {
  const { ask } = await newLab(t);
  for (const method of ['GET', 'OPTIONS', 'POST'] as const) {
    const answer = await ask({ method, url: '/argv', headers: { origin: ALLOWED, ...PREFLIGHT } });
    t.notOk(
      Object.keys(answer.headers).some((name) => name.startsWith('access-control-')),
      method,
    );
  }
});

t.test('an origin on the list may ask and read, others may not', async (t) => {
  const { ask, post } = await newLab(t, { profiles: {} }, { corsOrigins: [ALLOWED], tokens: ['token'] });
  const preflight = await ask({
    method: 'OPTIONS',
    url: '/argv',
    headers: { origin: ALLOWED, ...PREFLIGHT },
  });
  t.equal(preflight.statusCode, 204, 'a browser asks without a token');
  t.match(preflight.headers, {
    'access-control-allow-origin': ALLOWED,
    'access-control-allow-methods': 'GET, HEAD, POST',
    'access-control-allow-headers': /authorization.*content-type/,
    'access-control-max-age': '600',
  });
  const headers = { origin: ALLOWED, authorization: 'Bearer token' };
  const answer = await post('/argv', '{', JSON_TYPE, headers);
  t.equal(answer.statusCode, 400, 'the request itself is answered as ever');
  t.match(answer.headers, {
    'access-control-allow-origin': ALLOWED,
    'access-control-expose-headers': /x-request-id/,
    vary: /origin/i,
  });
  t.notOk(answer.headers['access-control-allow-credentials'], 'no cookies');
  t.equal(
    (await post('/argv', '{', JSON_TYPE, { origin: ALLOWED })).statusCode,
    401,
    'a token is still needed',
  );
  for (const origin of ['https://evil.example', `${ALLOWED}.evil.example`, 'null', ALLOWED.toUpperCase()]) {
    for (const method of ['OPTIONS', 'GET'] as const) {
      const other = await ask({
        method,
        url: '/profiles',
        headers: { ...headers, origin, ...PREFLIGHT },
      });
      t.notOk(other.headers['access-control-allow-origin'], `${method} from ${origin}`);
    }
  }
});
