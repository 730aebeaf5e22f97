import type { Remedy } from '../../needs/need_kind.ts';
import type { CommandPlan } from '../../planning/command_plan.ts';
import { show } from '../../profile/show.ts';
import { makeDirectorySteps } from './make_directory.ts';
import { type Cause, remedyPlan, remedyStep } from './remedy_plan.ts';

/** Creates an empty image; `null` when its directory is not there and cannot be made by this user. */
export function planDisk(
  cause: Cause,
  { name, path, format, sizeGb, directory }: Extract<Remedy, { readonly kind: 'create-image' }>,
): CommandPlan | null {
  const { machine } = cause;
  const directorySteps = makeDirectorySteps(machine, directory);
  if (directorySteps === null) return null;
  const canGuard = machine.facts.os !== 'windows';
  // qemu-img replaces what is there without asking, and the plan may be run much later than it was made.
  const guard = remedyStep(machine, {
    argv: ['test', '!', '-e', path],
    idempotent: true,
    step_id: 'check-no-file',
    title: `Check that nothing has appeared at ${show(path)}`,
  });
  const create = remedyStep(machine, {
    // A file name is one argument and is not split at commas, unlike an option of QEMU. The path is absolute, since
    // qemu-img reads a relative name with a colon as a protocol.
    argv: ['qemu-img', 'create', '-f', format, '--', path, `${sizeGb}G`],
    destructive: !canGuard,
    step_id: 'create-disk',
    title: `Create the image of the disk ${name}`,
  });
  return remedyPlan(cause, {
    affected_resources: [
      `path:${path}`,
      ...(directorySteps.length > 0 ? [`path:${directory.realPath}`] : []),
    ],
    commands: [...directorySteps, ...(canGuard ? [guard] : []), create],
    description: `Creates ${show(path)}, an empty ${format} image of ${sizeGb} GiB for the disk ${name}.`,
    estimated_impact: `A small file is created; it grows up to ${sizeGb} GiB while the guest writes to it.`,
    explanation: 'The profile gives a size for this disk and there is no file yet. Nothing has been run.',
    risk: 'low',
    title: `Create the disk ${name} (${format}, ${sizeGb} GiB)`,
  });
}
