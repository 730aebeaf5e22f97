/** The page at `/`: a profile, and what it becomes as it is written. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import axe from 'axe-core';
import type { Test } from 'tap';
import { REPOSITORY } from '../help/service.ts';
import { HOST } from './chromium.ts';
import type { Docs } from './docs.ts';
import { EVIDENCE, startSealed } from './service.ts';

/** All files of the page together, in bytes. */
const LARGEST = 150_000;
/** An answer that says what is wrong is in the console of the browser whatever the page makes of it. */
const REFUSED = /a status of 4(?:00|22)/;

export function testPage(t: Test, { page, visit, takeComplaints }: Docs): void {
  const open = () => visit('/', '.part');
  const complaints = () => takeComplaints().filter((text) => !REFUSED.test(text));
  const picture = (name: string) =>
    page.screenshot({ path: join(EVIDENCE, `page-${name}.png`), fullPage: true });
  const text = () => page.locator('#profile').inputValue();
  const tab = (name: string) => page.locator(`#tab-${name}`).click();
  /** On a host that is described, so that every example has what it needs. */
  const takeExample = async (name: string) => {
    await page.locator('#host').selectOption({ index: 1 });
    await page.locator('#example').selectOption(name);
    await page.locator('.part.g-name', { hasText: `-name ${name}` }).waitFor();
  };

  t.test('a profile becomes a command line as it is written', async (t) => {
    await open();
    await page.locator('#profile').fill((await text()).replace('cores = 2', 'cores = 3'));
    await page.locator('.part', { hasText: '-smp 3' }).waitFor();
    t.pass('without a button');
    const line = (await text()).split('\n').indexOf('cores = 3') + 1;
    await page.locator('.part', { hasText: '-smp 3' }).hover();
    t.equal(await page.locator('.number.is-linked').textContent(), String(line), 'a part shows its line');
    await page.locator('.part', { hasText: '-name first' }).hover();
    await page.locator('#profile').evaluate(
      (area, offset) => {
        area.focus();
        area.setSelectionRange(offset, offset);
      },
      (await text()).indexOf('cores = 3'),
    );
    await page.keyboard.press('ArrowRight');
    t.match(await page.locator('.part.is-linked').allInnerTexts(), [/-smp 3/], 'and the line its part');
    t.strictSame(complaints(), []);
  });

  t.test('examples come with their comments, and JSON is taken too', async (t) => {
    await open();
    await takeExample('router');
    t.match(await text(), /^# A router between two networks/m);
    t.equal(await page.locator('.code .is-comment').first().textContent(), (await text()).split('\n')[0]);
    t.equal(await page.locator('.code').textContent(), `${await text()}\n`, 'the colours lie on the text');
    await page.locator('#example').selectOption('macos-shared');
    await page.locator('.part.g-name', { hasText: '-name macos-shared' }).waitFor();
    t.match(await text(), /^# /m, 'one that is for another host too');
    t.match(await page.locator('#host-facts').inputValue(), 'darwin', 'which is chosen with it');
    const profile = {
      schema_version: 2,
      vm: { name: 'json' },
      hardware: { arch: 'x86_64', cores: 1, memory_mb: 512 },
    };
    await page.locator('#profile').fill(JSON.stringify(profile));
    await page.locator('.part.g-name', { hasText: '-name json' }).waitFor();
    await page.locator('#profile').fill('{ "vm": ');
    await page.locator('.issue', { hasText: 'It looks like JSON' }).waitFor();
    t.strictSame(complaints(), []);
  });

  t.test('mistakes are marked where they are', async (t) => {
    await open();
    const good = await text();
    const line = good.split('\n').indexOf('memory_mb = 2048') + 1;
    await page.locator('#profile').fill(good.replace('memory_mb = 2048', 'memory_mb = "4G"'));
    await page.locator('.issue.is-error').waitFor();
    t.equal(await page.locator('.number.is-error').textContent(), String(line));
    t.match(await page.locator('#verdict').textContent(), /^1 error/);
    t.ok(await page.locator('#stale').isVisible(), 'what is shown beside it is said to be old');
    await picture('mistake');
    await page.locator('.issue.is-error .place').click();
    const place = await page.evaluate<number>('document.activeElement.selectionStart');
    t.equal(good.slice(0, place).split('\n').length, line, 'and led to');
    await page.locator('#profile').fill('[vm\n');
    await page.locator('.issue', { hasText: 'malformed-toml' }).waitFor();
    t.equal(await page.locator('.number.is-error').textContent(), '1');
    await page.locator('#profile').fill(good);
    await page.locator('.issue.is-error').waitFor({ state: 'detached' });
    t.notOk(await page.locator('#stale').isVisible());
    t.strictSame(complaints(), []);
  });

  t.test('the machine, the plan, and what changed', async (t) => {
    await open();
    await takeExample('windows-11');
    await tab('machine');
    await page.locator('.box', { hasText: 'CD-ROM setup' }).focus();
    t.ok(await page.locator('.number.is-linked').count(), 'a box shows its lines');
    t.ok(
      await page.locator('.thing.is-unknown', { hasText: 'device:/dev/kvm' }).count(),
      'what is unknown is dashed',
    );
    await picture('machine');
    await tab('plan');
    const planText = () => page.locator('.plan').textContent();
    t.match(await planText(), /medium risk[\s\S]*Steps \(\d+\)[\s\S]*Open questions/);
    t.notMatch(await planText(), /To be made first/, 'nobody has looked at that host');
    await picture('plan');
    await tab('compare');
    await page.locator('#panel-compare button').click();
    await page.locator('#difference', { hasText: 'byte for byte' }).waitFor();
    await page.locator('#profile').fill((await text()).replace('cores = 4', 'cores = 6'));
    await page.locator('#difference ins', { hasText: '-smp 6' }).waitFor();
    await picture('compare');
    t.strictSame(complaints(), []);
  });

  t.test('what has to be there first, on this host', async (t) => {
    await open();
    await tab('plan');
    await page.locator('.plan', { hasText: /To be made first \(\d+\)[\s\S]*qemu-img create/ }).waitFor();
    t.strictSame(complaints(), []);
  });

  t.test('by keyboard alone', async (t) => {
    await open();
    await page.locator('#tab-argv').focus();
    for (const name of ['machine', 'plan', 'compare', 'argv']) {
      await page.keyboard.press('ArrowRight');
      t.equal(await page.locator('[role=tab][aria-selected=true]').getAttribute('id'), `tab-${name}`);
      t.equal(await page.evaluate('document.activeElement.id'), `tab-${name}`);
    }
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    t.ok(await page.evaluate('document.activeElement.matches(".part")'), 'from a view to what is in it');
  });

  t.test('for everybody, on small and large screens, by day and by night', async (t) => {
    t.teardown(async () => {
      await page.emulateMedia({ colorScheme: 'light' });
      await page.setViewportSize({ width: 1280, height: 2000 });
    });
    for (const colorScheme of ['light', 'dark'] as const)
      for (const width of [390, 1280]) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height: 900 });
        await open();
        await takeExample('database');
        await page.evaluate(axe.source);
        for (const name of ['argv', 'machine', 'plan', 'compare']) {
          await tab(name);
          const about = `${name}, ${width}, ${colorScheme}`;
          const { violations } = await page.evaluate<axe.AxeResults>('axe.run(document)');
          t.strictSame(
            violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`),
            [],
            about,
          );
          const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
          t.ok(overflow <= 0, `${about}: nothing is wider than the screen`);
          await picture(`${name}-${width}-${colorScheme}`);
        }
      }
    t.strictSame(complaints(), []);
  });

  t.test('a service with tokens is asked with one, which the page forgets', async (t) => {
    const { port } = await startSealed(t, ['VMLAB_API_TOKENS=one,two']);
    for (const _ of ['at first', 'and when it is loaded again']) {
      await page.goto(`http://${HOST}:${port}/`);
      await page.locator('#token').fill('three');
      await page.keyboard.press('Enter');
      await page.locator('#token').fill('two');
      await page.keyboard.press('Enter');
      await page.locator('.part.g-name').waitFor();
    }
    t.equal(await page.evaluate('localStorage.length + sessionStorage.length + document.cookie.length'), 0);
    await page.goto('about:blank');
    const others = complaints().filter((text) => !text.includes('a status of 401'));
    t.strictSame(others, []);
  });

  t.test('its size', (t) => {
    const folder = join(REPOSITORY, 'dist', 'page');
    const size = readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
    t.ok(size < LARGEST, `${size} bytes`);
    t.end();
  });
}
