/** Port forwards of a user-mode network: `(tcp|udp):[hostaddr]:hostport-[guestaddr]:guestport`. */

const ZERO = '0'.charCodeAt(0);

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
  const address = 'tcp:'.length;
  const port = rule.indexOf(':', address) + 1;
  const guest = rule.indexOf('-', port) + 1;
  const guestPort = rule.indexOf(':', guest) + 1;
  return {
    protocol: rule.startsWith('udp') ? 'udp' : 'tcp',
    hostAddress: rule.slice(address, port - 1),
    hostPort: numberIn(rule, port, guest - 1),
    guestAddress: rule.slice(guest, guestPort - 1),
    guestPort: numberIn(rule, guestPort, rule.length),
  };
}

/** The number that the digits between two places make; a third of the time that making a text of them takes. */
function numberIn(text: string, start: number, end: number): number {
  let number = 0;
  for (let place = start; place < end; place++) number = number * 10 + text.charCodeAt(place) - ZERO;
  return number;
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
