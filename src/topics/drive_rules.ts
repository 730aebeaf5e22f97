/** What buses have room for, and what firmware boots from. */
import type { Architecture } from '../facts/host_facts.ts';
import { show } from '../profile/show.ts';
import { bootIndexIn, bootOrder } from './boot.ts';
import { type Bus, type SeatedDrive, seatedDrives } from './drives.ts';
import { type Machine, machineOf } from './machine.ts';
import type { Draft, Issues, ProfilePath } from './profile.ts';

/** Places on a bus that only drives are on; a drive of any other has a slot of its own, or is on USB. */
const PLACES: Readonly<Partial<Record<Bus, number>>> = { sata: 6, ide: 4, scsi: 256 };

/** Buses that the firmware of an architecture finds nothing on, as tried with what distributions ship. */
const UNSEEN: Readonly<Record<Architecture, readonly Bus[]>> = {
  x86_64: [],
  aarch64: ['sata'],
  riscv64: [],
  ppc64le: ['sata', 'nvme'],
};
/** UEFI looks at the first eight logical units of a SCSI target. */
const LAST_SEEN_UNIT = 7;

export function checkDrives(draft: Draft, issues: Issues): void {
  const machine = machineOf(draft);
  if (machine === null) return;
  const drives = seatedDrives(draft, machine);
  const order = bootOrder(draft);
  const isSeaBios =
    machine.arch === 'x86_64' && draft.firmware.type === 'default' && draft.firmware.bios === undefined;
  const isOrdered = draft.boot.order !== undefined && draft.boot.order.length > 0;
  for (const drive of drives) {
    placeRule(drive, issues);
    const place = bootIndexIn(order, listOf(drive), drive.index);
    // Of an order that nobody wrote only the first is meant to boot.
    if (place === 1 || (isOrdered && place !== undefined)) bootRules(drive, machine, isSeaBios, issues);
  }
}

function listOf({ is }: SeatedDrive): 'disks' | 'cdroms' {
  return is === 'disk' ? 'disks' : 'cdroms';
}

function atBus(drive: SeatedDrive): ProfilePath {
  return ['storage', listOf(drive), drive.index, 'bus'];
}

/** Said once for a bus, at the first drive that has no place. */
function placeRule(drive: SeatedDrive, { error }: Issues): void {
  const { bus, place } = drive;
  const places = PLACES[bus];
  if (place !== places) return;
  error(
    atBus(drive),
    'bus-full',
    (field) => `${field} is ${show(bus)}, and the ${places} places of that bus are taken.`,
    'Use another bus for it.',
  );
}

function bootRules(drive: SeatedDrive, { arch }: Machine, isSeaBios: boolean, { warning }: Issues): void {
  const { bus, place } = drive;
  if (UNSEEN[arch].includes(bus)) {
    warning(
      atBus(drive),
      'firmware-cannot-boot-bus',
      (field) =>
        `${field} is ${show(bus)}, where the firmware of ${arch} machines finds nothing to boot from.`,
    );
  } else if (bus === 'scsi' && place > LAST_SEEN_UNIT) {
    warning(
      atBus(drive),
      'firmware-cannot-boot-bus',
      (field) =>
        `${field} is "scsi", and it is drive ${place + 1} there; UEFI looks at the first ${LAST_SEEN_UNIT + 1}.`,
      'Move it up in the profile.',
    );
  }
  if (drive.is !== 'disk' || bus !== 'virtio' || drive.drive.block_size !== 4096 || !isSeaBios) return;
  warning(
    ['storage', 'disks', drive.index, 'block_size'],
    'firmware-cannot-boot-block-size',
    (field) => `${field} is 4096, and SeaBIOS does not boot from a virtio disk of that kind.`,
  );
}
