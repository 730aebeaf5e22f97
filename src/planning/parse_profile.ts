/** The first stage: from a document or a text to a profile as far as it can be read, with every problem that needs no host. */
import { ISSUE_CODES, type IssueCode } from '../profile/codes.ts';
import { type IssueList, newIssues } from '../profile/issue.ts';
import type { AnyKey } from '../profile/key.ts';
import { reportMissing } from '../profile/other_keys.ts';
import { valueAt } from '../profile/path.ts';
import { isTable, newNotes, type Reader, type SecretPlace, type WrittenPath } from '../profile/read_notes.ts';
import { reader } from '../profile/reader.ts';
import { DEEPEST_NESTING, nestsTooDeep, parseToml, type TextProblem, withoutMark } from '../profile/toml.ts';
import { newerSyntaxIn, type Place } from '../profile/toml_places.ts';
import { checkProfile } from '../topics/index.ts';
import {
  type Draft,
  type Issues,
  PROFILE,
  SCHEMA_VERSION,
  SCHEMA_VERSIONS,
  type SchemaVersion,
} from '../topics/profile.ts';

export interface ParsedProfile {
  /** The TOML that it was read from; `null` where it came as JSON. */
  readonly text: string | null;
  /** What was read, as it was. */
  readonly document: unknown;
  readonly draft: Draft;
  readonly issues: Issues;
  /** Every path that the profile names. */
  readonly paths: readonly WrittenPath[];
  /** Whether a text looks like a secret, so that the profile is not shown as it is. */
  readonly holdsSecret: boolean;
}

const UNKNOWN_KEYS = 100;

const READERS = new Map(SCHEMA_VERSIONS.map((version) => [version, reader(PROFILE, version)]));

/**
 * Reads and checks a profile document. Nothing is thrown and nothing is coerced: `"4"` is not 4.
 * `document` nests at most 16 deep, as decoding has seen to.
 */
export function parseProfile(document: unknown, text: string | null = null): ParsedProfile {
  const issues: Issues = newIssues();
  const notes = newNotes(PROFILE, issues);
  const read = READERS.get(versionOf(document)) as Reader;
  if (isTable(document) && Object.keys(document).length === 0)
    issues.error([], 'empty-profile', 'The profile is empty: it has no keys.');
  const draft = read(document ?? null, notes) as Draft;
  reportMissing(notes);
  if (notes.unknownKeys > UNKNOWN_KEYS) {
    issues.error(
      [],
      'too-many-unknown-fields',
      `The profile has ${notes.unknownKeys} unknown keys; at most ${UNKNOWN_KEYS} are dropped with a warning.`,
    );
  }
  checkSecrets(draft, notes.secrets, issues);
  checkProfile(draft, issues);
  return { text, document, draft, issues, paths: notes.paths, holdsSecret: notes.secrets.length > 0 };
}

/** The version whose keys a document has; one that is not said or is not known has those of the newest. */
function versionOf(document: unknown): SchemaVersion {
  const said = valueAt(document, ['schema_version']);
  return SCHEMA_VERSIONS.find((version) => version === said) ?? SCHEMA_VERSION;
}

/** Parses a profile in TOML; one that nests too deep is not read. */
export function parseProfileText(
  text: string,
): { readonly profile: ParsedProfile } | { readonly problem: TextProblem } {
  const toml = withoutMark(text);
  const parsed = parseToml(toml);
  if ('problem' in parsed) return parsed;
  return nestsTooDeep(parsed.document)
    ? { problem: { line: 1, column: 1, reason: `The text nests deeper than ${DEEPEST_NESTING} levels.` } }
    : { profile: parseProfile(parsed.document, toml) };
}

/** What a profile is whose text cannot be read: nothing but the one problem. */
export function unreadableProfile(code: IssueCode, message: string, place?: Place): ParsedProfile {
  const { draft } = parseProfile({});
  const issue = { severity: 'error', code, at: [], message, suggestion: ISSUE_CODES[code].mend } as const;
  const issues: Issues = newIssues([place === undefined ? issue : { ...issue, place }]);
  return { text: null, document: undefined, draft, issues, paths: [], holdsSecret: false };
}

/** A secret on its way to argv would be in every process list; elsewhere it is only in the wrong place. */
function checkSecrets(draft: Draft, secrets: readonly SecretPlace[], { error, warning }: IssueList): void {
  for (const { path, reachesArgv } of secrets) {
    if (reachesArgv && !isSwitchedOff(draft, path[0])) {
      error(
        path,
        'secret-in-argv',
        (field) =>
          `${field} holds what looks like a secret, and every user of the host can read the arguments of a process.`,
      );
    } else {
      warning(
        path,
        'secret-like-value',
        (field) => `${field} holds what looks like a secret; a profile is no place for one.`,
      );
    }
  }
}

/** Whether nothing of a section reaches argv. */
function isSwitchedOff(draft: Draft, section: unknown): boolean {
  const keys: Readonly<Record<string, AnyKey>> = PROFILE.keys;
  const key = keys[String(section)];
  return (
    key?.kind === 'table' && key.switch !== null && valueAt(draft, [String(section), key.switch]) === false
  );
}

/** The same with an info where the text is not TOML 1.0. */
export function withTomlVersion(parsed: ParsedProfile): ParsedProfile {
  const place = parsed.text === null ? null : newerSyntaxIn(parsed.text);
  if (place === null) return parsed;
  const code = 'not-toml-1-0';
  const { means, mend } = ISSUE_CODES[code];
  const info = { severity: 'info', code, at: [], message: means, suggestion: mend, place } as const;
  return { ...parsed, issues: newIssues([info, ...parsed.issues.all]) };
}
