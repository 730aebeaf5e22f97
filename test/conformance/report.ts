/** What the run has shown: tables for people, JSON for programs, one line of counts. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CheckedAgreement } from './accepted/agreement_cases.ts';
import type { CheckedCanary } from './accepted/canaries.ts';
import type { Checked } from './accepted/check_accepted.ts';
import type { CheckedDaemon } from './accepted/daemon_cases.ts';
import type { NotHad } from './accepted/example_cases.ts';
import type { CheckedMigration } from './accepted/migrated_cases.ts';
import type { CheckedWarning } from './accepted/warned_cases.ts';
import type { CheckedBoot } from './boot/boot_cases.ts';
import type { CheckedCapabilities } from './capabilities/capability_cases.ts';
import { familyOf } from './compare/topics/machine_type.ts';
import type { CheckedImage } from './images/check_image.ts';
import type { CheckedList } from './network/list_cases.ts';
import type { CheckedNetwork } from './network/network_cases.ts';
import type { CheckedRefusal } from './refused/check_refused.ts';
import type { CheckedPolicy } from './refused/policy_cases.ts';
import type { CheckedViewer } from './screen/viewer_cases.ts';
import { LOGS } from './settings.ts';
import type { CheckedSituation } from './situations/situation_cases.ts';
import type { Broken } from './tasks.ts';

export interface Results {
  readonly accepted: Checked[];
  readonly migrated: CheckedMigration[];
  readonly refused: CheckedRefusal[];
  readonly agreements: CheckedAgreement[];
  readonly warned: CheckedWarning[];
  readonly policies: CheckedPolicy[];
  readonly canaries: CheckedCanary[];
  readonly networks: CheckedNetwork[];
  readonly situations: CheckedSituation[];
  readonly lists: CheckedList[];
  readonly images: CheckedImage[];
  readonly boots: CheckedBoot[];
  readonly daemons: CheckedDaemon[];
  readonly capabilities: CheckedCapabilities[];
  readonly viewers: CheckedViewer[];
  readonly broken: Broken[];
  readonly notHad: readonly NotHad[];
}

/** Prints everything; whether all is well. */
export function report(results: Results, seconds: number): boolean {
  writeFileSync(join(LOGS, 'results.json'), `${JSON.stringify(results, null, 1)}\n`);
  const failures = failuresOf(results);
  const tried = results.accepted.filter(({ verdict }) => verdict !== 'not-had');
  const versions = [...new Set(tried.map(({ version }) => version).filter((version) => version !== ''))];
  print(`QEMU ${versions.join(', ')}, ${tried.length} accepted profiles, ${Math.round(seconds)} s`);
  machineTable(tried);
  fieldTable(tried);
  ruleTable(results);
  matrix(results);
  networkTable(results);
  imageTable(results);
  list(
    'What the QEMU has, as the planner says',
    results.capabilities.map(
      ({ name, asked, started, open }) =>
        `${name}: ${asked} asked about, ${started} started, ${open} left open`,
    ),
  );
  list(
    'Booted as planned',
    results.boots.filter(({ isRight }) => isRight).map(({ name }) => name),
  );
  list(
    'Refused by policy, whatever QEMU would do',
    results.policies.map(({ rule, why }) => `${rule}: ${why}`),
  );
  list('Not tried here', notTried(results));
  list('Failures', failures);
  const total = countOf(results);
  print(`${total - failures.length} passed, ${failures.length} failed`);
  return failures.length === 0;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function list(title: string, lines: readonly string[]): void {
  if (lines.length > 0)
    print(`\n${title}:\n${lines.map((line) => `  ${line.replaceAll('\n', '\n    ')}`).join('\n')}\n`);
}

function table(rows: readonly (readonly (string | number)[])[]): void {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => String(row[column]).length)),
  );
  const line = (row: readonly (string | number)[]): string =>
    row
      .map((cell, column) =>
        typeof cell === 'number'
          ? String(cell).padStart(widths[column] ?? 0)
          : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd();
  print(`\n${rows.map(line).join('\n')}`);
}

/** How many profiles of each version there were for each machine. */
function machineTable(tried: readonly Checked[]): void {
  const counts = new Map<string, [number, number]>();
  for (const { profile } of tried) {
    const asked = { profile, arch: profile.hardware.arch, place: (path: string) => path };
    const machine = `${asked.arch} ${familyOf(asked)}`;
    const row = counts.get(machine) ?? [0, 0];
    row[profile.schema_version === 1 ? 0 : 1]++;
    counts.set(machine, row);
  }
  const rows = [...counts].sort().map(([machine, row]) => [machine, ...row]);
  table([['machine', 'version 1', 'version 2'], ...rows]);
}

/** How often each field was compared, and how often it was alike. */
function fieldTable(tried: readonly Checked[]): void {
  const alike = new Map<string, number>();
  const different = new Map<string, number>();
  for (const { agreed, mismatches } of tried) {
    for (const field of agreed) alike.set(field, (alike.get(field) ?? 0) + 1);
    for (const { field } of mismatches) different.set(field, (different.get(field) ?? 0) + 1);
  }
  const fields = [...new Set([...alike.keys(), ...different.keys()])];
  const rows = fields.map((field) => [field, alike.get(field) ?? 0, different.get(field) ?? 0]);
  table([['field', 'alike', 'different'], ...rows]);
}

/** One line for each rule: what QEMU did with profiles that the service refuses by it. */
function ruleTable({ refused, agreements }: Results): void {
  const rules = new Map<string, [number, number, number, number]>();
  const count = (rule: string, column: 0 | 1 | 2 | 3): void => {
    const row = rules.get(rule) ?? [0, 0, 0, 0];
    row[column]++;
    rules.set(rule, row);
  };
  const columns = { refused: 0, harms: 1, stricter: 2, failed: 3 } as const;
  for (const { rule, verdict } of refused) if (verdict !== 'not-had') count(rule, columns[verdict]);
  for (const { service, qemu, rule } of agreements)
    if (service === 'refuses') count(rule, qemu === 'refuses' ? 0 : 2);
  const rows = [...rules].sort().map(([rule, row]) => [rule, ...row]);
  table([['we refuse by', 'QEMU refuses', 'does harm', 'accepts', 'not as said'], ...rows]);
  const reasons = new Set(
    refused.filter(({ verdict }) => verdict === 'stricter').map(({ rule, words }) => `${rule}: ${words}`),
  );
  list('Stricter than QEMU, and why', [...reasons]);
}

/** How often the doctor is right of networks that are made for it, of lists of the bridge helper, and of odd files. */
function networkTable({ networks, lists, situations }: Results): void {
  const wrongNetworks = networks.filter(({ isRight }) => !isRight).length;
  const wrongLists = lists.filter(({ isAlike }) => !isAlike).length;
  table([
    ['the doctor on', 'as QEMU behaves', 'not so'],
    ['networks', networks.length - wrongNetworks, wrongNetworks],
    ['lists of the bridge helper', lists.length - wrongLists, wrongLists],
    ...[true, false].map((isFine) => {
      const some = situations.filter((one) => one.isFine === isFine);
      const wrong = some.filter(({ isRight }) => !isRight).length;
      return [isFine ? 'files that it calls fine' : 'files that it warns of', some.length - wrong, wrong];
    }),
  ]);
}

function matrix({ accepted, refused, agreements, warned }: Results): void {
  const of = <Element>(elements: readonly Element[], test: (element: Element) => boolean): number =>
    elements.filter(test).length;
  const isAccepted = ({ service }: CheckedAgreement): boolean => service !== 'refuses';
  const bothAccept =
    of(accepted, ({ verdict }) => verdict === 'agreed' || verdict === 'differs') +
    of(agreements, (each) => isAccepted(each) && each.qemu === 'accepts');
  const bothRefuse =
    of(refused, ({ verdict }) => verdict === 'refused') +
    of(agreements, ({ service, qemu }) => service === 'refuses' && qemu === 'refuses');
  const harms = of(refused, ({ verdict }) => verdict === 'harms');
  const stricter =
    of(refused, ({ verdict }) => verdict === 'stricter') +
    of(agreements, ({ service, qemu }) => service === 'refuses' && qemu === 'accepts');
  table([
    ['', 'QEMU accepts', 'QEMU refuses', 'QEMU does harm'],
    ['we accept', bothAccept, thirdNumber({ accepted, agreements }), 0],
    [
      'we accept, with a warning',
      0,
      of(warned, ({ isRight }) => isRight) +
        of(agreements, (each) => each.service === 'warns' && each.qemu === 'refuses'),
      0,
    ],
    [
      'we accept, and ask about the CPU model',
      0,
      of(agreements, (each) => each.service === 'asks' && each.qemu === 'refuses'),
      0,
    ],
    ['we refuse', stricter, bothRefuse, harms],
  ]);
}

/** What is said of an image by its header, beside what QEMU does with it. */
function imageTable({ images }: Results): void {
  const rows = images.map(({ name, codes, words }) => [name, codes.join(' ') || 'nothing', words]);
  list(
    'Images: what we say, and what QEMU does',
    rows.map(([name, codes, words]) => `${name}: ${codes} / ${shortened(`${words}`).split('\n')[0]}`),
  );
}

/** Accepted without a word, and refused by QEMU: has to be 0. */
function thirdNumber({ accepted, agreements }: Pick<Results, 'accepted' | 'agreements'>): number {
  return (
    accepted.filter(({ verdict }) => verdict === 'refused-by-qemu').length +
    agreements.filter(({ service, qemu }) => service === 'accepts' && qemu === 'refuses').length
  );
}

function notTried({ accepted, refused, notHad }: Results): string[] {
  const skipped = accepted.filter(({ verdict }) => verdict === 'not-had');
  const random = skipped.filter(({ kind }) => kind === 'random');
  return [
    ...notHad.map(({ name, why }) => `${name}: ${why}`),
    ...skipped.filter(({ kind }) => kind !== 'random').map(({ name, words }) => `${name}: ${words}`),
    ...random.slice(0, 1).map(({ words }) => `${random.length} random profiles: ${words}`),
    ...refused
      .filter(({ verdict }) => verdict === 'not-had')
      .map(({ rule, name, words }) => `${rule}, ${name}: ${words}`),
  ];
}

function countOf({ accepted, refused, notHad, ...others }: Results): number {
  const tried = [...accepted, ...refused].filter(({ verdict }) => verdict !== 'not-had');
  return Object.values(others).reduce((sum, { length }) => sum + length, tried.length);
}

function failuresOf(results: Results): string[] {
  const {
    accepted,
    migrated,
    refused,
    agreements,
    warned,
    policies,
    canaries,
    networks,
    lists,
    situations,
    images,
    boots,
    daemons,
    capabilities,
    viewers,
    broken,
  } = results;
  return [
    ...accepted.filter(({ verdict }) => verdict !== 'agreed' && verdict !== 'not-had').map(acceptedFailure),
    ...migrated
      .filter(({ isSame }) => !isSame)
      .map(({ name, words }) => `in version 2 something moves, ${name}: ${shortened(words)}`),
    ...refused
      .filter(({ verdict }) => verdict === 'failed')
      .map(
        ({ rule, name, words, argv }) =>
          `${rule}, ${name}: ${shortened(words)}\nargv: ${shortened(JSON.stringify(argv))}`,
      ),
    ...agreements
      .filter(({ service, qemu }) => service === 'accepts' && qemu === 'refuses')
      .map(({ name, words }) => `we accept and QEMU refuses: ${name}\n${shortened(words)}`),
    ...warned
      .filter(({ isRight }) => !isRight)
      .map(({ rule, name, words }) => `warning ${rule}, ${name}: ${shortened(words)}`),
    ...policies.filter(({ isRefused }) => !isRefused).map(({ rule, words }) => `policy ${rule}: ${words}`),
    ...images
      .filter(({ complaints }) => complaints.length > 0)
      .map(({ name, complaints, words }) => `image, ${name}: ${complaints.join('; ')}\n${shortened(words)}`),
    ...boots.filter(({ isRight }) => !isRight).map(({ name, words }) => `boot, ${name}: ${shortened(words)}`),
    ...daemons.filter(({ isRight }) => !isRight).map(({ name, words }) => `${name}: ${shortened(words)}`),
    ...capabilities
      .filter(({ complaints }) => complaints.length > 0)
      .map(({ name, complaints }) => `${name}: ${shortened(complaints.join('\n'))}`),
    ...viewers
      .filter(({ isRight }) => !isRight)
      .map(({ name, words }) => `viewer, ${name}: ${shortened(words)}`),
    ...canaries
      .filter(({ isNoticed }) => !isNoticed)
      .map(({ name, words }) => `the comparison does not notice ${name}: ${shortened(words)}`),
    ...networks
      .filter(({ isRight }) => !isRight)
      .map(({ name, words }) => `network, ${name}: ${shortened(words)}`),
    ...lists
      .filter(({ isAlike }) => !isAlike)
      .map(({ name, words }) => `bridge helper, ${name}: ${shortened(words)}`),
    ...situations
      .filter(({ isRight }) => !isRight)
      .map(({ name, words }) => `situation, ${name}: ${shortened(words)}`),
    ...broken.map(({ name, words }) => `not tried to its end, ${name}: ${shortened(words)}`),
  ];
}

function acceptedFailure({ name, verdict, words, mismatches, argv }: Checked): string {
  const differences = mismatches.map(
    ({ field, profile, qemu }) =>
      `${field}\n  profile ${JSON.stringify(profile)}\n  QEMU    ${JSON.stringify(qemu)}`,
  );
  return [`${name}: ${verdict}`, ...differences, shortened(words), `argv: ${shortened(JSON.stringify(argv))}`]
    .filter((line) => line !== '')
    .join('\n');
}

function shortened(text: string): string {
  return text.length > 1000 ? `${text.slice(0, 1000)}…` : text;
}
