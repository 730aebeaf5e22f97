/** Disk images by their first bytes, as QEMU's block drivers probe and read them (facts from its documented formats). */
import type { WrittenHeader } from '../../facts/image.ts';
import { readQcow2 } from './qcow2_header.ts';
import { readVdi } from './vdi_header.ts';
import { readVmdk } from './vmdk_header.ts';

/** So much of each file is read; what a header says further on is left open. */
export const HEADER_BYTES = 64 * 1024;

const SECTOR = 512;

const MAGICS: readonly { readonly format: string; readonly offset: number; readonly magic: Buffer }[] = [
  { format: 'qcow2', offset: 0, magic: Buffer.from('QFI\xfb', 'latin1') },
  { format: 'vmdk', offset: 0, magic: Buffer.from('KDMV') },
  { format: 'vmdk', offset: 0, magic: Buffer.from('COWD') },
  { format: 'vmdk', offset: 0, magic: Buffer.from('# Disk DescriptorFile') },
  { format: 'vdi', offset: 64, magic: Buffer.from([0x7f, 0x10, 0xda, 0xbe]) },
  { format: 'vhdx', offset: 0, magic: Buffer.from('vhdxfile') },
  { format: 'vpc', offset: 0, magic: Buffer.from('conectix') },
  { format: 'luks', offset: 0, magic: Buffer.from('LUKS\xba\xbe', 'latin1') },
  { format: 'qed', offset: 0, magic: Buffer.from('QED\0') },
  { format: 'parallels', offset: 0, magic: Buffer.from('WithoutFreeSpace') },
  { format: 'parallels', offset: 0, magic: Buffer.from('WithouFreSpacExt') },
];
/** Last byte of the version, a big-endian 32-bit number at offset 4. */
const QCOW_VERSION_BYTE = 7;
/** Formats of which QEMU follows backing files, and that no profile can name. */
const UNFOLLOWED = ['qcow', 'qed'];

/** The container format of an image, or `unknown` for what may be a raw disk. */
export function imageFormatOf(bytes: Buffer): string {
  const match = MAGICS.find(({ offset, magic }) =>
    bytes.subarray(offset, offset + magic.length).equals(magic),
  );
  if (match === undefined) return 'unknown';
  return match.format === 'qcow2' && bytes[QCOW_VERSION_BYTE] === 1 ? 'qcow' : match.format;
}

/** What the first bytes say, of a file of `fileBytes` bytes. Nothing is thrown, whatever the bytes are. */
export function readImageHeader(bytes: Buffer, fileBytes: number): WrittenHeader {
  const format = imageFormatOf(bytes);
  // QEMU reads zeros where a file has ended.
  const padded = Buffer.alloc(HEADER_BYTES);
  bytes.copy(padded);
  switch (format) {
    case 'qcow2':
      return readQcow2(padded);
    case 'vmdk':
      return readVmdk(padded, fileBytes);
    case 'vdi':
      return readVdi(padded);
    default: {
      const isRaw = format === 'unknown' || format === 'luks';
      const virtualSize = isRaw ? Math.ceil(fileBytes / SECTOR) * SECTOR : null;
      return { format, fault: null, virtualSize, names: [], mayNameMore: UNFOLLOWED.includes(format) };
    }
  }
}
