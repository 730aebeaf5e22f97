/** A disk image that QEMU opens. */
import type { ProbedDirectory, ProbedPath } from '../../facts/host.ts';
import type { HostSystem } from '../../facts/host_facts.ts';
import type { FileName, ImageHeader } from '../../facts/image.ts';
import { show } from '../../profile/show.ts';
import { DIRECTORY_TROUBLE, writeAdvice } from '../directory_trouble.ts';
import { faultVerdict } from '../image_fault.ts';
import { IS_FREE, useVerdict } from '../image_use.ts';
import { type NamedPath, naming } from '../named_path.ts';
import { fine, type NeedKind, type OwnVerdict, type Seen, type Unknown } from '../need_kind.ts';
import { questionsOfAccess } from '../path_questions.ts';
import { WHAT_ELSE } from './image_file.ts';

export type ImageFormat = 'qcow2' | 'raw' | 'vdi' | 'vmdk';

const FORMATS_THAT_NAME: readonly ImageFormat[] = ['qcow2', 'vmdk'];
const GIB = 1024 ** 3;

export interface ImageNeed extends NamedPath {
  readonly kind: 'image';
  readonly access: 'read' | 'write';
  readonly format: ImageFormat;
  /** GiB to create a missing image with; `null` when nothing says how large. */
  readonly sizeGb: number | null;
  /** The image that it is an overlay of, as QEMU is told; `null` for none, and `followed` where QEMU finds it in the header. */
  readonly base: DeclaredBase | 'followed' | null;
  /** The file with the key that QEMU is given for it, an absolute path; `null` for none. */
  readonly keyFile: string | null;
  /** What is written when it is created; `off` for nothing. */
  readonly preallocation: string;
  /** As much as the drive takes. */
  readonly mostBytes?: number;
}

export interface DeclaredBase {
  readonly path: string;
  readonly format: ImageFormat;
}

export const image: NeedKind<ImageNeed> = {
  path: { isDisk: true },
  resources: ({ path }) => [`path:${path}`],
  risk: () => 'low',
  unknowns: (need, { probed }) => {
    const { format } = need;
    const names = FORMATS_THAT_NAME.includes(format) ? [unknown(need, WHAT_ELSE)] : [];
    if (probed === null) return [unknown(need, `Is there an image of the format ${format}?`), ...names];
    const seen = probed.paths.get(need.path);
    if (seen?.kind === 'missing') {
      const more = names.length === 0 ? '' : ', and may QEMU open all that its header names';
      return [unknown(need, `Will an image of the format ${format} be created before the start${more}?`)];
    }
    const isOpen = seen?.header === null;
    return [
      ...(isOpen ? [unknown(need, `Is it an image of the format ${format}?`)] : []),
      ...(isOpen || seen?.header.mayNameMore === true ? names : []),
      ...questionsOfAccess(need, seen),
      unknown(need, IS_FREE),
    ];
  },
  verdicts: (need, seen) => {
    const { path, format, sizeGb } = need;
    const probed = seen.files.paths.get(path);
    if (probed === undefined) return [];
    const metadata = { format, path, size_gb: sizeGb };
    const common = { category: 'storage', resources: [`path:${path}`], metadata } as const;
    return verdictsOn(need, probed, seen).map((verdict) => ({ ...verdict, ...common }));
  },
};

function unknown({ path }: ImageNeed, question: string): Unknown {
  return { question, subject: `path:${path}` };
}

function verdictsOn(need: ImageNeed, probed: ProbedPath, seen: Seen): OwnVerdict[] {
  const use = useVerdict(probed.id, need.access, seen.network, naming(need), {
    called: `The disk ${seen.subject}`,
    inUse: `disk-in-use:${seen.subject}`,
  });
  const { header } = probed;
  return [
    verdictOn(need, probed, seen),
    sizeVerdict(need, header, seen),
    sizeUnderBase(need, probed, seen),
    baseVerdict(need, header, seen),
    use,
  ].filter((verdict) => verdict !== null);
}

function verdictOn(need: ImageNeed, probed: ProbedPath, seen: Seen): OwnVerdict {
  const { kind, header } = probed;
  const { subject } = seen;
  if (kind === 'missing')
    return need.sizeGb === null && declaredBase(need) === null
      ? missing(need, seen)
      : willBeCreated(need, probed.directory, seen);
  if (kind === 'directory' || kind === 'other') {
    return {
      id: `disk-not-a-file:${subject}`,
      severity: 'error',
      title: `The disk ${subject} is no file`,
      says: `${naming(need)}, which is no regular file.`,
      mend: 'Use an image file.',
      issue: 'disk-not-a-file',
    };
  }
  if (header === null) {
    return {
      id: `disk-unreadable:${subject}`,
      severity: 'warning',
      title: `The disk ${subject} cannot be read by this user`,
      says: `${naming(need)}, and this user cannot read it; its format is not checked.`,
      mend: 'Let the planner read it.',
      issue: 'file-unreadable',
    };
  }
  if (!isOfFormat(need, header))
    return need.format === 'raw' && header.format === 'unknown'
      ? notEncrypted(need, seen)
      : otherFormat(need, header.format, seen);
  if (need.mostBytes !== undefined && (probed.bytes ?? 0) > need.mostBytes) return tooLarge(need, seen);
  const names = { called: `The disk ${subject}`, subject };
  const isLocked = header.fault?.code === 'image-encrypted';
  const hasKey = need.keyFile !== null;
  const fault = hasKey && isLocked ? null : faultVerdict(header.fault, need.access, naming(need), names);
  if (fault !== null) return fault;
  if (hasKey && need.format === 'qcow2' && !isLocked) return notEncrypted(need, seen);
  if (!probed.isWritable && need.access === 'write') {
    return {
      id: `disk-unwritable:${subject}`,
      severity: 'warning',
      title: `The disk ${subject} cannot be written by this user`,
      says: `${naming(need)}, which the user of this service cannot write, and the disk is not read-only.`,
      mend: `${writeAdvice(probed)}, or set readonly = true.`,
      issue: 'file-unwritable',
    };
  }
  return fine(
    `disk-found:${subject}`,
    `The disk ${subject} is there`,
    `${naming(need)}, a file in the format ${need.format}.`,
  );
}

function missing(need: ImageNeed, { subject }: Seen): OwnVerdict {
  return {
    id: `disk-missing:${subject}`,
    severity: 'error',
    title: `The disk ${subject} is not there`,
    says: `${naming(need)}, and there is no such file.`,
    mend: 'Create the image, or set size_gb to have its creation planned by the doctor.',
    issue: 'disk-missing',
  };
}

function willBeCreated(need: ImageNeed, directory: ProbedDirectory, seen: Seen): OwnVerdict {
  const { path, format, sizeGb, preallocation, keyFile } = need;
  const { subject, facts } = seen;
  const base = declaredBase(need);
  const size = sizeGb === null ? '' : ` of ${sizeGb} GiB`;
  const made = base === null ? `an image${size}` : `an overlay${size} of ${show(base.path)}`;
  return {
    id: `disk-missing:${subject}`,
    severity: 'warning',
    title: `The disk ${subject} is not there`,
    says: `${naming(need)}, and there is no such file; ${made} has to be created first.`,
    mend: 'Create it, or let POST /plans/prepare plan that.',
    advice: obstacleTo(directory, facts.os),
    issue: 'disk-will-need-creation',
    remedy: {
      kind: 'create-image',
      ...{ name: subject, path, format, sizeGb, base, preallocation, keyFile, directory },
    },
  };
}

function declaredBase({ base }: ImageNeed): DeclaredBase | null {
  return base === 'followed' ? null : base;
}

function notEncrypted(need: ImageNeed, { subject }: Seen): OwnVerdict {
  return {
    id: `image-not-encrypted:${subject}`,
    severity: 'error',
    title: `The disk ${subject} is not encrypted`,
    says: `${naming(need)}, an image without encryption, and the disk has a key; QEMU does not start.`,
    mend: 'Remove encryption, or use an encrypted image.',
    issue: 'image-not-encrypted',
  };
}

/** QEMU takes the first bytes for a disk of another size. */
function tooLarge(need: ImageNeed, { subject }: Seen): OwnVerdict {
  return {
    id: `floppy-too-large:${subject}`,
    severity: 'error',
    title: `The disk ${subject} is no floppy disk`,
    says: `${naming(need)}, a file of more than ${need.mostBytes} bytes, the largest floppy disk that there is.`,
    mend: 'Use the image of a floppy disk, or attach it as a disk.',
    issue: 'floppy-too-large',
  };
}

/** Nothing tells QEMU of a base but the profile: what the header names is not opened. */
function baseVerdict(need: ImageNeed, header: ImageHeader | null, seen: Seen): OwnVerdict | null {
  if (need.base === 'followed' || header === null) return null;
  const { subject } = seen;
  const named = header.names.find(({ role }) => role === 'backing');
  if (need.base === null) return named === undefined ? null : undeclaredBase(need, named, subject);
  const realOf = (path: string): string => seen.files.paths.get(path)?.realPath ?? path;
  const isSame = named?.path != null && realOf(named.path) === realOf(need.base.path);
  if (isSame) return null;
  const says = named === undefined ? 'names no base' : `names ${show(named.text)} as its base`;
  return {
    id: `disk-base-differs:${subject}`,
    severity: 'warning',
    title: `The disk ${subject} was made on another base`,
    says: `${naming(need)}, whose header ${says}; QEMU is told of ${show(need.base.path)}, and the guest sees a mixture of the two.`,
    mend: 'Write the base that the image was made on.',
    issue: 'backing-file-mismatch',
  };
}

function undeclaredBase(need: ImageNeed, { text, format, path }: FileName, subject: string): OwnVerdict {
  const written = format === null ? '' : `, format = ${show(format)}`;
  return {
    id: `disk-base-undeclared:${subject}`,
    severity: 'error',
    title: `The disk ${subject} is an overlay`,
    says: `${naming(need)}, whose header names ${show(text)} as its base; QEMU is told of none, and the guest would read zeros in its place.`,
    mend:
      path === null
        ? 'Make an image of it that needs no other file with "qemu-img convert".'
        : `Write base = { path = ${show(text)}${written} }, with a path that leads there from the project root; a base with a base has to be flattened first.`,
    issue: 'backing-file-undeclared',
  };
}

/** An overlay that is smaller than its base cuts off the end of it. */
function sizeUnderBase(need: ImageNeed, { kind }: ProbedPath, seen: Seen): OwnVerdict | null {
  const base = declaredBase(need);
  const { sizeGb } = need;
  if (kind !== 'missing' || base === null || sizeGb === null) return null;
  const size = seen.files.paths.get(base.path)?.header?.virtualSize ?? 0;
  if (size <= sizeGb * GIB) return null;
  return {
    id: `disk-size-under-base:${seen.subject}`,
    severity: 'error',
    title: `The disk ${seen.subject} would be smaller than its base`,
    says: `${naming(need)}, to be created with ${sizeGb} GiB on a base of ${size} bytes.`,
    mend: `Write size_gb = ${Math.ceil(size / GIB)} or more, or remove it.`,
    issue: 'size-under-base',
  };
}

/** Why no plan can create a file in a directory; empty when one can. */
function obstacleTo({ path, state, canBeMade }: ProbedDirectory, os: HostSystem): string {
  if (state === 'writable' || (canBeMade && os !== 'windows')) return '';
  return `Its directory ${show(path)} ${DIRECTORY_TROUBLE[state]}; that has to be mended before.`;
}

/** The format that its first bytes should show. */
function bytesOf({ format, keyFile }: ImageNeed): string {
  if (format !== 'raw') return format;
  return keyFile === null ? 'unknown' : 'luks';
}

/** Without a key it is the guest that opens a raw disk which is encrypted as a whole. */
function isOfFormat(need: ImageNeed, { format }: ImageHeader): boolean {
  return format === bytesOf(need) || (need.format === 'raw' && format === 'luks');
}

/** The size in a profile is that of an image to be created: one that is there keeps its own. */
function sizeVerdict(need: ImageNeed, header: ImageHeader | null, { subject }: Seen): OwnVerdict | null {
  const { sizeGb } = need;
  // What the header of an encrypted raw image takes is not the guest's.
  const isLuks = need.format === 'raw' && need.keyFile !== null;
  if (sizeGb === null || header === null || isLuks || !isOfFormat(need, header)) return null;
  const { virtualSize } = header;
  if (virtualSize === null || virtualSize === sizeGb * GIB) return null;
  const size = virtualSize % GIB === 0 ? `${virtualSize / GIB} GiB` : `${virtualSize} bytes`;
  return {
    id: `disk-size-differs:${subject}`,
    severity: 'info',
    title: `The disk ${subject} has another size`,
    says: `${naming(need)}, an image of ${size}, and size_gb is ${sizeGb}; QEMU does not change the size of an image.`,
    mend: 'Remove size_gb, write the size that the image has, or change that with "qemu-img resize".',
    issue: 'disk-size-differs',
  };
}

/** QEMU would hand a guest the container itself under `raw`, and refuses to open what is not of the named format. */
function otherFormat(need: ImageNeed, header: string, { subject }: Seen): OwnVerdict {
  const isUnknown = header === 'unknown';
  const found = isUnknown ? 'those of no known format' : `those of ${header}`;
  return {
    id: `disk-format-mismatch:${subject}`,
    severity: 'error',
    title: `The disk ${subject} has another format`,
    says: `${naming(need)}, whose first bytes are ${found}, and the format is "${need.format}".`,
    mend:
      isUnknown || header === 'luks'
        ? 'Write format = "raw" if that is what it is.'
        : `Write the format that the file has, ${header}.`,
    issue: 'disk-format-mismatch',
  };
}
