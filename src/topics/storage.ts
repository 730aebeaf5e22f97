/** The section of what the guest reads and writes blocks of, and the names that its parts share. */
import { list, optional, table } from '../profile/key.ts';
import { CDROM } from './cdrom.ts';
import { DISK } from './disk_keys.ts';
import { FLOPPY } from './floppy.ts';
import { MOST_DEVICES } from './names.ts';
import { SEED } from './seed.ts';

export const STORAGE = table('Disk images and shares.', {
  disks: list(DISK, 'Disks and shares, in the order in which the guest sees them.', { most: MOST_DEVICES }),
  cdroms: list(CDROM, 'CD-ROM drives, in the order in which the guest sees them.', {
    most: MOST_DEVICES,
    since: 2,
  }),
  floppies: list(FLOPPY, 'Floppy drives of an x86_64 machine, which has two.', {
    most: MOST_DEVICES,
    since: 2,
  }),
  seed: optional(SEED),
});
