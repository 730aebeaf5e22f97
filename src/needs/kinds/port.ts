/** A port of the host that QEMU listens on. */
import type { Host, ProbedNetwork } from '../../facts/host.ts';
import { type BoundPort, bracketed, isInRange, isIpv6, type PortRange } from '../../facts/network.ts';
import { fieldOf, type Path } from '../../profile/path.ts';
import { fine, type NeedKind, type OwnVerdict, type Unknown } from '../need_kind.ts';

export const ANY_IPV4 = '0.0.0.0';
export const ANY_IPV6 = '::';

/** Linux lets only privileged processes bind ports below this one, unless it is told otherwise. */
export const FIRST_UNPRIVILEGED_PORT = 1024;

export interface PortNeed {
  readonly kind: 'port';
  readonly at: Path;
  readonly protocol: 'tcp' | 'udp';
  /** The address that QEMU really binds, in the one way that it is written. */
  readonly address: string;
  readonly port: number;
}

/** Whether only this host can connect to it. */
export function isLoopback(address: string): boolean {
  return address.startsWith('127.') || address === '::1';
}

export const port: NeedKind<PortNeed> = {
  claim: ({ protocol, address, port }) => {
    const key = `${protocol} port ${port}`;
    const harm = 'only the first of them to start gets it';
    const common = { code: 'port-taken-twice', key, thing: () => key, harm } as const;
    // QEMU takes those of IPv4 with all of IPv6.
    if (address === ANY_IPV6) return common;
    if (address === ANY_IPV4 || isIpv6(address)) return { ...common, part: address };
    return { ...common, part: address, within: ANY_IPV4 };
  },
  resources: (need) => [resourceOf(need)],
  risk: ({ address }, version) => (isLoopback(address) ? 'low' : version === 1 ? 'medium' : 'high'),
  exposes: (need) => {
    const who = isLoopback(need.address) ? 'every user of the host' : 'other machines';
    return `${fieldOf(need.at)} opens ${nameOf(need)} to ${who}.`;
  },
  known: (need) => {
    const reason = reasonAgainst(need);
    if (reason === null) return [];
    const message = `${fieldOf(need.at)} waits for connections on ${need.address}, ${reason}.`;
    return [{ severity: 'error', code: 'address-unreachable', message }];
  },
  unknowns: (need, { facts }) => questionsOf(need, facts.os),
  verdicts: (need, { network, facts }) => {
    if (network === null) return [];
    return verdictsOn(need, network, facts.os).map((verdict) => ({
      metadata: {},
      ...verdict,
      category: 'network',
      resources: [resourceOf(need)],
    }));
  },
};

/** What no host has, or nobody can connect to there; a rule about a forward has its own words for it. */
function reasonAgainst({ protocol, address }: PortNeed): string | null {
  if (protocol === 'udp') return null;
  if (/^(?:22[4-9]\.|23\d\.|255\.255\.255\.255$|ff[0-9a-f]{2}:)/.test(address))
    return 'an address for datagrams to many hosts; nobody can connect to it';
  return /^fe[89ab][0-9a-f]:/.test(address)
    ? 'an address of one link, which QEMU takes only with the name of its device; it does not start'
    : null;
}

function resourceOf({ protocol, address, port }: PortNeed): string {
  return `port:${protocol}:${bracketed(address)}:${port}`;
}

function questionsOf(need: PortNeed, os: Host['facts']['os']): Unknown[] {
  const subject = resourceOf(need);
  const isFree = { question: 'Is the port free on the host?', subject };
  return isEverywhere(need.address, os)
    ? [isFree]
    : [isFree, { question: 'Does the host have the address?', subject }];
}

/** Linux and windows have all addresses that begin with 127, the others have one. */
function isEverywhere(address: string, os: Host['facts']['os']): boolean {
  const hasAll = os === 'linux' || os === 'windows';
  return address === ANY_IPV4 || (hasAll ? address.startsWith('127.') : address === '127.0.0.1');
}

type PortVerdict = OwnVerdict & { readonly metadata?: Readonly<Record<string, unknown>> };

function verdictsOn(need: PortNeed, network: ProbedNetwork, os: Host['facts']['os']): PortVerdict[] {
  if (MAPPED.test(need.address)) return [mappedUnknown(need)];
  if (isIpv6(need.address)) return ipv6Verdicts(need, network, os);
  const { boundPorts, addresses } = network;
  const ranges = addresses?.filter((range) => isInRange(range, need.address)) ?? null;
  const isElsewhere = ranges?.length === 0;
  const found = boundPorts === null ? unknownPorts(os) : verdictOnPort(need, boundPorts, isElsewhere);
  const isBroadcast = need.protocol === 'tcp' && ranges?.some((range) => range.isBroadcast) === true;
  return [
    ...found,
    ...(isElsewhere ? [notHere(need)] : []),
    ...(isBroadcast ? [broadcast(need)] : []),
    ...hints(need, network),
  ];
}

function ipv6Verdicts(need: PortNeed, network: ProbedNetwork, os: Host['facts']['os']): PortVerdict[] {
  const { boundPorts, ipv6Addresses } = network;
  const { address } = need;
  const isElsewhere = address !== ANY_IPV6 && ipv6Addresses?.includes(address) === false;
  const found = boundPorts === null ? unknownPorts(os) : verdictOnPort(need, boundPorts, isElsewhere);
  return [...found, ...(isElsewhere ? [notHere(need)] : []), ...hints(need, network)];
}

function placeOf({ protocol, address, port }: PortNeed): string {
  return `${protocol}:${bracketed(address)}:${port}`;
}

function nameOf({ protocol, address, port }: PortNeed): string {
  return `${protocol} port ${port} on ${address}`;
}

function unknownPorts(os: string): PortVerdict[] {
  return [
    {
      id: 'ports-unknown',
      severity: 'info',
      title: 'Whether the ports of the profile are free is not known',
      says: `On this ${os} host the ports in use cannot be read without opening a socket.`,
      mend: 'Look yourself before the start.',
    },
  ];
}

/** An address of IPv4 that is written as one of IPv6. */
const MAPPED = /^::ffff:[0-9a-f]+:[0-9a-f]+$/;

function mappedUnknown(need: PortNeed): PortVerdict {
  return {
    id: `port-unknown:${placeOf(need)}`,
    severity: 'info',
    title: `Whether the ${need.protocol} port ${need.port} is free is not known`,
    says: `The profile takes ${nameOf(need)}, an address of IPv4 that is written as one of IPv6, which this service does not look at.`,
    mend: 'Write the address of IPv4.',
  };
}

function notHere(need: PortNeed): PortVerdict {
  return {
    id: `hostfwd-address-not-here:${placeOf(need)}`,
    severity: 'warning',
    title: `This host does not have the address ${need.address}`,
    says: `The profile takes ${nameOf(need)}, and no network device of this host has that address now; QEMU does not start.`,
    mend: 'Write an address of this host, such as 127.0.0.1, or bring up the network device that has it before the start.',
  };
}

function broadcast(need: PortNeed): PortVerdict {
  return {
    id: `hostfwd-address-broadcast:${placeOf(need)}`,
    severity: 'warning',
    title: `Nobody can connect to ${need.address}`,
    says: `The profile takes ${nameOf(need)}, the broadcast address of a network of this host; QEMU starts, and nobody can connect to it.`,
    mend: 'Write an address that a network device of this host has, such as 127.0.0.1.',
  };
}

/** A port of an address that is not here is not free either. */
function verdictOnPort(
  need: PortNeed,
  boundPorts: readonly BoundPort[],
  isElsewhere: boolean,
): PortVerdict[] {
  const { protocol, port } = need;
  const takers = boundPorts.filter((bound) => standsInTheWay(bound, need));
  const waiting = takers.filter(({ isConnection }) => !isConnection);
  // A socket of IPv6 may have been told to leave IPv4 alone, which the tables do not show.
  const taker = waiting.find(({ address }) => address !== ANY_IPV6) ?? waiting[0] ?? takers[0];
  if (taker !== undefined) return [takenVerdict(need, taker)];
  if (isElsewhere) return [];
  return [
    {
      ...fine(
        `port-free:${placeOf(need)}`,
        `The ${protocol} port ${port} seems to be free`,
        `No socket that waits or is connected in the network namespace of this service has ${nameOf(need)}.`,
      ),
      metadata: { taken_by: null },
    },
  ];
}

function takenVerdict(need: PortNeed, taker: BoundPort): PortVerdict {
  const { protocol, port } = need;
  const common = {
    id: `port-taken:${placeOf(need)}`,
    title: `The ${protocol} port ${port} is taken`,
    metadata: { taken_by: taker.address },
  };
  if (taker.isConnection) {
    return {
      ...common,
      severity: 'warning',
      says: `The profile takes ${nameOf(need)}, and a connection has its local end on ${taker.address} port ${taker.port}; ${connectionDoubt(taker)}.`,
      mend: 'Wait until that connection is over, for a minute more after its end, or use another port of the host.',
    };
  }
  const isCertain = isIpv6(need.address) || taker.address !== ANY_IPV6;
  const doubt = isCertain ? '' : ', which usually takes IPv4 too';
  return {
    ...common,
    severity: isCertain ? 'error' : 'warning',
    says: `The profile takes ${nameOf(need)}, and a process has ${taker.address} port ${taker.port} already${doubt}; QEMU does not start when it cannot have the port.`,
    mend: 'Stop that process (it may be this very VM), or use another port of the host.',
  };
}

/** QEMU's own sockets of TCP are SO_REUSEADDR before they are bound, those of UDP are not. */
function connectionDoubt({ protocol, address }: BoundPort): string {
  if (protocol === 'udp' && !isIpv6(address)) return 'QEMU does not start while it is there';
  return 'QEMU does not start while it is there, unless its socket lets others have the port (SO_REUSEADDR, IPV6_V6ONLY), which cannot be seen';
}

function standsInTheWay(bound: BoundPort, { protocol, address, port }: PortNeed): boolean {
  return bound.protocol === protocol && bound.port === port && meets(bound, address);
}

/**
 * QEMU leaves IPv4 alone where it is taken, when it binds all of IPv6. A socket that waits on one address of IPv6 leaves IPv4
 * alone too; a connection of IPv6 can be of a socket for both kinds, and then Linux gives nobody every address of IPv4.
 */
function meets({ address, isConnection }: BoundPort, wanted: string): boolean {
  const isOfIpv6 = isIpv6(address);
  if (address === wanted || address === ANY_IPV6) return true;
  if (isIpv6(wanted)) return isOfIpv6 && wanted === ANY_IPV6;
  if (isOfIpv6) return isConnection && wanted === ANY_IPV4;
  return address === ANY_IPV4 || wanted === ANY_IPV4;
}

/** What holds of the port whoever has it. */
function hints(need: PortNeed, { portRules, rights }: ProbedNetwork): PortVerdict[] {
  if (portRules === null) return [];
  const { ephemeral, reserved, firstUnprivileged } = portRules;
  const { protocol, port } = need;
  const holds = ({ first, last }: PortRange): boolean => first <= port && port <= last;
  const verdicts: PortVerdict[] = [];
  if (holds(ephemeral) && !reserved.some(holds)) {
    verdicts.push({
      id: `port-ephemeral:${placeOf(need)}`,
      severity: 'info',
      title: `The ${protocol} port ${port} may be given to any connection`,
      says: `This host gives connections of its own the ports from ${ephemeral.first} to ${ephemeral.last} (net.ipv4.ip_local_port_range), so that one of them may have ${port} when QEMU starts.`,
      mend: 'Forward a host port outside that range, or add this one to net.ipv4.ip_local_reserved_ports.',
    });
  }
  if (port < firstUnprivileged && rights?.mayBindAnyPort === false) {
    verdicts.push({
      id: `port-privileged:${placeOf(need)}`,
      severity: 'warning',
      title: `This user may not take the ${protocol} port ${port}`,
      says: `Ports under ${firstUnprivileged} (net.ipv4.ip_unprivileged_port_start) need the capability CAP_NET_BIND_SERVICE on this host, which this service does not have; QEMU does not start without it.`,
      mend: `Forward a host port from ${firstUnprivileged}, or run QEMU with that capability.`,
    });
  }
  return verdicts;
}
