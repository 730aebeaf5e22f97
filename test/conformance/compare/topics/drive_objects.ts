/** Threads and passwords that disks name. */
import type { Drives } from './drives.ts';
import { drivesOf } from './drives.ts';
import type { Asked, Topic } from './topic.ts';

export const driveObjects: Topic = {
  means: () => ({}),
  seen: async () => ({}),
  objects: (asked) => {
    const { disks } = drivesOf(asked);
    return [...threads(disks), ...passwords(asked, disks)];
  },
};

function threads(disks: Drives['disks']): [string, string][] {
  return disks.flatMap(({ disk, bus }): [string, string][] =>
    disk.iothread === true ? [[bus === 'scsi' ? 'iothread-scsi0' : `iothread-${disk.name}`, 'iothread']] : [],
  );
}

function passwords({ place }: Asked, disks: Drives['disks']): [string, string][] {
  return disks.flatMap(({ disk: { name, encryption } }): [string, string][] =>
    encryption === undefined ? [] : [[`secret-${name}`, `secret of ${place(encryption.key_file)}`]],
  );
}
