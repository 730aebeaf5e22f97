/** Who may ask over HTTP and how often, and what is told of it: request ids, the log, metrics, and no secret anywhere. */
import { pino } from 'pino';
import t from 'tap';
import { type Answer, codeOf } from '../help/answers.ts';
import { JSON_TYPE, logLines, newLab, PLANNING_ROUTES, TOML_TYPE } from '../help/app.ts';
import { envelope, LINUX_HOST, SMALL, SMALL_TOML } from '../help/small_profile.ts';

// On a busy machine.
t.setTimeout(120_000);

t.test('the request id comes back, or a new one', async (t) => {
  const { get, post } = await newLab(t);
  const sane = ['a', 'A-1_b.c', 'x'.repeat(128), '0'];
  for (const id of sane) {
    t.equal(
      (await get('/livez', { 'x-request-id': id })).headers['x-request-id'],
      id,
      `sane: ${id.slice(0, 20)}`,
    );
    for (const url of ['/nope', '/%zz', '/argv'])
      t.equal((await get(url, { 'x-request-id': id })).json().request_id, id, `${url}: also in a problem`);
    t.equal((await post('/argv', '{', JSON_TYPE, { 'x-request-id': id })).json().request_id, id);
  }
  const strange = ['', 'x'.repeat(129), 'a b', 'a/b', '<x>', 'ä', 'a,b', 'AKIAABCDEFGHIJKLMNOP'];
  const seen = new Set<string>();
  for (const id of strange) {
    const given = (await get('/livez', { 'x-request-id': id })).headers['x-request-id'];
    t.not(given, id, `not sane: ${id.slice(0, 20)}`);
    seen.add(String(given));
  }
  t.equal(seen.size, strange.length, 'each new one is another');
});

t.test('with tokens only the health routes are open', async (t) => {
  const tokens = ['first-token', 'second.token~x=='];
  const lab = await newLab(t, { profiles: {} }, { tokens });
  const { get, post, ask } = lab;
  for (const url of ['/livez', '/readyz', '/livez?x=1']) {
    t.equal((await get(url)).statusCode, 200, `${url} without a token`);
    t.equal((await ask({ method: 'HEAD', url })).statusCode, 200, `HEAD ${url}`);
    t.equal((await get(url, { authorization: 'Bearer wrong' })).statusCode, 200, `${url} with a wrong one`);
  }
  const guarded = [
    '/metrics',
    '/profiles',
    '/profiles/x',
    '/doctor',
    '/schemas/profile.json',
    '/problems/not-found',
  ];
  const documents = ['/docs/', '/docs/static/swagger-ui.css', '/docs/json', '/openapi.json', '/openapi.yaml'];
  const wrong: (string | undefined)[] = [
    undefined,
    '',
    'Bearer',
    'Bearer ',
    'Bearer wrong',
    'Bearer first-toke',
    'Bearer first-token2',
    'Bearer FIRST-TOKEN',
    'Bearer first-token,second.token~x==',
    'Basic first-token',
    'first-token',
  ];
  for (const url of [...guarded, ...documents, '/nope', '/livez/', '/LIVEZ', '/readyz%20', '//livez']) {
    const answer = await get(url);
    t.equal(codeOf(answer), '401 unauthorized', url);
    t.equal(answer.headers['www-authenticate'], 'Bearer', `${url}: how to`);
  }
  for (const authorization of wrong) {
    const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
    t.equal(codeOf(await get('/profiles', headers)), '401 unauthorized', String(authorization));
    t.equal(
      codeOf(await post('/argv', envelope(), JSON_TYPE, headers)),
      '401 unauthorized',
      `POST: ${authorization}`,
    );
  }
  t.equal(codeOf(await get('/profiles?access_token=first-token')), '401 unauthorized', 'not in the query');
  for (const token of tokens) {
    const headers = { authorization: `Bearer ${token}` };
    for (const url of ['/metrics', '/profiles', '/docs/', '/openapi.json'])
      t.equal((await get(url, headers)).statusCode, 200, `${url} with ${token}`);
    t.equal((await post('/argv', envelope(), JSON_TYPE, headers)).statusCode, 200, `POST with ${token}`);
    t.equal(codeOf(await get('/nope', headers)), '404 not-found');
  }
  t.equal(
    (await get('/profiles', { authorization: 'bearer first-token' })).statusCode,
    200,
    'the word in any case',
  );
  for (const token of ['first-token', 'second.token', 'wrong'])
    t.notMatch(lab.log.text, token, `${token} is not logged`);

  const silent = await newLab(t, {}, { tokens, logger: pino({ level: 'silent' }) });
  t.equal(codeOf(await silent.get('/profiles')), '401 unauthorized', 'without a log as well');
});

t.test('an allowed origin changes nothing else', async (t) => {
  const origin = 'https://lab.example';
  const { get, post } = await newLab(t, { profiles: {} }, { corsOrigins: [origin] });
  const answer = await post('/argv', envelope(), JSON_TYPE, { origin });
  t.equal(answer.headers['access-control-allow-origin'], origin);
  t.match(answer.headers.vary, /origin/i, 'caches hear that it depends on the origin');
  t.equal(codeOf(await get('/nope')), '404 not-found', 'an unknown path is unknown');
  const wrong = await post('/livez', {});
  t.equal(codeOf(wrong), '405 method-not-allowed');
  t.match(String(wrong.headers.allow), /^GET, HEAD/);
});

t.test('the rate limit', async (t) => {
  const { get, post } = await newLab(t, { profiles: {} }, { rateLimit: 3 });
  const statuses: number[] = [];
  for (let request = 0; request < 3; request++) statuses.push((await post('/argv', envelope())).statusCode);
  t.strictSame(statuses, [200, 200, 200], 'as many as allowed');
  for (const url of ['/profiles', '/doctor', '/openapi.json', '/schemas/profile.json']) {
    const answer = await get(url);
    t.equal(codeOf(answer), '429 too-many-requests', `${url}, one more`);
    const seconds = Number(answer.headers['retry-after']);
    t.ok(seconds >= 1 && seconds <= 60, `${url}: Retry-After ${seconds}`);
  }
  const refused = await post('/plans/start', '{', JSON_TYPE);
  t.equal(codeOf(refused), '429 too-many-requests', 'before a body is looked at');
  for (const url of ['/livez', '/readyz', '/metrics']) {
    for (let request = 0; request < 5; request++)
      t.equal((await get(url)).statusCode, 200, `${url} is never limited`);
  }
});

/** Values that look like secrets, one of each kind. */
const SECRETS = [
  'AKIAABCDEFGHIJKLMNOP',
  `ghp_${'a1B2'.repeat(9)}`,
  'sk-abcdefghijklmnopqrstuv',
  'Bearer abcdefghijklmnop1234',
  'eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.c2lnbmF0dXJl',
  'password=hunter2hunter2',
  '-----BEGIN RSA PRIVATE KEY-----',
];

t.test('no secret is in an answer or in the log', async (t) => {
  const files: Record<string, string> = {};
  for (const [index, secret] of SECRETS.entries()) {
    files[`secret-${index}.toml`] = `${SMALL_TOML}[extra]\nnote = "${secret}"\ntoken = "only-a-word"\n`;
    files[`broken-${index}.toml`] = `a = "${secret}\n`;
  }
  files['sk-abcdefghijklmnopqrstuv.toml'] = SMALL_TOML;
  const lab = await newLab(t, { profiles: files });
  for (const [index, secret] of SECRETS.entries()) {
    const path = encodeURIComponent(secret);
    const profiles = [
      { vm: { name: 'small', description: secret } },
      { vm: { name: secret } },
      { vm: { name: 'small', qemu_binary: secret } },
      { hardware: { ...Object(SMALL.hardware), cpu: secret, arch: secret } },
      { storage: { disks: [{ name: secret, path: secret, format: secret }] } },
      { network: { interfaces: [{ name: 'net0', type: 'user', mac: secret, hostfwd: [secret] }] } },
      { kernel: { enabled: true, bzimage: secret, initrd: secret, append: secret } },
      { kernel: { enabled: false, bzimage: secret, append: secret } },
      { console: { escape_sequence: secret } },
      { qmp: { socket: secret }, serial: { mode: secret, device: secret, logfile: secret } },
      { note: secret, [secret]: 1, list: [{ deep: secret }] },
      { schema_version: secret, serial: secret },
    ];
    const answers: Promise<Answer>[] = [];
    for (const url of PLANNING_ROUTES) {
      for (const profile of profiles) {
        answers.push(lab.post(url, envelope(profile)), lab.post(url, { profile: { ...SMALL, ...profile } }));
      }
      answers.push(
        lab.post(url, `vm = "${secret}`, TOML_TYPE),
        lab.post(url, `"${secret}" = 1\n"${secret}" = 2`, TOML_TYPE),
        lab.post(url, `{"${secret}": 1, "${secret}": 2}`),
        lab.post(url, `{"a": "${secret}`),
        lab.post(url, { ...envelope(), [secret]: secret }),
        lab.post(url, { profile_name: secret }),
        lab.post(url, { profile_toml: `x = ${secret}` }),
        lab.post(url, { profile: SMALL, host: { ...LINUX_HOST, os: secret } }),
        lab.post(url, { profile: SMALL, host: { ...LINUX_HOST, [secret]: 1 } }),
        lab.post(url, { profile: SMALL, host: { ...LINUX_HOST, project_root: `/srv/${secret}` } }),
        lab.post(url, '{}', `text/plain; a="${secret}"`),
      );
    }
    const headers = {
      'x-request-id': secret,
      traceparent: secret,
      authorization: `Basic ${secret}`,
      cookie: secret,
      'user-agent': secret,
      referer: `http://x/${path}`,
      accept: secret,
    };
    answers.push(
      lab.get(`/${path}`, headers),
      lab.get(`/livez?key=${path}`, headers),
      lab.get(`/profiles/${path}`),
      lab.get(`/problems/${path}`),
      lab.get(`/doctor?profile=${path}`),
      lab.get(`/doctor?category=${path}`),
      lab.get(`/profiles/secret-${index}`),
      lab.get(`/profiles/broken-${index}`),
      lab.get(`/doctor?profile=secret-${index}`),
      lab.get(`/doctor?profile=broken-${index}`),
      lab.ask({ method: 'DELETE', url: `/profiles/${path}` }),
    );
    for (const answer of await Promise.all(answers)) {
      const shown = JSON.stringify(answer.headers) + answer.payload;
      if (shown.includes(secret) || shown.includes(path)) t.fail(`${secret} is shown`, { shown });
    }
    t.notOk(lab.log.text.includes(secret) || lab.log.text.includes(path), `${secret} is not logged`);
  }
  for (const url of ['/profiles', '/doctor', '/readyz', '/metrics', '/profiles/sk-abcdefghijklmnopqrstuv']) {
    const { payload } = await lab.get(url);
    for (const secret of SECRETS) t.notOk(payload.includes(secret), `${url} does not show ${secret}`);
  }
  const shown = (await lab.get('/profiles/secret-0')).json();
  t.strictSame(
    shown.parsed.extra,
    { note: '***REDACTED***', token: '***REDACTED***' },
    'a placeholder is shown',
  );
});

t.test('one log line for each request', async (t) => {
  const lab = await newLab(t, { profiles: { 'small.toml': SMALL_TOML } });
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  const { argv_hash, profile_hash } = (await lab.post('/argv', envelope())).json();
  const planned = { profile_name: 'small', profile_hash, argv_hash };
  const unplanned = {
    profile_hash: null,
    argv_hash: null,
    acceleration_resolved: null,
    plan_status: 'invalid',
  };
  const kvm = { ...planned, acceleration_resolved: 'kvm', plan_status: 'validated' };
  const rows: [ask: () => Promise<Answer>, line: object][] = [
    [() => lab.get('/livez'), { method: 'GET', route: '/livez', status: 200 }],
    [() => lab.get('/livez?x=y'), { method: 'GET', route: '/livez', status: 200 }],
    [() => lab.get('/profiles/small'), { method: 'GET', route: '/profiles/:name', status: 200 }],
    [() => lab.get('/profiles/nobody'), { method: 'GET', route: '/profiles/:name', status: 404 }],
    [() => lab.get('/nope'), { method: 'GET', route: null, status: 404 }],
    [() => lab.get('/argv'), { method: 'GET', route: null, status: 405 }],
    [() => lab.get('/%zz'), { method: 'GET', route: null, status: 400 }],
    [() => lab.get(`/profiles/${'x'.repeat(2000)}`), { method: 'GET', route: null, status: 414 }],
    [() => lab.post('/argv', envelope()), { method: 'POST', route: '/argv', status: 200, ...kvm }],
    [
      () => lab.post('/plans/start', envelope()),
      { method: 'POST', route: '/plans/start', status: 200, ...kvm },
    ],
    [
      () => lab.post('/profiles/validate', envelope({ x: 1 })),
      { method: 'POST', route: '/profiles/validate', status: 200, ...kvm, plan_status: 'draft' },
    ],
    [
      () => lab.post('/argv', envelope({ schema_version: 9 })),
      { method: 'POST', route: '/argv', status: 422, profile_name: 'small', ...unplanned },
    ],
    [
      () => lab.post('/profiles/validate', envelope({ vm: {} })),
      { method: 'POST', route: '/profiles/validate', status: 200, profile_name: null, ...unplanned },
    ],
    [() => lab.post('/argv', '{'), { method: 'POST', route: '/argv', status: 400 }],
    [() => lab.post('/argv', 'x', 'text/plain'), { method: 'POST', route: '/argv', status: 415 }],
    [
      () => lab.get('/livez', { traceparent, 'x-request-id': 'mine', 'user-agent': 'curl' }),
      { request_id: 'mine', method: 'GET', route: '/livez', status: 200, traceparent },
    ],
    [
      () => lab.get('/livez', { traceparent: `${traceparent}-x` }),
      { method: 'GET', route: '/livez', status: 200 },
    ],
  ];
  for (const [ask, expected] of rows) {
    lab.log.text = '';
    const answer = await ask();
    const about = `${JSON.stringify(expected).slice(0, 70)}`;
    const [line, ...more] = logLines(lab);
    t.strictSame(more, [], `${about}: no second line`);
    if (line === undefined) {
      t.fail(`${about}: no line`);
      continue;
    }
    const { level, time, request_id, duration_ms, ...rest } = line;
    t.equal(level, 30, `${about}: info`);
    t.ok(Number(time) > 0, `${about}: time`);
    t.ok(Number(duration_ms) >= 0, `${about}: duration`);
    t.equal(request_id, answer.headers['x-request-id'], `${about}: request id`);
    const { request_id: _, ...wanted } = { request_id: '', ...expected };
    t.strictSame(rest, wanted, `${about}: and nothing else`);
  }
});

t.test('metrics', async (t) => {
  const lab = await newLab(t);
  const { post, get, health } = lab;
  await post('/argv', envelope());
  await post('/argv', envelope({ x: 1 }));
  await post('/plans/start', SMALL_TOML, TOML_TYPE);
  await post('/profiles/validate', envelope({ vm: {} }));
  await post('/argv', '{');
  await get('/nope/AKIAABCDEFGHIJKLMNOP');
  await get('/profiles/nobody');
  health.linesLost = 7;
  const { payload } = await get('/metrics');
  const counts = [
    'http_request_duration_seconds_count{method="POST",route="/argv",status_code="200"} 2',
    'http_request_duration_seconds_count{method="POST",route="/argv",status_code="400"} 1',
    'http_request_duration_seconds_count{method="POST",route="/plans/start",status_code="200"} 1',
    'http_request_duration_seconds_count{method="GET",route="none",status_code="404"} 1',
    'http_request_duration_seconds_count{method="GET",route="/profiles/:name",status_code="404"} 1',
    'vmlab_plans_total{acceleration="kvm",status="validated"} 1',
    'vmlab_plans_total{acceleration="kvm",status="draft"} 1',
    'vmlab_plans_total{acceleration="tcg",status="draft"} 1',
    'vmlab_plans_total{acceleration="none",status="invalid"} 1',
    'vmlab_validation_issues_total{code="unknown-field",severity="warning"} 1',
    'vmlab_validation_issues_total{code="missing-field",severity="error"} 1',
    'vmlab_log_lines_lost_total 7',
  ];
  for (const line of counts) t.ok(payload.includes(`${line}\n`), line);
  t.match(payload, /^process_cpu_seconds_total /m, 'the defaults of the process');
  t.notMatch(payload, /AKIA|nobody|small/, 'no value of a request is a label');
  t.ok(
    (await get('/metrics')).payload.includes('vmlab_log_lines_lost_total 7\n'),
    'a second look counts the same',
  );
  const other = await newLab(t);
  t.notMatch((await other.get('/metrics')).payload, 'vmlab_plans_total{', 'each app counts for itself');
});
