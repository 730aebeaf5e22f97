/** What both texts of a plan, the script and the summary, say at their start, of an issue, and of a step. */
import type { Issue } from '../profile/issue.ts';
import { type CommandPlan, readySocket, type Step } from './command_plan.ts';
import type { StartMetadata } from './start_plan.ts';

/** A plan about one VM. One that prepares has no argv, and is always for the host of the service. */
export type PlanOfVm = CommandPlan<
  Pick<StartMetadata, 'host' | 'profile_hash' | 'profile_name' | 'unknowns' | 'validation_warnings'> &
    Partial<Pick<StartMetadata, 'argv_hash' | 'host_facts'>>
>;

/** A label and a value that is not empty. */
export type PlanFact = readonly [label: string, value: string];

export function planFacts({ metadata, ...plan }: PlanOfVm): PlanFact[] {
  const { accelerators, arch, os, project_root } = metadata.host;
  return [
    ['VM', metadata.profile_name],
    ['Risk', plan.risk],
    ['Status', plan.status],
    ['Confirmation', plan.confirmation_required ? 'required' : 'not required'],
    ['Privilege', plan.requires_privilege ? 'required' : 'not required'],
    ['Host', `${os} ${arch}`],
    ['Accelerators', accelerators.join(', ') || 'none'],
    ['Host facts', metadata.host_facts === 'given' ? 'given with the request' : 'probed by the service'],
    ['Project root', project_root],
    ['plan_id', plan.plan_id],
    ['plan_hash', plan.plan_hash],
    ['profile_hash', metadata.profile_hash],
    ...(metadata.argv_hash === undefined ? [] : [['argv_hash', metadata.argv_hash] as const]),
  ];
}

/** The field of an issue, when its message does not name it anyway; else empty. */
export function unnamedField({ field, message }: Issue): string {
  return message.includes(field) ? '' : field;
}

/** Why somebody should look twice before running a step; a sentence each. */
export function stepWarnings({ requires_privilege, destructive }: Step): string[] {
  return [
    ...(requires_privilege
      ? ['This step needs more rights than a user has; nothing here asks for them.']
      : []),
    ...(destructive
      ? ['This step overwrites or removes something that may exist; see the affected resources.']
      : []),
  ];
}

/** How a step is to be run: the exit code that means success, the time it may take, and what the next step waits for. */
export function stepTerms(step: Step): string {
  const { expected_exit_codes, timeout_seconds } = step;
  const limit = timeout_seconds === null ? 'no time limit' : `at most ${timeout_seconds} seconds`;
  const socket = readySocket(step);
  const wait =
    socket === null ? '' : ` It goes on in the background; the next step waits for its socket "${socket}".`;
  return `Expected exit code: ${expected_exit_codes[0]}; ${limit}.${wait}`;
}
