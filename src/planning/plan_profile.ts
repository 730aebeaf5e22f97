/** The whole pipeline: a profile that was read, and a host, become everything that answers are made of. */
import { checkHost } from '../context/check_host.ts';
import type { Host } from '../context/host_facts.ts';
import { type ResolvedContext, resolveContext } from '../context/resolve_context.ts';
import { canonicalToml } from '../profile/canonical.ts';
import { type Issue, newFindings, reportIssues } from '../profile/issue.ts';
import type { Profile } from '../profile/profile.ts';
import type { Reading } from '../profile/read_profile.ts';
import { redacted } from '../profile/secrets.ts';
import { argvOf, buildArgv } from '../qemu/build_argv.ts';
import type { Part } from '../qemu/part.ts';
import { argvHash, sha256 } from './hash.ts';
import { type Unknown, unknownsOf } from './unknowns.ts';

/** What can be said of any profile, valid or not. */
interface Assessed {
  /** The profile's name as far as it can be shown. */
  readonly profileName: string | null;
  readonly schemaVersion: number | null;
  readonly warnings: readonly Issue[];
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
  readonly canonical: string;
  readonly profileHash: string;
  readonly host: Host;
  readonly context: ResolvedContext;
  readonly parts: readonly Part[];
  readonly argv: readonly string[];
  readonly argvHash: string;
  readonly unknowns: readonly Unknown[];
}

export type Outcome = Planned | Refused;

/** Pure: the same reading and host give the same outcome, anywhere and at any time. */
export function planProfile({ document, draft, findings: read }: Reading, host: Host): Outcome {
  const findings = newFindings(read.list);
  checkHost(draft, host, findings);
  const { errors, warnings } = reportIssues(findings.list);
  const profileName = draft.vm.name === undefined ? null : redacted(draft.vm.name);
  const schemaVersion = draft.schema_version ?? null;
  if (errors.length > 0) return { isValid: false, profileName, schemaVersion, errors, warnings };

  const profile = draft as Profile;
  const canonical = canonicalToml(profile);
  const context = resolveContext(profile, host);
  const parts = buildArgv(context);
  const argv = argvOf(parts);
  return {
    isValid: true,
    profileName: profile.vm.name,
    schemaVersion,
    warnings,
    document,
    profile,
    canonical,
    profileHash: sha256(canonical),
    host,
    context,
    parts,
    argv,
    argvHash: argvHash(argv),
    unknowns: unknownsOf(context, host),
  };
}
