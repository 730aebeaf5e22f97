/** Issues as SARIF, and profiles as their canonical text. */
import { readFileSync } from 'node:fs';
import t from 'tap';
import { codeOf } from '../help/answers.ts';
import { TOML_TYPE } from '../help/app.ts';
import { newLabAtEase as newLab } from '../help/lab_at_ease.ts';
import { envelope, SMALL_TOML } from '../help/small_profile.ts';

// On a busy machine.
t.setTimeout(120_000);

const SARIF = { accept: 'application/sarif+json' };
const TOML = { accept: 'application/toml' };
const PACKAGE = new URL('../../package.json', import.meta.url);
const VALIDATE = '/profiles/validate';

t.test('SARIF', async (t) => {
  const { post } = await newLab(t);
  const wrong = `${SMALL_TOML.replace('cores = 2\n', '')}x = 1\ncolour = 1\n`;
  const answer = await post(
    `${VALIDATE}?file=${encodeURIComponent('vms/a b#1.toml')}`,
    wrong,
    TOML_TYPE,
    SARIF,
  );
  t.equal(answer.statusCode, 200);
  t.match(answer.headers['content-type'], /^application\/sarif\+json/);
  const { version, runs } = answer.json();
  t.equal(version, '2.1.0');
  const [{ tool, columnKind, results }] = runs;
  t.equal(columnKind, 'utf16CodeUnits');
  const { name, version: own } = JSON.parse(readFileSync(PACKAGE, 'utf8'));
  t.match(tool.driver, { name, semanticVersion: own }, 'the tool that said so');
  const lines = results.map((result: Record<string, never>) => {
    const { ruleId, ruleIndex, level, locations } = Object(result);
    t.equal(tool.driver.rules[ruleIndex].id, ruleId, 'a rule for each');
    const { artifactLocation, region } = locations[0].physicalLocation;
    t.equal(artifactLocation.uri, 'vms/a%20b%231.toml');
    return `${level} ${ruleId} ${region.startLine}:${region.startColumn}`;
  });
  t.match(lines[0], 'error missing-field 7:1');
  t.strictSame(
    lines.slice(-2),
    ['warning unknown-field 20:1', 'warning unknown-field 19:1'].sort().reverse(),
  );
  t.equal(new Set(tool.driver.rules.map(({ id }: { id: string }) => id)).size, tool.driver.rules.length);

  const broken = (await post(VALIDATE, 'a = 1\nb =', TOML_TYPE, SARIF)).json().runs[0];
  t.match(broken.results, [
    {
      ruleId: 'malformed-toml',
      level: 'error',
      locations: [
        { physicalLocation: { artifactLocation: { uri: 'profile.toml' }, region: { startLine: 2 } } },
      ],
    },
  ]);
  const json = (await post(VALIDATE, envelope({ vm: {} }), 'application/json', SARIF)).json().runs[0];
  t.notOk('region' in json.results[0].locations[0].physicalLocation, 'JSON has no places');
  t.equal(codeOf(await post(VALIDATE, '{', 'application/json', SARIF)), '400 malformed-json');
  for (const file of ['', 'https://x/y', 'C:\\a', 'x'.repeat(1025), 'AKIAABCDEFGHIJKLMNOP']) {
    const refused = await post(`${VALIDATE}?file=${encodeURIComponent(file)}`, wrong, TOML_TYPE, SARIF);
    t.equal(codeOf(refused), '400 malformed-request', file.slice(0, 20));
  }
});

t.test('canonical TOML', async (t) => {
  const { get, post } = await newLab(t, { profiles: { 'small.toml': SMALL_TOML, 'bad.toml': 'a = 1' } });
  const { canonical_toml } = (await post(VALIDATE, SMALL_TOML, TOML_TYPE)).json();
  const answers = [await post(VALIDATE, SMALL_TOML, TOML_TYPE, TOML), await get('/profiles/small', TOML)];
  for (const answer of answers) {
    t.equal(answer.headers['content-type'], 'application/toml');
    t.equal(answer.payload, canonical_toml);
  }
  t.equal((await get('/profiles/small')).headers.vary, 'accept');
  const migrated = await post('/profiles/migrate', SMALL_TOML, TOML_TYPE, TOML);
  t.equal(migrated.payload, canonical_toml.replace('schema_version = 1', 'schema_version = 2'));
  t.equal(codeOf(await post(VALIDATE, 'a = 1', TOML_TYPE, TOML)), '422 profile-invalid');
  t.equal(codeOf(await get('/profiles/bad', TOML)), '422 profile-invalid');
});

t.test('a text that is not TOML 1.0', async (t) => {
  const { get, post } = await newLab(t, { profiles: { 'new.toml': `${SMALL_TOML}x = {\n}\n` } });
  const first = { code: 'not-toml-1-0', severity: 'info', line: 21, column: 1 };
  t.match((await post(VALIDATE, `${SMALL_TOML}x = {\n}\n`, TOML_TYPE)).json().warnings[0], first);
  t.match((await get('/profiles/new')).json().validation.warnings[0], first);
  t.notMatch((await post(VALIDATE, SMALL_TOML, TOML_TYPE)).payload, 'not-toml-1-0');
  t.notMatch((await post('/argv', { profile_name: 'new' })).payload, 'not-toml-1-0', 'in no plan');
});
