/** What the page looks like: its parts and their order, schemas that can be read, contrast. */
import { join } from 'node:path';
import axe from 'axe-core';
import type { Test } from 'tap';
import { until } from '../help/until.ts';
import type { Docs } from './docs.ts';
import { EVIDENCE } from './service.ts';

export function testLooks(
  t: Test,
  { page, open, openOperation, operations, tags, takeComplaints }: Docs,
): void {
  t.test('the page', async (t) => {
    await open();
    t.equal(await page.title(), 'vmlab-planner');
    const logo = page.locator('.topbar img');
    t.equal(await logo.getAttribute('alt'), 'vmlab-planner');
    t.ok(await logo.evaluate((image) => image.naturalWidth > 0), 'the logo is drawn');
    const icon = await page.locator('link[rel=icon]').getAttribute('href');
    t.match(icon, 'icon.svg', 'an icon of its own');
    const shownTags = await page
      .locator('.opblock-tag')
      .evaluateAll((all) => all.map((tag) => tag.dataset.tag));
    t.strictSame(shownTags, tags, 'tags in the order of the document');
    const ids = await page.locator('.opblock').evaluateAll((all) => all.map(({ id }) => id));
    const expected = tags.flatMap((tag) =>
      operations
        .filter(({ operation }) => operation.tags[0] === tag)
        .map(({ operation }) => `operations-${tag}-${operation.operationId}`),
    );
    t.strictSame(ids, expected, 'and every operation in it');
    t.notOk(
      await page.locator('.authorize, .download-url-wrapper, #servers').locator('visible=true').count(),
    );
    await page.screenshot({ path: join(EVIDENCE, 'page.png') });
    await page.locator('.filter input').fill('doctor');
    await page.locator('#operations-plans-createArgv').waitFor({ state: 'detached' });
    t.ok(
      await page.locator('#operations-doctor-examineHost').isVisible(),
      'the filter leaves what was asked for',
    );
    await page.locator('.filter input').fill('');
    const summary = page.locator('#operations-plans-createArgv .opblock-summary-control');
    await summary.click();
    await page.waitForURL('**/docs/#/plans/createArgv');
    t.pass('an open operation is in the address');
    t.strictSame(takeComplaints(), []);
  });

  t.test('schemas can be read', async (t) => {
    await open();
    const schemas = page.locator('section.models article[data-json-schema-level="0"]');
    t.equal(await schemas.count(), 0, 'folded');
    await page.locator('.models-control').click();
    await schemas.first().waitFor();
    for (const name of ['DiffRequest', 'Finding']) {
      const schema = page.locator('section.models article[data-json-schema-level="0"]', {
        has: page.getByText(name, { exact: true }),
      });
      await schema.locator('button:text("Expand all")').first().click();
      await schema.locator('button:text("Collapse all")').nth(1).waitFor();
      const [text = ''] = await schema.allInnerTexts();
      t.notMatch(text, /additionalProp\d/, `${name}: no placeholders`);
      t.notMatch(text, /^#\d+(?! \S)/m, `${name}: nothing is called by its number alone`);
      t.match(text, /"(info|x86_64)"\s*"(warning|aarch64)"/, `${name}: constants stand in a row`);
      await schema.screenshot({ path: join(EVIDENCE, `schema-${name}.png`) });
    }
    t.strictSame(takeComplaints(), []);
  });

  t.test('problems are a line each, until somebody asks for their examples', async (t) => {
    const { root, picture } = await openOperation('plans', 'createArgv');
    const examples = root.locator('.responses-table .response[data-code^="4"] .model-example');
    const folds = root.locator('.problem-fold');
    t.ok((await folds.count()) > 8, 'every status that is a problem');
    t.equal(await examples.locator('visible=true').count(), 0, 'none is shown');
    const { height = 0 } = (await root.locator('.responses-inner').boundingBox()) ?? {};
    t.ok(height < 2500, `the answers are ${height} pixels high`);
    await picture('problems');
    await folds.first().focus();
    await page.keyboard.press('Enter');
    t.equal(await examples.locator('visible=true').count(), 1, 'one is, by keyboard too');
    t.strictSame(takeComplaints(), []);
  });

  t.test('the page is for everybody, by day and by night', async (t) => {
    t.teardown(() => page.emulateMedia({ colorScheme: 'light' }));
    await page.emulateMedia({ colorScheme: 'dark' });
    const { execute, picture } = await openOperation('plans', 'createArgv');
    await execute();
    await page.locator('.models-control').click();
    await page.locator('section.models button:text("Expand all")').first().click();
    await page.evaluate(axe.source);
    for (const scheme of ['dark', 'light']) {
      const isDark = await page.locator('html').evaluate((html) => html.classList.contains('dark-mode'));
      t.equal(isDark, scheme === 'dark', 'as the system has it, or as the button says');
      await until('colours have changed', () => page.evaluate('document.getAnimations().length === 0'));
      // The buttons that copy, in the button that opens an operation, are Swagger UI's own.
      const options =
        '{ runOnly: ["wcag2a", "wcag2aa"], rules: { "nested-interactive": { enabled: false } } }';
      const { violations } = await page.evaluate<axe.AxeResults>(`axe.run(document, ${options})`);
      const found = violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
      t.strictSame(found, [], 'contrast, names and labels');
      await picture(scheme);
      await page.locator('.dark-mode-toggle button').click();
    }
    t.strictSame(takeComplaints(), []);
  });
}
