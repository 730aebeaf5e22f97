/** With the version of a QEMU given, the planner's yes and no on machines, CPU models and devices is what that QEMU says. */
import { BUILDS } from '../../../src/qemu/builds.ts';
import { answerOn, hasBackend } from '../../../src/qemu/capabilities.ts';
import type { ProfileDocument } from '../../../src/topics/profile.ts';
import { intentOf } from '../compare/intent.ts';
import type { Lane } from '../lane.ts';
import { makeFiles } from '../make_files.ts';
import { startPaused } from '../qemu/start_paused.ts';
import { ARCHITECTURES, type Architecture } from '../settings.ts';
import { small, small2 } from '../small_profile.ts';
import { backendsOf, devicesOf, machinesOf, modelsOf, withQemu } from './ask.ts';

export interface CapabilityCase {
  readonly name: string;
  readonly arch: Architecture;
}

export interface CheckedCapabilities {
  readonly name: string;
  /** How many names were asked about, and how many of them QEMU was started with. */
  readonly asked: number;
  readonly started: number;
  /** What the planner does not know of this QEMU. */
  readonly open: number;
  readonly complaints: readonly string[];
}

export const CAPABILITY_CASES: readonly CapabilityCase[] = ARCHITECTURES.map((arch) => ({
  name: `machines, CPU models and devices of ${arch}`,
  arch,
}));

/** QEMU is started with so many of the models, and of the machines. */
const STARTS = 8;

type Kind = 'machine' | 'cpu';

const CODES = { machine: 'machine-version-unknown', cpu: 'cpu-unknown-to-qemu' } as const;

export async function checkCapabilities(
  { name, arch }: CapabilityCase,
  lane: Lane,
): Promise<CheckedCapabilities> {
  const complaints: string[] = [];
  let [asked, started, open] = [0, 0, 0];
  const program = lane.program(arch);
  const real = await withQemu(program, 'none', lane.sandbox, async (running) => ({
    machine: (await machinesOf(arch, running)).machines,
    cpu: (await modelsOf(running)).map((model) => model.name),
    devices: await devicesOf(running),
  }));
  const targets = BUILDS.map(({ targets }) => targets[arch]);
  const names: Record<Kind, string[]> = {
    machine: unique([...targets.flatMap(({ machines }) => machines), ...real.machine, ...NO_MACHINES[arch]]),
    // A name with a plus is none that a profile can have.
    cpu: unique([...targets.flatMap(({ cpus }) => cpus), 'no-such-cpu', 'x86-64-v2-AES']).filter(
      (one) => !one.includes('+'),
    ),
  };
  for (const kind of ['machine', 'cpu'] as const) {
    for (const [index, one] of names[kind].entries()) {
      asked++;
      const profile = profileWith(kind, arch, one);
      const said = await saidBy(profile, kind, one, lane);
      if (said.answer === 'open') open++;
      // Of other architectures than x86_64 no machine takes all models that the binary has.
      const isListed = kind === 'machine' || arch === 'x86_64' || !real.cpu.includes(one);
      if (isListed && said.answer !== 'open' && (said.answer === 'has') !== real[kind].includes(one))
        complaints.push(`${one}: the planner says that QEMU ${said.answer} it, and QEMU does not`);
      if (index % Math.ceil(names[kind].length / STARTS) !== 0 || said.answer === 'open') continue;
      started++;
      complaints.push(...(await startedWith(one, kind, said, profile, lane)));
    }
  }
  for (const driver of unique([
    ...BUILDS.flatMap(({ devices }) => devices),
    ...targets.flatMap(({ devices }) => devices),
    ...real.devices,
  ])) {
    asked++;
    const answer = answerOn({ is: 'device', arch, name: driver }, lane.qemuVersion);
    const isThere = real.devices.includes(driver);
    if (answer === 'open') open++;
    else if ((answer === 'has') !== isThere && !(isInModule(driver) && !isThere))
      complaints.push(`${driver}: the planner says that QEMU ${answer} it, and QEMU does not`);
  }
  const backends = await backendsOf(program, lane.sandbox);
  // The others are in modules too, which may not be installed.
  for (const option of ['netdev', 'tpmdev'] as const) {
    for (const backend of unique([
      ...BUILDS.flatMap((build) => build.backends[option]),
      ...backends[option],
    ])) {
      asked++;
      const isKnown = hasBackend(option, backend, lane.qemuVersion);
      if (!isKnown) open++;
      else if (!backends[option].includes(backend))
        complaints.push(`${option} ${backend}: the planner says that QEMU has it, and QEMU does not`);
    }
  }
  return { name, asked, started, open, complaints };
}

/** Versions that there never were, or will not be for long. */
const NO_MACHINES: Readonly<Record<Architecture, readonly string[]>> = {
  x86_64: ['pc-q35-7.3', 'pc-i440fx-99.0'],
  aarch64: ['virt-7.3', 'virt-99.0'],
  riscv64: [],
  ppc64le: ['pseries-7.3', 'pseries-99.0'],
};

function profileWith(kind: Kind, arch: Architecture, name: string): ProfileDocument {
  return kind === 'machine'
    ? small2(arch, { machine: { type: name } })
    : small(arch, { hardware: { cpu: name } });
}

interface Said {
  readonly answer: 'has' | 'lacks' | 'open';
  /** Whether it warns that tcg lacks something of the model. */
  readonly isIncomplete: boolean;
  readonly argv: readonly string[];
}

async function saidBy(profile: ProfileDocument, kind: Kind, name: string, lane: Lane): Promise<Said> {
  const said = await lane.service.argv({ profile }, lane.facts);
  if ('refusal' in said) {
    const isLacking = said.refusal.errors.some(({ code }) => code === CODES[kind]);
    if (!isLacking) throw new Error(`the service refuses ${name}: ${JSON.stringify(said.refusal.errors)}`);
    return { answer: 'lacks', isIncomplete: false, argv: [] };
  }
  const { argv, unknowns, warnings } = said.body;
  const isOpen = unknowns.some(({ subject }) => subject === `${kind}:${name}`);
  const isIncomplete = warnings.some(({ code }) => code === 'cpu-model-incomplete-on-tcg');
  return { answer: isOpen ? 'open' : 'has', isIncomplete, argv };
}

/** What QEMU does with a name, beside what the planner says that it does. */
async function startedWith(
  name: string,
  kind: Kind,
  { answer, isIncomplete, argv }: Said,
  profile: ProfileDocument,
  lane: Lane,
): Promise<string[]> {
  lane.empty();
  makeFiles(intentOf(profile, lane.root), lane);
  const { arch } = profile.hardware;
  // What is refused has no argv: that of the nearest profile with the name in it.
  const near = answer === 'has' ? argv : await nearArgv(kind, arch, name, lane);
  const outcome = await startPaused([lane.program(arch), ...near.slice(1)], lane.sandbox);
  if (outcome.isRunning) await outcome.stop();
  if (outcome.isRunning !== (answer === 'has'))
    return [
      `${name}: ${outcome.isRunning ? 'QEMU starts with it' : outcome.words}, and the planner says ${answer}`,
    ];
  const lacks = outcome.isRunning && /TCG doesn't support requested feature/.test(outcome.stderr());
  return kind === 'cpu' && arch === 'x86_64' && lacks !== isIncomplete
    ? [`${name}: QEMU ${lacks ? 'lacks' : 'has'} all of it under tcg, and the planner says otherwise`]
    : [];
}

async function nearArgv(kind: Kind, arch: Architecture, name: string, lane: Lane): Promise<string[]> {
  const near = await lane.service.argv({ profile: small2(arch) }, lane.facts);
  if ('refusal' in near) throw new Error(`the service refuses the small ${arch} profile`);
  const argv = [...near.body.argv];
  const place = argv.indexOf(kind === 'machine' ? '-machine' : '-cpu') + 1;
  argv[place] = (argv[place] as string).replace(/^[^,]*/, name);
  return argv;
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)].sort();
}

/** Whether a device is in a module, which may not be installed. */
function isInModule(device: string): boolean {
  return BUILDS.some(({ in_modules }) => in_modules.includes(device));
}
