/**
 * Real QEMU against the service: what the service answers is started, paused, and compared with the profile.
 * `npm run conformance -- --cases=N --seed=S --only=TEXT`, with QEMU_PREFIX for a QEMU that is not installed.
 */
import { mkdirSync } from 'node:fs';
import { agreementCases, checkAgreement } from './accepted/agreement_cases.ts';
import { CANARIES, checkCanary } from './accepted/canaries.ts';
import { checkAccepted } from './accepted/check_accepted.ts';
import { edgeCases } from './accepted/edge_cases.ts';
import { exampleCases, goldenCases } from './accepted/example_cases.ts';
import { randomCases } from './accepted/random_cases.ts';
import { checkWarned, WARNED_CASES } from './accepted/warned_cases.ts';
import { checkImage } from './images/check_image.ts';
import { checkUse } from './images/check_use.ts';
import { IMAGE_CASES } from './images/image_cases.ts';
import { USE_CASES } from './images/use_cases.ts';
import { openLane } from './lane.ts';
import { checkList, listCases } from './network/list_cases.ts';
import { checkNetwork, NETWORK_CASES } from './network/network_cases.ts';
import { Sandbox } from './qemu/sandbox.ts';
import { checkRefused } from './refused/check_refused.ts';
import { checkPolicy, POLICY_CASES } from './refused/policy_cases.ts';
import { refusedCases } from './refused/refused_cases.ts';
import { type Results, report } from './report.ts';
import { BINARIES, findProgram, LOGS, readSettings } from './settings.ts';
import { runTasks, tasksOf } from './tasks.ts';

const TOOLS = [...Object.values(BINARIES), 'qemu-img', 'ip', 'unshare', 'setpriv'];

async function main(): Promise<boolean> {
  const start = Date.now();
  const settings = readSettings(process.argv.slice(2), process.env);
  const missing = TOOLS.filter((tool) => findProgram(tool, `${settings.path}:/usr/sbin:/sbin`) === null);
  if (missing.length > 0) throw new Error(`not installed: ${missing.join(', ')}`);
  mkdirSync(LOGS, { recursive: true });
  const sandbox = new Sandbox();
  const lanes = await Promise.all([0, 1].map((index) => openLane(index, settings, sandbox)));

  const golden = goldenCases(lanes);
  const random = randomCases(lanes, settings.cases, settings.seed);
  const acceptedCases = [...exampleCases(lanes), ...golden.cases, ...edgeCases(lanes), ...random];
  const results: Results = {
    accepted: [],
    refused: [],
    agreements: [],
    warned: [],
    policies: [],
    canaries: [],
    networks: [],
    lists: [],
    images: [],
    notHad: golden.notHad,
  };
  const tasks = [
    ...tasksOf('canary', CANARIES, checkCanary, results.canaries),
    ...tasksOf('accepted', acceptedCases, checkAccepted, results.accepted),
    ...tasksOf('refused', refusedCases(lanes), checkRefused, results.refused),
    ...tasksOf('agreement', agreementCases(), checkAgreement, results.agreements),
    ...tasksOf('warned', WARNED_CASES, checkWarned, results.warned),
    ...tasksOf('image', IMAGE_CASES, checkImage, results.images),
    ...tasksOf('image in use', USE_CASES, checkUse, results.images),
    ...tasksOf('policy', POLICY_CASES, checkPolicy, results.policies),
    ...tasksOf('network', NETWORK_CASES, checkNetwork, results.networks),
    ...tasksOf('network', listCases(settings.cases, settings.seed), checkList, results.lists),
  ];
  await runTasks(
    tasks.filter(({ name }) => name.includes(settings.only)),
    lanes,
  );
  for (const lane of lanes) lane.service.stop();
  return report(results, (Date.now() - start) / 1000);
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1));
main().then(
  (isWell) => process.exit(isWell ? 0 : 1),
  (error: Error) => {
    process.stderr.write(`${error.stack}\n`);
    process.stdout.write('0 passed, 1 failed\n');
    process.exit(1);
  },
);
