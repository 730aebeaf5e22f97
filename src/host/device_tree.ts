/** What QEMU looks for in a device tree before it hands it to a kernel. */
import { readFirstBytes } from './files.ts';

/** Magic, size, four places, and the versions that it is written in and that can read it. */
const HEADER_BYTES = 28;
const MAGIC = 0xd00dfeed;
const SIZE_AT = 4;
const VERSION_AT = 20;
const COMPATIBLE_AT = 24;
/** The oldest and the newest version that libfdt reads. */
const OLDEST = 2;
const NEWEST = 17;

/** Whether a file of so many bytes begins like one and is all there; `null` when this user may not read it. */
export async function readIsDeviceTree(path: string, bytes: number): Promise<boolean | null> {
  const header = await readFirstBytes(path, HEADER_BYTES).catch(() => null);
  return header === null ? null : isDeviceTree(header, bytes);
}

export function isDeviceTree(header: Buffer, bytes: number): boolean {
  return (
    header.length === HEADER_BYTES &&
    header.readUInt32BE(0) === MAGIC &&
    header.readUInt32BE(SIZE_AT) <= bytes &&
    header.readUInt32BE(VERSION_AT) >= OLDEST &&
    header.readUInt32BE(COMPATIBLE_AT) <= NEWEST
  );
}
