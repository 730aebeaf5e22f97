import type { HostFacts } from '../facts/host_facts.ts';
import { isInside, resolvePath } from '../facts/host_paths.ts';
import { fieldOf, type Path } from '../profile/path.ts';
import { show } from '../profile/show.ts';

/** A path that a profile names, and where it leads on the host. */
export interface NamedPath {
  /** The key that names it, or would name it where it is a default. */
  readonly at: Path;
  /** As written in the profile, or as a default would be. */
  readonly text: string;
  /** Absolute and normalised. */
  readonly path: string;
  readonly isInsideRoot: boolean;
  /** The image whose header names it, where no key does: `at` is then that of the disk, and `text` as in the header. */
  readonly namedBy?: string;
}

/** The absolute, normalised form of a path of a profile. */
export function absolutePath({ os, project_root }: HostFacts, text: string): string {
  return resolvePath(os, project_root, text);
}

export function namedPath({ os, project_root }: HostFacts, at: Path, text: string): NamedPath {
  const path = resolvePath(os, project_root, text);
  return { at, text, path, isInsideRoot: isInside(os, project_root, path) };
}

/** The beginning of a sentence about it. */
export function naming({ at, text, namedBy }: Pick<NamedPath, 'at' | 'text' | 'namedBy'>): string {
  return namedBy === undefined
    ? `${fieldOf(at)} is ${show(text)}`
    : `The header of ${show(namedBy)} names ${show(text)}`;
}
