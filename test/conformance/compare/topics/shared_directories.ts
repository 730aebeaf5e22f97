/** Disks of the format `host-path`, and `[[shares]]` after them. */
import { mkdirSync } from 'node:fs';
import type { Device } from '../qtree.ts';
import type { Asked, Seen, Topic } from './topic.ts';

interface Shared {
  readonly name: string;
  readonly path: string;
}

export function sharesOf({ profile, place }: Asked): Shared[] {
  const disks = (profile.storage?.disks ?? []).filter(({ format }) => format === 'host-path');
  const shares = profile.schema_version === 1 ? [] : (profile.shares ?? []);
  return [...disks, ...shares].map(({ name, path }) => ({ name, path: place(path) }));
}

export const sharedDirectories: Topic = {
  make: (asked) => {
    for (const { path } of sharesOf(asked)) mkdirSync(path, { recursive: true });
  },
  means: (asked) => ({ shares: sharesOf(asked).map(({ name, path }) => ({ tag: name, directory: path })) }),
  seen: async (seen) => ({ shares: sharesSeen(seen) }),
  devices: (asked) => {
    const count = sharesOf(asked).length;
    return [
      ['virtio-9p-pci', count],
      ['virtio-9p-device', count],
    ];
  },
  files: (asked) => sharesOf(asked).map(({ path }) => ({ path, use: 'directory' })),
};

/** The tree has the tags but no paths; Linux has the directories, opened in the order of the devices. */
function sharesSeen({ devices, things: { directories } }: Seen): unknown {
  const shares = devices.filter(({ type }) => type === 'virtio-9p-pci');
  const slot = ({ properties: { addr = '' } }: Device): string => addr;
  shares.sort((left, right) => (slot(left) < slot(right) ? -1 : 1));
  return shares.map(({ children: [inner] }, index) => ({
    tag: inner?.properties.mount_tag,
    directory: directories[index] ?? '',
  }));
}
