/** The host facts that a plan shows: those that it was made from. */
import { type HostFacts, inOrder, plainFacts } from '../facts/host_facts.ts';
import { usedFirmware } from '../topics/firmware.ts';
import type { Planned } from './plan_profile.ts';

/**
 * Given facts as they were given. Of a host that was looked at what the version of the profile knows of, and of its firmware
 * the one that was taken.
 */
export function shownHost({ host, profile }: Pick<Planned, 'host' | 'profile'>): HostFacts {
  const { facts } = host;
  if (host.probed === null) return facts;
  if (profile.schema_version === 1) return plainFacts(facts);
  const { firmware: _, ...known } = facts;
  const used = usedFirmware(profile, facts);
  return used === null ? known : inOrder({ ...known, firmware: [used] });
}
