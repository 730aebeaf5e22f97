/** Keys that people know from elsewhere and that profiles leave out on purpose, each with the reason and what to do instead. */

const FREE_OPTIONS =
  'Options of your own are left out on purpose: they could undo what the plan says. Use the key for it.';
const CONFIDENTIAL =
  'Encrypted guests are left out on purpose: a plan cannot say what the host’s CPU and firmware will do.';

const LEFT_OUT: ReadonlyMap<string, string> = new Map([
  ['extra_args', FREE_OPTIONS],
  ['qemu_args', FREE_OPTIONS],
  ['args', FREE_OPTIONS],
  [
    'gl',
    'Displays that draw with the host’s GPU are left out on purpose: they need a session of a user on the host.',
  ],
  [
    'iommu',
    'A virtual IOMMU is left out on purpose: it is for guests that run guests with devices of the host.',
  ],
  ['migration', 'Moving a running VM is left out on purpose: it is a matter of two hosts. Use QMP for it.'],
  ['sev', CONFIDENTIAL],
  [
    'snapshot',
    'It is left out on purpose: all that the guest writes would be lost. Use an overlay: a disk with a base.',
  ],
  ['tdx', CONFIDENTIAL],
  ['throttling', 'Limits of disks are left out on purpose. Use the control groups of the host.'],
]);

/** A sentence or two for the author; `undefined` for any other key. */
export function whyLeftOut(name: string): string | undefined {
  return LEFT_OUT.get(name);
}
