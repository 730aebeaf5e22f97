/** Rules about two paths of one profile. */
import { fieldOf } from '../../profile/field_path.ts';
import type { Findings } from '../../profile/issue.ts';
import type { Draft } from '../../profile/profile.ts';
import { show } from '../../profile/show.ts';
import type { Host } from '../host_facts.ts';
import { comparablePath } from '../host_paths.ts';
import { isWrittenByQemu, type PathUse } from '../path_uses.ts';

export function pathConflictRules(
  draft: Draft,
  uses: readonly PathUse[],
  host: Host,
  findings: Findings,
): void {
  const used = uses.filter(({ purpose }) => purpose !== 'unused');
  const keys = used.map((use) => fileKey(use, host));
  if (new Set(keys).size === keys.length) return;
  const byFile = new Map<string, PathUse[]>();
  used.forEach((use, index) => {
    const key = keys[index] as string;
    const sharers = byFile.get(key);
    if (sharers === undefined) byFile.set(key, [use]);
    else sharers.push(use);
  });
  for (const sharers of byFile.values()) {
    if (sharers.length === 1) continue;
    writtenByQemuRule(sharers, findings);
    sharedImageRule(draft, sharers, findings);
  }
}

/** What tells two files apart: the real path where it is known, names compared as the host's file system does. */
function fileKey({ absolute }: PathUse, { facts, sight }: Host): string {
  return comparablePath(facts.os, sight?.paths.get(absolute)?.realPath ?? absolute);
}

function writtenByQemuRule(sharers: readonly PathUse[], { error }: Findings): void {
  const readers = sharers.filter((use) => !isWrittenByQemu(use));
  const writers = sharers.filter(isWrittenByQemu);
  // Among writers the first may stay; beside anything else each of them destroys it.
  for (const use of readers.length > 0 ? writers : writers.slice(1)) {
    const other = readers[0] ?? (writers[0] as PathUse);
    error(
      use.at,
      'path-conflict',
      `${fieldOf(use.at)} is ${show(use.text)}, which is ${fieldOf(other.at)} too; QEMU replaces a socket and truncates a log when it starts.`,
      'Use a path of its own.',
    );
  }
}

function sharedImageRule({ storage }: Draft, sharers: readonly PathUse[], { error }: Findings): void {
  const images = sharers.filter(({ purpose }) => purpose === 'image');
  const isReadonly = ({ at }: PathUse): boolean => storage.disks?.[Number(at[2])]?.readonly === true;
  const first = images[0];
  if (first === undefined || images.every(isReadonly)) return;
  for (const use of images.slice(1)) {
    error(
      use.at,
      'image-shared-writable',
      `${fieldOf(use.at)} is ${show(use.text)}, the image of ${fieldOf(first.at)} too, and not all of these disks are read-only.`,
      'Use another image, or set readonly = true on each of them.',
    );
  }
}
