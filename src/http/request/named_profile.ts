/** Discovered profiles by name. */
import { type FoundProfile, findProfile } from '../../host/discover.ts';
import type { ParsedProfile } from '../../planning/parse_profile.ts';
import type { Planner } from '../options.ts';

export interface NamedProfile {
  readonly found: FoundProfile;
  readonly parsed: ParsedProfile;
}

/** The profile of this name, or `null` when no directory has one. */
export async function readNamedProfile(name: string, planner: Planner): Promise<NamedProfile | null> {
  const found = await findProfile(name, planner.profileDirectories);
  return found === null ? null : { found, parsed: await planner.profileFiles.read(found.path) };
}
