/** One operation of Swagger UI, as somebody uses it who looks at the page. */
import { join } from 'node:path';
import type { Locator, Page, Response } from 'playwright-core';
import { EVIDENCE } from './service.ts';

/** What *Execute* brought. */
export interface Shown {
  readonly status: number;
  /** The body of the answer as it came. */
  readonly sent: string;
  /** The same as the page shows it. */
  readonly text: string;
  /** The request for a shell. */
  readonly snippet: string;
  /** The whole table of the answer. */
  readonly table: Locator;
}

export interface Operation {
  readonly root: Locator;
  readonly mediaType: Locator;
  readonly example: Locator;
  readonly body: Locator;
  readonly execute: () => Promise<Shown>;
  /** Keeps a picture of what is on the screen around the request. */
  readonly picture: (name: string) => Promise<void>;
}

export function operationOn(page: Page, tag: string, operationId: string): Operation {
  const root = page.locator(`#operations-${tag}-${operationId}`);
  const request = root.locator('.opblock-section-request-body');
  return {
    root,
    mediaType: request.locator('select.content-type'),
    example: request.locator('select.examples-select-element'),
    body: request.locator('textarea'),
    execute: () => execute(page, root),
    picture: async (name) => {
      await root
        .locator('.opblock-section')
        .first()
        .evaluate((element) => element.scrollIntoView());
      await page.screenshot({ path: join(EVIDENCE, `${name}.png`) });
    },
  };
}

async function execute(page: Page, root: Locator): Promise<Shown> {
  const answer = await answerOf(page, root.locator('button.execute'));
  // The answer before this one is on the page until this one is.
  const requestId = String(answer.headers()['x-request-id']);
  const table = root.locator('table.live-responses-table', { hasText: requestId });
  await table.waitFor();
  return {
    status: answer.status(),
    sent: await answer.text(),
    text: String(await table.locator('.highlight-code code').textContent()),
    snippet: String(await root.locator('.curl-command code').textContent()),
    table,
  };
}

/** A machine that is busy with other things holds the service up; it then asks to be asked again. */
async function answerOf(page: Page, button: Locator): Promise<Response> {
  const answered = page.waitForResponse((response) => response.request().resourceType() === 'fetch');
  const [answer] = await Promise.all([answered, button.click()]);
  return answer.status() === 503 ? answerOf(page, button) : answer;
}
