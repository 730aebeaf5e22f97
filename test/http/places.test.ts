/** Lines and columns: in every answer that lists the issues of a profile that came as TOML, and in no plan. */
import t from 'tap';
import type { Answer } from '../help/answers.ts';
import { TOML_TYPE } from '../help/app.ts';
import { newLabAtEase as newLab } from '../help/lab_at_ease.ts';
import { envelope, LINUX_HOST, SMALL, SMALL_TOML } from '../help/small_profile.ts';

// On a busy machine.
t.setTimeout(120_000);

const WRONG_TOML = `${SMALL_TOML.replace('cores = 2\n', '').replace('1024', '8')}colour = 1\n`;
const PLACES = [
  'missing-field 7:1',
  'out-of-range 9:13',
  'qemu-binary-not-found 4:1',
  'acceleration-fallback 7:1',
  'disk-will-need-creation 13:8',
  'unknown-field 19:1',
];

interface Placed {
  readonly code: string;
  readonly line?: number;
  readonly column?: number;
}

const places = (issues: readonly Placed[]): string[] =>
  issues.map(({ code, line, column }) => `${code} ${line}:${column}`);
const listed = (answer: Answer): string[] => {
  const { errors, warnings } = answer.json();
  return places([...errors, ...warnings]);
};

t.test('whichever way the TOML came', async (t) => {
  const { get, post } = await newLab(t, { profiles: { 'wrong.toml': WRONG_TOML } });
  for (const url of ['/profiles/validate', '/argv', '/plans/start', '/profiles/migrate']) {
    t.strictSame(listed(await post(url, WRONG_TOML, TOML_TYPE)), PLACES, url);
    t.strictSame(listed(await post(url, { profile_toml: WRONG_TOML })), PLACES, `${url} in JSON`);
    t.strictSame(listed(await post(url, { profile_name: 'wrong' })), PLACES, `${url} by name`);
    t.notMatch((await post(url, envelope({ vm: {} }))).payload, '"line"', `${url}: JSON has no lines`);
  }
  const { validation } = (await get('/profiles/wrong')).json();
  t.strictSame(places([...validation.errors, ...validation.warnings]), PLACES, 'a discovered profile');
  const sides = { before: { profile_toml: WRONG_TOML }, after: { profile_toml: `\n${WRONG_TOML}` } };
  t.strictSame(
    (await post('/plans/diff', sides))
      .json()
      .errors.map(({ field, line }: Placed & { field: string }) => `${field} ${line}`),
    [
      'before.hardware.cores 7',
      'before.hardware.memory_mb 9',
      'after.hardware.cores 8',
      'after.hardware.memory_mb 10',
    ],
    'each side by its own text',
  );
});

t.test('warnings of what can be planned', async (t) => {
  const { post } = await newLab(t);
  const text = `${SMALL_TOML}colour = 1\n`;
  const warnings = [
    'qemu-binary-not-found 4:1',
    'acceleration-fallback 7:1',
    'disk-will-need-creation 14:8',
    'unknown-field 20:1',
  ];
  const argv = (await post('/argv', text, TOML_TYPE)).json();
  t.strictSame(places(argv.warnings), warnings);
  t.strictSame(Object.keys(argv.warnings[0]), [
    'code',
    'column',
    'field',
    'line',
    'message',
    'pointer',
    'severity',
    'suggestion',
  ]);
  t.strictSame(places((await post('/profiles/migrate', text, TOML_TYPE)).json().warnings), warnings);
  const newest = text.replace('schema_version = 1', 'schema_version = 2');
  t.strictSame(places((await post('/profiles/migrate', newest, TOML_TYPE)).json().warnings), warnings);
  const planText = await post('/plans/start', text, TOML_TYPE);
  t.match(planText.json().metadata.validation_warnings, [{}, {}, { code: 'disk-will-need-creation' }, {}]);
  t.notMatch(planText.payload, '"line"', 'a plan does not depend on layout');
  t.equal((await post('/plans/start', `\n${text}`, TOML_TYPE)).json().plan_hash, planText.json().plan_hash);
});

t.test('a file that is not TOML has the place of the parser', async (t) => {
  const { get, post } = await newLab(t, {
    profiles: { 'broken.toml': 'a = 1\nb = ', 'bytes.toml': Buffer.from([255]) },
  });
  t.strictSame(listed(await post('/argv', { profile_name: 'broken' })), ['malformed-toml 2:5']);
  t.strictSame(listed(await post('/argv', { profile_name: 'bytes' })), [
    'profile-unreadable undefined:undefined',
  ]);
  t.strictSame(places((await get('/profiles/broken')).json().validation.errors), ['malformed-toml 2:5']);
});

t.test('findings of the doctor', async (t) => {
  const { get } = await newLab(t, {
    profiles: { 'wrong.toml': WRONG_TOML, 'small.toml': SMALL_TOML, 'broken.toml': 'a' },
  });
  const found = async (name: string): Promise<string[]> => {
    const { findings } = (await get(`/doctor?profile=${name}&category=profile,storage`)).json();
    return findings.map(
      ({ finding_id, metadata }: { finding_id: string; metadata: Placed }) =>
        `${finding_id} ${metadata.line}:${metadata.column}`,
    );
  };
  t.match(await found('wrong'), [
    'profile-missing-field:hardware.cores 7:1',
    'profile-out-of-range:hardware.memory_mb 9:13',
  ]);
  t.match(await found('small'), ['disk-missing:root 14:8']);
  t.match(await found('broken'), ['profile-malformed-toml 1:1']);
});

t.test('positions of what parts point to', async (t) => {
  const { post } = await newLab(t, { profiles: { 'small.toml': SMALL_TOML } });
  const expected = {
    '/vm/name': { line: 5, column: 8 },
    '/hardware/arch': { line: 8, column: 8 },
    '/hardware/memory_mb': { line: 10, column: 13 },
    '/storage/disks/0/path': { line: 14, column: 8 },
  };
  const bodies = [
    { profile_toml: SMALL_TOML },
    { profile_name: 'small' },
    { profile_toml: SMALL_TOML, host: LINUX_HOST },
  ];
  for (const body of bodies) {
    const { positions, parts } = (await post('/argv?positions=true', body)).json();
    t.match(positions, expected);
    const pointers = parts.flatMap((part: { pointers: string[] }) => part.pointers);
    t.ok(Object.keys(positions).every((pointer) => pointers.includes(pointer)));
  }
  t.equal((await post('/argv?positions=true', { profile: SMALL })).json().positions, null, 'of JSON none');
  for (const url of ['/argv', '/argv?positions=false'])
    t.notOk('positions' in (await post(url, SMALL_TOML, TOML_TYPE)).json(), url);
  const plain = { accept: 'text/plain' };
  t.equal(
    (await post('/argv?positions=true', SMALL_TOML, TOML_TYPE, plain)).payload,
    (await post('/argv', SMALL_TOML, TOML_TYPE, plain)).payload,
    'a line for a shell has none',
  );
  for (const query of ['positions=yes', 'positions=', 'positions=true&positions=true', 'position=true'])
    t.match(
      (await post(`/argv?${query}`, SMALL_TOML, TOML_TYPE)).json(),
      { code: 'malformed-request', detail: /positions/ },
      query,
    );
});
