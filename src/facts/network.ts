/** What a look at the network of this host can show: plain data. */

/** A socket that has a port of this host. */
export interface BoundPort {
  readonly protocol: 'tcp' | 'udp';
  /** An address of IPv4, `::` for every address of both kinds, or one of IPv6. */
  readonly address: string;
  readonly port: number;
  /** Whether it is the local end of a connection, which ends by itself; else a process waits there for others. */
  readonly isConnection: boolean;
}

/** All IPv4 addresses that begin with the first `bits` bits of this one. */
export interface AddressRange {
  readonly address: string;
  readonly bits: number;
  /** Whether it is that of everybody on a network: nobody connects to it. */
  readonly isBroadcast?: true;
}

export interface PortRange {
  readonly first: number;
  readonly last: number;
}

/** How Linux hands out ports. */
export interface PortRules {
  /** Sockets that ask for no port in particular get one of these. */
  readonly ephemeral: PortRange;
  /** But none of these. */
  readonly reserved: readonly PortRange[];
  /** Ports below this one need CAP_NET_BIND_SERVICE. */
  readonly firstUnprivileged: number;
}

/** What this process may do with the network. */
export interface NetworkRights {
  readonly user: number;
  readonly groups: readonly number[];
  /** CAP_NET_ADMIN. */
  readonly mayAdministrate: boolean;
  /** CAP_NET_BIND_SERVICE. */
  readonly mayBindAnyPort: boolean;
}

export type Link = { readonly kind: 'bridge' | 'tun' | 'other' } | TapLink;

export interface TapLink {
  readonly kind: 'tap';
  readonly isMultiQueue: boolean;
  /** The number of the only user who may use it, and that of the only group; `null` for any. */
  readonly owner: number | null;
  readonly group: number | null;
  /** Whether a process has it now; one that is down does not say. */
  readonly state: 'in-use' | 'idle' | 'down';
}

/** A program that puts cards on bridges for users who may not do so themselves. */
export interface BridgeHelper {
  readonly path: string;
  /** Whether it acts as root for whoever runs it. */
  readonly isSetuidRoot: boolean;
  /** Whether this user may run it. */
  readonly mayRun: boolean;
}

/** The list of bridges that QEMU's bridge helper lets users join, as the helper reads it. */
export interface BridgeRules {
  /**
   * `incomplete`: of some file nothing is known. The helper refuses every bridge where the list is `missing`, `invalid`, or
   * `unreadable` for the user who starts it.
   */
  readonly state: 'complete' | 'incomplete' | 'unreadable' | 'missing' | 'invalid';
  /** In the order of the lists, up to the line that the helper cannot read. */
  readonly rules: readonly BridgeRule[];
  /** Why the list is `invalid`. */
  readonly fault: BridgeFault | null;
}

export interface BridgeFault {
  readonly kind: 'no-rule' | 'long-name' | 'circle';
  /** Counted from 1. */
  readonly line: number;
  /** What follows the first word, where it matters. */
  readonly name: string;
}

export interface BridgeRule {
  readonly action: 'allow' | 'deny';
  /** The name of a bridge, or `all`. */
  readonly bridge: string;
  readonly file: string;
  readonly line: number;
}

export function isInRange({ address, bits }: AddressRange, wanted: string): boolean {
  const size = 2 ** (32 - bits);
  return Math.floor(ipv4Number(address) / size) === Math.floor(ipv4Number(wanted) / size);
}

/** An IPv4 address as one number. */
export function ipv4Number(address: string): number {
  return address.split('.').reduce((number, octet) => number * 256 + Number(octet), 0);
}

/** The address of a number. */
export function ipv4Text(number: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.');
}

/** An address of IPv6, without brackets; one of IPv4 has no colon. */
export function isIpv6(address: string): boolean {
  return address.includes(':');
}

/** The one way to write an address that has several. */
export function plainAddress(address: string): string {
  return isIpv6(address) ? new URL(`http://[${address}]`).hostname.slice(1, -1) : address;
}

/** The same of 32 hexadecimal digits. */
export function ipv6Text(digits: string): string {
  return plainAddress([...digits.matchAll(/.{4}/g)].join(':'));
}

/** An address as it stands before a colon and a port. */
export function bracketed(address: string): string {
  return isIpv6(address) ? `[${address}]` : address;
}
