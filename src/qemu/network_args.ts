import type { NetworkCard, ResolvedContext } from '../context/resolve_context.ts';
import { printHostForward } from '../profile/hostfwd.ts';
import { type Part, part } from './part.ts';

/** The host bridge of `bridge` interfaces. */
export const BRIDGE = 'br0';

/** Network cards in profile order. No script is ever run for a tap device. */
export function networkArgs({ cards }: ResolvedContext): Part[] {
  return cards.map((card) =>
    part(
      'network',
      [
        '-netdev',
        netdev(card),
        '-device',
        `virtio-net-pci,netdev=${card.name}${card.mac === null ? '' : `,mac=${card.mac}`}`,
      ],
      pointersOf(card),
      card.isMacGenerated
        ? 'The address is made from the names of the VM and the interface, so that it stays the same.'
        : null,
    ),
  );
}

function netdev({ name, type, forwards }: NetworkCard): string {
  switch (type) {
    case 'user':
      return `user,id=${name}${forwards.map((forward) => `,hostfwd=${printHostForward(forward)}`).join('')}`;
    case 'tap':
      return `tap,id=${name},ifname=${name},script=no,downscript=no`;
    case 'bridge':
      return `bridge,id=${name},br=${BRIDGE}`;
  }
}

function pointersOf({ index, forwards, mac, isMacGenerated }: NetworkCard): string[] {
  const card = `/network/interfaces/${index}`;
  return [
    `${card}/name`,
    `${card}/type`,
    ...(forwards.length > 0 ? [`${card}/hostfwd`] : []),
    ...(mac !== null && !isMacGenerated ? [`${card}/mac`] : []),
  ];
}
