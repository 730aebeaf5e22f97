/** The files of discovered profiles, read and parsed, with what is wrong with a file as an issue of the profile. */
import { errorCode } from '../../host/files.ts';
import { newKeptFiles } from '../../host/kept_files.ts';
import { type ParsedProfile, parseProfileText, unreadableProfile } from '../../planning/parse_profile.ts';
import { insteadOfToml } from '../../profile/other_text.ts';
import { decodeUtf8 } from '../../profile/toml.ts';
import type { ProfileFiles } from '../options.ts';
import { newSharedAnswer } from './shared_answer.ts';

const KEPT_PROFILES = 10_000;
/** Of text; measured, a parsed profile takes 8 to 25 times as much memory. */
const KEPT_BYTES = 4 * 1024 * 1024;

/** What is kept is what no host has a part in: needs and rules that hang on the host are asked for anew each time. */
export function newProfileFiles(largest: number): ProfileFiles {
  const kept = newKeptFiles((bytes) => profileIn(bytes, largest), {
    entries: KEPT_PROFILES,
    bytes: KEPT_BYTES,
    // One more shows that there are more.
    bytesOfFile: largest + 1,
  });
  const shared = newSharedAnswer<ParsedProfile>();
  return {
    counts: kept.counts,
    read: (path) =>
      shared(path, () =>
        kept
          .read(path)
          .catch((error: unknown) => unreadable(`The profile's file cannot be read (${errorCode(error)}).`)),
      ),
  };
}

function profileIn(bytes: Buffer, largest: number): ParsedProfile {
  if (bytes.length > largest) return unreadable(`The profile's file is larger than ${largest} bytes.`);
  const text = decodeUtf8(bytes);
  if (text === null) return unreadable("The profile's file is not UTF-8.");
  const read = parseProfileText(text);
  if ('profile' in read) return read.profile;
  const { line, column, reason } = read.problem;
  return unreadableProfile(
    'malformed-toml',
    `${insteadOfToml(text)}${reason} Line ${line}, column ${column} of the profile's file.`,
    { line, column },
  );
}

function unreadable(message: string): ParsedProfile {
  return unreadableProfile('profile-unreadable', message);
}
