/** What a machine starts with: the firmware itself, which QEMU reads, and the UEFI variables, which it writes. */
import type { ProbedFlash, ProbedPath } from '../../facts/host.ts';
import type { Architecture } from '../../facts/host_facts.ts';
import { FIRMWARE_HOMES } from '../../facts/host_firmware.ts';
import { show } from '../../profile/show.ts';
import { isWrittenByAnother, questionsOfUse } from '../image_use.ts';
import { type NamedPath, naming } from '../named_path.ts';
import { fine, type NeedKind, type OwnVerdict, type Seen } from '../need_kind.ts';
import { questionsOfExisting } from '../path_questions.ts';
import { existingVerdicts } from '../path_verdict.ts';

type FlashFormat = 'raw' | 'qcow2';

export interface FirmwareCodeNeed extends NamedPath {
  readonly kind: 'firmware-code';
  readonly arch: Architecture | undefined;
  /** `null` for what is no flash image, but a file that QEMU loads. */
  readonly format: FlashFormat | null;
}

export interface FirmwareVarsNeed extends NamedPath {
  readonly kind: 'firmware-vars';
  readonly access: 'write';
  readonly arch: Architecture;
  readonly format: FlashFormat;
  /** Absolute path of the firmware that the variables are of. */
  readonly code: string;
  /** Absolute path of what each VM gets a copy of; `null` where that is not known. */
  readonly template: string | null;
}

export const firmwareCode: NeedKind<FirmwareCodeNeed> = {
  path: { homes: FIRMWARE_HOMES },
  resources: ({ path }) => [`path:${path}`],
  risk: () => 'low',
  unknowns: (need, host) =>
    questionsOfExisting(
      { ...need, access: 'read' },
      host,
      'Is there such a firmware, and does it fit the machine?',
    ),
  verdicts: (need, seen) => existingVerdicts(need, seen, 'storage', (probed) => codeVerdict(need, probed)),
};

export const firmwareVars: NeedKind<FirmwareVarsNeed> = {
  path: { isOwn: true },
  resources: ({ path }) => [`path:${path}`],
  risk: () => 'low',
  unknowns: (need, host) => {
    const subject = `path:${need.path}`;
    if (host.probed?.paths.get(need.path)?.kind === 'missing')
      return [
        { question: 'Will a copy of the variables of the firmware be made before the start?', subject },
      ];
    return [
      ...questionsOfExisting(need, host, 'Is there a copy of the variables of this firmware?'),
      ...questionsOfUse(need, host),
    ];
  },
  verdicts: (need, seen) =>
    existingVerdicts(need, seen, 'storage', (probed) => [
      varsVerdict(need, probed, seen),
      ...sharedVars(need, probed, seen),
    ]),
};

/** QEMU lets two machines have one flash, and each writes over what the other keeps there. */
function sharedVars(need: FirmwareVarsNeed, { id }: ProbedPath, { network }: Seen): OwnVerdict[] {
  if (!isWrittenByAnother(id, network)) return [];
  return [
    {
      id: 'firmware-vars-in-use',
      severity: 'warning',
      title: `The ${VARS} are in use`,
      says: `${naming(need)}, which another process has open to write as QEMU does; QEMU starts all the same, and what the two keep there is lost.`,
      mend: 'See whether the VM runs already, or give each VM a copy of its own.',
    },
  ];
}

const CODE = 'UEFI firmware';
const VARS = 'UEFI variables';

function codeVerdict(need: FirmwareCodeNeed, probed: ProbedPath): OwnVerdict {
  const { arch, format } = need;
  const called = format === null ? 'firmware' : CODE;
  const trouble = fileTrouble('firmware-code', called, need, probed);
  if (trouble !== null) return trouble;
  const seen = probed.flash as ProbedFlash;
  const unfit =
    format === null
      ? loadTrouble(need, seen)
      : (formatTrouble('firmware-code', CODE, need, format, seen) ??
        holdsTrouble('firmware-code', CODE, need, 'code', seen) ??
        sizeTrouble('firmware-code', CODE, need, arch as Architecture, seen));
  return (
    unfit ??
    fine(
      'firmware-code-found',
      `The ${called} is there`,
      `${naming(need)}, a firmware of ${seen.bytes} bytes.`,
    )
  );
}

/** Files that the machines load: a whole number of so many bytes, and at most so many. */
const LOADED: Readonly<Record<Architecture, { readonly unit: number; readonly most: number }>> = {
  x86_64: { unit: 65536, most: Number.POSITIVE_INFINITY },
  aarch64: { unit: 1, most: 64 * 1024 ** 2 },
  riscv64: { unit: 1, most: Number.POSITIVE_INFINITY },
  ppc64le: { unit: 1, most: 4 * 1024 ** 2 },
};

function loadTrouble(need: FirmwareCodeNeed, { bytes }: ProbedFlash): OwnVerdict | null {
  const { arch } = need;
  if (arch === undefined) return null;
  const { unit, most } = LOADED[arch];
  if (bytes > 0 && bytes % unit === 0 && bytes <= most) return null;
  const must =
    bytes === 0
      ? 'it is empty'
      : `machines of ${arch} take ${unit > 1 ? `a multiple of ${unit}` : `at most ${most}`}`;
  return {
    id: 'firmware-code-size',
    severity: 'error',
    title: 'The firmware has another size than the machine takes',
    says: `${naming(need)}, which has ${bytes} bytes; ${must}.`,
    mend: 'Use a file that is made for this machine.',
    issue: 'firmware-size',
  };
}

function varsVerdict(need: FirmwareVarsNeed, probed: ProbedPath, { files }: Seen): OwnVerdict {
  if (probed.kind === 'missing' && need.template !== null) return toBeCopied(need, need.template, probed);
  const trouble = fileTrouble('firmware-vars', VARS, need, probed);
  if (trouble !== null) return trouble;
  if (!probed.isWritable) {
    return {
      id: 'firmware-vars-readonly',
      severity: 'error',
      title: `The ${VARS} cannot be written by this user`,
      says: `${naming(need)}, which this user cannot write; a guest would forget its settings, or not start.`,
      mend: 'Use a copy that the user of QEMU may write, and make it writable.',
      issue: 'firmware-vars-readonly',
    };
  }
  const seen = probed.flash as ProbedFlash;
  return (
    formatTrouble('firmware-vars', VARS, need, need.format, seen) ??
    holdsTrouble('firmware-vars', VARS, need, 'vars', seen) ??
    sizeTrouble('firmware-vars', VARS, need, need.arch, seen) ??
    pairTrouble(need, seen, files.paths.get(need.code)?.flash ?? null) ??
    fine('firmware-vars-found', `The ${VARS} are there`, `${naming(need)}, a file of ${seen.bytes} bytes.`)
  );
}

function toBeCopied(need: FirmwareVarsNeed, template: string, { directory }: ProbedPath): OwnVerdict {
  return {
    id: 'firmware-vars-missing',
    severity: 'warning',
    title: `The ${VARS} are not there`,
    says: `${naming(need)}, and there is no such file; the VM needs a copy of ${show(template)} of its own.`,
    mend: `Copy ${show(template)} to it, and make the copy writable.`,
    issue: 'vars-will-need-creation',
    remedy: { kind: 'copy-vars', path: need.path, template, directory },
  };
}

type Word = 'firmware-code' | 'firmware-vars';

function fileTrouble(
  id: Word,
  called: string,
  need: NamedPath,
  { kind, flash, directory }: ProbedPath,
): OwnVerdict | null {
  if (kind === 'missing') {
    return {
      id: `${id}-missing`,
      severity: 'error',
      title: `The ${called} is not there`,
      says: `${naming(need)}, which is not there.`,
      mend:
        id === 'firmware-vars'
          ? 'Copy the variables that come with the firmware to it.'
          : 'Use a file that exists.',
      issue: 'firmware-missing',
      ...(id === 'firmware-vars' && {
        remedy: { kind: 'copy-vars', path: need.path, template: null, directory },
      }),
    };
  }
  if (kind === 'directory' || kind === 'other') {
    return {
      id: `${id}-not-a-file`,
      severity: 'error',
      title: `The ${called} is no file`,
      says: `${naming(need)}, which is no regular file.`,
      mend: 'Use a file.',
      issue: 'firmware-missing',
    };
  }
  if (kind === 'file' && flash !== null) return null;
  return {
    id: `${id}-unreadable`,
    severity: 'warning',
    title: `The ${called} cannot be read by this user`,
    says: `${naming(need)}, and this user cannot read it; whether it fits is not checked.`,
    mend: 'Let the planner read it.',
    issue: 'file-unreadable',
  };
}

/** A qcow2 image that is taken for a raw one is never started from, and QEMU does not say so. */
function formatTrouble(
  id: Word,
  called: string,
  need: NamedPath,
  format: FlashFormat,
  { format: found }: ProbedFlash,
): OwnVerdict | null {
  if (found === format) return null;
  return {
    id: `${id}-format-mismatch`,
    severity: 'error',
    title: `The ${called} has another format`,
    says: `${naming(need)}, whose first bytes are those of ${found}, and its format is "${format}".`,
    mend: 'Write the format that the file has.',
    issue: 'firmware-format-mismatch',
  };
}

/** Firmware that stands where its variables belong stays dark, and the other way round. */
function holdsTrouble(
  id: Word,
  called: string,
  need: NamedPath,
  wanted: 'code' | 'vars',
  { holds }: ProbedFlash,
): OwnVerdict | null {
  if (holds === null || holds === wanted) return null;
  return {
    id: `${id}-swapped`,
    severity: 'error',
    title: `What should be the ${called} is not`,
    says: `${naming(need)}, which holds ${holds === 'code' ? CODE : VARS}.`,
    mend: 'Write the firmware as firmware.code, and a copy of its variables as firmware.vars.',
    issue: 'firmware-pair-mismatch',
  };
}

/** The flash of these machines has one size. */
const FLASH_BYTES: Readonly<Partial<Record<Architecture, number>>> = {
  aarch64: 64 * 1024 ** 2,
  riscv64: 32 * 1024 ** 2,
};
/** The flash of an x86_64 machine ends at 4 GiB, and is made of blocks. */
const FLASH_BLOCK_BYTES = 4096;
const MOST_FLASH_BYTES = 8 * 1024 ** 2;

function sizeTrouble(
  id: Word,
  called: string,
  need: NamedPath,
  arch: Architecture,
  { bytes }: ProbedFlash,
): OwnVerdict | null {
  const exact = FLASH_BYTES[arch];
  if (exact !== undefined ? bytes === exact : bytes > 0 && bytes % FLASH_BLOCK_BYTES === 0) return null;
  const must =
    exact !== undefined
      ? `the flash of ${arch} machines has ${exact}`
      : `the flash of ${arch} machines is a multiple of ${FLASH_BLOCK_BYTES}`;
  return {
    id: `${id}-size`,
    severity: 'error',
    title: `The ${called} has another size than the flash`,
    says: `${naming(need)}, which has ${bytes} bytes; ${must}.`,
    mend: 'Use the file that is made for flash, and a copy of the variables that come with it.',
    issue: 'firmware-size',
  };
}

/** Firmware and variables are made from one image of a whole number of MiB: a power of two. */
function pairTrouble(
  need: FirmwareVarsNeed,
  { bytes }: ProbedFlash,
  code: ProbedFlash | null,
): OwnVerdict | null {
  if (code === null || FLASH_BYTES[need.arch] !== undefined) return null;
  const sum = code.bytes + bytes;
  const makes = `${naming(need)}, which has ${bytes} bytes, and with the firmware ${show(need.code)} that makes ${sum}`;
  if (sum > MOST_FLASH_BYTES) {
    return {
      id: 'firmware-vars-size',
      severity: 'error',
      title: 'Firmware and variables are larger than the flash',
      says: `${makes}; the flash of ${need.arch} machines has at most ${MOST_FLASH_BYTES}.`,
      mend: 'Use smaller firmware with its variables.',
      issue: 'firmware-size',
    };
  }
  if (Number.isInteger(Math.log2(sum))) return null;
  return {
    id: 'firmware-pair-mismatch',
    severity: 'error',
    title: 'The variables are not those of the firmware',
    says: `${makes}, no power of two: they are not made from one image.`,
    mend: 'Use a copy of the variables that come with the firmware.',
    issue: 'firmware-pair-mismatch',
  };
}
