/** Disks as version 1 has them: all on virtio, and at most one boot index. */
import type { Qmp } from '../../qemu/qmp.ts';
import { makeDriveFiles } from './drive_files.ts';
import { type Disk, drivesOf } from './drives.ts';
import { propertyOf } from './machine_type.ts';
import type { Asked, Topic } from './topic.ts';

/** No `bootindex`: QEMU's word for a disk that is not in the boot order. */
const NO_BOOT_INDEX = -1;

function disksOf(asked: Asked): Disk[] {
  return drivesOf(asked).disks.map(({ disk }) => disk);
}

export const disksOfVersion1: Topic = {
  make: makeDriveFiles,
  means: (asked) => {
    const disks = disksOf(asked);
    const hasBootIndex = disks.findIndex(({ boot }) => boot === true) > 0;
    return {
      // In the order of their PCI addresses, which is the guest's.
      disks: disks.map(({ path, format, readonly = false }) => ({
        file: asked.place(path),
        format,
        readonly,
      })),
      'boot index': disks.map(({ boot }) => (boot === true && hasBootIndex ? 1 : NO_BOOT_INDEX)),
    };
  },
  seen: async ({ qmp }) => await disksSeen(qmp),
  devices: (asked) => {
    const count = disksOf(asked).length;
    return [
      ['virtio-blk-pci', count],
      ['virtio-blk-device', count],
    ];
  },
  files: (asked) =>
    disksOf(asked).map(({ path, readonly }) => ({
      path: asked.place(path),
      use: readonly === true ? 'read' : 'write',
    })),
};

interface Block {
  readonly qdev?: string;
  readonly inserted?: { readonly file: string; readonly drv: string; readonly ro: boolean };
}

async function disksSeen(qmp: Qmp): Promise<Record<string, unknown[]>> {
  const blocks = await qmp.ask<Block[]>('query-block');
  const found = [];
  for (const { qdev, inserted } of blocks) {
    if (inserted === undefined) continue;
    const device = String(qdev).replace(/\/virtio-backend$/, '');
    found.push({
      slot: Number(await propertyOf(qmp, device, 'addr')),
      bootIndex: await propertyOf(qmp, device, 'bootindex'),
      disk: { file: inserted.file, format: inserted.drv, readonly: inserted.ro },
    });
  }
  found.sort((left, right) => left.slot - right.slot);
  return { disks: found.map(({ disk }) => disk), 'boot index': found.map(({ bootIndex }) => bootIndex) };
}
