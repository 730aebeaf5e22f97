/** A rule about two paths of one profile: a file cannot be a directory on the way to another. */
import type { Host } from '../facts/host.ts';
import { comparablePath, isInside } from '../facts/host_paths.ts';
import type { IssueList } from '../profile/issue.ts';
import type { TableKey } from '../profile/key.ts';
import { fieldOf, sortedByPlace } from '../profile/path.ts';
import { naming } from './named_path.ts';
import { type PathNeed, traitsOf } from './need.ts';

/** Tells of what QEMU would create, of two alike the deeper, and gives all that is told: it cannot be where it is named. */
export function checkWays(
  needs: readonly PathNeed[],
  host: Host,
  schema: TableKey,
  { error }: IssueList,
): ReadonlySet<PathNeed> {
  const { os, project_root } = host.facts;
  const separator = os === 'windows' ? '\\' : '/';
  const files = needs
    // That the project root and what holds it are directories is said by the rules of each path.
    .filter((need) => traitsOf(need).isDirectory !== true && !isInside(os, need.path, project_root))
    .flatMap((need) => namesOf(need, host).map((name) => ({ need, below: `${name}${separator}` })));
  const told = new Set<PathNeed>();
  for (const need of sortedByPlace(needs, schema)) {
    const names = namesOf(need, host);
    const file = files.find(({ below }) => names.some((name) => name.startsWith(below)))?.need;
    if (file === undefined) continue;
    const isFileToTell = traitsOf(file).isCreated === true && traitsOf(need).isCreated !== true;
    const culprit = isFileToTell ? file : need;
    if (told.has(culprit)) continue;
    told.add(culprit);
    const conflict = isFileToTell
      ? `which is a directory on the way to ${fieldOf(need.at)} and cannot be a file too`
      : `which leads through ${fieldOf(file.at)}, a file and no directory`;
    error(culprit.at, 'path-conflict', `${naming(culprit)}, ${conflict}.`);
  }
  return told;
}

/** A path as it is named, and as it really is where that is known. */
function namesOf({ path }: PathNeed, { facts, probed }: Host): readonly string[] {
  const names = [path, probed?.paths.get(path)?.realPath ?? path];
  return [...new Set(names.map((name) => comparablePath(facts.os, name)))];
}
