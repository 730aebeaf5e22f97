/** Rules about what boots first. */
import type { ProfileDocument } from '../../../src/topics/profile.ts';
import { DEVICE, disk, joined, withDisks, withStorage } from './drive_profiles.ts';
import { type RefusedCase, replaced, unchanged } from './refused_case.ts';

export function refusedBootOrders(): RefusedCase[] {
  const order = (...names: string[]): ProfileDocument => ({
    ...withDisks(disk(), disk({}, 'b')),
    boot: { order: names },
  });
  return [
    {
      rule: 'several-boot-disks',
      name: 'two boot disks of version 2',
      near: withDisks(disk(), disk({ boot: true }, 'b')),
      bad: withDisks(disk({ boot: true }), disk({ boot: true }, 'b')),
      edit: (argv) => joined(argv, DEVICE, { bootindex: 1 }),
      expect: { refuses: /bootindex 1 has already been used/ },
    },
    {
      rule: 'duplicate-name',
      name: 'a disk twice in the boot order',
      near: order('a', 'b'),
      bad: order('a', 'b', 'a'),
      edit: unchanged,
      expect: { accepts: 'a device has one place in the order, and nobody can mean two' },
    },
    {
      rule: 'boot-name-unknown',
      name: 'nothing of that name to boot from',
      near: order('a'),
      bad: order('a', 'c'),
      edit: unchanged,
      expect: { accepts: 'what is meant to boot would not be tried' },
    },
    {
      rule: 'duplicate-name',
      name: 'a disk and a CD-ROM drive of one name',
      near: withStorage({ cdroms: [{ name: 'c', path: 'i/c.iso' }] }),
      bad: withStorage({ cdroms: [{ name: 'a', path: 'i/c.iso' }] }),
      edit: (argv) => replaced(argv, '"node-name":"c"', '"node-name":"a"'),
      expect: { refuses: /Duplicate nodes with node-name='a'/ },
    },
  ];
}
