/** What one profile needs of this host: its issues, and what a look at each of its needs showed. */
import type { Host, ProbedFiles, ProbedNetwork } from '../facts/host.ts';
import type { ProbedMachine } from '../facts/machine.ts';
import { isPathNeed, type Need, verdictsOn } from '../needs/need.ts';
import type { Verdict } from '../needs/need_kind.ts';
import type { PlanOutcome } from '../planning/plan_profile.ts';
import { isSeenOnHost } from '../profile/codes.ts';
import { type Issue, issuePlacer } from '../profile/issue.ts';
import { pointerOf } from '../profile/path.ts';
import { compareCodePoints } from '../profile/text.ts';
import { type Place, placer } from '../profile/toml_places.ts';
import type { Draft } from '../topics/profile.ts';
import { issueFindings } from './checks/issue_findings.ts';
import { spaceFindings } from './checks/space_findings.ts';
import { type Finding, finding } from './finding.ts';
import { planRemedy } from './remedies/plan_remedy.ts';
import { subjectsIn } from './subjects.ts';

/** A discovered profile with what validating it on this host gave. */
export interface DiagnosedProfile {
  /** The name that it was asked for by, else that of the VM; `null` where that cannot be read. */
  readonly name: string | null;
  readonly draft: Draft;
  readonly host: Host;
  readonly outcome: PlanOutcome;
  readonly network: ProbedNetwork;
}

/** An issue that only a look can find is said by the finding about that need alone, which knows more and may bring a plan. */
export function profileFindings(machine: ProbedMachine, profile: DiagnosedProfile): Finding[] {
  const { name, draft, outcome, host, network } = profile;
  const { facts } = machine;
  const issues = [...(outcome.isValid ? [] : outcome.errors), ...outcome.warnings];
  const own = issues.filter(({ code }) => !isSeenOnHost(code));
  const files = host.probed as ProbedFiles;
  const needs = usableNeeds(outcome.needs, own, files);
  const subjectOf = subjectsIn(draft);
  const placeOf = placer(outcome.text);
  const findings = needs.flatMap((need) =>
    verdictsOn(need, { facts, files, network, subject: subjectOf(need) }).map((verdict) =>
      needFinding(verdict, placeOf(pointerOf(need.at), 'value'), machine, name),
    ),
  );
  return [
    ...issueFindings(name, own.map(issuePlacer(outcome.text))),
    ...merged(findings),
    ...spaceFindings(needs, files, subjectOf),
  ];
}

/** Needs that nothing is wrong with but what is, or is not, there. */
function usableNeeds(needs: readonly Need[], issues: readonly Issue[], { paths }: ProbedFiles): Need[] {
  const errors = issues.filter(({ severity }) => severity === 'error');
  // Where not all errors are listed, any key may have one.
  if (errors.some(({ code }) => code === 'more-issues')) return [];
  // A port that two rules take may be free all the same.
  const refusals = errors.filter(({ code }) => code !== 'port-forwarded-twice');
  const refused = new Set(refusals.map(({ pointer }) => pointer));
  return needs.filter((need) => {
    const isLoop = isPathNeed(need) && paths.get(need.path)?.kind === 'loop';
    return !isLoop && !refused.has(pointerOf(need.at));
  });
}

function needFinding(
  verdict: Verdict,
  place: Place | null,
  machine: ProbedMachine,
  profileName: string | null,
): Finding {
  const { id, says, mend, advice = mend, remedy, resources, metadata, severity, category, title } = verdict;
  const cause = { machine, findingId: id, profileName };
  return finding({
    id,
    severity,
    category,
    title,
    description: `${says} ${advice}`.trimEnd(),
    resources,
    metadata: { ...metadata, ...place, profile_name: profileName },
    remedy: remedy === undefined ? null : planRemedy(cause, remedy),
  });
}

/** One finding of each id, about all that those of that id are about: many needs can be of one thing. */
function merged(findings: readonly Finding[]): Finding[] {
  const byId = new Map<string, Finding>();
  for (const one of findings) {
    const same = byId.get(one.finding_id);
    const resources = new Set([...(same ?? one).affected_resources, ...one.affected_resources]);
    byId.set(one.finding_id, {
      ...(same ?? one),
      affected_resources: [...resources].sort(compareCodePoints),
    });
  }
  return [...byId.values()];
}
