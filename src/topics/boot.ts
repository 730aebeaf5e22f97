/** What the firmware tries to boot from, and in which order. */
import { flag, list, table } from '../profile/key.ts';
import { show } from '../profile/show.ts';
import { isImage } from './disk_keys.ts';
import { nameKey, wordTwice } from './names.ts';
import { part } from './part.ts';
import type { Draft, Issues } from './profile.ts';
import type { Topic } from './topic.ts';

const MOST_NAMES = 512;

export const BOOT = table(
  'What the VM boots from.',
  {
    order: list(
      nameKey(null, 'root'),
      'Names of disks, CD-ROM drives, floppy drives and network interfaces, first to last. Default: the disk with `boot = true`, the other images, the CD-ROM drives with a medium; nothing with an enabled kernel.',
      { most: MOST_NAMES },
    ),
    menu: flag('Whether the firmware of x86_64 machines offers a menu.', { default: false }),
  },
  { since: 2 },
);

/** A thing that can be booted from. */
export interface Bootable {
  readonly name: string | undefined;
  readonly list: 'disks' | 'cdroms' | 'floppies' | 'interfaces';
  readonly index: number;
}

function bootables({ storage, network }: Draft): Bootable[] {
  const { disks = [], cdroms = [], floppies = [] } = storage;
  const { interfaces = [] } = network;
  const of = (
    list: Bootable['list'],
    elements: readonly { readonly name: string | undefined }[],
  ): Bootable[] => elements.map(({ name }, index) => ({ name, list, index }));
  return [
    ...of('disks', disks).filter(({ index }) => isImage(disks[index] as { format: undefined })),
    ...of('cdroms', cdroms),
    ...of('floppies', floppies),
    ...of('interfaces', interfaces),
  ];
}

export const boot: Topic = {
  checkProfile: (draft, issues) => {
    const { order = [] } = draft.boot;
    if (order.length === 0) return;
    const all = bootables(draft);
    const seen = new Set<string>();
    for (const [index, name] of order.entries()) {
      if (name === undefined) continue;
      orderRules(draft, index, name, all, seen, issues);
      seen.add(name);
    }
    const first = (draft.storage.disks ?? []).findIndex(({ boot }) => boot === true);
    if (first === -1) return;
    issues.error(
      ['boot', 'order'],
      'boot-order-twice',
      (field) => `${field} says what to boot from, and so does storage.disks[${first}].boot.`,
    );
  },
  args: ({ boot: { menu } }) => (menu ? [part('process', ['/boot/menu'], ['-boot', 'menu=on'])] : []),
};

function orderRules(
  { network }: Draft,
  index: number,
  name: string,
  all: readonly Bootable[],
  seen: ReadonlySet<string>,
  issues: Issues,
): void {
  const { error } = issues;
  const at = ['boot', 'order', index] as const;
  const named = all.filter((one) => one.name === name);
  const [found] = named;
  if (found === undefined) {
    error(
      at,
      'boot-name-unknown',
      (field) => `${field} is ${show(name)}, and no disk, drive or network interface is called that.`,
    );
  } else if (named.length > 1) {
    error(
      at,
      'boot-name-ambiguous',
      (field) => `${field} is ${show(name)}, and ${named.length} things are called that.`,
    );
  } else if (seen.has(name)) {
    wordTwice(at, name, issues);
  } else if (found.list === 'interfaces' && network.interfaces?.[found.index]?.pxe === false) {
    error(
      at,
      'boot-needs-pxe',
      (field) => `${field} is ${show(name)}, an interface without the ROM that boots from a network.`,
    );
  } else if (found.list === 'interfaces' && network.interfaces?.[found.index]?.type === 'none') {
    error(
      at,
      'boot-name-unknown',
      (field) => `${field} is ${show(name)}, an interface of the type "none", which adds no card.`,
    );
  }
}

/** What the firmware tries, first to last. */
export function bootOrder(draft: Draft): readonly Bootable[] {
  const all = bootables(draft);
  const { order = [] } = draft.boot;
  if (order.length > 0) return order.flatMap((name) => all.find((one) => one.name === name) ?? []);
  if (draft.kernel.enabled === true) return [];
  const { disks = [], cdroms = [] } = draft.storage;
  const ofDisks = all.filter(({ list }) => list === 'disks');
  const isFirst = ({ index }: Bootable): boolean => disks[index]?.boot === true;
  return [
    ...ofDisks.filter(isFirst),
    ...ofDisks.filter((one) => !isFirst(one)),
    ...all.filter(({ list, index }) => list === 'cdroms' && cdroms[index]?.path !== undefined),
  ];
}

/** The number that a thing has in the order, from 1; `undefined` for what is not tried. */
export function bootIndexIn(
  order: readonly Bootable[],
  list: Bootable['list'],
  index: number,
): number | undefined {
  const place = order.findIndex((one) => one.list === list && one.index === index);
  return place === -1 ? undefined : place + 1;
}
