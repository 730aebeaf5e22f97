/** Headless Chromium on a host name that is not localhost. Nothing of its network is there but the service. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import type { Test } from 'tap';
import { EVIDENCE } from './service.ts';

export const HOST = 'planner.test';

const FLAGS = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
  `--host-resolver-rules=MAP ${HOST} 127.0.0.1, MAP * ~NOTFOUND`,
];
/** Milliseconds; far more than anything takes, for machines that are busy with other things. */
const PATIENCE = 60_000;

export interface Session {
  readonly page: Page;
  /** Every URL that the page asked for. */
  readonly requests: readonly string[];
  /** What the console, scripts and the network have complained about since they were last taken. */
  readonly takeComplaints: () => string[];
}

/** Opens a browser without a past; it ends with the test. */
export async function openBrowser(t: Test): Promise<Session> {
  const profile = join(EVIDENCE, 'profile');
  mkdirSync(profile, { recursive: true });
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: FLAGS,
    colorScheme: 'light',
    viewport: { width: 1280, height: 2000 },
    // It writes to the home folder whatever its own folder is.
    env: { ...process.env, HOME: profile, XDG_CONFIG_HOME: profile, XDG_CACHE_HOME: profile },
  });
  t.teardown(() => context.close());
  context.setDefaultTimeout(PATIENCE);
  const page = context.pages()[0] ?? (await context.newPage());
  const requests: string[] = [];
  let complaints: string[] = [];
  context.on('request', (request) => requests.push(request.url()));
  page.on('websocket', (socket) => requests.push(socket.url()));
  page.on('console', (message) => {
    const isAskedAgain = message.text().includes('a status of 503');
    if (['error', 'warning'].includes(message.type()) && !isAskedAgain) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('requestfailed', (request) => {
    const reason = String(request.failure()?.errorText);
    // Leaving the page ends what it still waits for.
    if (reason !== 'net::ERR_ABORTED') complaints.push(`${request.url()}: ${reason}`);
  });
  const takeComplaints = (): string[] => {
    const taken = complaints;
    complaints = [];
    return taken;
  };
  return { page, requests, takeComplaints };
}
