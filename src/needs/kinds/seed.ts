/** The files that the image for cloud-init is made of; QEMU reads the image alone. */
import { type NamedPath, naming } from '../named_path.ts';
import { fine, type NeedKind, type OwnVerdict, type Seen } from '../need_kind.ts';
import { existingVerdicts, unseen } from '../path_verdict.ts';

/** By absolute path; `null` for what is not said. */
export interface SeedSources {
  readonly userData: string;
  readonly metaData: string | null;
  readonly networkConfig: string | null;
}

export interface SeedSourceNeed extends NamedPath {
  readonly kind: 'seed-source';
  /** Absolute path of the image. */
  readonly seed: string;
}

export const seedSource: NeedKind<SeedSourceNeed> = {
  path: {},
  // A plan to start a VM touches none of them.
  resources: () => [],
  unknowns: () => [],
  risk: () => 'low',
  verdicts: (need, seen) =>
    existingVerdicts(need, seen, 'storage', ({ kind, isReadable }) =>
      verdictOn(need, kind, isReadable, seen),
    ),
};

function verdictOn(need: SeedSourceNeed, kind: string, isReadable: boolean, { files }: Seen): OwnVerdict {
  const id = String(need.at.at(-1)).replaceAll('_', '-');
  if (kind === 'unreadable' || (kind === 'file' && !isReadable))
    return unseen(need, `${id}-unreadable`, `file ${id}`);
  if (kind === 'file') return fine(`${id}-found`, `The file ${id} is there`, `${naming(need)}, a file.`);
  const isWanted = files.paths.get(need.seed)?.kind === 'missing';
  return {
    id: `${id}-missing`,
    severity: isWanted ? 'error' : 'info',
    title: `The file ${id} is not there`,
    says: `${naming(need)}, where no file is; ${isWanted ? 'the image cannot be made without it' : 'the image that it is for is there'}.`,
    mend: 'Use a file that exists.',
    ...(isWanted && { issue: 'file-missing' }),
  };
}
