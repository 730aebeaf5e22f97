/** Whether the host ports of user-mode networks are free, by the kernel's tables of sockets. */
import type { Listener } from '../../context/host_survey.ts';
import { portResource } from '../../planning/resources.ts';
import { boundAddress, type HostForward, parseHostForward } from '../../profile/hostfwd.ts';
import type { Examined } from '../examined.ts';
import { type Finding, finding } from '../finding.ts';

const ANY_IPV4 = '0.0.0.0';
const ANY_IPV6 = '::';

export function portFindings({ draft, facts, seen, name }: Examined): Finding[] {
  const rules = (draft.network.interfaces ?? []).flatMap(({ type, hostfwd }) =>
    type === 'user' ? (hostfwd ?? []) : [],
  );
  const forwards = new Map(
    rules.flatMap((rule) => {
      const forward = rule === undefined ? null : parseHostForward(rule);
      return forward === null ? [] : [[portResource(forward), forward] as const];
    }),
  );
  const { listeners } = seen;
  if (forwards.size === 0) return [];
  return listeners === null
    ? [unknownFinding(facts.os, [...forwards.keys()])]
    : [...forwards].map(([resource, forward]) => portFinding(resource, forward, listeners, name));
}

function unknownFinding(os: string, resources: readonly string[]): Finding {
  return finding({
    id: 'ports-unknown',
    severity: 'info',
    category: 'network',
    title: 'Whether the forwarded ports are free is not known',
    description: `On this ${os} host the ports in use cannot be read without opening a socket. Look yourself before the start.`,
    resources,
  });
}

function portFinding(
  resource: string,
  forward: HostForward,
  listeners: readonly Listener[],
  profileName: string,
): Finding {
  const takers = listeners.filter((listener) => standsInTheWay(listener, forward));
  // A socket of IPv6 may have been told to leave IPv4 alone, which the tables do not show.
  const certain = takers.find(({ address }) => address !== ANY_IPV6);
  const taker = certain ?? takers[0];
  const what = `${forward.protocol} port ${forward.hostPort} on ${boundAddress(forward)}`;
  const common = { category: 'network', resources: [resource] } as const;
  if (taker === undefined) {
    return finding({
      ...common,
      id: `port-free:${resource.slice('port:'.length)}`,
      severity: 'info',
      title: `The ${forward.protocol} port ${forward.hostPort} is free`,
      description: `No socket in the network namespace of this service takes ${what}.`,
      metadata: { profile_name: profileName, taken_by: null },
    });
  }
  return finding({
    ...common,
    id: `port-taken:${resource.slice('port:'.length)}`,
    severity: certain === undefined ? 'warning' : 'error',
    title: `The ${forward.protocol} port ${forward.hostPort} is taken`,
    description:
      `The profile forwards ${what}, and a process has ${taker.address} port ${taker.port} already` +
      `${certain === undefined ? ', which usually takes IPv4 too' : ''}; QEMU does not start when it cannot have the port. ` +
      'Stop that process (it may be this very VM), or forward another host port.',
    metadata: { profile_name: profileName, taken_by: taker.address },
  });
}

function standsInTheWay({ protocol, address, port }: Listener, forward: HostForward): boolean {
  const wanted = boundAddress(forward);
  return (
    protocol === forward.protocol &&
    port === forward.hostPort &&
    (address === wanted || address === ANY_IPV4 || address === ANY_IPV6 || wanted === ANY_IPV4)
  );
}
