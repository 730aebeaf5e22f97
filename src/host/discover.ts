/** Profiles in the configured directories; an earlier directory wins, and what it hides is reported. */
import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { compareCodePoints } from '../profile/text.ts';
import { errorCode } from './files.ts';

/** A directory of profiles: as configured, and where that is. */
export interface ProfileDirectory {
  readonly scope: string;
  readonly path: string;
}

export interface FoundProfile {
  readonly name: string;
  /** The configured directory that it is in. */
  readonly scope: string;
  readonly path: string;
  /** The directories whose profile of the same name it hides. */
  readonly conflicts: readonly string[];
}

export interface DirectoryProblem {
  readonly scope: string;
  /** The file, or `null` for the directory itself. */
  readonly file: string | null;
  readonly reason: string;
}

export interface Discovery {
  /** Sorted by name. */
  readonly profiles: readonly FoundProfile[];
  readonly problems: readonly DirectoryProblem[];
}

const ENDING = '.toml';
const LONGEST_STEM = 250;

/** Whether a name can be a profile's: the stem of a file, no path and not hidden. */
export function isPlainStem(name: string): boolean {
  return name.length > 0 && name.length <= LONGEST_STEM && !name.startsWith('.') && !/[/\\\0]/.test(name);
}

export async function discoverProfiles(directories: readonly ProfileDirectory[]): Promise<Discovery> {
  const found = new Map<string, FoundProfile>();
  const problems: DirectoryProblem[] = [];
  for (const directory of directories) {
    const listing = await listDirectory(directory);
    problems.push(...listing.problems);
    for (const profile of listing.profiles) {
      const winner = found.get(profile.name);
      if (winner === undefined) found.set(profile.name, profile);
      else found.set(profile.name, { ...winner, conflicts: [...winner.conflicts, profile.scope] });
    }
  }
  const profiles = [...found.values()].sort((left, right) => compareCodePoints(left.name, right.name));
  return { profiles, problems };
}

/** The profile of this name, or `null`. A name that is no plain stem is refused before any file is looked at. */
export async function findProfile(
  name: string,
  directories: readonly ProfileDirectory[],
): Promise<FoundProfile | null> {
  if (!isPlainStem(name)) return null;
  const found: FoundProfile[] = [];
  for (const { scope, path } of directories) {
    const file = join(path, `${name}${ENDING}`);
    if (await isRegularFile(file)) found.push({ name, scope, path: file, conflicts: [] });
  }
  const [winner, ...hidden] = found;
  return winner === undefined ? null : { ...winner, conflicts: hidden.map(({ scope }) => scope) };
}

async function listDirectory({
  scope,
  path,
}: ProfileDirectory): Promise<{ profiles: FoundProfile[]; problems: DirectoryProblem[] }> {
  const profiles: FoundProfile[] = [];
  const problems: DirectoryProblem[] = [];
  try {
    const entries = await readdir(path, { withFileTypes: true });
    for (const entry of entries.sort((left, right) => compareCodePoints(left.name, right.name))) {
      const file = entry.name;
      if (!file.endsWith(ENDING) || file.startsWith('.')) continue;
      const name = file.slice(0, -ENDING.length);
      if (!isPlainStem(name)) problems.push({ scope, file, reason: 'has a name that no profile can have' });
      else if (await leadsToRegularFile(entry, join(path, file)))
        profiles.push({ name, scope, path: join(path, file), conflicts: [] });
      else problems.push({ scope, file, reason: 'is no regular file' });
    }
  } catch (error) {
    problems.push({ scope, file: null, reason: `cannot be listed (${errorCode(error)})` });
  }
  return { profiles, problems };
}

/** A name that is not UTF-8 is shown with this in it, and leads nowhere. */
const REPLACED = '\ufffd';

/** The directory says what an entry is; a link has to be followed, and a name that may be another one to be tried. */
async function leadsToRegularFile(entry: Dirent, path: string): Promise<boolean> {
  const isSure = !entry.isSymbolicLink() && !entry.name.includes(REPLACED);
  return isSure ? entry.isFile() : isRegularFile(path);
}

async function isRegularFile(path: string): Promise<boolean> {
  const stats = await stat(path).catch(() => null);
  return stats?.isFile() === true;
}
