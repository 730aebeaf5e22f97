/** The directory that QEMU will create a socket, a log or a pidfile in. */
import type { ProbedPath } from '../facts/host.ts';
import { fieldOf } from '../profile/path.ts';
import { show } from '../profile/show.ts';
import { DIRECTORY_TROUBLE, directoryAdvice } from './directory_trouble.ts';
import { type NamedPath, naming } from './named_path.ts';
import type { Verdict } from './need_kind.ts';

/** What is wrong with it: one verdict when nothing can be created there, else none. `of` is the word in its id. */
export function parentVerdicts(need: NamedPath, of: string, { directory }: ProbedPath): Verdict[] {
  const { path, state } = directory;
  if (state === 'writable') return [];
  const trouble = state === 'missing' ? 'missing' : 'unwritable';
  const advice = directoryAdvice(directory);
  return [
    {
      id: `${of}-directory-${trouble}`,
      severity: 'warning',
      title: `The directory for ${fieldOf(need.at)} ${DIRECTORY_TROUBLE[state]}`,
      says: `${naming(need)}, and the directory ${show(path)} ${DIRECTORY_TROUBLE[state]}.`,
      mend: trouble === 'missing' ? 'Create the directory before the start.' : advice,
      advice,
      issue: trouble === 'missing' ? 'parent-directory-missing' : 'parent-directory-unwritable',
      category: 'sockets',
      resources: [`path:${path}`],
      metadata: { path, state },
      remedy: { kind: 'make-directory', directory },
    },
  ];
}
