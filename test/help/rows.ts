/** Tables of rules: a change to the base profile, and every issue that follows from it. */
import type { Test } from 'tap';
import { type Change, changed } from './documents.ts';
import { type Host, ON_LINUX } from './hosts.ts';
import { type Issue, issuesOf, outcomeOf } from './plans.ts';

/** What a row is about, the change, and the issues as `severity code field`; without any the profile is clean. */
export type Row = readonly [about: string, change: Change, ...issues: string[]];

/** Plans the profile of each row; neither more nor less than its issues may be reported. */
export function checkRows(t: Test, rows: readonly Row[], host: Host = ON_LINUX): void {
  for (const [about, change, ...expected] of rows) checkIssues(t, changed(change), expected, about, host);
  t.end();
}

export function checkIssues(
  t: Test,
  document: unknown,
  expected: readonly string[],
  about: string,
  host: Host = ON_LINUX,
): readonly Issue[] {
  const issues = issuesOf(outcomeOf(document, host));
  t.strictSame(issues.map(issueLine), expected, about);
  for (const { field, pointer, message, suggestion, code } of issues) {
    if (!field.includes('<U+') && pointer !== pointerOfField(field))
      t.equal(pointer, pointerOfField(field), `${about}: pointer`);
    if (message === '' || suggestion === '') t.fail(`${about}: ${code} says nothing`);
  }
  return issues;
}

export function issueLine({ severity, code, field }: Issue): string {
  return `${severity} ${code} ${field}`.trimEnd();
}

/** `storage.disks[0].path` as `/storage/disks/0/path`; a field shows `<U+XXXX>` where the pointer has the character. */
function pointerOfField(field: string): string {
  const steps = field.match(/"(?:[^"\\]|\\.)*"|[^.[\]]+/g) ?? [];
  return steps.map((step) => `/${step.startsWith('"') ? unquoted(step) : step}`).join('');
}

function unquoted(step: string): string {
  return String(JSON.parse(step)).replaceAll('~', '~0').replaceAll('/', '~1');
}
