/** Examples of what the routes answer that look at the service's host, as the service makes them for a host like this. */
import type { HostFacts } from '../context/host_facts.ts';
import type { DirectorySight, HostSurvey } from '../context/host_survey.ts';
import { diagnose, inCategories } from '../doctor/diagnose.ts';
import { readProfile } from '../profile/read_profile.ts';
import { EXAMPLE_PROFILES } from './example_profiles.ts';
import { type AnswerExamples, documentOf, type MediaExamples, outcomeOf } from './examples.ts';
import { problemKind } from './problem_route.ts';
import { profileDetail, profileSummary } from './profile_routes.ts';

const FACTS: HostFacts = { accelerators: ['kvm'], arch: 'x86_64', os: 'linux', project_root: '/srv/lab' };

/** A host with kvm, where the directory of profiles has to be made. */
const SURVEY: HostSurvey = {
  facts: FACTS,
  user: 'dev',
  distribution: ['debian'],
  binaries: { x86_64: '/usr/bin/qemu-system-x86_64', aarch64: null, riscv64: null, ppc64le: null },
  imageTool: '/usr/bin/qemu-img',
  kvm: { device: '/dev/kvm', state: 'ready', group: null },
  projectRoot: writable('/srv/lab'),
  profileDirectories: [
    {
      scope: 'profiles',
      directory: {
        ...writable('/srv/lab/profiles'),
        state: 'missing',
        existing: '/srv/lab',
        canBeMade: true,
      },
      profiles: 0,
      problems: [{ file: null, reason: 'is not there' }],
    },
  ],
  profileConflicts: [],
  logs: { directory: writable('/srv/lab/logs/vmlab'), realRoot: '/srv/lab/logs', failure: null },
  profile: null,
};

function writable(path: string): DirectorySight {
  return { path, realPath: path, state: 'writable', existing: path, canBeMade: false };
}

export function lookExamples(): AnswerExamples {
  const { toml } = EXAMPLE_PROFILES.minimal;
  const found = { name: 'minimal', scope: 'profiles', conflicts: [] };
  const document = documentOf(toml);
  const reading = readProfile(document);
  const outcome = outcomeOf(document, FACTS);
  return {
    listProfiles: answer('one', 'One directory with one profile', {
      profiles: [profileSummary(found, outcome)],
      problems: [],
    }),
    getProfile: answer('minimal', 'A valid profile', profileDetail({ found, reading }, outcome)),
    examineHost: answer(
      'acceleration-and-profiles',
      'category=acceleration,profiles: a directory is missing, and a plan would make it',
      inCategories(diagnose(SURVEY, null), ['acceleration', 'profiles']),
    ),
    checkReady: answer('ready', 'All is well', { status: 'ok', reasons: [] }),
    getProblemKind: answer('profile-invalid', 'An invalid profile', problemKind('profile-invalid')),
  };
}

function answer(key: string, summary: string, value: object): Record<string, MediaExamples> {
  return { 'application/json': { [key]: { summary, value } } };
}
