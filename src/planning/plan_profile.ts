/** The whole pipeline: a profile that was parsed, and a host, become everything that answers are made of. */
import type { Host } from '../facts/host.ts';
import type { Acceleration } from '../facts/host_facts.ts';
import { checkKnown, checkNeeds } from '../needs/checks.ts';
import { foundNeeds } from '../needs/found_needs.ts';
import { type Need, unknownsOf } from '../needs/need.ts';
import type { Unknown } from '../needs/need_kind.ts';
import { checkUnusedPaths } from '../needs/unused_paths.ts';
import { canonicalValue, canonicalWriterOf } from '../profile/canonical.ts';
import { type Issue, newIssues, reportIssues } from '../profile/issue.ts';
import { redacted } from '../profile/secrets.ts';
import { accelerationOf } from '../topics/accelerator.ts';
import type { Helper } from '../topics/helper.ts';
import { buildArgv, checkOnHost, helpersOf, needsOf } from '../topics/index.ts';
import { argvOf, type Part } from '../topics/part.ts';
import { type Draft, type Issues, PROFILE, type Profile, SCHEMA_VERSIONS } from '../topics/profile.ts';
import { deviceNeeds } from '../topics/used_devices.ts';
import { sha256 } from './hash.ts';
import type { ParsedProfile } from './parse_profile.ts';

/** What can be said of any profile, valid or not. */
interface Assessed {
  /** The profile's name as far as it can be shown. */
  readonly profileName: string | null;
  readonly schemaVersion: number | null;
  /** The TOML that the profile came as; `null` where it came as JSON. */
  readonly text: string | null;
  readonly warnings: readonly Issue[];
  /** What it needs of the host, as far as it could be read. */
  readonly needs: readonly Need[];
}

export interface Refused extends Assessed {
  readonly isValid: false;
  readonly errors: readonly Issue[];
}

export interface Planned extends Assessed {
  readonly isValid: true;
  readonly profileName: string;
  /** The profile as it was sent. */
  readonly document: unknown;
  readonly profile: Profile;
  /** Whether a text of it looks like a secret, so that it is not shown as it is. */
  readonly holdsSecret: boolean;
  readonly canonical: string;
  readonly profileHash: string;
  readonly host: Host;
  readonly acceleration: Acceleration;
  readonly parts: readonly Part[];
  readonly argv: readonly string[];
  readonly argvHash: string;
  /** The programs that run beside QEMU, in the order in which they start. */
  readonly helpers: readonly Helper[];
  readonly unknowns: readonly Unknown[];
}

export type PlanOutcome = Planned | Refused;

/** The values that the canonical text of a valid profile has. */
export function canonicalProfile(profile: Profile): object {
  return canonicalValue(PROFILE, profile);
}

const WRITERS = new Map<number, (value: object) => string>(
  SCHEMA_VERSIONS.map((version) => [version, canonicalWriterOf(PROFILE, version)]),
);

/** The canonical text of a valid profile. */
export function canonicalToml(profile: Profile): string {
  const write = WRITERS.get(profile.schema_version) as (value: object) => string;
  return write(profile);
}

/** The same whatever the host. */
export function profileHashOf(profile: Profile): string {
  return sha256(canonicalToml(profile));
}

/** Pure: the same profile and host give the same outcome, anywhere and at any time. */
export function planProfile(parsed: ParsedProfile, host: Host): PlanOutcome {
  const { text, document, draft, holdsSecret } = parsed;
  const issues: Issues = newIssues(parsed.issues.all);
  const needs = allNeeds(draft, host);
  checkOnHost(draft, host, issues);
  checkNeeds(needs, host, PROFILE, issues);
  checkUnusedPaths(parsed.paths, needs, host, issues);

  const schemaVersion = draft.schema_version ?? null;
  const profile = draft as Profile;
  const parts = issues.all.some(({ severity }) => severity === 'error') ? [] : buildArgv(profile, host);
  const devices = knownDevices(profile, parts, host);
  checkKnown(devices, host.facts, issues);
  needs.push(...devices);
  const { errors, warnings } = reportIssues(issues.all, PROFILE);
  if (errors.length > 0) {
    const profileName = draft.vm.name === undefined ? null : redacted(draft.vm.name);
    return { isValid: false, profileName, schemaVersion, text, errors, warnings, needs };
  }

  const canonical = canonicalToml(profile);
  const argv = argvOf(parts);
  return {
    isValid: true,
    profileName: profile.vm.name,
    schemaVersion,
    text,
    warnings,
    needs,
    document,
    profile,
    holdsSecret,
    canonical,
    profileHash: sha256(canonical),
    host,
    acceleration: accelerationOf(profile.hardware, host.facts),
    parts,
    argv,
    argvHash: sha256(argv.join('\0')),
    helpers: helpersOf(profile, host),
    unknowns: unknownsOf(needs, host, profile.schema_version),
  };
}

/** Where the version of QEMU is known: one question is asked about all devices where it is not. */
function knownDevices(profile: Profile, parts: readonly Part[], { facts }: Host): Need[] {
  return facts.qemu_version === undefined ? [] : deviceNeeds(parts, profile);
}

/** What the profile says that it needs, and what its images say where this host was looked at. */
function allNeeds(draft: Draft, { facts, probed }: Host): Need[] {
  const needs = needsOf(draft, facts);
  return probed === null ? needs : [...needs, ...foundNeeds(needs, probed.paths, facts)];
}

/** Whether the request gave the host facts or this host was probed. */
export function hostFactsOf({ host }: Planned): 'given' | 'probed' {
  return host.probed === null ? 'given' : 'probed';
}
