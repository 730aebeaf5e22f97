/** Which ports of this host are in use, read from proc(5) without opening a socket. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type BoundPort, ipv6Text } from '../facts/network.ts';

/** States of net/tcp_states.h: a TCP socket that listens, a UDP socket that is bound and not connected. */
const WAITING_STATE = { tcp: '0A', udp: '07' } as const;
/** `sl: local_address rem_address st`, an address being followed by a port. */
const SOCKET_LINE = /^ *[0-9]+: ([0-9A-F]+):([0-9A-F]{4}) \S+ ([0-9A-F]{2}) /gm;

/** All ports that sockets have, sorted by file and line; `null` on a host without that information. */
export async function readBoundPorts(procNet: string): Promise<BoundPort[] | null> {
  const tables = await Promise.all(
    (['tcp', 'udp'] as const).flatMap((protocol) =>
      [protocol, `${protocol}6`].map(async (file) => {
        const text = await textOf(join(procNet, file));
        return text === null ? null : parseBoundPorts(text, protocol);
      }),
    ),
  );
  // A kernel without IPv6 has no tcp6; a host without /proc has none of them.
  return tables.every((table) => table === null) ? null : tables.flatMap((table) => table ?? []);
}

function parseBoundPorts(text: string, protocol: BoundPort['protocol']): BoundPort[] {
  return [...text.matchAll(SOCKET_LINE)].map(([, hex = '', port = '', state]) => ({
    protocol,
    address: addressOf(hex),
    port: Number.parseInt(port, 16),
    isConnection: state !== WAITING_STATE[protocol],
  }));
}

/** The address as text; IPv4 mapped into IPv6 is IPv4. */
function addressOf(hex: string): string {
  const bytes = networkOrder(hex);
  if (bytes.length === 4) return bytes.join('.');
  const isMapped = bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 0xff && bytes[11] === 0xff;
  if (isMapped) return bytes.slice(12).join('.');
  return ipv6Text(Buffer.from(bytes).toString('hex'));
}

/** The kernel prints each 32-bit word as the number that a little-endian CPU reads; all planned-for CPUs are such. */
function networkOrder(hex: string): number[] {
  const words = [...hex.matchAll(/.{8}/g)];
  return words.flatMap(([word]) => [...Buffer.from(word, 'hex').reverse()]);
}

/** A file of proc(5) as it is now; `null` when it cannot be read. */
async function textOf(path: string): Promise<string | null> {
  return readFile(path, 'utf8').catch(() => null);
}
