/** Network interfaces: the cards of the guest, and what each leads to on the host. */
import type { HostFacts } from '../facts/host_facts.ts';
import { absolutePath } from '../needs/named_path.ts';
import type { Need } from '../needs/need.ts';
import { show } from '../profile/show.ts';
import { bootIndexIn, bootOrder } from './boot.ts';
import { bridgeNetdev } from './bridge.ts';
import { checkBackend } from './host_backends.ts';
import { streamNetdev } from './link.ts';
import { checkMacs, plannedMac } from './mac.ts';
import { duplicateNames } from './names.ts';
import { cardDevice } from './network_card.ts';
import {
  type Interface,
  type InterfaceType,
  interfacesOf,
  type Placed,
  SHARED_TYPES,
  TYPES_WITH_CARD,
} from './network_keys.ts';
import { checkOnlyFor } from './only_for.ts';
import { type Part, part } from './part.ts';
import { defaultPasstSocket, passtSocket } from './passt.ts';
import { defaultablePathWhy } from './path_why.ts';
import type { DraftInterface, Issues, Profile } from './profile.ts';
import { tapNetdev } from './tap.ts';
import type { Topic } from './topic.ts';
import { userNetdev } from './user_network.ts';
import { vmnetNetdev } from './vmnet.ts';

/** Keys of version 2, the types that each is for, and its value that says nothing. */
export const KEYS_OF_TYPES = {
  model: { types: TYPES_WITH_CARD, silent: 'virtio-net-pci' },
  bridge: { types: ['bridge'], silent: 'br0' },
  ifname: { types: ['tap', 'vmnet-bridged'], silent: undefined },
  queues: { types: ['tap'], silent: 1 },
  vhost: { types: ['tap'], silent: false },
  mtu: { types: TYPES_WITH_CARD, silent: undefined },
  pxe: { types: TYPES_WITH_CARD, silent: true },
  subnet: { types: ['user'], silent: undefined },
  host_address: { types: ['user'], silent: undefined },
  dns_address: { types: ['user'], silent: undefined },
  hostname: { types: ['user'], silent: undefined },
  restrict: { types: ['user'], silent: false },
  ipv6: { types: ['user'], silent: true },
  tftp: { types: ['user'], silent: undefined },
  bootfile: { types: ['user'], silent: undefined },
  socket_path: { types: ['passt', 'socket'], silent: undefined },
  socket_role: { types: ['socket'], silent: undefined },
} as const satisfies Partial<
  Record<keyof Interface, { readonly types: readonly InterfaceType[]; readonly silent: unknown }>
>;

type KeyOfTypes = keyof typeof KEYS_OF_TYPES;

export const network: Topic = {
  checkProfile: (draft, issues) => {
    const interfaces = draft.network.interfaces ?? [];
    duplicateNames(
      [{ elements: interfaces, placeOf: (index) => ['network', 'interfaces', index, 'name'] }],
      issues,
    );
    for (const placed of interfacesOf(draft)) {
      setupRule(placed, issues);
      keyRules(placed, issues);
    }
    checkMacs(draft.vm.name, interfaces, issues);
  },
  checkOnHost: (draft, { facts: { os } }, issues) => {
    for (const { one, at } of interfacesOf(draft)) checkBackend([...at, 'type'], one.type, os, issues);
  },
  needs: (draft) =>
    interfacesOf(draft).flatMap(({ one, at }): Need[] => {
      const { type } = one;
      if (type === undefined || type === 'none') return [];
      const mac = SHARED_TYPES.includes(type) ? plannedMac(draft.vm.name, one) : null;
      return [
        { kind: 'qemu-backend', at: [...at, 'type'], option: 'netdev', name: NETDEVS[type] ?? type },
        ...(mac === null ? [] : [{ kind: 'mac', at: [...at, 'mac'], mac: mac.toLowerCase() } as const]),
      ];
    }),
  slots: ({ network: { interfaces = [] } }) => [
    { at: ['network', 'interfaces'], slots: interfaces.filter(({ type }) => type !== 'none').length },
  ],
  args: (profile, { facts }) => {
    const order = bootOrder(profile);
    return profile.network.interfaces.flatMap((one, index) =>
      one.type === 'none'
        ? []
        : cardPart(profile, one, index, bootIndexIn(order, 'interfaces', index), facts),
    );
  },
};

/** Those that QEMU calls otherwise. */
const NETDEVS: Readonly<Partial<Record<InterfaceType, string>>> = {
  passt: 'stream',
  socket: 'stream',
  isolated: 'hubport',
};

function setupRule({ at, one }: Placed, { warning }: Issues): void {
  const what = setupOf(one);
  if (what === null) return;
  warning(
    [...at, 'type'],
    'host-network-setup',
    (field) => `${field} is ${show(one.type as string)}; it needs ${what}.`,
  );
}

/** What only an administrator of the host can give; `null` for nothing. */
function setupOf({ type, bridge }: DraftInterface): string | null {
  switch (type) {
    case 'tap':
      return 'a tap device on the host';
    case 'bridge':
      return `the bridge ${bridge} and its helper on the host`;
    case 'vmnet-shared':
    case 'vmnet-host':
    case 'vmnet-bridged':
      return 'a QEMU that runs as root';
    default:
      return null;
  }
}

function keyRules({ at, one }: Placed, issues: Issues): void {
  for (const key of Object.keys(KEYS_OF_TYPES) as KeyOfTypes[]) {
    const { types, silent } = KEYS_OF_TYPES[key];
    const value = one[key];
    if (value === undefined || value === silent) continue;
    checkOnlyFor(
      [...at, key],
      typeof value === 'string' ? show(value) : String(value),
      [{ on: 'type', is: one.type, allowed: types, instead: `Remove it, or write type = "${types[0]}".` }],
      issues,
    );
  }
}

/** The network and its card. */
function cardPart(
  profile: Profile,
  one: Interface,
  index: number,
  bootindex: number | undefined,
  facts: HostFacts,
): Part {
  const { name, type } = one;
  const vmName = profile.vm.name;
  const list = '/network/interfaces';
  const keys = [
    'name',
    'type',
    ...(one.hostfwd.length > 0 && type === 'user' ? ['hostfwd'] : []),
    ...(one.mac === undefined ? [] : ['mac']),
    ...(Object.keys(KEYS_OF_TYPES) as KeyOfTypes[]).filter(
      (key) => one[key] !== undefined && one[key] !== KEYS_OF_TYPES[key].silent,
    ),
  ];
  const pointers = keys.map((key) => `${list}/${index}/${key}`);
  if (bootindex !== undefined) pointers.push('/boot/order');
  const isMacMade = one.mac === undefined && plannedMac(vmName, one) !== null;
  const isMadeOfNames = isMacMade || (type === 'passt' && one.socket_path === undefined);
  const whys = [isMacMade ? MAC_WHY : null, whyOfPath(vmName, one, facts)].filter((why) => why !== null);
  return part(
    'network',
    pointers,
    ['-netdev', netdev(profile, index, facts), '-device', cardDevice(vmName, one, bootindex)],
    {
      element: { name, list, index },
      ...(whys.length > 0 && { why: whys.join(' ') }),
      ...(isMadeOfNames && { decidedBy: ['/vm/name'] }),
      ...(type === 'isolated' && {
        form: String(hubOf(profile.network.interfaces, index)),
        formDecidedBy: FORM,
      }),
    },
  );
}

/** Another interface that comes, goes or changes its type gives later ones another hub. */
const FORM = /^\/network\/interfaces\/[0-9]+(?:\/type)?$/;

const MAC_WHY = 'The address is made from the names of the VM and the interface, so that it stays the same.';

/** The one path that an interface has. */
function whyOfPath(vmName: string, one: Interface, facts: HostFacts): string | null {
  const text = one.type === 'passt' ? passtSocket(vmName, one) : (one.socket_path ?? one.tftp);
  return text === undefined
    ? null
    : defaultablePathWhy(absolutePath(facts, text), text, defaultPasstSocket(vmName, one.name) as string);
}

/** The value of `-netdev`. */
function netdev({ vm, network: { interfaces } }: Profile, index: number, facts: HostFacts): string {
  const one = interfaces[index] as Interface;
  const { name, type } = one;
  switch (type) {
    case 'tap':
      return tapNetdev(one);
    case 'bridge':
      return bridgeNetdev(one);
    case 'passt':
      return streamNetdev(name, 'connect', passtSocket(vm.name, one) as string, facts);
    case 'socket':
      return streamNetdev(name, one.socket_role as 'listen' | 'connect', one.socket_path as string, facts);
    case 'isolated':
      return `hubport,id=${name},hubid=${hubOf(interfaces, index)}`;
    case 'vmnet-shared':
    case 'vmnet-host':
    case 'vmnet-bridged':
      return vmnetNetdev(one);
    default:
      return userNetdev(one, facts);
  }
}

/** A hub of its own for each, numbered from 1. */
function hubOf(interfaces: readonly Interface[], index: number): number {
  return interfaces.slice(0, index + 1).filter(({ type }) => type === 'isolated').length;
}
