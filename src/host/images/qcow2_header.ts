/** The header of a qcow2 image, as QEMU reads it (docs/interop/qcow2.txt). Numbers are big-endian. */
import type { ImageFault, WrittenHeader, WrittenName } from '../../facts/image.ts';
import { brokenRule, type HeaderRule, textOf, unreadable } from './header_fields.ts';

interface Qcow2 {
  readonly version: number;
  readonly clusterBits: number;
  readonly clusterSize: number;
  readonly headerLength: number;
  readonly backingOffset: number;
  readonly backingLength: number;
  readonly size: number;
  readonly encryption: number;
  readonly l1Entries: number;
  readonly l1Offset: number;
  readonly refcountOffset: number;
  readonly refcountClusters: number;
  readonly refcountOrder: number;
  readonly snapshots: number;
  readonly snapshotsOffset: number;
  readonly compression: number;
  readonly features: bigint;
}

const FEATURE = { corrupt: 1n << 1n, dataFile: 1n << 2n, compression: 1n << 3n, smallClusters: 1n << 4n };
const KNOWN_FEATURES = 0x1fn;
const OLD_HEADER_LENGTH = 72;
const HEADER_LENGTH = 104;
const LONGEST_NAME = 1023;
const LONGEST_FORMAT = 15;
const MIB = 1024 ** 2;
const EXTENSION = { end: 0, backingFormat: 0xe2792aca, dataFile: 0x44415441, luks: 0x0537be77 };
const ENCRYPTION = { aes: 1, luks: 2 };

const RULES: readonly HeaderRule<Qcow2>[] = [
  [({ version }) => version !== 2 && version !== 3, ({ version }) => `has the version ${version}`],
  [
    ({ clusterBits }) => clusterBits < 9 || clusterBits > 21,
    ({ clusterBits }) => `has clusters of 2^${clusterBits} bytes`,
  ],
  [
    ({ version, headerLength }) => version === 3 && headerLength < HEADER_LENGTH,
    ({ headerLength }) => `has a header of ${headerLength} bytes, less than ${HEADER_LENGTH}, or is cut off`,
  ],
  [({ headerLength, clusterSize }) => headerLength > clusterSize, () => 'has a header longer than a cluster'],
  [
    ({ backingOffset, clusterSize }) => backingOffset > clusterSize,
    () => 'has the name of its backing file outside the first cluster',
  ],
  [
    ({ compression, features }) =>
      compression > 1 || (compression !== 0) !== ((features & FEATURE.compression) !== 0n),
    ({ compression }) => `has the compression type ${compression} and a feature bit that does not fit it`,
  ],
  [
    ({ features }) => (features & ~KNOWN_FEATURES) !== 0n,
    ({ features }) => `needs features that QEMU has not (0x${(features & ~KNOWN_FEATURES).toString(16)})`,
  ],
  [
    ({ features, clusterBits }) => (features & FEATURE.smallClusters) !== 0n && clusterBits < 14,
    () => 'has subclusters smaller than a sector',
  ],
  [({ refcountOrder }) => refcountOrder > 6, () => 'has reference counts wider than 64 bits'],
  [({ encryption }) => encryption > ENCRYPTION.luks, ({ encryption }) => `has the encryption ${encryption}`],
  [({ refcountClusters }) => refcountClusters === 0, () => 'has no table of reference counts, or is cut off'],
  [
    ({ refcountOffset, refcountClusters, clusterSize }) =>
      refcountOffset % clusterSize !== 0 || refcountClusters * clusterSize > 8 * MIB,
    () => 'has a table of reference counts that cannot be',
  ],
  [({ snapshots }) => snapshots > 65536, ({ snapshots }) => `has ${snapshots} snapshots`],
  [
    ({ snapshotsOffset, clusterSize }) => snapshotsOffset % clusterSize !== 0,
    () => 'has a table of snapshots that begins within a cluster',
  ],
  [
    ({ l1Offset, clusterSize, l1Entries }) => l1Offset % clusterSize !== 0 || l1Entries * 8 > 32 * MIB,
    () => 'has a table of clusters that cannot be',
  ],
  [(header) => header.l1Entries < neededL1Entries(header), () => 'has a table of clusters that is too small'],
];

function neededL1Entries({ size, clusterBits, features }: Qcow2): number {
  const entryBits = (features & FEATURE.smallClusters) === 0n ? 3 : 4;
  return Math.ceil(size / 2 ** (2 * clusterBits - entryBits));
}

/** `bytes` are the first of the file, with zeros after its end. */
export function readQcow2(bytes: Buffer): WrittenHeader {
  const header = fieldsOf(bytes);
  const broken = brokenRule(RULES, header);
  // Where the header is not what it should be, nothing that it names is, either.
  if (broken !== null)
    return { format: 'qcow2', fault: broken, virtualSize: null, names: [], mayNameMore: false };
  const extensions = readExtensions(bytes, header);
  const { name: backing, isBeyond } = backingName(bytes, header, extensions.backingFormat);
  const names = [...(backing === null ? [] : [backing]), ...dataName(header, extensions)];
  return {
    format: 'qcow2',
    fault: encryptionOf(header) ?? extensions.fault ?? nameFault(header, extensions) ?? corruptionOf(header),
    virtualSize: header.size,
    names,
    mayNameMore: isBeyond || extensions.isBeyond,
  };
}

function fieldsOf(bytes: Buffer): Qcow2 {
  const version = bytes.readUInt32BE(4);
  const isOld = version === 2;
  const clusterBits = bytes.readUInt32BE(20);
  const headerLength = isOld ? OLD_HEADER_LENGTH : bytes.readUInt32BE(100);
  return {
    version,
    clusterBits,
    clusterSize: 2 ** clusterBits,
    headerLength,
    backingOffset: Number(bytes.readBigUInt64BE(8)),
    backingLength: bytes.readUInt32BE(16),
    size: Number(bytes.readBigUInt64BE(24)),
    encryption: bytes.readUInt32BE(32),
    l1Entries: bytes.readUInt32BE(36),
    l1Offset: Number(bytes.readBigUInt64BE(40)),
    refcountOffset: Number(bytes.readBigUInt64BE(48)),
    refcountClusters: bytes.readUInt32BE(56),
    refcountOrder: isOld ? 4 : bytes.readUInt32BE(96),
    snapshots: bytes.readUInt32BE(60),
    snapshotsOffset: Number(bytes.readBigUInt64BE(64)),
    compression: headerLength > HEADER_LENGTH ? bytes.readUInt8(104) : 0,
    features: isOld ? 0n : bytes.readBigUInt64BE(72),
  };
}

interface Extensions {
  readonly backingFormat: string | null;
  readonly dataFile: string | null;
  readonly fault: ImageFault | null;
  /** Whether they go on in bytes that were not read. */
  readonly isBeyond: boolean;
}

/** The extensions between the header and the name of the backing file, or the end of the first cluster. */
function readExtensions(bytes: Buffer, header: Qcow2): Extensions {
  const { headerLength, backingOffset, clusterSize, encryption } = header;
  const end = backingOffset === 0 ? clusterSize : backingOffset;
  let [backingFormat, dataFile, fault]: [string | null, string | null, ImageFault | null] = [
    null,
    null,
    null,
  ];
  let offset = headerLength;
  while (offset < end && fault === null) {
    if (offset + 8 > bytes.length) return { backingFormat, dataFile, fault, isBeyond: true };
    const type = bytes.readUInt32BE(offset);
    const length = bytes.readUInt32BE(offset + 4);
    offset += 8;
    if (length > end - offset) {
      fault = unreadable('has an extension of its header that is too large');
      break;
    }
    if (type === EXTENSION.end) break;
    const next = offset + 8 * Math.ceil(length / 8);
    if (next > bytes.length) return { backingFormat, dataFile, fault, isBeyond: true };
    const text = textOf(bytes.subarray(offset, offset + length));
    offset = next;
    if (type === EXTENSION.dataFile) dataFile = text;
    if (type === EXTENSION.backingFormat) {
      backingFormat = text;
      if (length > LONGEST_FORMAT) fault = unreadable('has a backing format with a name that is too long');
    }
    if (type === EXTENSION.luks && encryption !== ENCRYPTION.luks)
      fault = unreadable('has an encryption header and no encryption');
  }
  return { backingFormat, dataFile, fault, isBeyond: false };
}

function backingName(
  bytes: Buffer,
  { backingOffset, backingLength }: Qcow2,
  format: string | null,
): { readonly name: WrittenName | null; readonly isBeyond: boolean } {
  if (backingOffset === 0 || backingLength === 0) return { name: null, isBeyond: false };
  if (backingLength > LONGEST_NAME) return { name: null, isBeyond: false };
  const end = backingOffset + backingLength;
  if (end > bytes.length) return { name: null, isBeyond: true };
  const text = textOf(bytes.subarray(backingOffset, end));
  return { name: text === '' ? null : { role: 'backing', text, format }, isBeyond: false };
}

/** QEMU takes the data file as it is, whatever format its bytes look like. */
function dataName({ features }: Qcow2, { dataFile }: Extensions): WrittenName[] {
  const isNamed = (features & FEATURE.dataFile) !== 0n && dataFile !== null && dataFile !== '';
  return isNamed ? [{ role: 'data', text: dataFile, format: 'raw' }] : [];
}

function nameFault(header: Qcow2, { dataFile, isBeyond }: Extensions): ImageFault | null {
  const { features, backingOffset, backingLength, clusterSize } = header;
  if ((features & FEATURE.dataFile) !== 0n && !isBeyond && (dataFile === null || dataFile === ''))
    return unreadable('has its data in another file and does not name it');
  const room = Math.min(LONGEST_NAME, clusterSize - backingOffset);
  return backingOffset !== 0 && backingLength > room
    ? unreadable('has a backing file with a name that is too long')
    : null;
}

function encryptionOf({ encryption }: Qcow2): ImageFault | null {
  if (encryption === 0) return null;
  const says = `is encrypted (${encryption === ENCRYPTION.aes ? 'AES' : 'LUKS'})`;
  return { code: 'image-encrypted', says, whenRead: 'error' };
}

function corruptionOf({ features }: Qcow2): ImageFault | null {
  return (features & FEATURE.corrupt) === 0n
    ? null
    : { code: 'image-corrupt', says: 'is marked as corrupt', whenRead: 'warning' };
}
