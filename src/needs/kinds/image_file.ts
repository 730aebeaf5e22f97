/** A file that an image's header names, and that QEMU opens with the image: a backing file, a data file, an extent. */
import { forbiddenPlace, forbiddenPlaceBelow } from '../../facts/forbidden_places.ts';
import type { ProbedPath } from '../../facts/host.ts';
import { DEEPEST_CHAIN, type FileName, type ImageFault, type ImageHeader } from '../../facts/image.ts';
import type { IssueCode } from '../../profile/codes.ts';
import type { Path } from '../../profile/path.ts';
import { redacted } from '../../profile/secrets.ts';
import { show } from '../../profile/show.ts';
import { visible } from '../../profile/text.ts';
import { writeAdvice } from '../directory_trouble.ts';
import { faultVerdict } from '../image_fault.ts';
import { IS_FREE, useVerdict } from '../image_use.ts';
import { naming } from '../named_path.ts';
import type { NeedKind, OwnVerdict, Seen, Unknown } from '../need_kind.ts';

export interface ImageFileNeed extends FileName {
  readonly kind: 'image-file';
  /** The key of the disk. */
  readonly at: Path;
  /** The path of the image whose header names it. */
  readonly namedBy: string;
  readonly isInsideRoot: boolean;
  readonly access: 'read' | 'write';
  /** Whether a profile may have no such file behind a disk. */
  readonly isRefused: boolean;
  /** Counted from 1 among the files behind the disk. */
  readonly place: number;
  /** Why what lies behind it is not looked at: it came before, or too many did. */
  readonly end: 'loop' | 'too-deep' | null;
}

const ROLES: Readonly<Record<FileName['role'], { readonly is: string; readonly code: IssueCode }>> = {
  backing: { is: 'backing file', code: 'backing-file-undeclared' },
  data: { is: 'data file', code: 'external-data-file' },
  extent: { is: 'extent', code: 'external-extents' },
};
/** Formats whose headers name no other file and are not judged. */
const LONE_FORMATS: readonly string[] = ['raw', 'seSparse'];
/** Formats whose headers are. */
const READ_FORMATS: readonly string[] = ['qcow2', 'vdi', 'vmdk'];

/** What an image might name, where its header was not read to the end. */
export const WHAT_ELSE = 'Does its header name other files, and may QEMU open them?';

export const imageFile: NeedKind<ImageFileNeed> = {
  path: { isDisk: true },
  resources: resourcesOf,
  // What is no path may be anywhere, also on another machine, and what lies behind the last one too.
  risk: ({ path, end }) => (path === null || end === 'too-deep' ? 'medium' : 'low'),
  unknowns: (need, { probed }) => {
    const subject = resourcesOf(need)[0] ?? `path:${shownPath(need.namedBy)}`;
    const ask = (question: string): Unknown[] => [{ question, subject }];
    if (need.path === null) return ask(`What is ${show(need.text)}, which its header names?`);
    const seen = probed?.paths.get(need.path);
    if (need.end === 'loop' || (seen?.kind !== 'file' && seen?.kind !== 'unreadable')) return [];
    if (need.end === 'too-deep') return ask(WHAT_ELSE);
    return [
      ...(seen.header === null ? ask('May QEMU read it, and what does its header name?') : []),
      ...(namesUnseen(need, seen) ? ask(WHAT_ELSE) : []),
      ...(isUnwritable(need, seen) ? ask('May QEMU write to it?') : []),
      ...ask(IS_FREE),
    ];
  },
  known: (need, { os }) => {
    const place = need.mentions
      .map((path) => forbiddenPlace(os, path) ?? forbiddenPlaceBelow(os, path))
      .find((forbidden) => forbidden !== null);
    if (place === undefined) return [];
    const message = `${naming(need)}, which leads to ${place}; no plan may name that place.`;
    return [{ severity: 'error', code: 'forbidden-path', message }];
  },
  verdicts: (need, seen) => {
    const probed = need.path === null ? undefined : seen.files.paths.get(need.path);
    if (need.path !== null && probed === undefined) return [];
    const common = {
      category: 'storage',
      resources: resourcesOf(need),
      metadata: {
        format: need.format,
        named_by: shownPath(need.namedBy),
        path: need.path === null ? null : shownPath(need.path),
      },
    } as const;
    return verdictsOn(need, probed, seen).map((verdict) => ({ ...verdict, ...common }));
  },
};

function resourcesOf({ path }: ImageFileNeed): string[] {
  return path === null ? [] : [`path:${shownPath(path)}`];
}

/** What a header calls a file was never checked as a profile is: it can hold anything. */
function shownPath(path: string): string {
  return visible(redacted(path));
}

/** Whether QEMU may read names of more files in it than were followed. */
function namesUnseen({ role, format }: ImageFileNeed, { header }: ProbedPath): boolean {
  if (header === null || isLone(format)) return false;
  if (format !== null && !READ_FORMATS.includes(format)) return true;
  // An extent that is a descriptor itself is not followed.
  const isUnfollowed = role === 'extent' && header.names.some((name) => name.role === 'extent');
  return header.mayNameMore || isUnfollowed;
}

function isLone(format: string | null): boolean {
  return format !== null && LONE_FORMATS.includes(format);
}

function verdictsOn(need: ImageFileNeed, probed: ProbedPath | undefined, seen: Seen): OwnVerdict[] {
  const as = `${naming(need)} as its ${ROLES[need.role].is}`;
  const { path } = need;
  if (path === null || probed === undefined)
    return [undeclared(need, `${as}, which is no path of a file`, seen)];
  if (need.end === 'loop') return [loop(need, as, seen)];
  switch (probed.kind) {
    case 'missing':
      return [unusable(need, `${as}, and there is no file ${show(path)}`, 'is not there', seen)];
    case 'directory':
    case 'other':
      return [unusable(need, `${as}, which is no regular file`, 'is no file', seen)];
    default:
      return [undeclared(need, as, seen), ...troubles(need, as, probed, seen)];
  }
}

function subjectOf({ place }: ImageFileNeed, { subject }: Seen): string {
  return `${subject}:${place}`;
}

function calledIn({ role }: ImageFileNeed, { subject }: Seen): string {
  return `The ${ROLES[role].is} of the disk ${subject}`;
}

function undeclared(need: ImageFileNeed, says: string, seen: Seen): OwnVerdict {
  const effect = need.access === 'write' ? 'QEMU writes to it too' : 'QEMU lets the guest read it too';
  return {
    id: `disk-names-file:${subjectOf(need, seen)}`,
    severity: need.isRefused ? 'error' : 'warning',
    title: `The disk ${seen.subject} has another file behind it`,
    says: `${says}; the profile does not, and ${effect}.`,
    mend: 'See whether that is meant. "qemu-img convert" makes an image that needs no other file.',
    issue: ROLES[need.role].code,
  };
}

function loop(need: ImageFileNeed, as: string, seen: Seen): OwnVerdict {
  return {
    id: `disk-chain-loop:${subjectOf(need, seen)}`,
    // Of a backing file QEMU opens one after the other until it cannot; an extent that is only read may do.
    severity: need.role === 'backing' ? 'error' : 'warning',
    title: `The disk ${seen.subject} leads back to itself`,
    says: `${as}, and that file leads to this image again; QEMU does not get to the end.`,
    mend: 'Mend the name with "qemu-img rebase -u".',
    issue: 'backing-chain-loop',
  };
}

function unusable(need: ImageFileNeed, says: string, is: string, seen: Seen): OwnVerdict {
  return {
    id: `disk-file-missing:${subjectOf(need, seen)}`,
    severity: 'error',
    title: `${calledIn(need, seen)} ${is}`,
    says: `${says}; QEMU does not start.`,
    mend: 'Bring the file back, or use an image that needs no other file.',
    issue: 'backing-file-missing',
  };
}

/** QEMU opens a data file or an extent as it opens the disk. */
function isUnwritable({ access }: ImageFileNeed, { isWritable }: ProbedPath): boolean {
  return access === 'write' && !isWritable;
}

/** What else is wrong with a file that is there. */
function troubles(need: ImageFileNeed, as: string, probed: ProbedPath, seen: Seen): OwnVerdict[] {
  const { access, end } = need;
  const names = { called: calledIn(need, seen), subject: subjectOf(need, seen) };
  if (end === 'too-deep') return [tooDeep(need, as, seen)];
  const { header, id } = probed;
  return [
    header === null ? unreadable(as, names) : headerVerdict(need, as, header, names),
    isUnwritable(need, probed) ? unwritable(as, probed, names) : null,
    useVerdict(id, access, seen.network, as, { ...names, inUse: `disk-in-use:${names.subject}` }),
  ].filter((verdict) => verdict !== null);
}

function headerVerdict(
  { role, format, access }: ImageFileNeed,
  as: string,
  header: ImageHeader,
  names: Names,
): OwnVerdict | null {
  if (format !== null && READ_FORMATS.includes(format) && header.format !== format)
    return otherFormat(as, format, header.format, names);
  if (role === 'backing' && format === 'raw') return rawVerdict(as, header.format, names);
  if (format === null && header.format === 'luks') return faultVerdict(LOCKED, access, as, names);
  const isUnread = isLone(format) || (role === 'extent' && header.fault?.isInDescriptor === true);
  return isUnread ? null : faultVerdict(header.fault, access, as, names);
}

/** What QEMU takes for encrypted by its first bytes, and has no key for. */
const LOCKED: ImageFault = { code: 'image-encrypted', says: 'is encrypted (LUKS)', whenRead: 'error' };

function tooDeep(need: ImageFileNeed, as: string, seen: Seen): OwnVerdict {
  return {
    id: `disk-chain-deep:${subjectOf(need, seen)}`,
    severity: 'warning',
    title: `The disk ${seen.subject} has many files behind it`,
    says: `${as}, and that is the ${DEEPEST_CHAIN + 1}th behind the disk; what it names was not read.`,
    mend: 'Shorten the chain with "qemu-img rebase" or "qemu-img convert".',
    issue: 'backing-chain-too-deep',
  };
}

interface Names {
  readonly called: string;
  readonly subject: string;
}

function unreadable(as: string, { called, subject }: Names): OwnVerdict {
  return {
    id: `disk-file-unreadable:${subject}`,
    severity: 'warning',
    title: `${called} cannot be read by this user`,
    says: `${as}, and this user cannot read it.`,
    mend: 'Let the planner read it.',
    issue: 'file-unreadable',
  };
}

function unwritable(as: string, probed: ProbedPath, { called, subject }: Names): OwnVerdict {
  return {
    id: `disk-file-unwritable:${subject}`,
    severity: 'warning',
    title: `${called} cannot be written by this user`,
    says: `${as}, which the user of this service cannot write, and the disk is not read-only.`,
    mend: `${writeAdvice(probed)}, or set readonly = true.`,
    issue: 'file-unwritable',
  };
}

/** What is in a container, QEMU does not show to the guest then, but the container itself. */
function rawVerdict(as: string, found: string, { called, subject }: Names): OwnVerdict | null {
  if (found === 'unknown' || found === 'luks') return null;
  return {
    id: `disk-file-format:${subject}`,
    severity: 'warning',
    title: `${called} has another format`,
    says: `${as} in the format raw, and its first bytes are those of ${found}; the guest reads them as they are.`,
    mend: 'Mend the header with "qemu-img rebase -u", or use another image.',
    issue: 'disk-format-mismatch',
  };
}

/** QEMU goes by the format that the header names. */
function otherFormat(as: string, format: string, real: string, { called, subject }: Names): OwnVerdict {
  const found = real === 'unknown' ? 'those of no known format' : `those of ${real}`;
  return {
    id: `disk-file-format:${subject}`,
    severity: 'error',
    title: `${called} has another format`,
    says: `${as} in the format ${format}, and its first bytes are ${found}; QEMU does not start.`,
    mend: 'Mend the header with "qemu-img rebase -u", or use another image.',
    issue: 'disk-format-mismatch',
  };
}
