/** A unix socket that QEMU listens on. */
import type { ProbedPath } from '../../facts/host.ts';
import { show } from '../../profile/show.ts';
import { type NamedPath, naming } from '../named_path.ts';
import { fine, type NeedKind, type OwnVerdict, type Seen } from '../need_kind.ts';
import { parentVerdicts } from '../parent_directory.ts';
import { questionsOfCreated } from '../path_questions.ts';

export interface SocketNeed extends NamedPath {
  readonly kind: 'socket';
  /** What is reached by it: the word in ids and titles. */
  readonly of: string;
  /** Whether it may lie in /tmp, outside the project root. */
  readonly mayBeInTmp: boolean;
}

export const socket: NeedKind<SocketNeed> = {
  path: { isSocket: true, isCreated: true },
  resources: ({ path }) => [`socket:unix:${path}`],
  risk: () => 'low',
  unknowns: questionsOfCreated,
  verdicts: (need, seen) => {
    const { path } = need;
    const probed = seen.files.paths.get(path);
    if (probed === undefined) return [];
    const troubles = parentVerdicts(need, probed, seen.facts.os);
    const own = {
      ...(probed.isSocket ? verdictOnSocket(need, seen) : verdictOnPath(need, probed)),
      category: 'sockets',
      resources: [`socket:unix:${path}`],
      metadata: { path },
    } as const;
    return troubles.length > 0 && own.severity === 'info' ? troubles : [...troubles, own];
  },
};

function verdictOnSocket(need: SocketNeed, { network }: Seen): OwnVerdict {
  const { of, path } = need;
  const listening = network?.listeningSockets ?? null;
  if (listening?.has(path)) {
    return {
      id: `socket-in-use:${of}`,
      severity: 'error',
      title: `The ${of} socket is in use`,
      says: `A process listens on ${show(path)}; most likely the VM is running, and a second start would take the socket away from it.`,
      mend: 'Stop that process, or use another path.',
    };
  }
  return {
    id: `stale-socket:${of}`,
    severity: 'warning',
    title: `There is a ${of} socket already`,
    says:
      `${show(path)} is a socket${listening === null ? '' : ' that no process here listens on'}, most likely left by an earlier run; ` +
      'QEMU replaces it when it starts.',
    mend: 'Remove it once no VM uses it.',
    remedy: { kind: 'remove-socket', path },
  };
}

function verdictOnPath(need: SocketNeed, { kind }: ProbedPath): OwnVerdict {
  const { of } = need;
  if (kind === 'missing' || kind === 'unreadable') {
    return fine(
      `${of}-socket-ready`,
      `The ${of} socket can be created`,
      `${naming(need)}, where nothing lies, and its directory can be written.`,
    );
  }
  const trouble =
    kind === 'directory'
      ? 'a directory, so that QEMU cannot listen there'
      : 'no socket, and QEMU would remove it without asking';
  return {
    id: `${of}-socket-blocked`,
    severity: 'error',
    title: `Something else lies where the ${of} socket will be`,
    says: `${naming(need)}, which is ${trouble}.`,
    mend: 'Move it away, or use another path.',
  };
}
