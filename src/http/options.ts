/** What the app is built from; everything that configuration decides. */
import type { FastifyBaseLogger } from 'fastify';
import type { ProfileDirectory } from '../host/discover.ts';
import type { KeptCounts } from '../host/kept_files.ts';
import type { HostSettings } from '../host/probe_host.ts';
import type { ParsedProfile } from '../planning/parse_profile.ts';

/** A logger that tells whether lines of a level are kept. */
export interface RequestLogger extends FastifyBaseLogger {
  readonly isLevelEnabled: (level: string) => boolean;
}

/** How the request log does; written by the log, read by `/readyz`, `/doctor` and `/metrics`. */
export interface LogHealth {
  /** Absolute directory of the log files. */
  readonly directory: string;
  /** The service's own `logs/`. */
  readonly root: string;
  /** What is wrong now; `null` while lines reach their file. */
  failure: string | null;
  linesLost: number;
}

export interface PlannerOptions {
  readonly host: HostSettings;
  readonly profileDirectories: readonly ProfileDirectory[];
  /** Of a body, and of a line of many. */
  readonly bodyLimit: number;
  /** Of a fleet in one body of JSON. */
  readonly fleetBodyLimit: number;
  /** Bearer tokens; none leaves the service open. */
  readonly tokens: readonly string[];
  /** Requests per minute and client; 0 for no limit. */
  readonly rateLimit: number;
  /** Origins whose pages may read answers; none leaves that to this service's own pages. */
  readonly corsOrigins: readonly string[];
  readonly logger: RequestLogger;
  readonly logHealth: LogHealth;
}

/** The files of discovered profiles, read and parsed. */
export interface ProfileFiles {
  readonly counts: Readonly<KeptCounts>;
  /** A file that cannot be read is a profile with that one issue. */
  read(path: string): Promise<ParsedProfile>;
}

/** What routes are given: the options, and what the app keeps. */
export interface Planner extends PlannerOptions {
  readonly profileFiles: ProfileFiles;
}
