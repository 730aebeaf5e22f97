import type { ProbedMachine } from '../../facts/machine.ts';
import type { Remedy } from '../../needs/need_kind.ts';
import { show } from '../../profile/show.ts';
import { optionValue } from '../../qemu/escape.ts';
import { changedBy, createFileSteps } from './create_file.ts';
import type { RemedyParts } from './remedy_plan.ts';

type CreateImage = Extract<Remedy, { readonly kind: 'create-image' }>;

/** Creates an empty image, or an overlay; `null` when its directory is not there and cannot be made by this user. */
export function planDisk(machine: ProbedMachine, remedy: CreateImage): RemedyParts | null {
  const { name, path, format, sizeGb, base, keyFile, directory } = remedy;
  const commands = createFileSteps(machine, {
    id: `disk-${name}`,
    path,
    directory,
    argv: createArgv(remedy),
    title: `Create the image of the disk ${name}`,
  });
  if (commands === null) return null;
  const size = sizeGb === null ? '' : ` of ${sizeGb} GiB`;
  const made =
    base === null ? `an empty ${format} image${size}` : `a ${format} overlay${size} of ${show(base.path)}`;
  return {
    affected_resources: changedBy(path, directory),
    reads: [...(base === null ? [] : [base.path]), ...(keyFile === null ? [] : [keyFile])],
    commands,
    description: `Creates ${show(path)}, ${made} for the disk ${name}.`,
    estimated_impact: impactOf(remedy),
    explanation: `The profile gives a ${base === null ? 'size' : 'base'} for this disk and there is no file yet. Nothing has been run.`,
    risk: 'low',
    title: `Create the disk ${name} (${format}${sizeGb === null ? '' : `, ${sizeGb} GiB`})`,
  };
}

function createArgv({ path, format, sizeGb, base, preallocation, keyFile }: CreateImage): string[] {
  const isLuks = keyFile !== null && format === 'raw';
  const options = [
    ...(keyFile === null
      ? []
      : isLuks
        ? ['key-secret=key']
        : ['encrypt.format=luks', 'encrypt.key-secret=key']),
    ...(preallocation === 'off' ? [] : [`preallocation=${preallocation}`]),
  ];
  // A file name is one argument and is not split at commas, unlike an option of QEMU. The path is absolute, since
  // qemu-img reads a relative name with a colon as a protocol.
  return [
    ...['qemu-img', 'create', '-f', isLuks ? 'luks' : format],
    ...(keyFile === null ? [] : ['--object', `secret,id=key,file=${optionValue(keyFile)}`]),
    ...(base === null ? [] : ['-b', base.path, '-F', base.format]),
    ...(options.length === 0 ? [] : ['-o', options.join(',')]),
    ...['--', path],
    ...(sizeGb === null ? [] : [`${sizeGb}G`]),
  ];
}

function impactOf({ sizeGb, preallocation }: CreateImage): string {
  if (preallocation === 'falloc' || preallocation === 'full')
    return 'A file is created that takes all its room at once.';
  return `A small file is created; it grows${sizeGb === null ? '' : ` up to ${sizeGb} GiB`} while the guest writes to it.`;
}
