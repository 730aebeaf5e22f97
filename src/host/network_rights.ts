/** What this process may do with the network, by its own status of proc(5). */
import type { NetworkRights } from '../facts/network.ts';
import { textOf } from './files.ts';
import { capabilitiesIn, numbersIn } from './process_status.ts';

/** Bits of capabilities(7). */
const NET_BIND_SERVICE = 10n;
const NET_ADMIN = 12n;

/** The user and the group that count are the effective ones, the second of four; `null` on a host without that information. */
export async function readNetworkRights(processStatus: string): Promise<NetworkRights | null> {
  const text = await textOf(processStatus);
  const [, user] = numbersIn(text, 'Uid');
  const [, group] = numbersIn(text, 'Gid');
  const has = capabilitiesIn(text);
  if (user === undefined || group === undefined || has === null) return null;
  return {
    user: Number(user),
    groups: [group, ...numbersIn(text, 'Groups')].map(Number),
    mayAdministrate: has(NET_ADMIN),
    mayBindAnyPort: has(NET_BIND_SERVICE),
  };
}
