/** Port forwards of a user-mode network: `(tcp|udp):[hostaddr]:hostport-[guestaddr]:guestport`. */
import { ANY_IPV4 } from '../needs/kinds/port.ts';
import type { Mistake } from '../profile/key.ts';
import { show } from '../profile/show.ts';

const OCTET = '(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])';
/** An IPv4 address without leading zeros. */
export const QUAD = `${OCTET}(?:\\.${OCTET}){3}`;
const PORT = '(?:6553[0-5]|655[0-2][0-9]|65[0-4][0-9]{2}|6[0-4][0-9]{3}|[1-5][0-9]{4}|[1-9][0-9]{0,3})';

export const FORWARD_PATTERN = `^(?:tcp|udp):(?:${QUAD})?:${PORT}-(?:${QUAD})?:${PORT}$`;

export const FORWARD_MISTAKE: Mistake = {
  code: 'invalid-hostfwd',
  must: 'be (tcp|udp):[hostaddr]:hostport-[guestaddr]:guestport with IPv4 addresses and ports from 1 to 65535, without leading zeros',
  suggestion: 'Write a rule such as "tcp:127.0.0.1:2222-:22".',
  meant: (text) => {
    const [, before = '', host, guest] = RANGE.exec(text) ?? [];
    const first = host === undefined ? null : meantForward(`${before}${host}-:${guest}`);
    if (first !== null) return `Write a rule for each port, such as "${first}".`;
    const rule = meantForward(text.replace(IPV6, (address) => IN_IPV4.get(address) ?? address));
    if (!IPV6.test(text)) return rule === null ? null : `Write "${rule}".`;
    return `Write ${rule === null ? 'an address of IPv4' : show(rule)}: addresses of IPv6 are not forwarded.`;
  },
};

/** `tcp:127.0.0.1:8000-8010-:8000-8010` and its like: what is before the ports, and the first port of each side. */
const RANGE = /^(.*?)([0-9]+)-[0-9]+[:-]+([0-9]+)-[0-9]+$/;

const IPV6 = /\[[0-9a-f:.]*\]/i;
/** What a host has in IPv4 for its own address, and for all of them. */
const IN_IPV4: ReadonlyMap<string, string> = new Map([
  ['[::1]', '127.0.0.1'],
  ['[::]', ''],
]);

/** As other tools write it: `8080:80`, `127.0.0.1:8080:80`, `8080:80/udp`, `8080`; or with a part left out. */
const OTHER_FORWARD =
  /^(?:hostfwd=)?(?:(tcp|udp):)?(?:([0-9]+(?:\.[0-9]+)+|localhost|):)?([0-9]+)(?:[:-](?:([0-9.]*):)?([0-9]+))?(?:\/(tcp|udp))?$/i;

function meantForward(text: string): string | null {
  const match = OTHER_FORWARD.exec(text);
  if (match === null) return null;
  const [, before, address = '127.0.0.1', hostPort, guestAddress = '', guestPort = hostPort, after] = match;
  const protocol = (before ?? after ?? 'tcp').toLowerCase();
  const host = address.toLowerCase() === 'localhost' ? '127.0.0.1' : address;
  const rule = `${protocol}:${host}:${Number(hostPort)}-${guestAddress}:${Number(guestPort)}`;
  return new RegExp(FORWARD_PATTERN).test(rule) ? rule : null;
}

export interface HostForward {
  readonly protocol: 'tcp' | 'udp';
  /** IPv4 address; empty for all addresses of the host. */
  readonly hostAddress: string;
  readonly hostPort: number;
  /** IPv4 address; empty for the guest that asked DHCP first. */
  readonly guestAddress: string;
  readonly guestPort: number;
}

/** Takes a rule apart that matches the pattern. */
export function parseHostForward(rule: string): HostForward {
  const address = 'tcp:'.length;
  const port = rule.indexOf(':', address) + 1;
  const guest = rule.indexOf('-', port) + 1;
  const guestPort = rule.indexOf(':', guest) + 1;
  return {
    protocol: rule.startsWith('udp') ? 'udp' : 'tcp',
    hostAddress: rule.slice(address, port - 1),
    hostPort: Number(rule.slice(port, guest - 1)),
    guestAddress: rule.slice(guest, guestPort - 1),
    guestPort: Number(rule.slice(guestPort)),
  };
}

/** The rule as QEMU reads it. */
export function printHostForward(forward: HostForward): string {
  const { protocol, hostAddress, hostPort, guestAddress, guestPort } = forward;
  return `${protocol}:${hostAddress}:${hostPort}-${guestAddress}:${guestPort}`;
}

/** The address that QEMU binds: without one, every address of the host. */
export function boundAddress({ hostAddress }: HostForward): string {
  return hostAddress === '' ? ANY_IPV4 : hostAddress;
}

/** Whether it listens for connections on an address of multicast or on the broadcast address, which no connection has. */
export function isNeverConnected({ protocol, hostAddress }: HostForward): boolean {
  const first = Number(hostAddress.split('.')[0]);
  return protocol === 'tcp' && ((first >= 224 && first < 240) || hostAddress === '255.255.255.255');
}
