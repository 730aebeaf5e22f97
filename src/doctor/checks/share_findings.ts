import { show } from '../../profile/show.ts';
import { diskSubjects, type Examined, type SeenFile } from '../examined.ts';
import { type Finding, type FindingParts, finding } from '../finding.ts';
import { planDirectory } from '../remedies/make_directory.ts';

/** The directories that are shared with the guest. */
export function shareFindings(one: Examined): Finding[] {
  const subjects = diskSubjects(one.draft);
  return one.filesFor('share').map((seen) =>
    finding({
      ...verdictOn(one, seen, `${subjects[Number(seen.use.at[2])]}`),
      category: 'storage',
      resources: [`path:${seen.use.absolute}`],
      metadata: { path: seen.use.absolute, profile_name: one.name },
    }),
  );
}

type Verdict = Pick<FindingParts, 'id' | 'severity' | 'title' | 'description' | 'remedy'>;

function verdictOn(one: Examined, { use, file }: SeenFile, subject: string): Verdict {
  const { kind, realPath } = file.sight;
  const path = show(use.absolute);
  switch (kind) {
    case 'directory':
      return {
        id: `share-found:${subject}`,
        severity: 'info',
        title: `The shared directory ${subject} is there`,
        description: `${path} is a directory.`,
      };
    case 'missing': {
      const id = `share-missing:${subject}`;
      const { existing, canBeMade, state } = file.directory;
      // What the directory that holds it allows holds for it too.
      const isMakeable = state === 'writable' || canBeMade;
      const share = {
        path: use.absolute,
        realPath,
        state: 'missing',
        existing,
        canBeMade: isMakeable,
      } as const;
      return {
        id,
        severity: 'error',
        title: `The shared directory ${subject} is not there`,
        description: `There is no ${path}; QEMU does not start without it. Make it, or share a directory that exists.`,
        remedy: planDirectory(one.causeOf(id), share),
      };
    }
    case 'unreadable':
      return {
        id: `share-unreadable:${subject}`,
        severity: 'warning',
        title: `The shared directory ${subject} cannot be seen by this user`,
        description: `${path} cannot be seen by the user of this service, and perhaps not by QEMU. Change its owner or its permissions.`,
      };
    default:
      return {
        id: `share-not-a-directory:${subject}`,
        severity: 'error',
        title: `The shared directory ${subject} is no directory`,
        description: `${path} is no directory. Share a directory.`,
      };
  }
}
