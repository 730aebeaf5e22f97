import type { ProbedMachine } from '../../facts/machine.ts';
import type { Remedy } from '../../needs/need_kind.ts';
import { show } from '../../profile/show.ts';
import { changedBy, createFileSteps } from './create_file.ts';
import type { RemedyParts } from './remedy_plan.ts';

/** Makes the image that cloud-init reads; `null` where this user cannot. */
export function planSeed(
  machine: ProbedMachine,
  remedy: Extract<Remedy, { readonly kind: 'make-seed' }>,
): RemedyParts | null {
  const { path, userData, metaData, networkConfig, directory } = remedy;
  if (machine.facts.os === 'windows') return null;
  const commands = createFileSteps(machine, {
    id: 'seed',
    path,
    directory,
    argv: [
      'cloud-localds',
      ...(networkConfig === null ? [] : ['--network-config', networkConfig]),
      ...[path, userData],
      ...(metaData === null ? [] : [metaData]),
    ],
    title: 'Make the image that cloud-init reads',
  });
  if (commands === null) return null;
  return {
    affected_resources: changedBy(path, directory),
    reads: [userData, metaData, networkConfig].filter((source) => source !== null),
    commands,
    description: `Makes ${show(path)} of ${show(userData)}.`,
    estimated_impact: 'A small file is created.',
    explanation:
      'The profile says what the image is made of, and there is no file yet. Nothing has been run.',
    risk: 'low',
    title: 'Make the image for cloud-init',
  };
}
