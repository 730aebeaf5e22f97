/** `[boot]`: what the firmware tries, first to last. */
import type { Qmp } from '../../qemu/qmp.ts';
import { drivesOf } from './drives.ts';
import { propertyOf } from './machine_type.ts';
import type { Asked, Topic } from './topic.ts';

export const bootOrder: Topic = {
  means: (asked) => ({
    'boot order': Object.fromEntries(orderOf(asked).map((id, index): [string, number] => [id, index + 1])),
    'boot menu': asked.profile.boot?.menu ?? false,
  }),
  seen: async ({ qmp }) => {
    const found = await indexesOf(qmp);
    found.sort(([, left], [, right]) => left - right);
    const boot = (await propertyOf(qmp, '/machine', 'boot')) as { menu?: boolean };
    return { 'boot order': Object.fromEntries(found), 'boot menu': boot.menu ?? false };
  },
};

/** The ids of devices; a network card goes by its name. */
function orderOf(asked: Asked): string[] {
  const { boot, kernel, network } = asked.profile;
  const { disks, cdroms, floppies } = drivesOf(asked);
  const ids = new Map<string, string>([
    ...disks.map(({ disk: { name } }): [string, string] => [name, `disk-${name}`]),
    ...cdroms.map(({ cdrom: { name } }): [string, string] => [name, `cd-${name}`]),
    ...floppies.map(({ name }, unit): [string, string] => [name, `floppy drive ${'AB'[unit]}`]),
    ...(network?.interfaces ?? []).map(({ name }): [string, string] => [name, `card ${name}`]),
  ]);
  if (boot?.order !== undefined && boot.order.length > 0)
    return boot.order.map((name) => ids.get(name) ?? name);
  if (kernel?.enabled === true) return [];
  const boots = disks.filter(({ disk }) => disk.boot === true);
  const others = disks.filter(({ disk }) => disk.boot !== true);
  return [
    ...[...boots, ...others].map(({ disk: { name } }) => `disk-${name}`),
    ...cdroms.flatMap(({ cdrom: { name, path } }) => (path === undefined ? [] : `cd-${name}`)),
  ];
}

interface Property {
  readonly name: string;
  readonly type: string;
}

async function indexesOf(qmp: Qmp): Promise<[string, number][]> {
  const found: [string, number][] = [];
  const add = async (id: string, path: string, property: string): Promise<void> => {
    const index = await propertyOf(qmp, path, property);
    if (typeof index === 'number' && index >= 0) found.push([id, index]);
  };
  for (const folder of ['/machine/peripheral', '/machine/peripheral-anon', '/machine/unattached']) {
    for (const { name, type } of await qmp.ask<Property[]>('qom-list', { path: folder })) {
      const path = `${folder}/${name}`;
      if (type === 'child<isa-fdc>')
        for (const unit of ['A', 'B']) await add(`floppy drive ${unit}`, path, `bootindex${unit}`);
      else if (folder !== '/machine/unattached' && type.startsWith('child<'))
        await add(
          folder.endsWith('anon') ? `card ${await propertyOf(qmp, path, 'netdev')}` : name,
          path,
          'bootindex',
        );
    }
  }
  return found;
}
