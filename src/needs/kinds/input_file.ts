/** A file that QEMU reads as it is, and hands to the guest or uses itself. */
import type { ProbedMedium, ProbedPath } from '../../facts/host.ts';
import type { HostFacts } from '../../facts/host_facts.ts';
import type { IssueCode } from '../../profile/codes.ts';
import type { Path } from '../../profile/path.ts';
import { show } from '../../profile/show.ts';
import { questionsOfUse, useVerdict } from '../image_use.ts';
import { type NamedPath, namedPath, naming } from '../named_path.ts';
import { type Category, fine, type NeedKind, type OwnVerdict, type Seen } from '../need_kind.ts';
import { questionsOfExisting } from '../path_questions.ts';
import { existingVerdicts, unseen } from '../path_verdict.ts';
import { type SecretOf, secretQuestions, secretVerdicts } from '../secret_file.ts';
import type { SeedSources } from './seed.ts';

interface Use {
  /** In words that complete "the …". */
  readonly called: string;
  readonly category: Category;
  readonly missing: IssueCode;
}

const USES = {
  cdrom: { called: 'image of the CD-ROM drive', category: 'storage', missing: 'file-missing' },
  'display-password': {
    called: 'password file of the display',
    category: 'sockets',
    missing: 'file-missing',
  },
  dtb: { called: 'device tree', category: 'kernel', missing: 'file-missing' },
  'fw-cfg': { called: 'file for the guest', category: 'storage', missing: 'file-missing' },
  initrd: { called: 'initial RAM disk', category: 'kernel', missing: 'initrd-missing' },
  kernel: { called: 'kernel', category: 'kernel', missing: 'kernel-missing' },
  key: { called: 'password file of the disk', category: 'storage', missing: 'file-missing' },
  seed: { called: 'image for cloud-init', category: 'storage', missing: 'file-missing' },
} as const satisfies Readonly<Record<string, Use>>;

const FILE_QUESTION = 'Is there such a file?';

/** What else it has to be. */
const QUESTIONS: Partial<Record<keyof typeof USES, string>> = {
  dtb: 'Is there a device tree?',
  seed: 'Is there such an image, and is it labelled "cidata"?',
};

export interface InputFileNeed extends NamedPath {
  readonly kind: 'input-file';
  readonly is: keyof typeof USES;
  /** What the image for cloud-init can be made of. */
  readonly madeOf?: SeedSources;
  /** What asks for the password that the file is. */
  readonly secretOf?: SecretOf;
  /** Of a kernel whether the x86 machine loads it. */
  readonly isForX86?: boolean;
}

/** The need of a file that a profile may name; none where it names none. */
export function inputFileNeeds(
  facts: HostFacts,
  at: Path,
  text: string | undefined,
  is: InputFileNeed['is'],
  more: Pick<InputFileNeed, 'secretOf' | 'isForX86'> = {},
): InputFileNeed[] {
  return text === undefined ? [] : [{ kind: 'input-file', ...namedPath(facts, at, text), is, ...more }];
}

export const inputFile: NeedKind<InputFileNeed> = {
  path: {},
  resources: ({ path }) => [`path:${path}`],
  risk: () => 'low',
  unknowns: (need, host) => {
    const { path, is, secretOf } = need;
    const questions = questionsOfExisting({ ...need, access: 'read' }, host, QUESTIONS[is] ?? FILE_QUESTION);
    if (isDrive(is)) return [...questions, ...questionsOfUse(need, host)];
    if (secretOf === undefined) return questions;
    const bytes = host.probed?.paths.get(path)?.bytes ?? null;
    const subject = `path:${path}`;
    return [...questions, ...secretQuestions(secretOf, bytes).map((question) => ({ question, subject }))];
  },
  verdicts: (need, seen) =>
    existingVerdicts(need, seen, USES[need.is].category, (probed) => verdictsOn(need, probed, seen)),
};

function verdictsOn(need: InputFileNeed, probed: ProbedPath, seen: Seen): OwnVerdict[] {
  const { is, secretOf } = need;
  const { subject, facts } = seen;
  const of = subject === '' ? '' : `:${subject}`;
  const called = `${USES[is].called}${subject === '' ? '' : ` ${subject}`}`;
  const own = verdictOn(need, probed, called, of);
  if (isDrive(is)) {
    const names = { called: `The ${called}`, inUse: `${is}-in-use${of}` };
    const use = useVerdict(probed.id, 'read', seen.network, naming(need), names);
    return use === null ? [own] : [own, use];
  }
  if (secretOf === undefined || probed.kind !== 'file') return [own];
  return [own, ...secretVerdicts({ ...need, secretOf }, probed, facts.os, { called, of })];
}

function verdictOn(
  need: InputFileNeed,
  { kind, bytes, isReadable, isDeviceTree, isLongEnough, medium, directory }: ProbedPath,
  called: string,
  of: string,
): OwnVerdict {
  const { is, path, madeOf } = need;
  const { missing }: Use = USES[is];
  switch (kind) {
    case 'file':
      if (isReadable && medium !== null && !isExpected(is, medium))
        return otherMedium(need, medium, called, of);
      if (is === 'dtb' && isDeviceTree === false)
        return {
          id: 'dtb-invalid',
          severity: 'error',
          title: `The ${called} is none`,
          says: `${naming(need)}, a file that is no device tree, or not all of one; QEMU refuses it, or the kernel finds no machine in it.`,
          mend: 'Use what dtc(1) has made, a file whose name mostly ends in ".dtb".',
          issue: 'device-tree-invalid',
        };
      if (is === 'kernel' && (bytes === 0 || (need.isForX86 === true && isLongEnough === false)))
        return {
          id: 'kernel-invalid',
          severity: 'error',
          title: `The ${called} is none`,
          says: `${naming(need)}, a file of ${bytes} bytes, in which QEMU finds no kernel.`,
          mend: 'Use a kernel, all of it.',
          issue: 'kernel-invalid',
        };
      if (isReadable) return fine(`${is}-found${of}`, `The ${called} is there`, `${naming(need)}, a file.`);
      return {
        id: `${is}-unreadable${of}`,
        severity: 'warning',
        title: `The ${called} cannot be read by this user`,
        says: `${naming(need)}, a file that the user of this service may not read.`,
        mend: 'Change its owner or its permissions for the user that runs QEMU.',
        issue: 'file-unreadable',
      };
    case 'unreadable':
      return unseen(need, `${is}-unreadable${of}`, called);
    case 'missing':
      if (madeOf !== undefined)
        return {
          id: `${is}-missing`,
          severity: 'warning',
          title: `The ${called} is not there`,
          says: `${naming(need)}, and there is no such file; it has to be made of ${show(madeOf.userData)} first.`,
          mend: 'Make it with cloud-localds, or let POST /plans/prepare plan that.',
          issue: 'seed-will-need-creation',
          remedy: { kind: 'make-seed', path, directory, ...madeOf },
        };
      return {
        id: `${is}-missing${of}`,
        severity: 'error',
        title: `The ${called} is not there`,
        says: `${naming(need)}, which is not there.`,
        mend: 'Use a file that exists.',
        issue: missing,
      };
    default:
      return {
        id: `${is}-not-a-file${of}`,
        severity: 'error',
        title: `The ${called} is no file`,
        says: `${naming(need)}, which is no regular file.`,
        mend: 'Use a file that exists.',
        issue: missing,
      };
  }
}

/** Whether the guest has it in a drive as long as it runs: QEMU locks it like the image of a disk. */
export function isDrive(is: InputFileNeed['is']): boolean {
  return is === 'cdrom' || is === 'seed';
}

/** What cloud-init looks for. */
const SEED_LABEL = /^cidata$/i;

function isExpected(is: InputFileNeed['is'], { is: found, label }: ProbedMedium): boolean {
  return is === 'cdrom' ? found === 'iso9660' || found === 'udf' : SEED_LABEL.test(label ?? '');
}

/** QEMU hands the guest whatever it is. */
function otherMedium(
  need: InputFileNeed,
  { is: found, label }: ProbedMedium,
  called: string,
  of: string,
): OwnVerdict {
  if (need.is === 'cdrom')
    return {
      id: `cdrom-not-iso${of}`,
      severity: 'warning',
      title: `The ${called} is none`,
      says: `${naming(need)}, a file without the file system of a CD or DVD; nothing boots from it, and the guest finds nothing on it.`,
      mend: 'Use an ISO image, or attach it as a read-only disk.',
      issue: 'cdrom-not-iso',
    };
  const is = found === 'other' ? 'no image of ISO 9660 or VFAT' : `labelled ${show(label ?? '')}`;
  return {
    id: `seed-label-missing${of}`,
    severity: 'warning',
    title: `The ${called} is not labelled for it`,
    says: `${naming(need)}, which is ${is}; cloud-init looks for the label "cidata" and passes over it.`,
    mend: 'Make it with cloud-localds, or label it cidata.',
    issue: 'seed-label-missing',
  };
}
