/** `POST /plans/diff` as a caller sees it; what it says of two plans is tested where it is made. */
import t from 'tap';
import { type Answer, codeOf } from '../help/answers.ts';
import { JSON_TYPE, type Lab, logLines, newLab, TOML_TYPE } from '../help/app.ts';
import { envelope, LINUX_HOST, SMALL, SMALL_TOML } from '../help/small_profile.ts';

const URL = '/plans/diff';
const HASH = `sha256:${'0'.repeat(64)}`;
const OTHER_HOST = { ...LINUX_HOST, accelerators: [] };
const MORE_MEMORY = envelope({ hardware: { ...Object(SMALL.hardware), memory_mb: 2048 } });
const INVALID = envelope({ hardware: { ...Object(SMALL.hardware), cores: 0 }, colour: 1 });

/** What a plan says of itself, taken from it as a caller would. */
async function oldPlanOf({ post }: Lab, request: object): Promise<Record<string, unknown>> {
  const { plan_hash, metadata } = (await post('/plans/start', request)).json();
  const { profile_hash, argv_hash, host } = metadata;
  return { profile_hash, argv_hash, host, plan_hash };
}

t.test('two plan requests in any form', async (t) => {
  const { post, root } = await newLab(t, { profiles: { 'small.toml': SMALL_TOML } });
  const changed = { profile: true, host: false, argv: true, plan: true };
  const host = { ...LINUX_HOST, accelerators: [], project_root: root };
  const forms = [{ profile: SMALL }, { profile_toml: SMALL_TOML }, { profile_name: 'small' }];
  for (const form of forms) {
    const about = Object.keys(form).join();
    const before = { ...form, host: LINUX_HOST, dry_run: true };
    const answer = await post(URL, { before, after: MORE_MEMORY });
    t.equal(answer.statusCode, 200, about);
    t.equal(answer.headers['content-type'], 'application/json; charset=utf-8');
    t.strictSame(answer.json().changed, changed, about);
    t.strictSame(
      answer.json().profile_changes,
      [{ pointer: '/hardware/memory_mb', before: 1024, after: 2048, note: null }],
      `${about}: the change`,
    );
    t.equal((await post(URL, { before, after: MORE_MEMORY })).payload, answer.payload, `${about}: again`);
    const same = (await post(URL, { before: form, after: { profile: SMALL } })).json();
    t.equal(same.identical, true, `${about}: of this host`);
    const given = (await post(URL, { before: form, after: { profile: SMALL, host } })).json();
    t.match(given, { identical: false, changed: { profile: false, host: false, argv: false, plan: true } });
    t.match(given.reasons, [{ cause: 'host', certain: true }], `${about}: looked at, and given`);
  }
  const hosts = (await post(URL, { before: envelope(), after: { ...envelope(), host: OTHER_HOST } })).json();
  t.strictSame(hosts.host_changes, [{ pointer: '/accelerators', before: ['kvm'], after: [], note: null }]);
});

t.test('an old plan', async (t) => {
  const lab = await newLab(t);
  const before = await oldPlanOf(lab, envelope());
  const rows: [about: string, before: object, after: object, causes: string[]][] = [
    ['that is not stale', before, envelope(), []],
    ['whose profile changed', before, MORE_MEMORY, ['profile']],
    ['whose host changed', before, { ...envelope(), host: OTHER_HOST }, ['host']],
    [
      'of another planner, perhaps',
      { ...before, argv_hash: HASH, plan_hash: HASH },
      envelope(),
      ['host', 'planner'],
    ],
    [
      'whose host is written in another way',
      { ...before, host: { ...LINUX_HOST, project_root: '/srv//lab/' } },
      envelope(),
      [],
    ],
  ];
  for (const [about, before, after, causes] of rows) {
    const answer = await lab.post(URL, { before, after });
    t.equal(answer.statusCode, 200, about);
    const { identical, reasons } = answer.json();
    t.strictSame(
      reasons.map(({ cause }: { cause: string }) => cause),
      causes,
      about,
    );
    t.equal(identical, causes.length === 0, about);
  }
  const probed = await oldPlanOf(lab, { profile: SMALL });
  t.equal(
    (await lab.post(URL, { before: probed, after: { profile: SMALL } })).json().identical,
    true,
    'of this host',
  );
});

t.test('an envelope that is none is a 400 that names the side', async (t) => {
  const lab = await newLab(t);
  const { post } = lab;
  const good = envelope();
  const old = await oldPlanOf(lab, good);
  const rows: [about: string, body: unknown, detail: RegExp][] = [
    ['null', null, /^The request must be an object/],
    ['a plan request', good, /^3 mistakes .* before is required/],
    ['no after', { before: good }, /after/],
    ['no before', { after: good }, /before/],
    [
      'another member',
      { before: good, after: good, host: LINUX_HOST },
      /^The request may have after, before and nothing else/,
    ],
    ['before null', { before: null, after: good }, /before is required/],
    ['after an array', { before: good, after: [good] }, /after must be an object/],
    ['an empty before', { before: {}, after: good }, /^In before: .* 0 of profile/],
    ['an empty after', { before: good, after: {} }, /^In after: .* 0 of profile/],
    ['two forms', { before: good, after: { ...good, profile_toml: '' } }, /^In after: .* 2 of profile/],
    [
      'another member of a side',
      { before: { ...good, x: 1 }, after: good },
      /^In before: .* and nothing else/,
    ],
    [
      'a host that is none',
      { before: good, after: { ...good, host: { os: 'x' } } },
      /^In after: .* host\.arch is required/,
    ],
    ['a path for a name', { before: good, after: { profile_name: '../x' } }, /^In after: profile_name/],
    [
      'an old plan on the other side',
      { before: good, after: old },
      /^In after: .* nothing else; is profile_name meant/,
    ],
    [
      'an old plan with a profile',
      { before: { ...old, ...good }, after: good },
      /^In before: The old plan may have argv_hash, host, plan_hash, profile_hash and nothing else/,
    ],
    [
      'an old plan and nothing else of it',
      { before: { plan_hash: HASH }, after: good },
      /^In before: 3 mistakes .* profile_hash is required/,
    ],
    [
      'a hash that is none',
      { before: { ...old, argv_hash: 'x' }, after: good },
      /^In before: argv_hash must match/,
    ],
    [
      'a hash in capitals',
      { before: { ...old, plan_hash: HASH.toUpperCase() }, after: good },
      /^In before: plan_hash must match/,
    ],
    [
      'an old host that is none',
      { before: { ...old, host: {} }, after: good },
      /^In before: .* host\.os is required/,
    ],
    [
      'an old host with a bad root',
      { before: { ...old, host: { ...LINUX_HOST, project_root: 'x' } }, after: good },
      /^In before: host\.project_root/,
    ],
  ];
  for (const [about, body, detail] of rows) {
    const answer = await post(URL, JSON.stringify(body));
    t.equal(codeOf(answer), '400 malformed-request', about);
    t.match(answer.json().detail, detail, about);
  }
});

t.test('other refusals say which side they are about as well', async (t) => {
  const { post, ask } = await newLab(t, { profiles: {} }, { bodyLimit: 4000 });
  const good = envelope();
  const broken = { profile_toml: 'a = 1\n[b' };
  const rows: [about: string, body: object, code: string, detail: RegExp][] = [
    [
      'TOML',
      { before: good, after: broken },
      '400 malformed-toml',
      /^In after: .* Line 2, column 2 of profile_toml\.$/,
    ],
    ['TOML', { before: broken, after: good }, '400 malformed-toml', /^In before: /],
    [
      'a name',
      { before: { profile_name: 'nobody' }, after: good },
      '404 profile-not-found',
      /^In before: See /,
    ],
    [
      'a name',
      { before: good, after: { profile_name: 'nobody' } },
      '404 profile-not-found',
      /^In after: See /,
    ],
    [
      'execution',
      { before: good, after: { ...good, dry_run: false } },
      '422 execution-not-supported',
      /^In after: /,
    ],
    [
      'execution',
      { before: { ...good, dry_run: false }, after: good },
      '422 execution-not-supported',
      /^In before: /,
    ],
    [
      'a wrong form, before anything is looked up',
      { before: { profile_name: 'nobody' }, after: {} },
      '400 malformed-request',
      /^In after: /,
    ],
  ];
  for (const [about, body, code, detail] of rows) {
    const answer = await post(URL, body);
    t.equal(codeOf(answer), code, about);
    t.match(answer.json().detail, detail, about);
  }
  const text = JSON.stringify({ before: good, after: good });
  t.equal(codeOf(await post(URL, text.slice(0, -1))), '400 malformed-json');
  t.equal(
    codeOf(await post(URL, text.replace('{"before"', '{"after":{},"before"'))),
    '400 malformed-json',
    'a member twice',
  );
  t.equal(codeOf(await post(URL, ' '.repeat(4001))), '413 payload-too-large');
  t.equal((await post(URL, text, 'Application/JSON; charset=utf-8')).statusCode, 200);
  for (const type of [
    TOML_TYPE,
    `${TOML_TYPE}; charset=utf-8`,
    'text/plain',
    'application/json; charset=latin1',
  ])
    for (const body of [text, SMALL_TOML, '= no TOML'])
      t.equal(codeOf(await post(URL, body, type)), '415 unsupported-media-type', type);
  t.equal(
    codeOf(await post(URL, text, JSON_TYPE, { 'content-encoding': 'gzip' })),
    '415 unsupported-media-type',
  );
  t.equal(codeOf(await ask({ method: 'POST', url: URL })), '415 unsupported-media-type', 'nothing at all');
  const wrongMethod = await ask({ method: 'GET', url: URL });
  t.equal(codeOf(wrongMethod), '405 method-not-allowed');
  t.equal(wrongMethod.headers.allow, 'POST');
});

t.test('invalid profiles are a 422 with the issues of both', async (t) => {
  const lab = await newLab(t, { profiles: { 'broken.toml': '= 1' } });
  const { post } = lab;
  const old = await oldPlanOf(lab, envelope());
  const issuesIn = (answer: Answer): string[] =>
    [...answer.json().errors, ...answer.json().warnings].map(
      ({ field, pointer }: { field: string; pointer: string }) => `${field} ${pointer}`,
    );
  const cores = (side: string): string => `${side}.hardware.cores /${side}/hardware/cores`;
  const colour = (side: string): string => `${side}.colour /${side}/colour`;
  const rows: [about: string, body: object, detail: RegExp, issues: string[]][] = [
    [
      'before',
      { before: INVALID, after: envelope({ x: 1 }) },
      /^One error in before; /,
      [cores('before'), colour('before')],
    ],
    [
      'after',
      { before: envelope(), after: INVALID },
      /^One error in after; /,
      [cores('after'), colour('after')],
    ],
    [
      'after an old plan',
      { before: old, after: INVALID },
      /^One error in after; /,
      [cores('after'), colour('after')],
    ],
    [
      'both',
      { before: INVALID, after: INVALID },
      /^2 errors in before and after; the first: hardware\.cores is 0/,
      [cores('before'), cores('after'), colour('before'), colour('after')],
    ],
    [
      'the whole of it',
      { before: { profile_name: 'broken' }, after: envelope() },
      /^One error in before; /,
      ['before /before'],
    ],
  ];
  for (const [about, body, detail, issues] of rows) {
    const answer = await post(URL, body);
    t.equal(codeOf(answer), '422 profile-invalid', about);
    t.match(answer.json().detail, detail, about);
    t.strictSame(issuesIn(answer), issues, about);
  }
  const both = { before: envelope({ vm: { name: 'first' }, schema_version: 3 }), after: INVALID };
  t.match(
    (await post(URL, both)).json(),
    { profile_name: 'first', schema_version: null },
    'name and version are of the first',
  );
});

t.test('no secret is in an answer or in the log', async (t) => {
  const lab = await newLab(t);
  const secret = 'AKIAABCDEFGHIJKLMNOP';
  const values = [
    { ...envelope({ vm: { name: 'small', description: secret } }) },
    { ...envelope({ kernel: { append: secret, bzimage: secret } }) },
    { ...envelope({ [secret]: secret, token: secret }) },
    { ...envelope({ storage: { disks: [{ name: 'a', path: secret, format: secret }] } }) },
    { ...envelope(), [secret]: secret },
    { profile_toml: `a = ${secret}` },
    { profile_name: secret },
    { profile: SMALL, host: { ...LINUX_HOST, project_root: `/${secret}` } },
    { profile_hash: secret, argv_hash: HASH, plan_hash: HASH, host: LINUX_HOST },
    { [secret]: HASH, plan_hash: HASH },
  ];
  for (const value of values) {
    for (const body of [
      { before: value, after: envelope() },
      { before: envelope(), after: value },
      { before: value, after: value },
    ]) {
      const answer = await lab.post(URL, body);
      t.notMatch(JSON.stringify(answer.headers) + answer.payload, secret, `${JSON.stringify(value)}`);
    }
  }
  t.notMatch(lab.log.text, secret, 'the log');
  const described = { before: envelope(), after: values[0] as object };
  t.strictSame((await lab.post(URL, described)).json().profile_changes, [
    { pointer: '/vm/description', before: '', after: '***REDACTED***', note: null },
  ]);
});

t.test('a fault of the service is no refusal', async (t) => {
  const { post } = await newLab(t, {}, { profileDirectories: null as never });
  const answer = await post(URL, { before: { profile_name: 'small' }, after: envelope() });
  t.equal(codeOf(answer), '500 internal-error');
  t.notMatch(answer.json().detail, 'In before');
});

t.test('the log and the metrics hear of the second plan, or of what is refused', async (t) => {
  const lab = await newLab(t);
  const { profile_hash, argv_hash } = await oldPlanOf(lab, MORE_MEMORY);
  const lastLine = (): object => Object(logLines(lab).at(-1));
  await lab.post(URL, {
    before: envelope(),
    after: { ...MORE_MEMORY, profile: { ...MORE_MEMORY.profile, x: 1 } },
  });
  const noted = { route: URL, status: 200, profile_name: 'small', profile_hash, argv_hash };
  t.match(lastLine(), { ...noted, acceleration_resolved: 'kvm', plan_status: 'draft' });
  await lab.post(URL, { before: INVALID, after: MORE_MEMORY });
  t.match(lastLine(), {
    route: URL,
    status: 422,
    profile_name: 'small',
    profile_hash: null,
    plan_status: 'invalid',
  });
  await lab.post(URL, {});
  t.notOk('profile_name' in lastLine(), 'nothing to hear of');
  const { payload } = await lab.get('/metrics');
  for (const line of [
    'vmlab_plans_total{acceleration="kvm",status="draft"} 1',
    'vmlab_plans_total{acceleration="none",status="invalid"} 1',
    'vmlab_validation_issues_total{code="out-of-range",severity="error"} 1',
    'vmlab_validation_issues_total{code="unknown-field",severity="warning"} 1',
  ])
    t.ok(payload.includes(`${line}\n`), line);
});
