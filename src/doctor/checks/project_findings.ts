import type { HostSurvey } from '../../context/host_survey.ts';
import { show } from '../../profile/show.ts';
import { DIRECTORY_TROUBLE, directoryAdvice } from '../directory_states.ts';
import { type Finding, finding } from '../finding.ts';
import { planDirectory } from '../remedies/make_directory.ts';

/** The project root: without it no relative path of a profile leads anywhere. */
export function projectFindings(survey: HostSurvey): Finding[] {
  const { path, realPath, state } = survey.projectRoot;
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
        `${directoryAdvice(survey.projectRoot)} VMLAB_PROJECT_ROOT names it.`,
      remedy: planDirectory({ survey, findingId: id, profileName: null }, survey.projectRoot),
    }),
  ];
}
