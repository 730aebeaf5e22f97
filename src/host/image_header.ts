/** Formats of disk images by their first bytes, as QEMU's block drivers probe them (facts from its documented formats). */

/** Enough for every magic below, and for the text of a vmdk descriptor. */
export const HEADER_BYTES = 512;

const MAGICS: readonly { readonly format: string; readonly offset: number; readonly magic: Buffer }[] = [
  { format: 'qcow2', offset: 0, magic: Buffer.from('QFI\xfb', 'latin1') },
  { format: 'vmdk', offset: 0, magic: Buffer.from('KDMV') },
  { format: 'vmdk', offset: 0, magic: Buffer.from('COWD') },
  { format: 'vmdk', offset: 0, magic: Buffer.from('# Disk DescriptorFile') },
  { format: 'vdi', offset: 64, magic: Buffer.from([0x7f, 0x10, 0xda, 0xbe]) },
  { format: 'vhdx', offset: 0, magic: Buffer.from('vhdxfile') },
  { format: 'vpc', offset: 0, magic: Buffer.from('conectix') },
  { format: 'qed', offset: 0, magic: Buffer.from('QED\0') },
  { format: 'parallels', offset: 0, magic: Buffer.from('WithoutFreeSpace') },
  { format: 'parallels', offset: 0, magic: Buffer.from('WithouFreSpacExt') },
];
/** Last byte of the version, a big-endian 32-bit number at offset 4. */
const QCOW_VERSION_BYTE = 7;

/** The container format of an image, or `unknown` for what may be a raw disk. */
export function imageFormatOf(bytes: Buffer): string {
  const match = MAGICS.find(({ offset, magic }) =>
    bytes.subarray(offset, offset + magic.length).equals(magic),
  );
  if (match === undefined) return 'unknown';
  return match.format === 'qcow2' && bytes[QCOW_VERSION_BYTE] === 1 ? 'qcow' : match.format;
}
