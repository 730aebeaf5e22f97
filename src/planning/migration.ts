/** The answer of `POST /profiles/migrate`: what a profile becomes in the newest version of the schema. */
import { isSeenOnHost } from '../profile/codes.ts';
import { type Issue, issuePlacer, newIssues, reportIssues } from '../profile/issue.ts';
import { redacted } from '../profile/secrets.ts';
import { isImage, isShare } from '../topics/disk_keys.ts';
import { type Issues, PROFILE, type Profile, SCHEMA_VERSION } from '../topics/profile.ts';
import { type ArgvChange, argvChanges, profileDifferences } from './argv_changes.ts';
import { type ParsedProfile, parseProfile, parseProfileText } from './parse_profile.ts';
import { type Planned, type PlanOutcome, planProfile, type Refused } from './plan_profile.ts';
import { shownCanonical } from './validation_result.ts';

export interface Migration {
  readonly from: number;
  readonly to: number;
  /** Whether the new version plans the same machine of the same files. */
  readonly identical: boolean;
  readonly profile_toml: string;
  readonly profile_hash: string;
  readonly argv_changes: readonly ArgvChange[];
  /** What changes, then what is said of the profile in the new version. */
  readonly warnings: readonly Issue[];
}

export interface Migrated {
  readonly migration: Migration;
  readonly after: Planned;
}

/** A valid profile in the newest version. */
export function inNewestVersion({ document }: Planned): ParsedProfile {
  return parseProfile({ ...(document as object), schema_version: SCHEMA_VERSION });
}

/** What a profile becomes; `onHost` is the outcome of it in the newest version. Refused where only that has errors. */
export function migrate(
  parsed: ParsedProfile,
  before: Planned,
  onHost: PlanOutcome,
): Migrated | { readonly refused: Refused } {
  if (before.profile.schema_version === SCHEMA_VERSION)
    return { migration: unchanged(parsed, before), after: before };
  const after = plannedAnyway(onHost, before);
  if (!after.isValid) return { refused: after };
  const seen = onHost.isValid ? [] : onHost.errors;
  const own = ownIssues(before, after);
  const isOther = [...own, ...seen].some(({ code }) => OTHER_MACHINE.has(code));
  const placed = issuePlacer(parsed.text);
  const migration = {
    from: before.profile.schema_version,
    to: SCHEMA_VERSION,
    identical: !isOther,
    profile_toml: textIn(parsed, after),
    profile_hash: after.profileHash,
    argv_changes: argvChanges(before, after, profileDifferences(before, after)),
    warnings: [...own, ...seen, ...after.warnings].map(placed),
  };
  return { migration, after };
}

/** Codes of what makes the machine another one, or lets it read other files. */
const OTHER_MACHINE: ReadonlySet<string> = new Set([
  'backing-file-not-followed',
  'backing-file-undeclared',
  'key-takes-effect',
]);

function unchanged(parsed: ParsedProfile, planned: Planned): Migration {
  return {
    from: SCHEMA_VERSION,
    to: SCHEMA_VERSION,
    identical: true,
    profile_toml: parsed.text === null ? shownCanonical(planned) : redacted(parsed.text),
    profile_hash: planned.profileHash,
    argv_changes: [],
    warnings: planned.warnings.map(issuePlacer(parsed.text)),
  };
}

/** Where only a look at the host finds errors, the profile can be planned as for a host that nobody looked at. */
function plannedAnyway(outcome: PlanOutcome, before: Planned): PlanOutcome {
  if (outcome.isValid || !outcome.errors.every(({ code }) => isSeenOnHost(code))) return outcome;
  return planProfile(inNewestVersion(before), { ...before.host, probed: null });
}

function ownIssues(before: Planned, after: Planned): readonly Issue[] {
  const issues: Issues = newIssues();
  slotIssues(before.profile, issues);
  if (before.host.probed === null) backingIssues(before.profile, issues);
  const taken = keysThatTakeEffect(before, after);
  return [...reportIssues(issues.all, PROFILE).warnings, ...taken];
}

/** Version 1 puts disks before shares and cards where the boot disk is not the first; version 2 never does. */
function slotIssues({ storage: { disks }, network: { interfaces } }: Profile, { warning }: Issues): void {
  const images = disks.filter(isImage);
  const isInTwoParts = images.some(({ boot }) => boot) && images[0]?.boot === false;
  const hasOthers = disks.some(isShare) || interfaces.some(({ type }) => type !== 'none');
  if (!isInTwoParts || !hasOthers) return;
  warning(
    ['storage', 'disks'],
    'pci-slots-move',
    'The boot disk is not the first one, so that version 1 gave disks the first PCI slots; in version 2 shares and network cards have them, and the guest may name its network cards anew.',
  );
}

const MAY_NAME_OTHERS: ReadonlySet<string> = new Set(['qcow2', 'vmdk']);

function backingIssues({ storage: { disks } }: Profile, { warning }: Issues): void {
  for (const [index, { format }] of disks.entries()) {
    if (!MAY_NAME_OTHERS.has(format)) continue;
    warning(
      ['storage', 'disks', index, 'path'],
      'backing-file-not-followed',
      (field) =>
        `${field} may be an overlay: version 1 lets QEMU follow what the header of the image names, version 2 follows only what base names.`,
    );
  }
}

/** Keys that version 1 dropped and the newest version has. */
function keysThatTakeEffect(before: Planned, after: Planned): Issue[] {
  const unknown = ({ warnings }: Planned): Issue[] => warnings.filter(({ code }) => code === 'unknown-field');
  const still = new Set(unknown(after).map(({ pointer }) => pointer));
  return unknown(before)
    .filter(({ pointer }) => !still.has(pointer))
    .map((issue) => ({
      ...issue,
      code: 'key-takes-effect',
      message: `${issue.field} had no effect in version 1 and has one in version ${SCHEMA_VERSION}.`,
      suggestion: 'Remove it unless it is meant.',
    }));
}

/** The text as it came with only the number changed; canonical TOML where no text came, or the number is not to be found. */
function textIn({ text }: ParsedProfile, after: Planned): string {
  const changed = text === null ? null : withVersion(text, SCHEMA_VERSION);
  return changed === null ? shownCanonical(after) : redacted(changed);
}

/** A place that looks like the key may be in a comment or in a text; the right one is that which makes the profile's version another. */
const VERSION_VALUE = /(?:schema_version|"schema_version"|'schema_version')[ \t]*=[ \t]*([^\s,#]+)/g;

function withVersion(text: string, version: number): string | null {
  for (const match of text.matchAll(VERSION_VALUE)) {
    const end = match.index + match[0].length;
    const start = end - (match[1] as string).length;
    const changed = `${text.slice(0, start)}${version}${text.slice(end)}`;
    const read = parseProfileText(changed);
    if ('profile' in read && read.profile.draft.schema_version === version) return changed;
  }
  return null;
}
