/** The directory that QEMU will create a socket or a log in. */
import type { ProbedPath } from '../facts/host.ts';
import type { HostSystem } from '../facts/host_facts.ts';
import { parentOf } from '../facts/host_paths.ts';
import { fieldOf } from '../profile/path.ts';
import { show } from '../profile/show.ts';
import { DIRECTORY_TROUBLE, directoryAdvice } from './directory_trouble.ts';
import { type NamedPath, naming } from './named_path.ts';
import type { Verdict } from './need_kind.ts';

/** What is wrong with it: one verdict when nothing can be created there, else none. */
export function parentVerdicts(need: NamedPath, { directory }: ProbedPath, os: HostSystem): Verdict[] {
  const { path, state } = directory;
  if (state === 'writable') return [];
  const isMissing = state === 'missing' || state === 'not-a-directory';
  const parent = show(parentOf(os, need.path));
  return [
    {
      id: `${need.at[0]}-directory-${state === 'missing' ? 'missing' : 'unwritable'}`,
      severity: 'warning',
      title: `The directory for ${fieldOf(need.at)} ${DIRECTORY_TROUBLE[state]}`,
      says: `${naming(need)}, and the directory ${parent} ${isMissing ? 'is not there' : 'cannot be written by this user'}.`,
      mend: isMissing
        ? 'Create the directory before the start.'
        : 'Make it writable for the user that runs QEMU.',
      advice: directoryAdvice(directory),
      issue: 'parent-directory-missing',
      category: 'sockets',
      resources: [`path:${path}`],
      metadata: { path, state },
      remedy: { kind: 'make-directory', directory },
    },
  ];
}
