/** Port forwards of a user-mode network: `(tcp|udp):[hostaddr]:hostport-[guestaddr]:guestport`. */

export interface HostForward {
  readonly protocol: 'tcp' | 'udp';
  /** IPv4 address; empty for all addresses of the host. */
  readonly hostAddress: string;
  readonly hostPort: number;
  /** IPv4 address; empty for the guest that asked DHCP first. */
  readonly guestAddress: string;
  readonly guestPort: number;
}

/** Takes a rule apart that matches the schema's pattern. */
export function parseHostForward(rule: string): HostForward {
  const [host = '', guest = ''] = rule.split('-');
  const [protocol, hostAddress = '', hostPort] = host.split(':');
  const [guestAddress = '', guestPort] = guest.split(':');
  return {
    protocol: protocol === 'udp' ? 'udp' : 'tcp',
    hostAddress,
    hostPort: Number(hostPort),
    guestAddress,
    guestPort: Number(guestPort),
  };
}

/** The rule as QEMU reads it. */
export function printHostForward(forward: HostForward): string {
  const { protocol, hostAddress, hostPort, guestAddress, guestPort } = forward;
  return `${protocol}:${hostAddress}:${hostPort}-${guestAddress}:${guestPort}`;
}

/** The address that QEMU binds: without one, every address of the host. */
export function boundAddress({ hostAddress }: HostForward): string {
  return hostAddress === '' ? '0.0.0.0' : hostAddress;
}

export function isLoopback({ hostAddress }: HostForward): boolean {
  return hostAddress.startsWith('127.');
}
