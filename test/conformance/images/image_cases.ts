/** Images of every kind of header, and what is said of each; the disk is `i/root`. */
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { descriptor, edited, qcow2 } from '../../help/images.ts';
import type { Disk } from '../small_profile.ts';
import type { ImageTools } from './tools.ts';

export interface ImageCase {
  readonly name: string;
  readonly disk?: Partial<Disk>;
  /** Another disk of the profile. */
  readonly second?: Partial<Disk>;
  readonly make: (tools: ImageTools) => void;
  /** What is said, sorted; an error is marked by `!`. QEMU has to start when there is none, and to refuse when there is one. */
  readonly says: readonly string[];
  /** Refused by QEMU for what is only warned of or asked. */
  readonly isRefused?: true;
  /** QEMU opens more than names of plain files. */
  readonly opensMore?: true;
}

const VMDK: Partial<Disk> = { format: 'vmdk' };
const READ_ONLY: Partial<Disk> = { readonly: true };
const BEHIND = 'backing-file-undeclared';
const SECRET = ['--object', 'secret,id=s,data=abcdef', '-o'];

/** qemu-img measures the CPU for this, and gives up on a machine that is busy. */
const luks = (tools: ImageTools, name: string): void => {
  const options = 'encrypt.format=luks,encrypt.key-secret=s,encrypt.iter-time=100';
  for (let attempt = 1; ; attempt++) {
    try {
      tools.img('create', '-q', '-f', 'qcow2', ...SECRET, options, name, '4M');
      return;
    } catch (error) {
      if (attempt === 10) throw error;
    }
  }
};
const plain = (tools: ImageTools, ...options: string[]): void => {
  tools.img('create', '-q', '-f', 'qcow2', ...options, 'root', '4M');
};
/** The disk on a base. */
const over = (tools: ImageTools, backing: string, format = 'qcow2'): void => {
  tools.img('create', '-q', '-f', 'qcow2', '-u', '-b', backing, '-F', format, 'root', '4M');
};
const base = (tools: ImageTools, name = 'base', ...options: string[]): void => {
  tools.img('create', '-q', '-f', 'qcow2', ...options, name, '4M');
};
const vmdk = (tools: ImageTools, subformat: string): void => {
  tools.img('create', '-q', '-f', 'vmdk', '-o', `subformat=${subformat}`, 'root', '4M');
};

const PLAIN: readonly ImageCase[] = [
  { name: 'qcow2', make: (tools) => plain(tools), says: [] },
  ...[
    'compat=0.10',
    'cluster_size=512',
    'cluster_size=2M',
    'extended_l2=on',
    'compression_type=zstd',
    'refcount_bits=64',
  ].map(
    (option): ImageCase => ({
      name: `qcow2, ${option}`,
      make: (tools) => plain(tools, '-o', option),
      says: [],
    }),
  ),
  { name: 'a header by this suite', make: (tools) => tools.write('root', qcow2()), says: [] },
];

const BACKING: readonly ImageCase[] = [
  {
    name: 'on a base',
    make: (tools) => {
      base(tools);
      over(tools, 'base');
    },
    says: [BEHIND],
  },
  {
    name: 'on a base by its whole path',
    make: (tools) => {
      base(tools);
      over(tools, tools.path('base'));
    },
    says: [BEHIND],
  },
  {
    name: 'on a base by "file:"',
    make: (tools) => {
      base(tools);
      over(tools, 'file:i/base');
    },
    says: [BEHIND],
  },
  {
    name: 'on a base without a format',
    make: (tools) => {
      base(tools, 'deep');
      tools.img('create', '-q', '-f', 'qcow2', '-b', 'deep', '-F', 'qcow2', 'base');
      tools.write('root', qcow2({ backing: 'base' }));
    },
    says: [BEHIND, BEHIND],
  },
  {
    name: 'on a base after a link and a step up',
    make: (tools) => {
      mkdirSync(join(tools.root, 'far/below'), { recursive: true });
      symlinkSync('../far/below', tools.path('link'));
      tools.img('create', '-q', '-f', 'qcow2', '../far/base', '4M');
      over(tools, 'link/../base');
    },
    says: [BEHIND],
  },
  {
    name: 'by a link, beside which the base is',
    make: (tools) => {
      mkdirSync(join(tools.root, 'far'), { recursive: true });
      base(tools);
      tools.img('create', '-q', '-f', 'qcow2', '-u', '-b', 'base', '-F', 'qcow2', '../far/root', '4M');
      symlinkSync('../far/root', tools.path('root'));
    },
    says: [BEHIND],
  },
  {
    name: 'on a base that QEMU is told is raw, and is not',
    make: (tools) => {
      base(tools, 'deep');
      tools.write('base', qcow2({ backing: 'deep' }));
      over(tools, 'base', 'raw');
    },
    says: [BEHIND, 'disk-format-mismatch'],
  },
  {
    name: 'on a base that is not what QEMU is told',
    make: (tools) => {
      tools.write('base', 'x'.repeat(4096));
      over(tools, 'base');
    },
    says: [BEHIND, 'disk-format-mismatch!'],
  },
  { name: 'on nothing', make: (tools) => over(tools, 'gone'), says: ['backing-file-missing!'] },
  {
    name: 'on a directory',
    make: (tools) => {
      mkdirSync(tools.path('base'));
      over(tools, 'base', 'raw');
    },
    says: ['backing-file-missing!'],
  },
  {
    name: 'on itself',
    make: (tools) => tools.write('root', qcow2({ backing: 'root', backingFormat: 'qcow2' })),
    says: ['backing-chain-loop!'],
  },
  {
    name: 'on what is on it',
    make: (tools) => {
      over(tools, 'base');
      tools.img('create', '-q', '-f', 'qcow2', '-u', '-b', 'root', '-F', 'qcow2', 'base', '4M');
    },
    says: ['backing-chain-loop!', BEHIND],
  },
  {
    name: 'on 18 files',
    make: (tools) => {
      base(tools, '18');
      for (let index = 17; index >= 0; index--) {
        const name = index === 0 ? 'root' : String(index);
        tools.img('create', '-q', '-f', 'qcow2', '-b', String(index + 1), '-F', 'qcow2', name);
      }
    },
    says: ['backing-chain-too-deep', ...Array(17).fill(BEHIND)],
    opensMore: true,
  },
  {
    name: 'on what no server serves',
    make: (tools) => over(tools, 'nbd:127.0.0.1:9', 'raw'),
    says: [BEHIND],
    isRefused: true,
  },
  {
    name: 'on a description of a file',
    make: (tools) =>
      over(tools, 'json:{"driver":"raw","file":{"driver":"file","filename":"/etc/hostname"}}', 'raw'),
    says: [BEHIND, 'outside-project-root'],
  },
  {
    name: 'on a description of an image where QEMU runs',
    make: (tools) => {
      base(tools);
      over(tools, 'json:{"driver":"qcow2","file.filename":"i/base"}');
    },
    says: [BEHIND],
  },
  {
    name: 'on a description of a part of a file',
    make: (tools) => {
      const file = { driver: 'file', filename: tools.path('base') };
      tools.write('base', 'x'.repeat(4096));
      over(tools, `json:${JSON.stringify({ driver: 'raw', file, size: 512 })}`, 'raw');
    },
    says: [BEHIND],
    opensMore: true,
  },
  {
    name: 'on LUKS without a format',
    make: (tools) => {
      tools.write(
        'base',
        edited(Buffer.alloc(4 * 1024 ** 2), [0, Buffer.from('LUKS\xba\xbe\0\x01', 'latin1')]),
      );
      tools.write('root', qcow2({ backing: 'base' }));
    },
    says: [BEHIND, 'image-encrypted!'],
  },
];

const DATA: readonly ImageCase[] = [
  {
    name: 'with a data file where QEMU runs',
    make: (tools) => tools.inRoot('create', '-q', '-f', 'qcow2', '-o', 'data_file=data.raw', 'i/root', '4M'),
    says: ['external-data-file'],
  },
  {
    name: 'with a data file that is not there',
    make: (tools) => {
      tools.inRoot('create', '-q', '-f', 'qcow2', '-o', 'data_file=data.raw', 'i/root', '4M');
      rmSync(join(tools.root, 'data.raw'));
    },
    says: ['backing-file-missing!'],
  },
  {
    name: 'with a data file that lies only beside the image',
    make: (tools) => {
      tools.write('data.raw', 'x');
      tools.write('root', qcow2({ dataFile: 'data.raw' }));
    },
    says: ['backing-file-missing!'],
  },
  {
    name: 'with a data file that is called like a protocol',
    make: (tools) => {
      writeFileSync(join(tools.root, 'nbd:data'), 'x');
      tools.write('root', qcow2({ dataFile: 'nbd:data' }));
    },
    says: ['external-data-file'],
  },
  {
    name: 'without the name of its data file',
    make: (tools) => {
      plain(tools);
      tools.patch('root', 79, [4]);
    },
    says: ['image-unreadable-header!'],
  },
];

const FAULTS: readonly ImageCase[] = [
  {
    name: 'LUKS',
    make: (tools) => luks(tools, 'root'),
    says: ['image-encrypted!'],
  },
  {
    name: 'AES',
    disk: READ_ONLY,
    make: (tools) => plain(tools, ...SECRET, 'encrypt.format=aes,encrypt.key-secret=s'),
    says: ['image-encrypted!'],
  },
  {
    name: 'on LUKS',
    make: (tools) => {
      luks(tools, 'base');
      over(tools, 'base');
    },
    says: [BEHIND, 'image-encrypted!'],
  },
  {
    name: 'corrupt',
    make: (tools) => {
      plain(tools);
      tools.patch('root', 79, [2]);
    },
    says: ['image-corrupt!'],
  },
  {
    name: 'corrupt and read-only',
    disk: READ_ONLY,
    make: (tools) => {
      plain(tools);
      tools.patch('root', 79, [2]);
    },
    says: ['image-corrupt'],
  },
  {
    name: 'on a corrupt base',
    make: (tools) => {
      base(tools);
      tools.patch('base', 79, [2]);
      over(tools, 'base');
    },
    says: [BEHIND, 'image-corrupt'],
  },
  ...(
    [
      ['a version of 4', 7, 4],
      ['clusters of 256 bytes', 23, 8],
      ['a header of 103 bytes', 103, 103],
      ['a feature that nobody knows', 79, 32],
      ['a compression without its bit', 104, 1],
      ['an encryption that nobody knows', 35, 3],
      ['no counts', 59, 0],
      ['counts of 128 bits', 99, 7],
      ['snapshots that begin within a cluster', 71, 8],
    ] as const
  ).map(
    ([name, offset, byte]): ImageCase => ({
      name,
      disk: READ_ONLY,
      make: (tools) => {
        plain(tools);
        tools.patch('root', offset, [byte]);
      },
      says: ['image-unreadable-header!'],
    }),
  ),
  ...[4, 8, 24, 72, 103].map(
    (length): ImageCase => ({
      name: `cut off after ${length} bytes`,
      make: (tools) => {
        plain(tools);
        tools.cut('root', length);
      },
      says: ['image-unreadable-header!'],
    }),
  ),
  ...[104, 512, 65536, 100000].map(
    (length): ImageCase => ({
      name: `cut off after ${length} bytes, behind the header`,
      make: (tools) => {
        plain(tools);
        tools.cut('root', length);
      },
      says: [],
    }),
  ),
  {
    name: 'of another size',
    disk: { size_gb: 40 },
    make: (tools) => plain(tools),
    says: ['disk-size-differs'],
  },
];

const VMDKS: readonly ImageCase[] = [
  { name: 'monolithicSparse', disk: VMDK, make: (tools) => vmdk(tools, 'monolithicSparse'), says: [] },
  { name: 'streamOptimized', disk: VMDK, make: (tools) => vmdk(tools, 'streamOptimized'), says: [] },
  ...['monolithicFlat', 'twoGbMaxExtentSparse', 'twoGbMaxExtentFlat'].map(
    (type): ImageCase => ({
      name: type,
      disk: VMDK,
      make: (tools) => vmdk(tools, type),
      says: ['external-extents'],
    }),
  ),
  {
    name: 'an extent that is not there',
    disk: VMDK,
    make: (tools) => tools.write('root', descriptor('monolithicFlat', ['RW 8192 FLAT "gone" 0'])),
    says: ['backing-file-missing!'],
  },
  {
    name: 'an extent by its whole path',
    disk: VMDK,
    make: (tools) => {
      tools.write('flat', 'x'.repeat(4096));
      tools.write('root', descriptor('monolithicFlat', [`RW 8 FLAT "${tools.path('flat')}" 0`]));
    },
    says: ['external-extents'],
  },
  {
    name: 'an extent that is called like a protocol',
    disk: VMDK,
    make: (tools) => {
      tools.write('nbd:x', 'x'.repeat(4096));
      tools.write('root', descriptor('monolithicFlat', ['RW 8 FLAT "nbd:x" 0']));
    },
    says: ['external-extents'],
  },
  {
    name: 'two extents in one file',
    disk: VMDK,
    make: (tools) => {
      tools.write('flat', 'x'.repeat(8192));
      tools.write('root', descriptor('monolithicFlat', ['RW 8 FLAT "flat" 0', 'RW 8 FLAT "flat" 8']));
    },
    says: ['external-extents', 'external-extents', 'image-shared-writable!'],
  },
  {
    name: 'a sparse extent that is none',
    disk: VMDK,
    make: (tools) => {
      tools.write('flat', 'x'.repeat(8192));
      tools.write('root', descriptor('twoGbMaxExtentSparse', ['RW 8 SPARSE "flat"']));
    },
    says: ['disk-format-mismatch!', 'external-extents'],
  },
  {
    name: 'a vmdk on another',
    disk: VMDK,
    make: (tools) => {
      tools.img('create', '-q', '-f', 'vmdk', 'base', '4M');
      tools.img('create', '-q', '-f', 'vmdk', '-b', 'base', '-F', 'vmdk', 'root');
    },
    says: [BEHIND],
  },
  ...(
    [
      ['a type that QEMU has not', 'monolithicFlat"', 'custom"', ['external-extents']],
      ['no parentCID', 'parentCID', 'x', ['external-extents']],
      ['no offset', '" 0', '"', []],
    ] as const
  ).map(
    ([name, from, to, besides]): ImageCase => ({
      name: `a descriptor with ${name}`,
      disk: VMDK,
      make: (tools) => {
        vmdk(tools, 'monolithicFlat');
        tools.replace('root', from, to);
      },
      says: [...besides, 'image-unreadable-header!'],
    }),
  ),
  {
    name: 'version 3',
    disk: VMDK,
    make: (tools) => {
      vmdk(tools, 'monolithicSparse');
      tools.patch('root', 4, [3]);
    },
    says: ['image-unreadable-header!'],
  },
  {
    name: 'version 3 and read-only',
    disk: { ...VMDK, ...READ_ONLY },
    make: (tools) => {
      vmdk(tools, 'monolithicSparse');
      tools.patch('root', 4, [3]);
    },
    says: [],
  },
  ...[4, 79, 600, 10000].map(
    (length): ImageCase => ({
      name: `a vmdk cut off after ${length} bytes`,
      disk: VMDK,
      make: (tools) => {
        vmdk(tools, 'monolithicSparse');
        tools.cut('root', length);
      },
      says: ['image-unreadable-header!'],
    }),
  ),
];

const VDIS: readonly ImageCase[] = [
  ['a vdi', null, null, []],
  ['a vdi of another version', 0x44, 0, ['image-unreadable-header!']],
  ['a vdi with sectors of 513 bytes', 0x168, 1, ['image-unreadable-header!']],
  ['a vdi with a parent', 0x1b8, 1, ['image-unreadable-header!']],
].map(([name, offset, byte, says]) => ({
  name: String(name),
  disk: { format: 'vdi' } as const,
  make: (tools) => {
    tools.img('create', '-q', '-f', 'vdi', 'root', '4M');
    if (typeof offset === 'number') tools.patch('root', offset, [Number(byte)]);
  },
  says: says as string[],
}));

const SHARED: readonly ImageCase[] = [
  {
    name: 'two disks on one base',
    second: {},
    make: (tools) => {
      base(tools);
      over(tools, 'base');
      tools.img('create', '-q', '-f', 'qcow2', '-b', 'base', '-F', 'qcow2', 'second');
    },
    says: [BEHIND, BEHIND],
  },
  {
    name: 'a disk, and its base as a disk that is read',
    second: { path: 'i/base', ...READ_ONLY },
    make: (tools) => {
      base(tools);
      over(tools, 'base');
    },
    says: [BEHIND],
  },
  {
    name: 'a disk, and its base as a disk that is written',
    second: { path: 'i/base' },
    make: (tools) => {
      base(tools);
      over(tools, 'base');
    },
    says: [BEHIND, 'image-shared-writable!'],
  },
];

export const IMAGE_CASES: readonly ImageCase[] = [
  ...PLAIN,
  ...BACKING,
  ...DATA,
  ...FAULTS,
  ...VMDKS,
  ...VDIS,
  ...SHARED,
];
