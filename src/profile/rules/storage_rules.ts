import type { Findings } from '../issue.ts';
import type { Disk, Draft, DraftDisk } from '../profile.ts';
import type { Architecture } from '../schema.ts';
import { duplicateNames } from './duplicate_names.ts';

/** Free slots for PCI devices on the machine of each architecture, as tried on QEMU 7.2 and 10.0. */
const FREE_SLOTS: Readonly<Record<Architecture, number>> = {
  x86_64: 30,
  aarch64: 31,
  riscv64: 31,
  ppc64le: 32,
};

export function storageRules(draft: Draft, findings: Findings): void {
  const disks = draft.storage.disks ?? [];
  duplicateNames(['storage', 'disks'], disks, findings);
  shareRules(disks, findings);
  severalBootDisks(disks, findings);
  noBootSource(draft, findings);
  tooManyDevices(draft, findings);
}

/** Whether a disk is an image: a share is a directory, and a format that was refused is neither. */
export function isImage({ format }: Pick<DraftDisk, 'format'>): boolean {
  return format !== undefined && format !== 'host-path';
}

export function isShare({ format }: Pick<Disk | DraftDisk, 'format'>): boolean {
  return format === 'host-path';
}

function shareRules(disks: readonly DraftDisk[], { error }: Findings): void {
  for (const [index, disk] of disks.entries()) {
    if (!isShare(disk)) continue;
    if (disk.size_gb !== undefined) {
      error(
        ['storage', 'disks', index, 'size_gb'],
        'size-on-share',
        `storage.disks[${index}].size_gb is ${disk.size_gb}; a "host-path" share has no size.`,
        'Remove size_gb.',
      );
    }
    if (disk.boot === true) {
      error(
        ['storage', 'disks', index, 'boot'],
        'boot-on-share',
        `storage.disks[${index}].boot is true; a VM cannot boot from a "host-path" share.`,
        'Set boot on an image disk, or enable [kernel].',
      );
    }
  }
}

function severalBootDisks(disks: readonly DraftDisk[], { error }: Findings): void {
  const first = disks.findIndex((disk) => disk.boot === true);
  for (const [index, disk] of disks.entries()) {
    if (disk.boot !== true || index === first) continue;
    error(
      ['storage', 'disks', index, 'boot'],
      'several-boot-disks',
      `storage.disks[${index}].boot is true, and so is storage.disks[${first}].boot; at most one disk can be the boot disk.`,
      'Leave boot = true on one disk.',
    );
  }
}

function noBootSource({ storage, kernel }: Draft, { error }: Findings): void {
  const couldBoot = storage.disks === undefined || storage.disks.some((disk) => !isShare(disk));
  if (couldBoot || kernel.enabled !== false) return;
  error(
    ['storage', 'disks'],
    'no-boot-source',
    'The profile has neither an image disk nor an enabled kernel; the VM would have nothing to boot.',
    'Add a [[storage.disks]] with an image, or enable [kernel].',
  );
}

function tooManyDevices({ hardware, storage, network }: Draft, { error }: Findings): void {
  if (hardware.arch === undefined) return;
  const disks = storage.disks?.length ?? 0;
  const cards = network.interfaces?.filter(({ type }) => type !== 'none').length ?? 0;
  const slots = FREE_SLOTS[hardware.arch];
  if (disks + cards <= slots) return;
  error(
    ['storage', 'disks'],
    'too-many-devices',
    `The profile has ${disks} disks and ${cards} network cards; the ${hardware.arch} machine has ${slots} free slots.`,
    `Remove ${disks + cards - slots} of them.`,
  );
}
