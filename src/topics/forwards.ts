/** Ports of the host that lead to the guest, on interfaces of the types `user` and `passt`. */
import { ANY_IPV4, FIRST_UNPRIVILEGED_PORT } from '../needs/kinds/port.ts';
import { fieldOf } from '../profile/path.ts';
import { show } from '../profile/show.ts';
import { byteLength } from '../profile/text.ts';
import { checkArgumentLength } from './argument_length.ts';
import { boundAddress, type HostForward, isNeverConnected, parseHostForward } from './host_forward.ts';
import { type InterfaceType, interfacesOf, interfacesOfType, type Placed } from './network_keys.ts';
import type { DraftInterface, Issues } from './profile.ts';
import type { Topic } from './topic.ts';
import { userNetdev } from './user_network.ts';
import { roleIn, userSubnetOf } from './user_subnet.ts';

const FORWARDING: readonly InterfaceType[] = ['user', 'passt'];

export const forwards: Topic = {
  checkProfile: (draft, issues) => {
    for (const placed of interfacesOf(draft)) {
      typeRule(placed, draft.schema_version, issues);
      if (placed.one.type === 'passt') passtRule(placed, issues);
      for (const [rule, forward] of forwardsOf(placed)) {
        guestRule(placed, rule, forward, issues);
        hostRules([...placed.at, 'hostfwd', rule], forward, issues);
      }
    }
  },
  checkOnHost: (draft, { facts }, issues) => {
    for (const { one, at } of interfacesOfType(draft, 'user'))
      checkArgumentLength(
        [...at, 'hostfwd'],
        byteLength(userNetdev(one, facts)),
        'Forward fewer ports, or spread them over several interfaces.',
        issues,
      );
  },
  needs: (draft) =>
    interfacesOf(draft).flatMap((placed) =>
      forwardsOf(placed).map(([rule, forward]) => ({
        kind: 'port' as const,
        at: [...placed.at, 'hostfwd', rule],
        protocol: forward.protocol,
        address: boundAddress(forward),
        port: forward.hostPort,
      })),
    ),
};

/** The rules that could be read, each with its place in the list; none where the type forwards nothing. */
function forwardsOf({ one: { type, hostfwd = [] } }: Placed): [number, HostForward][] {
  if (type === undefined || !FORWARDING.includes(type)) return [];
  return hostfwd.flatMap((text, rule): [number, HostForward][] =>
    text === undefined ? [] : [[rule, parseHostForward(text)]],
  );
}

function typeRule(
  { at, one: { type, hostfwd = [] } }: Placed,
  version: number | undefined,
  { error }: Issues,
): void {
  if (hostfwd.length === 0 || type === undefined || FORWARDING.includes(type)) return;
  const who =
    version === 1 ? 'only a "user" interface forwards' : 'only "user" and "passt" interfaces forward';
  error(
    [...at, 'hostfwd'],
    'hostfwd-needs-user',
    (field) => `${field} has ${hostfwd.length} rules on type ${show(type)}; ${who} ports.`,
  );
}

/** passt tells forwards apart by port alone. One port on one address, or on all of them, is taken twice anyway. */
function passtRule(placed: Placed, { error }: Issues): void {
  const first = new Map<string, HostForward>();
  for (const [rule, forward] of forwardsOf(placed)) {
    const port = `${forward.protocol} port ${forward.hostPort}`;
    const earlier = first.get(port) ?? forward;
    first.set(port, earlier);
    const addresses = [earlier, forward].map(boundAddress);
    if (addresses[0] === addresses[1] || addresses.includes(ANY_IPV4)) continue;
    error(
      [...placed.at, 'hostfwd', rule],
      'passt-port-twice',
      (field) =>
        `${field} takes ${port} on ${addresses[1]}, and on ${addresses[0]} it is taken; passt has a port once.`,
    );
  }
}

/** Whether what is forwarded there reaches the guest. QEMU takes 0.0.0.0 for no address. */
function guestRule(
  { at: card, one }: Placed,
  rule: number,
  { guestAddress }: HostForward,
  issues: Issues,
): void {
  if (guestAddress === '') return;
  const at = [...card, 'hostfwd', rule] as const;
  if (one.type === 'passt') {
    issues.error(
      at,
      'hostfwd-guest-on-passt',
      (field) =>
        `${field} forwards to ${guestAddress}; behind passt the guest has the addresses of the host, and no other.`,
    );
  } else if (guestAddress !== ANY_IPV4 && !issues.isRefused([...card, 'subnet'])) {
    subnetRule(at, one, guestAddress, issues);
  }
}

function subnetRule(
  at: readonly ['network', 'interfaces', number, 'hostfwd', number],
  one: DraftInterface,
  guestAddress: string,
  { error, warning }: Issues,
): void {
  const subnet = userSubnetOf(one);
  const role = roleIn(subnet, guestAddress);
  const where = `${fieldOf(at)} forwards to ${guestAddress}, which is`;
  const network = 'the network of a "user" interface';
  if (role !== null) {
    warning(at, 'hostfwd-guest-unreachable', `${where} ${role} of ${network} and never the guest.`);
  } else if (subnet.has(guestAddress)) {
    return;
  } else if (one.subnet === undefined) {
    warning(
      at,
      'hostfwd-guest-unreachable',
      `${where} not in ${subnet.text}, ${network}; the guest has it only if it was set there by hand.`,
    );
  } else {
    error(
      at,
      'hostfwd-guest-outside-subnet',
      `${where} not in ${subnet.text}, the network of the interface; nothing that is forwarded arrives.`,
    );
  }
}

function hostRules(
  at: readonly ['network', 'interfaces', number, 'hostfwd', number],
  forward: HostForward,
  { error, warning }: Issues,
): void {
  const { hostAddress, hostPort, guestPort } = forward;
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
