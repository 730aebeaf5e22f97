/** Surveys of hosts that tests diagnose: what is not said of a host is as it should be. */
import type { HostFacts, PathSight } from '../../src/context/host_facts.ts';
import { resolvePath } from '../../src/context/host_paths.ts';
import type { DirectorySight, FileSurvey, HostSurvey, ProfileSurvey } from '../../src/context/host_survey.ts';
import { pathUses } from '../../src/context/path_uses.ts';
import { type DoctorReport, diagnose } from '../../src/doctor/diagnose.ts';
import type { Finding } from '../../src/doctor/finding.ts';
import { planProfile } from '../../src/planning/plan_profile.ts';
import { readProfile } from '../../src/profile/read_profile.ts';
import { type Change, changed } from './documents.ts';
import { LINUX, probed } from './hosts.ts';

export function directoryAt(path: string, changes: Partial<DirectorySight> = {}): DirectorySight {
  return { path, realPath: path, state: 'writable', existing: path, canBeMade: false, ...changes };
}

export const MISSING: Partial<DirectorySight> = { state: 'missing', existing: '/srv', canBeMade: true };

/** A Debian host with everything installed, used by `dev`. */
export function surveyOf(changes: Partial<HostSurvey> = {}): HostSurvey {
  const facts = changes.facts ?? LINUX;
  return {
    facts,
    user: 'dev',
    distribution: ['debian'],
    binaries: {
      x86_64: '/usr/bin/qemu-system-x86_64',
      aarch64: '/usr/bin/qemu-system-aarch64',
      riscv64: '/usr/bin/qemu-system-riscv64',
      ppc64le: '/usr/bin/qemu-system-ppc64',
    },
    imageTool: '/usr/bin/qemu-img',
    kvm: facts.os === 'linux' ? { device: '/dev/kvm', state: 'ready', group: 'kvm' } : null,
    projectRoot: directoryAt(facts.project_root),
    profileDirectories: [
      { scope: 'profiles', directory: directoryAt('/srv/profiles'), profiles: 2, problems: [] },
    ],
    profileConflicts: [],
    logs:
      facts.os === 'windows'
        ? { directory: directoryAt('C:\\planner\\logs\\vmlab'), realRoot: 'C:\\planner\\logs', failure: null }
        : { directory: directoryAt('/opt/planner/logs/vmlab'), realRoot: '/opt/planner/logs', failure: null },
    profile: null,
    ...changes,
  };
}

/** What is at a path of the profile: parts of the sight, and of all that belongs to a file. */
export type Seen = Partial<Omit<FileSurvey, 'sight'>> & { readonly sight?: Partial<PathSight> };

export interface Look extends Partial<Omit<ProfileSurvey, 'files'>> {
  readonly facts?: HostFacts;
  readonly survey?: Partial<HostSurvey>;
  /** By path as in the profile; what is not named is a file of the right format, or a socket that is not there yet. */
  readonly files?: Readonly<Record<string, Seen>>;
  /** Paths that were not looked at. */
  readonly unseen?: readonly string[];
  readonly strictPaths?: boolean;
}

/** The report on the base profile, changed, on a host where this was seen. */
export function reportOn(change: Change, look: Look = {}): DoctorReport {
  const facts = look.facts ?? LINUX;
  const reading = readProfile(changed(change));
  const { draft } = reading;
  const files = new Map<string, FileSurvey>();
  for (const { absolute, purpose, text } of pathUses(draft, facts)) {
    if (purpose === 'unused' || look.unseen?.includes(text)) continue;
    const isToCome = purpose.endsWith('socket') || purpose === 'serial-log';
    const kind = purpose === 'share' ? 'directory' : isToCome ? 'missing' : 'file';
    const { sight, ...rest } = look.files?.[text] ?? {};
    const header = absolute.endsWith('.qcow2') ? 'qcow2' : 'unknown';
    files.set(absolute, {
      sight: { kind, realPath: absolute, header, parent: isToCome ? 'writable' : null, ...sight },
      socket: null,
      isWritable: true,
      directory: directoryAt(resolvePath(facts.os, absolute, '..')),
      space: null,
      ...rest,
    });
  }
  const paths = Object.fromEntries([...files].map(([path, { sight }]) => [path, sight]));
  const binary = look.binary === undefined ? '/usr/bin/qemu-system-x86_64' : look.binary;
  const outcome = planProfile(
    reading,
    probed(facts, { paths, binary, strictPaths: look.strictPaths ?? false }),
  );
  const profile: ProfileSurvey = {
    binary,
    files,
    listeners: look.listeners === undefined ? [] : look.listeners,
    links: look.links === undefined ? new Map() : look.links,
    bridgeRules: look.bridgeRules === undefined ? [] : look.bridgeRules,
  };
  return diagnose(surveyOf({ facts, profile, ...look.survey }), { name: 'lab', outcome, draft });
}

/** `severity category finding_id`, and ` +` when there is a remedy. */
export function findingLine({ severity, category, finding_id, remediation_available }: Finding): string {
  return `${severity} ${category} ${finding_id}${remediation_available ? ' +' : ''}`;
}

export function findingOf(report: DoctorReport, id: string): Finding {
  const found = report.findings.find(({ finding_id }) => finding_id === id);
  if (found === undefined) throw new Error(`no ${id} in ${report.findings.map(findingLine).join(', ')}`);
  return found;
}
