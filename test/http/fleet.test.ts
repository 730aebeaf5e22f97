/** Many VMs in one request: what each gets, what is said of all, and how mistakes are answered. */
import t from 'tap';
import type { HostSummary } from '../../src/planning/fleet_summary.ts';
import { sha256 } from '../../src/planning/hash.ts';
import { codeOf, LINES_TYPE } from '../help/answers.ts';
import { TOML_TYPE } from '../help/app.ts';
import { qcow2 } from '../help/images.ts';
import { newLabAtEase } from '../help/lab_at_ease.ts';
import { LINUX_HOST, SMALL, SMALL_TOML } from '../help/small_profile.ts';

const FLEET = '/plans/fleet';

interface Result {
  readonly id: string;
  readonly status: string;
  readonly plan?: { readonly plan_hash: string };
  readonly plan_hash?: string;
  readonly problem?: { readonly code: string; readonly detail: string };
}

const named = (name: string, more: object = {}) => ({ ...SMALL, vm: { name }, ...more });
/** Requests of all forms, good and bad ones. */
const REQUESTS: readonly object[] = [
  { profile: named('one') },
  { profile_toml: SMALL_TOML, host: LINUX_HOST },
  { profile_name: 'shipped' },
  { profile_name: 'shipped', host: { ...LINUX_HOST, name: 'far' } },
  { profile_name: 'missing', host: LINUX_HOST },
  { profile: named('two', { hardware: { arch: 'x86_64', cores: 0, memory_mb: 'much' } }), host: LINUX_HOST },
  { profile_toml: 'a = ', host: LINUX_HOST },
  { profile: {}, profile_toml: '' },
  { profile: named('three'), host: { os: 'plan9' } },
  { profile: named('four'), dry_run: false },
  { profile: named('five'), dry_run: true, host: LINUX_HOST },
  { surplus: 1 },
];

const FILES = {
  profiles: { 'shipped.toml': SMALL_TOML.replace('"small"', '"shipped"') },
  images: { 'root.qcow2': qcow2() },
};

function linesOf(payload: string): (Result & { summary?: unknown })[] {
  return payload
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));
}

const asLines = (requests: readonly unknown[]) =>
  requests.map((each) => `${JSON.stringify(each)}\n`).join('');

t.test('the result of each request is what the single route answers', async (t) => {
  const { post } = await newLabAtEase(t, FILES);
  const headers = { 'x-request-id': 'one-and-the-same' };
  const single = [];
  for (const request of REQUESTS) single.push(await post('/plans/start', request, undefined, headers));
  const document = await post(FLEET, { requests: REQUESTS }, undefined, headers);
  const stream = await post(FLEET, asLines(REQUESTS), LINES_TYPE, headers);
  t.equal(document.statusCode, 200);
  t.equal(document.headers['content-type'], 'application/json; charset=utf-8');
  t.equal(stream.headers['content-type'], LINES_TYPE);
  const { results, ...summary } = document.json();
  const lines = stream.payload.split('\n');
  for (const [index, { statusCode, payload }] of single.entries()) {
    const isPlanned = statusCode === 200;
    const text = `{"id":"${index}","status":"${isPlanned ? 'planned' : 'refused'}","${isPlanned ? 'plan' : 'problem'}":${payload}}`;
    t.equal(lines[index], text, `line ${index}: ${statusCode}`);
    t.ok(document.payload.includes(text), 'the same bytes in the document');
    t.strictSame(results[index], JSON.parse(text));
  }
  t.strictSame(JSON.parse(String(lines.at(-2))), { summary }, 'the same is said of all');
  t.equal(summary.valid, false);
  t.strictSame(
    summary.hosts.map(({ vms, start_order, host }: HostSummary) => [vms, start_order, host.project_root]),
    [
      [2, ['0', '2'], summary.hosts[0].host.project_root],
      [2, ['1', '10'], '/srv/lab'],
      [1, ['3'], '/srv/lab'],
    ],
    'the probed host, and those that are given',
  );
  const hashes = results.map(({ id, plan }: Result) => [id, plan?.plan_hash ?? null]);
  t.equal(summary.fleet_hash, sha256(JSON.stringify(hashes)));
});

t.test('a host for all, ids, and hashes in place of plans', async (t) => {
  const { post } = await newLabAtEase(t);
  const requests = [
    { id: 'a', profile: named('one') },
    { id: '', profile: named('two'), host: { ...LINUX_HOST, name: 'other' } },
    { profile: named('three') },
  ];
  const { results, hosts } = (await post(FLEET, { host: LINUX_HOST, plans: false, requests })).json();
  t.strictSame(
    results.map(({ id, ...result }: Result) => [id, Object.keys(result)]),
    ['a', '', '2'].map((id) => [id, ['status', 'profile_hash', 'argv_hash', 'plan_hash']]),
  );
  t.strictSame(
    hosts.map(({ start_order }: never) => start_order),
    [['a', '2'], ['']],
  );
  const whole = (await post(FLEET, { host: LINUX_HOST, requests })).json();
  t.strictSame(
    whole.results.map(({ plan }: Result) => plan?.plan_hash),
    results.map(({ plan_hash }: Result) => plan_hash),
  );
  const lines = asLines(requests.map((request) => ({ host: LINUX_HOST, ...request })));
  for (const [query, member] of [
    ['?plans=false', 'plan_hash'],
    ['?plans=true', 'plan'],
    ['', 'plan'],
  ] as const) {
    const [first] = linesOf((await post(`${FLEET}${query}`, lines, LINES_TYPE)).payload);
    t.ok(Object.hasOwn(Object(first), member), `a stream with ${query}`);
  }
  const [byQuery] = (await post(`${FLEET}?plans=false`, { requests })).json().results;
  t.ok(Object.hasOwn(byQuery, 'plan_hash'), 'the query is for a document too');
  const [byBody] = (await post(`${FLEET}?plans=false`, { plans: true, requests })).json().results;
  t.ok(Object.hasOwn(byBody, 'plan'), 'what the document says comes first');
});

t.test('a summary that is written in pieces', async (t) => {
  const { post } = await newLabAtEase(t);
  const requests = Array.from({ length: 1001 }, (_, index) => ({ profile: named(`vm-${index}`) }));
  const { hosts } = (await post(`${FLEET}?plans=false`, { host: LINUX_HOST, requests })).json();
  const ids = requests.map((_, index) => `${index}`);
  t.strictSame(hosts[0].start_order, ids);
  t.strictSame(hosts[0].conflicts[0].ids, ids, 'all have one disk');
});

t.test('no requests', async (t) => {
  const { post } = await newLabAtEase(t);
  const summary = { fleet_hash: sha256('[]'), hosts: [], valid: true };
  t.strictSame((await post(FLEET, { requests: [] })).json(), { results: [], ...summary });
  for (const nothing of ['', '\n', ' \t\r\n\n'])
    t.strictSame(linesOf((await post(FLEET, nothing, LINES_TYPE)).payload), [{ summary }]);
});

t.test('mistakes of the whole are a 400', async (t) => {
  const { post } = await newLabAtEase(t);
  const request = { profile: SMALL, host: LINUX_HOST };
  const rows: [about: string, body: unknown, detail: RegExp][] = [
    ['no object', [], /request/],
    ['no requests', {}, /requests/],
    ['requests that are no list', { requests: {} }, /requests/],
    ['a member that is not known', { requests: [], extra: 1 }, /nothing else/],
    ['plans that is no boolean', { requests: [], plans: 'no' }, /plans/],
    ['a host that is none', { requests: [], host: { os: 'linux' } }, /host/],
    [
      'two ids',
      {
        requests: [
          { id: 'a', ...request },
          { id: 'a', ...request },
        ],
      },
      /id/,
    ],
    ['an id that another has by default', { requests: [request, { id: '0', ...request }] }, /id/],
    ['too many', { requests: Array.from({ length: 100_001 }, () => 0) }, /100000/],
  ];
  for (const [about, body, detail] of rows) {
    const answer = await post(FLEET, body as object);
    t.equal(codeOf(answer), '400 malformed-request', about);
    t.match(answer.json().detail, detail, about);
  }
  t.equal(codeOf(await post(FLEET, '{')), '400 malformed-json');
  t.equal(codeOf(await post(FLEET, SMALL_TOML, TOML_TYPE)), '415 unsupported-media-type');
  t.equal(codeOf(await post(FLEET, '', `${LINES_TYPE};charset=latin1`)), '415 unsupported-media-type');
  t.equal(
    codeOf(await post(FLEET, '', LINES_TYPE, { 'content-encoding': 'gzip' })),
    '415 unsupported-media-type',
  );
  for (const query of ['plans=maybe', 'plans=true&plans=true', 'plan=true'])
    t.equal(codeOf(await post(`${FLEET}?${query}`, { requests: [] })), '400 malformed-request', query);
});

t.test('a mistake of one request refuses that one', async (t) => {
  const { post } = await newLabAtEase(t, {}, { bodyLimit: 2000 });
  const good = { profile: SMALL, host: LINUX_HOST };
  const secret = `token=ghp_${'a'.repeat(36)}`;
  const rows: [about: string, line: string | object, id: string, code: string | null][] = [
    ['no object', 'null', '0', 'malformed-request'],
    ['an id that is no text', { id: 1, ...good }, '1', 'malformed-request'],
    ['an id that is too long', { id: 'x'.repeat(257), ...good }, '2', 'malformed-request'],
    ['a long id', { id: 'x'.repeat(256), ...good }, 'x'.repeat(256), null],
    ['an id that looks like a secret', { id: secret, ...good }, '***REDACTED***', null],
    [
      'such an id of a request that is refused',
      { id: `${secret}b`, profile: 1 },
      '***REDACTED***',
      'malformed-request',
    ],
    ['a member that is not known', { ...good, plans: false }, '6', 'malformed-request'],
  ];
  const bodies = rows.map(([, line]) => (typeof line === 'string' ? JSON.parse(line) : line));
  const stream = linesOf((await post(FLEET, asLines(bodies), LINES_TYPE)).payload);
  const { post: postLarge } = await newLabAtEase(t);
  const document = (await postLarge(FLEET, { requests: bodies })).json().results;
  for (const [index, [about, , id, code]] of rows.entries())
    for (const result of [stream[index], document[index]])
      t.strictSame([result.id, result.problem?.code ?? null], [id, code], about);

  const all = [{ id: 1, profile: 2, host: { os: 'linux' }, more: 3 }];
  const { problem } = (await postLarge(FLEET, { requests: all })).json().results[0];
  t.strictSame(
    problem.mistakes.map(({ pointer }: { pointer: string }) => pointer),
    ['/id', '', '/profile', '/host/arch', '/host/project_root'],
    'all that is wrong with one is said at once',
  );

  const long = `{"id":"long","profile_toml":"${'#'.repeat(2000)}"}`;
  const fits = `${JSON.stringify({ id: 'fits', ...good })}`.padEnd(2000, ' ');
  const texts: [about: string, line: string | Buffer, id: string, code: string | null][] = [
    ['a line that is too long', long, '0', 'payload-too-large'],
    ['a line that just fits', fits, 'fits', null],
    ['a line that is broken', '{"id":"a"', '2', 'malformed-json'],
    ['a line of two values', '{} {}', '3', 'malformed-json'],
    ['a member twice', '{"id":"a","id":"b"}', '4', 'malformed-json'],
    ['a line that is not UTF-8', Buffer.from([0x22, 0xff, 0x22]), '5', 'malformed-json'],
    ['an id', JSON.stringify({ id: 'a', ...good }), 'a', null],
    ['the same id', JSON.stringify({ id: 'a', ...good }), 'a', 'malformed-request'],
    ['an id that was given by default', JSON.stringify({ id: '4', ...good }), '4', 'malformed-request'],
    ['a line that ends as on windows', `${JSON.stringify(good)}\r`, '9', null],
  ];
  const body = Buffer.concat(texts.flatMap(([, line]) => [Buffer.from(line), Buffer.from('\n')]));
  const lines = linesOf((await post(FLEET, body.subarray(0, -1), LINES_TYPE)).payload);
  t.equal(lines.length, texts.length + 1, 'the stream goes on');
  for (const [index, [about, , id, code]] of texts.entries())
    t.strictSame([lines[index]?.id, lines[index]?.problem?.code ?? null], [id, code], about);
});

t.test('a document has a limit of its own', async (t) => {
  const { post } = await newLabAtEase(t, {}, { bodyLimit: 10, fleetBodyLimit: 100 });
  t.equal((await post(FLEET, '{"requests":[]}')).statusCode, 200);
  t.equal(codeOf(await post(FLEET, '{"requests":[]}'.padEnd(101))), '413 payload-too-large');
});

t.test('as Markdown', async (t) => {
  const { post } = await newLabAtEase(t);
  const accept = { accept: 'text/markdown' };
  const answer = await post(
    FLEET,
    {
      host: { ...LINUX_HOST, cpus: 3, memory_mb: 4096 },
      requests: [
        { id: 'b', profile: { ...named('b'), schema_version: 2, vm: { name: 'b', depends_on: ['a'] } } },
        { id: 'a', profile: named('a') },
        { id: 'x', profile: {} },
        { id: 'y', profile: named('y'), host: { ...LINUX_HOST, name: 'other', accelerators: [] } },
      ],
    },
    undefined,
    accept,
  );
  t.equal(answer.headers['content-type'], 'text/markdown; charset=utf-8');
  for (const text of [
    '## Fleet\n\n- Valid: `no`\n- Requests: `4`\n- Refused: `1`\n- VMs: `3`\n- Hosts: `2`\n- Cores: `6`\n- Memory: `3072 MB`',
    '### Refused\n\n- `"x"`: ',
    '### Host `/srv/lab`\n\n- Host: `linux x86_64`\n',
    '- Cores: `4 of 3`\n- Memory: `2048 of 4096 MB`',
    '- **error** `path-written-twice`: `"b"` and `"a"` need the file `"/srv/lab/images/root.qcow2"`',
    '1. `"a"`: `a` with 2 cores and 1024 MB under kvm; risk `medium`, `validated`, `plan-',
    '2. `"b"`: ',
    '### Host `other`\n\n- Name: `other`\n',
    'Accelerators: `none`',
    '#### Conflicts\n\nNone.',
  ])
    t.ok(answer.payload.includes(text), text);
  const empty = await post(FLEET, { requests: [] }, undefined, accept);
  t.match(empty.payload, /Refused\n\nNone\.\n$/);
});

t.test('each plan is counted', async (t) => {
  const { post, get } = await newLabAtEase(t);
  const requests = [{ profile: named('a') }, { profile: named('b') }, { profile: {} }, {}];
  await post(FLEET, { host: LINUX_HOST, requests });
  const { payload } = await get('/metrics');
  t.match(payload, 'vmlab_plans_total{acceleration="kvm",status="validated"} 2');
  t.match(payload, 'vmlab_plans_total{acceleration="none",status="invalid"} 1');
});
