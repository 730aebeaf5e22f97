/** Hostile requests: whatever is sent, the answer is a 200 or a 4xx problem as documented, and shows no secret. */
import fc from 'fast-check';
import type { InjectOptions } from 'fastify';
import { stringify } from 'smol-toml';
import t from 'tap';
import type { Answer } from '../help/answers.ts';
import { JSON_TYPE, type Lab, newLab, TOML_TYPE } from '../help/app.ts';
import { setAt } from '../help/documents.ts';
import { fullProfile } from '../help/full_profile.ts';
import { LINUX_HOST, SMALL_TOML } from '../help/small_profile.ts';

// On a busy machine.
t.setTimeout(120_000);

const SEED = 20261123;
const SECRET = 'AKIAABCDEFGHIJKLMNOP';
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

/** Every key of a value, as paths. */
function pathsOf(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  const below = Object.entries(value).flatMap(([key, member]) => pathsOf(member, [...path, key]));
  return path.length === 0 ? below : [path, ...below];
}

const nastyPart = fc.constantFrom(
  ',',
  '=',
  ',,',
  '"',
  "'",
  '\\',
  '/',
  '../',
  './',
  ' ',
  '%',
  '%n',
  '$(id)',
  '`id`',
  '~',
  ';',
  '\n',
  '\t',
  '\0',
  '\u001b[31m',
  '\u202e',
  '\u2028',
  '\ud800',
  '\udfff',
  '\ufeff',
  '😀',
  'ü',
  'u\u0308',
  '-device',
  '--',
  'file:',
  'nbd:unix:/x',
  'json:{"driver":"null-co"}',
  'fat:rw:/',
  'server=on',
  'hostfwd=',
  '__proto__',
  'constructor',
  '/proc/self/fd/3',
  '/etc/shadow',
  '.ssh',
  SECRET,
  'token=',
  '0',
  '65536',
  '127.0.0.1',
  'tcp:',
  'ctrl+',
  'qemu-system-',
  'host',
);
const nastyText = fc.oneof(
  { weight: 20, arbitrary: fc.array(nastyPart, { maxLength: 6 }).map((parts) => parts.join('')) },
  { weight: 10, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'x'.repeat(5000),
      'ü'.repeat(3000),
      'a/'.repeat(3000),
      `/${'b'.repeat(300)}`,
      ','.repeat(70_000),
    ),
  },
);
const nastyNumber = fc.oneof(
  fc.integer(),
  fc.double(),
  fc.constantFrom(0, -0, -1, 0.5, 2 ** 53, 1e21, 1e308, 16777217, 65537, 257),
);
const nastyValue = fc.oneof(
  { weight: 12, arbitrary: nastyText },
  { weight: 6, arbitrary: nastyNumber },
  { weight: 6, arbitrary: fc.jsonValue({ maxDepth: 6 }) },
  { weight: 3, arbitrary: fc.boolean() },
  { weight: 3, arbitrary: fc.array(nastyText, { maxLength: 3 }) },
  { weight: 3, arbitrary: fc.dictionary(nastyText, nastyText, { maxKeys: 3, noNullPrototype: true }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(...[200, 3000].map((length) => Array.from({ length }, () => ({})))),
  },
);

/** The full profile with some values replaced, and some keys added. */
const nastyProfile = fc
  .record({
    changes: fc.array(fc.tuple(fc.constantFrom(...pathsOf(fullProfile())), nastyValue), {
      minLength: 1,
      maxLength: 4,
    }),
    extras: fc.array(fc.tuple(nastyText, nastyValue), { maxLength: 2 }),
  })
  .map(({ changes, extras }) => {
    const profile = fullProfile();
    for (const [path, value] of changes) {
      try {
        setAt(profile, path, value);
      } catch {
        // An earlier change took the table away.
      }
    }
    for (const [key, value] of extras) setAt(profile, [key], value);
    return profile;
  });

const url = fc.constantFrom('/argv', '/plans/start', '/profiles/validate');

/** Asks, and throws for an answer that may not be. */
async function askHostile({ askOrThrow, log }: Lab, request: InjectOptions): Promise<Answer> {
  log.text = '';
  const answer = await askOrThrow(request);
  if (answer.statusCode >= 500) throw new Error(`${answer.statusCode}: ${answer.payload}`);
  const shown = answer.payload + JSON.stringify(answer.headers);
  if (shown.includes(SECRET)) throw new Error('a secret is shown');
  if (log.text.includes(SECRET)) throw new Error('a secret is logged');
  if (log.text.split('\n').length > 2) throw new Error(`more than one log line: ${log.text}`);
  return answer;
}

function checkArgv(answer: Answer): void {
  if (answer.statusCode !== 200 || !answer.payload.startsWith('{"profile_name"')) return;
  const bad = (answer.json().argv as string[] | undefined)?.find((element) => CONTROL.test(element));
  if (bad !== undefined) throw new Error(`a control character in argv: ${JSON.stringify(bad)}`);
}

function post(path: string, payload: string | Buffer, mediaType: string): InjectOptions {
  return { method: 'POST', url: path, payload, headers: { 'content-type': mediaType } };
}

const runs = (numRuns: number) => ({ seed: SEED, numRuns, endOnFailure: true });

t.test('profiles of nasty parts, as JSON for a given host', async (t) => {
  const lab = await newLab(t);
  const property = fc.asyncProperty(url, nastyProfile, async (path, profile) => {
    checkArgv(await askHostile(lab, post(path, JSON.stringify({ profile, host: LINUX_HOST }), JSON_TYPE)));
  });
  await t.resolves(fc.assert(property, runs(250)));
});

t.test('the same as TOML, for this host', async (t) => {
  const lab = await newLab(t);
  const property = fc.asyncProperty(url, nastyProfile, async (path, profile) => {
    const text = tomlOf(profile);
    fc.pre(text !== null);
    checkArgv(await askHostile(lab, post(path, String(text), TOML_TYPE)));
  });
  await t.resolves(fc.assert(property, runs(120)));
});

t.test('envelopes and hosts of nasty parts', async (t) => {
  const lab = await newLab(t, { profiles: { 'small.toml': SMALL_TOML } });
  const member = fc.constantFrom(
    'profile',
    'profile_toml',
    'profile_name',
    'host',
    'dry_run',
    'x',
    '__proto__',
  );
  const host = fc.record(
    {
      os: fc.oneof(fc.constantFrom('linux', 'darwin', 'windows', 'freebsd'), nastyValue),
      arch: fc.oneof(fc.constantFrom('x86_64', 'aarch64', 'riscv64', 'ppc64le'), nastyValue),
      accelerators: fc.oneof(fc.subarray(['kvm', 'hvf', 'whpx', 'xen']), nastyValue),
      project_root: fc.oneof(
        nastyText,
        nastyText.map((text) => `/${text}`),
        nastyText.map((text) => `C:\\${text}`),
      ),
    },
    { requiredKeys: [] },
  );
  const property = fc.asyncProperty(
    url,
    fc.dictionary(member, nastyValue, { noNullPrototype: true }),
    fc.option(host),
    fc.boolean(),
    async (path, extra, facts, isNamed) => {
      const source = isNamed ? { profile_name: 'small' } : { profile: fullProfile() };
      const request = { ...source, ...(facts === null ? extra : { host: facts }) };
      checkArgv(await askHostile(lab, post(path, JSON.stringify(request), JSON_TYPE)));
    },
  );
  await t.resolves(fc.assert(property, runs(300)));
});

t.test('two plans of nasty parts', async (t) => {
  const lab = await newLab(t, { profiles: { 'small.toml': SMALL_TOML } });
  const hash = fc.oneof(fc.constant(`sha256:${'0'.repeat(64)}`), nastyText);
  const facts = fc.oneof(
    { weight: 4, arbitrary: fc.constant(LINUX_HOST) },
    { weight: 1, arbitrary: nastyValue },
  );
  const side = fc.oneof(
    { weight: 6, arbitrary: nastyProfile.map((profile) => ({ profile, host: LINUX_HOST })) },
    { weight: 4, arbitrary: fc.constant({ profile: fullProfile(), host: LINUX_HOST }) },
    { weight: 2, arbitrary: fc.constant({ profile_name: 'small' }) },
    {
      weight: 3,
      arbitrary: fc.record(
        { profile_hash: hash, argv_hash: hash, plan_hash: hash, host: facts },
        { noNullPrototype: true },
      ),
    },
    { weight: 1, arbitrary: nastyValue },
  );
  const property = fc.asyncProperty(side, side, async (before, after) => {
    await askHostile(lab, post('/plans/diff', JSON.stringify({ before, after }), JSON_TYPE));
  });
  await t.resolves(fc.assert(property, runs(250)));
});

t.test('bytes', async (t) => {
  const lab = await newLab(t);
  const request = { profile: fullProfile(), host: LINUX_HOST };
  const seeds = [
    SMALL_TOML,
    JSON.stringify(request),
    JSON.stringify({ before: request, after: request }),
  ].map((text) => Buffer.from(text));
  /** A good body with some bytes replaced, removed or repeated. */
  const damaged = fc
    .record({
      seed: fc.constantFrom(...seeds),
      cuts: fc.array(
        fc.record({ at: fc.nat(), length: fc.nat({ max: 20 }), bytes: fc.uint8Array({ maxLength: 8 }) }),
        { maxLength: 4 },
      ),
    })
    .map(({ seed, cuts }) => {
      let body = seed;
      for (const { at, length, bytes } of cuts) {
        const from = at % (body.length + 1);
        body = Buffer.concat([body.subarray(0, from), bytes, body.subarray(from + length)]);
      }
      return body;
    });
  const body = fc.oneof(
    damaged,
    fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
    fc.json({ maxDepth: 20 }).map((text) => Buffer.from(text)),
    fc
      .array(
        fc.constantFrom(
          '{',
          '}',
          '[',
          ']',
          '"',
          ':',
          ',',
          '\\',
          '=',
          '.',
          'a',
          '1',
          '\n',
          '\\u00',
          '#',
          'inf',
        ),
        { maxLength: 60 },
      )
      .map((parts) => Buffer.from(parts.join(''))),
  );
  const type = fc.constantFrom(TOML_TYPE, JSON_TYPE);
  const anyUrl = fc.oneof(url, fc.constant('/plans/diff'));
  const property = fc.asyncProperty(anyUrl, body, type, async (path, bytes, mediaType) => {
    checkArgv(await askHostile(lab, post(path, bytes, mediaType)));
  });
  await t.resolves(fc.assert(property, runs(400)));
});

t.test('paths, queries and headers', async (t) => {
  const lab = await newLab(t, { profiles: { 'small.toml': SMALL_TOML } });
  const segment = nastyText.map((text) =>
    encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd')).slice(0, 2000),
  );
  const path = fc
    .tuple(
      fc.constantFrom(
        '/',
        '/profiles/',
        '/problems/',
        '/docs/',
        '/docs/static/',
        '/livez/',
        '/doctor?profile=',
        '/doctor?category=',
        '/metrics?',
      ),
      segment,
    )
    .map((parts) => parts.join(''));
  const value = nastyText.map((text) => text.replace(/[^\t\x20-\x7e\x80-\xff]/g, '').slice(0, 2000));
  const headers = fc.dictionary(
    fc.constantFrom(
      'x-request-id',
      'traceparent',
      'accept',
      'authorization',
      'content-type',
      'cookie',
      'user-agent',
      'host',
      'if-none-match',
      'range',
      'origin',
    ),
    value,
    { noNullPrototype: true },
  );
  const method = fc.constantFrom('GET', 'GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS');
  const property = fc.asyncProperty(method, path, headers, async (method, url, headers) => {
    await askHostile(lab, { method, url, headers } as InjectOptions);
  });
  await t.resolves(fc.assert(property, runs(300)));
});

/** TOML text of a document; `null` for one that TOML cannot write. */
function tomlOf(document: object): string | null {
  try {
    return stringify(document);
  } catch {
    return null;
  }
}
