/**
 * What was made of files, kept while they are the same. A file is told by its device, inode, size and times, which are asked
 * for anew each time; what is kept must depend on its bytes alone.
 */
import type { BigIntStats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { readWithStats } from './files.ts';

/**
 * Nanoseconds. A file system's clock can stand still for two seconds, as that of FAT does: what was changed shortly before
 * it was read may change again without another time, and is not kept.
 */
const YOUNG = 3_000_000_000n;

export interface KeptLimits {
  readonly entries: number;
  /** Of the bytes of all files that something is kept of. */
  readonly bytes: number;
  /** As many bytes of a file are read at most. */
  readonly bytesOfFile: number;
}

/** How much is kept, and how often that was of use. */
export interface KeptCounts {
  hits: number;
  misses: number;
  entries: number;
  bytes: number;
}

export interface KeptFiles<Made> {
  readonly counts: Readonly<KeptCounts>;
  /** What is made of the file that is there now; throws where the system refuses to open or read it. */
  read(path: string): Promise<Made>;
}

interface Kept<Made> {
  readonly identity: string;
  readonly bytes: number;
  readonly made: Made;
}

/** `clock` gives milliseconds since 1970. */
export function newKeptFiles<Made>(
  make: (bytes: Buffer) => Made,
  limits: KeptLimits,
  clock: () => number = Date.now,
): KeptFiles<Made> {
  // By path; what was not used for longest comes first.
  const kept = new Map<string, Kept<Made>>();
  const counts: KeptCounts = { hits: 0, misses: 0, entries: 0, bytes: 0 };

  function keep(path: string, one: Kept<Made>): void {
    drop(path);
    kept.set(path, one);
    counts.entries++;
    counts.bytes += one.bytes;
    for (const oldest of kept.keys()) {
      if (counts.entries <= limits.entries && counts.bytes <= limits.bytes) break;
      drop(oldest);
    }
  }

  function drop(path: string): void {
    const one = kept.get(path);
    if (one === undefined) return;
    kept.delete(path);
    counts.entries--;
    counts.bytes -= one.bytes;
  }

  return {
    counts,
    async read(path) {
      const known = kept.get(path);
      if (known !== undefined && known.identity === identityOf(await stat(path, { bigint: true }))) {
        counts.hits++;
        // Used just now, so last in line.
        keep(path, known);
        return known.made;
      }
      counts.misses++;
      const now = BigInt(clock()) * 1_000_000n;
      const { stats, bytes } = await readWithStats(path, limits.bytesOfFile);
      const made = make(bytes);
      if (isYoung(stats, now)) drop(path);
      else keep(path, { identity: identityOf(stats), bytes: bytes.length, made });
      return made;
    },
  };
}

/** The time of the last change of the inode tells a change even where somebody set the time of the last change of the bytes back. */
function identityOf({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return [dev, ino, size, mtimeNs, ctimeNs].join(':');
}

function isYoung({ mtimeNs, ctimeNs }: BigIntStats, now: bigint): boolean {
  return mtimeNs > now - YOUNG || ctimeNs > now - YOUNG;
}
