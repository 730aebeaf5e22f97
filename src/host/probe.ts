/** Facts about the machine that this service runs on; read-only. */
import { constants } from 'node:fs';
import { stat } from 'node:fs/promises';
import { arch, endianness, platform } from 'node:os';
import { join } from 'node:path';
import { wantedBinary } from '../context/binary.ts';
import {
  type Host,
  type HostAccelerator,
  type HostFacts,
  type HostSystem,
  NATIVE_ACCELERATOR,
  type PathSight,
} from '../context/host_facts.ts';
import { isAbsolute, resolvePath } from '../context/host_paths.ts';
import { isWrittenByQemu, pathUses } from '../context/path_uses.ts';
import { overlongPath } from '../context/rules/path_texts.ts';
import type { Draft } from '../profile/profile.ts';
import type { Architecture } from '../profile/schema.ts';
import { lookAt, mayAccess, realPathOf } from './look.ts';

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

/** The facts, and a look at every path that a draft names. */
export async function probeHost(draft: Draft, settings: HostSettings): Promise<Host> {
  const facts = await probeFacts(settings);
  const [binary, root, paths] = await Promise.all([
    findBinary(wantedBinary(draft.vm.qemu_binary, draft.hardware.arch), settings),
    realPathOf(settings.projectRoot),
    lookAtPaths(draft, facts),
  ]);
  return { facts, sight: { binary, realRoot: root.path, paths }, strictPaths: settings.strictPaths };
}

async function lookAtPaths(draft: Draft, facts: HostFacts): Promise<Map<string, PathSight>> {
  // What no file system would take is not asked for.
  const uses = pathUses(draft, facts).filter(
    ({ purpose, absolute }) => purpose !== 'unused' && overlongPath(facts.os, absolute) === null,
  );
  const requests = new Map<string, { header: boolean; parent: boolean }>();
  for (const use of uses) {
    const request = requests.get(use.absolute) ?? { header: false, parent: false };
    requests.set(use.absolute, {
      header: request.header || use.purpose === 'image',
      parent: request.parent || isWrittenByQemu(use),
    });
  }
  const sights = [...requests].map(async ([path, request]) => [path, await lookAt(path, request)] as const);
  return new Map(await Promise.all(sights));
}

/** The absolute path of an executable, looked for in PATH as a shell would; `null` when there is none. */
export async function findBinary(wanted: string | undefined, settings: HostSettings): Promise<string | null> {
  const { machine, projectRoot, searchPath } = settings;
  if (wanted === undefined) return null;
  const endings = machine.os === 'windows' && !wanted.endsWith('.exe') ? ['.exe'] : [''];
  const places = isAbsolute(machine.os, wanted)
    ? [resolvePath(machine.os, projectRoot, wanted)]
    : searchPath.flatMap((directory) => endings.map((ending) => join(directory, `${wanted}${ending}`)));
  for (const place of places) {
    if (await isExecutable(place)) return place;
  }
  return null;
}

async function isExecutable(path: string): Promise<boolean> {
  const stats = await stat(path).catch(() => null);
  return stats?.isFile() === true && (await mayAccess(path, constants.X_OK));
}
