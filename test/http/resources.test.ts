/** What can be looked up over HTTP: profiles, their schema, documents, the page, health and the doctor. */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { codeOf } from '../help/answers.ts';
import { newLab, PLANNING_ROUTES, TOML_TYPE } from '../help/app.ts';
import { envelope, SMALL, SMALL_TOML } from '../help/small_profile.ts';
import { until } from '../help/until.ts';

// On a busy machine.
t.setTimeout(120_000);

t.test('every route answers', async (t) => {
  const { get, ask, post } = await newLab(t, { profiles: { 'small.toml': SMALL_TOML } });
  // Making the documents takes a busy machine so long that it is overload.
  for (const url of ['/openapi.json', '/openapi.yaml']) await get(url);
  await until('the app is at ease', async () => (await get('/profiles')).statusCode === 200);
  const json = 'application/json; charset=utf-8';
  const routes: [url: string, mediaType: string][] = [
    ['/livez', json],
    ['/readyz', json],
    ['/metrics', 'text/plain; version=0.0.4; charset=utf-8'],
    ['/profiles', json],
    ['/profiles/small', json],
    ['/schemas/profile.json', 'application/schema+json; charset=utf-8'],
    ['/doctor', json],
    ['/doctor?profile=small&category=storage,qemu', json],
    ['/problems/profile-invalid', json],
    ['/openapi.json', json],
    ['/openapi.yaml', 'application/yaml'],
    ['/docs', 'text/html; charset=utf-8'],
    ['/docs/', 'text/html; charset=utf-8'],
  ];
  for (const [url, mediaType] of routes) {
    const answer = await get(url);
    t.equal(answer.statusCode, 200, url);
    t.equal(answer.headers['content-type'], mediaType, `${url}: type`);
    const head = await ask({ method: 'HEAD', url });
    t.equal(head.statusCode, 200, `HEAD ${url}`);
    t.equal(head.payload, '', `HEAD ${url} has no body`);
  }
  for (const url of PLANNING_ROUTES) {
    const answer = await post(url, envelope());
    t.equal(answer.statusCode, 200, url);
    t.equal(answer.headers['content-type'], json, `${url}: type`);
  }
  t.equal((await get('/livez')).payload, '{"status":"ok"}');
  t.equal((await get('/readyz')).payload, '{"status":"ok","reasons":[]}');
});

t.test('Swagger UI needs no other host and nothing but HTTP', async (t) => {
  const { get } = await newLab(t);
  const page = await get('/docs/');
  const assets = [...page.payload.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => String(path));
  t.ok(assets.length >= 4, 'style sheets and scripts');
  for (const asset of assets) {
    const { pathname, host } = new URL(asset, 'http://planner.test/docs/');
    t.equal(host, 'planner.test', `${asset} comes from the service`);
    t.equal((await get(pathname)).statusCode, 200, pathname);
  }
  const theme = '/docs/static/theme/theme.css';
  const guarded = await newLab(t, {}, { tokens: ['token'] });
  const authorization = 'Bearer token';
  t.match((await get(theme)).payload, '.auth-wrapper', 'without tokens the page asks for none');
  t.notMatch((await guarded.get(theme, { authorization })).payload, '.auth-wrapper', 'with tokens it does');
  const style = '/docs/static/swagger-ui.css';
  t.equal(codeOf(await get(style, { range: 'bytes=99999999-' })), '416 range-not-satisfiable');
  t.equal(codeOf(await get(style, { 'if-match': '"x"' })), '412 precondition-failed');
  const policy = String(page.headers['content-security-policy']);
  t.match(policy, "default-src 'none'", 'nothing is allowed that is not named');
  t.notMatch(policy, 'upgrade-insecure-requests', 'which would blank the page over plain HTTP');
  t.notOk(page.headers['strict-transport-security'], 'that belongs to whoever terminates TLS');
});

t.test('discovered profiles', async (t) => {
  const large = `# ${'x'.repeat(70_000)}\n${SMALL_TOML}`;
  const dated = `${SMALL_TOML}\n[extra]\nday = 2020-02-29\ntime = 07:32:00\nstamp = 1979-05-27T07:32:00Z\nbig = 9007199254740993\nnone = nan\nmuch = inf\n`;
  const files = {
    profiles: {
      'small.toml': SMALL_TOML,
      'same.toml': SMALL_TOML,
      'dated.toml': dated,
      'wrong.toml': SMALL_TOML.replace('"x86_64"', '"z80"'),
      'broken.toml': 'a = 1\n= 2\n',
      'latin1.toml': Buffer.from('a = "\xe4"', 'latin1'),
      'large.toml': large,
      'directory.toml': {},
      '.hidden.toml': SMALL_TOML,
      'notes.txt': 'x',
      below: { 'deep.toml': SMALL_TOML },
      'empty.toml': '',
    },
    more: { 'same.toml': SMALL_TOML.replace('cores = 2', 'cores = 4'), 'other.toml': SMALL_TOML },
    most: { 'same.toml': SMALL_TOML },
  };
  const scopes = ['profiles', 'more', 'nowhere', 'most'];
  const { get, post } = await newLab(t, files, (root) => ({
    profileDirectories: scopes.map((scope) => ({ scope, path: join(root, scope) })),
    bodyLimit: 65536,
  }));
  const { profiles, problems } = (await get('/profiles')).json();
  const conflicts: string[] = [];
  const hash = (await post('/profiles/validate', envelope())).json().profile_hash;
  const entry = (name: string, more: object = {}): object => ({
    name,
    scope: 'profiles',
    conflicts,
    valid: true,
    profile_hash: hash,
    reason: null,
    ...more,
  });
  const invalid = (reason: string) => ({ valid: false, profile_hash: null, reason });
  t.strictSame(profiles, [
    entry('broken', invalid("A key or a part of it is empty. Line 2, column 1 of the profile's file.")),
    entry('dated'),
    entry('empty', invalid('The profile is empty: it has no keys.')),
    entry('large', invalid("The profile's file is larger than 65536 bytes.")),
    entry('latin1', invalid("The profile's file is not UTF-8.")),
    entry('other', { scope: 'more' }),
    entry('same', { conflicts: ['more', 'most'] }),
    entry('small'),
    entry(
      'wrong',
      invalid('hardware.arch is "z80"; it must be one of "x86_64", "aarch64", "riscv64", "ppc64le".'),
    ),
  ]);
  t.strictSame(problems, [
    { scope: 'profiles', file: 'directory.toml', reason: 'is no regular file' },
    { scope: 'nowhere', file: null, reason: 'cannot be listed (ENOENT)' },
  ]);

  const rows: [name: string, code: string, field: string, message: RegExp][] = [
    ['broken', 'malformed-toml', '', /Line 2, column 1/],
    ['latin1', 'profile-unreadable', '', /UTF-8/],
    ['large', 'profile-unreadable', '', /65536 bytes/],
    ['wrong', 'invalid-value', 'hardware.arch', /z80/],
  ];
  for (const [name, code, field, message] of rows) {
    const detail = (await get(`/profiles/${name}`)).json();
    t.equal(detail.validation.valid, false, name);
    t.equal(detail.validation.errors.length, 1, `${name}: one error`);
    const [error] = detail.validation.errors;
    t.match(error.message, message, name);
    t.equal(error.field, field, name);
    if (code !== 'invalid-value') t.equal(error.code, code, name);
    const planned = await post('/argv', { profile_name: name });
    t.equal(codeOf(planned), '422 profile-invalid', `${name} cannot be planned`);
    t.strictSame(planned.json().errors, detail.validation.errors, `${name}: for the same reason`);
    t.equal((await get(`/doctor?profile=${name}`)).json().status, 'blocked', `${name}: the doctor says so`);
  }
  const same = (await get('/profiles/same')).json();
  t.match(same, {
    name: 'same',
    scope: 'profiles',
    conflicts: ['more', 'most'],
    validation: { valid: true, errors: [] },
  });
  t.equal(same.validation.profile_hash, hash);
  t.strictSame(same.parsed, SMALL, 'parsed');
  const { canonical_toml } = same.validation;
  t.equal(
    (await post('/profiles/validate', canonical_toml, TOML_TYPE)).json().canonical_toml,
    canonical_toml,
  );
  t.equal(
    (await get('/profiles/wrong')).json().parsed.hardware.arch,
    'z80',
    'an invalid profile is shown too',
  );
  t.equal((await get('/profiles/broken')).json().parsed, null, 'one that is not TOML is not');
  t.match(
    (await get('/profiles/dated')).json().parsed.extra,
    { time: /^07:32:00/, stamp: /^1979-05-27/, big: '9007199254740993', none: 'NaN', much: 'Infinity' },
    'what JSON does not have is text',
  );
  for (const name of ['directory', 'notes', 'deep', '.hidden'])
    t.equal(codeOf(await get(`/profiles/${name}`)), '404 profile-not-found', name);
  const { reasons, status } = (await get('/readyz')).json();
  t.equal(status, 'degraded');
  t.strictSame(reasons, [
    'directory.toml in profiles is no regular file.',
    'The directory nowhere cannot be listed (ENOENT).',
  ]);
});

t.test('the schema of profiles', async (t) => {
  const { get } = await newLab(t);
  const answer = await get('/schemas/profile.json');
  t.equal(answer.headers['content-type'], 'application/schema+json; charset=utf-8');
  const schema = answer.json();
  t.equal(schema.$schema, 'http://json-schema.org/draft-07/schema#', 'what editors know');
  t.equal(schema.$id, undefined, 'it is called like the place that it was read from, a host or a file');
  t.strictSame(schema.required, ['schema_version', 'vm', 'hardware']);
});

t.test('a document that the caller has already is not sent again', async (t) => {
  const { get, ask } = await newLab(t);
  const other = await newLab(t, {}, { tokens: ['token'] });
  for (const url of ['/schemas/profile.json', '/openapi.json', '/openapi.yaml']) {
    const { headers, payload } = await get(url);
    const etag = String(headers.etag);
    t.match(etag, /^"[\x21\x23-\x7e]+"$/, `${url}: a strong tag`);
    t.equal(headers['cache-control'], 'no-cache', `${url}: to be asked about before use`);
    const elsewhere = await other.get(url, { authorization: 'Bearer token' });
    t.equal(elsewhere.headers.etag, etag, `${url}: the same on another instance`);
    for (const tags of [etag, `W/${etag}`, `"x", ${etag} , "y"`, '*']) {
      for (const method of ['GET', 'HEAD'] as const) {
        const answer = await ask({ method, url, headers: { 'if-none-match': tags } });
        t.strictSame([answer.statusCode, answer.payload], [304, ''], `${method} ${url}: ${tags}`);
        t.equal(answer.headers.etag, etag);
      }
    }
    for (const tags of ['', '"x"', etag.slice(1, -1), etag.toUpperCase()]) {
      const answer = await get(url, { 'if-none-match': tags });
      t.strictSame([answer.statusCode, answer.payload], [200, payload], `${url}: ${tags || 'no tag'}`);
    }
    const unauthorized = await other.get(url, { 'if-none-match': etag });
    t.equal(codeOf(unauthorized), '401 unauthorized', `${url}: a tag is no token`);
  }
});

t.test('ready, though not everything is well', async (t) => {
  const lab = await newLab(t, { profiles: { 'small.toml': SMALL_TOML } });
  const readiness = async (): Promise<unknown> => {
    const answer = await lab.get('/readyz');
    t.equal(answer.statusCode, 200, 'planning works');
    return answer.json();
  };
  lab.health.failure = 'ENOSPC';
  t.strictSame(await readiness(), {
    status: 'degraded',
    reasons: ['The request log cannot be written: ENOSPC.'],
  });
  lab.health.failure = null;
  t.strictSame(await readiness(), { status: 'ok', reasons: [] }, 'well again');
  rmSync(lab.root, { recursive: true });
  t.match(await readiness(), {
    status: 'degraded',
    reasons: ['The project root is no directory.', 'The directory profiles cannot be listed (ENOENT).'],
  });
  t.equal((await lab.post('/argv', envelope())).statusCode, 200, 'a given host is planned for');
  t.equal((await lab.get('/doctor')).statusCode, 200, 'the doctor says what is wrong');
  t.strictSame((await lab.get('/profiles')).json().profiles, []);
  mkdirSync(lab.root);
});

t.test('the doctor', async (t) => {
  const { get } = await newLab(t, { profiles: { 'small.toml': SMALL_TOML } });
  const host = (await get('/doctor')).json();
  const categoriesIn = (report: { findings: { category: string }[] }): string[] =>
    [...new Set(report.findings.map(({ category }) => category))].sort();
  t.ok(categoriesIn(host).length > 2, 'several categories');
  for (const query of ['category=qemu', 'category=qemu,qemu', 'category=qemu&category=qemu']) {
    const report = (await get(`/doctor?${query}`)).json();
    t.strictSame(categoriesIn(report), ['qemu'], query);
    const { info, warning, error, critical } = report.summary;
    t.equal(
      info + warning + error + critical,
      report.findings.length,
      `${query}: the summary is about what is left`,
    );
  }
  t.strictSame(categoriesIn((await get('/doctor?category=logs&category=qemu')).json()), ['logs', 'qemu']);
  const profile = (await get('/doctor?profile=small')).json();
  t.ok(categoriesIn(profile).includes('storage'), 'with a profile also what that needs');
  const bad = [
    'category=',
    'category=nothing',
    'category=qemu,',
    'category=qemu,Logs',
    'category=__proto__',
    'category=qemu&category=x',
    'profile=small&profile=small',
    'other=1',
    'categories=qemu',
    'profile=small&__proto__=1',
  ];
  for (const query of bad) t.equal(codeOf(await get(`/doctor?${query}`)), '400 malformed-request', query);
  for (const query of ['profile=nobody', 'profile=', 'profile=..%2Fsmall', 'profile=.', 'profile=a%00'])
    t.equal(codeOf(await get(`/doctor?${query}`)), '404 profile-not-found', query);
});
