/** The page under test: Swagger UI of the built service, in Chromium, with what the OpenAPI document says of it. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import type { Page } from 'playwright-core';
import type { Test } from 'tap';
import type { OpenapiOperation } from '../help/answers.ts';
import { HOST, openBrowser } from './chromium.ts';
import { type Operation, operationOn } from './operation.ts';
import { type Asked, EVIDENCE, startSealed } from './service.ts';

export interface Parameter {
  readonly required: boolean;
  readonly example?: unknown;
  readonly schema: { readonly enum?: readonly unknown[] };
}

interface Documented extends OpenapiOperation {
  readonly tags: readonly string[];
  readonly parameters?: readonly Parameter[];
}

export interface Docs {
  readonly page: Page;
  readonly origin: string;
  /** Every URL that the page asked for. */
  readonly requests: readonly string[];
  /** What the browser has complained about since they were last taken. */
  readonly takeComplaints: () => string[];
  readonly tags: readonly string[];
  readonly operations: readonly { path: string; method: string; operation: Documented }[];
  /** Loads a page of the service anew, until something of it is there and it is drawn. */
  readonly visit: (path: string, selector: string) => Promise<void>;
  /** Loads the page anew, at an anchor or at its top. */
  readonly open: (anchor?: string) => Promise<void>;
  /** Loads the page anew by the deep link to an operation. */
  readonly openOperation: (tag: string, operationId: string) => Promise<Operation>;
  /** Asks the service without the page. */
  readonly ask: (request: Asked) => Promise<string>;
  /** Runs a request for a shell as it stands, in a shell that finds the host name. */
  readonly runSnippet: (snippet: string) => string;
}

/** How often a page is loaded until it is drawn. */
const LOADS = 5;
/** Whether two frames of the page are drawn, one after the other, within five seconds. */
const IS_DRAWN = `new Promise((resolve) => {
  requestAnimationFrame(() => requestAnimationFrame(() => resolve(true)));
  setTimeout(() => resolve(false), 5000);
})`;

/** Starts the service and a browser; both end with the test. */
export async function openDocs(t: Test): Promise<Docs> {
  rmSync(EVIDENCE, { recursive: true, force: true });
  mkdirSync(EVIDENCE, { recursive: true });
  const { port, ask } = await startSealed(t);
  const session = await openBrowser(t);
  const { page } = session;
  const origin = `http://${HOST}:${port}`;
  const document = JSON.parse(await ask({ method: 'GET', path: '/openapi.json' }));
  const load = async (path: string, selector: string): Promise<void> => {
    await page.goto('about:blank');
    const answer = await page.goto(`${origin}${path}`);
    // A machine that is busy with other things holds the service up; it then asks to be asked again.
    if (answer?.status() === 503) {
      session.takeComplaints();
      return load(path, selector);
    }
    await page.locator(selector).first().waitFor();
  };
  // On a busy machine Chromium now and then draws nothing of a page until it is loaded anew; a click waits for a frame.
  const visit = async (path: string, selector: string): Promise<void> => {
    for (let loads = 1; loads <= LOADS; loads += 1) {
      await load(path, selector);
      if (await page.evaluate<boolean>(IS_DRAWN)) return;
      t.comment(`load ${loads} was not drawn: ${page.url()}`);
    }
    throw new Error(`Chromium drew none of ${LOADS} loads of ${origin}${path}`);
  };
  const open = (anchor = ''): Promise<void> => visit(`/docs/${anchor}`, '.opblock');
  return {
    ...session,
    origin,
    tags: document.tags.map(({ name }: { name: string }) => name),
    operations: operationsOf(document.paths),
    visit,
    open,
    async openOperation(tag, operationId) {
      await open(`#/${tag}/${operationId}`);
      const operation = operationOn(page, tag, operationId);
      await operation.root.locator('button.execute').waitFor();
      return operation;
    },
    ask,
    runSnippet: (snippet) => runSnippet(snippet, port),
  };
}

function operationsOf(paths: Record<string, Record<string, Documented>>): Docs['operations'] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
}

function runSnippet(snippet: string, port: number): string {
  const curl = `curl() { command curl --silent --show-error --resolve ${HOST}:${port}:127.0.0.1 "$@"; }`;
  const { stdout, stderr, status } = spawnSync('bash', ['-c', `${curl}\n${snippet}`], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`curl: ${stderr}`);
  return stdout;
}
