import type { ProbedMachine } from '../../facts/machine.ts';
import { DIRECTORY_TROUBLE, directoryAdvice } from '../../needs/directory_trouble.ts';
import { show } from '../../profile/show.ts';
import { type Finding, finding } from '../finding.ts';
import { planRemedy } from '../remedies/plan_remedy.ts';

/** The project root: without it no relative path of a profile leads anywhere. */
export function projectFindings(machine: ProbedMachine): Finding[] {
  const { path, realPath, state } = machine.projectRoot;
  const common = {
    category: 'project',
    resources: [`path:${path}`],
    metadata: { path, real_path: realPath, state },
  } as const;
  if (state === 'writable') {
    return [
      finding({
        ...common,
        id: 'project-root-ready',
        severity: 'info',
        title: 'The project root is there',
        description: `${show(path)} is a directory that this user can write.`,
      }),
    ];
  }
  const id =
    state === 'missing' || state === 'unwritable' ? `project-root-${state}` : 'project-root-not-usable';
  return [
    finding({
      ...common,
      id,
      severity: state === 'unwritable' ? 'warning' : 'error',
      title: `The project root ${DIRECTORY_TROUBLE[state]}`,
      description:
        `${show(path)}, against which relative paths of profiles resolve, ${DIRECTORY_TROUBLE[state]}. ` +
        `${directoryAdvice(machine.projectRoot)} VMLAB_PROJECT_ROOT names it.`,
      remedy: planRemedy(
        { machine, findingId: id, profileName: null },
        { kind: 'make-directory', directory: machine.projectRoot },
      ),
    }),
  ];
}
