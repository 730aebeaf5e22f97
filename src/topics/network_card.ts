/** Network cards: what the guest sees of an interface. */
import { show } from '../profile/show.ts';
import { plannedMac } from './mac.ts';
import { interfacesOf, type Placed } from './network_keys.ts';
import type { DraftInterface, Issues } from './profile.ts';
import { hasQueues } from './tap.ts';
import type { Topic } from './topic.ts';

const VIRTIO = 'virtio-net-pci';
/** What a network has to carry for IPv6 (RFC 8200). */
const IPV6_MTU = 1280;

export const networkCard: Topic = {
  checkProfile: (draft, issues) => {
    for (const placed of interfacesOf(draft)) {
      const { one } = placed;
      if (one.type === undefined || one.type === 'none') continue;
      mtuRules(placed, issues);
      if (one.type !== 'tap') continue;
      if (hasQueues(one)) virtioRule(placed, 'queues', 'queues-need-virtio', issues);
      if (one.vhost === true) virtioRule(placed, 'vhost', 'vhost-needs-virtio', issues);
    }
  },
};

function virtioRule(
  { at, one }: Placed,
  key: 'mtu' | 'queues' | 'vhost',
  code: 'mtu-needs-virtio' | 'queues-need-virtio' | 'vhost-needs-virtio',
  { error }: Issues,
): void {
  const { model } = one;
  if (model === undefined || model === VIRTIO) return;
  error(
    [...at, key],
    code,
    (field) => `${field} is ${one[key]}, and the card is ${show(model)}, which does not know it.`,
  );
}

function mtuRules(placed: Placed, issues: Issues): void {
  const { at, one } = placed;
  const { mtu, type } = one;
  if (mtu === undefined) return;
  const place = [...at, 'mtu'] as const;
  virtioRule(placed, 'mtu', 'mtu-needs-virtio', issues);
  if (mtu < IPV6_MTU)
    issues.warning(
      place,
      'mtu-under-ipv6',
      (field) =>
        `${field} is ${mtu}; the guest can have no IPv6 on a network of less than ${IPV6_MTU} bytes.`,
    );
  if (type === 'tap' || type === 'bridge')
    issues.warning(
      place,
      'mtu-host-side-not-set',
      (field) => `${field} is ${mtu}, which only the guest is told of; the device of the host keeps its own.`,
    );
}

/** The value of `-device`. An empty ROM is none. */
export function cardDevice(vmName: string, one: DraftInterface, bootindex: number | undefined): string {
  const { name, model, pxe, mtu, queues = 1 } = one;
  const mac = plannedMac(vmName, one);
  return [
    model,
    `netdev=${name}`,
    ...(mac === null ? [] : [`mac=${mac}`]),
    ...(pxe === false ? ['romfile='] : []),
    ...(bootindex === undefined ? [] : [`bootindex=${bootindex}`]),
    ...(mtu === undefined ? [] : [`host_mtu=${mtu}`]),
    // A queue is two, in and out; two more are for control and for changes of the card.
    ...(hasQueues(one) ? ['mq=on', `vectors=${2 * queues + 2}`] : []),
  ].join(',');
}
