/** A file that QEMU writes its process id to, and deletes when it ends. */
import type { ProbedPath } from '../../facts/host.ts';
import { show } from '../../profile/show.ts';
import { writeAdvice } from '../directory_trouble.ts';
import { locksOn, questionsOfUse } from '../image_use.ts';
import { type NamedPath, naming } from '../named_path.ts';
import { fine, type NeedKind, type OwnVerdict, type Seen } from '../need_kind.ts';
import { mayBeWritten, questionsOfCreated } from '../path_questions.ts';
import { createdVerdicts } from '../path_verdict.ts';

export interface PidfileNeed extends NamedPath {
  readonly kind: 'pidfile';
}

export const pidfile: NeedKind<PidfileNeed> = {
  path: { isCreated: true },
  resources: ({ path }) => [`path:${path}`],
  risk: () => 'low',
  unknowns: (need, host) => [...questionsOfCreated(need, host, mayBeWritten), ...questionsOfUse(need, host)],
  verdicts: (need, seen) => createdVerdicts(need, seen, 'pidfile', (probed) => verdictOn(need, probed, seen)),
};

function verdictOn(need: PidfileNeed, probed: ProbedPath, { network }: Seen): OwnVerdict | null {
  const { kind, id, isWritable, directory } = probed;
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
  if (kind === 'file') {
    if (!isWritable) return unwritable(need, probed);
    return locksOn(id, network).length > 0 ? inUse(need) : existing(need, probed);
  }
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

function inUse(need: PidfileNeed): OwnVerdict {
  return {
    id: 'pidfile-in-use',
    severity: 'error',
    title: 'The pidfile is in use',
    says: `${naming(need)}, which another process has locked as QEMU does; until that ends QEMU does not start.`,
    mend: 'See whether the VM runs already, or use another path.',
  };
}

function unwritable(need: PidfileNeed, probed: ProbedPath): OwnVerdict {
  return {
    id: 'pidfile-unwritable',
    severity: 'warning',
    title: 'The pidfile cannot be written by this user',
    says: `${naming(need)}, which the user of this service cannot write.`,
    mend: `${writeAdvice(probed)}, or use another path.`,
    issue: 'file-unwritable',
  };
}
