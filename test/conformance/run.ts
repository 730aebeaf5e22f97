/**
 * Real QEMU against the service: what the service answers is started, paused, and compared with the profile.
 * `npm run conformance -- --cases=N --seed=S --only=TEXT`, with QEMU_PREFIX for a QEMU that is not installed.
 */
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { agreementCases, checkAgreement } from './accepted/agreement_cases.ts';
import { CANARIES, checkCanary } from './accepted/canaries.ts';
import { checkAccepted } from './accepted/check_accepted.ts';
import { checkDaemon, DAEMON_CASES } from './accepted/daemon_cases.ts';
import { edgeCases } from './accepted/edge_cases.ts';
import { exampleCases, goldenCases, NO_MAC } from './accepted/example_cases.ts';
import {
  NO_BLOCK_DEVICES,
  NO_DAEMON,
  NO_HOST_DEVICES,
  NO_SCREEN,
  NO_TERMINAL,
  NO_VHOST,
  NO_VSOCK,
} from './accepted/fit.ts';
import { checkMigrated, migratedCases } from './accepted/migrated_cases.ts';
import { checkPanic, PANIC_CASES } from './accepted/panic_cases.ts';
import { randomCases } from './accepted/random_cases.ts';
import { checkWarned, WARNED_CASES } from './accepted/warned_cases.ts';
import { bootCases, checkBoot } from './boot/boot_cases.ts';
import { BESIDE_CASES, checkBeside, checkLinux, LINUX_CASES } from './boot/linux_cases.ts';
import { checkPair, PAIR_CASES } from './boot/pair_cases.ts';
import { CAPABILITY_CASES, checkCapabilities } from './capabilities/capability_cases.ts';
import { checkHelpers, HELPER_CASES } from './helpers/helper_cases.ts';
import { VIRTIOFSD } from './helpers/virtiofsd.ts';
import { checkImage } from './images/check_image.ts';
import { checkUse } from './images/check_use.ts';
import { IMAGE_CASES } from './images/image_cases.ts';
import { USE_CASES } from './images/use_cases.ts';
import { runInPlace } from './in_place.ts';
import { type Lane, openLane } from './lane.ts';
import { ImageTemplates } from './make_files.ts';
import { checkLink, LINK_CASES } from './network/link_cases.ts';
import { checkList, listCases } from './network/list_cases.ts';
import { checkNetwork, NETWORK_CASES } from './network/network_cases.ts';
import { Sandbox } from './qemu/sandbox.ts';
import { checkRefused } from './refused/check_refused.ts';
import { checkPolicy, POLICY_CASES } from './refused/policy_cases.ts';
import { refusedCases } from './refused/refused_cases.ts';
import { type Results, report } from './report.ts';
import { checkViewer, VIEWER_CASES } from './screen/viewer_cases.ts';
import { BINARIES, findProgram, LOGS, readSettings } from './settings.ts';
import { checkSituation, situationCases } from './situations/situation_cases.ts';
import { runTasks, tasksOf } from './tasks.ts';

/** One in so many random profiles of version 1 is tried as one of version 2 too. */
const MIGRATED_SHARE = 6;

const TOOLS = [
  ...Object.values(BINARIES),
  'qemu-img',
  'qemu-io',
  'ip',
  'passt',
  'unshare',
  'setpriv',
  'mcopy',
  'swtpm',
  'cloud-localds',
  'xorriso',
];

async function main(): Promise<boolean> {
  const start = Date.now();
  const settings = readSettings(process.argv.slice(2), process.env);
  runInPlace(settings.prefix);
  const missing = TOOLS.filter((tool) => findProgram(tool, `${settings.path}:/usr/sbin:/sbin`) === null);
  if (missing.length > 0) throw new Error(`not installed: ${missing.join(', ')}`);
  if (!existsSync(VIRTIOFSD)) throw new Error('no virtiofsd: sh test/conformance/helpers/get_virtiofsd.sh');
  mkdirSync(LOGS, { recursive: true });
  const sandbox = new Sandbox();
  const images = new ImageTemplates(join(LOGS, 'images'), settings.path);
  const lanes = await Promise.all([0, 1].map((index) => openLane(index, settings, sandbox, images)));

  const golden = goldenCases(lanes);
  const { cases, seed } = settings;
  const half = Math.ceil(cases / 2);
  const random = [...randomCases(lanes, 1, half, seed), ...randomCases(lanes, 2, half, seed)];
  const acceptedCases = [...exampleCases(lanes), ...golden.cases, ...edgeCases(lanes), ...random];
  // Of the random ones a few.
  const migrating = [
    ...exampleCases(lanes),
    ...golden.cases,
    ...random.slice(0, Math.ceil(half / MIGRATED_SHARE)),
  ];
  const results: Results = {
    accepted: [],
    migrated: [],
    refused: [],
    agreements: [],
    warned: [],
    policies: [],
    canaries: [],
    networks: [],
    lists: [],
    situations: [],
    images: [],
    boots: [],
    capabilities: [],
    daemons: [],
    viewers: [],
    broken: [],
    notHad: [
      ...golden.notHad,
      NO_MAC,
      NO_BLOCK_DEVICES,
      NO_DAEMON,
      NO_VHOST,
      NO_VSOCK,
      NO_TERMINAL,
      NO_SCREEN,
      NO_HOST_DEVICES,
    ],
  };
  const tasks = [
    ...tasksOf('canary', CANARIES, checkCanary, results.canaries),
    ...tasksOf('accepted', acceptedCases, checkAccepted, results.accepted),
    ...tasksOf('migrated', migratedCases(migrating), checkMigrated, results.migrated),
    ...tasksOf('refused', refusedCases(lanes), checkRefused, results.refused),
    ...tasksOf('agreement', agreementCases(), checkAgreement, results.agreements),
    ...tasksOf('warned', WARNED_CASES, checkWarned, results.warned),
    ...tasksOf('image', IMAGE_CASES, checkImage, results.images),
    ...tasksOf('image in use', USE_CASES, checkUse, results.images),
    ...tasksOf('helper', HELPER_CASES, checkHelpers, results.images),
    ...tasksOf('boot', LINUX_CASES, checkLinux, results.boots),
    ...tasksOf('boot', BESIDE_CASES, checkBeside, results.boots),
    ...tasksOf('boot', PAIR_CASES, checkPair, results.boots),
    ...tasksOf('viewer', VIEWER_CASES, checkViewer, results.viewers),
    ...tasksOf('daemon', DAEMON_CASES, checkDaemon, results.daemons),
    ...tasksOf('panic', PANIC_CASES, checkPanic, results.daemons),
    ...tasksOf('boot', bootCases(lanes[0] as Lane), checkBoot, results.boots),
    ...tasksOf('capability', CAPABILITY_CASES, checkCapabilities, results.capabilities),
    ...tasksOf('policy', POLICY_CASES, checkPolicy, results.policies),
    ...tasksOf('network', NETWORK_CASES, checkNetwork, results.networks),
    ...tasksOf('network', LINK_CASES, checkLink, results.networks),
    ...tasksOf('network', listCases(settings.cases, settings.seed), checkList, results.lists),
    ...tasksOf('situation', situationCases(half, settings.seed), checkSituation, results.situations),
  ];
  await runTasks(
    tasks.filter(({ name }) => name.includes(settings.only)),
    lanes,
    results.broken,
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
