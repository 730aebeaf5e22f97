/** Sockets between the guest and programs of the host, without a network. */
import { count } from '../profile/key.ts';
import { jsonOption } from '../qemu/json_option.ts';
import { checkOnlyFor } from './only_for.ts';
import { part } from './part.ts';
import type { Topic } from './topic.ts';

/** 0 to 2 are for the host, and the last number of 32 bits stands for any. */
export const VSOCK_KEYS = {
  vsock_cid: count(
    'The number by which the host and the guest know the guest on sockets of the kind vsock; no other VM of the host can have it. Only on Linux.',
    { minimum: 3, maximum: 4294967294 },
  ),
};

export const vsock: Topic = {
  checkOnHost: ({ devices: { vsock_cid } }, { facts: { os } }, issues) => {
    if (vsock_cid === undefined) return;
    checkOnlyFor(
      ['devices', 'vsock_cid'],
      String(vsock_cid),
      [{ on: 'os', is: os, allowed: ['linux'], instead: 'Use [[channels]], which other systems have too.' }],
      issues,
    );
  },
  needs: ({ devices: { vsock_cid } }) =>
    vsock_cid === undefined ? [] : [{ kind: 'vsock', at: ['devices', 'vsock_cid'], cid: vsock_cid }],
  slots: ({ devices: { vsock_cid } }) => [{ at: ['devices'], slots: vsock_cid === undefined ? 0 : 1 }],
  args: ({ devices: { vsock_cid } }) => {
    if (vsock_cid === undefined) return [];
    const device = { driver: 'vhost-vsock-pci', 'guest-cid': vsock_cid, id: 'vsock0' };
    return [
      part('devices', ['/devices/vsock_cid'], ['-device', jsonOption(device)], {
        element: { name: device.id, list: '/devices/vsock_cid', index: 0 },
      }),
    ];
  },
};
