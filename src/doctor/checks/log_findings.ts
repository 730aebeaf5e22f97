/** The service's own logs: planning goes on without them, so nothing here blocks but logs in the wrong place. */
import { isInside } from '../../context/host_paths.ts';
import type { HostSurvey } from '../../context/host_survey.ts';
import { show } from '../../profile/show.ts';
import { DIRECTORY_TROUBLE, directoryAdvice } from '../directory_states.ts';
import { type Finding, finding } from '../finding.ts';
import { planDirectory } from '../remedies/make_directory.ts';

export function logFindings(survey: HostSurvey): Finding[] {
  const { directory, realRoot, failure } = survey.logs;
  const isInPlace = isInside(survey.facts.os, realRoot, directory.realPath);
  const findings = [
    ...(isInPlace ? [] : [outsideFinding(survey)]),
    ...(directory.state === 'writable' || !isInPlace ? [] : [directoryFinding(survey, directory.state)]),
    ...(failure === null ? [] : [failureFinding(survey, failure)]),
  ];
  return findings.length > 0 ? findings : [readyFinding(survey)];
}

function commonOf({ logs: { directory, realRoot, failure } }: HostSurvey) {
  return {
    category: 'logs',
    resources: [`path:${directory.path}`],
    metadata: {
      failure,
      path: directory.path,
      real_path: directory.realPath,
      root: realRoot,
      state: directory.state,
    },
  } as const;
}

function readyFinding(survey: HostSurvey): Finding {
  return finding({
    ...commonOf(survey),
    id: 'log-directory-ready',
    severity: 'info',
    title: 'The log directory is there',
    description: `Request logs are written to ${show(survey.logs.directory.path)}.`,
  });
}

function outsideFinding(survey: HostSurvey): Finding {
  const { directory, realRoot } = survey.logs;
  return finding({
    ...commonOf(survey),
    id: 'log-directory-outside',
    severity: 'error',
    title: 'The log directory is outside logs/',
    description:
      `${show(directory.path)} really is ${show(directory.realPath)}, which is not under ${show(realRoot)}; ` +
      'the service must write nowhere else. Remove the link and restart the service.',
  });
}

function directoryFinding(survey: HostSurvey, state: keyof typeof DIRECTORY_TROUBLE): Finding {
  const { directory } = survey.logs;
  const id = state === 'missing' ? 'log-directory-missing' : 'log-directory-unwritable';
  return finding({
    ...commonOf(survey),
    id,
    severity: 'warning',
    title: `The log directory ${DIRECTORY_TROUBLE[state]}`,
    description: `${show(directory.path)} ${DIRECTORY_TROUBLE[state]}; request logs are lost, planning goes on. ${directoryAdvice(directory)}`,
    remedy: planDirectory({ survey, findingId: id, profileName: null }, directory),
  });
}

function failureFinding(survey: HostSurvey, failure: string): Finding {
  return finding({
    ...commonOf(survey),
    id: 'log-writing-fails',
    severity: 'warning',
    title: 'Log lines are being lost',
    description: `Writing logs to ${show(survey.logs.directory.path)} fails: ${show(failure)}. Planning goes on; make room, or mend the directory.`,
  });
}
