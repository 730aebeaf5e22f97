/** A file that QEMU writes its process id to, and deletes when it ends. */
import type { ProbedPath } from '../../facts/host.ts';
import { show } from '../../profile/show.ts';
import { MOUNT_ADVICE } from '../directory_trouble.ts';
import { type NamedPath, naming } from '../named_path.ts';
import { fine, type NeedKind, type OwnVerdict } from '../need_kind.ts';
import { mayBeWritten, questionsOfCreated } from '../path_questions.ts';
import { createdVerdicts } from '../path_verdict.ts';

export interface PidfileNeed extends NamedPath {
  readonly kind: 'pidfile';
}

export const pidfile: NeedKind<PidfileNeed> = {
  path: { isCreated: true },
  resources: ({ path }) => [`path:${path}`],
  risk: () => 'low',
  unknowns: (need, host) => questionsOfCreated(need, host, mayBeWritten),
  verdicts: (need, seen) => createdVerdicts(need, seen, 'pidfile', (probed) => verdictOn(need, probed)),
};

function verdictOn(need: PidfileNeed, probed: ProbedPath): OwnVerdict | null {
  const { kind, isWritable, isOnReadOnlyMount, directory } = probed;
  if (kind === 'directory' || kind === 'other') {
    return {
      id: 'pidfile-blocked',
      severity: 'error',
      title: 'The pidfile is no file',
      says: `${naming(need)}, which is no regular file.`,
      mend: 'Write the path of a file that is a pidfile, or is not there yet.',
      issue: 'path-occupied',
      // QEMU waits at a pipe until somebody reads it.
      issueSeverity: kind === 'directory' ? 'error' : 'warning',
    };
  }
  if (kind === 'file') return isWritable ? existing(need, probed) : unwritable(need, isOnReadOnlyMount);
  if (kind === 'unreadable' || directory.state !== 'writable') return null;
  return fine(
    'pidfile-ready',
    'The pidfile can be created',
    `${naming(need)}, where nothing lies, and its directory can be written.`,
  );
}

/** Through a link QEMU deletes what the link leads to. */
function existing(need: PidfileNeed, { realPath }: ProbedPath): OwnVerdict {
  const really = realPath === need.path ? '' : ` and really is ${show(realPath)}`;
  return {
    id: 'pidfile-will-be-replaced',
    severity: 'warning',
    title: 'There is a pidfile already',
    says: `${naming(need)}, which is there${really}. QEMU overwrites it when it starts and deletes it when it ends; while another QEMU has it, it does not start.`,
    mend: 'Make sure that nobody needs the file; it may be that of this very VM.',
  };
}

function unwritable(need: PidfileNeed, isOnReadOnlyMount: boolean): OwnVerdict {
  return {
    id: 'pidfile-unwritable',
    severity: 'warning',
    title: 'The pidfile cannot be written by this user',
    says: `${naming(need)}, which the user of this service cannot write.`,
    mend: isOnReadOnlyMount
      ? `${MOUNT_ADVICE}, or use another path.`
      : 'Change its owner or its permissions.',
    issue: 'file-unwritable',
  };
}
