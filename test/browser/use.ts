/** What people do on the page: choose, edit, execute, read, copy. What it brings is compared with a direct request. */
import type { Test } from 'tap';
import type { Docs, Parameter } from './docs.ts';
import { operationOn } from './operation.ts';

const JSON_TYPE = 'application/json';
const TOML_TYPE = 'application/toml';
/** The examples to plan: as TOML all that can be, since those meet this host. */
const PLANNED = {
  [TOML_TYPE]: ['minimal', 'kernel-dev', 'arm-mac', 'desktop'],
  [JSON_TYPE]: ['kernel-dev', 'windows-11'],
} as const;
/** What Chromium says of every answer that is an error. */
const REFUSED = /^Failed to load resource: the server responded with a status of 422 /;

export function testUse(
  t: Test,
  { page, open, openOperation, operations, ask, runSnippet, takeComplaints }: Docs,
): void {
  /** What the service answers to a body without the page, which names no media type of the answer. */
  const askFor = (path: string, mediaType: string, body: string, accept = '*/*'): Promise<string> =>
    ask({ method: 'POST', path, mediaType, accept, body });

  for (const [type, keys] of Object.entries(PLANNED)) {
    t.test(`command lines from ${type}`, async (t) => {
      const { mediaType, example, body, execute, picture } = await openOperation('plans', 'createArgv');
      await mediaType.selectOption(type);
      for (const key of keys) {
        await example.selectOption(key);
        const shown = await execute();
        t.equal(shown.status, 200, `${key} works at once`);
        const direct = await askFor('/argv', type, await body.inputValue());
        t.equal(shown.sent, direct, 'a direct request is answered the same');
        t.strictSame(JSON.parse(shown.text), JSON.parse(direct), 'and the page shows it');
        const [binary, machine] = JSON.parse(shown.text).argv;
        t.match([binary, machine], [/qemu-system-/, '-machine'], 'argv can be read');
        t.match(await shown.table.textContent(), /Request duration\d+ ms/, 'and how long it took');
        t.equal(runSnippet(shown.snippet), direct, 'the curl snippet brings the same');
        if (key === 'kernel-dev') await picture(`argv-${type.replace('application/', '')}`);
      }
      t.strictSame(takeComplaints(), []);
    });
  }

  t.test('every planning operation has the same examples in both media types', async (t) => {
    const planning = operations.filter(({ operation }) => operation.requestBody?.content[TOML_TYPE]);
    t.ok(planning.length >= 3, 'the planning operations');
    for (const { path, operation } of planning) {
      const { operationId, tags, requestBody } = operation;
      const { mediaType, example, body, execute } = await openOperation(String(tags[0]), operationId);
      const keys = [...PLANNED[TOML_TYPE], 'mistakes'];
      const offered = await example.locator('option').evaluateAll((all) => all.map(({ value }) => value));
      t.ok(
        keys.every((key) => offered.includes(key)),
        `${operationId}: the examples`,
      );
      // All of them on one operation: that they are the same on the others is tested without a browser.
      for (const key of operationId === 'createArgv' ? keys : ['kernel-dev']) {
        await example.selectOption(key);
        for (const type of [JSON_TYPE, TOML_TYPE]) {
          const about = `${operationId} ${key} ${type}`;
          await mediaType.selectOption(type);
          t.equal(await example.inputValue(), key, `${about}: still chosen`);
          const value = requestBody?.content[type]?.examples?.[key]?.value;
          const text = await body.inputValue();
          t.strictSame(type === TOML_TYPE ? text : JSON.parse(text), value, `${about}: in the editor`);
        }
      }
      const direct = await askFor(path, TOML_TYPE, await body.inputValue());
      t.strictSame(withoutRequestId((await execute()).sent), withoutRequestId(direct), operationId);
    }
    const others = takeComplaints().filter((complaint) => !REFUSED.test(complaint));
    t.strictSame(others, []);
  });

  t.test('operations that take something else', async (t) => {
    for (const { method, path, operation } of operations) {
      const { operationId, tags, requestBody } = operation;
      if (method !== 'post' || requestBody?.content[TOML_TYPE]) continue;
      const { body, execute, picture } = await openOperation(String(tags[0]), operationId);
      const { status, sent } = await execute();
      t.equal(status, 200, `${operationId}: its first example works at once`);
      t.equal(sent, await askFor(path, JSON_TYPE, await body.inputValue()), 'and is answered as directly');
      await picture(operationId);
    }
    t.strictSame(takeComplaints(), []);
  });

  t.test('a profile with three mistakes', async (t) => {
    const { mediaType, example, execute, picture } = await openOperation('plans', 'planStart');
    await mediaType.selectOption(TOML_TYPE);
    await example.selectOption('mistakes');
    const { status, sent, text, table } = await execute();
    t.equal(status, 422);
    const problem = JSON.parse(text);
    t.strictSame(problem, JSON.parse(sent), 'shown as it came');
    t.equal(problem.code, 'profile-invalid');
    t.equal(problem.errors.length, 3);
    // Whether this host has QEMU has nothing to do with the example.
    const others = problem.warnings.filter(({ code }: { code: string }) => code !== 'qemu-binary-not-found');
    t.strictSame(others, [], 'and nothing besides');
    for (const { message } of problem.errors)
      t.ok(await table.getByText(JSON.stringify(message)).first().isVisible(), message);
    await picture('mistakes');
    t.match(takeComplaints(), [REFUSED], 'Chromium says that it was refused, and nothing else');
  });

  t.test('a plan from a JSON request', async (t) => {
    const { example, body, execute, picture } = await openOperation('plans', 'planStart');
    await example.selectOption('arm-mac');
    const shown = await execute();
    t.equal(shown.status, 200);
    t.equal(shown.sent, await askFor('/plans/start', JSON_TYPE, await body.inputValue()));
    const plan = JSON.parse(shown.text);
    t.strictSame(plan, JSON.parse(shown.sent));
    t.match(plan, { category: 'vm', metadata: { acceleration_resolved: 'hvf', host: { os: 'darwin' } } });
    t.equal(
      runSnippet(shown.snippet),
      shown.sent,
      'the curl snippet brings the same plan, with the same hash',
    );
    await picture('plan');
    t.strictSame(takeComplaints(), []);
  });

  t.test('what is written by hand', async (t) => {
    const { root, mediaType, example, body, execute, picture } = await openOperation('plans', 'createArgv');
    await example.selectOption('minimal');
    await mediaType.selectOption(TOML_TYPE);
    const profile = await body.inputValue();
    const odd = `it's $HOME \`id\` \\\\ \\" %s !! & é 漢`;
    await body.fill(profile.replace('name = "minimal"', `name = "mine"\ndescription = "${odd}"`));
    t.equal(await example.locator('option:checked').textContent(), '[Modified value]');
    const shown = await execute();
    t.equal(shown.status, 200);
    t.equal(JSON.parse(shown.text).profile_name, 'mine');
    t.equal(runSnippet(shown.snippet), shown.sent, 'the curl snippet keeps every character');
    await root.locator('.response-control-media-type--accept-controller select').selectOption('text/plain');
    const line = await execute();
    t.equal(line.sent, await askFor('/argv', TOML_TYPE, await body.inputValue(), 'text/plain'));
    t.equal(line.text, line.sent, 'a line for a shell is shown as it is');
    t.match(line.snippet, /accept: text\/plain/);
    await picture('shell-line');
    await mediaType.selectOption(JSON_TYPE);
    t.match(
      await body.inputValue(),
      /^schema_version/,
      'switching keeps the edited text, as the document says',
    );
    await root.getByRole('button', { name: 'Reset' }).click();
    t.type(JSON.parse(await body.inputValue()).profile, 'object', 'and Reset brings the example back');
    t.strictSame(takeComplaints(), []);
  });

  t.test('the doctor', async (t) => {
    const { root, execute, picture } = await openOperation('doctor', 'examineHost');
    await root.getByPlaceholder('category').fill('qemu,acceleration');
    const { status, sent, text } = await execute();
    t.equal(status, 200);
    t.strictSame(JSON.parse(text), JSON.parse(sent));
    const path = '/doctor?profile=minimal&category=qemu%2Cacceleration';
    t.equal(sent, await ask({ method: 'GET', path }), 'a direct request is answered the same');
    t.ok(JSON.parse(text).findings.length > 0, 'with findings');
    await picture('doctor');
    t.strictSame(takeComplaints(), []);
  });

  t.test('whatever can be got, can be got at once', async (t) => {
    await open();
    for (const { method, path, operation } of operations) {
      // Showing a document of its own size takes the page longer than all the rest.
      if (method !== 'get' || path.startsWith('/openapi.')) continue;
      if (!(operation.parameters ?? []).every(isFilledIn)) continue;
      const { root, execute } = operationOn(page, String(operation.tags[0]), operation.operationId);
      await root.locator('.opblock-summary-control').click();
      t.equal((await execute()).status, 200, path);
      const [text = ''] = await root.allInnerTexts();
      t.notMatch(text, /additionalProp\d/, `${path}: no placeholders in the examples`);
      await root.locator('.opblock-summary-control').click();
    }
    t.strictSame(takeComplaints(), []);
  });
}

function isFilledIn({ required, example, schema }: Parameter): boolean {
  return !required || example !== undefined || schema.enum !== undefined;
}

/** Problems have a number of their own each. */
function withoutRequestId(text: string): unknown {
  const { request_id, ...rest } = JSON.parse(text);
  return rest;
}
