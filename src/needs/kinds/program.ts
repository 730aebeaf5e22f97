/** The QEMU that a VM is started with. */
import type { Host, ProbedFiles } from '../../facts/host.ts';
import type { Architecture, HostFacts } from '../../facts/host_facts.ts';
import { isAbsolute } from '../../facts/host_paths.ts';
import { fieldOf } from '../../profile/path.ts';
import { show } from '../../profile/show.ts';
import { isInRange, OLDEST } from '../../qemu/capabilities.ts';
import { isOlderThan } from '../../qemu/version.ts';
import type { NamedPath } from '../named_path.ts';
import type { NeedKind, Verdict } from '../need_kind.ts';

export interface ProgramNeed extends Pick<NamedPath, 'at' | 'text' | 'isInsideRoot'> {
  readonly kind: 'program';
  /** Absolute and normalised; `null` for a bare name, which is looked for in PATH. */
  readonly path: string | null;
  /** Whether it is named like a QEMU; another one is refused, and not looked for. */
  readonly isQemu: boolean;
  /** The architecture whose default program it is, and whose package brings it; `null` for any other. */
  readonly defaultFor: Architecture | null;
  /** What this plan asks of it besides. */
  readonly questions: readonly string[];
}

export const program: NeedKind<ProgramNeed> = {
  path: { isAnywhere: true },
  resources: () => [],
  risk: () => 'low',
  unknowns: (need, host) => {
    const program = programOn(host, need);
    const subject = isAbsolute(host.facts.os, program) ? `path:${program}` : `binary:${program}`;
    const isThere = host.probed !== null && host.probed.binary !== null;
    const installed = isThere ? [] : ['Is this QEMU installed on the host?'];
    const questions = [...installed, ...builtIn(host.facts), ...need.questions];
    return questions.map((question) => ({ question, subject }));
  },
  verdicts: (need, { files, facts }) => (need.isQemu ? [verdictOn(need, files, facts)] : []),
  known: ({ at }, facts) =>
    isOlderThan(OLDEST, facts) === true
      ? [
          {
            severity: 'warning',
            code: 'qemu-too-old',
            message: `${fieldOf(at)} is QEMU ${facts.qemu_version}, and plans are made for ${OLDEST_TEXT} and later.`,
          },
        ]
      : [],
};

const OLDEST_TEXT = OLDEST.join('.');

/** Nothing where a build of the version is recorded: what of the plan that leaves open is asked by itself. */
function builtIn({ qemu_version }: HostFacts): string[] {
  if (qemu_version === undefined)
    return [`Is this QEMU ${OLDEST_TEXT} or later, with everything built in that the plan uses?`];
  return isInRange(qemu_version) ? [] : ['Has this QEMU everything built in that the plan uses?'];
}

/** Where it was found, else its absolute path or bare name. */
export function programOn({ probed }: Host, { path, text }: Pick<ProgramNeed, 'path' | 'text'>): string {
  return probed?.binary ?? path ?? text;
}

function verdictOn(
  { text, path, defaultFor }: ProgramNeed,
  { binary: found, paths }: ProbedFiles,
  { os }: HostFacts,
): Verdict {
  const common = { category: 'qemu', metadata: { binary: text, path: found } } as const;
  if (found !== null) {
    return {
      ...common,
      id: 'profile-binary-found',
      severity: 'info',
      title: "The profile's QEMU is installed",
      says: `${show(text)} is ${show(found)}.`,
      mend: '',
      resources: [`path:${found}`],
    };
  }
  if (path !== null && paths.get(path)?.kind === 'file') {
    return {
      ...common,
      id: 'profile-binary-not-executable',
      severity: 'error',
      title: "The profile's QEMU cannot be run by this user",
      says: `${show(text)} is a file that the user of this service may not execute.`,
      mend: 'Change its permissions for the user that runs QEMU, or set vm.qemu_binary.',
      issue: 'qemu-binary-not-executable',
      issueSeverity: 'warning',
      resources: [`path:${path}`],
    };
  }
  return {
    ...common,
    id: 'profile-binary-missing',
    severity: 'error',
    title: "The profile's QEMU is not installed",
    says: `${show(text)} is not on this host${path === null ? ' in any directory of PATH' : ''}.`,
    mend: 'Install QEMU for this architecture, or set vm.qemu_binary.',
    issue: 'qemu-binary-not-found',
    issueSeverity: 'warning',
    resources: [isAbsolute(os, text) ? `path:${text}` : `binary:${text}`],
    ...(defaultFor !== null && { remedy: { kind: 'install-qemu', binary: text, arch: defaultFor } }),
  };
}
