/** Asks a QEMU over QMP what it has of what profiles can name: machines, CPU models, devices. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { RecordedBuild } from '../../../src/qemu/builds.ts';
import type { Sandbox } from '../qemu/sandbox.ts';
import { type Running, startPaused } from '../qemu/start_paused.ts';
import { type Architecture, LOGS } from '../settings.ts';

/** What a build has of one architecture; all lists are sorted. */
export interface Capabilities {
  readonly machines: readonly string[];
  readonly deprecatedMachines: readonly string[];
  /** The CPU models that the machine of plans starts with, under tcg. */
  readonly cpus: readonly string[];
  /** Those of them that it does not start with when the VM is large. */
  readonly smallCpus: readonly string[];
  /** What tcg lacks of a model, by the names of the features. */
  readonly incomplete: Readonly<Record<string, readonly string[]>>;
  /** What `-device` takes. */
  readonly devices: readonly string[];
  /** Those that are in modules, which a distribution can have in packages of their own. */
  readonly inModules: readonly string[];
}

export interface Build {
  /** Major and minor number. */
  readonly version: string;
  readonly package: string;
}

/** The machines of which plans are made. */
const MACHINES: Readonly<Record<Architecture, RegExp>> = {
  x86_64: /^(?:q35|pc|pc-(?:q35|i440fx)-\d+[.]\d+)$/,
  aarch64: /^virt(?:-\d+[.]\d+)?$/,
  riscv64: /^virt$/,
  ppc64le: /^pseries(?:-\d+[.]\d+)?$/,
};

/** What a plan starts a model with. */
const MACHINE_WITH_CPU: Readonly<Record<Architecture, string>> = {
  x86_64: 'q35',
  aarch64: 'virt,gic-version=max',
  riscv64: 'virt',
  ppc64le: 'pseries',
};

const SMALL = ['-smp', '1', '-m', '512M'];
/** As much as `src/qemu/capabilities.ts` takes a model to be good for. */
const LARGE = ['-smp', '8', '-m', '32768M'];

interface CpuDefinition {
  readonly name: string;
  readonly 'unavailable-features'?: readonly string[];
}

interface MachineInfo {
  readonly name: string;
  readonly alias?: string;
  readonly deprecated?: boolean;
}

/** A QEMU that has no machine of its own answers what can be looked up. */
export async function withQemu<Answer>(
  program: string,
  machine: string,
  sandbox: Sandbox,
  ask: (running: Running) => Promise<Answer>,
): Promise<Answer> {
  const argv = [program, '-machine', machine, '-accel', 'tcg', '-nodefaults', '-display', 'none'];
  const running = await startPaused(argv, sandbox);
  if (!running.isRunning) throw new Error(`${argv.join(' ')}: ${running.words}`);
  try {
    return await ask(running);
  } finally {
    await running.stop();
  }
}

export async function buildOf(program: string, sandbox: Sandbox): Promise<Build> {
  return withQemu(program, 'none', sandbox, async ({ qmp }) => {
    const { qemu, package: name } = await qmp.ask<{
      qemu: { major: number; minor: number };
      package: string;
    }>('query-version');
    return { version: `${qemu.major}.${qemu.minor}`, package: name };
  });
}

export async function machinesOf(
  arch: Architecture,
  { qmp }: Running,
): Promise<Pick<Capabilities, 'machines' | 'deprecatedMachines'>> {
  const machines = await qmp.ask<MachineInfo[]>('query-machines');
  const all = machines.flatMap(({ name, alias, deprecated }) =>
    [name, ...(alias === undefined ? [] : [alias])]
      .filter((one) => MACHINES[arch].test(one))
      .map((one) => ({ name: one, isDeprecated: deprecated === true })),
  );
  return {
    machines: all.map(({ name }) => name).sort(),
    deprecatedMachines: all
      .filter(({ isDeprecated }) => isDeprecated)
      .map(({ name }) => name)
      .sort(),
  };
}

/** The buses that devices of plans are on, and that of TPMs; others are for boards that no plan is made for. */
const BUSES: ReadonlySet<string> = new Set([
  'PCI',
  'ISA',
  'IDE',
  'SCSI',
  'HDA',
  'System',
  'floppy-bus',
  'spapr-vio-bus',
  'usb-bus',
  'virtio-serial-bus',
]);

/** Processors, and variants of virtio devices that are also there without the ending. */
const NO_DEVICES = /-cpu$|-cpu-core$|-transitional$/;

/** The devices that a user can add. */
export async function devicesOf({ qmp }: Running): Promise<string[]> {
  const lines = (await qmp.human('info qdm')).split('\r\n').filter((line) => !line.endsWith(', no-user'));
  return lines
    .flatMap((line) => {
      const [, name = '', bus] = /^name "([^"]+)"(?:, bus ([^,]+))?/.exec(line) ?? [];
      const isKept = name !== '' && (bus === undefined || BUSES.has(bus)) && !NO_DEVICES.test(name);
      return isKept ? [name] : [];
    })
    .sort();
}

/** The backends that a binary lists; those in modules where these are installed. */
export async function backendsOf(program: string, sandbox: Sandbox): Promise<RecordedBuild['backends']> {
  const tpms = await withQemu(program, 'none', sandbox, ({ qmp }) => qmp.ask<string[]>('query-tpm-types'));
  return {
    audiodev: listOf(program, 'audiodev'),
    display: listOf(program, 'display'),
    netdev: listOf(program, 'netdev'),
    tpmdev: [...tpms].sort(),
  };
}

/** A name a line, below a heading. */
function listOf(program: string, option: string): string[] {
  // Libraries for sound make folders in it.
  const env = { ...process.env, HOME: LOGS };
  const { stdout } = spawnSync(program, ['-machine', 'none', `-${option}`, 'help'], {
    env,
    encoding: 'utf8',
  });
  return stdout
    .split('\n')
    .filter((line) => /^[a-z0-9-]+$/.test(line))
    .sort();
}

/** The CPU models of a binary, of which not every machine takes all. */
export async function modelsOf({ qmp }: Running): Promise<CpuDefinition[]> {
  const commands = await qmp.ask<{ name: string }[]>('query-commands');
  if (commands.some(({ name }) => name === QUERY_CPUS)) return qmp.ask<CpuDefinition[]>(QUERY_CPUS);
  // For riscv64 it is younger than QEMU 7.2.
  const types = await qmp.ask<{ name: string }[]>('qom-list-types', {
    implements: 'riscv-cpu',
    abstract: false,
  });
  return types.map(({ name }) => ({ name: name.replace(/-riscv-cpu$/, '') }));
}

const QUERY_CPUS = 'query-cpu-definitions';

/** Whether the machine starts with a model, as a plan would start it. */
export async function startsWith(
  program: string,
  arch: Architecture,
  cpu: string,
  sandbox: Sandbox,
  size: readonly string[] = SMALL,
): Promise<boolean> {
  const machine = ['-machine', MACHINE_WITH_CPU[arch], '-accel', 'tcg', '-cpu', cpu, ...size];
  const running = await startPaused([program, ...machine, '-nodefaults', '-display', 'none'], sandbox);
  if (running.isRunning) await running.stop();
  return running.isRunning;
}

export async function capabilitiesOf(
  program: string,
  arch: Architecture,
  sandbox: Sandbox,
): Promise<Capabilities> {
  const none = await withQemu(program, 'none', sandbox, async (running) => ({
    ...(await machinesOf(arch, running)),
    devices: await devicesOf(running),
  }));
  const definitions = await withQemu(program, MACHINE_WITH_CPU[arch], sandbox, modelsOf);
  const cpus: CpuDefinition[] = [];
  const smallCpus: string[] = [];
  for (const one of definitions) {
    const isForLarge = await startsWith(program, arch, one.name, sandbox, LARGE);
    if (!isForLarge && !(await startsWith(program, arch, one.name, sandbox))) continue;
    cpus.push(one);
    if (!isForLarge) smallCpus.push(one.name);
  }
  return {
    ...none,
    cpus: cpus.map(({ name }) => name).sort(),
    smallCpus: smallCpus.sort(),
    incomplete: arch === 'x86_64' ? missingIn(cpus) : {},
    inModules: await inModules(program, none.devices, sandbox),
  };
}

/** QEMU lists a feature that several names stand for more than once. */
function missingIn(cpus: readonly CpuDefinition[]): Record<string, string[]> {
  return Object.fromEntries(
    cpus.flatMap(({ name, 'unavailable-features': missing = [] }) =>
      missing.length === 0 ? [] : [[name, [...new Set(missing)].sort()]],
    ),
  );
}

/** QEMU loads a module when one of its types is asked for, each in a QEMU that has loaded no other yet. */
async function inModules(program: string, devices: readonly string[], sandbox: Sandbox): Promise<string[]> {
  const found: string[] = [];
  const waiting = [...devices];
  while (waiting.length > 0) {
    await withQemu(program, 'none', sandbox, async ({ pid, qmp }) => {
      const before = modulesOf(pid);
      for (let device = waiting.shift(); device !== undefined; device = waiting.shift()) {
        // QEMU 8.2 does not find one whose module needs another.
        const isFound = await qmp.ask('device-list-properties', { typename: device }).then(
          () => true,
          () => false,
        );
        if (isFound && modulesOf(pid).length === before.length) continue;
        found.push(device);
        return;
      }
    });
  }
  return found;
}

/** The shared objects of QEMU itself that a process has loaded. */
function modulesOf(pid: number): string[] {
  const maps = readFileSync(`/proc/${pid}/maps`, 'utf8').matchAll(/ (\/\S*\/qemu\/[a-z0-9-_]+[.]so)$/gm);
  return [...new Set([...maps].map(([, file]) => file as string))];
}
