/** Whether there is something to boot from: disks, kernel and machine together. */
import { isImage, isShare } from './disk_keys.ts';
import type { Draft } from './profile.ts';
import type { Topic } from './topic.ts';

export const bootSource: Topic = {
  checkProfile: (draft, issues) => {
    const { schema_version, hardware, storage, kernel, firmware } = draft;
    if (kernel.enabled !== false) return;
    if (!mayBoot(draft)) {
      // Version 2 is also for machines that are installed or attached to later.
      issues.add(
        schema_version === 1 ? 'error' : 'warning',
        ['storage', 'disks'],
        'no-boot-source',
        schema_version === 1
          ? 'The profile has neither an image disk nor an enabled kernel; the VM would have nothing to boot.'
          : 'The profile has nothing to boot from: no image, no medium in a drive, no network card in boot.order, no firmware.bios and no enabled kernel.',
      );
    }
    const { arch } = hardware;
    const isDark = arch === 'aarch64' || arch === 'riscv64';
    if (firmware.type === 'uefi' || firmware.bios !== undefined) return;
    if (!isDark || storage.disks?.some(isImage) !== true) return;
    issues.warning(
      ['hardware', 'arch'],
      'disk-boot-needs-firmware',
      `A disk is the only boot source, and the ${arch} machine of QEMU comes without firmware that boots from disks.`,
    );
  },
};

/** A list that was refused may hold anything. */
function mayBoot({ boot, storage, network, firmware }: Draft): boolean {
  if (firmware.bios !== undefined) return true;
  const { disks, cdroms, floppies } = storage;
  if (disks === undefined || disks.some((disk) => !isShare(disk))) return true;
  if (cdroms === undefined || cdroms.some(({ path }) => path !== undefined)) return true;
  if (floppies === undefined || floppies.length > 0) return true;
  const cards = network.interfaces ?? [];
  return boot.order?.some((name) => cards.some((card) => card.name === name)) === true;
}
