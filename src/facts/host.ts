/** The host of one request, and what looking at it showed: plain data. Nothing was opened for writing, no socket was opened. */
import type { HostFacts } from './host_facts.ts';

export interface Host {
  readonly facts: HostFacts;
  /** `null` where the facts were given: then nothing was looked at. */
  readonly probed: ProbedFiles | null;
  /** Whether a path outside the project root is an error. */
  readonly strictPaths: boolean;
}

/** What a look at the files of one profile showed. */
export interface ProbedFiles {
  /** Where the QEMU binary is; `null` when it was not found. */
  readonly binary: string | null;
  readonly realRoot: string;
  /** By absolute path, for every path that the profile needs. */
  readonly paths: ReadonlyMap<string, ProbedPath>;
}

/** What is at a path. */
export interface ProbedPath {
  readonly kind: 'file' | 'directory' | 'other' | 'missing' | 'loop' | 'unreadable';
  /** Links followed, also dangling ones, as far as the path exists. */
  readonly realPath: string;
  /** The image format that the first bytes show, `unknown` for any other content; `null` when they were not read. */
  readonly header: string | null;
  /** Whether a unix socket lies there. */
  readonly isSocket: boolean;
  readonly isWritable: boolean;
  /** The directory that holds it, or would hold it once it is created. */
  readonly directory: ProbedDirectory;
  /** The file system that the file is or would be on; `null` when that was not asked or could not be found out. */
  readonly space: FileSystemSpace | null;
}

export interface ProbedDirectory {
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

export interface FileSystemSpace {
  /** Equal for two files on one file system. */
  readonly device: string;
  /** Bytes that this user may still fill. */
  readonly freeBytes: number;
}

/** What all processes of a host share, and one profile may find taken; `null` for what is not known. */
export interface ProbedNetwork {
  readonly listeners: readonly Listener[] | null;
  /** The paths of unix sockets on which a process listens. */
  readonly listeningSockets: ReadonlySet<string> | null;
  /** The network devices by name. */
  readonly links: ReadonlyMap<string, LinkKind> | null;
  /** The lines of the bridge helper's list, empty when there is no such file; `null` when this user cannot read it. */
  readonly bridgeRules: readonly string[] | null;
}

/** A port of this host that is taken. Only what can stand in the way of an IPv4 address is listed. */
export interface Listener {
  readonly protocol: 'tcp' | 'udp';
  /** An IPv4 address, or `::` for every address of both kinds. */
  readonly address: string;
  readonly port: number;
}

export type LinkKind = 'tap' | 'bridge' | 'other';

/** The list of bridges that QEMU's bridge helper lets users join. */
export const BRIDGE_RULES_FILE = '/etc/qemu/bridge.conf';
