/** Floppy drives, which an x86_64 machine has two of. */
import { namedPath } from '../needs/named_path.ts';
import { flag, path, table, type ValueOf } from '../profile/key.ts';
import { bootIndexIn, bootOrder } from './boot.ts';
import { plannedMachine } from './machine.ts';
import { nameKey } from './names.ts';
import { checkOnlyFor } from './only_for.ts';
import { type Part, part } from './part.ts';
import type { Topic } from './topic.ts';

export const FLOPPY = table('A floppy drive.', {
  name: nameKey('Unique among disks, drives and shares.', 'drivers'),
  path: path('The image of a floppy disk, at most 2.88 MB.', { required: true }),
  readonly: flag('The guest cannot write to it.', { default: false }),
});

export type Floppy = ValueOf<typeof FLOPPY>;

const DRIVES = 2;
/** Of 2.88 MB. */
const MOST_BYTES = 2949120;

export const floppy: Topic = {
  checkProfile: ({ hardware: { arch }, storage: { floppies = [] } }, issues) => {
    if (floppies.length === 0) return;
    const at = ['storage', 'floppies'] as const;
    const fits = checkOnlyFor(
      at,
      'there',
      [{ on: 'arch', is: arch, allowed: ['x86_64'], instead: 'Use a CD-ROM drive or a disk.' }],
      issues,
    );
    if (!fits || floppies.length <= DRIVES) return;
    issues.error(
      at,
      'bus-full',
      (field) => `${field} has ${floppies.length} drives; the machine has ${DRIVES}.`,
      `Remove ${floppies.length - DRIVES} of them.`,
    );
  },
  needs: ({ storage: { floppies = [] } }, facts) =>
    floppies.flatMap(({ path, readonly }, index) =>
      path === undefined
        ? []
        : [
            {
              kind: 'image',
              ...namedPath(facts, ['storage', 'floppies', index, 'path'], path),
              access: readonly === true ? 'read' : 'write',
              format: 'raw',
              sizeGb: null,
              base: null,
              keyFile: null,
              preallocation: 'off',
              mostBytes: MOST_BYTES,
            },
          ],
    ),
  /** The machine pc has the controller, so that what it boots from is no option of a device. */
  args: (profile) => {
    if (profile.storage.floppies.length === 0 || plannedMachine(profile).family !== 'pc') return [];
    const order = bootOrder(profile);
    return ['A', 'B'].flatMap((letter, index): Part[] => {
      const place = bootIndexIn(order, 'floppies', index);
      if (place === undefined) return [];
      const element = { name: `bootindex${letter}`, list: '/storage/floppies', index };
      return [
        part('firmware', ['/boot/order'], ['-global', `isa-fdc.bootindex${letter}=${place}`], { element }),
      ];
    });
  },
};
