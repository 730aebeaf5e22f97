/** Rules about what is at a path: the format of an image, a file that is missing or is none. */
import { mkdirSync, rmSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProfileDocument } from '../../../src/topics/profile.ts';
import type { Lane } from '../lane.ts';
import type { Architecture } from '../settings.ts';
import { type Disk, ROOT_DISK, small, small2 } from '../small_profile.ts';
import { type Expectation, type Outcome, type RefusedCase, replaced, unchanged } from './refused_case.ts';

const SHARE: Disk = { name: 'share', path: 's/share', format: 'host-path' };

function withDisks(...disks: Disk[]): ProfileDocument {
  return small('x86_64', { storage: { disks } });
}

export function refusedImages(): RefusedCase[] {
  return [...formats(), ...missing()];
}

function formats(): RefusedCase[] {
  const format = (name: string, near: Disk['format'], real: string, expect: Expectation): RefusedCase => ({
    rule: 'disk-format-mismatch',
    name,
    isProbed: true,
    near: withDisks({ ...ROOT_DISK, format: near }),
    bad: withDisks({ ...ROOT_DISK, format: near }),
    spoil: ({ root, images }) => images.make(real, join(root, ROOT_DISK.path)),
    edit: unchanged,
    expect,
  });
  const unknown = (name: string, other: string, expect: Expectation): RefusedCase => ({
    rule: 'not-allowed',
    name,
    near: small('x86_64'),
    bad: withDisks({ ...ROOT_DISK, format: other as Disk['format'] }),
    edit: (argv) => replaced(argv, 'format=raw', `format=${other}`),
    expect,
  });
  return [
    format('a raw image as qcow2', 'qcow2', 'raw', { refuses: /not in qcow2 format/ }),
    format('a raw image as vdi', 'vdi', 'raw', { refuses: /[Ii]nvalid|signature|not a vdi/ }),
    format('a qcow2 image as vmdk', 'vmdk', 'qcow2', { refuses: /[Ii]nvalid|not in|could not/i }),
    ...(['qcow2', 'vdi', 'vmdk'] as const).map((real) =>
      format(`a ${real} image as raw`, 'raw', real, { harms: containerAsDisk }),
    ),
    unknown('a format that does not exist', 'zip', { refuses: /Unknown driver 'zip'/ }),
    unknown('a protocol as format', 'nbd', { refuses: /nbd|NBD/ }),
  ];
}

/** Under `raw` the guest sees the container: its disk has the file's size, not the image's. */
async function containerAsDisk(outcome: Outcome, { root }: Lane): Promise<string | null> {
  if (!outcome.isRunning) return null;
  const blocks = await outcome.qmp.ask<{ inserted: { image: { 'virtual-size': number } } }[]>('query-block');
  const seen = blocks[0]?.inserted.image['virtual-size'] ?? 0;
  const { size } = statSync(join(root, ROOT_DISK.path));
  return seen >= size && seen < size + 512 && seen !== 3 * 1024 * 1024
    ? `the guest's disk has the container's ${size} bytes instead of the image's ${3 * 1024 * 1024}`
    : null;
}

function missing(): RefusedCase[] {
  const image = (root: string): string => join(root, ROOT_DISK.path);
  const spoiled = (
    rule: string,
    name: string,
    profile: ProfileDocument,
    spoil: (lane: Lane) => void,
    refuses: RegExp,
  ): RefusedCase => ({
    rule,
    name,
    isProbed: true,
    near: profile,
    bad: profile,
    spoil,
    edit: unchanged,
    expect: { refuses },
  });
  const directory = (path: string): void => {
    rmSync(path, { recursive: true, force: true });
    mkdirSync(path);
  };
  const kernel = small('x86_64', { kernel: { enabled: true, bzimage: 'b/kernel' } });
  const none = /No such file or directory/;
  const firmware = (arch: Architecture, bytes: number, refuses: RegExp): RefusedCase =>
    spoiled(
      'firmware-size',
      `a firmware of ${bytes} bytes on ${arch}`,
      small2(arch, { firmware: { bios: 'f/bios' } }),
      ({ root }) => truncateSync(join(root, 'f/bios'), bytes),
      refuses,
    );
  return [
    spoiled(
      'disk-missing',
      'a disk that is not there',
      small('x86_64'),
      ({ root }) => rmSync(image(root)),
      none,
    ),
    spoiled(
      'disk-not-a-file',
      'a directory as disk',
      small('x86_64'),
      ({ root }) => directory(image(root)),
      /directory|regular file/,
    ),
    spoiled(
      'share-not-a-directory',
      'a share that is not there',
      withDisks(ROOT_DISK, SHARE),
      ({ root }) => rmSync(join(root, SHARE.path), { recursive: true }),
      none,
    ),
    spoiled(
      'share-not-a-directory',
      'a file as share',
      withDisks(ROOT_DISK, SHARE),
      ({ root }) => {
        rmSync(join(root, SHARE.path), { recursive: true });
        writeFileSync(join(root, SHARE.path), '');
      },
      /Not a directory|cannot/,
    ),
    spoiled(
      'kernel-missing',
      'a kernel that is not there',
      kernel,
      ({ root }) => rmSync(join(root, 'b/kernel')),
      /could not open kernel|No such file/,
    ),
    spoiled(
      'kernel-missing',
      'a directory as kernel',
      kernel,
      ({ root }) => directory(join(root, 'b/kernel')),
      /kernel/,
    ),
    firmware('x86_64', 0, /could not load PC BIOS/),
    firmware('x86_64', 65537, /could not load PC BIOS/),
    firmware('aarch64', 64 * 1024 ** 2 + 1, /Could not load ROM image/),
    firmware('riscv64', 0, /could not load firmware/),
    firmware('ppc64le', 0, /Could not load LPAR firmware/),
    firmware('ppc64le', 4 * 1024 ** 2 + 1, /Could not load LPAR firmware/),
    spoiled(
      'path-occupied',
      'a directory as pidfile',
      small2('x86_64', { process: { pidfile: 'r/pid' } }),
      ({ root }) => mkdirSync(join(root, 'r/pid'), { recursive: true }),
      /cannot create PID file/,
    ),
    spoiled(
      'symlink-loop',
      'a link to itself as disk',
      small('x86_64'),
      ({ root }) => {
        rmSync(image(root));
        symlinkSync('root.img', image(root));
      },
      /Too many levels of symbolic links/,
    ),
  ];
}
