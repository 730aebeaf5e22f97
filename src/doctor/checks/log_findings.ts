/** The service's own logs: planning goes on without them, so nothing here blocks but logs in the wrong place. */
import { isInside } from '../../facts/host_paths.ts';
import type { ProbedMachine } from '../../facts/machine.ts';
import { DIRECTORY_TROUBLE, directoryAdvice } from '../../needs/directory_trouble.ts';
import { show } from '../../profile/show.ts';
import { type Finding, finding } from '../finding.ts';
import { planRemedy } from '../remedies/plan_remedy.ts';

export function logFindings(machine: ProbedMachine): Finding[] {
  const { directory, realRoot, failure } = machine.logs;
  const isInPlace = isInside(machine.facts.os, realRoot, directory.realPath);
  const findings = [
    ...(isInPlace ? [] : [outsideFinding(machine)]),
    ...(directory.state === 'writable' || !isInPlace ? [] : [directoryFinding(machine, directory.state)]),
    ...(failure === null ? [] : [failureFinding(machine, failure)]),
  ];
  return findings.length > 0 ? findings : [readyFinding(machine)];
}

function commonOf({ logs: { directory, realRoot, failure } }: ProbedMachine) {
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

function readyFinding(machine: ProbedMachine): Finding {
  return finding({
    ...commonOf(machine),
    id: 'log-directory-ready',
    severity: 'info',
    title: 'The log directory is there',
    description: `Request logs are written to ${show(machine.logs.directory.path)}.`,
  });
}

function outsideFinding(machine: ProbedMachine): Finding {
  const { directory, realRoot } = machine.logs;
  return finding({
    ...commonOf(machine),
    id: 'log-directory-outside',
    severity: 'error',
    title: 'The log directory is outside logs/',
    description:
      `${show(directory.path)} really is ${show(directory.realPath)}, which is not under ${show(realRoot)}; ` +
      'the service must write nowhere else. Remove the link and restart the service.',
  });
}

function directoryFinding(machine: ProbedMachine, state: keyof typeof DIRECTORY_TROUBLE): Finding {
  const { directory } = machine.logs;
  const id = state === 'missing' ? 'log-directory-missing' : 'log-directory-unwritable';
  return finding({
    ...commonOf(machine),
    id,
    severity: 'warning',
    title: `The log directory ${DIRECTORY_TROUBLE[state]}`,
    description: `${show(directory.path)} ${DIRECTORY_TROUBLE[state]}; request logs are lost, planning goes on. ${directoryAdvice(directory)}`,
    remedy: planRemedy({ machine, findingId: id, profileName: null }, { kind: 'make-directory', directory }),
  });
}

function failureFinding(machine: ProbedMachine, failure: string): Finding {
  return finding({
    ...commonOf(machine),
    id: 'log-writing-fails',
    severity: 'warning',
    title: 'Log lines are being lost',
    description: `Writing logs to ${show(machine.logs.directory.path)} fails: ${show(failure)}. Planning goes on; make room, or mend the directory.`,
  });
}
