import type { Remedy } from '../../needs/need_kind.ts';
import type { CommandPlan } from '../../planning/command_plan.ts';
import { show } from '../../profile/show.ts';
import { makeDirectorySteps } from './make_directory.ts';
import { type Cause, remedyPlan, remedyStep } from './remedy_plan.ts';

/** Creates an empty image, or an overlay; `null` when its directory is not there and cannot be made by this user. */
export function planDisk(
  cause: Cause,
  { name, path, format, sizeGb, base, directory }: Extract<Remedy, { readonly kind: 'create-image' }>,
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
  const size = sizeGb === null ? '' : ` of ${sizeGb} GiB`;
  const made =
    base === null ? `an empty ${format} image${size}` : `a ${format} overlay${size} of ${show(base.path)}`;
  const create = remedyStep(machine, {
    // A file name is one argument and is not split at commas, unlike an option of QEMU. The path is absolute, since
    // qemu-img reads a relative name with a colon as a protocol.
    argv: [
      ...['qemu-img', 'create', '-f', format],
      ...(base === null ? [] : ['-b', base.path, '-F', base.format]),
      ...['--', path],
      ...(sizeGb === null ? [] : [`${sizeGb}G`]),
    ],
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
    description: `Creates ${show(path)}, ${made} for the disk ${name}.`,
    estimated_impact: `A small file is created; it grows${sizeGb === null ? '' : ` up to ${sizeGb} GiB`} while the guest writes to it.`,
    explanation: `The profile gives a ${base === null ? 'size' : 'base'} for this disk and there is no file yet. Nothing has been run.`,
    risk: 'low',
    title: `Create the disk ${name} (${format}${sizeGb === null ? '' : `, ${sizeGb} GiB`})`,
  });
}
