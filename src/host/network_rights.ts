/** What this process may do with the network, by its own status of proc(5). */
import { readFile } from 'node:fs/promises';
import type { NetworkRights } from '../facts/network.ts';

/** Bits of capabilities(7). */
const NET_BIND_SERVICE = 10n;
const NET_ADMIN = 12n;

/** The user and the group that count are the effective ones, the second of four; `null` on a host without that information. */
export async function readNetworkRights(processStatus: string): Promise<NetworkRights | null> {
  const text = await readFile(processStatus, 'utf8').catch(() => '');
  const line = (key: string): string[] => {
    const [, words = ''] = new RegExp(`^${key}:(.*)$`, 'm').exec(text) ?? [];
    return [...words.matchAll(/\w+/g)].map(([word]) => word);
  };
  const [, user] = line('Uid');
  const [, group] = line('Gid');
  const has = capabilitiesIn(text);
  if (user === undefined || group === undefined || has === null) return null;
  return {
    user: Number(user),
    groups: [group, ...line('Groups')].map(Number),
    mayAdministrate: has(NET_ADMIN),
    mayBindAnyPort: has(NET_BIND_SERVICE),
  };
}

/** Which capabilities the status of a process says that it may use now; `null` where it says nothing of them. */
export function capabilitiesIn(status: string): ((bit: bigint) => boolean) | null {
  const [, digits] = /^CapEff:\s*([0-9a-f]+)$/m.exec(status) ?? [];
  return digits === undefined ? null : (bit) => ((BigInt(`0x${digits}`) >> bit) & 1n) === 1n;
}
