import { show } from '../../profile/show.ts';
import type { Examined, SeenFile } from '../examined.ts';
import { type Finding, type FindingParts, finding } from '../finding.ts';

const CALLED = { kernel: 'kernel', initrd: 'initial RAM disk' } as const;

/** The kernel that is booted directly, and its initrd. */
export function bootFileFindings(one: Examined): Finding[] {
  return (['kernel', 'initrd'] as const).flatMap((purpose) =>
    one.filesFor(purpose).map((seen) =>
      finding({
        ...verdictOn(purpose, seen),
        category: 'kernel',
        resources: [`path:${seen.use.absolute}`],
        metadata: { path: seen.use.absolute, profile_name: one.name },
      }),
    ),
  );
}

type Verdict = Pick<FindingParts, 'id' | 'severity' | 'title' | 'description'>;

function verdictOn(purpose: keyof typeof CALLED, { use, file }: SeenFile): Verdict {
  const path = show(use.absolute);
  const called = CALLED[purpose];
  switch (file.sight.kind) {
    case 'file':
      return {
        id: `${purpose}-found`,
        severity: 'info',
        title: `The ${called} is there`,
        description: `${path} is a file.`,
      };
    case 'missing':
      return {
        id: `${purpose}-missing`,
        severity: 'error',
        title: `The ${called} is not there`,
        description: `There is no ${path}; QEMU does not start without it. Put the file there, or change kernel.${String(use.at[1])}.`,
      };
    case 'unreadable':
      return {
        id: `${purpose}-unreadable`,
        severity: 'warning',
        title: `The ${called} cannot be seen by this user`,
        description: `${path} cannot be seen by the user of this service, and perhaps not by QEMU. Change its owner or its permissions.`,
      };
    default:
      return {
        id: `${purpose}-not-a-file`,
        severity: 'error',
        title: `The ${called} is no file`,
        description: `${path} is no regular file. Use a file.`,
      };
  }
}
