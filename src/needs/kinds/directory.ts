/** A directory that is shared with the guest. */
import type { ProbedPath } from '../../facts/host.ts';
import { type NamedPath, naming } from '../named_path.ts';
import { fine, type NeedKind, type OwnVerdict, type Seen } from '../need_kind.ts';
import { questionsOfExisting } from '../path_questions.ts';

export interface DirectoryNeed extends NamedPath {
  readonly kind: 'directory';
  readonly access: 'read' | 'write';
}

export const directory: NeedKind<DirectoryNeed> = {
  path: { isDirectory: true },
  resources: ({ path }) => [`path:${path}`],
  risk: ({ access }) => (access === 'write' ? 'medium' : 'low'),
  unknowns: (need, host) => questionsOfExisting(need, host, 'Is there a directory that QEMU may read?'),
  verdicts: (need, seen) => {
    const { path } = need;
    const probed = seen.files.paths.get(path);
    if (probed === undefined) return [];
    const common = { category: 'storage', resources: [`path:${path}`], metadata: { path } } as const;
    return [{ ...verdictOn(need, probed, seen), ...common }];
  },
};

function verdictOn(need: DirectoryNeed, probed: ProbedPath, { subject }: Seen): OwnVerdict {
  switch (probed.kind) {
    case 'directory':
      return fine(
        `share-found:${subject}`,
        `The shared directory ${subject} is there`,
        `${naming(need)}, a directory.`,
      );
    case 'unreadable':
      return {
        id: `share-unreadable:${subject}`,
        severity: 'warning',
        title: `The shared directory ${subject} cannot be seen by this user`,
        says: `${naming(need)}, and this user cannot see it.`,
        mend: 'Let the planner see it.',
        issue: 'file-unreadable',
      };
    case 'missing':
      return {
        id: `share-missing:${subject}`,
        severity: 'error',
        title: `The shared directory ${subject} is not there`,
        says: `${naming(need)}, which is not there.`,
        mend: 'Share a directory that exists.',
        issue: 'share-not-a-directory',
        remedy: { kind: 'make-directory', directory: missingDirectory(need, probed) },
      };
    default:
      return {
        id: `share-not-a-directory:${subject}`,
        severity: 'error',
        title: `The shared directory ${subject} is no directory`,
        says: `${naming(need)}, which is no directory.`,
        mend: 'Share a directory that exists.',
        issue: 'share-not-a-directory',
      };
  }
}

/** What the directory that holds it allows holds for it too. */
function missingDirectory({ path }: DirectoryNeed, { realPath, directory: parent }: ProbedPath) {
  const canBeMade = parent.state === 'writable' || parent.canBeMade;
  return { path, realPath, state: 'missing', existing: parent.existing, canBeMade } as const;
}
