/** Rules about disks beside each other, and what boots. */
import type { ProfileDocument } from '../../../src/topics/profile.ts';
import { type Disk, ROOT_DISK, small } from '../small_profile.ts';
import { type RefusedCase, replaced } from './refused_case.ts';

const DATA: Disk = { name: 'data', path: 'i/data.img', format: 'raw' };
const SHARE: Disk = { name: 'share', path: 's/share', format: 'host-path' };

function withDisks(...disks: Disk[]): ProfileDocument {
  return small('x86_64', { storage: { disks } });
}

export function refusedDisks(): RefusedCase[] {
  const twoBoot = withDisks(ROOT_DISK, { ...DATA, boot: true });
  const sharing = (name: string, first: Disk, second: Disk): RefusedCase => ({
    rule: 'image-shared-writable',
    name,
    near: withDisks(first, second),
    bad: withDisks(first, { ...second, path: first.path }),
    edit: (argv) => replaced(argv, 'data.img', 'root.img'),
    expect: { refuses: /Failed to get (?:"write"|shared "write"|"consistent read") lock/ },
  });
  return [
    {
      rule: 'several-boot-disks',
      name: 'two boot disks',
      near: twoBoot,
      bad: withDisks({ ...ROOT_DISK, boot: true }, { ...DATA, boot: true }),
      edit: (argv) => replaced(argv, 'drive=disk-root', 'drive=disk-root,bootindex=1'),
      expect: { refuses: /bootindex 1 has already been used/ },
    },
    sharing('one image twice, both writable', ROOT_DISK, DATA),
    sharing('one image twice, the second read-only', ROOT_DISK, { ...DATA, readonly: true }),
    sharing('one image twice, the first read-only', { ...ROOT_DISK, readonly: true }, DATA),
    {
      rule: 'boot-on-share',
      name: 'a boot index on a share',
      near: withDisks(ROOT_DISK, SHARE),
      bad: withDisks(ROOT_DISK, { ...SHARE, boot: true }),
      edit: (argv) => replaced(argv, 'mount_tag=share', 'mount_tag=share,bootindex=1'),
      expect: { refuses: /bootindex' not found/ },
    },
    {
      rule: 'no-boot-source',
      name: 'nothing to boot',
      near: small('x86_64'),
      bad: small('x86_64', { storage: { disks: [] } }),
      edit: (argv) => argv.filter((element) => element !== '-drive' && !element.startsWith('file=')),
      expect: { accepts: 'QEMU starts, and the firmware waits for ever: nobody means that' },
    },
  ];
}
