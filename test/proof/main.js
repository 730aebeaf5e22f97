/** Runs the proofs, all of them or those that are named: `npm run proof -- system-calls`. A proof that cannot run has failed. */
import { newReport } from './report.js';

/** @type {Record<string, () => Promise<{ prove: (report: import('./report.js').Report) => Promise<void> }>>} */
const PROOFS = {
  'system-calls': () => import('./system_calls.js'),
  sealed: () => import('./sealed.js'),
  files: () => import('./files.js'),
  faults: () => import('./faults.js'),
  access: () => import('./access.js'),
  looks: () => import('./looks.js'),
};

const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(PROOFS);
// One for each service that is started.
process.setMaxListeners(100);
const report = newReport();
for (const name of names) {
  console.log(`# ${name}, Node ${process.version}`);
  const begun = performance.now();
  try {
    const proof = await PROOFS[name]?.();
    if (proof === undefined) report.check(false, `there is a proof ${name}`);
    await proof?.prove(report);
  } catch (error) {
    report.check(false, `${name} ran`, error instanceof Error ? error.stack : error);
  }
  report.note(`${name}: ${((performance.now() - begun) / 1000).toFixed(1)} s`);
}
const { passed, failed } = report.counts();
console.log(`${passed} checks passed, ${failed} failed`);
// Whatever is still open, and with it every service that a failed proof has left.
process.exit(failed === 0 && passed > 0 ? 0 : 1);
