/** Accepted with a warning that names what has to be done first; until then QEMU refuses. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProfileDocument } from '../../../src/topics/profile.ts';
import { intentOf } from '../compare/intent.ts';
import { multibootKernel } from '../kernel_images.ts';
import { type Lane, PLAIN_LANE } from '../lane.ts';
import { makeFiles } from '../make_files.ts';
import { startPaused } from '../qemu/start_paused.ts';
import { ROOT_DISK, small } from '../small_profile.ts';

export interface WarnedCase {
  /** The code of the warning. */
  readonly rule: string;
  readonly name: string;
  readonly profile: ProfileDocument;
  readonly lane?: number;
  readonly spoil?: (lane: Lane) => void;
  readonly refuses: RegExp;
}

export interface CheckedWarning {
  readonly rule: string;
  readonly name: string;
  readonly isRight: boolean;
  readonly words: string;
}

export const WARNED_CASES: readonly WarnedCase[] = [
  {
    rule: 'disk-will-need-creation',
    name: 'a disk that is to be made first',
    profile: small('x86_64', { storage: { disks: [{ ...ROOT_DISK, size_gb: 1 }] } }),
    spoil: ({ root }) => rmSync(join(root, ROOT_DISK.path)),
    refuses: /No such file or directory/,
  },
  {
    rule: 'parent-directory-missing',
    name: 'the directory of the QMP socket is not there',
    profile: small('x86_64', { qmp: { socket: 'r/q' } }),
    spoil: ({ root }) => rmSync(join(root, 'r'), { recursive: true }),
    refuses: /No such file or directory/,
  },
  {
    rule: 'parent-directory-missing',
    name: 'the directory of the serial log is not there',
    profile: small('x86_64', { serial: { enabled: true, mode: 'file', logfile: 'l/log' } }),
    spoil: ({ root }) => rmSync(join(root, 'l'), { recursive: true }),
    refuses: /No such file or directory/,
  },
  {
    rule: 'parent-directory-unwritable',
    name: 'a file where the directory of the QMP socket should be',
    profile: small('x86_64', { qmp: { socket: 'r/q' } }),
    spoil: ({ root }) => {
      rmSync(join(root, 'r'), { recursive: true });
      writeFileSync(join(root, 'r'), '');
    },
    refuses: /Not a directory/,
  },
  {
    rule: 'qemu-binary-arch-mismatch',
    name: "another architecture's QEMU",
    profile: small('aarch64', { vm: { name: 'x', qemu_binary: 'qemu-system-x86_64' } }),
    refuses: /unsupported machine type|virt/,
  },
  {
    rule: 'qemu-binary-not-found',
    name: 'a QEMU that is not installed',
    profile: small('x86_64', { vm: { name: 'x', qemu_binary: 'qemu-system-none' } }),
    refuses: /ENOENT|No such file or directory/,
  },
  {
    rule: 'initrd-space',
    name: 'an initrd with a space for a multiboot kernel',
    lane: PLAIN_LANE,
    profile: small('x86_64', { kernel: { enabled: true, bzimage: 'b/k', initrd: 'b/a b' } }),
    spoil: ({ root }) => writeFileSync(join(root, 'b/k'), multibootKernel()),
    refuses: /Failed to (?:open|get)/,
  },
];

export async function checkWarned(
  { rule, name, profile, spoil, refuses }: WarnedCase,
  lane: Lane,
): Promise<CheckedWarning> {
  lane.empty();
  makeFiles(intentOf(profile, lane.root), lane);
  spoil?.(lane);
  const answer = await lane.service.argv({ profile }, null);
  if ('refusal' in answer) return { rule, name, isRight: false, words: 'the service refuses the profile' };
  if (!answer.body.warnings.some(({ code }) => code === rule))
    return { rule, name, isRight: false, words: 'the service does not warn' };
  const outcome = await startPaused(answer.body.argv, lane.sandbox);
  if (outcome.isRunning) {
    await outcome.stop();
    return { rule, name, isRight: false, words: 'QEMU starts' };
  }
  return { rule, name, isRight: refuses.test(outcome.words), words: outcome.words };
}
