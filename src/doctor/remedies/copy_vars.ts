import type { ProbedMachine } from '../../facts/machine.ts';
import type { Remedy } from '../../needs/need_kind.ts';
import { show } from '../../profile/show.ts';
import { changedBy, createFileSteps } from './create_file.ts';
import type { RemedyParts } from './remedy_plan.ts';

/** Gives a VM its own copy of the UEFI variables; `null` where nobody knows what to copy, or this user cannot. */
export function planVars(
  machine: ProbedMachine,
  { path, template, directory }: Extract<Remedy, { readonly kind: 'copy-vars' }>,
): RemedyParts | null {
  // On windows cp is no program.
  if (template === null || machine.facts.os === 'windows') return null;
  const commands = createFileSteps(machine, {
    id: 'vars',
    path,
    directory,
    argv: ['cp', '--', template, path],
    title: 'Copy the UEFI variables that come with the firmware',
  });
  if (commands === null) return null;
  return {
    affected_resources: changedBy(path, directory),
    reads: [template],
    commands,
    description: `Copies ${show(template)} to ${show(path)}.`,
    estimated_impact: 'A file of a few hundred KB, or some MB, is created.',
    explanation:
      'The firmware keeps its settings in a file that each VM has for itself. Nothing has been run.',
    risk: 'low',
    title: 'Copy the UEFI variables',
  };
}
