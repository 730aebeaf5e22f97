/** `vmnet-…` interfaces: the networks of macOS. */
import { show } from '../profile/show.ts';
import { type InterfaceType, interfacesOfType } from './network_keys.ts';
import { checkOnlyFor } from './only_for.ts';
import type { DraftInterface } from './profile.ts';
import type { Topic } from './topic.ts';

export const VMNET_TYPES = [
  'vmnet-shared',
  'vmnet-host',
  'vmnet-bridged',
] as const satisfies readonly InterfaceType[];

export const vmnet: Topic = {
  checkProfile: (draft, { error, isRefused }) => {
    for (const { one, at } of interfacesOfType(draft, 'vmnet-bridged')) {
      const place = [...at, 'ifname'] as const;
      if (one.ifname !== undefined || isRefused(place)) continue;
      error(
        place,
        'missing-field',
        (field) => `${field} is required on the type "vmnet-bridged" and is not there.`,
        'Add the network device that the VM is to share, such as ifname = "en0".',
      );
    }
  },
  checkOnHost: (draft, { facts: { os } }, issues) => {
    for (const { one, at } of interfacesOfType(draft, ...VMNET_TYPES))
      checkOnlyFor(
        [...at, 'type'],
        show(one.type as string),
        [{ on: 'os', is: os, allowed: ['darwin'], instead: 'Write type = "user".' }],
        issues,
      );
  },
  needs: (draft) =>
    interfacesOfType(draft, ...VMNET_TYPES).map(({ one, at }) => ({
      kind: 'vmnet' as const,
      at: [...at, 'type'],
      type: one.type as (typeof VMNET_TYPES)[number],
      device: one.type === 'vmnet-bridged' ? one.ifname : undefined,
    })),
};

export function vmnetNetdev({ name, type, ifname }: DraftInterface): string {
  return type === 'vmnet-bridged' ? `${type},id=${name},ifname=${ifname}` : `${type},id=${name}`;
}
