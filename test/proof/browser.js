/**
 * Proof, where Chromium is: Swagger UI comes alive over plain HTTP on a host name that is not localhost, which neither
 * its own content security policy nor that of other packages' defaults allow.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeLab } from './lab.js';
import { EVIDENCE, environmentOf, installService, startService } from './service.js';

const FOLDER = join(EVIDENCE, 'browser');
const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const HOST = 'planner.test';
const FLAGS = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
  ...[`--host-resolver-rules=MAP ${HOST} 127.0.0.1`, '--enable-logging=stderr', '--v=0'],
  ...['--virtual-time-budget=15000', '--dump-dom'],
];

/** @param {import('./report.js').Report} report */
export async function prove(report) {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  const root = installService(join(FOLDER, 'service'));
  const lab = await makeLab(join(FOLDER, 'lab'));
  const service = await startService({
    command: ['sh', join(root, 'src/start_sealed.sh')],
    directory: lab.root,
    environment: environmentOf(lab),
  });
  const page = await browse(`http://${HOST}:${service.port}/docs/`);
  await service.stop();
  lab.close();
  writeFileSync(join(FOLDER, 'dom.html'), page.dom);
  writeFileSync(join(FOLDER, 'console.txt'), page.console);
  for (const text of ['vmlab-planner', '/plans/start', '/argv', '/doctor'])
    report.check(page.dom.includes(text), `Swagger UI shows ${text}`, page.dom.slice(0, 1000));
  const complaints = page.console
    .split('\n')
    .filter((line) => /CONSOLE/.test(line) && /Content.Security|violates|Refused|ERR_|Error/.test(line));
  report.check(complaints.length === 0, 'and the console has no complaint', complaints.join('\n'));
}

/** @param {string} url */
async function browse(url) {
  const child = spawn(CHROMIUM, [...FLAGS, `--user-data-dir=${join(FOLDER, 'profile')}`, url], {
    // It writes to the home folder whatever its own folder is.
    env: { ...process.env, HOME: FOLDER, XDG_CONFIG_HOME: FOLDER, XDG_CACHE_HOME: FOLDER },
  });
  let dom = '';
  let console = '';
  child.stdout.on('data', (chunk) => (dom += chunk));
  child.stderr.on('data', (chunk) => (console += chunk));
  const timer = setTimeout(() => child.kill('SIGKILL'), 60_000);
  await new Promise((resolve) => child.on('close', resolve).on('error', resolve));
  clearTimeout(timer);
  return { dom, console };
}
