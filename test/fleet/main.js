/**
 * Two instances of the service behind real balancers: the same answers from both, and no request lost while one after the
 * other is restarted. `OTHER_NODE=PROGRAM npm run fleet`, with another major version of Node; needs nginx and haproxy.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { newReport } from '../proof/report.js';
import { startHaproxy, startNginx } from './balancers.js';
import { startInstances } from './instances.js';
import { EVIDENCE } from './places.js';
import { proveKeptConnections, proveLossIsNoticed, proveRollingRestart } from './restarts.js';
import { proveSameAnswers } from './same_answers.js';

const begun = performance.now();
// One for each process that is started.
process.setMaxListeners(100);
const report = newReport();
try {
  await proveAll();
} catch (error) {
  report.check(false, 'the fleet ran', error instanceof Error ? error.stack : error);
}
report.note(`${((performance.now() - begun) / 1000).toFixed(1)} s`);
const { passed, failed } = report.counts();
console.log(`${passed} checks passed, ${failed} failed`);
// Whatever is still open, and with it every process that was started.
process.exit(failed === 0 && passed > 0 ? 0 : 1);

async function proveAll() {
  rmSync(EVIDENCE, { recursive: true, force: true });
  mkdirSync(EVIDENCE, { recursive: true });
  const { OTHER_NODE = process.execPath } = process.env;
  if (OTHER_NODE === process.execPath) report.note('OTHER_NODE has to name the program of another Node');
  const instances = await startInstances([process.execPath, OTHER_NODE]);
  const haproxy = await startHaproxy(instances);
  const nginx = await startNginx(instances);
  await proveSameAnswers(report, instances, [haproxy, nginx]);
  await proveRollingRestart(report, instances, haproxy);
  await proveRollingRestart(report, instances, nginx);
  await proveKeptConnections(report, instances);
  await proveLossIsNoticed(report, instances, haproxy);
  await Promise.all([haproxy, nginx].map((balancer) => balancer.stop()));
  await Promise.all(instances.map(({ service }) => service.stop()));
}
