/** What all plans of the doctor have in common. */
import { resolvePath } from '../../facts/host_paths.ts';
import type { ProbedMachine } from '../../facts/machine.ts';
import { type CommandPlan, type PlanParts, type Step, sealPlan, step } from '../../planning/command_plan.ts';
import { redacted } from '../../profile/secrets.ts';
import { compareCodePoints } from '../../profile/text.ts';

/** What a plan is the remedy for. */
export interface Cause {
  readonly machine: ProbedMachine;
  readonly findingId: string;
  /** `null` for what has to do with no single profile. */
  readonly profileName: string | null;
}

export type RemedyParts = Pick<
  PlanParts<object>,
  'affected_resources' | 'commands' | 'description' | 'estimated_impact' | 'explanation' | 'risk' | 'title'
> &
  Partial<Pick<PlanParts<object>, 'requires_relogin'>> & {
    /** Files that the steps read, by absolute path. */
    readonly reads?: readonly string[];
  };

/** A plan whose metadata says which finding it mends; its members are in the order of canonical JSON. */
export function remedyPlan(
  { machine, findingId, profileName }: Cause,
  { reads = [], ...parts }: RemedyParts,
): CommandPlan {
  const resources = [...parts.affected_resources, ...reads.map((path) => `path:${path}`)];
  const { plan } = sealPlan({
    ...parts,
    affected_resources: [...new Set(resources)].sort(compareCodePoints),
    metadata: {
      finding_id: findingId,
      host: machine.facts,
      profile_name: profileName === null ? null : redacted(profileName),
    },
    requires_relogin: parts.requires_relogin ?? false,
    source: 'doctor',
    warnings: [],
  });
  return plan;
}

/** A step in the project root, or at the top of the file system while there is no such directory. */
export function remedyStep(
  { facts, projectRoot }: ProbedMachine,
  given: Omit<Parameters<typeof step>[0], 'cwd'>,
): Step {
  const isThere = projectRoot.state === 'writable' || projectRoot.state === 'unwritable';
  return step({
    ...given,
    cwd: isThere ? facts.project_root : resolvePath(facts.os, facts.project_root, '/'),
  });
}

/** The user that this service runs as, when a plan may name it in argv. */
export function userOf({ user }: ProbedMachine): string | null {
  return user !== null && /^[A-Za-z_][A-Za-z0-9_.-]*$/.test(user) ? user : null;
}
