/** Slots of the machine: what all devices take together. */
import { pointerOf } from '../profile/path.ts';
import { type Machine, machineOf } from './machine.ts';
import type { Draft, Issues, ProfilePath } from './profile.ts';

/** What takes slots, and the section that it is in; what hangs on a bus of its own takes none. */
export interface TakenSlots {
  readonly at: ProfilePath;
  readonly slots: number;
}

/** Free slots for PCI devices, as tried on QEMU 7.2 and 10.0. */
function freeSlots({ family }: Machine): number {
  if (family === 'q35' || family === 'pc') return 30;
  return family === 'pseries' ? 32 : 31;
}

/** `takenOn` says what takes slots of a machine, in the order of the sections. */
export function checkSlots(
  draft: Draft,
  takenOn: (machine: Machine) => readonly TakenSlots[],
  issues: Issues,
): void {
  const machine = machineOf(draft);
  if (machine === null) return;
  if (draft.schema_version === 1) slotRuleOfVersion1(draft, machine, issues);
  else slotRule(takenOn(machine), machine, issues);
}

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

function slotRule(taken: readonly TakenSlots[], machine: Machine, { error }: Issues): void {
  const all = taken.reduce((sum, { slots }) => sum + slots, 0);
  const free = freeSlots(machine);
  if (all <= free) return;
  error(
    fullestSection(taken),
    'too-many-devices',
    `The devices of the profile take ${all} slots, and the machine ${machine.type} has ${free}.`,
    `Remove ${all - free} of them, or put disks on the bus "scsi", which takes one slot for all.`,
  );
}

/** The first of those with the most slots. */
function fullestSection(taken: readonly TakenSlots[]): ProfilePath {
  const sections = new Map<string, TakenSlots>();
  for (const { at, slots } of taken) {
    const before = sections.get(pointerOf(at))?.slots ?? 0;
    sections.set(pointerOf(at), { at, slots: before + slots });
  }
  return [...sections.values()].reduce((first, next) => (next.slots > first.slots ? next : first)).at;
}
