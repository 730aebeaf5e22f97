/** A unix socket that QEMU listens on, or a program that QEMU connects to. */
import type { LinkTarget, ProbedPath, UnixSocket } from '../../facts/host.ts';
import type { HostSystem } from '../../facts/host_facts.ts';
import { baseNameOf, parentOf } from '../../facts/host_paths.ts';
import { show } from '../../profile/show.ts';
import { type NamedPath, naming } from '../named_path.ts';
import { fine, type NeedKind, type OwnVerdict, ofElement, type Seen, type Verdict } from '../need_kind.ts';
import { parentVerdicts } from '../parent_directory.ts';
import { mayBeCreated, questionsOfCreated } from '../path_questions.ts';

export interface SocketNeed extends NamedPath {
  readonly kind: 'socket';
  /** What is reached by it: the word in ids and titles. */
  readonly of: string;
  /** Whether it may lie in /tmp, outside the project root. */
  readonly mayBeInTmp: boolean;
  /** The program that listens on it, where that is not QEMU. */
  readonly listener?: string;
}

export const socket: NeedKind<SocketNeed> = {
  path: { isSocket: true, isCreated: true },
  resources: ({ path }) => [`socket:unix:${path}`],
  risk: () => 'low',
  unknowns: (need, host) => [
    ...questionsOfCreated(need, host, mayBeMade, need.listener),
    ...(host.probed?.paths.get(need.path)?.isSocket
      ? [{ question: IS_LEFT, subject: `path:${need.path}` }]
      : []),
  ],
  verdicts: (need, seen) => {
    const { path } = need;
    const probed = seen.files.paths.get(path);
    if (probed === undefined) return [];
    const troubles = parentVerdicts(need, need.of, probed);
    const own: Verdict = {
      ...verdictOn(need, probed, seen),
      category: 'sockets',
      resources: [`socket:unix:${path}`],
      metadata: { path },
    };
    const all = troubles.length > 0 && own.severity === 'info' ? troubles : [...troubles, own];
    return all.map((verdict) => ofElement(verdict, seen.subject));
  },
};

/** What a plan does not ask: what other processes have may change before it is run. */
const IS_LEFT = 'Has no process the socket that lies there? It would lose it.';

/** What lies there is removed first. */
function mayBeMade(seen: ProbedPath): boolean {
  return mayBeCreated(seen) && seen.isRemovable;
}

function notRemovable(need: SocketNeed): OwnVerdict {
  const { of, listener = 'QEMU' } = need;
  return {
    id: `${of}-socket-not-removable`,
    severity: 'warning',
    title: `This user may not remove what lies where the ${of} socket will be`,
    says: `${naming(need)}, which belongs to another user, in a directory where nobody may remove what is not their own (its sticky bit is set); ${listener} has to remove it first, and does not start.`,
    mend: 'Let its owner remove it, or use another path.',
    issue: 'path-occupied',
    issueSeverity: 'warning',
  };
}

function verdictOn(need: SocketNeed, probed: ProbedPath, seen: Seen): OwnVerdict {
  if (!probed.isRemovable) return notRemovable(need);
  if (probed.link !== null) return verdictOnLink(need, probed.link, seen);
  return probed.isSocket ? verdictOnSocket(need, probed, seen) : verdictOnPath(need, probed);
}

interface Holder {
  /** As its process named it. */
  readonly name: string;
  /** By what it is this socket; by all else than `file` it may be another one, since nobody knows where it is. */
  readonly by: 'file' | 'name' | 'move';
}

type Place = LinkTarget & Pick<ProbedPath, 'mayHaveMoved'>;

/** The socket that some process has and that is this one, or perhaps is; `null` when each of them is ruled out. */
function holderOf(
  { path, id, mayHaveMoved }: Place,
  sockets: readonly UnixSocket[],
  os: HostSystem,
): Holder | null {
  const same = sockets.find((one) => one.id !== null && one.id === id);
  if (same !== undefined) return { name: same.name, by: 'file' };
  const unplaced = sockets.filter((one) => one.id === null);
  const alike = unplaced.find((one) => mayBeNamed(one.name, path, os));
  if (alike !== undefined) return { name: alike.name, by: 'name' };
  const directory = parentOf(os, path);
  const moved = unplaced.find(
    (one) => !isAbstract(one.name) && (mayHaveMoved || one.directory === directory),
  );
  return moved === undefined ? null : { name: moved.name, by: 'move' };
}

/** A relative name that begins like an abstract one is as rare as abstract ones are common. */
function isAbstract(name: string): boolean {
  return name.startsWith('@');
}

/** Links lead to one file by many directories, and its last name is the same in all. */
function mayBeNamed(name: string, path: string, os: HostSystem): boolean {
  return isAbstract(name) ? path.endsWith(`/${name}`) : baseNameOf(os, name) === baseNameOf(os, path);
}

function verdictOnSocket(
  need: SocketNeed,
  { realPath, id, mayHaveMoved }: ProbedPath,
  { network, facts }: Seen,
): OwnVerdict {
  const { of, path, listener = 'QEMU' } = need;
  const sockets = network?.unixSockets ?? null;
  const holder = sockets === null ? null : holderOf({ path: realPath, id, mayHaveMoved }, sockets, facts.os);
  if (holder !== null) {
    const isCertain = holder.by === 'file';
    return {
      id: `socket-in-use:${of}`,
      severity: isCertain ? 'error' : 'warning',
      title: `The ${of} socket is ${isCertain ? '' : 'perhaps '}in use`,
      says: holderText(path, holder),
      mend: isCertain
        ? 'Stop that process, or use another path.'
        : 'See whether the VM is running before you start it.',
    };
  }
  return {
    id: `stale-socket:${of}`,
    severity: 'warning',
    title: `There is a ${of} socket already`,
    says:
      `${show(path)} is a socket${sockets === null ? '' : ' that no process has, as far as this service can see'}, ` +
      'most likely left by an earlier run; ' +
      `${listener} replaces it when it starts.`,
    mend: 'Remove it once no VM uses it.',
    // Nothing is offered for removal of which nobody knows whether it is in use.
    ...(sockets !== null && { remedy: { kind: 'remove-socket', path } }),
  };
}

function holderText(path: string, { name, by }: Holder): string {
  const taken = 'a second start would take the socket away from it';
  switch (by) {
    case 'file':
      return `A process has the socket ${show(path)}; most likely the VM is running, and ${taken}.`;
    case 'name':
      return `${show(path)} is a socket, and a process has one by the name ${show(name)}, which may be this one: then the VM is running, and ${taken}.`;
    case 'move':
      return `${show(path)} is a socket that may have been renamed, and a process has one that it named ${show(name)}, and nobody knows where that is now; the two may be one: then the VM is running, and ${taken}.`;
  }
}

/** QEMU removes a link like anything else that lies where its socket will be, and never follows it. */
function verdictOnLink(need: SocketNeed, link: LinkTarget, { network, facts }: Seen): OwnVerdict {
  const { of, listener = 'QEMU' } = need;
  const { what, rest } = targetOf(
    link,
    holderOf({ ...link, mayHaveMoved: false }, network?.unixSockets ?? [], facts.os),
  );
  return {
    id: `${of}-socket-is-link`,
    severity: 'warning',
    title: `A symbolic link lies where the ${of} socket will be`,
    says: `${naming(need)}, a symbolic link to ${show(link.path)}${what}; ${listener} removes the link and makes its socket in the place of the link${rest}.`,
    mend: 'Remove the link, or write the path that is meant.',
    issue: 'socket-is-link',
  };
}

/** What is seen where a link leads, and what becomes of it. */
function targetOf(
  { id }: LinkTarget,
  holder: Holder | null,
): { readonly what: string; readonly rest: string } {
  if (id === null) return { what: ', where nothing is to be seen', rest: '' };
  if (holder?.by === 'file')
    return { what: ', a socket that a process has', rest: ', and that process goes on with its own' };
  return {
    what: holder === null ? '' : ', which may be a socket that a process has',
    rest: ', and what the link leads to stays as it is',
  };
}

function verdictOnPath(need: SocketNeed, { kind }: ProbedPath): OwnVerdict {
  const { of, listener = 'QEMU' } = need;
  if (kind === 'missing' || kind === 'unreadable') {
    return fine(
      `${of}-socket-ready`,
      `The ${of} socket can be created`,
      `${naming(need)}, where nothing lies, and its directory can be written.`,
    );
  }
  const trouble =
    kind === 'directory'
      ? `a directory, so that ${listener} cannot listen there`
      : `no socket, and ${listener} would remove it without asking`;
  return {
    id: `${of}-socket-blocked`,
    severity: 'error',
    title: `Something else lies where the ${of} socket will be`,
    says: `${naming(need)}, which is ${trouble}.`,
    mend: 'Move it away, or use another path.',
    issue: 'path-occupied',
  };
}
