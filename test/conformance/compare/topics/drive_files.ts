/** The files of disks, drives and the seed, made before the start. */
import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Lane } from '../../lane.ts';
import { drivesOf } from './drives.ts';
import type { Asked } from './topic.ts';

/** The most that a floppy drive takes. */
const FLOPPY_BYTES = 2949120;

export function makeDriveFiles(asked: Asked, { images }: Lane): void {
  const { disks, cdroms, floppies, seed } = drivesOf(asked);
  for (const { disk } of disks) {
    const { format, base, encryption } = disk;
    const path = asked.place(disk.path);
    const under = base === undefined ? undefined : { file: asked.place(base.path), format: base.format };
    const keyFile = encryption === undefined ? undefined : asked.place(encryption.key_file);
    if (under !== undefined) images.make(under.format, under.file);
    images.make(format, path, { under, keyFile });
  }
  for (const { cdrom } of cdroms) if (cdrom.path !== undefined) makeIso(asked.place(cdrom.path), 'CDROM');
  for (const { path, readonly } of floppies) {
    const file = newFolder(asked.place(path));
    writeFileSync(file, '');
    truncateSync(file, readonly === true ? FLOPPY_BYTES : FLOPPY_BYTES / 2);
  }
  if (seed !== null) makeIso(seed, 'cidata');
}

/** The file, whose directory is there then. */
function newFolder(file: string): string {
  mkdirSync(dirname(file), { recursive: true });
  return file;
}

/** The volume descriptor of ISO 9660 with its label; nothing boots from it. */
function makeIso(file: string, label: string): void {
  const image = Buffer.alloc(18 * 2048);
  image.write('\x01CD001\x01', 16 * 2048, 'latin1');
  image.write(label.padEnd(32), 16 * 2048 + 40, 'latin1');
  image.write('\xffCD001\x01', 17 * 2048, 'latin1');
  writeFileSync(newFolder(file), image);
}
