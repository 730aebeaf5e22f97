/** What looks at the host of the service for a profile in the request: `POST /plans/prepare` and `POST /doctor`. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import canonicalize from 'canonicalize';
import t from 'tap';
import { codeOf, DOCUMENT } from '../help/answers.ts';
import { JSON_TYPE, TOML_TYPE } from '../help/app.ts';
import { newLabAtEase } from '../help/lab_at_ease.ts';
import { envelope, LINUX_HOST, SMALL, SMALL_TOML } from '../help/small_profile.ts';

// On a busy machine.
t.setTimeout(120_000);

const PREPARE = '/plans/prepare';

t.test('each form of a request', async (t) => {
  const { root, post } = await newLabAtEase(t, { profiles: { 'small.toml': SMALL_TOML } });
  const wanted = ['make-directory', 'check-no-disk-root', 'create-disk-root'];
  const forms: [string, object | string, string?][] = [
    ['TOML', SMALL_TOML, TOML_TYPE],
    ['TOML in JSON', { profile_toml: SMALL_TOML, dry_run: true }],
    ['JSON', { profile: SMALL }],
    ['by name', { profile_name: 'small' }],
  ];
  const plans = [];
  for (const [about, body, type] of forms) {
    const answer = await post(PREPARE, body, type);
    t.equal(answer.statusCode, 200, about);
    const plan = answer.json();
    const steps = plan.commands.map(({ step_id }: { step_id: string }) => step_id);
    t.strictSame(steps, wanted, about);
    t.equal(answer.payload, canonicalize(plan), `${about}: canonical JSON`);
    plans.push(plan.plan_hash);
    const report = await post('/doctor', dryRunless(body), type);
    t.equal(report.statusCode, 200, about);
    const finding = report
      .json()
      .findings.find(({ finding_id }: { finding_id: string }) => finding_id === 'disk-missing:root');
    t.match(finding, { severity: 'warning', metadata: { profile_name: 'small' } }, about);
  }
  t.equal(new Set(plans).size, 1, 'all forms give the same plan');
  t.notOk(existsSync(join(root, 'images')), 'nothing is made');
});

t.test('each form of an answer', async (t) => {
  const { root, ask } = await newLabAtEase(t, {});
  const askFor = (accept: string) =>
    ask({
      method: 'POST',
      url: PREPARE,
      headers: { 'content-type': TOML_TYPE, accept },
      payload: SMALL_TOML,
    });
  const plan = (await askFor('application/json')).json();
  const script = await askFor('text/x-shellscript');
  t.match(script.headers['content-type'], /^text\/x-shellscript/);
  const whole = script.payload.replaceAll(/ \\\n +/g, ' ');
  const lines = whole.split('\n').filter((line) => /^[a-z]/.test(line));
  const commands = plan.commands.map(({ display }: { display: string }) => display);
  t.strictSame(lines, ['set -euo pipefail', `cd -- ${root}`, ...commands]);
  t.match(script.payload, `plan_hash:    ${plan.plan_hash}`);
  t.notMatch(script.payload, 'argv_hash', 'there is no argv');
  const summary = await askFor('text/markdown');
  t.match(summary.headers['content-type'], /^text\/markdown/);
  t.match(summary.payload, /^## Prepare the start of VM small\n\n### In short\n/);
  t.match(summary.payload, '- Host facts: `probed by the service`');
});

function dryRunless(body: object | string): object | string {
  if (typeof body === 'string') return body;
  const { dry_run: _, ...rest } = body as { dry_run?: boolean };
  return rest;
}

t.test('what is refused', async (t) => {
  const { post } = await newLabAtEase(t, {});
  const elsewhere = { profile: SMALL, host: LINUX_HOST };
  for (const url of [PREPARE, '/doctor']) {
    t.equal(codeOf(await post(url, elsewhere)), '422 needs-probed-host', `${url}: another host`);
    t.equal(codeOf(await post(url, { profile_name: 'nobody' })), '404 profile-not-found', url);
    t.equal(codeOf(await post(url, {})), '400 malformed-request', url);
    t.equal(codeOf(await post(url, '{', JSON_TYPE)), '400 malformed-json', url);
    t.equal(codeOf(await post(url, '[', TOML_TYPE)), '400 malformed-toml', url);
    t.equal(codeOf(await post(url, 'x', 'text/plain')), '415 unsupported-media-type', url);
  }
  t.equal(codeOf(await post(PREPARE, { profile: SMALL, dry_run: false })), '422 execution-not-supported');
  t.equal(codeOf(await post('/doctor', { profile: SMALL, dry_run: true })), '400 malformed-request');
  t.equal(codeOf(await post('/doctor?profile=small', { profile: SMALL })), '400 malformed-request');
  t.equal(codeOf(await post('/doctor?category=x', { profile: SMALL })), '400 malformed-request');

  const invalid = { profile: envelope({ hardware: {} }).profile };
  const refused = await post(PREPARE, invalid);
  t.equal(codeOf(refused), '422 profile-invalid');
  const report = (await post('/doctor?category=profile', invalid)).json();
  t.equal(report.status, 'blocked', 'for the doctor its issues are findings');
  t.ok(report.findings.length >= 3);
  const nameless = (await post('/doctor?category=profile', { profile: {} })).json();
  t.equal(nameless.findings[0].metadata.profile_name, null);
});

t.test('the example is true', async (t) => {
  const { requestBody, responses } = Object(DOCUMENT.paths[PREPARE]?.post);
  const [{ value: plan }] = Object.values<{ value: { commands: { display: string }[] } }>(
    responses[200].content[JSON_TYPE].examples,
  ) as [{ value: { commands: { display: string }[] } }];
  t.strictSame(
    plan.commands.map(({ display }) => display),
    [
      'mkdir -p -m 0700 -- /srv/lab/tpm/guarded',
      'mkdir -p -- /srv/lab/run',
      'mkdir -p -- /srv/lab/images',
      "test '!' -e /srv/lab/images/guarded.qcow2",
      'qemu-img create -f qcow2 -- /srv/lab/images/guarded.qcow2 20G',
    ],
  );
  for (const { value } of Object.values<{ value: object }>(requestBody.content[JSON_TYPE].examples))
    t.notOk('host' in value, 'no example brings a host');
});
