/** A block device of the host that the guest gets as a disk. */
import type { ProbedPath } from '../../facts/host.ts';
import { type NamedPath, naming } from '../named_path.ts';
import { fine, type NeedKind, type OwnVerdict, type Seen } from '../need_kind.ts';
import { questionsOfExisting } from '../path_questions.ts';
import { existingVerdicts, unseen } from '../path_verdict.ts';

export interface BlockDeviceNeed extends NamedPath {
  readonly kind: 'block-device';
  readonly access: 'read' | 'write';
}

export const blockDevice: NeedKind<BlockDeviceNeed> = {
  path: { isDevice: true, isAnywhere: true },
  resources: ({ path }) => [`path:${path}`],
  risk: ({ access }) => (access === 'write' ? 'high' : 'medium'),
  unknowns: (need, host) => [
    ...questionsOfExisting(need, host, 'Is there such a block device, and may QEMU open it?'),
    {
      question: 'Is it the device that is meant, and does nothing else use it?',
      subject: `path:${need.path}`,
    },
  ],
  verdicts: (need, seen) =>
    existingVerdicts(need, seen, 'storage', (probed) => [
      verdictOn(need, probed, seen),
      ...useVerdicts(need, seen),
    ]),
};

const MOST_NAMED = 3;

/** What is mounted, swapped to or a part of something else is read and written by this host itself. */
function useVerdicts(need: BlockDeviceNeed, { files, subject }: Seen): OwnVerdict[] {
  const uses = files.devices.blocks?.get(need.path) ?? [];
  if (uses.length === 0) return [];
  const isWritten = need.access === 'write';
  return [
    {
      id: `device-in-use:${subject}`,
      severity: isWritten ? 'error' : 'warning',
      title: `This host uses the device of ${subject} itself`,
      says: `${naming(need)}, which is ${uses.slice(0, MOST_NAMED).join(' and ')} on this host; ${
        isWritten ? 'with two that write, what is on it is lost' : 'what the guest reads changes under it'
      }.`,
      mend: 'Unmount it first, or use another device.',
      issue: 'block-device-in-use',
    },
  ];
}

function verdictOn(need: BlockDeviceNeed, { kind }: ProbedPath, { subject }: Seen): OwnVerdict {
  switch (kind) {
    case 'other':
      return fine(
        `device-found:${subject}`,
        `The device of ${subject} is there`,
        `${naming(need)}, a device.`,
      );
    case 'unreadable':
      return unseen(need, `device-unreadable:${subject}`, `device of ${subject}`);
    case 'missing':
      return {
        id: `device-missing:${subject}`,
        severity: 'error',
        title: `The device of ${subject} is not there`,
        says: `${naming(need)}, which is not there.`,
        mend: 'Use a device that exists.',
        issue: 'file-missing',
      };
    default:
      return {
        id: `device-not-a-device:${subject}`,
        severity: 'error',
        title: `The device of ${subject} is none`,
        says: `${naming(need)}, which is no block device.`,
        mend: 'Use a device, or another format.',
        issue: 'file-missing',
      };
  }
}
