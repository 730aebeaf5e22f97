import type { Findings } from '../../profile/issue.ts';
import type { Draft } from '../../profile/profile.ts';
import { show } from '../../profile/show.ts';
import { DEFAULT_BINARIES, wantedBinary } from '../binary.ts';
import type { Host, HostSystem } from '../host_facts.ts';
import { baseNameOf, isAbsolute } from '../host_paths.ts';

const FILE_NAME = /^(?:qemu-kvm|qemu-system-([a-z0-9_]+))(?:\.exe)?$/;
/** White space and what a shell gives a meaning to; a backslash separates components on windows. */
const SHELL_TEXT = /[\s;&|<>(){}[\]*?!'"#]/;

export function binaryOnHost({ vm, hardware }: Draft, { facts, sight }: Host, findings: Findings): void {
  const written = vm.qemu_binary;
  const emulator = written === undefined ? undefined : emulatorOf(facts.os, written);
  if (written !== undefined && emulator === undefined) {
    findings.error(
      ['vm', 'qemu_binary'],
      'invalid-qemu-binary',
      `vm.qemu_binary is ${show(written)}; it must be an absolute path or a bare name, without white space or shell syntax, and the file must be called qemu-system-… or qemu-kvm.`,
      'Write a name such as "qemu-system-x86_64", or remove the key to get the default.',
    );
    return;
  }
  if (written !== undefined && hardware.arch !== undefined)
    archRule(written, emulator as string, hardware.arch, findings);
  const wanted = wantedBinary(written, hardware.arch);
  if (sight === null || sight.binary !== null || wanted === undefined) return;
  findings.warning(
    ['vm', 'qemu_binary'],
    'qemu-binary-not-found',
    `${show(wanted)} is not on this host${isAbsolute(facts.os, wanted) ? '' : ' in any directory of PATH'}.`,
    'Install QEMU for this architecture, or set vm.qemu_binary.',
  );
}

/** What the name of a QEMU says it emulates, empty for `qemu-kvm`; `undefined` when the text is not the name of one. */
function emulatorOf(os: HostSystem, binary: string): string | undefined {
  if (SHELL_TEXT.test(binary) || (os !== 'windows' && binary.includes('\\'))) return undefined;
  const isBare = !/[\\/:]/.test(binary);
  if (!isBare && !isAbsolute(os, binary)) return undefined;
  const name = FILE_NAME.exec(baseNameOf(os, binary));
  return name === null ? undefined : (name[1] ?? '');
}

function archRule(
  binary: string,
  emulator: string,
  arch: keyof typeof DEFAULT_BINARIES,
  { warning }: Findings,
): void {
  // The w of windows names the variant without a terminal.
  if (emulator === '' || EMULATORS[arch].includes(emulator.replace(/w$/, ''))) return;
  warning(
    ['vm', 'qemu_binary'],
    'qemu-binary-arch-mismatch',
    `vm.qemu_binary is ${show(binary)}, and hardware.arch is "${arch}", whose binary is "${DEFAULT_BINARIES[arch]}".`,
    `Write "${DEFAULT_BINARIES[arch]}", or change hardware.arch.`,
  );
}

const EMULATORS: Readonly<Record<keyof typeof DEFAULT_BINARIES, readonly string[]>> = {
  x86_64: ['x86_64'],
  aarch64: ['aarch64'],
  riscv64: ['riscv64'],
  ppc64le: ['ppc64', 'ppc64le'],
};
