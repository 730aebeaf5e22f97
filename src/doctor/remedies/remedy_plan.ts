/** What all plans of the doctor have in common. */
import { resolvePath } from '../../context/host_paths.ts';
import type { HostSurvey } from '../../context/host_survey.ts';
import { type CommandPlan, type PlanParts, planText, type Step, step } from '../../planning/command_plan.ts';
import { ANY_STRINGS } from '../../planning/json_strings.ts';
import { redacted } from '../../profile/secrets.ts';
import { compareCodePoints } from '../../profile/text.ts';

/** What a plan is the remedy for. */
export interface Cause {
  readonly survey: HostSurvey;
  readonly findingId: string;
  /** `null` for what has to do with no single profile. */
  readonly profileName: string | null;
}

export type RemedyParts = Pick<
  PlanParts,
  'affected_resources' | 'commands' | 'description' | 'estimated_impact' | 'explanation' | 'risk' | 'title'
> &
  Partial<Pick<PlanParts, 'requires_relogin'>>;

/** Seals a plan whose metadata says which finding it mends; its members are in the order of canonical JSON. */
export function remedyPlan({ survey, findingId, profileName }: Cause, parts: RemedyParts): CommandPlan {
  const text = planText(
    {
      ...parts,
      affected_resources: [...new Set(parts.affected_resources)].sort(compareCodePoints),
      metadata: JSON.stringify({
        finding_id: findingId,
        host: survey.facts,
        profile_name: profileName === null ? null : redacted(profileName),
      }),
      requires_relogin: parts.requires_relogin ?? false,
      source: 'doctor',
      warnings: [],
    },
    ANY_STRINGS,
  );
  return JSON.parse(text);
}

/** A step in the project root, or at the top of the file system while there is no such directory. */
export function remedyStep(
  { facts, projectRoot }: HostSurvey,
  given: Omit<Parameters<typeof step>[0], 'cwd'>,
): Step {
  const isThere = projectRoot.state === 'writable' || projectRoot.state === 'unwritable';
  return step({
    ...given,
    cwd: isThere ? facts.project_root : resolvePath(facts.os, facts.project_root, '/'),
  });
}

/** The user that this service runs as, when a plan may name it in argv. */
export function userOf({ user }: HostSurvey): string | null {
  return user !== null && /^[A-Za-z_][A-Za-z0-9_.-]*$/.test(user) ? user : null;
}
