/** What the guest is told of each network card, besides what every version has. */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Device, withChildren } from '../qtree.ts';
import type { Topic } from './topic.ts';

interface Options {
  /** 0 where the guest is told none. */
  readonly mtu: number;
  readonly hasRom: boolean;
  /** Interrupts, where there are several queues to serve. */
  readonly vectors: number | null;
}

export const networkCards: Topic = {
  make: ({ profile, place }) => {
    for (const { type, tftp, socket_path } of profile.network?.interfaces ?? []) {
      if (tftp !== undefined) mkdirSync(place(tftp), { recursive: true });
      if (type === 'socket') mkdirSync(dirname(place(String(socket_path))), { recursive: true });
    }
  },
  means: ({ profile }) => ({
    'card options': Object.fromEntries(
      (profile.network?.interfaces ?? [])
        .filter(({ type }) => type !== 'none')
        .map(({ name, mtu = 0, pxe = true, queues = 1 }): [string, Options] => [
          name,
          { mtu, hasRom: pxe, vectors: queues > 1 ? 2 * queues + 2 : null },
        ])
        .sort(),
    ),
  }),
  seen: async ({ devices }) => ({
    'card options': Object.fromEntries(
      devices
        .filter(({ properties }) => properties.romfile !== undefined)
        .map(propertiesOf)
        .filter(({ netdev }) => netdev !== undefined)
        .map((properties): [string, Options] => [
          String(properties.netdev),
          {
            mtu: Number(properties.host_mtu ?? 0),
            hasRom: properties.romfile !== '',
            vectors: properties.mq === 'true' ? Number(properties.vectors) : null,
          },
        ])
        .sort(),
    ),
  }),
};

/** Some are those of the virtio device behind the one on the bus. */
function propertiesOf(device: Device): Device['properties'] {
  return Object.assign({}, ...withChildren(device).map(({ properties }) => properties));
}
