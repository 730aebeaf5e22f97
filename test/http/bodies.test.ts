/** Bodies over HTTP: media types, lengths, texts that are not what they say, and envelopes. */
import t from 'tap';
import { codeOf } from '../help/answers.ts';
import { JSON_TYPE, newLab, PLANNING_ROUTES, TOML_TYPE } from '../help/app.ts';
import { envelope, LINUX_HOST, SMALL, SMALL_TOML } from '../help/small_profile.ts';

// On a busy machine.
t.setTimeout(120_000);

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
    ['white space', JSON_TYPE, ' \n ', json, 1, 1],
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
    ['bytes that are not UTF-8', JSON_TYPE, Buffer.from('{"a": "\xff"}', 'latin1'), json, 1, 8],
    ['a surrogate in UTF-8', JSON_TYPE, Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]), json, 1, 2],
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
    ['bytes that are not UTF-8', TOML_TYPE, Buffer.from('a = "\xe4"', 'latin1'), toml, 1, 6],
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
      t.match(answer.json().detail, /^[A-Z].*[.?]$/i, 'a sentence');
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
