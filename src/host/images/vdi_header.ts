/** The header of a vdi image, as QEMU reads it. Numbers are little-endian. */
import type { WrittenHeader } from '../../facts/image.ts';
import { brokenRule, type HeaderRule } from './header_fields.ts';

interface Vdi {
  readonly version: number;
  readonly mapOffset: number;
  readonly dataOffset: number;
  readonly sectorSize: number;
  readonly size: number;
  readonly blockSize: number;
  readonly blocks: number;
  readonly hasParent: boolean;
}

const VERSION = 0x00010001;
const SECTOR = 512;
const BLOCK = 1024 ** 2;
/** What fits into the largest map of blocks, whose size is a signed 32-bit number. */
const MOST_BLOCKS = 0x1fffff80;

const RULES: readonly HeaderRule<Vdi>[] = [
  [({ size }) => size > MOST_BLOCKS * BLOCK, () => 'has a size that QEMU does not support'],
  [
    ({ version }) => version !== VERSION,
    ({ version }) => `has the version ${version >>> 16}.${version & 0xffff}`,
  ],
  [
    ({ mapOffset, dataOffset }) => mapOffset % SECTOR !== 0 || dataOffset % SECTOR !== 0,
    () => 'has a map or data that begin within a sector',
  ],
  [
    ({ sectorSize }) => sectorSize !== SECTOR,
    ({ sectorSize }) => `has sectors of ${sectorSize} bytes, or is cut off`,
  ],
  [
    ({ blockSize }) => blockSize !== BLOCK,
    ({ blockSize }) => `has blocks of ${blockSize} bytes, or is cut off`,
  ],
  [
    ({ size, blocks }) => size > blocks * BLOCK || blocks > MOST_BLOCKS,
    () => 'has a map that does not fit its size',
  ],
  [({ hasParent }) => hasParent, () => 'holds only what differs from another image'],
];

/** `bytes` are the first of the file, with zeros after its end. QEMU follows no other file of this format. */
export function readVdi(bytes: Buffer): WrittenHeader {
  const size = Math.ceil(Number(bytes.readBigUInt64LE(0x170)) / SECTOR) * SECTOR;
  const fault = brokenRule(RULES, {
    version: bytes.readUInt32LE(0x44),
    mapOffset: bytes.readUInt32LE(0x154),
    dataOffset: bytes.readUInt32LE(0x158),
    sectorSize: bytes.readUInt32LE(0x168),
    size,
    blockSize: bytes.readUInt32LE(0x178),
    blocks: bytes.readUInt32LE(0x180),
    // Two identifiers of 16 bytes: that of the image it is linked to, and of its parent.
    hasParent: bytes.subarray(0x1a8, 0x1c8).some((byte) => byte !== 0),
  });
  return {
    format: 'vdi',
    fault,
    virtualSize: fault === null ? size : null,
    names: [],
    mayNameMore: false,
  };
}
