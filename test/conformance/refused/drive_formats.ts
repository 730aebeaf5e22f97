/** Formats, bases, passwords, and files that two drives have. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { ProfileDocument } from '../../../src/topics/profile.ts';
import type { Lane } from '../lane.ts';
import { disk, joined, NODE, type Values, withDisks, withStorage } from './drive_profiles.ts';
import { type RefusedCase, replaced } from './refused_case.ts';

export function refusedDriveFormats(): RefusedCase[] {
  const base = { path: 'i/base.img', format: 'raw' } as const;
  const overlay = withDisks(disk({ format: 'qcow2', base }));
  return [
    {
      rule: 'not-for-type',
      name: 'a base of a raw image',
      near: withDisks(disk()),
      bad: withDisks(disk({ base })),
      edit: (argv) => joined(argv, NODE, { backing: null }),
      expect: { refuses: /unexpected|does not support/ },
    },
    {
      rule: 'not-for-type',
      name: 'a vmdk overlay of a raw image',
      near: withDisks(disk({ format: 'vmdk', base: { ...base, format: 'vmdk' } })),
      bad: withDisks(disk({ format: 'vmdk', base })),
      spoil: ({ root, images }) => images.make('raw', join(root, base.path)),
      edit: (argv) => argv.map(withRawBase),
      expect: { harms: readsFail },
    },
    {
      rule: 'not-for-type',
      name: 'an encrypted vdi image',
      near: withDisks(disk({ format: 'vdi' })),
      bad: withDisks(disk({ format: 'vdi', encryption: { key_file: 'k' } })),
      edit: (argv) => joined(argv, NODE, { encrypt: { format: 'luks', 'key-secret': 'x' } }),
      expect: { refuses: /encrypt/ },
    },
    {
      rule: 'not-for-type',
      name: 'a bus for a share',
      near: withDisks(disk(), disk({ format: 'host-path', path: 's' }, 's')),
      bad: withDisks(disk(), disk({ format: 'host-path', path: 's', bus: 'scsi' }, 's')),
      edit: (argv) => replaced(argv, 'mount_tag=s', 'mount_tag=s,bus=scsi0.0'),
      expect: { refuses: /Bus 'scsi0.0' not found/ },
    },
    {
      rule: 'file-missing',
      name: 'a password file that is not there',
      isProbed: true,
      near: withDisks(disk({ encryption: { key_file: 'k' } })),
      bad: withDisks(disk({ encryption: { key_file: 'k2' } })),
      edit: (argv) => replaced(argv, '/k"', '/k2"'),
      expect: { refuses: /No such file or directory/ },
    },
    {
      rule: 'file-missing',
      name: 'a CD-ROM that is not there',
      isProbed: true,
      near: withStorage({ cdroms: [{ name: 'c', path: 'i/c.iso' }] }),
      bad: withStorage({ cdroms: [{ name: 'c', path: 'i/d.iso' }] }),
      edit: (argv) => replaced(argv, '/c.iso', '/d.iso'),
      expect: { refuses: /No such file or directory/ },
    },
    {
      rule: 'disk-missing',
      name: 'a base that is not there',
      isProbed: true,
      near: overlay,
      bad: withDisks(disk({ format: 'qcow2', base: { ...base, path: 'i/none.img' } })),
      edit: (argv) => replaced(argv, '/base.img', '/none.img'),
      expect: { refuses: /No such file or directory/ },
    },
  ];
}

/** The node of an overlay, on top of a raw image. */
function withRawBase(element: string): string {
  if (!element.startsWith('{"backing":{')) return element;
  const { backing, ...node } = JSON.parse(element) as { backing: Values };
  return JSON.stringify({ ...node, backing: { ...backing, driver: 'raw', backing: undefined } });
}

/** QEMU starts; what the overlay lacks cannot be read. A second reader is let in while nothing is written. */
function readsFail(_: unknown, lane: Lane): string | null {
  const [file, base] = ['i/a.img', 'i/base.img'].map((path) => ({
    driver: 'file',
    filename: join(lane.root, path),
  }));
  const node = { driver: 'vmdk', file, backing: { driver: 'raw', file: base, 'read-only': true } };
  const args = ['-r', '-U', '-c', 'read 0 512', `json:${JSON.stringify(node)}`];
  const { stdout } = spawnSync('qemu-io', args, { env: { PATH: lane.path }, encoding: 'utf8' });
  return /read failed: .*/.exec(stdout)?.[0] ?? null;
}

export function refusedSharedFiles(): RefusedCase[] {
  const shared = (name: string, near: ProfileDocument, bad: ProfileDocument, file: string): RefusedCase => ({
    rule: 'image-shared-writable',
    name,
    near,
    bad,
    edit: (argv) => replaced(argv, file, 'a.img'),
    expect: { refuses: /Failed to get (?:"write"|shared "write"|"consistent read") lock/ },
  });
  const overlay = (path: string): ProfileDocument =>
    withDisks(disk(), disk({ format: 'qcow2', base: { path, format: 'raw' } }, 'b'));
  return [
    shared('the base is a disk that is written', overlay('i/base.img'), overlay('i/a.img'), 'base.img'),
    shared(
      'a CD-ROM is a disk that is written',
      withStorage({ cdroms: [{ name: 'c', path: 'i/c.iso' }] }),
      withStorage({ cdroms: [{ name: 'c', path: 'i/a.img' }] }),
      'c.iso',
    ),
    shared(
      'the seed is a disk that is written',
      withStorage({ seed: { path: 'i/seed.iso' } }),
      withStorage({ seed: { path: 'i/a.img' } }),
      'seed.iso',
    ),
    shared(
      'a floppy is a disk',
      withStorage({ floppies: [{ name: 'f', path: 'i/f.img' }] }),
      withStorage({ floppies: [{ name: 'f', path: 'i/a.img' }] }),
      'f.img',
    ),
  ];
}
