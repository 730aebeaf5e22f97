/** A directory that is shared with the guest. */
import type { ProbedPath } from '../../facts/host.ts';
import { missingDirectory, writeAdvice } from '../directory_trouble.ts';
import { type NamedPath, naming } from '../named_path.ts';
import { fine, type NeedKind, type OwnVerdict, type Seen } from '../need_kind.ts';
import { questionsOfExisting } from '../path_questions.ts';
import { existingVerdicts, unseen } from '../path_verdict.ts';

export interface DirectoryNeed extends NamedPath {
  readonly kind: 'directory';
  readonly access: 'read' | 'write';
  /** Whether what is below it is served over the network of the guest, links followed. */
  readonly isServed?: true;
  /** Whether owners and modes of the guest are kept in extended attributes of the files. */
  readonly isMapped?: true;
  /** Whether a plan goes on where it can be made before the start. */
  readonly mayBeMade?: boolean;
}

export const directory: NeedKind<DirectoryNeed> = {
  path: { isDirectory: true, isShared: true },
  resources: ({ path }) => [`path:${path}`],
  risk: ({ access, isServed }) => (access === 'write' || isServed ? 'medium' : 'low'),
  unknowns: (need, host) => [
    ...questionsOfExisting(need, host, 'Is there a directory that QEMU may read?'),
    ...(need.isMapped ? [{ question: KEEPS_ATTRIBUTES, subject: `path:${need.path}` }] : []),
  ],
  verdicts: (need, seen) =>
    existingVerdicts(need, seen, 'storage', (probed) => verdictOn(need, probed, seen)),
};

const KEEPS_ATTRIBUTES = 'Does the file system of the directory keep extended attributes of users?';

function verdictOn(need: DirectoryNeed, probed: ProbedPath, seen: Seen): OwnVerdict {
  const { subject } = seen;
  switch (probed.kind) {
    case 'directory':
      return verdictOnAccess(need, probed, subject);
    case 'unreadable':
      return unseen(need, `share-unreadable:${subject}`, `shared directory ${subject}`);
    case 'missing':
      return verdictOnMissing(need, probed, seen);
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

function verdictOnMissing(need: DirectoryNeed, probed: ProbedPath, { subject, facts }: Seen): OwnVerdict {
  const directory = missingDirectory(need, probed);
  const isMadeFirst = need.mayBeMade === true && directory.canBeMade && facts.os !== 'windows';
  return {
    id: `share-missing:${subject}`,
    severity: 'error',
    title: `The shared directory ${subject} is not there`,
    says: `${naming(need)}, which is not there.`,
    mend: isMadeFirst
      ? 'Make it before the start, or let POST /plans/prepare plan that.'
      : 'Share a directory that exists.',
    issue: isMadeFirst ? 'directory-will-need-creation' : 'share-not-a-directory',
    ...(isMadeFirst && { issueSeverity: 'warning' }),
    remedy: { kind: 'make-directory', directory },
  };
}

/** QEMU opens the directory and looks into it at its start; whether it can be written shows only when the guest does. */
function verdictOnAccess(need: DirectoryNeed, seen: ProbedPath, subject: string): OwnVerdict {
  if (!seen.isReadable) {
    return {
      id: `share-unreadable:${subject}`,
      severity: 'warning',
      title: `The shared directory ${subject} cannot be read by this user`,
      says: `${naming(need)}, a directory that the user of this service may not both list and enter.`,
      mend: 'Change its owner or its permissions for the user that runs QEMU.',
      issue: 'file-unreadable',
    };
  }
  if (!seen.isWritable && need.access === 'write') {
    return {
      id: `share-unwritable:${subject}`,
      severity: 'warning',
      title: `The shared directory ${subject} cannot be written by this user`,
      says: `${naming(need)}, which the user of this service cannot write, and the share is not read-only; the guest will not be able to write there.`,
      mend: `${writeAdvice(seen)}, or set readonly = true.`,
      issue: 'file-unwritable',
    };
  }
  return fine(
    `share-found:${subject}`,
    `The shared directory ${subject} is there`,
    `${naming(need)}, a directory.`,
  );
}
