/** The header or the descriptor of a vmdk image, as QEMU reads it. Numbers are little-endian. */
import type { ImageFault, WrittenHeader, WrittenName } from '../../facts/image.ts';
import { show } from '../../profile/show.ts';
import { brokenRule, type HeaderRule, textOf, unreadable } from './header_fields.ts';

const SECTOR = 512;
/** Where the descriptor of an image with a binary header is, and how much of it is looked at for a parent. */
const EMBEDDED_AT = 512;
const PARENT_BYTES = 20 * SECTOR;
const LONGEST_NAME = 1023;
/** An image in parts of 2 GB has one for each 2 GB; a list that is longer than this is not followed to its end. */
const MOST_EXTENTS = 512;

const DESCRIBED_TYPES = [
  'monolithicFlat',
  'vmfs',
  'vmfsSparse',
  'seSparse',
  'twoGbMaxExtentSparse',
  'twoGbMaxExtentFlat',
];
const EXTENT_LINE = /^[ \t]*RW[ \t]+([+-]?\d+)[ \t]+([^\s"]{1,10})[ \t]*"([^\r"]{1,511})"[ \t]*([+-]?\d+)?/;
/** The format that QEMU opens each type of extent in. */
const EXTENT_FORMATS: Readonly<Record<string, string>> = {
  FLAT: 'raw',
  VMFS: 'raw',
  SPARSE: 'vmdk',
  VMFSSPARSE: 'vmdk',
  SESPARSE: 'seSparse',
};

interface Sparse {
  readonly version: number;
  readonly tableEntries: number;
  readonly granularity: number;
  readonly dataAt: number;
  readonly fileBytes: number;
}

const SPARSE_RULES: readonly HeaderRule<Sparse>[] = [
  [({ version }) => version > 3, ({ version }) => `has the version ${version}`],
  [
    ({ tableEntries }) => tableEntries > 512,
    ({ tableEntries }) => `has tables of ${tableEntries} entries; QEMU takes 512`,
  ],
  [
    ({ tableEntries, granularity }) => tableEntries * granularity === 0,
    () => 'has tables without entries, or is cut off',
  ],
  [
    ({ dataAt, fileBytes }) => Math.ceil(fileBytes / SECTOR) < dataAt,
    ({ dataAt }) => `is cut off: its data begin at byte ${dataAt * SECTOR}`,
  ],
  [({ granularity }) => granularity > 0x200000, () => 'has clusters that are too large'],
];

/** `bytes` are the first of the file, with zeros after its end. */
export function readVmdk(bytes: Buffer, fileBytes: number): WrittenHeader {
  const magic = bytes.toString('latin1', 0, 4);
  if (magic === 'KDMV') return readSparse(bytes, fileBytes);
  if (magic === 'COWD') return readVmfsSparse(bytes);
  return readDescriptor(bytes, bytes);
}

function readSparse(bytes: Buffer, fileBytes: number): WrittenHeader {
  const [capacity, descriptorAt, granularity] = [uint64(bytes, 12), uint64(bytes, 28), uint64(bytes, 20)];
  const embedded = bytes.subarray(EMBEDDED_AT);
  if (capacity === 0 && descriptorAt !== 0)
    return readDescriptor(bytes.subarray(Math.min(descriptorAt * SECTOR, bytes.length)), embedded);
  // With all bits set what counts stands at the end of the file, which is not read.
  if (bytes.readBigUInt64LE(56) === 0xffff_ffff_ffff_ffffn)
    return { format: 'vmdk', virtualSize: null, ...parentOf(embedded) };
  const version = bytes.readUInt32LE(4);
  const tableEntries = bytes.readUInt32LE(44);
  const fault = brokenRule(SPARSE_RULES, {
    version,
    tableEntries,
    granularity,
    dataAt: uint64(bytes, 64),
    fileBytes,
  });
  const isCompressed = bytes.readUInt16LE(77) === 1;
  return ofParent(embedded, fault ?? (version === 3 && !isCompressed ? ONLY_READ_3 : null), capacity);
}

const ONLY_READ_3 = onlyRead('has the version 3, which QEMU does not write to');
const ONLY_READ_SE = onlyRead('has extents of the type SESPARSE, which QEMU does not write to');

function onlyRead(says: string): ImageFault {
  return { code: 'image-unreadable-header', says, whenRead: null };
}

function readVmfsSparse(bytes: Buffer): WrittenHeader {
  const isTooLarge = bytes.readUInt32LE(16) > 0x200000;
  const fault = isTooLarge ? unreadable('has clusters that are too large') : null;
  return ofParent(bytes.subarray(EMBEDDED_AT), fault, bytes.readUInt32LE(12));
}

/** An image that is whole but for its parent, of which the descriptor tells. */
function ofParent(descriptor: Buffer, ownFault: ImageFault | null, sectors: number): WrittenHeader {
  const { names, mayNameMore, fault } = parentOf(descriptor);
  return { format: 'vmdk', fault: ownFault ?? fault, virtualSize: sectors * SECTOR, names, mayNameMore };
}

type Parent = Pick<WrittenHeader, 'fault' | 'names' | 'mayNameMore'>;

/** The parent, whose format QEMU takes for granted, and what QEMU wants to find beside it. */
function parentOf(descriptor: Buffer): Parent {
  const text = textOf(descriptor.subarray(0, PARENT_BYTES));
  const none = { names: [], mayNameMore: false };
  if (!text.includes('parentCID')) return { ...none, fault: inDescriptor('has no parentCID, or is cut off') };
  const name = descriptorValue(text, 'parentFileNameHint');
  if (name === undefined) return { ...none, fault: inDescriptor('has the name of a parent without an end') };
  if (name === null || name === '') return { ...none, fault: null };
  if (Buffer.byteLength(name) > LONGEST_NAME)
    return { ...none, fault: inDescriptor('has a parent with a name that is too long') };
  return { names: [{ role: 'backing', text: name, format: 'vmdk' }], mayNameMore: false, fault: null };
}

function inDescriptor(says: string): ImageFault {
  return { ...unreadable(says), isInDescriptor: true };
}

/** The value in `key="value"`, `null` where the key is not there, `undefined` where the value does not end. */
function descriptorValue(text: string, key: string): string | null | undefined {
  const at = text.indexOf(key);
  if (at === -1) return null;
  const start = at + key.length + '="'.length;
  const end = text.indexOf('"', start);
  return end === -1 ? undefined : text.slice(start, end);
}

/** A descriptor: what kind of image it is, and the files that its data are in. */
function readDescriptor(bytes: Buffer, parentBytes: Buffer): WrittenHeader {
  const text = textOf(bytes);
  const isCut = !bytes.includes(0);
  const type = descriptorValue(text, 'createType') ?? null;
  const parent = parentOf(parentBytes);
  const extents = extentsOf(text);
  const typeFault =
    type === null ? unreadable('has no createType, or is cut off') : unreadable(`has the type ${show(type)}`);
  const isKnown = (type === null && isCut) || DESCRIBED_TYPES.includes(type ?? '');
  const mayNameMore = isCut || extents.names.length > MOST_EXTENTS;
  return {
    format: 'vmdk',
    fault: (isKnown ? null : typeFault) ?? extents.fault ?? parent.fault ?? extents.onlyRead,
    virtualSize: mayNameMore ? null : extents.sectors * SECTOR,
    names: [...parent.names, ...extents.names.slice(0, MOST_EXTENTS)],
    mayNameMore,
  };
}

function extentsOf(text: string): {
  names: WrittenName[];
  sectors: number;
  fault: ImageFault | null;
  onlyRead: ImageFault | null;
} {
  const names: WrittenName[] = [];
  let sectors = 0;
  let onlyReadFault: ImageFault | null = null;
  for (const line of text.split('\n')) {
    const [, count, type = '', name = '', offset] = EXTENT_LINE.exec(line) ?? [];
    if (count === undefined) continue;
    const isRight = type === 'FLAT' ? Number(offset) >= 0 : offset === undefined;
    if (!isRight)
      return {
        names: [],
        sectors: 0,
        fault: unreadable('has a line about an extent that QEMU does not take'),
        onlyRead: null,
      };
    const format = EXTENT_FORMATS[type];
    if (format === undefined || Number(count) <= 0) continue;
    names.push({ role: 'extent', text: name, format });
    sectors += Number(count);
    if (type === 'SESPARSE') onlyReadFault = ONLY_READ_SE;
  }
  return { names, sectors, fault: null, onlyRead: onlyReadFault };
}

function uint64(bytes: Buffer, offset: number): number {
  return Number(bytes.readBigUInt64LE(offset));
}
