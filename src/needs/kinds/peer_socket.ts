/** A unix socket that another VM listens on, and that QEMU connects to when it starts. */
import type { ProbedPath } from '../../facts/host.ts';
import { type NamedPath, naming } from '../named_path.ts';
import { fine, type NeedKind, type OwnVerdict, type Seen } from '../need_kind.ts';

export interface PeerSocketNeed extends NamedPath {
  readonly kind: 'peer-socket';
}

/** What QEMU 7.2 and 10.0 do: they start, say nothing, and the link stays dead. */
const NO_SECOND_TRY = 'QEMU starts without a link, and does not try again';

export const peerSocket: NeedKind<PeerSocketNeed> = {
  path: { isSocket: true, isConnected: true },
  resources: ({ path }) => [`socket:unix:${path}`],
  risk: () => 'low',
  unknowns: ({ path }) => [
    {
      question: 'Does the VM that listens there run before this one starts? QEMU does not try again.',
      subject: `socket:unix:${path}`,
    },
  ],
  verdicts: (need, seen) => {
    const { path } = need;
    const probed = seen.files.paths.get(path);
    if (probed === undefined) return [];
    const own = verdictOn(need, probed, seen);
    return [{ ...own, category: 'sockets', resources: [`socket:unix:${path}`], metadata: { path } }];
  },
};

function verdictOn(need: PeerSocketNeed, probed: ProbedPath, seen: Seen): OwnVerdict {
  const { isSocket, kind, id, isWritable } = probed;
  const { subject, network } = seen;
  if (!isSocket) {
    const what = kind === 'missing' ? 'which is not there' : 'which is no socket';
    return {
      id: `peer-not-there:${subject}`,
      severity: 'warning',
      title: `Nobody listens for ${subject}`,
      says: `${naming(need)}, ${what}; ${NO_SECOND_TRY}.`,
      mend: 'Start the VM that listens there first.',
    };
  }
  if (!isWritable) {
    return {
      id: `peer-not-permitted:${subject}`,
      severity: 'warning',
      title: `This user may not connect to ${subject}`,
      says: `${naming(need)}, a socket that the user of this service may not write to, and then nobody connects to it; ${NO_SECOND_TRY}.`,
      mend: 'Change its owner or its permissions for the user that runs QEMU.',
      issue: 'file-unwritable',
    };
  }
  const holders = (network?.unixSockets ?? []).filter((one) => one.id === id);
  if (holders.some(({ isListening }) => isListening)) {
    return fine(
      `peer-listens:${subject}`,
      `Somebody listens for ${subject}`,
      `${naming(need)}, a socket that a process listens on.`,
    );
  }
  if (holders.length > 0) {
    return {
      id: `peer-does-not-listen:${subject}`,
      severity: 'warning',
      title: `Nobody listens for ${subject}`,
      says: `${naming(need)}, a socket that a process has and does not listen on; ${NO_SECOND_TRY}.`,
      mend: 'Start the VM that listens there first.',
    };
  }
  return {
    id: `peer-perhaps-gone:${subject}`,
    severity: 'info',
    title: `Whether somebody listens for ${subject} is not known`,
    says: `${naming(need)}, a socket, which an ended VM may have left; then ${NO_SECOND_TRY}.`,
    mend: 'See that the VM that listens there runs.',
  };
}
