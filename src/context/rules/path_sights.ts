/** Path rules that follow from what is on the probed host. */
import { fieldOf } from '../../profile/field_path.ts';
import type { Findings } from '../../profile/issue.ts';
import type { Disk, Draft } from '../../profile/profile.ts';
import { show } from '../../profile/show.ts';
import type { Host, PathSight } from '../host_facts.ts';
import { isInside, parentOf } from '../host_paths.ts';
import { isWrittenByQemu, type PathUse } from '../path_uses.ts';

export function pathSightRules(draft: Draft, use: PathUse, { facts, sight }: Host, findings: Findings): void {
  if (sight === null || use.purpose === 'unused') return;
  const seen = sight.paths.get(use.absolute);
  if (seen === undefined) return;
  const field = fieldOf(use.at);
  if (seen.kind === 'loop') {
    findings.error(
      use.at,
      'symlink-loop',
      `${field} is ${show(use.text)}, whose symbolic links lead in a circle.`,
      'Mend the links, or use another path.',
    );
    return;
  }
  if (use.isInsideRoot && !isInside(facts.os, sight.realRoot, seen.realPath)) {
    findings.error(
      use.at,
      'symlink-escape',
      `${field} is ${show(use.text)}, which looks as if it were in the project root and really is ${show(seen.realPath)}.`,
      'Write the real path, so that a reviewer sees it.',
    );
    return;
  }
  if (isWrittenByQemu(use)) parentRule(use, field, seen, parentOf(facts.os, use.absolute), findings);
  else if (use.purpose === 'image') imageRules(use, field, seen, draft, findings);
  else if (use.purpose === 'share') shareRules(use, field, seen, findings);
  else if (use.purpose !== 'binary') bootFileRules(use, field, seen, findings);
}

function parentRule(
  { at, text }: PathUse,
  field: string,
  { parent }: PathSight,
  directory: string,
  { warning }: Findings,
): void {
  if (parent === 'writable') return;
  warning(
    at,
    'parent-directory-missing',
    `${field} is ${show(text)}, and the directory ${show(directory)} ${parent === 'missing' ? 'is not there' : 'cannot be written by this user'}.`,
    parent === 'missing'
      ? 'Create the directory before the start.'
      : 'Make it writable for the user that runs QEMU.',
  );
}

function imageRules(
  { at, text }: PathUse,
  field: string,
  seen: PathSight,
  draft: Draft,
  findings: Findings,
): void {
  const disk = draft.storage.disks?.[Number(at[2])] as Disk;
  if (seen.kind === 'missing' && disk.size_gb === undefined) {
    findings.error(
      at,
      'disk-missing',
      `${field} is ${show(text)}, and there is no such file.`,
      'Create the image, or set size_gb to have its creation planned by the doctor.',
    );
  } else if (seen.kind === 'missing') {
    findings.warning(
      at,
      'disk-will-need-creation',
      `${field} is ${show(text)}, and there is no such file; an image of ${disk.size_gb} GiB has to be created first.`,
      'Ask the doctor about this profile for the command.',
    );
  } else if (seen.kind === 'directory' || seen.kind === 'other') {
    findings.error(
      at,
      'disk-not-a-file',
      `${field} is ${show(text)}, which is no regular file.`,
      'Use an image file.',
    );
  } else {
    headerRule(at, field, text, disk.format, seen, findings);
  }
}

/** QEMU would hand a guest the container itself under `raw`, and refuses to open what is not of the named format. */
function headerRule(
  at: PathUse['at'],
  field: string,
  text: string,
  format: Disk['format'],
  { header }: PathSight,
  { error, warning }: Findings,
): void {
  if (header === null) {
    warning(
      at,
      'file-unreadable',
      `${field} is ${show(text)}, and this user cannot read it; its format is not checked.`,
      'Let the planner read it.',
    );
    return;
  }
  const expected = format === 'raw' ? 'unknown' : format;
  if (header === expected) return;
  error(
    at,
    'disk-format-mismatch',
    `${field} is ${show(text)}, whose first bytes are ${header === 'unknown' ? 'those of no known format' : `those of ${header}`}, and the format is "${format}".`,
    header === 'unknown'
      ? 'Write format = "raw" if that is what it is.'
      : `Write the format that the file has, ${header}.`,
  );
}

function shareRules(use: PathUse, field: string, { kind }: PathSight, findings: Findings): void {
  const { at, text } = use;
  if (kind === 'directory') return;
  if (kind === 'unreadable') {
    unreadable(use, field, findings);
    return;
  }
  findings.error(
    at,
    'share-not-a-directory',
    `${field} is ${show(text)}, which ${kind === 'missing' ? 'is not there' : 'is no directory'}.`,
    'Share a directory that exists.',
  );
}

function bootFileRules(use: PathUse, field: string, { kind }: PathSight, findings: Findings): void {
  const { at, text, purpose } = use;
  if (kind === 'file') return;
  if (kind === 'unreadable') {
    unreadable(use, field, findings);
    return;
  }
  findings.error(
    at,
    `${purpose}-missing`,
    `${field} is ${show(text)}, which ${kind === 'missing' ? 'is not there' : 'is no regular file'}.`,
    'Use a file that exists.',
  );
}

function unreadable({ at, text }: PathUse, field: string, { warning }: Findings): void {
  warning(
    at,
    'file-unreadable',
    `${field} is ${show(text)}, and this user cannot see it.`,
    'Let the planner see it.',
  );
}
