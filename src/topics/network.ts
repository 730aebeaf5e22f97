/** Network interfaces: the cards of the guest, and what each leads to on the host. */
import type { Need } from '../needs/need.ts';
import { list, table, text, type ValueOf, word } from '../profile/key.ts';
import { fieldOf } from '../profile/path.ts';
import { show } from '../profile/show.ts';
import { byteLength } from '../profile/text.ts';
import { checkArgumentLength } from './argument_length.ts';
import { bootIndexIn, bootOrder } from './boot.ts';
import { checkBackend } from './host_backends.ts';
import {
  boundAddress,
  FORWARD_MISTAKE,
  FORWARD_PATTERN,
  guestTrouble,
  isNeverConnected,
  parseHostForward,
  printHostForward,
} from './host_forward.ts';
import { checkMacs, plannedMac } from './mac.ts';
import { duplicateNames, MOST_DEVICES, nameKey } from './names.ts';
import { type Part, part } from './part.ts';
import type { DraftInterface, Issues } from './profile.ts';
import type { Topic } from './topic.ts';

export const INTERFACE_TYPES = ['user', 'tap', 'bridge', 'none'] as const;

/** More rules than fit into the longest argument that a process can get. */
export const MOST_FORWARDS = 8192;
/** IFNAMSIZ of Linux less the closing NUL: the kernel cuts longer device names. */
const LONGEST_DEVICE_NAME = 15;
/** Linux lets only privileged processes bind ports below this one. */
const FIRST_UNPRIVILEGED_PORT = 1024;
/** The host bridge of `bridge` interfaces. */
const BRIDGE = 'br0';

const INTERFACE = table('A network interface.', {
  name: nameKey(
    'Unique among the interfaces. For `tap` the name of the host device, at most 15 characters.',
    'net0',
  ),
  type: word(
    INTERFACE_TYPES,
    '`user` needs nothing of the host, `tap` a device of that name, `bridge` the bridge `br0`; `none` adds no card.',
    { required: true },
  ),
  hostfwd: list(
    text(null, {
      required: true,
      pattern: FORWARD_PATTERN,
      mistake: FORWARD_MISTAKE,
      examples: ['tcp:127.0.0.1:2222-:22'],
    }),
    'Port forwards `(tcp|udp):[hostaddr]:hostport-[guestaddr]:guestport`, IPv4; only on `user`.',
    { most: MOST_FORWARDS },
  ),
  mac: text(
    'Unicast, not all zero. Default: QEMU’s own for `user`, a stable one made from the names for `tap` and `bridge`.',
    {
      pattern: '^[0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2}){5}$',
      mistake: {
        code: 'invalid-mac',
        must: 'be six hexadecimal octets with ":" between them',
        suggestion: 'Write an address such as "52:54:00:0a:0b:0c".',
      },
      lowerCase: true,
      examples: ['52:54:00:0a:0b:0c'],
    },
  ),
});

export const NETWORK = table('Network interfaces; none means no network card.', {
  interfaces: list(INTERFACE, 'Network interfaces, in order.', { most: MOST_DEVICES }),
});

export type Interface = ValueOf<typeof INTERFACE>;

export const network: Topic = {
  checkProfile: ({ vm, network: { interfaces = [] } }, issues) => {
    duplicateNames(
      [{ elements: interfaces, placeOf: (index) => ['network', 'interfaces', index, 'name'] }],
      issues,
    );
    for (const [index, netInterface] of interfaces.entries()) {
      hostDeviceRules(index, netInterface, issues);
      forwardRules(index, netInterface, issues);
    }
    checkMacs(vm.name, interfaces, issues);
  },
  checkOnHost: ({ network: { interfaces = [] } }, { facts: { os } }, issues) => {
    for (const [index, { type }] of interfaces.entries())
      checkBackend(['network', 'interfaces', index, 'type'], type, os, issues);
  },
  needs: ({ vm, network: { interfaces = [] } }) =>
    interfaces.flatMap((netInterface, index) => [
      ...interfaceNeeds(netInterface, index),
      ...addressNeeds(vm.name, netInterface, index),
    ]),
  slots: ({ network: { interfaces = [] } }) => [
    { at: ['network', 'interfaces'], slots: interfaces.filter(({ type }) => type !== 'none').length },
  ],
  args: (profile) => {
    const order = bootOrder(profile);
    return profile.network.interfaces.flatMap((one, index) =>
      one.type === 'none'
        ? []
        : cardPart(profile.vm.name, one, index, bootIndexIn(order, 'interfaces', index)),
    );
  },
};

function hostDeviceRules(index: number, { name, type }: DraftInterface, { error, warning }: Issues): void {
  if (type !== 'tap' && type !== 'bridge') return;
  const device = type === 'tap' ? 'a tap device' : `the bridge ${BRIDGE} and its helper`;
  warning(
    ['network', 'interfaces', index, 'type'],
    'host-network-setup',
    (field) => `${field} is "${type}"; it needs ${device} on the host.`,
  );
  if (type === 'tap' && name !== undefined && name.length > LONGEST_DEVICE_NAME) {
    error(
      ['network', 'interfaces', index, 'name'],
      'interface-name-too-long',
      (field) =>
        `${field} has ${name.length} characters; the name of a tap device has at most ${LONGEST_DEVICE_NAME}.`,
      `Write a name of at most ${LONGEST_DEVICE_NAME} characters.`,
    );
  }
}

function forwardRules(index: number, { name, type, hostfwd = [] }: DraftInterface, issues: Issues): void {
  if (hostfwd.length === 0) return;
  const at = ['network', 'interfaces', index, 'hostfwd'] as const;
  if (type !== undefined && type !== 'user') {
    issues.error(
      at,
      'hostfwd-needs-user',
      (field) =>
        `${field} has ${hostfwd.length} rules on type ${show(type)}; only a "user" interface forwards ports.`,
    );
  }
  const bytes = hostfwd.reduce(
    (sum, rule) => sum + byteLength(`,hostfwd=${rule ?? ''}`),
    byteLength(`user,id=${name}`),
  );
  checkArgumentLength(at, bytes, 'Forward fewer ports, or spread them over several interfaces.', issues);
  if (type !== 'user') return;
  for (const [rule, text] of hostfwd.entries())
    if (text !== undefined) addressRules(index, rule, text, issues);
}

function addressRules(index: number, rule: number, text: string, { error, warning }: Issues): void {
  const at = ['network', 'interfaces', index, 'hostfwd', rule] as const;
  const forward = parseHostForward(text);
  const { hostAddress, hostPort, guestAddress, guestPort } = forward;
  const trouble = guestTrouble(forward);
  if (trouble !== null) {
    warning(at, 'hostfwd-guest-unreachable', `${fieldOf(at)} forwards to ${guestAddress}, which ${trouble}.`);
  }
  if (isNeverConnected(forward)) {
    error(
      at,
      'hostfwd-address-unreachable',
      `${fieldOf(at)} waits for connections on ${hostAddress}, which is an address for datagrams to many hosts; nobody can connect to it.`,
    );
  } else if (!hostAddress.startsWith('127.')) {
    warning(
      at,
      'hostfwd-not-loopback',
      `${fieldOf(at)} listens on ${boundAddress(forward)}; other machines can reach the guest's port ${guestPort}.`,
    );
  }
  if (hostPort < FIRST_UNPRIVILEGED_PORT) {
    warning(
      at,
      'hostfwd-privileged-port',
      `${fieldOf(at)} listens on port ${hostPort}; ports under ${FIRST_UNPRIVILEGED_PORT} need privilege on most hosts.`,
    );
  }
}

function interfaceNeeds({ name, type, hostfwd = [] }: DraftInterface, index: number): Need[] {
  const at = ['network', 'interfaces', index] as const;
  switch (type) {
    case 'user':
      return hostfwd.flatMap((text, rule) => {
        if (text === undefined) return [];
        const forward = parseHostForward(text);
        const { protocol, hostPort } = forward;
        const address = boundAddress(forward);
        return [{ kind: 'port', at: [...at, 'hostfwd', rule], protocol, address, port: hostPort }];
      });
    case 'tap':
      return name === undefined ? [] : [{ kind: 'tap', at: [...at, 'name'], device: name }];
    case 'bridge':
      return [{ kind: 'bridge', at: [...at, 'type'], bridge: BRIDGE, netdev: name }];
    default:
      return [];
  }
}

/** Other machines see the address of a card on a tap device or a bridge. */
function addressNeeds(vmName: string | undefined, one: DraftInterface, index: number): Need[] {
  if (one.type !== 'tap' && one.type !== 'bridge') return [];
  const mac = plannedMac(vmName, one);
  return mac === null
    ? []
    : [{ kind: 'mac', at: ['network', 'interfaces', index, 'mac'], mac: mac.toLowerCase() }];
}

/** The network and its card. No script is ever run for a tap device. */
function cardPart(vmName: string, one: Interface, index: number, bootindex: number | undefined): Part {
  const { name, hostfwd } = one;
  const list = '/network/interfaces';
  const at = `${list}/${index}`;
  const mac = plannedMac(vmName, one);
  const isMacGenerated = mac !== null && one.mac === undefined;
  const pointers = [`${at}/name`, `${at}/type`];
  if (hostfwd.length > 0) pointers.push(`${at}/hostfwd`);
  if (one.mac !== undefined) pointers.push(`${at}/mac`);
  if (bootindex !== undefined) pointers.push('/boot/order');
  const device = [
    `virtio-net-pci,netdev=${name}`,
    ...(mac === null ? [] : [`mac=${mac}`]),
    ...(bootindex === undefined ? [] : [`bootindex=${bootindex}`]),
  ].join(',');
  return part('network', pointers, ['-netdev', netdev(one), '-device', device], {
    element: { name, list, index },
    ...(isMacGenerated && {
      why: 'The address is made from the names of the VM and the interface, so that it stays the same.',
      decidedBy: ['/vm/name'],
    }),
  });
}

function netdev({ name, type, hostfwd }: Interface): string {
  switch (type) {
    case 'tap':
      return `tap,id=${name},ifname=${name},script=no,downscript=no`;
    case 'bridge':
      return `bridge,id=${name},br=${BRIDGE}`;
    default: {
      const forwards = hostfwd.map((rule) => `,hostfwd=${printHostForward(parseHostForward(rule))}`);
      return `user,id=${name}${forwards.join('')}`;
    }
  }
}
