/** A file whose bytes are a password. Nothing reads it but QEMU; what the system says of it tells enough to warn. */
import type { ProbedPath } from '../facts/host.ts';
import type { HostSystem } from '../facts/host_facts.ts';
import { shellCommand } from '../qemu/shell_text.ts';
import { type NamedPath, naming } from './named_path.ts';
import type { OwnVerdict } from './need_kind.ts';

/** What asks for the password. */
export type SecretOf = 'vnc' | 'spice' | 'disk';

/** VNC compares so many bytes. */
const COMPARED_BY_VNC = 8;
/** SPICE takes no longer one: viewers send at most 60 bytes, the last of which is a NUL. */
const MOST_OF_SPICE = 59;

/** With which of these bits of its mode others than its owner come to a file. */
const FOR_OTHERS = 0o066;

/** `called` completes "the …"; `of` is the end of ids. */
export function secretVerdicts(
  need: NamedPath & { readonly secretOf: SecretOf },
  { bytes, mode }: Pick<ProbedPath, 'bytes' | 'mode'>,
  os: HostSystem,
  { called, of }: { readonly called: string; readonly of: string },
): OwnVerdict[] {
  const { path, secretOf } = need;
  const verdicts: OwnVerdict[] = [];
  if (bytes === 0) {
    verdicts.push({
      id: `secret-file-empty${of}`,
      severity: secretOf === 'disk' ? 'warning' : 'error',
      title: `The ${called} is empty`,
      says: `${naming(need)}, an empty file; ${OF_EMPTY[secretOf]}.`,
      mend: 'Write the password to it, as with "printf %s".',
      issue: 'secret-file-empty',
    });
  }
  if (secretOf === 'spice' && Number(bytes) > MOST_OF_SPICE) {
    verdicts.push({
      id: `spice-password-too-long${of}`,
      severity: 'warning',
      title: `The ${called} is too long`,
      says: `${naming(need)}, a file of ${bytes} bytes; of more than ${MOST_OF_SPICE} SPICE makes a password with which no viewer is let in.`,
      mend: `Use a password of at most ${MOST_OF_SPICE} bytes.`,
      issue: 'spice-password-too-long',
    });
  }
  // On windows a mode says nothing.
  if (os !== 'windows' && mode !== null && (mode & FOR_OTHERS) !== 0) {
    verdicts.push({
      id: `secret-file-mode${of}`,
      severity: 'warning',
      title: `The ${called} is open to others`,
      says: `${naming(need)}, a file of the mode ${mode.toString(8).padStart(3, '0')}: others than its owner may read it or write to it.`,
      mend: `Run "${shellCommand(['chmod', '600', path])}"; its owner has to be the user that runs QEMU.`,
      issue: 'secret-file-mode',
    });
  }
  return verdicts;
}

const OF_EMPTY: Readonly<Record<SecretOf, string>> = {
  vnc: 'VNC lets in whoever gives no password',
  spice: 'SPICE lets nobody in',
  disk: 'it keeps nobody from reading the disk',
};

/** What its size does not tell. A disk was written with the same bytes that open it. */
export function secretQuestions(secretOf: SecretOf, bytes: number | null): string[] {
  const isCut = secretOf === 'vnc' && bytes !== null && bytes > COMPARED_BY_VNC;
  return secretOf === 'disk' || isCut
    ? []
    : ['Has the file no line feed at its end? It would be a part of the password.'];
}
