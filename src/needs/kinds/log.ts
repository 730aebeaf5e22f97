/** A file that QEMU writes from its beginning, so that what is in it is lost when QEMU starts; or from its end. */
import type { ProbedPath } from '../../facts/host.ts';
import { writeAdvice } from '../directory_trouble.ts';
import { type NamedPath, naming } from '../named_path.ts';
import { fine, type NeedKind, type OwnVerdict, ofElement } from '../need_kind.ts';
import { mayBeWritten, questionsOfCreated } from '../path_questions.ts';
import { createdVerdicts } from '../path_verdict.ts';

export interface LogNeed extends NamedPath {
  readonly kind: 'log';
  /** Of what it is the log: the word in ids and titles. */
  readonly of: string;
  /** Whether what is in it stays. */
  readonly isAppended?: true;
}

export const log: NeedKind<LogNeed> = {
  path: { isCreated: true },
  resources: ({ path }) => [`path:${path}`],
  risk: () => 'low',
  unknowns: (need, host) => questionsOfCreated(need, host, mayBeWritten),
  verdicts: (need, seen) =>
    createdVerdicts(need, seen, need.of, (probed) => verdictOn(need, probed)).map((verdict) =>
      ofElement(verdict, seen.subject),
    ),
};

function verdictOn(need: LogNeed, seen: ProbedPath): OwnVerdict | null {
  const { kind, isWritable, directory } = seen;
  const { of } = need;
  if (kind === 'directory' || kind === 'other') {
    return {
      id: `${of}-log-blocked`,
      severity: 'error',
      title: `The ${of} log is no file`,
      says: `${naming(need)}, which is no regular file.`,
      mend: 'Write the path of a file that is a log, or is not there yet.',
      issue: 'path-occupied',
      // QEMU waits at a pipe until somebody reads it.
      issueSeverity: kind === 'directory' ? 'error' : 'warning',
    };
  }
  if (kind === 'file') return isWritable ? existing(need) : unwritable(need, seen);
  if (kind === 'unreadable' || directory.state !== 'writable') return null;
  return fine(
    `${of}-log-ready`,
    `The ${of} log can be created`,
    `${naming(need)}, where nothing lies, and its directory can be written.`,
  );
}

function existing(need: LogNeed): OwnVerdict {
  const { of } = need;
  if (need.isAppended === true)
    return fine(
      `${of}-log-will-go-on`,
      `The ${of} log of an earlier run will go on`,
      `${naming(need)}, which is there, and QEMU writes after what is in it.`,
    );
  return {
    id: `${of}-log-will-be-replaced`,
    severity: 'info',
    title: `The ${of} log of an earlier run will be replaced`,
    says: `${naming(need)}, which is there, and QEMU empties it when it starts.`,
    mend: 'Copy it first if it is still wanted.',
  };
}

function unwritable(need: LogNeed, seen: ProbedPath): OwnVerdict {
  const { of } = need;
  return {
    id: `${of}-log-unwritable`,
    severity: 'warning',
    title: `The ${of} log cannot be written by this user`,
    says: `${naming(need)}, which the user of this service cannot write.`,
    mend: `${writeAdvice(seen)}, or use another path.`,
    issue: 'file-unwritable',
  };
}
