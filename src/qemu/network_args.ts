import type { NetworkCard, ResolvedContext } from '../context/resolve_context.ts';
import { printHostForward } from '../profile/hostfwd.ts';
import { madeOnce } from '../profile/made_once.ts';
import { origin, type Part } from './part.ts';

/** The host bridge of `bridge` interfaces. */
export const BRIDGE = 'br0';

const GENERATED_MAC =
  'The address is made from the names of the VM and the interface, so that it stays the same.';

type MacSource = 'profile' | 'names' | 'qemu';

const cardOrigin = madeOnce((mac: MacSource) =>
  madeOnce((hasForwards: boolean) =>
    madeOnce((index: number) => {
      const card = `/network/interfaces/${index}`;
      const pointers = [`${card}/name`, `${card}/type`];
      if (hasForwards) pointers.push(`${card}/hostfwd`);
      if (mac === 'profile') pointers.push(`${card}/mac`);
      return origin('network', pointers, mac === 'names' ? GENERATED_MAC : null);
    }),
  ),
);

/** Network cards in profile order. No script is ever run for a tap device. */
export function networkArgs({ cards }: ResolvedContext): Part[] {
  return cards.map(netdevAndDevice);
}

function netdevAndDevice(card: NetworkCard): Part {
  return {
    origin: cardOrigin(macSource(card))(card.forwards.length > 0)(card.index),
    elements: [
      '-netdev',
      netdev(card),
      '-device',
      `virtio-net-pci,netdev=${card.name}${card.mac === null ? '' : `,mac=${card.mac}`}`,
    ],
  };
}

function netdev({ name, type, forwards }: NetworkCard): string {
  switch (type) {
    case 'user': {
      let text = `user,id=${name}`;
      for (const forward of forwards) text += `,hostfwd=${printHostForward(forward)}`;
      return text;
    }
    case 'tap':
      return `tap,id=${name},ifname=${name},script=no,downscript=no`;
    case 'bridge':
      return `bridge,id=${name},br=${BRIDGE}`;
  }
}

function macSource({ mac, isMacGenerated }: NetworkCard): MacSource {
  if (isMacGenerated) return 'names';
  return mac === null ? 'qemu' : 'profile';
}
