/** Everything that the doctor wants to know of this host; read-only, no process started, no socket opened. */
import { DEFAULT_BINARIES } from '../context/binary.ts';
import type { HostFacts } from '../context/host_facts.ts';
import type { HostSurvey, LogSurvey, ProfileDirectorySurvey } from '../context/host_survey.ts';
import { ARCHITECTURES, type Architecture } from '../profile/schema.ts';
import { type Discovery, discoverProfiles, type ProfileDirectory } from './discover.ts';
import { realPathOf } from './look.ts';
import { findBinary, type HostSettings, probeFacts } from './probe.ts';
import { surveyDirectory } from './survey_directory.ts';
import { type ProfileToExamine, surveyProfile } from './survey_profile.ts';
import { lookAtKvm, readDistribution, readUserName } from './survey_system.ts';
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

export interface Examination {
  readonly settings: HostSettings;
  readonly directories: readonly ProfileDirectory[];
  readonly logs: LogSettings;
  /** `null` to look at the host alone. */
  readonly profile: ProfileToExamine | null;
  /** Stand-ins for the files of the system, in tests. */
  readonly system?: SystemFiles;
}

const IMAGE_TOOL = 'qemu-img';

/** Looks at this host. Nothing is thrown for what is missing or cannot be read: that is what the survey tells. */
export async function examineHost({
  settings,
  directories,
  logs,
  profile,
  system = SYSTEM_FILES,
}: Examination): Promise<HostSurvey> {
  const facts: HostFacts = profile?.host.facts ?? (await probeFacts(settings));
  const isLinux = facts.os === 'linux';
  const discovery = await discoverProfiles(directories);
  const [user, distribution, binaries, imageTool, kvm, projectRoot, profileDirectories, logSurvey, surveyed] =
    await Promise.all([
      isLinux ? readUserName(system.processStatus, system.users) : null,
      isLinux ? readDistribution(system.osRelease) : [],
      findBinaries(settings),
      findBinary(IMAGE_TOOL, settings),
      isLinux ? lookAtKvm(settings.kvmDevice, system.groups) : null,
      surveyDirectory(facts.project_root),
      Promise.all(directories.map((directory) => surveyProfiles(directory, discovery))),
      surveyLogs(logs),
      profile === null ? null : surveyProfile(profile, system),
    ]);
  return {
    facts,
    user,
    distribution,
    binaries,
    imageTool,
    kvm,
    projectRoot,
    profileDirectories,
    profileConflicts: conflictsOf(discovery),
    logs: logSurvey,
    profile: surveyed,
  };
}

async function findBinaries(settings: HostSettings): Promise<HostSurvey['binaries']> {
  const found = ARCHITECTURES.map(
    async (arch) => [arch, await findBinary(DEFAULT_BINARIES[arch], settings)] as const,
  );
  return Object.fromEntries(await Promise.all(found)) as Record<Architecture, string | null>;
}

async function surveyProfiles(
  { scope, path }: ProfileDirectory,
  { profiles, problems }: Discovery,
): Promise<ProfileDirectorySurvey> {
  return {
    scope,
    directory: await surveyDirectory(path),
    profiles: profiles.filter((profile) => profile.scope === scope).length,
    problems: problems
      .filter((problem) => problem.scope === scope)
      .map(({ file, reason }) => ({ file, reason })),
  };
}

function conflictsOf({ profiles }: Discovery): HostSurvey['profileConflicts'] {
  return profiles
    .filter(({ conflicts }) => conflicts.length > 0)
    .map(({ name, scope, conflicts }) => ({ name, scope, hidden: conflicts }));
}

async function surveyLogs({ directory, root, failure }: LogSettings): Promise<LogSurvey> {
  const [sight, realRoot] = await Promise.all([surveyDirectory(directory), realPathOf(root)]);
  return { directory: sight, realRoot: realRoot.path, failure };
}
