/** Diagnostics of a profile: collected with their path, then sorted, bounded and written out once. */
import { ISSUE_CODES, type IssueCode, isAboutKey } from './codes.ts';
import type { TableKey } from './key.ts';
import { fieldOf, type Path, pointerOf, sortedByPlace } from './path.ts';
import { compareCodePoints } from './text.ts';
import { type Place, placer } from './toml_places.ts';

export type Severity = 'error' | 'warning' | 'info';

/** One diagnostic; the members are in the order of canonical JSON. */
export interface Issue {
  readonly code: IssueCode;
  /** Where it is in the TOML that the profile came as; never in a plan, whose hash does not depend on layout. */
  readonly column?: number;
  /** Such as `storage.disks[0].path`; empty for the profile as a whole. */
  readonly field: string;
  readonly line?: number;
  /** A sentence with the value and the bound. */
  readonly message: string;
  /** The field as a JSON Pointer (RFC 6901). */
  readonly pointer: string;
  readonly severity: Severity;
  /** How to mend it. */
  readonly suggestion: string;
}

/** An issue before it is written out. */
export interface LocatedIssue {
  readonly severity: Severity;
  readonly code: IssueCode;
  readonly at: Path;
  readonly message: string;
  readonly suggestion: string;
  /** Where the place does not follow from `at`. */
  readonly place?: Place;
}

/** A sentence with the value and the bound; it is handed the field as people write it. */
type Sentence = string | ((field: string) => string);

/** A list under construction. A suggestion that the code has itself need not be given. */
export interface IssueList<At extends Path = Path> {
  readonly all: readonly LocatedIssue[];
  error(at: At, code: IssueCode, message: Sentence, suggestion?: string): void;
  warning(at: At, code: IssueCode, message: Sentence, suggestion?: string): void;
  info(at: At, code: IssueCode, message: Sentence, suggestion?: string): void;
  add(severity: Severity, at: At, code: IssueCode, message: Sentence, suggestion?: string): void;
  /** Whether there is an error at exactly this path, so that its value is not known. */
  isRefused(at: At): boolean;
}

/** At most this many issues are listed, then one that says how many more there are. */
export const LISTED_ISSUES = 100;

/** A new list, or one that goes on from others. */
export function newIssues<At extends Path = Path>(before: readonly LocatedIssue[] = []): IssueList<At> {
  const all = [...before];
  const add: IssueList<At>['add'] = (severity, at, code, message, suggestion = ISSUE_CODES[code].mend) => {
    const text = typeof message === 'string' ? message : message(fieldOf(at));
    all.push({ severity, code, at, message: text, suggestion });
  };
  return {
    all,
    add,
    error: (...issue) => add('error', ...issue),
    warning: (...issue) => add('warning', ...issue),
    info: (...issue) => add('info', ...issue),
    isRefused: (at) => all.some((issue) => issue.severity === 'error' && isSame(issue.at, at)),
  };
}

function isSame(left: Path, right: Path): boolean {
  return left.length === right.length && left.every((step, index) => step === right[index]);
}

export interface IssueReport {
  readonly errors: readonly Issue[];
  /** Warnings and infos. */
  readonly warnings: readonly Issue[];
}

/** Issues in the order of the schema's keys, elements by index, unknown keys last, then by code. */
export function reportIssues(issues: readonly LocatedIssue[], schema: TableKey): IssueReport {
  const sorted = issues.length < 2 ? issues : sortedByPlace(byCode(issues), schema);
  return {
    errors: bounded(sorted.filter(({ severity }) => severity === 'error')),
    warnings: bounded(sorted.filter(({ severity }) => severity !== 'error')),
  };
}

function byCode(issues: readonly LocatedIssue[]): LocatedIssue[] {
  return [...issues].sort((left, right) => compareCodePoints(left.code, right.code));
}

function bounded(issues: readonly LocatedIssue[]): Issue[] {
  const listed = issues.slice(0, LISTED_ISSUES).map(written);
  const first = issues[LISTED_ISSUES];
  if (first === undefined) return listed;
  const more = issues.length - LISTED_ISSUES;
  const severity = first.severity === 'error' ? 'error' : 'warning';
  const code = 'more-issues';
  const message = `${more} more ${severity}s are not listed; at most ${LISTED_ISSUES} are.`;
  listed.push({ code, field: '', message, pointer: '', severity, suggestion: ISSUE_CODES[code].mend });
  return listed;
}

function written({ severity, code, at, message, suggestion, place }: LocatedIssue): Issue {
  const issue = { code, field: fieldOf(at), message, pointer: pointerOf(at), severity, suggestion };
  return place === undefined ? issue : placedIssue(issue, place);
}

function placedIssue({ code, field, ...rest }: Issue, { line, column }: Place): Issue {
  return { code, column, field, line, ...rest };
}

/** Adds to the issues of a profile where they are in its text. */
export function issuePlacer(text: string | null): (issue: Issue) => Issue {
  const placeOf = placer(text);
  return (issue) => {
    if (issue.line !== undefined) return issue;
    const place = placeOf(issue.pointer, isAboutKey(issue.code) ? 'key' : 'value');
    return place === null ? issue : placedIssue(issue, place);
  };
}
