/**
 * Where the disks and CD-ROM drives of a profile sit: each gets the next place of its bus, disks before CD-ROM drives, in
 * profile order. So a place depends only on what the profile lists before it.
 */
import { type CdromBus, defaultCdromBus } from './cdrom.ts';
import { type DiskBus, isImage } from './disk_keys.ts';
import type { Machine } from './machine.ts';
import type { Draft, DraftCdrom, DraftDisk } from './profile.ts';

export type Bus = DiskBus | CdromBus;

interface Seat {
  /** Its place in the list of the profile. */
  readonly index: number;
  readonly bus: Bus;
  /** Its number on the bus, from 0. */
  readonly place: number;
  /** Whether it is the first on its bus, so that what the bus hangs on comes before it. */
  readonly isFirst: boolean;
}

export interface SeatedDisk extends Seat {
  readonly is: 'disk';
  readonly drive: DraftDisk;
}

export interface SeatedCdrom extends Seat {
  readonly is: 'cdrom';
  readonly drive: DraftCdrom;
}

export type SeatedDrive = SeatedDisk | SeatedCdrom;

/** Disks whose format or bus was refused have no seat. */
export function seatedDrives(
  { storage: { disks = [], cdroms = [] } }: Draft,
  { family }: Machine,
): SeatedDrive[] {
  const taken = new Map<Bus, number>();
  const seat = (bus: Bus): Pick<Seat, 'bus' | 'place' | 'isFirst'> => {
    const place = taken.get(bus) ?? 0;
    taken.set(bus, place + 1);
    return { bus, place, isFirst: place === 0 };
  };
  const seats: SeatedDrive[] = [];
  for (const [index, drive] of disks.entries()) {
    if (isImage(drive) && drive.bus !== undefined)
      seats.push({ is: 'disk', drive, index, ...seat(drive.bus) });
  }
  for (const [index, drive] of cdroms.entries())
    seats.push({
      is: 'cdrom',
      drive,
      index,
      ...seat(drive.bus ?? defaultCdromBus(family)),
    });
  return seats;
}
