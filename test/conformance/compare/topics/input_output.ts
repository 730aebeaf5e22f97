/**
 * `aio` and `discard`: QEMU says neither how it reads nor whether it passes on what a guest frees. So each disk is read through its
 * device, and each one that may be is written to and freed; then Linux says what was set up for it, and how large the file is.
 */
import { statSync } from 'node:fs';
import { asynchronousIo } from '../../qemu/proc.ts';
import { type Disk, drivesOf, isEncrypted } from './drives.ts';
import type { Asked, Topic } from './topic.ts';

/** Other formats free nothing, whatever they are told. */
const FREEING: readonly string[] = ['raw', 'qcow2'];

/** Of 512 bytes, in 256 KiB. */
const BLOCKS = 512;

interface Block {
  readonly qdev?: string;
  readonly inserted?: { readonly 'node-name': string };
}

export const inputOutput: Topic = {
  means: (asked) => {
    const disks = disksOf(asked);
    return {
      aio: enginesOf(disks),
      discard: Object.fromEntries(
        disks.filter(frees).map(({ name, discard = 'ignore' }): [string, string] => [name, discard]),
      ),
    };
  },
  seen: async ({ qmp, pid }, asked) => {
    const blocks = await qmp.ask<Block[]>('query-block');
    const found: [string, string][] = [];
    for (const disk of disksOf(asked)) {
      const { name, path } = disk;
      const device = blocks.find(({ inserted }) => inserted?.['node-name'] === name)?.qdev ?? '';
      // Quietly, since QEMU's standard output is the protocol's here.
      const does = (command: string): Promise<string> => qmp.human(`qemu-io -d ${device} "${command}"`);
      await does('read -q 0 4k');
      if (disk.readonly !== true) await does('write -q -P 1 1M 256k');
      if (!frees(disk)) continue;
      const before = statSync(asked.place(path)).blocks;
      await does('discard -q 1M 256k');
      const freed = before - statSync(asked.place(path)).blocks;
      found.push([name, freed >= BLOCKS ? 'unmap' : 'ignore']);
    }
    const atItsWord = enginesOf(disksOf(asked).filter(needsNoFile));
    return {
      aio: [...new Set([...asynchronousIo(pid), ...atItsWord])].sort(),
      discard: Object.fromEntries(found),
    };
  },
};

function disksOf(asked: Asked): Disk[] {
  return drivesOf(asked).disks.map(({ disk }) => disk);
}

function enginesOf(disks: readonly Disk[]): string[] {
  return [...new Set(disks.flatMap(({ aio = 'threads' }) => (aio === 'threads' ? [] : aio)))].sort();
}

/** QEMU 10 sets up what it reads with when it first reads, and an empty image it never reads. */
function needsNoFile({ format, readonly }: Disk): boolean {
  return readonly === true && format !== 'raw';
}

function frees(disk: Disk): boolean {
  const isWhole = isEncrypted(disk) && disk.format === 'raw';
  return disk.readonly !== true && FREEING.includes(disk.format) && !isWhole;
}
