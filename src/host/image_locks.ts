/** Which images are in use, by the locks that QEMU puts on them, read from proc(5) without opening an image. */
import { readFile } from 'node:fs/promises';
import type { ImageLock } from '../facts/host.ts';

/**
 * `1: OFDLCK ADVISORY  READ -1 fe:00:2179216 201 201`: locks on bytes, which stand in one another's way whoever takes them.
 * QEMU has one kind for images and the other for a pidfile, whose end is `EOF`.
 */
const LOCK_LINE =
  /^\d+: (?:OFDLCK|POSIX)\s+ADVISORY\s+\w+\s+-?\d+\s+([0-9a-f]+):([0-9a-f]+):(\d+)\s+(\d+)\s+(\d+|EOF)$/;

/** `null` on a host without that information. */
export async function readImageLocks(file: string): Promise<ImageLock[] | null> {
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text === null) return null;
  return text.split('\n').flatMap((line) => {
    const [, major, minor, inode, first, last] = LOCK_LINE.exec(line) ?? [];
    if (inode === undefined) return [];
    const device = deviceNumber(Number.parseInt(`${major}`, 16), Number.parseInt(`${minor}`, 16));
    return [
      {
        id: `${device}:${inode}`,
        firstByte: Number(first),
        lastByte: last === 'EOF' ? Number.POSITIVE_INFINITY : Number(last),
      },
    ];
  });
}

/** The number by which stat(2) knows a device, as glibc and musl put it together. */
function deviceNumber(major: number, minor: number): string {
  const [high, low] = [BigInt(major), BigInt(minor)];
  return String(
    ((high & 0xfffff000n) << 32n) | ((high & 0xfffn) << 8n) | ((low & 0xffffff00n) << 12n) | (low & 0xffn),
  );
}
