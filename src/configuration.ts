/** Configuration: environment variables, checked once at start. */
import { delimiter, isAbsolute, resolve } from 'node:path';
import { hostPathProblem } from './facts/read_host_facts.ts';
import type { ProfileDirectory } from './host/discover.ts';
import type { HostSettings, Machine } from './host/probe_host.ts';
import { nearestWord } from './profile/nearest_word.ts';
import { compareCodePoints, shortened, visible } from './profile/text.ts';

/** A value that the service will not start with; the message is the one line that is printed. */
export class ConfigurationError extends Error {}

export interface Configuration {
  readonly listenHost: string;
  readonly port: number;
  readonly host: HostSettings;
  readonly profileDirectories: readonly ProfileDirectory[];
  /** Absolute; whether it is under `logs/` is checked when it is made. */
  readonly logDirectory: string;
  readonly logLevel: string;
  readonly logToStdout: boolean;
  readonly bodyLimit: number;
  readonly fleetBodyLimit: number;
  readonly tokens: readonly string[];
  readonly rateLimit: number;
  readonly corsOrigins: readonly string[];
  /** Milliseconds for which it goes on after a signal. */
  readonly shutdownDelay: number;
  /** What to say of variables that look like the service's own and are not: a line for each. */
  readonly notes: readonly string[];
}

/** Where the service runs and where it is installed; absolute paths. */
export interface Surroundings {
  readonly workingDirectory: string;
  /** The folder that holds `logs/`. */
  readonly serviceRoot: string;
  /** `null` on a system or CPU that no profile word names. */
  readonly machine: Machine | null;
}

type Environment = Readonly<Record<string, string | undefined>>;

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];
const MOST_BODY_BYTES = 64 * 1024 * 1024;
const MOST_REQUESTS_PER_MINUTE = 1_000_000;
const MOST_SHUTDOWN_SECONDS = 300;
/** The characters of a token in RFC 6750. */
const TOKEN = /^[A-Za-z0-9._~+/-]+=*$/;

/** Reads the environment; an empty variable counts as absent. */
export function readConfiguration(environment: Environment, surroundings: Surroundings): Configuration {
  const { workingDirectory, serviceRoot, machine } = surroundings;
  const known: string[] = [];
  const value = (name: string, fallback: string): string => {
    known.push(name);
    return environment[name] || fallback;
  };
  if (machine === null) throw new ConfigurationError('This system or CPU is none that can be planned for.');
  const configuration = {
    listenHost: value('HOST', '127.0.0.1'),
    port: integer('PORT', value('PORT', '3000'), 0, 65535),
    host: {
      machine,
      projectRoot: projectRoot(resolve(workingDirectory, value('VMLAB_PROJECT_ROOT', '.')), machine),
      strictPaths:
        choice('VMLAB_PATH_POLICY', value('VMLAB_PATH_POLICY', 'permissive'), ['permissive', 'strict']) ===
        'strict',
      searchPath: value('PATH', '').split(delimiter).filter(isAbsolute),
      kvmDevice: '/dev/kvm',
    },
    profileDirectories: profileDirectories(value('VMLAB_PROFILE_DIRS', 'profiles'), workingDirectory),
    logDirectory: resolve(serviceRoot, value('VMLAB_LOG_DIR', 'logs/vmlab')),
    logLevel: choice('LOG_LEVEL', value('LOG_LEVEL', 'info'), LOG_LEVELS),
    logToStdout: choice('VMLAB_LOG_STDOUT', value('VMLAB_LOG_STDOUT', 'false'), ['true', 'false']) === 'true',
    bodyLimit: integer('VMLAB_BODY_LIMIT', value('VMLAB_BODY_LIMIT', '262144'), 1, MOST_BODY_BYTES),
    fleetBodyLimit: integer(
      'VMLAB_FLEET_BODY_LIMIT',
      value('VMLAB_FLEET_BODY_LIMIT', '16777216'),
      1,
      MOST_BODY_BYTES,
    ),
    tokens: tokens(value('VMLAB_API_TOKENS', '')),
    rateLimit: integer('VMLAB_RATE_LIMIT', value('VMLAB_RATE_LIMIT', '0'), 0, MOST_REQUESTS_PER_MINUTE),
    corsOrigins: origins(value('VMLAB_CORS_ORIGINS', '')),
    shutdownDelay:
      integer('VMLAB_SHUTDOWN_DELAY', value('VMLAB_SHUTDOWN_DELAY', '0'), 0, MOST_SHUTDOWN_SECONDS) * 1000,
  };
  return { ...configuration, notes: notesOn(Object.keys(environment), known) };
}

const OWN = /^VMLAB_/;
/** What Kubernetes sets in every container for a Service that is called like this one. */
const OF_A_SERVICE = /^VMLAB_PLANNER_/;

function notesOn(names: readonly string[], known: readonly string[]): string[] {
  const unknown = names.filter((name) => OWN.test(name) && !OF_A_SERVICE.test(name) && !known.includes(name));
  const candidates = known.map((name) => name.toLowerCase());
  return unknown.sort(compareCodePoints).map((name) => {
    const plain = name.replace(OWN, '');
    const nearest = known.includes(plain) ? plain : nearestWord(name, candidates);
    const question = nearest === null ? '' : `; is ${nearest.toUpperCase()} meant?`;
    return `The variable ${visible(shortened(name))} is not known and has no effect${question || '.'}`;
  });
}

function integer(name: string, text: string, least: number, most: number): number {
  const number = Number(text);
  if (/^[0-9]+$/.test(text) && number >= least && number <= most) return number;
  throw new ConfigurationError(`${name} must be an integer from ${least} to ${most}.`);
}

function choice(name: string, text: string, values: readonly string[]): string {
  if (values.includes(text)) return text;
  throw new ConfigurationError(`${name} must be one of ${values.join(', ')}.`);
}

function projectRoot(path: string, { os }: Machine): string {
  const problem = hostPathProblem(os, path);
  if (problem === null) return path;
  throw new ConfigurationError(`VMLAB_PROJECT_ROOT ${problem}.`);
}

/** A directory that is named twice counts once. */
function profileDirectories(list: string, workingDirectory: string): ProfileDirectory[] {
  const byPath = new Map<string, ProfileDirectory>();
  for (const scope of list.split(delimiter).filter((entry) => entry !== '')) {
    const path = resolve(workingDirectory, scope);
    if (!byPath.has(path)) byPath.set(path, { scope, path });
  }
  return [...byPath.values()];
}

function entriesOf(list: string): string[] {
  return list
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}

/** No `*`: whoever may read answers is named. */
function origins(list: string): string[] {
  const entries = entriesOf(list);
  if (entries.every((entry) => URL.canParse(entry) && new URL(entry).origin === entry)) return entries;
  throw new ConfigurationError(
    'VMLAB_CORS_ORIGINS must be origins such as https://lab.example:8443 separated by commas.',
  );
}

/** The message never repeats a token. */
function tokens(list: string): string[] {
  const entries = entriesOf(list);
  if (entries.every((token) => TOKEN.test(token))) return entries;
  throw new ConfigurationError('VMLAB_API_TOKENS must be bearer tokens (RFC 6750) separated by commas.');
}
