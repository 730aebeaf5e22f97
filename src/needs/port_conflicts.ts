/** Ports of the host that are taken by more than one need of a profile. */

import { isIpv6 } from '../facts/network.ts';
import type { IssueList } from '../profile/issue.ts';
import { fieldOf } from '../profile/path.ts';
import { ANY_IPV4, ANY_IPV6, type PortNeed } from './kinds/port.ts';
import type { Need } from './need.ts';

export function checkPortConflicts(needs: readonly Need[], { error }: IssueList): void {
  const ports = needs.filter((need): need is PortNeed => need.kind === 'port');
  // Most profiles name no port twice.
  if (new Set(ports.map(({ port }) => port)).size === ports.length) return;
  // Per protocol and port, which need took which address first.
  const taken = new Map<string, Map<string, PortNeed>>();
  for (const need of ports) {
    const { protocol, address, port } = need;
    const holders = taken.get(`${protocol}:${port}`) ?? new Map<string, PortNeed>();
    taken.set(`${protocol}:${port}`, holders);
    const holder = holderOf(address, holders);
    if (!holders.has(address)) holders.set(address, need);
    if (holder === undefined) continue;
    error(
      need.at,
      'port-forwarded-twice',
      (field) =>
        `${field} takes ${protocol} port ${port} on ${address}, which ${fieldOf(holder.at)} takes already.`,
    );
  }
}

/** Who took an address already, by itself or with all others of its kind; QEMU takes those of IPv4 with all of IPv6. */
function holderOf(address: string, holders: ReadonlyMap<string, PortNeed>): PortNeed | undefined {
  const kept = holders.get(address) ?? holders.get(ANY_IPV6);
  if (kept !== undefined) return kept;
  if (address === ANY_IPV6) return holders.values().next().value;
  if (isIpv6(address)) return undefined;
  return address === ANY_IPV4
    ? [...holders.values()].find((other) => !isIpv6(other.address))
    : holders.get(ANY_IPV4);
}
