/** Discovered profiles: found, read and parsed, with what is wrong with the file as an issue of the profile. */
import { type FoundProfile, findProfile, readProfileFile } from '../host/discover.ts';
import { decodeUtf8 } from '../profile/parse_toml.ts';
import { type Reading, readToml, unreadableProfile } from '../profile/read_profile.ts';
import type { PlannerOptions } from './options.ts';

export interface NamedProfile {
  readonly found: FoundProfile;
  readonly reading: Reading;
}

/** The profile of this name, or `null` when no directory has one. */
export async function readNamedProfile(name: string, options: PlannerOptions): Promise<NamedProfile | null> {
  const found = await findProfile(name, options.profileDirectories);
  return found === null ? null : { found, reading: await readFound(found, options) };
}

export async function readFound({ path }: FoundProfile, { bodyLimit }: PlannerOptions): Promise<Reading> {
  const file = await readProfileFile(path, bodyLimit);
  if ('reason' in file) return unreadableProfile('profile-unreadable', `The profile's file ${file.reason}.`);
  const text = decodeUtf8(file.bytes);
  if (text === null) return unreadableProfile('profile-unreadable', "The profile's file is not UTF-8.");
  const read = readToml(text);
  if ('reading' in read) return read.reading;
  const { line, column, reason } = read.problem;
  return unreadableProfile(
    'malformed-toml',
    `${reason} Line ${line}, column ${column} of the profile's file.`,
  );
}
