/** `POST /profiles/migrate` over HTTP: what comes back of each form of a request, and what is refused. */
import t from 'tap';
import { codeOf } from '../help/answers.ts';
import { newLab, TOML_TYPE } from '../help/app.ts';
import { qcow2 } from '../help/images.ts';
import { fromToml } from '../help/plans.ts';
import { envelope, LINUX_HOST, SMALL, SMALL_TOML } from '../help/small_profile.ts';

// On a busy machine.
t.setTimeout(120_000);

const URL = '/profiles/migrate';

t.test('each form of a profile', async (t) => {
  const { post } = await newLab(t, { profiles: { 'small.toml': SMALL_TOML } });
  const wanted = SMALL_TOML.replace('schema_version = 1', 'schema_version = 2');
  const forms: [string, object | string, string?][] = [
    ['TOML', SMALL_TOML, TOML_TYPE],
    ['TOML in JSON', { profile_toml: SMALL_TOML, host: LINUX_HOST }],
    ['by name', { profile_name: 'small' }],
  ];
  for (const [about, body, type] of forms) {
    const answer = await post(URL, body, type);
    t.equal(answer.statusCode, 200, about);
    t.match(answer.json(), { from: 1, to: 2, profile_toml: wanted }, about);
    const again = await post(URL, answer.json().profile_toml, TOML_TYPE);
    t.match(again.json(), { from: 2, to: 2, identical: true, profile_toml: wanted, argv_changes: [] }, about);
    t.equal(again.json().profile_hash, answer.json().profile_hash);
  }
  const { profile_toml, profile_hash } = (await post(URL, envelope())).json();
  t.match(fromToml(profile_toml), { ...SMALL, schema_version: 2 }, 'JSON becomes canonical TOML');
  const validation = (await post('/profiles/validate', profile_toml, TOML_TYPE)).json();
  t.equal(validation.profile_hash, profile_hash);
  t.equal(validation.canonical_toml, profile_toml);
});

t.test('what is refused', async (t) => {
  const { post } = await newLab(t, {});
  const invalid = await post(URL, envelope({ hardware: {} }));
  t.equal(invalid.statusCode, 422);
  t.equal(codeOf(invalid), '422 profile-invalid');
  const later = await post(URL, envelope({ machine: { type: 'virt' } }));
  t.equal(later.statusCode, 422, 'a key that takes effect and does not fit');
  t.match(later.json(), { errors: [{ code: 'machine-not-for-arch' }], schema_version: 2 });
});

const OVERLAY = `schema_version = 1
vm.name = "over"
hardware = { arch = "x86_64", cores = 1, memory_mb = 256, acceleration = "tcg" }
storage.disks = [{ name = "root", path = "over.qcow2", format = "qcow2" }]
`;

t.test('an overlay whose base nobody names', async (t) => {
  const { post } = await newLab(t, {
    'over.qcow2': qcow2({ backing: 'base.raw' }),
    'base.raw': 'x'.repeat(512),
  });
  const answer = await post(URL, OVERLAY, TOML_TYPE);
  t.equal(answer.statusCode, 200);
  t.match(answer.json(), {
    identical: false,
    profile_toml: OVERLAY.replace('= 1', '= 2'),
    warnings: [
      { code: 'backing-file-undeclared', severity: 'error', suggestion: /base = \{ path = "base\.raw"/ },
    ],
  });
});
