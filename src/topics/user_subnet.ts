/** The IPv4 network that QEMU makes by itself for a `user` interface, and who is in it. */
import { ipv4Number, ipv4Text } from '../facts/network.ts';
import type { DraftInterface } from './profile.ts';

export interface UserSubnet {
  /** As it is written. */
  readonly text: string;
  /** The first and the last address, which no machine has. */
  readonly network: string;
  readonly broadcast: string;
  /** Of the host, which is the gateway too. */
  readonly host: string;
  readonly dns: string;
  /** The first that is given to a guest. */
  readonly guest: string;
  readonly has: (address: string) => boolean;
}

const DEFAULT_SUBNET = '10.0.2.0/24';

/** Where they are by default; a small network has the last bits of it. */
const HOST = 0x0202;
const DNS = 0x0203;
const GUEST = 0x020f;

export function userSubnetOf({
  subnet = DEFAULT_SUBNET,
  host_address,
  dns_address,
}: Pick<DraftInterface, 'subnet' | 'host_address' | 'dns_address'>): UserSubnet {
  const [address = '', bits] = subnet.split('/');
  const size = 2 ** (32 - Number(bits));
  const first = Math.floor(ipv4Number(address) / size) * size;
  const at = (offset: number): string => ipv4Text(first + (offset % size));
  return {
    text: subnet,
    network: at(0),
    broadcast: at(size - 1),
    host: host_address ?? at(HOST),
    dns: dns_address ?? at(DNS),
    guest: at(GUEST),
    has: (other) => ipv4Number(other) >= first && ipv4Number(other) < first + size,
  };
}

/** What an address of the network is, where it is no guest's; else `null`. */
export function roleIn({ network, broadcast, host, dns }: UserSubnet, address: string): string | null {
  switch (address) {
    case network:
      return 'the network itself';
    case host:
      return 'the gateway';
    case dns:
      return 'the name server';
    case broadcast:
      return 'the broadcast address';
    default:
      return null;
  }
}
