/** The keys of a network interface. */
import { count, flag, list, path, table, text, type ValueOf, word } from '../profile/key.ts';
import { FORWARD_MISTAKE, FORWARD_PATTERN, QUAD } from './host_forward.ts';
import { MOST_DEVICES, nameKey } from './names.ts';
import type { Draft, DraftInterface } from './profile.ts';

export const INTERFACE_TYPES = ['user', 'tap', 'bridge', 'none'] as const;
/** Those that version 2 brought besides. */
export const INTERFACE_TYPES_SINCE_2 = [
  'passt',
  'socket',
  'isolated',
  'vmnet-shared',
  'vmnet-host',
  'vmnet-bridged',
] as const;

/** All of them are on the bus of every machine. */
export const CARD_MODELS = ['virtio-net-pci', 'e1000e', 'e1000', 'rtl8139', 'vmxnet3', 'pcnet'] as const;

/** More rules than fit into the longest argument that a process can get. */
export const MOST_FORWARDS = 8192;

/** What virtio-net takes more of nobody has a use for. */
const MOST_QUEUES = 16;

/** The most that an IPv4 packet and the card can hold; the least that IPv4 asks for. */
const LARGEST_MTU = 65535;
const SMALLEST_MTU = 68;

/** IFNAMSIZ of Linux less the closing NUL, and nothing that the kernel expands. */
const DEVICE_NAME = {
  pattern: '^[A-Za-z0-9_][A-Za-z0-9_.-]{0,14}$',
  mistake: {
    code: 'invalid-name',
    must: 'start with a letter, a digit or "_" and go on with those, "." and "-", at most 15 characters in all',
    suggestion: 'Write the name of a network device, such as "br0" or "tap0".',
    coversBlank: true,
  },
  since: 2,
} as const;

const ADDRESS = {
  pattern: `^${QUAD}$`,
  mistake: {
    code: 'invalid-address',
    must: 'be an IPv4 address without leading zeros',
    suggestion: 'Write an address such as "10.5.0.2".',
  },
  since: 2,
} as const;

/** As others write it: with other signs between the digits, or none. */
function meantMac(text: string): string | null {
  const digits = text.replace(/[-:. ]/g, '').toLowerCase();
  const octets = /^[0-9a-f]{12}$/.test(digits) ? digits.match(/../g) : null;
  return octets === null ? null : `Write "${octets.join(':')}".`;
}

const LABEL = '[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?';

const INTERFACE = table('A network interface.', {
  name: nameKey(
    'Unique among the interfaces. For `tap` the name of the host device unless `ifname` is, at most 15 characters.',
    'net0',
  ),
  type: word(
    INTERFACE_TYPES,
    '`user` needs nothing of the host, `tap` a device of that name, `bridge` a bridge; `passt` the program passt; `socket` links two VMs, `isolated` leads nowhere; `vmnet-…` are the networks of macOS; `none` adds no card.',
    { required: true, since2: INTERFACE_TYPES_SINCE_2 },
  ),
  hostfwd: list(
    text(null, {
      required: true,
      pattern: FORWARD_PATTERN,
      mistake: FORWARD_MISTAKE,
      examples: ['tcp:127.0.0.1:2222-:22'],
    }),
    'Port forwards `(tcp|udp):[hostaddr]:hostport-[guestaddr]:guestport`, IPv4; only on `user` and `passt`.',
    { most: MOST_FORWARDS },
  ),
  mac: text(
    'Unicast, not all zero. Default: QEMU’s own for `user`, a stable one made from the names for every other type.',
    {
      pattern: '^[0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2}){5}$',
      mistake: {
        code: 'invalid-mac',
        must: 'be six hexadecimal octets with ":" between them',
        suggestion: 'Write an address such as "52:54:00:0a:0b:0c".',
        meant: meantMac,
      },
      lowerCase: true,
      examples: ['52:54:00:0a:0b:0c'],
    },
  ),
  model: word(
    CARD_MODELS,
    'The card. `virtio-net-pci` is the fastest; the others are for guests that have no driver for it.',
    { default: 'virtio-net-pci', since: 2 },
  ),
  bridge: text('The bridge of the host; only on `bridge`. Default `br0`.', {
    ...DEVICE_NAME,
    default: 'br0',
    examples: ['br0'],
  }),
  ifname: text(
    'The device of the host; only on `tap`, where it is the name by default, and `vmnet-bridged`.',
    {
      ...DEVICE_NAME,
      examples: ['tap0'],
    },
  ),
  queues: count(
    'Queues of the card, at most one for each core; only on `tap` with `virtio-net-pci`, on Linux.',
    {
      minimum: 1,
      maximum: MOST_QUEUES,
      default: 1,
      since: 2,
    },
  ),
  vhost: flag('Whether the kernel moves the packets; only on `tap` with `virtio-net-pci`, on Linux.', {
    default: false,
    since: 2,
  }),
  mtu: count('The largest packet that the guest is told of; only with `virtio-net-pci`.', {
    minimum: SMALLEST_MTU,
    maximum: LARGEST_MTU,
    since: 2,
  }),
  pxe: flag('Whether the card has a ROM to boot from the network with.', { default: true, since: 2 }),
  subnet: text('The IPv4 network that QEMU makes; only on `user`. Default `10.0.2.0/24`.', {
    pattern: `^${QUAD}/(?:[89]|1[0-9]|2[0-7])$`,
    mistake: {
      code: 'invalid-subnet',
      must: 'be an IPv4 network and its length, from 8 to 27 bits',
      suggestion: 'Write a network such as "10.5.0.0/24".',
      meant: (text) => (new RegExp(`^${QUAD}$`).test(text) ? `Add its length, such as "${text}/24".` : null),
    },
    examples: ['10.5.0.0/24'],
    since: 2,
  }),
  host_address: text(
    'The address of the host and gateway; only on `user`. Default: the second of the network.',
    {
      ...ADDRESS,
      examples: ['10.0.2.2'],
    },
  ),
  dns_address: text('The address of the name server; only on `user`. Default: the third of the network.', {
    ...ADDRESS,
    examples: ['10.0.2.3'],
  }),
  hostname: text('The host name that the guest is given by DHCP; only on `user`.', {
    pattern: `^${LABEL}(?:\\.${LABEL})*$`,
    maxLength: 253,
    mistake: {
      code: 'invalid-hostname',
      must: 'be labels of at most 63 letters, digits and "-" with "." between them, at most 253 characters in all',
      suggestion: 'Write a name such as "lab".',
      coversBlank: true,
    },
    examples: ['lab'],
    since: 2,
  }),
  restrict: flag('Whether the guest reaches nothing but its forwards; only on `user`.', {
    default: false,
    since: 2,
  }),
  ipv6: flag('Whether the network has IPv6; only on `user`.', { default: true, since: 2 }),
  tftp: path('A directory whose files the guest can read by TFTP; only on `user`.', { since: 2 }),
  bootfile: text(
    'What the guest boots over the network: a file below `tftp`, or a URL for a boot loader that knows one; only on `user`.',
    {
      pattern: '^[!-~]{1,127}$',
      mistake: {
        code: 'invalid-boot-file',
        must: 'have 1 to 127 visible characters of ASCII',
        suggestion: 'Write the name of a file, such as "pxelinux.0".',
        coversBlank: true,
      },
      examples: ['pxelinux.0'],
      since: 2,
    },
  ),
  socket_path: path(
    'The unix socket, at most 107 bytes once resolved. Of `socket` it links two VMs, one `listen` and one `connect`, and is required; of `passt` it is where passt listens, by default `run/<vm.name>.<name>.passt.sock`.',
    { since: 2 },
  ),
  socket_role: word(
    ['listen', 'connect'],
    'Which of the two VMs this is; required on `socket`, and only there. The one that listens starts first.',
    { since: 2 },
  ),
});

export const NETWORK = table('Network interfaces; none means no network card.', {
  interfaces: list(INTERFACE, 'Network interfaces, in order.', { most: MOST_DEVICES }),
});

export type Interface = ValueOf<typeof INTERFACE>;
export type InterfaceType = Interface['type'];

const ALL_TYPES: readonly InterfaceType[] = [...INTERFACE_TYPES, ...INTERFACE_TYPES_SINCE_2];
/** `none` adds no card. */
export const TYPES_WITH_CARD = ALL_TYPES.filter((type) => type !== 'none');
/** Those on which other machines see the card, and reach the guest without a forward. */
export const SHARED_TYPES: readonly InterfaceType[] = TYPES_WITH_CARD.filter(
  (type) => !['user', 'passt', 'isolated'].includes(type),
);

/** An interface, and where it is. */
export interface Placed {
  readonly one: DraftInterface;
  readonly index: number;
  readonly at: readonly ['network', 'interfaces', number];
}

export function interfacesOf({ network: { interfaces = [] } }: Pick<Draft, 'network'>): Placed[] {
  return interfaces.map((one, index) => ({ one, index, at: ['network', 'interfaces', index] as const }));
}

/** Those of some types. */
export function interfacesOfType(
  draft: Pick<Draft, 'network'>,
  ...types: readonly InterfaceType[]
): Placed[] {
  return interfacesOf(draft).filter(({ one: { type } }) => type !== undefined && types.includes(type));
}
