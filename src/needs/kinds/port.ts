/** A port of the host that QEMU listens on. */
import type { Listener } from '../../facts/host.ts';
import type { Path } from '../../profile/path.ts';
import type { NeedKind, Seen, Verdict } from '../need_kind.ts';

export const ANY_IPV4 = '0.0.0.0';
const ANY_IPV6 = '::';

export interface PortNeed {
  readonly kind: 'port';
  readonly at: Path;
  readonly protocol: 'tcp' | 'udp';
  /** The IPv4 address that QEMU really binds. */
  readonly address: string;
  readonly port: number;
}

export const port: NeedKind<PortNeed> = {
  resources: (need) => [resourceOf(need)],
  risk: ({ address }) => (address.startsWith('127.') ? 'low' : 'medium'),
  unknowns: (need) => [{ question: 'Is the port free on the host?', subject: resourceOf(need) }],
  verdicts: (need, seen) => (seen.network === null ? [] : [verdictOn(need, seen, seen.network.listeners)]),
};

function resourceOf({ protocol, address, port }: PortNeed): string {
  return `port:${protocol}:${address}:${port}`;
}

function verdictOn(need: PortNeed, { facts }: Seen, listeners: readonly Listener[] | null): Verdict {
  const { protocol, address, port } = need;
  const common = { category: 'network', resources: [resourceOf(need)] } as const;
  const place = `${protocol}:${address}:${port}`;
  const what = `${protocol} port ${port} on ${address}`;
  if (listeners === null) {
    return {
      ...common,
      id: 'ports-unknown',
      severity: 'info',
      title: 'Whether the forwarded ports are free is not known',
      says: `On this ${facts.os} host the ports in use cannot be read without opening a socket.`,
      mend: 'Look yourself before the start.',
      metadata: {},
    };
  }
  const takers = listeners.filter((listener) => standsInTheWay(listener, need));
  // A socket of IPv6 may have been told to leave IPv4 alone, which the tables do not show.
  const certain = takers.find((taker) => taker.address !== ANY_IPV6);
  const taker = certain ?? takers[0];
  if (taker === undefined) {
    return {
      ...common,
      id: `port-free:${place}`,
      severity: 'info',
      title: `The ${protocol} port ${port} is free`,
      says: `No socket in the network namespace of this service takes ${what}.`,
      mend: '',
      metadata: { taken_by: null },
    };
  }
  const doubt = certain === undefined ? ', which usually takes IPv4 too' : '';
  return {
    ...common,
    id: `port-taken:${place}`,
    severity: certain === undefined ? 'warning' : 'error',
    title: `The ${protocol} port ${port} is taken`,
    says: `The profile forwards ${what}, and a process has ${taker.address} port ${taker.port} already${doubt}; QEMU does not start when it cannot have the port.`,
    mend: 'Stop that process (it may be this very VM), or forward another host port.',
    metadata: { taken_by: taker.address },
  };
}

function standsInTheWay(listener: Listener, { protocol, address, port }: PortNeed): boolean {
  return (
    listener.protocol === protocol &&
    listener.port === port &&
    (listener.address === address ||
      listener.address === ANY_IPV4 ||
      listener.address === ANY_IPV6 ||
      address === ANY_IPV4)
  );
}
