/** Which ports of this host are in use, read from proc(5) without opening a socket. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Listener } from '../facts/host.ts';

/** States of net/tcp_states.h: a TCP socket that listens, a UDP socket that is bound and not connected. */
const TAKEN_STATE = { tcp: '0A', udp: '07' } as const;

/** All ports that are taken, sorted by file and line; `null` on a host without that information. */
export async function readListeners(procNet: string): Promise<Listener[] | null> {
  const tables = await Promise.all(
    (['tcp', 'udp'] as const).flatMap((protocol) =>
      [protocol, `${protocol}6`].map(async (file) => {
        const text = await textOf(join(procNet, file));
        return text === null ? null : parseListeners(text, protocol);
      }),
    ),
  );
  // A kernel without IPv6 has no tcp6; a host without /proc has none of them.
  return tables.every((table) => table === null) ? null : tables.flatMap((table) => table ?? []);
}

function parseListeners(text: string, protocol: Listener['protocol']): Listener[] {
  return text
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const [, local = '', , state] = line.trim().split(/\s+/);
      const [hex = '', port = ''] = local.split(':');
      const address = addressOf(hex);
      return state === TAKEN_STATE[protocol] && address !== null
        ? [{ protocol, address, port: Number.parseInt(port, 16) }]
        : [];
    });
}

/** The address as text: IPv4, also mapped into IPv6, or `::`; `null` for what cannot stand in the way of IPv4. */
function addressOf(hex: string): string | null {
  const bytes = networkOrder(hex);
  if (bytes.length === 4) return bytes.join('.');
  if (bytes.every((byte) => byte === 0)) return '::';
  const isMapped = bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 0xff && bytes[11] === 0xff;
  return isMapped ? bytes.slice(12).join('.') : null;
}

/** The kernel prints each 32-bit word as the number that a little-endian CPU reads; all planned-for CPUs are such. */
function networkOrder(hex: string): number[] {
  const words = hex.match(/.{8}/g) ?? [];
  return words.flatMap((word) => [...Buffer.from(word, 'hex').reverse()]);
}

/** A file of proc(5) as it is now; `null` when it cannot be read. */
async function textOf(path: string): Promise<string | null> {
  return readFile(path, 'utf8').catch(() => null);
}
