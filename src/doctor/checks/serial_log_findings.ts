import { show } from '../../profile/show.ts';
import type { Examined, SeenFile } from '../examined.ts';
import { type Finding, type FindingParts, finding } from '../finding.ts';
import { parentFindings } from './parent_findings.ts';

/** The file that the serial port is written to; QEMU truncates it when it starts. */
export function serialLogFindings(one: Examined): Finding[] {
  return one.filesFor('serial-log').flatMap((seen) => {
    const verdict = verdictOn(seen);
    const troubles = parentFindings(one, 'serial', seen);
    if (verdict === null) return troubles;
    return [
      ...troubles,
      finding({
        ...verdict,
        category: 'sockets',
        resources: [`path:${seen.use.absolute}`],
        metadata: { path: seen.use.absolute, profile_name: one.name },
      }),
    ];
  });
}

type Verdict = Pick<FindingParts, 'id' | 'severity' | 'title' | 'description'>;

function verdictOn({ use, file }: SeenFile): Verdict | null {
  const path = show(use.absolute);
  const { kind } = file.sight;
  if (kind === 'directory' || kind === 'other') {
    return {
      id: 'serial-log-blocked',
      severity: 'error',
      title: 'The serial log is no file',
      description: `${path} is no regular file. Write the path of a file that is a log, or is not there yet.`,
    };
  }
  if (kind === 'file') {
    return file.isWritable
      ? {
          id: 'serial-log-will-be-replaced',
          severity: 'info',
          title: 'The serial log of an earlier run will be replaced',
          description: `${path} is there, and QEMU empties it when it starts. Copy it first if it is still wanted.`,
        }
      : {
          id: 'serial-log-unwritable',
          severity: 'warning',
          title: 'The serial log cannot be written by this user',
          description: `${path} cannot be written by the user of this service. Change its owner or its permissions.`,
        };
  }
  if (kind === 'unreadable' || file.directory.state !== 'writable') return null;
  return {
    id: 'serial-log-ready',
    severity: 'info',
    title: 'The serial log can be created',
    description: `Nothing lies at ${path}, and its directory can be written.`,
  };
}
