/** The unix sockets that QEMU will listen on: their directories, and what lies there already. */
import { show } from '../../profile/show.ts';
import type { Examined, SeenFile } from '../examined.ts';
import { type Finding, type FindingParts, finding } from '../finding.ts';
import { planSocketRemoval } from '../remedies/remove_socket.ts';
import { parentFindings } from './parent_findings.ts';

export function socketFindings(one: Examined): Finding[] {
  return [
    ...one.filesFor('qmp-socket').flatMap((seen) => socketFinding(one, 'qmp', seen)),
    ...one.filesFor('serial-socket').flatMap((seen) => socketFinding(one, 'serial', seen)),
  ];
}

type Word = 'qmp' | 'serial';
type Verdict = Pick<FindingParts, 'id' | 'severity' | 'title' | 'description' | 'remedy'>;

function socketFinding(one: Examined, word: Word, seen: SeenFile): Finding[] {
  const troubles = parentFindings(one, word, seen);
  const { file, use } = seen;
  const verdict =
    file.socket === null ? pathVerdict(word, seen) : socketVerdict(one, word, seen, file.socket);
  if (troubles.length > 0 && verdict.severity === 'info') return troubles;
  return [
    ...troubles,
    finding({
      ...verdict,
      category: 'sockets',
      resources: [`socket:unix:${use.absolute}`],
      metadata: { path: use.absolute, profile_name: one.name },
    }),
  ];
}

function socketVerdict(
  one: Examined,
  word: Word,
  { use }: SeenFile,
  state: 'listening' | 'silent' | 'unknown',
): Verdict {
  const path = show(use.absolute);
  if (state === 'listening') {
    return {
      id: `socket-in-use:${word}`,
      severity: 'error',
      title: `The ${word} socket is in use`,
      description: `A process listens on ${path}; most likely the VM is running. A second start would take the socket away from it. Stop that process, or use another path.`,
    };
  }
  const id = `stale-socket:${word}`;
  return {
    id,
    severity: 'warning',
    title: `There is a ${word} socket already`,
    description:
      `${path} is a socket${state === 'silent' ? ' that no process here listens on' : ''}, most likely left by an earlier run; ` +
      'QEMU replaces it when it starts. Remove it once no VM uses it.',
    remedy: planSocketRemoval(one.causeOf(id), use.absolute),
  };
}

function pathVerdict(word: Word, { use, file }: SeenFile): Verdict {
  const path = show(use.absolute);
  const { kind } = file.sight;
  return kind === 'missing' || kind === 'unreadable'
    ? {
        id: `${word}-socket-ready`,
        severity: 'info',
        title: `The ${word} socket can be created`,
        description: `Nothing lies at ${path}, and its directory can be written.`,
      }
    : {
        id: `${word}-socket-blocked`,
        severity: 'error',
        title: `Something else lies where the ${word} socket will be`,
        description: `${path} is ${kind === 'directory' ? 'a directory, so QEMU cannot listen there' : 'no socket, and QEMU would remove it without asking'}. Move it away, or use another path.`,
      };
}
