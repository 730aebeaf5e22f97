/** Facts about the machine that this service runs on; read-only. */
import { constants } from 'node:fs';
import { stat } from 'node:fs/promises';
import { arch, endianness, platform } from 'node:os';
import { join } from 'node:path';
import type { Host, ProbedCapacity, ProbedPath, QemuPackage } from '../facts/host.ts';
import {
  type Architecture,
  type HostAccelerator,
  type HostFacts,
  type HostFirmware,
  type HostSystem,
  inOrder,
  NATIVE_ACCELERATOR,
} from '../facts/host_facts.ts';
import { isAbsolute, resolvePath } from '../facts/host_paths.ts';
import { overlongPath } from '../facts/path_text.ts';
import { foundNeeds } from '../needs/found_needs.ts';
import { isDrive } from '../needs/kinds/input_file.ts';
import { holdsImage, isPathNeed, type Need, type PathNeed } from '../needs/need.ts';
import { needsOf } from '../topics/index.ts';
import type { Draft } from '../topics/profile.ts';
import { virtiofsPlaces } from '../topics/share_keys.ts';
import { probeCapacity } from './capacity.ts';
import { mayAccess, realPathOf } from './files.ts';
import { readFirmware } from './firmware_descriptors.ts';
import { probeIoUring } from './io_uring.ts';
import { probeDevices } from './probe_devices.ts';
import { probeMemory } from './probe_memory.ts';
import { type PathUse, probePath } from './probe_path.ts';
import { type Owns, readOwns } from './process_status.ts';
import { readQemuModules, readQemuPackage } from './qemu_package.ts';
import { SYSTEM_FILES, type SystemFiles } from './system_files.ts';

/** System and CPU in the profile's words. */
export interface Machine {
  readonly os: HostSystem;
  readonly arch: Architecture;
}

/** What configuration says of this host. */
export interface HostSettings {
  readonly machine: Machine;
  /** Absolute and normalised. */
  readonly projectRoot: string;
  readonly strictPaths: boolean;
  /** The directories of PATH. */
  readonly searchPath: readonly string[];
  /** `/dev/kvm`, or its stand-in on a test host. */
  readonly kvmDevice: string;
}

const SYSTEMS: Readonly<Record<string, HostSystem>> = {
  linux: 'linux',
  darwin: 'darwin',
  win32: 'windows',
  freebsd: 'freebsd',
};
const ARCHITECTURES: Readonly<Record<string, Architecture>> = {
  x64: 'x86_64',
  arm64: 'aarch64',
  riscv64: 'riscv64',
  ppc64: 'ppc64le',
};

/** The profile's words for a Node platform and CPU; `null` for one that is not planned for. */
export function machineOf(nodePlatform: string, nodeArch: string, byteOrder: 'LE' | 'BE'): Machine | null {
  const os = SYSTEMS[nodePlatform];
  const architecture = ARCHITECTURES[nodeArch];
  return os === undefined || architecture === undefined || byteOrder === 'BE'
    ? null
    : { os, arch: architecture };
}

/** The machine that this service runs on. */
export function thisMachine(): Machine | null {
  return machineOf(platform(), arch(), endianness());
}

export async function probeFacts({ machine, projectRoot, kvmDevice }: HostSettings): Promise<HostFacts> {
  const native = NATIVE_ACCELERATOR[machine.os];
  const accelerators: HostAccelerator[] =
    native === null || (native === 'kvm' && !(await mayAccess(kvmDevice, constants.R_OK | constants.W_OK)))
      ? []
      : [native];
  return { accelerators, arch: machine.arch, os: machine.os, project_root: projectRoot };
}

/** What a look at this host shows that is the same for all profiles. */
export interface CommonLook {
  readonly facts: HostFacts;
  readonly realRoot: string;
  readonly capacity: ProbedCapacity;
  /** Whose files this process may remove. */
  readonly owns: Owns;
  readonly system: SystemFiles;
  /** What firmware it has; asked once, by the first profile that wants some. */
  readonly firmware: () => Promise<HostFirmware[]>;
  /** Where virtiofsd is, if it is there. */
  readonly virtiofsd: readonly string[];
  /** By the name that a profile asks for. */
  readonly programs: Map<string | undefined, Promise<string | null>>;
  /** What brought a program; each is asked for once. */
  readonly packageOf: (binary: string) => Promise<QemuPackage | null>;
  /** The modules of QEMU that packages have; asked once, by the first profile that wants some. */
  readonly modules: () => Promise<ReadonlySet<string> | null>;
}

/** `system` has stand-ins for the files of the system in tests. */
export async function lookAround(
  settings: HostSettings,
  system: SystemFiles = SYSTEM_FILES,
): Promise<CommonLook> {
  const [facts, root, capacity, owns] = await Promise.all([
    probeFacts(settings),
    realPathOf(settings.projectRoot),
    probeCapacity(settings.machine.os, system),
    readOwns(system.processStatus),
  ]);
  let firmware: Promise<HostFirmware[]> | undefined;
  let modules: Promise<ReadonlySet<string> | null> | undefined;
  const packages = new Map<string, Promise<QemuPackage | null>>();
  return {
    facts,
    realRoot: root.path,
    capacity,
    owns,
    system,
    firmware: () => {
      firmware ??= readFirmware(system.firmware);
      return firmware;
    },
    virtiofsd: system.virtiofsd,
    programs: new Map(),
    packageOf: (binary) => {
      const known = packages.get(binary) ?? readQemuPackage(binary, system);
      packages.set(binary, known);
      return known;
    },
    modules: () => {
      modules ??= readQemuModules(system);
      return modules;
    },
  };
}

/** The facts, and a look at all that a profile needs of this host's files. Profiles of one list have a look in common. */
export async function probeHost(
  draft: Draft,
  settings: HostSettings,
  common: CommonLook | Promise<CommonLook> = lookAround(settings),
): Promise<Host> {
  const look = await common;
  const { realRoot, capacity, owns, system, programs, packageOf } = look;
  const facts = await withMore(draft, look);
  const needs = needsOf(draft, facts);
  const find = (wanted: string | undefined): Promise<string | null> => {
    const program = programs.get(wanted) ?? findProgram(wanted, settings);
    programs.set(wanted, program);
    return program;
  };
  const [binary, helpers, paths, devices, memory, hasIoUring] = await Promise.all([
    find(needs.find((need) => need.kind === 'program')?.text),
    findHelpers(needs, find),
    probePaths(needs, facts, owns),
    probeDevices(needs, facts.os, system),
    probeMemory(needs, facts.os, system),
    probeIoUring(needs, facts.os, system),
  ]);
  const qemu = binary === null ? null : await packageOf(binary);
  const version = qemu?.qemuVersion ?? null;
  return {
    facts: version === null ? facts : inOrder({ ...facts, qemu_version: version }),
    probed: {
      binary,
      helpers,
      modules: await modulesFor(needs, qemu, look),
      realRoot,
      paths,
      capacity,
      devices,
      memory,
      hasIoUring,
    },
    strictPaths: settings.strictPaths,
  };
}

/** Of a QEMU that no package of such a name has brought nobody knows where its modules are. */
async function modulesFor(
  needs: readonly Need[],
  qemu: QemuPackage | null,
  { modules }: CommonLook,
): Promise<ReadonlySet<string> | null> {
  const isWanted = needs.some(({ kind }) => kind === 'qemu-module');
  return isWanted && qemu?.name.startsWith('qemu-system-') ? modules() : null;
}

async function findHelpers(
  needs: readonly Need[],
  find: (wanted: string) => Promise<string | null>,
): Promise<Map<string, string | null>> {
  const helpers = new Map<string, string | null>();
  for (const need of needs) if (need.kind === 'helper') helpers.set(need.wanted, await find(need.wanted));
  return helpers;
}

/** What is known of this host besides: how large it is, and what firmware and virtiofsd it has where a profile asks for them. */
async function withMore(
  { firmware, shares = [] }: Draft,
  { facts, capacity: { cpus, memoryMb }, firmware: firmwareOf, virtiofsd }: CommonLook,
): Promise<HostFacts> {
  const program = virtiofsPlaces(shares).length > 0 ? await firstExecutable(virtiofsd) : null;
  return inOrder({
    ...facts,
    ...(cpus !== null && { cpus }),
    ...(memoryMb !== null && { memory_mb: memoryMb }),
    ...(firmware.type === 'uefi' && { firmware: await firmwareOf() }),
    ...(program !== null && { virtiofsd: program }),
  });
}

/** Every path that is needed, and the files that images name, which may name others. */
async function probePaths(
  needs: readonly Need[],
  facts: HostFacts,
  owns: Owns,
): Promise<Map<string, ProbedPath>> {
  const paths = new Map<string, ProbedPath>();
  const images = new Set<string>();
  /** Of what is wanted, the paths that have not been looked at, or not as images, and what for. */
  const unseen = (wanted: readonly Need[]): Map<string, PathUse> => {
    const found = new Map<string, PathUse>();
    for (const need of wanted.filter(isPathNeed)) {
      const { path } = need;
      const use = useOf(need);
      // What no file system would take is not asked for.
      if (overlongPath(facts.os, path) !== null || (use === 'image' ? images : paths).has(path)) continue;
      found.set(path, moreTelling(use, found.get(path)));
    }
    return found;
  };
  const probe = async ([path, use]: readonly [string, PathUse]): Promise<void> => {
    if (use === 'image') images.add(path);
    paths.set(path, await probePath(path, use, facts, owns));
  };
  await Promise.all([...unseen(needs)].map(probe));
  for (;;) {
    const found = unseen(foundNeeds(needs, paths, facts));
    if (found.size === 0) return paths;
    // One after the other: there can be hundreds, and each is opened.
    for (const one of found) await probe(one);
  }
}

function useOf(need: PathNeed): PathUse {
  if (holdsImage(need)) return 'image';
  if (need.kind === 'socket') return 'socket';
  if (need.kind === 'firmware-code' || need.kind === 'firmware-vars') return 'flash';
  if (need.kind !== 'input-file') return 'file';
  if (isDrive(need.is)) return 'medium';
  if (need.is === 'dtb') return 'device-tree';
  return need.is === 'kernel' ? 'kernel' : 'file';
}

/** Of two uses of one path the one that is asked more of. */
function moreTelling(use: PathUse, other: PathUse = 'file'): PathUse {
  const order: readonly PathUse[] = ['socket', 'image', 'flash', 'kernel', 'device-tree', 'medium', 'file'];
  return order.indexOf(use) < order.indexOf(other) ? use : other;
}

/** The absolute path of an executable, looked for in PATH as a shell would; `null` when there is none. */
export async function findProgram(
  wanted: string | undefined,
  settings: HostSettings,
): Promise<string | null> {
  const { machine, projectRoot, searchPath } = settings;
  if (wanted === undefined) return null;
  const endings = machine.os === 'windows' && !wanted.endsWith('.exe') ? ['.exe'] : [''];
  const places = isAbsolute(machine.os, wanted)
    ? [resolvePath(machine.os, projectRoot, wanted)]
    : searchPath.flatMap((directory) => endings.map((ending) => join(directory, `${wanted}${ending}`)));
  return firstExecutable(places);
}

async function firstExecutable(places: readonly string[]): Promise<string | null> {
  for (const place of places) {
    const stats = await stat(place).catch(() => null);
    if (stats?.isFile() === true && (await mayAccess(place, constants.X_OK))) return place;
  }
  return null;
}
