/** A profile with what was seen of it, as the checks of the doctor take it. */
import type { HostFacts } from '../context/host_facts.ts';
import type { FileSurvey, HostSurvey, ProfileSurvey } from '../context/host_survey.ts';
import { type PathUse, type Purpose, pathUses } from '../context/path_uses.ts';
import type { Outcome } from '../planning/plan_profile.ts';
import { type Path, pointerOf } from '../profile/field_path.ts';
import type { Issue } from '../profile/issue.ts';
import type { Draft } from '../profile/profile.ts';
import type { Cause } from './remedies/remedy_plan.ts';
import { subjectsOf } from './subjects.ts';

/** A discovered profile with what validating it on this host gave. */
export interface DiagnosedProfile {
  /** The name that it was asked for by. */
  readonly name: string;
  readonly outcome: Outcome;
  readonly draft: Draft;
}

/** A path of the profile that nothing is wrong with but what is, or is not, there. */
export interface SeenFile {
  readonly use: PathUse;
  readonly file: FileSurvey;
}

export interface Examined {
  readonly survey: HostSurvey;
  readonly facts: HostFacts;
  readonly seen: ProfileSurvey;
  readonly name: string;
  readonly draft: Draft;
  /** Errors, then warnings and infos. */
  readonly issues: readonly Issue[];
  /** Whether the profile has an error at a field, other than what the doctor itself looks for. */
  readonly isRefused: (at: Path) => boolean;
  /** The paths of these purposes, less those that are refused or were not looked at. */
  readonly filesFor: (...purposes: readonly Purpose[]) => readonly SeenFile[];
  /** The cause of a plan that mends this finding. */
  readonly causeOf: (findingId: string) => Cause;
}

/** The issues that a finding of the doctor's own says better, since it knows more and may bring a plan. */
const SAID_BY_FINDINGS = new Set([
  'qemu-binary-not-found',
  'disk-missing',
  'disk-will-need-creation',
  'disk-not-a-file',
  'disk-format-mismatch',
  'share-not-a-directory',
  'kernel-missing',
  'initrd-missing',
  'file-unreadable',
  'parent-directory-missing',
]);

/** Whether an issue is left to a finding of its own. */
export function isSaidByFinding({ code }: Issue): boolean {
  return SAID_BY_FINDINGS.has(code);
}

export function issuesOf(outcome: Outcome): Issue[] {
  return [...(outcome.isValid ? [] : outcome.errors), ...outcome.warnings];
}

export function examined(
  survey: HostSurvey,
  seen: ProfileSurvey,
  { name, outcome, draft }: DiagnosedProfile,
): Examined {
  const issues = issuesOf(outcome);
  const refusals = issues.filter((issue) => issue.severity === 'error' && !isSaidByFinding(issue));
  const refused = new Set(refusals.map(({ pointer }) => pointer));
  // Where not all errors are listed, any field may have one.
  const isCut = refusals.some(({ code }) => code === 'more-issues');
  const isRefused = (at: Path): boolean => isCut || refused.has(pointerOf(at));
  const files = pathUses(draft, survey.facts).flatMap((use) => {
    const file = seen.files.get(use.absolute);
    const isLeftOut = file === undefined || file.sight.kind === 'loop' || isRefused(use.at);
    return isLeftOut ? [] : [{ use, file }];
  });
  return {
    survey,
    facts: survey.facts,
    seen,
    name,
    draft,
    issues,
    isRefused,
    filesFor: (...purposes) => files.filter(({ use }) => purposes.includes(use.purpose)),
    causeOf: (findingId) => ({ survey, findingId, profileName: name }),
  };
}

/** What tells the disks apart in ids and titles, by their index in the profile. */
export function diskSubjects({ storage }: Draft): string[] {
  return subjectsOf((storage.disks ?? []).map(({ name }) => name));
}
