/** A block device of the host that the guest gets as a disk. */
import type { ProbedPath } from '../../facts/host.ts';
import { writeAdvice } from '../directory_trouble.ts';
import { useVerdict } from '../image_use.ts';
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
      ...lockVerdicts(need, probed, seen),
    ]),
};

/** QEMU locks a device as it locks an image. */
function lockVerdicts(need: BlockDeviceNeed, { id }: ProbedPath, { network, subject }: Seen): OwnVerdict[] {
  const names = { called: `The device of ${subject}`, inUse: `device-locked:${subject}` };
  const verdict = useVerdict(id, need.access, network, naming(need), names);
  return verdict === null ? [] : [verdict];
}

const MOST_NAMED = 3;

/** QEMU opens it as the user that it runs as. */
function accessVerdict(need: BlockDeviceNeed, seen: ProbedPath, subject: string): OwnVerdict | null {
  const isToBeWritten = need.access === 'write';
  if (seen.isReadable && (seen.isWritable || !isToBeWritten)) return null;
  return {
    id: `device-no-permission:${subject}`,
    severity: 'warning',
    title: `This user may not open the device of ${subject}`,
    says: `${naming(need)}, a device that the user of this service may not ${isToBeWritten ? 'both read and write' : 'read'}.`,
    mend: `${writeAdvice(seen)} for the user that runs QEMU${isToBeWritten ? ', or set readonly = true' : ''}.`,
    issue: seen.isReadable ? 'file-unwritable' : 'file-unreadable',
  };
}

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

function verdictOn(need: BlockDeviceNeed, probed: ProbedPath, { subject }: Seen): OwnVerdict {
  switch (probed.kind) {
    case 'other':
      return (
        accessVerdict(need, probed, subject) ??
        fine(`device-found:${subject}`, `The device of ${subject} is there`, `${naming(need)}, a device.`)
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
