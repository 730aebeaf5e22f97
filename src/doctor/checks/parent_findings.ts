import { show } from '../../profile/show.ts';
import { DIRECTORY_TROUBLE, directoryAdvice } from '../directory_states.ts';
import type { Examined, SeenFile } from '../examined.ts';
import { type Finding, finding } from '../finding.ts';
import { planDirectory } from '../remedies/make_directory.ts';

/** The directory that QEMU will create a socket or a log in: a finding when it cannot, else none. */
export function parentFindings(one: Examined, word: 'qmp' | 'serial', { use, file }: SeenFile): Finding[] {
  const { directory } = file;
  const { state } = directory;
  if (state === 'writable') return [];
  const id = `${word}-directory-${state === 'missing' ? 'missing' : 'unwritable'}`;
  return [
    finding({
      id,
      severity: 'warning',
      category: 'sockets',
      title: `The directory for ${use.at.join('.')} ${DIRECTORY_TROUBLE[state]}`,
      description:
        `QEMU will create ${show(use.absolute)}, and ${show(directory.path)} ${DIRECTORY_TROUBLE[state]}. ` +
        directoryAdvice(directory),
      resources: [`path:${directory.path}`],
      metadata: { path: directory.path, profile_name: one.name, state },
      remedy: planDirectory(one.causeOf(id), directory),
    }),
  ];
}
