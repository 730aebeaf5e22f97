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
  if (vm.qemu_binary !== undefined && !isBinaryName(facts.os, vm.qemu_binary)) {
    findings.error(
      ['vm', 'qemu_binary'],
      'invalid-qemu-binary',
      `vm.qemu_binary is ${show(vm.qemu_binary)}; it must be an absolute path or a bare name, without white space or shell syntax, and the file must be called qemu-system-… or qemu-kvm.`,
      'Write a name such as "qemu-system-x86_64", or remove the key to get the default.',
    );
    return;
  }
  if (vm.qemu_binary !== undefined && hardware.arch !== undefined)
    archRule(facts.os, vm.qemu_binary, hardware.arch, findings);
  const wanted = wantedBinary(vm.qemu_binary, hardware.arch);
  if (sight === null || sight.binary !== null || wanted === undefined) return;
  findings.warning(
    ['vm', 'qemu_binary'],
    'qemu-binary-not-found',
    `${show(wanted)} is not on this host${isAbsolute(facts.os, wanted) ? '' : ' in any directory of PATH'}.`,
    'Install QEMU for this architecture, or set vm.qemu_binary.',
  );
}

function isBinaryName(os: HostSystem, binary: string): boolean {
  if (SHELL_TEXT.test(binary) || (os !== 'windows' && binary.includes('\\'))) return false;
  const isBare = !/[\\/:]/.test(binary);
  return (isBare || isAbsolute(os, binary)) && FILE_NAME.test(baseNameOf(os, binary));
}

function archRule(
  os: HostSystem,
  binary: string,
  arch: keyof typeof DEFAULT_BINARIES,
  { warning }: Findings,
): void {
  const name = FILE_NAME.exec(baseNameOf(os, binary))?.[1];
  // qemu-kvm says nothing of its architecture; the w of windows names the variant without a terminal.
  if (name === undefined || EMULATORS[arch].includes(name.replace(/w$/, ''))) return;
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
