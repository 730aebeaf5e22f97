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
  const [capabilities] = line('CapEff');
  if (user === undefined || group === undefined || capabilities === undefined) return null;
  const has = (bit: bigint): boolean => ((BigInt(`0x${capabilities}`) >> bit) & 1n) === 1n;
  return {
    user: Number(user),
    groups: [group, ...line('Groups')].map(Number),
    mayAdministrate: has(NET_ADMIN),
    mayBindAnyPort: has(NET_BIND_SERVICE),
  };
}
