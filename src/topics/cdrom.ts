/** CD-ROM drives. */
import { inputFileNeeds } from '../needs/kinds/input_file.ts';
import { path, table, type ValueOf, word } from '../profile/key.ts';
import { type MachineFamily, machineOf } from './machine.ts';
import { nameKey } from './names.ts';
import { checkOnlyFor } from './only_for.ts';
import type { Topic } from './topic.ts';

export const CDROM_BUSES = ['sata', 'scsi', 'ide', 'usb'] as const;
export type CdromBus = (typeof CDROM_BUSES)[number];

export const CDROM = table('A CD-ROM drive.', {
  name: nameKey('Unique among disks, drives and shares.', 'installer'),
  path: path('The ISO image; without it the tray is empty.', {}),
  bus: word(
    CDROM_BUSES,
    'What the drive is attached to. Default: `sata` on x86_64 (`ide` on the machine `pc`), else `scsi`.',
    {},
  ),
});

export type Cdrom = ValueOf<typeof CDROM>;

/** The bus of a drive that names none: what installers have a driver for. */
export function defaultCdromBus(family: MachineFamily): CdromBus {
  return family === 'q35' ? 'sata' : family === 'pc' ? 'ide' : 'scsi';
}

export const cdrom: Topic = {
  /** A bus that is the default is as good as none. */
  complete: (draft) => {
    const machine = machineOf(draft);
    if (machine === null) return;
    for (const drive of draft.storage.cdroms ?? [])
      if (drive.bus === defaultCdromBus(machine.family)) drive.bus = undefined;
  },
  checkProfile: (draft, issues) => {
    const machine = machineOf(draft);
    for (const [index, { bus }] of (draft.storage.cdroms ?? []).entries())
      if (bus === 'ide')
        checkOnlyFor(
          ['storage', 'cdroms', index, 'bus'],
          '"ide"',
          [
            {
              on: 'machine',
              is: machine?.family,
              allowed: ['pc'],
              instead: 'Remove it to get what installers have a driver for.',
            },
          ],
          issues,
        );
  },
  needs: ({ storage: { cdroms = [] } }, facts) =>
    cdroms.flatMap(({ path }, index) =>
      inputFileNeeds(facts, ['storage', 'cdroms', index, 'path'], path, 'cdrom'),
    ),
};
