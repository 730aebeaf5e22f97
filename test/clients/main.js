/**
 * What strangers make of the documents with tools of their own: clients, types, and what neutral tools say. `npm run clients`;
 * it installs the tools of npm below logs/clients/, and needs python3, go, cargo, and serde from Debian.
 */
import { rmSync } from 'node:fs';
import { newReport } from '../proof/report.js';
import { makeClients, NAMES, tryClient } from './clients.js';
import { tryDocument, trySarif } from './documents.js';
import { MADE } from './places.js';
import { startPlanner } from './service.js';
import { installTools } from './tools.js';
import { LANGUAGE_NAMES, tryTypes } from './types.js';

const begun = performance.now();
const report = newReport();
rmSync(MADE, { recursive: true, force: true });
installTools();
const { baseUrl, stop } = await startPlanner();
await attempt('spectral:oas has nothing to say of the document', () => tryDocument());
await attempt('a tool for SARIF, with the rules of GitHub, has nothing to say of issues', () =>
  trySarif(baseUrl),
);
await attempt(`clients by ${NAMES.length} generators compile`, () => makeClients());
for (const name of NAMES)
  await attempt(`${name}: its client is answered what a direct request is`, () => tryClient(baseUrl, name));
for (const language of LANGUAGE_NAMES)
  await attempt(`${language}: profiles are read into types and written again`, () =>
    tryTypes(baseUrl, language),
  );
await stop();
report.note(`${((performance.now() - begun) / 1000).toFixed(1)} s`);
const { passed, failed } = report.counts();
console.log(`${passed} checks passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);

/** @param {string} statement @param {() => unknown} work What it answers is shown; what it throws fails. */
async function attempt(statement, work) {
  try {
    const said = await work();
    report.check(true, said ? `${statement}: ${said}` : statement);
  } catch (error) {
    report.check(false, statement, error instanceof Error ? error.message : error);
  }
}
