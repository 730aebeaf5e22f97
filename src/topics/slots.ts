/** Slots of the machine: what all devices take together. */
import { type SeatedDrive, seatedDrives } from './drives.ts';
import { type Machine, machineOf } from './machine.ts';
import type { Draft, Issues, ProfilePath } from './profile.ts';
import type { Topic } from './topic.ts';

/** Free slots for PCI devices, as tried on QEMU 7.2 and 10.0. */
function freeSlots({ family }: Machine): number {
  if (family === 'q35' || family === 'pc') return 30;
  return family === 'pseries' ? 32 : 31;
}

export const slots: Topic = {
  checkProfile: (draft, issues) => {
    const machine = machineOf(draft);
    if (machine === null) return;
    if (draft.schema_version === 2) slotRule(draft, machine, issues);
    else slotRuleOfVersion1(draft, machine, issues);
  },
};

/** Version 1 has nothing but disks and cards. */
function slotRuleOfVersion1({ storage, network }: Draft, machine: Machine, { error }: Issues): void {
  const disks = storage.disks?.length ?? 0;
  const cards = network.interfaces?.filter(({ type }) => type !== 'none').length ?? 0;
  const free = freeSlots(machine);
  if (disks + cards <= free) return;
  error(
    ['storage', 'disks'],
    'too-many-devices',
    `The profile has ${disks} disks and ${cards} network cards; the ${machine.arch} machine has ${free} free slots.`,
    `Remove ${disks + cards - free} of them.`,
  );
}

function slotRule(draft: Draft, machine: Machine, { error }: Issues): void {
  const taken = slotsTaken(draft, machine);
  const all = taken.reduce((sum, { slots }) => sum + slots, 0);
  const free = freeSlots(machine);
  if (all <= free) return;
  const most = taken.reduce((first, next) => (next.slots > first.slots ? next : first));
  error(
    most.at,
    'too-many-devices',
    `The devices of the profile take ${all} slots, and the machine ${machine.type} has ${free}.`,
    `Remove ${all - free} of them, or put disks on the bus "scsi", which takes one slot for all.`,
  );
}

/** What takes slots, by the section that it is in; what hangs on a bus of its own takes none. */
function slotsTaken(
  draft: Draft,
  machine: Machine,
): readonly { readonly at: ProfilePath; readonly slots: number }[] {
  const { storage, network, shares } = draft;
  const drives = seatedDrives(draft, machine);
  const ofDisks = (storage.disks ?? []).filter(({ format }) => format === 'host-path').length;
  return [
    {
      at: ['storage', 'disks'],
      slots: ofDisks + drives.filter((drive) => takesSlot(drive, machine)).length + (storage.seed ? 1 : 0),
    },
    { at: ['shares'], slots: shares?.length ?? 0 },
    {
      at: ['network', 'interfaces'],
      slots: network.interfaces?.filter(({ type }) => type !== 'none').length ?? 0,
    },
  ];
}

/** A drive of its own, or the controller that the first of its bus brings. */
function takesSlot({ bus, isFirst }: SeatedDrive, { family }: Machine): boolean {
  switch (bus) {
    case 'virtio':
    case 'nvme':
      return true;
    case 'ide':
      return false;
    case 'sata':
      return isFirst && family !== 'q35';
    default:
      return isFirst;
  }
}
