/** Everything that the doctor wants to know of this machine; read-only, no process started, no socket opened. */

import type { QemuPackage } from '../facts/host.ts';
import { ARCHITECTURES, type Architecture, type HostFacts } from '../facts/host_facts.ts';
import type { ProbedLogs, ProbedMachine, ProbedProfileDirectory } from '../facts/machine.ts';
import { DEFAULT_BINARIES } from '../topics/binary.ts';
import { type Discovery, discoverProfiles, type ProfileDirectory } from './discover.ts';
import { realPathOf } from './files.ts';
import { findProgram, type HostSettings } from './probe_host.ts';
import { probeDirectory } from './probe_path.ts';
import { readQemuPackage } from './qemu_package.ts';
import { settled } from './settled.ts';
import { distributionIn, probeKvm, readOsRelease, readUserName, releaseIn } from './system.ts';
import { SYSTEM_FILES, type SystemFiles } from './system_files.ts';

/** Where the service writes its logs, and how that goes. */
export interface LogSettings {
  /** Absolute. */
  readonly directory: string;
  /** The service's own `logs/`, absolute. */
  readonly root: string;
  /** What the log writer says is wrong now; `null` for nothing. */
  readonly failure: string | null;
}

export interface MachineSettings {
  readonly host: HostSettings;
  readonly profileDirectories: readonly ProfileDirectory[];
  readonly logHealth: LogSettings;
}

const IMAGE_TOOL = 'qemu-img';
const SEED_TOOL = 'cloud-localds';

/**
 * Nothing is thrown for what is missing or cannot be read: that is what the result tells. `system` has stand-ins for the
 * files of the system in tests.
 */
export async function probeMachine(
  facts: HostFacts,
  { host, profileDirectories, logHealth }: MachineSettings,
  system: SystemFiles = SYSTEM_FILES,
): Promise<ProbedMachine> {
  const isLinux = facts.os === 'linux';
  const discovery = await discoverProfiles(profileDirectories);
  const binaries = await findBinaries(host);
  const osRelease = isLinux ? await readOsRelease(system.osRelease) : '';
  return settled<ProbedMachine>({
    facts,
    user: isLinux ? readUserName(system.processStatus, system.users) : null,
    distribution: distributionIn(osRelease),
    release: releaseIn(osRelease),
    binaries,
    packages: findPackages(binaries, system),
    imageTool: findProgram(IMAGE_TOOL, host),
    seedTool: findProgram(SEED_TOOL, host),
    kvm: isLinux ? probeKvm(host.kvmDevice, system) : null,
    projectRoot: probeDirectory(facts.project_root),
    profileDirectories: Promise.all(
      profileDirectories.map((directory) => probeProfiles(directory, discovery)),
    ),
    profileConflicts: conflictsOf(discovery),
    logs: probeLogs(logHealth),
  });
}

async function findBinaries(settings: HostSettings): Promise<ProbedMachine['binaries']> {
  const found = ARCHITECTURES.map(
    async (arch) => [arch, await findProgram(DEFAULT_BINARIES[arch], settings)] as const,
  );
  return Object.fromEntries(await Promise.all(found)) as Record<Architecture, string | null>;
}

async function findPackages(
  binaries: ProbedMachine['binaries'],
  system: SystemFiles,
): Promise<ProbedMachine['packages']> {
  const found = ARCHITECTURES.map(async (arch) => {
    const binary = binaries[arch];
    return [arch, binary === null ? null : await readQemuPackage(binary, system)] as const;
  });
  return Object.fromEntries(await Promise.all(found)) as Record<Architecture, QemuPackage | null>;
}

async function probeProfiles(
  { scope, path }: ProfileDirectory,
  { profiles, problems }: Discovery,
): Promise<ProbedProfileDirectory> {
  return {
    scope,
    directory: await probeDirectory(path),
    profiles: profiles.filter((profile) => profile.scope === scope).length,
    problems: problems
      .filter((problem) => problem.scope === scope)
      .map(({ file, reason }) => ({ file, reason })),
  };
}

function conflictsOf({ profiles }: Discovery): ProbedMachine['profileConflicts'] {
  return profiles
    .filter(({ conflicts }) => conflicts.length > 0)
    .map(({ name, scope, conflicts }) => ({ name, scope, hidden: conflicts }));
}

async function probeLogs({ directory, root, failure }: LogSettings): Promise<ProbedLogs> {
  const [probed, realRoot] = await Promise.all([probeDirectory(directory), realPathOf(root)]);
  return { directory: probed, realRoot: realRoot.path, failure };
}
