/** Diagnostics: collected with their path, then sorted, bounded and written out once. */
import { comparePlaces, fieldOf, type Path, pointerOf, tablePlace } from './field_path.ts';
import { compareCodePoints } from './text.ts';

export type Severity = 'error' | 'warning' | 'info';

/** One diagnostic; the members are in the order of canonical JSON. */
export interface Issue {
  /** A stable kebab-case word. */
  readonly code: string;
  /** Such as `storage.disks[0].path`; empty for the profile as a whole. */
  readonly field: string;
  /** A sentence with the value and the bound. */
  readonly message: string;
  /** The field as a JSON Pointer (RFC 6901). */
  readonly pointer: string;
  readonly severity: Severity;
  /** How to mend it. */
  readonly suggestion: string;
}

export interface LocatedIssue {
  readonly severity: Severity;
  readonly code: string;
  readonly path: Path;
  readonly message: string;
  readonly suggestion: string;
}

type Add = (path: Path, code: string, message: string, suggestion: string) => void;

/** A list under construction. A message is a sentence with the value and the bound; a suggestion says how to mend it. */
export interface Findings {
  readonly list: LocatedIssue[];
  readonly error: Add;
  readonly warning: Add;
  readonly info: Add;
  /** Whether there is an error at exactly this field, so that its value is not known. */
  readonly refused: (field: string) => boolean;
}

/** At most this many issues are listed, then one that says how many more there are. */
export const LISTED_ISSUES = 100;

/** A new list, or one that goes on from others. */
export function newFindings(before: readonly LocatedIssue[] = []): Findings {
  const list = [...before];
  const add =
    (severity: Severity): Add =>
    (path, code, message, suggestion) => {
      list.push({ severity, code, path, message, suggestion });
    };
  return {
    list,
    error: add('error'),
    warning: add('warning'),
    info: add('info'),
    refused: (field) => list.some(({ severity, path }) => severity === 'error' && fieldOf(path) === field),
  };
}

export interface IssueReport {
  readonly errors: readonly Issue[];
  /** Warnings and infos. */
  readonly warnings: readonly Issue[];
}

/** Issues in the order of the profile's tables, elements by index, unknown keys last, then by code. */
export function reportIssues(issues: readonly LocatedIssue[]): IssueReport {
  const sorted = issues.length < 2 ? issues : sortedIssues(issues);
  return {
    errors: bounded(sorted.filter((issue) => issue.severity === 'error')),
    warnings: bounded(sorted.filter((issue) => issue.severity !== 'error')),
  };
}

function sortedIssues(issues: readonly LocatedIssue[]): readonly LocatedIssue[] {
  return issues
    .map((issue) => ({ issue, place: tablePlace(issue.path) }))
    .sort(
      (left, right) =>
        comparePlaces(left.place, right.place) || compareCodePoints(left.issue.code, right.issue.code),
    )
    .map(({ issue }) => issue);
}

function bounded(issues: readonly LocatedIssue[]): Issue[] {
  if (issues.length === 0) return [];
  const listed = issues.slice(0, LISTED_ISSUES).map(written);
  const first = issues[LISTED_ISSUES];
  if (first === undefined) return listed;
  const more = issues.length - LISTED_ISSUES;
  const severity = first.severity === 'error' ? 'error' : 'warning';
  listed.push({
    code: 'more-issues',
    field: '',
    message: `${more} more ${severity === 'error' ? 'errors' : 'warnings'} are not listed; at most ${LISTED_ISSUES} are.`,
    pointer: '',
    severity,
    suggestion: 'Mend those that are listed and ask again.',
  });
  return listed;
}

function written({ severity, code, path, message, suggestion }: LocatedIssue): Issue {
  return { code, field: fieldOf(path), message, pointer: pointerOf(path), severity, suggestion };
}
