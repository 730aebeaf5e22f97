/** The HTTP side, through `inject`: every route, every status, and what no answer may hold. */
import { mkdirSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pino } from 'pino';
import t, { type Test } from 'tap';
import { PROBLEM_KINDS } from '../src/http/problem.ts';
import type { Answer } from './help/answers.ts';
import { JSON_TYPE, type Lab, logLines, newLab, TOML_TYPE } from './help/app.ts';
import { reordered } from './help/documents.ts';
import { envelope, LINUX_HOST, SMALL, SMALL_TOML } from './help/small_profile.ts';
import { until } from './help/until.ts';
import { expectDocumentedText, fetchDocumented } from './help/wire.ts';

// On a busy machine.
t.setTimeout(120_000);

const PLANNING_ROUTES = ['/argv', '/plans/start', '/profiles/validate'];

function codeOf(answer: Answer): string {
  const { code } = answer.json();
  return `${answer.statusCode} ${code}`;
}

function withoutRequestId(answer: Answer): string {
  return answer.payload.replace(/"request_id":"[^"]*"/, '"request_id":""');
}

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

t.test('all forms and both media types of a profile are one', async (t) => {
  const { root, post } = await newLab(t, { profiles: { 'small.toml': SMALL_TOML } });
  const other = reordered(SMALL, (left, right) => (left < right ? 1 : -1));
  const forms = [
    { profile: SMALL },
    { profile: other },
    { profile_toml: SMALL_TOML },
    { profile_name: 'small' },
  ];
  // The host of the lab, as a request would give it.
  const host = { os: 'linux', arch: 'x86_64', project_root: root };
  for (const url of PLANNING_ROUTES) {
    const first = await post(url, SMALL_TOML, TOML_TYPE);
    t.equal(first.statusCode, 200, url);
    const given = await post(url, { profile: SMALL, host });
    for (const form of forms) {
      const about = `${url} ${Object.keys(form)}`;
      t.equal((await post(url, form)).payload, first.payload, `${about}, probed`);
      t.equal((await post(url, { ...form, host })).payload, given.payload, `${about}, given`);
      t.equal((await post(url, { ...form, dry_run: true })).payload, first.payload, `${about}, dry run`);
    }
  }
  const probed = (await post('/argv', SMALL_TOML, TOML_TYPE)).json();
  const given = (await post('/argv', { profile: SMALL, host })).json();
  t.strictSame([probed.host_facts, given.host_facts], ['probed', 'given']);
  t.strictSame(given.argv, probed.argv, 'the same command line');
  t.equal(given.argv_hash, probed.argv_hash, 'and so the same hash');
  t.equal(given.profile_hash, probed.profile_hash);
  const plan = (await post('/plans/start', { profile: SMALL, host })).json();
  const validation = (await post('/profiles/validate', { profile: SMALL, host })).json();
  t.equal(plan.metadata.argv_hash, given.argv_hash, 'a plan has the same hashes');
  t.equal(plan.metadata.profile_hash, given.profile_hash);
  t.equal(validation.profile_hash, given.profile_hash);
  t.equal(
    (await post('/argv', SMALL_TOML.replace('1024', '0x400').replace('= 2', '= 2.0'), TOML_TYPE)).json()
      .argv_hash,
    probed.argv_hash,
    'only the value of a number counts',
  );
});

t.test('ways to name the two media types', async (t) => {
  const { post } = await newLab(t);
  const envelopeText = JSON.stringify(envelope());
  for (const type of [
    'application/toml;charset=utf-8',
    'application/toml; charset="UTF-8"',
    'Application/TOML ; charset=utf8; a=b',
  ]) {
    t.equal((await post('/argv', SMALL_TOML, type)).statusCode, 200, type);
  }
  for (const type of [
    'application/json;charset=UTF-8',
    'APPLICATION/JSON',
    'application/json;',
    'application/json\t; a=b',
  ]) {
    t.equal((await post('/argv', envelopeText, type)).statusCode, 200, type);
  }
});

t.test('what is not read is a 415', async (t) => {
  const { post, ask } = await newLab(t);
  const types = [
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/yaml',
    'application/json5',
    'application/jsonx',
    'application/problem+json',
    'application/x-toml',
    'application/json, application/toml',
    'application',
    '*/*',
    'application/json; charset=latin1',
    'application/json; charset="utf-16"',
    'application/toml; Charset = iso-8859-1',
  ];
  for (const type of types)
    t.equal(codeOf(await post('/argv', '{}', type)), '415 unsupported-media-type', type);
  for (const encoding of ['gzip', 'identity', 'br, gzip', '']) {
    const answer = await post('/argv', envelope(), JSON_TYPE, { 'content-encoding': encoding });
    t.equal(codeOf(answer), '415 unsupported-media-type', `content-encoding: ${encoding}`);
  }
  for (const url of PLANNING_ROUTES) {
    t.equal(
      codeOf(await ask({ method: 'POST', url })),
      '415 unsupported-media-type',
      `${url}: neither body nor type`,
    );
    t.equal(
      codeOf(await ask({ method: 'POST', url, payload: 'x' })),
      '415 unsupported-media-type',
      `${url}: no type`,
    );
  }
});

t.test('a body over the limit is a 413', async (t) => {
  const limit = 600;
  const { post, ask } = await newLab(t, {}, { bodyLimit: limit });
  const padded = SMALL_TOML.padEnd(limit, '\n');
  t.equal((await post('/profiles/validate', padded, TOML_TYPE)).statusCode, 200, 'as long as the limit');
  t.equal(codeOf(await post('/argv', `${padded}\n`, TOML_TYPE)), '413 payload-too-large', 'a byte more');
  t.equal(codeOf(await post('/argv', ' '.repeat(limit + 1))), '413 payload-too-large', 'JSON');
  const lie = await ask({
    method: 'POST',
    url: '/argv',
    payload: '{}',
    headers: { 'content-type': JSON_TYPE, 'content-length': '99999999999' },
  });
  t.equal(codeOf(lie), '413 payload-too-large', 'by its declared length alone');
});

/** Text in one or the other type, its code and its place. */
type BodyRow = [
  about: string,
  type: string,
  body: string | Buffer,
  code: string,
  line: number,
  column: number,
];

t.test('a body that is not what it says is a 400 with line and column', async (t) => {
  const { post } = await newLab(t);
  const json = 'malformed-json';
  const toml = 'malformed-toml';
  const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
  const rows: BodyRow[] = [
    ['no text', JSON_TYPE, '', json, 1, 1],
    ['white space', JSON_TYPE, ' \n ', json, 2, 2],
    ['a word', JSON_TYPE, 'nul', json, 1, 1],
    ['a trailing comma', JSON_TYPE, '{"host": 1,}', json, 1, 12],
    ['a missing comma', JSON_TYPE, '{"a": 1\n "b": 2}', json, 2, 2],
    ['a missing colon', JSON_TYPE, '{"a" 1}', json, 1, 6],
    ['an open object', JSON_TYPE, '{"a": 1', json, 1, 8],
    ['an open string', JSON_TYPE, '{"a": "b', json, 1, 7],
    ['an open string that ends in a backslash', JSON_TYPE, '{"a": "b\\', json, 1, 7],
    ['a line break in a string', JSON_TYPE, '{"a": "\n"}', json, 1, 7],
    ['a control character in a string', JSON_TYPE, '{"a": "\u0001"}', json, 1, 7],
    ['an unknown escape', JSON_TYPE, '{"a": "\\x41"}', json, 1, 7],
    ['single quotes', JSON_TYPE, "{'a': 1}", json, 1, 2],
    ['a comment', JSON_TYPE, '{}\n// x', json, 2, 1],
    ['two values', JSON_TYPE, '{}\r\n{}', json, 2, 1],
    ['one bracket too many', JSON_TYPE, '{}}', json, 1, 3],
    ['a leading zero', JSON_TYPE, '{"a": 01}', json, 1, 8],
    ['NaN', JSON_TYPE, '{"a": NaN}', json, 1, 7],
    ['NUL', JSON_TYPE, '{}\0', json, 1, 3],
    ['a no-break space', JSON_TYPE, '{}\u00a0', json, 1, 3],
    ['TOML', JSON_TYPE, SMALL_TOML, json, 1, 1],
    ['a member twice', JSON_TYPE, '{"profile": {}, "profile": {}}', json, 1, 17],
    ['deep inside', JSON_TYPE, '{"profile":\n{"vm":[{"a": 1, "b": 2,\n"a": {}}]}}', json, 3, 1],
    ['in two spellings', JSON_TYPE, '{"a": 1, "\\u0061": 1}', json, 1, 10],
    ['of a hostile name', JSON_TYPE, '{"__proto__": 1, "__proto__": 1}', json, 1, 18],
    ['the first of two', JSON_TYPE, '{"a": 1, "b": 2, "b": 3, "a": 4}', json, 1, 18],
    ['17 levels', JSON_TYPE, nested(17), json, 1, 17],
    ['a million levels', JSON_TYPE, '['.repeat(200_000), json, 1, 17],
    ['17 levels of objects', JSON_TYPE, `${'{"a":'.repeat(16)}\n{}${'}'.repeat(16)}`, json, 2, 1],
    ['bytes that are not UTF-8', JSON_TYPE, Buffer.from('{"a": "\xff"}', 'latin1'), json, 1, 1],
    ['a surrogate in UTF-8', JSON_TYPE, Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]), json, 1, 1],
    ['UTF-16', JSON_TYPE, Buffer.from('\ufeff{}', 'utf16le'), json, 1, 1],
    ['JSON', TOML_TYPE, JSON.stringify(SMALL), toml, 1, 1],
    ['no value', TOML_TYPE, 'a = 1\nb =\n', toml, 2, 4],
    ['no key', TOML_TYPE, '= 1', toml, 1, 1],
    ['a key twice', TOML_TYPE, 'a = 1\na = 2\n', toml, 2, 1],
    ['a table twice', TOML_TYPE, '[a]\n[b]\n[a]\n', toml, 3, 2],
    ['a bare word', TOML_TYPE, '\r\na = b\r\n', toml, 2, 5],
    ['an open string', TOML_TYPE, 'a = "b\n', toml, 1, 7],
    ['NUL', TOML_TYPE, 'a = "\0"', toml, 1, 6],
    ['month 13', TOML_TYPE, 'a = 2020-13-01', toml, 1, 5],
    ['17 levels', TOML_TYPE, `a = ${'['.repeat(16)}1${']'.repeat(16)}`, toml, 1, 1],
    ['20000 levels', TOML_TYPE, `${'a.'.repeat(20_000)}a = 1`, toml, 1, 1],
    ['bytes that are not UTF-8', TOML_TYPE, Buffer.from('a = "\xe4"', 'latin1'), toml, 1, 1],
    ['UTF-16', TOML_TYPE, Buffer.from('\ufeffa = 1', 'utf16le'), toml, 1, 1],
  ];
  for (const [about, type, body, code, line, column] of rows) {
    const answer = await post('/plans/start', body, type);
    const problem = answer.json();
    t.strictSame(
      [answer.statusCode, problem.code, problem.line, problem.column],
      [400, code, line, column],
      `${type}: ${about}`,
    );
    t.match(problem.detail, /^[A-Z][^\n]*\.$/, 'a sentence');
  }
});

t.test('what looks odd and is well-formed', async (t) => {
  const { post } = await newLab(t);
  const plain = (await post('/argv', envelope())).payload;
  const plainToml = (await post('/argv', SMALL_TOML, TOML_TYPE)).payload;
  const envelopeText = JSON.stringify(envelope());
  const mark = '\ufeff';
  t.equal((await post('/argv', mark + envelopeText)).payload, plain, 'JSON with a byte order mark');
  t.equal(
    (await post('/argv', mark + SMALL_TOML, TOML_TYPE)).payload,
    plainToml,
    'TOML with a byte order mark',
  );
  t.equal((await post('/argv', SMALL_TOML.replaceAll('\n', '\r\n'), TOML_TYPE)).payload, plainToml, 'CRLF');
  t.equal((await post('/argv', `\n\t${envelopeText}\r\n`)).payload, plain, 'white space around JSON');
  t.equal(
    (await post('/argv', envelopeText.replace('"small"', '"\\u0073mall"'))).payload,
    plain,
    'an escape that need not be',
  );
  const sixteen = '['.repeat(14) + ']'.repeat(14);
  for (const [about, extra] of Object.entries({ '16 levels': sixteen, 'a colon in a string': '":\\":"' })) {
    const text = envelopeText.replace('{"profile":{', `{"profile":{"x":${extra},`);
    const answer = await post('/argv', text);
    t.equal(answer.statusCode, 200, about);
    t.strictSame(
      answer.json().argv_hash,
      JSON.parse(plain).argv_hash,
      `${about}: an unknown key changes nothing`,
    );
  }
  const deepToml = `x = ${'['.repeat(15)}1${']'.repeat(15)}\n${SMALL_TOML}`;
  t.equal((await post('/argv', deepToml, TOML_TYPE)).statusCode, 200, '16 levels of TOML');
  t.equal((await post('/argv', '', TOML_TYPE)).json().errors.length, 6, 'an empty text is a TOML document');
  t.equal(
    codeOf(await post('/argv', envelopeText.replace('"small"', '"\\ud800"'))),
    '422 profile-invalid',
    'half a surrogate pair',
  );
});

t.test('an envelope that is none is a 400', async (t) => {
  const { post } = await newLab(t, { profiles: { 'small.toml': SMALL_TOML } });
  const rows: [about: string, body: unknown][] = [
    ['null', null],
    ['an array', [envelope()]],
    ['a string', SMALL_TOML],
    ['a number', 1],
    ['no form', {}],
    ['a host alone', { host: LINUX_HOST }],
    ['the profile itself', SMALL],
    ['two forms', { profile: SMALL, profile_toml: SMALL_TOML }],
    ['three forms', { profile: SMALL, profile_toml: SMALL_TOML, profile_name: 'small' }],
    ['another member', { ...envelope(), comment: 'x' }],
    ['a member of another case', { Profile: SMALL }],
    ['profile null', { profile: null }],
    ['a profile that is an array', { profile: [SMALL] }],
    ['a profile that is a text', { profile: SMALL_TOML }],
    ['profile_toml that is no text', { profile_toml: SMALL }],
    ['profile_name that is no text', { profile_name: 1 }],
    ['dry_run that is a text', { ...envelope(), dry_run: 'true' }],
    ['dry_run null', { ...envelope(), dry_run: null }],
    ['host null', { profile: SMALL, host: null }],
    ['a host that is a text', { profile: SMALL, host: 'linux' }],
    ['a host that is an array', { profile: SMALL, host: [] }],
    ...['', '.', '..', '.small', 'a/b', '../small', '/etc/passwd', 'a\\b', 'small\0', 'x'.repeat(251)].map(
      (name): [string, unknown] => [`profile_name ${JSON.stringify(name)}`, { profile_name: name }],
    ),
  ];
  for (const url of PLANNING_ROUTES) {
    for (const [about, body] of rows) {
      const answer = await post(url, JSON.stringify(body));
      t.equal(codeOf(answer), '400 malformed-request', `${url}: ${about}`);
      t.match(answer.json().detail, /^[A-Z].*\.$/i, 'a sentence');
    }
    const broken = await post(url, { profile_toml: 'a = 1\n[b' });
    t.strictSame(
      [codeOf(broken), broken.json().line],
      ['400 malformed-toml', 2],
      `${url}: profile_toml is not TOML`,
    );
    t.equal(
      codeOf(await post(url, { profile_name: 'nobody' })),
      '404 profile-not-found',
      `${url}: no such profile`,
    );
  }
});

t.test('nothing is executed', async (t) => {
  const { post } = await newLab(t);
  for (const url of PLANNING_ROUTES) {
    t.equal(codeOf(await post(url, { ...envelope(), dry_run: false })), '422 execution-not-supported', url);
    t.equal((await post(url, { ...envelope(), dry_run: true })).statusCode, 200, `${url}: a dry run`);
    t.equal(
      codeOf(await post(url, { dry_run: false })),
      '400 malformed-request',
      `${url}: not even a request`,
    );
  }
});

t.test('host facts', async (t) => {
  const { post } = await newLab(t);
  const accepted: [about: string, change: object, facts: object][] = [
    ['no accelerators', { accelerators: undefined }, { accelerators: [] }],
    ['one twice', { accelerators: ['kvm', 'kvm'] }, { accelerators: ['kvm'] }],
    ['a root to be normalised', { project_root: '/srv//x/../lab/./' }, { project_root: '/srv/lab' }],
    [
      'a root with spaces, commas and letters',
      { project_root: '/srv/my lab, ü=1' },
      { project_root: '/srv/my lab, ü=1' },
    ],
    [
      'windows',
      { os: 'windows', accelerators: ['whpx'], project_root: 'c:/lab/' },
      { os: 'windows', project_root: 'c:\\lab' },
    ],
    ['darwin', { os: 'darwin', arch: 'aarch64', accelerators: ['hvf'] }, { arch: 'aarch64', os: 'darwin' }],
    ['freebsd', { os: 'freebsd', accelerators: [] }, { os: 'freebsd' }],
    ['POWER', { arch: 'ppc64le' }, { arch: 'ppc64le' }],
    ['RISC-V', { arch: 'riscv64' }, { arch: 'riscv64' }],
  ];
  for (const [about, change, facts] of accepted) {
    const tcg = { ...SMALL, serial: {}, hardware: { ...Object(SMALL.hardware), acceleration: 'tcg' } };
    const answer = await post('/plans/start', { profile: tcg, host: { ...LINUX_HOST, ...change } });
    t.equal(answer.statusCode, 200, about);
    t.match(answer.json().metadata.host, facts, about);
    t.equal(answer.json().commands.at(-1).cwd, answer.json().metadata.host.project_root, `${about}: cwd`);
  }
  const refused: [about: string, change: object, detail: RegExp][] = [
    ['no os', { os: undefined }, /os/],
    ['no arch', { arch: undefined }, /arch/],
    ['no root', { project_root: undefined }, /project_root/],
    ['another os', { os: 'beos' }, /host\.os must be one of .*linux/],
    ['another arch', { arch: 'x64' }, /host\.arch must be one of .*x86_64/],
    ['an os of another case', { os: 'Linux' }, /host\.os/],
    ['an os that is no text', { os: 1 }, /host\.os/],
    ['an accelerator that is none', { accelerators: ['xen'] }, /host\.accelerators\[0\]/],
    ['tcg, which is always there', { accelerators: ['kvm', 'tcg'] }, /host\.accelerators\[1\]/],
    ['accelerators that are a text', { accelerators: 'kvm' }, /host\.accelerators/],
    ['accelerators null', { accelerators: null }, /host\.accelerators/],
    ['hvf on Linux', { accelerators: ['kvm', 'hvf'] }, /hvf.*linux/],
    ['kvm on darwin', { os: 'darwin' }, /kvm.*darwin/],
    ['kvm on freebsd', { os: 'freebsd' }, /kvm.*freebsd/],
    ['whpx on darwin', { os: 'darwin', accelerators: ['whpx'] }, /whpx.*darwin/],
    ['hvf on windows', { os: 'windows', accelerators: ['hvf'], project_root: 'C:\\lab' }, /hvf.*windows/],
    ['another member', { cores: 8 }, /host/],
    ['an empty root', { project_root: '' }, /host\.project_root/],
    ['a relative root', { project_root: 'srv/lab' }, /absolute/],
    ['a home', { project_root: '~/lab' }, /absolute/],
    ['a drive on Linux', { project_root: 'C:\\lab' }, /absolute/],
    ['a drive without a root', { os: 'windows', accelerators: [], project_root: 'C:lab' }, /absolute/],
    ['no drive on windows', { os: 'windows', accelerators: [], project_root: '\\lab' }, /absolute/],
    ['a variable', { project_root: '/srv/$USER' }, /\$/],
    ['a command', { project_root: '/srv/`id`' }, /backquote/],
    ['NUL', { project_root: '/srv/\0' }, /U\+0000/],
    ['a right-to-left override', { project_root: '/srv/\u202elab' }, /U\+202E/],
    ['a forbidden place', { project_root: '/proc/1' }, /\/proc/],
    ['a forbidden place once resolved', { project_root: '/srv/../dev/shm' }, /\/dev/],
    [
      'a forbidden place without regard to case',
      { os: 'darwin', accelerators: [], project_root: '/DEV/x' },
      /\/dev/i,
    ],
    ['a device of windows', { os: 'windows', accelerators: [], project_root: '\\\\.\\C:\\lab' }, /./],
    ['a folder for keys', { project_root: '/home/dev/.ssh' }, /\.ssh/],
    ['a secret', { project_root: '/srv/AKIAABCDEFGHIJKLMNOP' }, /secret/],
    ['a long component', { project_root: `/${'a'.repeat(256)}` }, /255/],
    ['a long path', { project_root: '/abcdefg'.repeat(600) }, /4095/],
  ];
  for (const [about, change, detail] of refused) {
    const answer = await post('/argv', { profile: SMALL, host: { ...LINUX_HOST, ...change } });
    t.equal(codeOf(answer), '400 malformed-request', about);
    t.match(answer.json().detail, detail, about);
  }
});

t.test('an invalid profile is a 422, and a 200 where only its validity is asked', async (t) => {
  const { post } = await newLab(t);
  const disk = { name: 'root', path: '/dev/sda', format: 'raw' };
  const wrong = envelope({ schema_version: 2, storage: { disks: [disk, disk] }, password: 'x' });
  for (const url of ['/argv', '/plans/start']) {
    const problem = await post(url, wrong);
    t.equal(codeOf(problem), '422 profile-invalid', url);
    const { errors, warnings, profile_name, schema_version, instance, detail } = problem.json();
    const codes = errors.map(({ code }: { code: string }) => code);
    t.match(
      codes,
      ['unsupported-version', 'forbidden-path', 'duplicate-name'].slice(1, 1),
      `${url}: ${codes}`,
    );
    t.ok(codes.length >= 4, `${url}: all errors at once: ${codes}`);
    t.equal(profile_name, 'small');
    t.equal(schema_version, null);
    t.equal(instance, url);
    t.match(detail, errors[0].message, `${url}: the first error`);
    t.match(warnings, [{ code: 'secret-like-field' }, { code: 'unknown-field' }], `${url}: warnings too`);
    const validation = await post('/profiles/validate', wrong);
    t.match(validation.json(), { valid: false, profile_hash: null, canonical_toml: null }, 'validation');
    t.strictSame(validation.json().errors, errors, 'the same errors');
    t.strictSame(validation.json().warnings, warnings, 'the same warnings');
  }
  const one = await post('/argv', envelope({ vm: {} }));
  t.match(one.json(), { detail: /^One error/, profile_name: null, schema_version: 1 }, 'no name to show');
  const disks = Array.from({ length: 150 }, () => ({}));
  const many = (await post('/argv', envelope({ storage: { disks } }))).json();
  t.equal(many.errors.length, 101, 'at most 100 errors, and how many more there are');
  t.match(many.errors.at(-1), { code: 'more-issues', message: /^\d+ more errors/ });
});

t.test('the same request has the same answer, byte for byte', async (t) => {
  const requests: [url: string, body: object | string, type?: string, headers?: Record<string, string>][] = [
    ...PLANNING_ROUTES.map((url): [string, object] => [url, envelope()]),
    ['/argv', envelope(), JSON_TYPE, { accept: 'text/plain' }],
    ['/plans/start', envelope(), JSON_TYPE, { accept: 'text/x-shellscript' }],
    ['/plans/start', envelope(), JSON_TYPE, { accept: 'text/markdown' }],
    ...PLANNING_ROUTES.map((url): [string, object] => [url, envelope({ schema_version: 3, x: 1 })]),
    ['/argv', '{"a": 1, "a": 2}'],
    ['/argv', 'a = 1\na = 2', TOML_TYPE],
    ['/argv', {}],
    ['/argv', 'x', 'text/plain'],
    ['/argv', { ...envelope(), dry_run: false }],
    ['/nope', {}],
    ['/livez', {}],
  ];
  const answersOf = async ({ post }: Lab): Promise<string[]> => {
    const answers: string[] = [];
    for (const request of requests) answers.push(withoutRequestId(await post(...request)));
    return answers;
  };
  const lab = await newLab(t);
  const answers = await answersOf(lab);
  t.strictSame(await answersOf(lab), answers, 'asked again');
  await t.test('of another service, elsewhere', async (t) => {
    t.strictSame(await answersOf(await newLab(t, { other: '' }, { bodyLimit: 100_000 })), answers);
  });
});

t.test('the form of an answer, by Accept', async (t) => {
  const { post } = await newLab(t);
  const [json, line, script, summary] = [
    'application/json',
    'text/plain',
    'text/x-shellscript',
    'text/markdown',
  ];
  const rows: [accept: string | undefined, ofArgv: string, ofPlan: string][] = [
    [undefined, json, json],
    ['', json, json],
    ['*/*', json, json],
    [json, json, json],
    [line, line, json],
    [script, json, script],
    [summary, json, summary],
    ['TEXT/PLAIN; charset=utf-8', line, json],
    ['Text/X-ShellScript;Q=0.3', json, script],
    ['text/markdown; charset="UTF-8"', json, summary],
    ['text/markdown; charset=utf-16', json, json],
    // The first of equals; so do the defaults of several HTTP clients get JSON.
    ['text/plain, application/json', line, json],
    ['application/json, text/plain, */*', json, json],
    ['text/markdown, text/x-shellscript', json, summary],
    ['text/x-shellscript, text/markdown', json, script],
    ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', json, json],
    // A quality decides before the place.
    ['application/json;q=0.5, text/plain, text/markdown', line, summary],
    ['text/plain;q=0.5, text/markdown;q=0.5, application/json', json, json],
    ['text/markdown;q=0.1, text/x-shellscript;q=0.2, text/plain;q=0.3', line, script],
    ['text/html, text/plain;q=0.1', line, json],
    // What is named closest decides its quality.
    ['text/*', line, script],
    ['text/*, text/x-shellscript;q=0', line, summary],
    ['text/*;q=0.5, application/*;q=0.4', line, script],
    ['*/*;q=0.5, text/markdown;q=0.4', json, json],
    ['application/json;q=0, */*', line, script],
    // Nothing that is there, or nothing that can be read: the default.
    ['text/html', json, json],
    ['text/plain;q=0', json, json],
    ['application/json;q=0', json, json],
    ['text/plain;q=nonsense', json, json],
    ['text/plainer', json, json],
    ['*', json, json],
    [',,;q=,"text/plain', json, json],
    ['x/'.repeat(7000), json, json],
  ];
  for (const [accept, ...expected] of rows) {
    for (const [index, url] of ['/argv', '/plans/start'].entries()) {
      const about = `${url} ${accept?.slice(0, 80)}`;
      const answer = await post(url, envelope(), JSON_TYPE, accept === undefined ? {} : { accept });
      t.equal(answer.statusCode, 200, about);
      t.equal(answer.headers['content-type'], `${expected[index]}; charset=utf-8`, about);
      t.equal(answer.headers.vary, undefined, `${about}: no cache keeps an answer to POST`);
    }
  }
  for (const accept of [line, script, summary]) {
    for (const url of PLANNING_ROUTES.slice(0, 2)) {
      const invalid = await post(url, envelope({ vm: {} }), JSON_TYPE, { accept });
      t.equal(codeOf(invalid), '422 profile-invalid', 'a problem is a problem');
    }
    const validation = await post('/profiles/validate', envelope(), JSON_TYPE, { accept });
    t.ok(validation.json().valid, 'what has one form comes in it');
  }
});

t.test('the forms of an answer say the same', async (t) => {
  const { post } = await newLab(t);
  const textOf = async (url: string, accept: string): Promise<string> =>
    (await post(url, envelope(), JSON_TYPE, { accept })).payload;
  const line = await textOf('/argv', 'text/plain');
  const { argv } = (await post('/argv', envelope())).json();
  t.match(
    line,
    /^qemu-system-x86_64 \\\n {2}-machine q35 \\\n {2}-nodefaults \\\n {2}-no-user-config \\\n/,
    'broken before each option',
  );
  t.strictSame(line.replaceAll(' \\\n  ', ' ').trimEnd().split(' '), argv, 'the elements of argv');
  const { plan_hash, metadata } = (await post('/plans/start', envelope())).json();
  for (const accept of ['text/x-shellscript', 'text/markdown']) {
    const text = await textOf('/plans/start', accept);
    for (const value of [plan_hash, metadata.profile_hash, metadata.argv_hash]) t.match(text, value, accept);
    t.match(text, line, `${accept}: the same command`);
  }
});

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
    ['POST', '/doctor', 'GET, HEAD'],
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
  t.match(String(Object(fault).frames), 'http.test.ts', 'and where it was');
  t.equal((await lab.get('/livez')).statusCode, 200, 'the service goes on');
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

t.test('discovered profiles', async (t) => {
  const large = `# ${'x'.repeat(70_000)}\n${SMALL_TOML}`;
  const dated = `${SMALL_TOML}\n[extra]\nday = 2020-02-30\ntime = 07:32:00\nstamp = 1979-05-27T07:32:00Z\nbig = 9007199254740993\nnone = nan\nmuch = inf\n`;
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
    ...more,
  });
  const invalid = { valid: false, profile_hash: null };
  t.strictSame(profiles, [
    entry('broken', invalid),
    entry('dated'),
    entry('empty', invalid),
    entry('large', invalid),
    entry('latin1', invalid),
    entry('other', { scope: 'more' }),
    entry('same', { conflicts: ['more', 'most'] }),
    entry('small'),
    entry('wrong', invalid),
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
  ];
  for (const query of bad) t.equal(codeOf(await get(`/doctor?${query}`)), '400 malformed-request', query);
  for (const query of ['profile=nobody', 'profile=', 'profile=..%2Fsmall', 'profile=.', 'profile=a%00'])
    t.equal(codeOf(await get(`/doctor?${query}`)), '404 profile-not-found', query);
  t.equal((await get('/doctor?other=1')).statusCode, 200, 'another parameter means nothing');
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
