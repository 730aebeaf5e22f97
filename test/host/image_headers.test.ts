/** What the first bytes of an image say: every field at its bounds, as QEMU 7.2 was seen to take or refuse it. */
import fc from 'fast-check';
import t, { type Test } from 'tap';
import { imageFormatOf, readImageHeader } from '../../src/host/images/image_header.ts';
import {
  be32,
  be64,
  descriptor,
  edited,
  extension,
  le32,
  le64,
  qcow2,
  sparseVmdk,
  vdi,
} from '../help/images.ts';

const GIB = 1024 ** 3;
const KIB64 = 64 * 1024;

/** What is wrong with it, `code` and when it is only read, or `fine`. */
function faultOf(bytes: Buffer, fileBytes = bytes.length): string {
  const { fault } = readImageHeader(bytes, fileBytes);
  return fault === null ? 'fine' : `${fault.code} ${fault.whenRead}`;
}

function checkFaults(t: Test, rows: readonly (readonly [string, Buffer, string, number?])[]): void {
  for (const [about, bytes, expected, fileBytes] of rows) t.equal(faultOf(bytes, fileBytes), expected, about);
  t.end();
}

/** `role text format` of each file that is named, and `…` where there may be more. */
function namesOf(bytes: Buffer): string[] {
  const { names, mayNameMore } = readImageHeader(bytes, bytes.length);
  return [
    ...names.map(({ role, text, format }) => `${role} ${text} ${format}`),
    ...(mayNameMore ? ['…'] : []),
  ];
}

const REFUSED = 'image-unreadable-header error';

t.test('formats by their first bytes', (t) => {
  const rows: [format: string, bytes: Buffer][] = [
    ['unknown', Buffer.alloc(0)],
    ['unknown', Buffer.alloc(512)],
    ['unknown', Buffer.from('QFI')],
    ['qcow2', Buffer.from('514649fb00000003', 'hex')],
    ['qcow2', Buffer.from('514649fb00000002', 'hex')],
    ['qcow', Buffer.from('514649fb00000001', 'hex')],
    ['vmdk', Buffer.from('KDMV\x01\x00\x00\x00', 'latin1')],
    ['vmdk', Buffer.from('COWD')],
    ['vmdk', Buffer.from('# Disk DescriptorFile\nversion=1\n')],
    ['vdi', Buffer.concat([Buffer.alloc(64, '<<< QEMU VM Virtual Disk Image >>>\n'), vdi().subarray(64)])],
    ['vhdx', Buffer.from('vhdxfile')],
    ['vpc', Buffer.from('conectix')],
    ['luks', Buffer.from('LUKS\xba\xbe', 'latin1')],
    ['qed', Buffer.from('QED\0')],
    ['parallels', Buffer.from('WithoutFreeSpace')],
    ['parallels', Buffer.from('WithouFreSpacExt')],
  ];
  for (const [format, bytes] of rows) {
    t.equal(imageFormatOf(bytes), format, bytes.subarray(0, 21).toString('latin1'));
    t.equal(readImageHeader(bytes, bytes.length).format, format);
  }
  t.end();
});

t.test('qcow2: what QEMU takes and what it refuses', (t) => {
  const whole = qcow2();
  const field = (offset: number, value: Buffer, ...more: [number, Buffer][]) =>
    edited(whole, [offset, value], ...more);
  const named = qcow2({ backing: 'base' });
  const extended = (type: number, content: string) => field(112, extension(type, content));
  checkFaults(t, [
    ['as it should be', whole, 'fine'],
    ['version 2', qcow2({ version: 2 }), 'fine'],
    ['version 0', field(4, be32(0)), REFUSED],
    ['version 4', field(4, be32(4)), REFUSED],
    ['clusters of 256 bytes', field(20, be32(8)), REFUSED],
    ['clusters of 512 bytes', qcow2({ clusterBits: 9, size: 65536 }), 'fine'],
    ['clusters of 2 MiB', qcow2({ clusterBits: 21 }), 'fine'],
    ['clusters of 4 MiB', field(20, be32(22)), REFUSED],
    ['a header of 103 bytes', field(100, be32(103)), REFUSED],
    ['a header of 104 bytes', field(100, be32(104)), 'fine'],
    ['a header of a cluster', field(100, be32(KIB64)), 'fine'],
    ['a header longer than a cluster', field(100, be32(KIB64 + 1)), REFUSED],
    ['a name at the end of the cluster', field(8, be64(KIB64)), 'fine'],
    ['a name after the cluster', field(8, be64(KIB64 + 1)), REFUSED],
    ['a name of 1023 bytes', edited(named, [16, be32(1023)]), 'fine'],
    ['a name of 1024 bytes', edited(named, [16, be32(1024)]), REFUSED],
    ['a name longer than the cluster', field(8, be64(KIB64), [16, be32(1)]), REFUSED],
    ['a bit that does not hinder', field(72, be64(1)), 'fine'],
    ['marked as corrupt', field(72, be64(2)), 'image-corrupt warning'],
    ['a bit that nobody knows', field(72, be64(32)), REFUSED],
    ['the last bit', field(72, be64(1n << 63n)), REFUSED],
    ['corrupt, and a bit that nobody knows', field(72, be64(34)), REFUSED],
    ['zstd', field(72, be64(8), [104, Buffer.from([1])]), 'fine'],
    ['zstd without its bit', field(104, Buffer.from([1])), REFUSED],
    ['the bit of zstd without zstd', field(72, be64(8)), REFUSED],
    ['a compression that nobody knows', field(72, be64(8), [104, Buffer.from([2])]), REFUSED],
    ['a header too short for a compression', field(72, be64(8), [100, be32(104)]), REFUSED],
    ['subclusters', field(72, be64(16), [36, be32(4)]), 'fine'],
    ['subclusters, with half of the table', field(72, be64(16), [24, be64(2 * GIB)], [36, be32(4)]), REFUSED],
    ['subclusters of 256 bytes', edited(qcow2({ clusterBits: 13, size: 65536 }), [72, be64(16)]), REFUSED],
    ['counts of 64 bits', field(96, be32(6)), 'fine'],
    ['counts of 128 bits', field(96, be32(7)), REFUSED],
    ['AES', field(32, be32(1)), 'image-encrypted error'],
    ['LUKS', field(32, be32(2)), 'image-encrypted error'],
    ['an encryption that nobody knows', field(32, be32(3)), REFUSED],
    ['a LUKS header without LUKS', extended(0x0537be77, '0123456789abcdef'), REFUSED],
    ['no counts', field(56, be32(0)), REFUSED],
    ['counts within a cluster', field(48, be64(KIB64 + 1)), REFUSED],
    ['a table of counts of 8 MiB', field(56, be32(128)), 'fine'],
    ['a larger one', field(56, be32(129)), REFUSED],
    ['65536 snapshots', field(60, be32(65536)), 'fine'],
    ['65537 snapshots', field(60, be32(65537)), REFUSED],
    ['snapshots at a cluster', field(64, be64(4 * KIB64)), 'fine'],
    ['snapshots within a cluster', field(64, be64(KIB64 + 8)), REFUSED],
    ['a table within a cluster', field(40, be64(1)), REFUSED],
    ['a table of 32 MiB', field(36, be32(4 * 1024 ** 2)), 'fine'],
    ['a larger table', field(36, be32(4 * 1024 ** 2 + 1)), REFUSED],
    ['a table that is too small', field(24, be64(2 * GIB)), REFUSED],
    ['an extension that fits', extended(0x12345678, 'x'.repeat(100)), 'fine'],
    ['an extension larger than the cluster', field(112, Buffer.concat([be32(1), be32(KIB64)])), REFUSED],
    ['a name of a format of 15 bytes', extended(0xe2792aca, 'x'.repeat(15)), 'fine'],
    ['a name of a format of 16 bytes', extended(0xe2792aca, 'x'.repeat(16)), REFUSED],
    ['a data file', qcow2({ dataFile: 'data.raw' }), 'fine'],
    ['a data file without a name', field(72, be64(4)), REFUSED],
    ['a data file with an empty name', qcow2({ dataFile: '' }), REFUSED],
  ]);
});

t.test('qcow2: cut off anywhere', (t) => {
  const cut = (version: 2 | 3, bytes: number) => qcow2({ version }).subarray(0, bytes);
  // Beyond the end QEMU reads zeros: of version 2 everything is there with the 60th byte.
  for (const bytes of [4, 8, 24, 71, 72, 99, 100, 103])
    t.equal(faultOf(cut(3, bytes)), REFUSED, `${bytes} bytes of version 3`);
  for (const bytes of [104, 112]) t.equal(faultOf(cut(3, bytes)), 'fine', `${bytes} bytes of version 3`);
  for (const bytes of [8, 24, 50, 59])
    t.equal(faultOf(cut(2, bytes)), REFUSED, `${bytes} bytes of version 2`);
  for (const bytes of [60, 72]) t.equal(faultOf(cut(2, bytes)), 'fine', `${bytes} bytes of version 2`);
  t.end();
});

t.test('qcow2: the names in it', (t) => {
  const rows: readonly (readonly [string, Buffer, string[]])[] = [
    ['none', qcow2(), []],
    [
      'a backing file',
      qcow2({ backing: 'base.qcow2', backingFormat: 'qcow2' }),
      ['backing base.qcow2 qcow2'],
    ],
    ['without a format', qcow2({ backing: '../a b,c' }), ['backing ../a b,c null']],
    ['in version 2', qcow2({ version: 2, backing: 'b', backingFormat: 'raw' }), ['backing b raw']],
    ['a name of no bytes', qcow2({ backing: '' }), []],
    ['a name up to its NUL', qcow2({ backing: 'base\0rest' }), ['backing base null']],
    ['a name that starts with NUL', qcow2({ backing: '\0base' }), []],
    ['a data file', qcow2({ dataFile: 'data.raw' }), ['data data.raw raw']],
    ['both', qcow2({ backing: 'b', backingFormat: 'raw', dataFile: 'd' }), ['backing b raw', 'data d raw']],
    ['a data file that is not used', edited(qcow2({ dataFile: 'd' }), [72, be64(0)]), []],
    ['a header that is refused names nothing', edited(qcow2({ backing: 'b' }), [4, be32(9)]), []],
    ['a name that is too long', edited(qcow2({ backing: 'b' }), [16, be32(2000)]), []],
    [
      'a name further on than is read',
      edited(qcow2({ clusterBits: 17, backing: 'b' }), [8, be64(KIB64)]),
      ['…'],
    ],
    ['one that ends there', edited(qcow2({ clusterBits: 17, backing: 'b' }), [8, be64(KIB64 - 1)]), []],
    [
      'an extension that goes on further',
      edited(qcow2({ clusterBits: 17 }), [112, Buffer.concat([be32(1), be32(KIB64)])]),
      ['…'],
    ],
    [
      'extensions that begin further on',
      edited(qcow2({ clusterBits: 17 }), [100, be32(KIB64)], [72, be64(4)]),
      ['…'],
    ],
    ['extensions that end where the name is', edited(qcow2({ backing: 'b' }), [8, be64(112)]), []],
  ];
  for (const [about, bytes, expected] of rows) t.strictSame(namesOf(bytes), expected, about);
  t.end();
});

t.test('vmdk: what QEMU takes and what it refuses', (t) => {
  const whole = sparseVmdk();
  const field = (offset: number, value: Buffer) => edited(whole, [offset, value]);
  const text = (content: string) => Buffer.from(content);
  const flat = 'RW 8192 FLAT "x-flat.vmdk" 0';
  const of = (line: string) => text(descriptor('monolithicFlat', [line]));
  checkFaults(t, [
    ['as it should be', whole, 'fine'],
    ['version 0', field(4, le32(0)), 'fine'],
    ['version 2', field(4, le32(2)), 'fine'],
    ['version 3', field(4, le32(3)), 'image-unreadable-header null'],
    ['version 3, compressed', edited(field(4, le32(3)), [77, Buffer.from([1, 0])]), 'fine'],
    ['version 4', field(4, le32(4)), REFUSED],
    ['tables of 513 entries', field(44, le32(513)), REFUSED],
    ['tables of no entries', field(44, le32(0)), REFUSED],
    ['clusters of nothing', field(20, le64(0)), REFUSED],
    ['clusters of 1 GiB', field(20, le64(0x200000)), 'fine'],
    ['larger clusters', field(20, le64(0x200001)), REFUSED],
    ['all of the file that is needed', whole, 'fine', KIB64 - 511],
    ['less', whole, REFUSED, KIB64 - 512],
    ['a header at the end of the file', field(56, le64(0xffff_ffff_ffff_ffffn)), 'fine'],
    ['no descriptor', field(512, Buffer.alloc(2000)), REFUSED],
    ['a descriptor elsewhere, for no such type', field(12, le64(0)), REFUSED],
    ['cut off after the magic', whole.subarray(0, 4), REFUSED],
    ['an old one', edited(sparseVmdk(), [0, Buffer.from('COWD')], [16, le32(1)]), 'fine'],
    [
      'an old one with large clusters',
      edited(sparseVmdk(), [0, Buffer.from('COWD')], [16, le32(0x200001)]),
      REFUSED,
    ],
    ['a descriptor', of(flat), 'fine'],
    ['a type that QEMU has not', text(descriptor('custom', [flat])), REFUSED],
    ['without a type', text(descriptor('monolithicFlat', [flat]).replace('createType', 'x')), REFUSED],
    ['a type without an end', text('# Disk DescriptorFile\nparentCID=1\ncreateType="vmfs'), REFUSED],
    ['without a parentCID', text(descriptor('monolithicFlat', [flat]).replace('parentCID', 'x')), REFUSED],
    ['a flat extent without an offset', of('RW 8192 FLAT "x"'), REFUSED],
    ['with a negative one', of('RW 8192 FLAT "x" -1'), REFUSED],
    ['an extent of VMFS with an offset', of('RW 8192 VMFS "x" 0'), REFUSED],
    ['without', of('RW 8192 VMFS "x"'), 'fine'],
    ['an extent of SESPARSE', of('RW 8192 SESPARSE "x"'), 'image-unreadable-header null'],
    ['a parent', text(descriptor('monolithicFlat', [flat], 'p.vmdk')), 'fine'],
    [
      'a parent without an end',
      text(`${descriptor('monolithicFlat', [flat])}parentFileNameHint="x`),
      REFUSED,
    ],
    ['a long parent', text(descriptor('monolithicFlat', [flat], 'x'.repeat(1023))), 'fine'],
    ['a longer one', text(descriptor('monolithicFlat', [flat], 'x'.repeat(1024))), REFUSED],
  ]);
});

t.test('vmdk: what is wrong with the descriptor is wrong with a disk alone', (t) => {
  const fault = (bytes: Buffer) => readImageHeader(bytes, bytes.length).fault;
  t.equal(fault(edited(sparseVmdk(), [512, Buffer.alloc(2000)]))?.isInDescriptor, true);
  t.equal(fault(edited(sparseVmdk(), [4, le32(4)]))?.isInDescriptor, undefined);
  t.end();
});

t.test('vmdk: the names in it', (t) => {
  const described = (...lines: string[]) => namesOf(Buffer.from(descriptor('twoGbMaxExtentFlat', lines)));
  t.strictSame(namesOf(sparseVmdk()), [], 'one that holds its data names itself alone');
  t.strictSame(namesOf(sparseVmdk(descriptor('monolithicSparse', ['RW 8192 SPARSE "x"'], 'base.vmdk'))), [
    'backing base.vmdk vmdk',
  ]);
  t.strictSame(namesOf(sparseVmdk(descriptor('monolithicSparse', [], ''))), [], 'no name');
  t.strictSame(
    described(
      'RW 1 FLAT "a b.vmdk" 0',
      '  RW\t2 SPARSE "../b"\r',
      'RW 3 VMFS "/c"',
      'RW 4 VMFSSPARSE "d"',
      'RW 5 SESPARSE "e"',
      'RDONLY 8 FLAT "not" 0',
      'NOACCESS 8 ZERO',
      'RW 0 SPARSE "no"',
      'RW 8 ZERO "nothing"',
      '# RW 8 FLAT "none" 0',
    ),
    ['extent a b.vmdk raw', 'extent ../b vmdk', 'extent /c raw', 'extent d vmdk', 'extent e seSparse'],
  );
  t.strictSame(namesOf(Buffer.from(descriptor('vmfs', ['RW 1 VMFS "a"'], 'p'))), [
    'backing p vmdk',
    'extent a raw',
  ]);
  const embedded = edited(
    Buffer.alloc(KIB64),
    [0, sparseVmdk().subarray(0, 512)],
    [12, le64(0)],
    [512, Buffer.from(descriptor('twoGbMaxExtentSparse', ['RW 1 SPARSE "s001"']))],
  );
  t.strictSame(namesOf(embedded), ['extent s001 vmdk'], 'a descriptor behind an empty header');
  t.strictSame(namesOf(edited(embedded, [28, le64(1000)])), ['…'], 'further on than is read');
  t.strictSame(described('#'.repeat(KIB64), 'RW 1 FLAT "a" 0'), ['…'], 'a descriptor longer than is read');
  const many = described(...Array.from({ length: 600 }, (_, index) => `RW 1 FLAT "${index}" 0`));
  t.strictSame([many.length, many.at(-2), many.at(-1)], [513, 'extent 511 raw', '…'], 'very many extents');
  t.end();
});

t.test('vdi: what QEMU takes and what it refuses', (t) => {
  const field = (offset: number, value: Buffer) => edited(vdi(), [offset, value]);
  checkFaults(t, [
    ['as it should be', vdi(), 'fine'],
    ['another version', field(0x44, le32(0x00010000)), REFUSED],
    ['any type', field(0x4c, le32(4)), 'fine'],
    ['a map within a sector', field(0x154, le32(513)), REFUSED],
    ['data within a sector', field(0x158, le32(1025)), REFUSED],
    ['other sectors', field(0x168, le32(4096)), REFUSED],
    ['other blocks', field(0x178, le32(512 * 1024)), REFUSED],
    ['a map that is too small', field(0x170, le64(5 * 1024 ** 2)), REFUSED],
    ['a map that is too large', field(0x180, le32(0x20000000)), REFUSED],
    ['a size that is too large', edited(field(0x170, le64(1n << 60n)), [0x180, le32(0xffffffff)]), REFUSED],
    ['a link', field(0x1a8, Buffer.from('x')), REFUSED],
    ['a parent', field(0x1b8, Buffer.from('x')), REFUSED],
    ['cut off after the signature', vdi().subarray(0, 68), REFUSED],
    ['cut off before the blocks', vdi().subarray(0, 0x178), REFUSED],
    ['cut off after them', vdi().subarray(0, 0x184), 'fine'],
  ]);
});

t.test('the size that a guest sees', (t) => {
  const sizeOf = (bytes: Buffer, fileBytes = bytes.length) => readImageHeader(bytes, fileBytes).virtualSize;
  t.equal(sizeOf(qcow2({ size: 40 * GIB })), 40 * GIB);
  t.equal(sizeOf(edited(qcow2(), [4, be32(7)])), null, 'of a header that is refused nothing is known');
  t.equal(sizeOf(vdi(3 * 1024 ** 2 - 1)), 3 * 1024 ** 2, 'in whole sectors');
  t.equal(sizeOf(edited(vdi(), [0x44, le32(0)])), null);
  t.equal(sizeOf(sparseVmdk()), 8192 * 512);
  t.equal(sizeOf(edited(sparseVmdk(), [0, Buffer.from('COWD')], [16, le32(1)])), 8192 * 512);
  t.equal(sizeOf(edited(sparseVmdk(), [56, le64(0xffff_ffff_ffff_ffffn)])), null, 'what counts was not read');
  const parts = ['RW 4194304 FLAT "a" 0', 'RW 100 FLAT "b" 0'];
  t.equal(sizeOf(Buffer.from(descriptor('twoGbMaxExtentFlat', parts))), 4194404 * 512);
  t.equal(sizeOf(Buffer.from(`${descriptor('vmfs', [])}${'#'.repeat(KIB64)}`)), null);
  t.equal(sizeOf(Buffer.alloc(10), 5 * GIB), 5 * GIB, 'a raw disk is as long as its file');
  t.equal(sizeOf(Buffer.alloc(10), 513), 1024);
  t.equal(sizeOf(Buffer.from('vhdxfile')), null);
  t.end();
});

t.test('formats that are not followed may name more', (t) => {
  t.strictSame(namesOf(Buffer.from('QED\0')), ['…']);
  t.strictSame(namesOf(Buffer.from('514649fb00000001', 'hex')), ['…']);
  t.strictSame(namesOf(Buffer.from('vhdxfile')), []);
  t.end();
});

t.test('any bytes are read without a fault, and in no time', (t) => {
  const starts = [
    qcow2({ backing: 'b', dataFile: 'd' }),
    sparseVmdk(),
    vdi(),
    Buffer.from(descriptor('vmfs', [])),
  ];
  const hostile = fc.record({
    start: fc.constantFrom(Buffer.alloc(0), ...starts),
    at: fc.nat(600),
    noise: fc.uint8Array({ maxLength: 64 }),
    cut: fc.nat(KIB64),
    fileBytes: fc.maxSafeNat(),
  });
  fc.assert(
    fc.property(hostile, ({ start, at, noise, cut, fileBytes }) => {
      const header = readImageHeader(edited(start, [at, Buffer.from(noise)]).subarray(0, cut), fileBytes);
      if (header.names.some(({ text }) => text === '' || text.includes('\0')))
        throw new Error('a name of nothing');
    }),
    { numRuns: 2000 },
  );
  const slow = [
    Buffer.alloc(KIB64, '\n'),
    Buffer.alloc(KIB64, 'RW 1 FLAT "'),
    Buffer.alloc(KIB64, ' '),
    Buffer.alloc(KIB64, 'RW '),
    Buffer.alloc(KIB64, 'RW 1 FLAT "x" 0\n'),
  ].map((rest) =>
    Buffer.concat([Buffer.from('# Disk DescriptorFile\ncreateType="vmfs"\nparentCID\n'), rest]),
  );
  const before = process.hrtime.bigint();
  for (const bytes of slow) readImageHeader(bytes.subarray(0, KIB64), KIB64);
  // A second would be a thousand times what it takes.
  t.ok(process.hrtime.bigint() - before < 1_000_000_000n, 'no text takes long');
  t.end();
});
