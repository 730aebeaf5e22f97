/** Which addresses a socket of this host can be bound to, and how the host hands out ports; read from proc(5). */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type AddressRange, ipv6Text, type PortRange, type PortRules } from '../facts/network.ts';

/** Any address can be bound, or these at least: bind(2) also takes groups of multicast and the broadcast to everybody. */
const EVERY_ADDRESS: readonly AddressRange[] = [{ address: '0.0.0.0', bits: 0 }];
const ALWAYS: readonly AddressRange[] = [
  { address: '0.0.0.0', bits: 32 },
  { address: '224.0.0.0', bits: 4 },
  { address: '255.255.255.255', bits: 32 },
];

/** The head of a table, an address of it, and a route to what can be bound: bind(2) asks the table `Local` alone. */
const FIB_LINE = /^([A-Z].*):$|\|-- ([0-9.]+)$|^ +\/([0-9]+) \S+ (LOCAL|BROADCAST)/gm;

/** The addresses that a socket can be bound to; `null` on a host without that information. */
export async function readAddresses(
  procNet: string,
  sysctlIpv4: string,
): Promise<readonly AddressRange[] | null> {
  const [routes, nonlocal] = await Promise.all([
    textOf(join(procNet, 'fib_trie')),
    textOf(join(sysctlIpv4, 'ip_nonlocal_bind')),
  ]);
  if (nonlocal === '1\n') return EVERY_ADDRESS;
  return routes === null ? null : [...ALWAYS, ...localRanges(routes)];
}

/** An address stands on a line of its own, and its routes on the lines after it. */
function localRanges(routes: string): AddressRange[] {
  const ranges: AddressRange[] = [];
  let table = '';
  let address = '';
  for (const [, head, leaf, bits, type] of routes.matchAll(FIB_LINE)) {
    if (head !== undefined) table = head;
    else if (leaf !== undefined) address = leaf;
    else if (table === 'Local')
      ranges.push({ address, bits: Number(bits), ...(type === 'BROADCAST' && { isBroadcast: true }) });
  }
  return ranges;
}

/** The addresses of IPv6; `null` on a host without that information, as without IPv6. */
export async function readIpv6Addresses(procNet: string): Promise<string[] | null> {
  const table = await textOf(join(procNet, 'if_inet6'));
  if (table === null) return null;
  return [...table.matchAll(/^([0-9a-f]{32}) /gm)].map(([, digits = '']) => ipv6Text(digits));
}

/** `null` where one of the settings cannot be read. */
export async function readPortRules(sysctlIpv4: string): Promise<PortRules | null> {
  const [ephemeral, reserved, unprivileged] = await Promise.all([
    textOf(join(sysctlIpv4, 'ip_local_port_range')),
    textOf(join(sysctlIpv4, 'ip_local_reserved_ports')),
    textOf(join(sysctlIpv4, 'ip_unprivileged_port_start')),
  ]);
  if (ephemeral === null || reserved === null || unprivileged === null) return null;
  const [first = 0, last = 0] = ephemeral.trim().split(/\s+/).map(Number);
  return {
    ephemeral: { first, last },
    reserved: rangesIn(reserved),
    firstUnprivileged: Number(unprivileged),
  };
}

/** `1,2-4`: ports and ranges of ports. */
function rangesIn(text: string): PortRange[] {
  return [...text.matchAll(/([0-9]+)(?:-([0-9]+))?/g)].map(([, first, last = first]) => ({
    first: Number(first),
    last: Number(last),
  }));
}

async function textOf(path: string): Promise<string | null> {
  return readFile(path, 'utf8').catch(() => null);
}
