/** Discovered profiles: found, read and parsed, with what is wrong with the file as an issue of the profile. */
import { type FoundProfile, findProfile, readProfileFile } from '../../host/discover.ts';
import { type ParsedProfile, parseProfileText, unreadableProfile } from '../../planning/parse_profile.ts';
import { decodeUtf8 } from '../../profile/toml.ts';
import type { PlannerOptions } from '../options.ts';

export interface NamedProfile {
  readonly found: FoundProfile;
  readonly parsed: ParsedProfile;
}

/** The profile of this name, or `null` when no directory has one. */
export async function readNamedProfile(name: string, options: PlannerOptions): Promise<NamedProfile | null> {
  const found = await findProfile(name, options.profileDirectories);
  return found === null ? null : { found, parsed: await readFound(found, options) };
}

export async function readFound(
  { path }: FoundProfile,
  { bodyLimit }: PlannerOptions,
): Promise<ParsedProfile> {
  const file = await readProfileFile(path, bodyLimit);
  if ('reason' in file) return unreadableProfile('profile-unreadable', `The profile's file ${file.reason}.`);
  const text = decodeUtf8(file.bytes);
  if (text === null) return unreadableProfile('profile-unreadable', "The profile's file is not UTF-8.");
  const read = parseProfileText(text);
  if ('profile' in read) return read.profile;
  const { line, column, reason } = read.problem;
  return unreadableProfile(
    'malformed-toml',
    `${reason} Line ${line}, column ${column} of the profile's file.`,
  );
}
