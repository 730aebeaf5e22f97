/** Disks, CD-ROM drives, floppy drives and the seed of a profile, and where each of them sits. */
import type { ProfileDocument } from '../../../../src/topics/profile.ts';
import { familyOf } from './machine_type.ts';
import type { Asked } from './topic.ts';

type Storage = NonNullable<ProfileDocument['storage']>;
export type Disk = NonNullable<Storage['disks']>[number];
export type Cdrom = NonNullable<Storage['cdroms']>[number];
export type Floppy = NonNullable<Storage['floppies']>[number];
export type Bus = NonNullable<Disk['bus']> | NonNullable<Cdrom['bus']>;

interface Seat {
  readonly bus: Bus;
  /** From 0, among all on the bus. */
  readonly place: number;
}

export interface Drives {
  readonly disks: readonly (Seat & { readonly disk: Disk })[];
  readonly cdroms: readonly (Seat & { readonly cdrom: Cdrom })[];
  readonly floppies: readonly Floppy[];
  /** The file of the seed. */
  readonly seed: string | null;
}

const CDROM_BUSES = { q35: 'sata', pc: 'ide', virt: 'scsi', pseries: 'scsi' } as const;

/** Each bus is filled from its first place: disks, then CD-ROM drives, in the order of the profile. */
export function drivesOf(asked: Asked): Drives {
  const { disks = [], cdroms = [], floppies = [], seed } = asked.profile.storage ?? {};
  const counts = new Map<Bus, number>();
  const next = (bus: Bus): Seat => {
    const place = counts.get(bus) ?? 0;
    counts.set(bus, place + 1);
    return { bus, place };
  };
  return {
    disks: disks
      .filter(({ format }) => format !== 'host-path')
      .map((disk) => ({ disk, ...next(disk.bus ?? 'virtio') })),
    cdroms: cdroms.map((cdrom) => ({ cdrom, ...next(cdrom.bus ?? CDROM_BUSES[familyOf(asked)]) })),
    floppies,
    seed: seed === undefined ? null : asked.place(seed.path),
  };
}

/** `backing` says a null for none; a raw or vdi image cannot have one. */
export const OVERLAYS: readonly string[] = ['qcow2', 'vmdk'];

export function isEncrypted({ encryption }: Disk): boolean {
  return encryption !== undefined;
}
