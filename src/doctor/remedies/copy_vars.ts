import type { ProbedMachine } from '../../facts/machine.ts';
import type { Remedy } from '../../needs/need_kind.ts';
import { show } from '../../profile/show.ts';
import { changedBy, createFileSteps } from './create_file.ts';
import { type RemedyParts, remedyStep } from './remedy_plan.ts';

/** Gives a VM its own copy of the UEFI variables; `null` where nobody knows what to copy, or this user cannot. */
export function planVars(
  machine: ProbedMachine,
  { path, template, directory }: Extract<Remedy, { readonly kind: 'copy-vars' }>,
): RemedyParts | null {
  // On windows cp is no program.
  if (template === null || machine.facts.os === 'windows') return null;
  const steps = createFileSteps(machine, {
    id: 'vars',
    path,
    directory,
    argv: ['cp', '--', template, path],
    title: 'Copy the UEFI variables that come with the firmware',
  });
  if (steps === null) return null;
  // A copy has the mode of its template, which is read-only where a package manager lets nobody write.
  const makeWritable = remedyStep(machine, {
    argv: ['chmod', 'u+w', path],
    idempotent: true,
    step_id: 'make-vars-writable',
    title: 'Let its owner write the copy, whatever the template allows',
  });
  return {
    affected_resources: changedBy(path, directory),
    reads: [template],
    commands: [...steps, makeWritable],
    description: `Copies ${show(template)} to ${show(path)}.`,
    estimated_impact: 'A file of a few hundred KB, or some MB, is created.',
    explanation:
      'The firmware keeps its settings in a file that each VM has for itself. Nothing has been run.',
    risk: 'low',
    title: 'Copy the UEFI variables',
  };
}
