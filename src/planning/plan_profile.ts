/** The whole pipeline: a profile that was read, and a host, become everything that answers are made of. */
import { checkHost } from '../context/check_host.ts';
import type { Host } from '../context/host_facts.ts';
import { pathUses } from '../context/path_uses.ts';
import { type ResolvedContext, resolveContext } from '../context/resolve_context.ts';
import { canonicalToml } from '../profile/canonical.ts';
import { type Issue, newFindings, reportIssues } from '../profile/issue.ts';
import type { Profile } from '../profile/profile.ts';
import type { Reading } from '../profile/read_profile.ts';
import { redacted } from '../profile/secrets.ts';
import { isOrdinaryText } from '../profile/text.ts';
import { argvOf, buildArgv } from '../qemu/build_argv.ts';
import type { Part } from '../qemu/part.ts';
import { sha256 } from './hash.ts';
import { ANY_STRINGS, type JsonStrings, ORDINARY_STRINGS } from './json_strings.ts';
import { type OpenQuestion, unknownsOf } from './unknowns.ts';

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
  /** Whether its texts hold nothing that is escaped anywhere, and no secret. */
  readonly isOrdinary: boolean;
  readonly host: Host;
  readonly context: ResolvedContext;
  readonly parts: readonly Part[];
  readonly argv: readonly string[];
  /** argv as one text, with NUL between its elements, of which none can hold one. */
  readonly joined: string;
  readonly argvHash: string;
  readonly unknowns: readonly OpenQuestion[];
  /** How the texts of answers about this plan are written. */
  readonly strings: JsonStrings;
}

export type Outcome = Planned | Refused;

/** Pure: the same reading and host give the same outcome, anywhere and at any time. */
export function planProfile({ document, draft, findings: read, ordinary }: Reading, host: Host): Outcome {
  const findings = newFindings(read.list);
  const uses = pathUses(draft, host.facts);
  checkHost(draft, uses, host, findings);
  const { errors, warnings } = reportIssues(findings.list);
  const schemaVersion = draft.schema_version ?? null;
  if (errors.length > 0) {
    const profileName = draft.vm.name === undefined ? null : redacted(draft.vm.name);
    return { isValid: false, profileName, schemaVersion, errors, warnings };
  }

  const profile = draft as Profile;
  const canonical = ordinary ?? canonicalToml(profile);
  const context = resolveContext(profile, host, uses);
  const parts = buildArgv(context);
  const argv = argvOf(parts);
  const joined = argv.join('\0');
  const strings = ordinary !== null && isOrdinaryHost(host) ? ORDINARY_STRINGS : ANY_STRINGS;
  return {
    isValid: true,
    profileName: profile.vm.name,
    schemaVersion,
    warnings,
    document,
    profile,
    canonical,
    profileHash: sha256(canonical),
    isOrdinary: ordinary !== null,
    host,
    context,
    parts,
    argv,
    joined,
    argvHash: sha256(joined),
    unknowns: unknownsOf(context, host, strings),
    strings,
  };
}

/** Whether nothing that answers repeat of a host has to be escaped; of what a look at files shows, anything may. */
function isOrdinaryHost({ facts, sight }: Host): boolean {
  return sight === null && isOrdinaryText(facts.project_root);
}
