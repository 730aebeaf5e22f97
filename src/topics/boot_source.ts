/** Whether there is something to boot from: disks, kernel and machine together. */
import { isImage, isShare } from './disk.ts';
import type { Topic } from './topic.ts';

export const bootSource: Topic = {
  checkProfile: ({ hardware: { arch }, storage: { disks }, kernel }, { error, warning }) => {
    if (kernel.enabled !== false) return;
    const couldBoot = disks === undefined || disks.some((disk) => !isShare(disk));
    if (!couldBoot) {
      error(
        ['storage', 'disks'],
        'no-boot-source',
        'The profile has neither an image disk nor an enabled kernel; the VM would have nothing to boot.',
      );
    }
    if ((arch !== 'aarch64' && arch !== 'riscv64') || disks?.some(isImage) !== true) return;
    warning(
      ['hardware', 'arch'],
      'disk-boot-needs-firmware',
      `A disk is the only boot source, and the ${arch} machine of QEMU comes without firmware that boots from disks.`,
    );
  },
};
