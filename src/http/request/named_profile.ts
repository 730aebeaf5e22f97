/** Discovered profiles by name. */
import { discoverProfiles, type FoundProfile, findProfile } from '../../host/discover.ts';
import type { ParsedProfile } from '../../planning/parse_profile.ts';
import { nearestWord } from '../../profile/nearest_word.ts';
import { looksSecret } from '../../profile/secrets.ts';
import { PROBLEM_KINDS, RequestRefused } from '../guards/problem.ts';
import type { Planner } from '../options.ts';

const LEAST_START = 3;

export interface NamedProfile {
  readonly found: FoundProfile;
  readonly parsed: ParsedProfile;
}

/** The profile of this name; that no directory has one is thrown as `RequestRefused`. */
export async function readNamedProfile(name: string, planner: Planner): Promise<NamedProfile> {
  const found = await findProfile(name, planner.profileDirectories);
  if (found === null) throw await notFound(name, planner);
  return { found, parsed: await planner.profileFiles.read(found.path) };
}

/** Names the profile that may be meant. */
async function notFound(name: string, { profileDirectories }: Planner): Promise<RequestRefused> {
  const { profiles } = await discoverProfiles(profileDirectories);
  const names = profiles.map((profile) => profile.name).filter((one) => !looksSecret(one));
  const stem = name.replace(/^.*[/\\]/, '').replace(/\.toml$/, '');
  const meant = names.includes(stem) ? stem : (nearestWord(stem, names) ?? startingWith(stem, names));
  const question = meant === undefined ? '' : `Is ${meant} meant? `;
  return new RequestRefused('profile-not-found', {
    detail: `${question}${PROBLEM_KINDS['profile-not-found'].meaning}`,
  });
}

/** The first name that goes on like this; fewer letters say too little. */
function startingWith(start: string, names: readonly string[]): string | undefined {
  return start.length < LEAST_START ? undefined : names.find((name) => name.startsWith(start));
}
