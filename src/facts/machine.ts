/** What the doctor knows of the machine that this service runs on: plain data. */
import type { ProbedDirectory, QemuPackage } from './host.ts';
import type { Architecture, HostFacts } from './host_facts.ts';

export interface ProbedKvm {
  /** `/dev/kvm`, or its stand-in on a test host. */
  readonly device: string;
  readonly state: 'ready' | 'no-permission' | 'missing';
  /** The group that may open the device for reading and writing; `null` when there is none or its name is not known. */
  readonly group: string | null;
  /** Whether this process has that group; `listed` when the system's lists give its user the group, and this process began without it. */
  readonly membership: 'held' | 'listed' | 'none';
  /** Whether this is a virtual machine whose CPU does not show that it can run others. */
  readonly isDoubtful: boolean;
}

export interface ProbedProfileDirectory {
  /** The directory as configured. */
  readonly scope: string;
  readonly directory: ProbedDirectory;
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

export interface ProbedLogs {
  readonly directory: ProbedDirectory;
  /** The real path of the service's own `logs/`, under which all logs must lie. */
  readonly realRoot: string;
  /** What the log writer says is wrong now. */
  readonly failure: string | null;
}

export interface ProbedMachine {
  readonly facts: HostFacts;
  /** The name of the user that this service runs as; `null` for a user without a name, and off Linux. */
  readonly user: string | null;
  /** `ID` and `ID_LIKE` of os-release(5), in this order; empty off Linux. */
  readonly distribution: readonly string[];
  /** `VERSION_ID` of the same; `null` where there is none. */
  readonly release: string | null;
  /** Where the default binary of each architecture is. */
  readonly binaries: Readonly<Record<Architecture, string | null>>;
  /** What brought each of them; `null` where no package is known. */
  readonly packages: Readonly<Record<Architecture, QemuPackage | null>>;
  /** Where `qemu-img` is. */
  readonly imageTool: string | null;
  /** Where `cloud-localds` is. */
  readonly seedTool: string | null;
  /** `null` off Linux. */
  readonly kvm: ProbedKvm | null;
  readonly projectRoot: ProbedDirectory;
  readonly profileDirectories: readonly ProbedProfileDirectory[];
  readonly profileConflicts: readonly ProfileConflict[];
  readonly logs: ProbedLogs;
}
