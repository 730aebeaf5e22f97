/** Image headers: as facts, and as bytes that this file writes by itself, field by field. */
import type { FileName, ImageHeader } from '../../src/facts/image.ts';

/** A header with which nothing is wrong and which names no other file, but for what is said of it. */
export function headerOf(format: string, changes: Partial<ImageHeader> = {}): ImageHeader {
  return { format, fault: null, virtualSize: null, names: [], mayNameMore: false, ...changes };
}

/** A file that a header names. */
export function named(role: FileName['role'], text: string, changes: Partial<FileName> = {}): FileName {
  return {
    role,
    text,
    format: 'raw',
    mentions: [],
    path: text.startsWith('/') ? text : `/srv/lab/images/${text}`,
    ...changes,
  };
}

/** Numbers and texts at their offsets, in a buffer of at least `length` bytes. */
type Edit = readonly [offset: number, value: Buffer];

export const be32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};
export const be64 = (value: number | bigint): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes;
};
export const le32 = (value: number): Buffer => be32(value).reverse();
export const le64 = (value: number | bigint): Buffer => be64(value).reverse();

export function edited(bytes: Buffer, ...edits: Edit[]): Buffer {
  const length = Math.max(bytes.length, ...edits.map(([offset, value]) => offset + value.length));
  const copy = Buffer.alloc(length);
  bytes.copy(copy);
  for (const [offset, value] of edits) value.copy(copy, offset);
  return copy;
}

const GIB = 1024 ** 3;

interface Qcow2 {
  readonly version?: 2 | 3;
  readonly clusterBits?: number;
  readonly size?: number;
  readonly backing?: string | Buffer;
  readonly backingFormat?: string;
  readonly dataFile?: string;
}

/** The header of a qcow2 image; its tables would come after the first cluster. */
export function qcow2(given: Qcow2 = {}): Buffer {
  const { version = 3, clusterBits = 16, size = GIB, backing, backingFormat, dataFile } = given;
  const cluster = 2 ** clusterBits;
  const headerLength = version === 2 ? 72 : 112;
  const extensions = Buffer.concat([
    ...(backingFormat === undefined ? [] : [extension(0xe2792aca, backingFormat)]),
    ...(dataFile === undefined ? [] : [extension(0x44415441, dataFile)]),
    Buffer.alloc(8),
  ]);
  const name = Buffer.from(backing ?? '');
  const nameAt = headerLength + extensions.length;
  return edited(
    Buffer.from('QFI\xfb', 'latin1'),
    [4, be32(version)],
    [8, be64(backing === undefined ? 0 : nameAt)],
    [16, be32(name.length)],
    [20, be32(clusterBits)],
    [24, be64(size)],
    [36, be32(Math.ceil(size / 2 ** (2 * clusterBits - 3)))],
    [40, be64(3 * cluster)],
    [48, be64(cluster)],
    [56, be32(1)],
    ...(version === 2
      ? []
      : ([
          [72, be64(dataFile === undefined ? 0 : 4)],
          [96, be32(4)],
          [100, be32(headerLength)],
        ] as Edit[])),
    [headerLength, extensions],
    [nameAt, name],
  );
}

/** An extension of a qcow2 header, padded to eight bytes. */
export function extension(type: number, content: string | Buffer): Buffer {
  const bytes = Buffer.from(content as string);
  return edited(
    Buffer.alloc(8 + 8 * Math.ceil(bytes.length / 8)),
    [0, be32(type)],
    [4, be32(bytes.length)],
    [8, bytes],
  );
}

/** The descriptor of a vmdk image; `lines` are those of its extents, `parent` a name. */
export function descriptor(type: string, lines: readonly string[], parent?: string): string {
  return [
    '# Disk DescriptorFile',
    'version=1',
    'CID=1aebd8ca',
    `parentCID=${parent === undefined ? 'ffffffff' : '1aebd8ca'}`,
    `createType="${type}"`,
    ...(parent === undefined ? [] : [`parentFileNameHint="${parent}"`]),
    '',
    '# Extent description',
    ...lines,
    '',
    '# The Disk Data Base',
    '#DDB',
    '',
    'ddb.virtualHWVersion = "4"',
    '',
  ].join('\n');
}

/** A vmdk image with its data beside the header, and the descriptor in it. */
export function sparseVmdk(text = descriptor('monolithicSparse', ['RW 8192 SPARSE "x.vmdk"'])): Buffer {
  return edited(
    Buffer.alloc(65536),
    [0, Buffer.from('KDMV')],
    [4, le32(1)],
    [8, le32(3)],
    [12, le64(8192)],
    [20, le64(128)],
    [28, le64(1)],
    [36, le64(20)],
    [44, le32(512)],
    [48, le64(21)],
    [56, le64(26)],
    [64, le64(128)],
    [512, Buffer.from(text)],
  );
}

export function vdi(size = 4 * 1024 ** 2): Buffer {
  return edited(
    Buffer.alloc(512),
    [0x40, le32(0xbeda107f)],
    [0x44, le32(0x00010001)],
    [0x48, le32(0x180)],
    [0x4c, le32(1)],
    [0x154, le32(512)],
    [0x158, le32(1024)],
    [0x168, le32(512)],
    [0x170, le64(size)],
    [0x178, le32(1024 ** 2)],
    [0x180, le32(Math.ceil(size / 1024 ** 2))],
  );
}

/** The first sectors of an optical disc. */
export function iso(label: string): Buffer {
  return edited(Buffer.alloc(0), [32769, Buffer.from('CD001')], [32808, Buffer.from(label.padEnd(32))]);
}

/** The first sector of a FAT file system. */
export function vfat(label: string, name = 'FAT16'): Buffer {
  const at = name === 'FAT32' ? 82 : 54;
  return edited(
    Buffer.alloc(512),
    [at - 11, Buffer.from(label.padEnd(11))],
    [at, Buffer.from(name.padEnd(8))],
  );
}
