/** Steps that make a file where nothing may be. */
import type { ProbedDirectory } from '../../facts/host.ts';
import type { ProbedMachine } from '../../facts/machine.ts';
import type { Step } from '../../planning/command_plan.ts';
import { show } from '../../profile/show.ts';
import { makeDirectorySteps } from './make_directory.ts';
import { remedyStep } from './remedy_plan.ts';

interface NewFile {
  /** What it is called in step ids. */
  readonly id: string;
  readonly path: string;
  readonly directory: ProbedDirectory;
  readonly argv: readonly string[];
  readonly title: string;
}

/**
 * What the programs that make files do with a file that is there is to replace it without asking, and a plan may be run much
 * later than it was made: so each is preceded by a guard. `null` when the directory is not there and cannot be made by this
 * user.
 */
export function createFileSteps(
  machine: ProbedMachine,
  { id, path, directory, argv, title }: NewFile,
): Step[] | null {
  const directorySteps = makeDirectorySteps(machine, directory);
  if (directorySteps === null) return null;
  const canGuard = machine.facts.os !== 'windows';
  const guard = remedyStep(machine, {
    argv: ['test', '!', '-e', path],
    idempotent: true,
    step_id: `check-no-${id}`,
    title: `Check that nothing has appeared at ${show(path)}`,
  });
  const create = remedyStep(machine, { argv, destructive: !canGuard, step_id: `create-${id}`, title });
  return [...directorySteps, ...(canGuard ? [guard] : []), create];
}

/** What changes when a file is made: itself, and its directory where that is made too. */
export function changedBy(path: string, { state, realPath }: ProbedDirectory): string[] {
  return [`path:${path}`, ...(state === 'missing' ? [`path:${realPath}`] : [])];
}
