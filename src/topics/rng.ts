/** A source of random numbers for the guest. */
import { flag } from '../profile/key.ts';
import { jsonOption } from '../qemu/json_option.ts';
import { part } from './part.ts';
import type { Topic } from './topic.ts';

export const RNG_KEYS = {
  rng: flag('Whether the guest has a source of random numbers, those of QEMU.', { default: false }),
};

const ID = 'rng0';

export const rng: Topic = {
  slots: ({ devices: { rng } }) => [{ at: ['devices'], slots: rng === true ? 1 : 0 }],
  args: ({ devices: { rng } }) =>
    rng
      ? [
          part(
            'devices',
            ['/devices/rng'],
            [
              '-object',
              `rng-builtin,id=${ID}`,
              '-device',
              jsonOption({ driver: 'virtio-rng-pci', id: ID, rng: ID }),
            ],
            { element: { name: ID, list: '/devices/rng', index: 0 } },
          ),
        ]
      : [],
};
