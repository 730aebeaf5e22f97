/** All discovered profiles that are valid as far as no host is looked at, with what they need, for the doctor to compare. */
import type { HostFacts } from '../../facts/host_facts.ts';
import { discoverProfiles } from '../../host/discover.ts';
import type { ComparedProfile } from '../../needs/collisions.ts';
import { profileHashOf } from '../../planning/plan_profile.ts';
import { needsOf } from '../../topics/index.ts';
import type { Profile } from '../../topics/profile.ts';
import type { Planner } from '../options.ts';
import { inLots } from './lots.ts';

export async function comparedProfiles(facts: HostFacts, planner: Planner): Promise<ComparedProfile[]> {
  const { profiles } = await discoverProfiles(planner.profileDirectories);
  const compared = await inLots(profiles, async ({ name, path }) => {
    const { draft, issues } = await planner.profileFiles.read(path);
    if (issues.all.some(({ severity }) => severity === 'error')) return [];
    return [{ name, profileHash: profileHashOf(draft as Profile), needs: needsOf(draft, facts) }];
  });
  return compared.flat();
}
