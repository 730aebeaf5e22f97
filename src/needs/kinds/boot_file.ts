/** A file that QEMU hands the guest at a direct boot: the kernel, or its initial RAM disk. */
import type { ProbedPath } from '../../facts/host.ts';
import { type NamedPath, naming } from '../named_path.ts';
import { fine, type NeedKind, type OwnVerdict } from '../need_kind.ts';
import { questionsOfExisting } from '../path_questions.ts';

export interface BootFileNeed extends NamedPath {
  readonly kind: 'boot-file';
  readonly is: 'kernel' | 'initrd';
}

const CALLED = { kernel: 'kernel', initrd: 'initial RAM disk' } as const;

export const bootFile: NeedKind<BootFileNeed> = {
  path: {},
  resources: ({ path }) => [`path:${path}`],
  risk: () => 'low',
  unknowns: (need, host) => questionsOfExisting({ ...need, access: 'read' }, host, 'Is there such a file?'),
  verdicts: (need, { files }) => {
    const { path } = need;
    const probed = files.paths.get(path);
    if (probed === undefined) return [];
    const common = { category: 'kernel', resources: [`path:${path}`], metadata: { path } } as const;
    return [{ ...verdictOn(need, probed), ...common }];
  },
};

function verdictOn(need: BootFileNeed, { kind, isReadable }: ProbedPath): OwnVerdict {
  const { is } = need;
  const called = CALLED[is];
  switch (kind) {
    case 'file':
      if (isReadable) return fine(`${is}-found`, `The ${called} is there`, `${naming(need)}, a file.`);
      return {
        id: `${is}-unreadable`,
        severity: 'warning',
        title: `The ${called} cannot be read by this user`,
        says: `${naming(need)}, a file that the user of this service may not read.`,
        mend: 'Change its owner or its permissions for the user that runs QEMU.',
        issue: 'file-unreadable',
      };
    case 'unreadable':
      return {
        id: `${is}-unreadable`,
        severity: 'warning',
        title: `The ${called} cannot be seen by this user`,
        says: `${naming(need)}, and this user cannot see it.`,
        mend: 'Let the planner see it.',
        issue: 'file-unreadable',
      };
    case 'missing':
      return {
        id: `${is}-missing`,
        severity: 'error',
        title: `The ${called} is not there`,
        says: `${naming(need)}, which is not there.`,
        mend: 'Use a file that exists.',
        issue: `${is}-missing`,
      };
    default:
      return {
        id: `${is}-not-a-file`,
        severity: 'error',
        title: `The ${called} is no file`,
        says: `${naming(need)}, which is no regular file.`,
        mend: 'Use a file that exists.',
        issue: `${is}-missing`,
      };
  }
}
