/** Rules about how many devices there are, and what they are called. */
import type { ProfileDocument } from '../../../src/topics/profile.ts';
import type { Lane } from '../lane.ts';
import { ARCHITECTURES, type Architecture } from '../settings.ts';
import { type Disk, ROOT_DISK, SLOTS, small, times } from '../small_profile.ts';
import { type Expectation, type RefusedCase, replaced, unchanged } from './refused_case.ts';

const DATA: Disk = { name: 'data', path: 'i/data.img', format: 'raw' };
const SHARE: Disk = { name: 'share', path: 's/share', format: 'host-path' };

function withDisks(...disks: Disk[]): ProfileDocument {
  return small('x86_64', { storage: { disks } });
}

export function refusedDevices(): RefusedCase[] {
  return [...ARCHITECTURES.flatMap(tooMany), ...names()];
}

function tooMany(arch: Architecture): RefusedCase[] {
  const slots = SLOTS[arch];
  const disks = (count: number): Disk[] =>
    times(count, (index) => ({
      name: `d${index}`,
      path: `i/${index}.img`,
      format: 'raw',
    }));
  const shares = (count: number): Disk[] =>
    times(count, (index) => ({
      name: `s${index}`,
      path: `s/${index}`,
      format: 'host-path',
    }));
  const cards = (count: number) => ({
    interfaces: times(count, (index) => ({ name: `n${index}`, type: 'user' as const })),
  });
  const of = (
    name: string,
    near: ProfileDocument,
    bad: ProfileDocument,
    more: (lane: Lane) => string[],
  ): RefusedCase => ({
    rule: 'too-many-devices',
    name: `${slots + 1} devices on ${arch}, the last one a ${name}`,
    near,
    bad,
    edit: (argv, lane) => [...argv, ...more(lane)],
    expect: { refuses: /no slot\/function available/ },
  });
  const half = slots >> 1;
  return [
    of(
      'disk',
      small(arch, { storage: { disks: [...disks(half), ...shares(slots - half)] } }),
      small(arch, { storage: { disks: [...disks(half + 1), ...shares(slots - half)] } }),
      ({ root }) => [
        '-drive',
        `file=${root.replaceAll(',', ',,')}/i/0.img,format=raw,if=virtio,file.locking=off`,
      ],
    ),
    of(
      'share',
      small(arch, { storage: { disks: disks(slots) } }),
      small(arch, { storage: { disks: [...disks(slots), ...shares(1)] } }),
      ({ folder }) => [
        '-fsdev',
        `local,path=${folder},security_model=none,id=x`,
        '-device',
        'virtio-9p-pci,fsdev=x,mount_tag=x',
      ],
    ),
    of(
      'card',
      small(arch, { storage: { disks: disks(half) }, network: cards(slots - half) }),
      small(arch, { storage: { disks: disks(half) }, network: cards(slots - half + 1) }),
      () => ['-netdev', 'user,id=x', '-device', 'virtio-net-pci,netdev=x'],
    ),
  ];
}

function names(): RefusedCase[] {
  const boots: Disk = { ...DATA, boot: true };
  const named = (name: string): ProfileDocument => withDisks(ROOT_DISK, { ...boots, name });
  const share = (name: string): ProfileDocument => withDisks(ROOT_DISK, { ...SHARE, name });
  const identifier = { refuses: /expects an identifier|identifiers consist/i };
  const bad = (
    name: string,
    rule: string,
    near: ProfileDocument,
    profile: ProfileDocument,
    from: string,
    to: string,
    expect: Expectation,
  ): RefusedCase => ({
    rule,
    name,
    near,
    bad: profile,
    edit: (argv) => replaced(argv, from, to),
    expect,
  });
  const longTag = 't'.repeat(32);
  return [
    bad(
      'a disk name with a space',
      'invalid-name',
      named('data'),
      named('da ta'),
      'disk-data',
      'disk-da ta',
      identifier,
    ),
    bad(
      'a disk name that is not ASCII',
      'invalid-name',
      named('data'),
      named('dätä'),
      'disk-data',
      'disk-dätä',
      identifier,
    ),
    bad(
      'a share name with a digit first',
      'invalid-name',
      share('share'),
      share('0share'),
      'id=share',
      'id=0share',
      identifier,
    ),
    bad(
      'a share name with a comma',
      'invalid-name',
      share('share'),
      share('share,x'),
      'mount_tag=share',
      'mount_tag=share,x',
      { refuses: /Property|expected/i },
    ),
    bad(
      'a share name of 32 characters',
      'invalid-name',
      share('share'),
      share(longTag),
      'mount_tag=share',
      `mount_tag=${longTag}`,
      { refuses: /mount tag/i },
    ),
    bad(
      'two disks of one name',
      'duplicate-name',
      withDisks(ROOT_DISK, boots),
      withDisks({ ...ROOT_DISK, name: 'data' }, boots),
      'disk-root',
      'disk-data',
      { refuses: /Duplicate ID 'disk-data'/ },
    ),
    bad(
      'two shares of one name',
      'duplicate-name',
      withDisks(ROOT_DISK, SHARE, { ...SHARE, name: 'other' }),
      withDisks(ROOT_DISK, SHARE, SHARE),
      'id=other',
      'id=share',
      { refuses: /Duplicate ID 'share'/ },
    ),
    {
      rule: 'duplicate-name',
      name: 'two disks of one name, the first one boots',
      near: withDisks(ROOT_DISK, DATA),
      bad: withDisks(ROOT_DISK, { ...DATA, name: 'root' }),
      edit: unchanged,
      expect: { accepts: 'such names do not reach argv until another disk boots; then they collide' },
    },
  ];
}
