/** A program that runs beside QEMU. */
import type { Host, ProbedPath } from '../../facts/host.ts';
import type { Path } from '../../profile/path.ts';
import { show } from '../../profile/show.ts';
import { writeAdvice } from '../directory_trouble.ts';
import { type NamedPath, naming } from '../named_path.ts';
import { fine, type NeedKind, type OwnVerdict, type Seen } from '../need_kind.ts';
import { existingVerdicts } from '../path_verdict.ts';

export interface HelperNeed {
  readonly kind: 'helper';
  readonly at: Path;
  /** The name of its file. */
  readonly program: string;
  /** The same where it is looked for in PATH, else its absolute path. */
  readonly wanted: string;
  /** Whether the facts about the host say that it is there. */
  readonly isKnown: boolean;
}

/** A file that a program writes beside its socket, whatever is there. */
export interface HelperFileNeed extends NamedPath {
  readonly kind: 'helper-file';
  readonly program: string;
}

export const helper: NeedKind<HelperNeed> = {
  resources: ({ program }) => [`process:${program}`],
  risk: () => 'medium',
  unknowns: ({ program, wanted, isKnown }, { probed }) =>
    isKnown || probed?.helpers.get(wanted) != null
      ? []
      : [{ question: `Is ${show(wanted)} installed on the host?`, subject: `process:${program}` }],
  verdicts: (need, seen) => [
    {
      ...verdictOn(need, seen),
      category: 'qemu',
      resources: [`process:${need.program}`],
      metadata: { binary: need.wanted, path: foundIn(need, seen) },
    },
  ],
};

export const helperFile: NeedKind<HelperFileNeed> = {
  path: { isCreated: true },
  resources: ({ path }) => [`path:${path}`],
  risk: () => 'low',
  // What is asked of its directory is asked for the socket.
  unknowns: ({ path, program }, { probed }) => {
    const seen = probed?.paths.get(path);
    const isOpen = seen?.kind === 'file' && !seen.isWritable;
    return isOpen ? [{ question: `May ${program} write to it?`, subject: `path:${path}` }] : [];
  },
  verdicts: (need, seen) => existingVerdicts(need, seen, 'sockets', (probed) => fileVerdicts(need, probed)),
};

function fileVerdicts(need: HelperFileNeed, probed: ProbedPath): OwnVerdict[] {
  const { program } = need;
  const common = {
    id: `${program}-file-blocked`,
    title: `${program} cannot write its file`,
  } as const;
  switch (probed.kind) {
    case 'directory':
    case 'other':
      return [
        {
          ...common,
          severity: 'error',
          says: `${naming(need)}, where ${program} writes a file, and it is none.`,
          mend: 'Move away what is there, or use another path.',
          issue: 'path-occupied',
        },
      ];
    case 'file':
      if (probed.isWritable) return [];
      return [
        {
          ...common,
          severity: 'warning',
          says: `${naming(need)}, where ${program} writes a file, and the user of this service cannot write to the one that is there.`,
          mend: `${writeAdvice(probed)}, or remove it.`,
          issue: 'file-unwritable',
        },
      ];
    default:
      return [];
  }
}

/** Where a program was found, else as it is wanted. */
export function helperOn({ probed }: Host, wanted: string): string {
  return probed?.helpers.get(wanted) ?? wanted;
}

function foundIn({ wanted }: HelperNeed, { files }: Seen): string | null {
  return files.helpers.get(wanted) ?? null;
}

/** The one that came with QEMU 7.2 has other options. */
const IN_RUST =
  ', the one that is written in Rust, which Debian has from 13 on and Ubuntu from 24.04 on, or set type = "9p", which needs none';

function verdictOn(need: HelperNeed, seen: Seen): OwnVerdict {
  const { program, wanted } = need;
  const found = foundIn(need, seen);
  if (found !== null)
    return fine(`helper-found:${program}`, `${program} is installed`, `${show(wanted)} is ${show(found)}.`);
  const isBare = wanted === program;
  return {
    id: `helper-missing:${program}`,
    severity: 'error',
    title: `${program} is not installed`,
    says: isBare
      ? `${show(wanted)} is not on this host in any directory of PATH, and the VM needs it.`
      : `${show(wanted)} is no program that this user may run, and the VM needs it.`,
    mend: `Install ${program}${program === 'virtiofsd' ? IN_RUST : ''}.`,
    remedy: { kind: 'install-helper', program },
    issue: 'helper-not-found',
    issueSeverity: 'warning',
  };
}
