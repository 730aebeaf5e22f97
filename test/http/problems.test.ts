/** What goes wrong over HTTP: unknown paths, faults, overload, stopping, and what is no request at all. */
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import t, { type Test } from 'tap';
import { PROBLEM_KINDS } from '../../src/http/guards/problem.ts';
import { codeOf } from '../help/answers.ts';
import { type Lab, logLines, newLab } from '../help/app.ts';
import { envelope, SMALL_TOML } from '../help/small_profile.ts';
import { expectDocumentedText, fetchDocumented } from '../help/wire.ts';

// On a busy machine.
t.setTimeout(120_000);

t.test('404, and 405 with Allow', async (t) => {
  const { ask, get } = await newLab(t, { profiles: { 'validate.toml': SMALL_TOML } });
  for (const url of [
    '/',
    '/nope',
    '//livez',
    '/livez/',
    '/LIVEZ',
    '/plans',
    '/argv/x',
    '/openapi',
    '/%2e',
    '/a\u00e4',
    '/docs/nope.js',
    '/docs/static/nope.js',
    '/docs/static/.hidden',
    '/docs/static/%C3%BC',
    '/docs/static/..%2f..%2fpackage.json',
  ]) {
    const answer = await get(url);
    t.equal(codeOf(answer), '404 not-found', url);
  }
  t.equal((await get('/nope?token=abcdef#x')).json().instance, '/nope', 'instance is the path alone');
  for (const name of [
    'nobody',
    '.hidden',
    '..%2fsmall',
    '..%2f..%2fetc%2fpasswd',
    'a%00',
    'a%5Cb',
    'x'.repeat(999),
  ])
    t.equal(
      codeOf(await get(`/profiles/${name}`)),
      '404 profile-not-found',
      `/profiles/${name.slice(0, 30)}`,
    );
  t.equal((await get('/profiles/validate')).statusCode, 200, 'a profile that is called like a route');
  t.equal(codeOf(await get('/problems/constructor')), '404 not-found', 'no such kind of problem');
  t.equal(codeOf(await get(`/profiles/${'x'.repeat(1001)}`)), '414 uri-too-long');
  t.equal(codeOf(await get('/profiles/%zz')), '400 malformed-http', 'a path that is no URL');
  const meant: readonly (readonly [url: string, route: string])[] = [
    ['/argv/', '/argv'],
    ['/plan/start?x', '/plans/start'],
    ['/api/v1/plans/start', '/plans/start'],
    ['/Profiles/', '/profiles'],
  ];
  for (const [url, route] of meant)
    t.equal(
      (await ask({ method: 'POST', url })).json().detail,
      `Is ${route} meant? See /docs/ for the routes.`,
      url,
    );
  t.equal((await get('/nobody')).json().detail, 'See /docs/ for the routes.');
  const rows: [
    method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'PATCH' | 'OPTIONS',
    url: string,
    allow: string,
  ][] = [
    ['GET', '/argv', 'POST'],
    ['PUT', '/argv?x=1', 'POST'],
    ['OPTIONS', '/plans/start', 'POST'],
    ['PATCH', '/profiles/validate', 'GET, HEAD, POST'],
    ['POST', '/profiles', 'GET, HEAD'],
    ['DELETE', '/profiles/minimal', 'GET, HEAD'],
    ['POST', '/livez', 'GET, HEAD'],
    ['POST', '/readyz', 'GET, HEAD'],
    ['POST', '/metrics', 'GET, HEAD'],
    ['PUT', '/doctor', 'GET, HEAD, POST'],
    ['POST', '/schemas/profile.json', 'GET, HEAD'],
    ['POST', '/openapi.json', 'GET, HEAD'],
    ['POST', '/openapi.yaml', 'GET, HEAD'],
    ['POST', '/problems/not-found', 'GET, HEAD'],
    ['POST', '/docs/', 'GET, HEAD'],
    ['POST', '/docs', 'GET, HEAD'],
  ];
  for (const [method, url, allow] of rows) {
    const answer = await ask({ method, url });
    t.equal(codeOf(answer), '405 method-not-allowed', `${method} ${url}`);
    t.equal(answer.headers.allow, allow, `${method} ${url}: Allow`);
    t.equal(answer.json().detail, `Use ${allow.replaceAll(', ', ' or ')}.`);
  }
  const unread = await ask({
    method: 'POST',
    url: '/nope',
    payload: '{',
    headers: { 'content-type': 'x/y' },
  });
  t.equal(codeOf(unread), '404 not-found', 'whatever the body is');
});

t.test('each kind of problem is explained where its type leads', async (t) => {
  const { get } = await newLab(t);
  for (const [code, { status, title }] of Object.entries(PROBLEM_KINDS)) {
    const answer = await get(`/problems/${code}`);
    t.match(answer.json(), { code, status, title, meaning: /\w/ }, code);
  }
});

t.test('overload', async (t) => {
  const { get, post } = await newLab(t);
  const clock = new Int32Array(new SharedArrayBuffer(4));
  let answer = await post('/argv', envelope());
  t.equal(answer.statusCode, 200, 'not yet');
  // The event loop is held until the service notices.
  for (let turn = 0; turn < 20 && answer.statusCode === 200; turn++) {
    Atomics.wait(clock, 0, 0, 1500);
    await new Promise((resolve) => setTimeout(resolve, 20));
    answer = await post('/argv', envelope());
  }
  t.equal(codeOf(answer), '503 overloaded');
  t.equal(answer.headers['retry-after'], '10');
  for (const url of ['/livez', '/readyz', '/metrics'])
    t.equal((await get(url)).statusCode, 200, `${url} still answers`);
});

t.test('a handler that takes too long is an overload', async (t) => {
  const lab = await newLab(t);
  lab.app.get('/slow', { handlerTimeout: 20 }, () => new Promise(() => {}));
  const answer = await lab.get('/slow');
  t.equal(codeOf(answer), '503 overloaded');
  t.equal(answer.headers['retry-after'], '10');
});

t.test('an unexpected fault says nothing but its request id', async (t) => {
  const lab = await newLab(t);
  const message = 'no AKIAABCDEFGHIJKLMNOP in /srv/lab\n    at AKIAABCDEFGHIJKLMNOP, a second line';
  lab.app.get('/faults/error', () => {
    throw new TypeError(message);
  });
  lab.app.get('/faults/promise', async () => {
    throw Object.assign(new Error(message), { code: 'EIO', statusCode: 418, headers: { 'x-leak': message } });
  });
  lab.app.get('/faults/text', () => {
    throw message;
  });
  lab.app.get(
    '/faults/hook',
    { preHandler: (_request, _reply, done) => done(new Error(message)) },
    () => 'x',
  );
  for (const fault of ['error', 'promise', 'text', 'hook']) {
    const url = `/faults/${fault}`;
    const answer = await lab.get(url, { 'x-request-id': 'fault-1' });
    t.equal(codeOf(answer), '500 internal-error', url);
    t.strictSame(
      answer.json(),
      {
        type: '/problems/internal-error',
        title: PROBLEM_KINDS['internal-error'].title,
        status: 500,
        detail: PROBLEM_KINDS['internal-error'].meaning,
        instance: url,
        code: 'internal-error',
        request_id: 'fault-1',
      },
      `${url}: nothing else`,
    );
    t.notOk(answer.headers['x-leak'], `${url}: no header of the error`);
  }
  t.equal((await lab.post('/faults/error', {})).statusCode, 405, 'a route of a plugin is a route');
  t.notMatch(lab.log.text, /AKIA|second line/, 'the message is not logged');
  const [fault] = logLines(lab).filter(({ msg }) => msg === 'fault');
  t.match(fault, { level: 50, request_id: 'fault-1', fault: 'TypeError' }, 'the kind is');
  t.match(String(Object(fault).frames), 'problems.test.ts', 'and where it was');
  t.equal((await lab.get('/livez')).statusCode, 200, 'the service goes on');
});

t.test('while it stops the service says that it is not ready', async (t) => {
  const { app } = await newLab(t);
  const answers: Response[] = [];
  // The last moment in which a new connection is taken.
  app.addHook('preClose', async () => {
    for (const path of ['/readyz', '/livez']) answers.push(await fetchDocumented(new URL(path, address)));
  });
  const address = await app.listen({ port: 0 });
  t.equal((await fetchDocumented(new URL('/readyz', address))).status, 200, 'before');
  await app.close();
  const [ready, live] = answers;
  t.equal(ready?.status, 503);
  t.equal(ready?.headers.get('retry-after'), '1');
  t.equal(ready?.headers.get('content-type'), 'application/problem+json; charset=utf-8');
  t.match(await ready?.json(), { code: 'stopping', type: '/problems/stopping', status: 503 });
  t.equal(live?.status, 200, 'and yet it lives');
});

t.test('what is no HTTP request, or does not arrive', async (t) => {
  const lab = await newLab(t);
  const { app } = lab;
  const address = await app.listen({ port: 0 });
  const requests: [about: string, bytes: string, status: number, code: string][] = [
    ['no HTTP', 'hello\r\n\r\n', 400, 'malformed-http'],
    ['another version', 'GET / HTTP/9.9\r\n\r\n', 400, 'malformed-http'],
    [
      'two lengths',
      'POST /argv HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n',
      400,
      'malformed-http',
    ],
    [
      'large headers',
      `GET / HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`,
      431,
      'headers-too-large',
    ],
  ];
  for (const [about, bytes, status, code] of requests) {
    const answer = await textAfter(await connected(app), bytes);
    const requestId = checkRawProblem(t, answer, about, status, code);
    const line = logLines(lab).find(({ request_id }) => request_id === requestId);
    t.match(line, { level: 30, method: null, route: null, status }, `${about}: a log line`);
  }

  for (const [about, head] of [
    ['no host', 'POST /argv HTTP/1.1\r\n'],
    ['an expectation that nobody knows', 'POST /argv HTTP/1.1\r\nhost: x\r\nexpect: magic\r\n'],
  ] as const) {
    const rest = 'content-type: application/json\r\nconnection: close\r\ncontent-length: 2\r\n\r\n{}';
    const answer = await textAfter(await connected(app), head + rest);
    t.match(answer, /^HTTP\/1\.1 4\d\d /, `${about}: refused`);
    t.match(answer, /\r\ncontent-type: application\/problem\+json/i, `${about}: a problem`);
    expectDocumentedText({ method: 'POST', url: '/argv' }, answer);
  }

  const isReset = new Promise<void>((resolve) => {
    app.server.on('clientError', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNRESET') resolve();
    });
  });
  const socket = await connected(app);
  const hasArrived = new Promise((resolve) => app.server.once('request', resolve));
  socket.write(
    'POST /argv HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{',
  );
  await hasArrived;
  socket.resetAndDestroy();
  await isReset;
  t.equal(
    (await fetchDocumented(new URL('/livez', address))).status,
    200,
    'a caller that is gone harms nobody',
  );

  // Node looks for late requests every few seconds.
  app.server.headersTimeout = 1;
  app.server.requestTimeout = 1;
  const halves = [
    'GET /livez HTTP/1.1\r\nhost',
    'POST /argv HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{',
  ];
  const late = await Promise.all(halves.map(async (bytes) => textAfter(await connected(app), bytes)));
  for (const answer of late) checkRawProblem(t, answer, 'half a request', 408, 'request-timeout');
});

t.test('who sends a body that nobody reads gets the answer, and may go on', async (t) => {
  const { app } = await newLab(t, {}, { bodyLimit: 100 });
  await app.listen({ port: 0, host: '127.0.0.1' });
  const length = 8_000_000;
  const counted = `content-length: ${length}\r\n\r\n${' '.repeat(length)}`;
  const chunked = `transfer-encoding: chunked\r\n\r\n${length.toString(16)}\r\n${' '.repeat(length)}\r\n0\r\n\r\n`;
  const rows: [path: string, type: string, rest: string, status: number][] = [
    ['/argv', 'application/json', counted, 413],
    ['/argv', 'application/json', chunked, 413],
    ['/argv', 'text/plain', counted, 415],
    ['/plans/fleet', 'application/x-ndjson; charset=latin1', chunked, 415],
  ];
  for (const [path, type, rest, status] of rows) {
    const post = `POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-type: ${type}\r\n${rest}`;
    const next = 'GET /livez HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n';
    const answers = await textAfter(await connected(app), post + next);
    t.strictSame(answers.match(/(?<=HTTP\/1\.1 )\d+/g), [String(status), '200'], `${path} ${type}`);
  }
});

async function connected({ server }: Lab['app']): Promise<Socket> {
  const address = server.address();
  const socket = connect(Object(address).port, Object(address).address);
  await new Promise((resolve) => socket.once('connect', resolve));
  return socket;
}

/** Everything that comes back until the other side ends the connection. */
function textAfter(socket: Socket, bytes: string): Promise<string> {
  socket.write(bytes);
  return text(socket);
}

/** Checks an answer that came without Fastify; gives its request id. */
function checkRawProblem(t: Test, answer: string, about: string, status: number, code: string): string {
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  t.match(head, new RegExp(`^HTTP/1.1 ${status} `), about);
  t.match(head, /\r\ncontent-type: application\/problem\+json\r\n/, `${about}: a problem`);
  t.match(head, /\r\nconnection: close/, `${about}: and the end`);
  const problem = JSON.parse(body || '{}');
  t.match(
    problem,
    { type: `/problems/${code}`, status, code, instance: '/', title: /\w/, detail: /\w/ },
    about,
  );
  expectDocumentedText({ url: '/' }, answer);
  t.ok(head.includes(`\r\ncontent-length: ${Buffer.byteLength(body)}`), `${about}: in full`);
  return problem.request_id;
}
