/** What looking at this host showed, for the doctor: plain data. Nothing was opened for writing, no socket was opened. */
import type { Architecture } from '../profile/schema.ts';
import type { HostFacts, PathSight } from './host_facts.ts';

/** The list of bridges that QEMU's bridge helper lets users join. */
export const BRIDGE_RULES_FILE = '/etc/qemu/bridge.conf';

export interface DirectorySight {
  /** Absolute, as configured or named. */
  readonly path: string;
  /** Links followed, also dangling ones, as far as the path exists. */
  readonly realPath: string;
  readonly state: 'writable' | 'unwritable' | 'missing' | 'not-a-directory' | 'loop' | 'unreadable';
  /** The deepest directory on the way to it that exists; itself when it does. */
  readonly existing: string;
  /** Whether this user may make it; only a missing one can be made. */
  readonly canBeMade: boolean;
}

export interface KvmSight {
  /** `/dev/kvm`, or its stand-in on a test host. */
  readonly device: string;
  readonly state: 'ready' | 'no-permission' | 'missing';
  /** The group that may open the device for reading and writing; `null` when there is none or its name is not known. */
  readonly group: string | null;
}

export interface ProfileDirectorySurvey {
  /** The directory as configured. */
  readonly scope: string;
  readonly directory: DirectorySight;
  /** How many profiles were found in it that no earlier directory hides. */
  readonly profiles: number;
  /** What could not be read; `file` is `null` for the directory itself. */
  readonly problems: readonly { readonly file: string | null; readonly reason: string }[];
}

/** A profile of which there are several; the first directory wins. */
export interface ProfileConflict {
  readonly name: string;
  readonly scope: string;
  /** The directories whose profile of this name is hidden. */
  readonly hidden: readonly string[];
}

export interface LogSurvey {
  readonly directory: DirectorySight;
  /** The real path of the service's own `logs/`, under which all logs must lie. */
  readonly realRoot: string;
  /** What the log writer says is wrong now. */
  readonly failure: string | null;
}

/** The file system that a file would be created on. */
export interface FileSystemSpace {
  /** Equal for two files on one file system. */
  readonly device: string;
  /** Bytes that this user may still fill. */
  readonly freeBytes: number;
}

/** What is at one path of a profile. */
export interface FileSurvey {
  readonly sight: PathSight;
  /** A unix socket that lies there, and whether a process listens on it; `null` when none lies there. */
  readonly socket: 'listening' | 'silent' | 'unknown' | null;
  readonly isWritable: boolean;
  /** The directory that holds it, or would hold it once it is created. */
  readonly directory: DirectorySight;
  /** `null` when that was not asked or could not be found out. */
  readonly space: FileSystemSpace | null;
}

/** A port of this host that is taken. Only what can stand in the way of an IPv4 address is listed. */
export interface Listener {
  readonly protocol: 'tcp' | 'udp';
  /** An IPv4 address, or `::` for every address of both kinds. */
  readonly address: string;
  readonly port: number;
}

export type LinkKind = 'tap' | 'bridge' | 'other';

export interface ProfileSurvey {
  /** Where the profile's QEMU binary is; `null` when it was not found. */
  readonly binary: string | null;
  /** By absolute path, for every path that the profile uses. */
  readonly files: ReadonlyMap<string, FileSurvey>;
  /** `null` where it is not known. */
  readonly listeners: readonly Listener[] | null;
  /** The network devices of the host by name; `null` where they are not known. */
  readonly links: ReadonlyMap<string, LinkKind> | null;
  /** The lines of the bridge helper's list, empty when there is no such file; `null` when this user cannot read it. */
  readonly bridgeRules: readonly string[] | null;
}

export interface HostSurvey {
  readonly facts: HostFacts;
  /** The name of the user that this service runs as; `null` for a user without a name, and off Linux. */
  readonly user: string | null;
  /** `ID` and `ID_LIKE` of os-release(5), in this order; empty off Linux. */
  readonly distribution: readonly string[];
  /** Where the default binary of each architecture is. */
  readonly binaries: Readonly<Record<Architecture, string | null>>;
  /** Where `qemu-img` is. */
  readonly imageTool: string | null;
  /** `null` off Linux. */
  readonly kvm: KvmSight | null;
  readonly projectRoot: DirectorySight;
  readonly profileDirectories: readonly ProfileDirectorySurvey[];
  readonly profileConflicts: readonly ProfileConflict[];
  readonly logs: LogSurvey;
  /** `null` when the survey was made without a profile. */
  readonly profile: ProfileSurvey | null;
}
