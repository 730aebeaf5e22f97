/** Rules about needs: each path by itself, what a look at the host shows, and two needs of one thing. */
import type { Host, ProbedFiles } from '../facts/host.ts';
import type { HostFacts } from '../facts/host_facts.ts';
import { isInside } from '../facts/host_paths.ts';
import type { IssueList } from '../profile/issue.ts';
import type { TableKey } from '../profile/key.ts';
import { show } from '../profile/show.ts';
import { naming } from './named_path.ts';
import { isPathNeed, knownOf, type Need, type PathNeed, verdictsOn } from './need.ts';
import { checkPathConflicts } from './path_conflicts.ts';
import { checkPath } from './path_rules.ts';
import { checkWays } from './path_ways.ts';
import { checkPortConflicts } from './port_conflicts.ts';
import { checkShares } from './share_rules.ts';
import { checkUsbConflicts } from './usb_conflicts.ts';

export function checkNeeds(needs: readonly Need[], host: Host, schema: TableKey, issues: IssueList): void {
  const paths = needs.filter(isPathNeed);
  const forbidden: ReadonlySet<Need> = new Set(paths.filter((need) => !checkPath(need, host, issues)));
  checkPathConflicts(paths, host, schema, issues);
  const impossible: ReadonlySet<Need> = checkWays(paths, host, schema, issues);
  checkKnown(needs, host.facts, issues);
  for (const need of needs) {
    if (host.probed === null || impossible.has(need)) continue;
    checkSeen(need, !forbidden.has(need), host, host.probed, issues);
  }
  checkShares(paths, host, schema, issues);
  checkPortConflicts(needs, issues);
  checkUsbConflicts(needs, host, issues);
}

/** What is wrong anyway needs no other word. */
export function checkKnown(needs: readonly Need[], facts: HostFacts, issues: IssueList): void {
  for (const need of needs) {
    const known = knownOf(need, facts);
    if (known.length === 0 || issues.isRefused(need.at)) continue;
    for (const { severity, code, message, suggestion } of known)
      issues.add(severity, need.at, code, message, suggestion);
  }
}

/** What is seen where links lead astray says nothing of the need, but for a program, which is looked for by its name. */
function checkSeen(
  need: Need,
  mayBeNamed: boolean,
  { facts }: Host,
  files: ProbedFiles,
  issues: IssueList,
): void {
  const leadsAstray = isPathNeed(need) && !checkLinks(need, files, facts.os, issues);
  if (!mayBeNamed || (leadsAstray && need.kind !== 'program')) return;
  for (const verdict of verdictsOn(need, { facts, files, network: null, subject: '' })) {
    const { issue, severity, issueSeverity = severity, says, mend } = verdict;
    if (issue !== undefined) issues.add(issueSeverity, need.at, issue, says, mend);
  }
}

/** Whether a path leads where it seems to. */
function checkLinks(
  need: PathNeed,
  { paths, realRoot }: ProbedFiles,
  os: Host['facts']['os'],
  { error }: IssueList,
): boolean {
  const seen = paths.get(need.path);
  if (seen?.kind === 'loop') {
    error(need.at, 'symlink-loop', `${naming(need)}, whose symbolic links lead in a circle.`);
    return false;
  }
  if (seen === undefined || !need.isInsideRoot || isInside(os, realRoot, seen.realPath)) return true;
  error(
    need.at,
    'symlink-escape',
    `${naming(need)}, which looks as if it were in the project root and really is ${show(seen.realPath)}.`,
  );
  return false;
}
