import type { ProbedDirectory } from '../../facts/host.ts';
import type { ProbedMachine } from '../../facts/machine.ts';
import type { Step } from '../../planning/command_plan.ts';
import { show } from '../../profile/show.ts';
import { type RemedyParts, remedyStep } from './remedy_plan.ts';

/** Makes a missing directory; `null` where this user cannot, or for what is not missing. */
export function planDirectory(
  machine: ProbedMachine,
  directory: ProbedDirectory,
  isPrivate = false,
): RemedyParts | null {
  const commands = makeDirectorySteps(machine, directory, isPrivate);
  if (commands === null || commands.length === 0) return null;
  return {
    affected_resources: [`path:${directory.realPath}`],
    commands,
    description: `Makes the directory ${show(directory.realPath)}, and those on the way to it that are missing.`,
    estimated_impact: 'A directory is created; nothing that exists changes.',
    explanation: `${show(directory.existing)} exists and can be written by this user. Nothing has been run.`,
    risk: 'low',
    title: `Make the directory ${show(directory.realPath)}`,
  };
}

/** The steps after which a directory is there: none when it is, `null` when no step of this user can make it. */
export function makeDirectorySteps(
  machine: ProbedMachine,
  directory: ProbedDirectory,
  isPrivate = false,
): Step[] | null {
  if (directory.state === 'writable') return [];
  // On windows mkdir is a word of the command interpreter and no program.
  if (!directory.canBeMade || machine.facts.os === 'windows') return null;
  return [
    remedyStep(machine, {
      // The mode is that of the last directory alone.
      argv: ['mkdir', '-p', ...(isPrivate ? ['-m', '0700'] : []), '--', directory.realPath],
      idempotent: true,
      step_id: 'make-directory',
      title: `Make ${show(directory.realPath)}`,
    }),
  ];
}
