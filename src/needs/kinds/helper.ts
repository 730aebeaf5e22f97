/** A program that runs beside QEMU. */
import type { Host } from '../../facts/host.ts';
import type { Path } from '../../profile/path.ts';
import { show } from '../../profile/show.ts';
import { type NamedPath, naming } from '../named_path.ts';
import { fine, type NeedKind, type OwnVerdict, type Seen } from '../need_kind.ts';

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
  unknowns: () => [],
  verdicts: (need, { files }) => {
    const kind = files.paths.get(need.path)?.kind;
    if (kind !== 'directory' && kind !== 'other') return [];
    return [
      {
        id: `${need.program}-file-blocked`,
        severity: 'error',
        title: `${need.program} cannot write its file`,
        says: `${naming(need)}, where ${need.program} writes a file, and it is none.`,
        mend: 'Move away what is there, or use another path.',
        issue: 'path-occupied',
        category: 'sockets',
        resources: [`path:${need.path}`],
        metadata: { path: need.path },
      },
    ];
  },
};

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
