/** The directory in which swtpm keeps what a TPM knows, such as the keys of the guest's disks. */
import type { ProbedPath } from '../../facts/host.ts';
import { missingDirectory, writeAdvice } from '../directory_trouble.ts';
import { type NamedPath, naming } from '../named_path.ts';
import { fine, type NeedKind, type OwnVerdict } from '../need_kind.ts';
import { questionsOfExisting } from '../path_questions.ts';
import { existingVerdicts, unseen } from '../path_verdict.ts';

export interface TpmStateNeed extends NamedPath {
  readonly kind: 'tpm-state';
  readonly access: 'write';
}

export const tpmState: NeedKind<TpmStateNeed> = {
  path: { isDirectory: true, isOwn: true, isInRoot: true },
  resources: ({ path }) => [`path:${path}`],
  risk: () => 'medium',
  unknowns: (need, host) => {
    const subject = `path:${need.path}`;
    const isMissing = host.probed?.paths.get(need.path)?.kind === 'missing';
    return [
      ...(isMissing
        ? [{ question: 'Will the directory be made before the start?', subject }]
        : questionsOfExisting(need, host, 'Is there a directory that swtpm may write to?')),
      ...(host.facts.os === 'linux' ? [{ question: CONFINED, subject }] : []),
    ];
  },
  verdicts: (need, seen) => existingVerdicts(need, seen, 'storage', (probed) => verdictOn(need, probed)),
};

/** Debian and Ubuntu have a profile for swtpm that knows home folders and those of libvirt. */
const CONFINED = 'Does AppArmor, where it confines swtpm, let it use the directory?';

const CALLED = 'directory of the TPM';

function verdictOn(need: TpmStateNeed, probed: ProbedPath): OwnVerdict {
  switch (probed.kind) {
    case 'directory':
      return verdictOnAccess(need, probed);
    case 'unreadable':
      return unseen(need, 'tpm-state-unreadable', CALLED);
    case 'missing':
      return {
        id: 'tpm-state-missing',
        severity: 'warning',
        title: `The ${CALLED} is not there`,
        says: `${naming(need)}, which is not there; swtpm starts without it, and the TPM then fails.`,
        mend: 'Make it, for the user of QEMU alone.',
        issue: 'directory-will-need-creation',
        remedy: {
          kind: 'make-directory',
          directory: missingDirectory(need, probed),
          isPrivate: true,
        },
      };
    default:
      return {
        id: 'tpm-state-not-a-directory',
        severity: 'error',
        title: `The ${CALLED} is no directory`,
        says: `${naming(need)}, which is no directory.`,
        mend: 'Move away what is there, or use another path.',
        issue: 'path-not-a-directory',
      };
  }
}

function verdictOnAccess(need: TpmStateNeed, probed: ProbedPath): OwnVerdict {
  if (probed.isReadable && probed.isWritable)
    return fine('tpm-state-found', `The ${CALLED} is there`, `${naming(need)}, a directory.`);
  return {
    id: 'tpm-state-unwritable',
    severity: 'warning',
    title: `The ${CALLED} cannot be used by this user`,
    says: `${naming(need)}, a directory that the user of this service may not both enter and write to.`,
    mend: `${writeAdvice(probed)}.`,
    issue: 'file-unwritable',
  };
}
