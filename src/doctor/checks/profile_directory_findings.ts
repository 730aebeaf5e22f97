/** The directories that profiles are discovered in. */
import type { ProbedMachine, ProbedProfileDirectory } from '../../facts/machine.ts';
import { DIRECTORY_TROUBLE, directoryAdvice } from '../../needs/directory_trouble.ts';
import { show } from '../../profile/show.ts';
import { type Finding, finding } from '../finding.ts';
import { planRemedy } from '../remedies/plan_remedy.ts';
import { subjectsOf } from '../subjects.ts';

export function profileDirectoryFindings(machine: ProbedMachine): Finding[] {
  const { profileDirectories } = machine;
  const subjects = subjectsOf(profileDirectories.map(({ scope }) => scope));
  return [
    ...profileDirectories.map((directory, index) =>
      directoryFinding(machine, directory, `${subjects[index]}`),
    ),
    ...fileFindings(machine),
    ...conflictFindings(machine),
  ];
}

function directoryFinding(machine: ProbedMachine, found: ProbedProfileDirectory, subject: string): Finding {
  const { scope, directory, profiles, problems } = found;
  const common = {
    category: 'profiles',
    resources: [`path:${directory.path}`],
    metadata: { path: directory.path, profiles, scope },
  } as const;
  const problem = problems.find(({ file }) => file === null);
  if (problem === undefined) {
    return finding({
      ...common,
      id: `profiles-found:${subject}`,
      severity: 'info',
      title: `${profiles} ${profiles === 1 ? 'profile' : 'profiles'} in ${show(scope)}`,
      description: `${show(directory.path)} is searched for profiles; ${profiles} of those in it can be planned by name.`,
    });
  }
  const { state } = directory;
  const id =
    state === 'missing' ? `profile-directory-missing:${subject}` : `profile-directory-unreadable:${subject}`;
  const trouble =
    state === 'missing' || state === 'not-a-directory' || state === 'loop'
      ? DIRECTORY_TROUBLE[state]
      : problem.reason;
  return finding({
    ...common,
    id,
    severity: 'warning',
    title: `The profile directory ${show(scope)} ${trouble}`,
    description:
      `${show(directory.path)} ${trouble}; no profile of it can be planned by name. ` +
      `${directoryAdvice(directory)} VMLAB_PROFILE_DIRS names it.`,
    remedy: planRemedy({ machine, findingId: id, profileName: null }, { kind: 'make-directory', directory }),
  });
}

function fileFindings({ profileDirectories }: ProbedMachine): Finding[] {
  const files = profileDirectories.flatMap(({ scope, directory, problems }) =>
    problems.flatMap(({ file, reason }) => (file === null ? [] : [{ scope, directory, file, reason }])),
  );
  const subjects = subjectsOf(files.map(({ scope, file }) => `${scope}/${file}`));
  return files.map(({ scope, directory, file, reason }, index) =>
    finding({
      id: `profile-file-unusable:${subjects[index]}`,
      severity: 'warning',
      category: 'profiles',
      title: `${show(file)} is no profile`,
      description: `${show(file)} in ${show(directory.path)} ${reason}; it is not listed. Mend it, or give it another name.`,
      resources: [`path:${directory.path}`],
      metadata: { file, reason, scope },
    }),
  );
}

function conflictFindings({ profileConflicts }: ProbedMachine): Finding[] {
  const subjects = subjectsOf(profileConflicts.map(({ name }) => name));
  return profileConflicts.map(({ name, scope, hidden }, index) =>
    finding({
      id: `profile-conflict:${subjects[index]}`,
      severity: 'warning',
      category: 'profiles',
      title: `There are several profiles ${show(name)}`,
      description: `The profile ${show(name)} of ${show(scope)} hides those of the same name in ${hidden.map(show).join(', ')}. Rename or remove one of them.`,
      metadata: { hidden, name, scope },
    }),
  );
}
