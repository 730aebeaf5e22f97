/** All discovered profiles that are valid as far as no host is looked at, with what they need, for the doctor to compare. */
import { basename, dirname, join } from 'node:path';
import type { HostFacts } from '../../facts/host_facts.ts';
import { discoverProfiles } from '../../host/discover.ts';
import { realPathOf, thingAt } from '../../host/files.ts';
import { type ComparedProfile, isTakenPath } from '../../needs/collisions.ts';
import type { Need, PathNeed } from '../../needs/need.ts';
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
    const needs = needsOf(draft, facts);
    return [{ name, profileHash: profileHashOf(draft as Profile), needs, places: await placesOf(needs) }];
  });
  return compared.flat();
}

async function placesOf(needs: readonly Need[]): Promise<Map<PathNeed, string>> {
  const taken = needs.filter(isTakenPath);
  return new Map(await Promise.all(taken.map(async (need) => [need, await placeOf(need)] as const)));
}

/**
 * A file that is there is its device and number, whatever it is called. QEMU removes a link that lies where it makes a socket,
 * so that only the directory of that counts.
 */
async function placeOf({ kind, path }: PathNeed): Promise<string> {
  if (kind === 'socket') return join((await realPathOf(dirname(path))).path, basename(path));
  return (await thingAt(path)).id ?? (await realPathOf(path)).path;
}
