/** The QEMU that is started. */
import type { Architecture, HostFacts, HostSystem } from '../facts/host_facts.ts';
import { baseNameOf, isAbsolute } from '../facts/host_paths.ts';
import { type ProgramNeed, programOn } from '../needs/kinds/program.ts';
import { absolutePath, namedPath } from '../needs/named_path.ts';
import { program } from '../profile/key.ts';
import { show } from '../profile/show.ts';
import { firmwareQuestions } from './firmware.ts';
import { machineQuestions } from './machine.ts';
import { part } from './part.ts';
import type { Draft } from './profile.ts';
import type { Topic } from './topic.ts';

export const BINARY_KEYS = {
  qemu_binary: program(
    'An absolute path or a bare name; the file name is `qemu-system-…` or `qemu-kvm`, with `.exe` if need be. Default: by `hardware.arch`.',
    { examples: ['/usr/bin/qemu-system-x86_64'] },
  ),
};

/** The QEMU system emulator of each architecture; one binary serves both byte orders of POWER. */
export const DEFAULT_BINARIES: Readonly<Record<Architecture, string>> = {
  x86_64: 'qemu-system-x86_64',
  aarch64: 'qemu-system-aarch64',
  riscv64: 'qemu-system-riscv64',
  ppc64le: 'qemu-system-ppc64',
};
/** What the emulators of an architecture are called, without `qemu-system-`. */
const EMULATORS: Readonly<Record<Architecture, readonly string[]>> = {
  x86_64: ['x86_64'],
  aarch64: ['aarch64'],
  riscv64: ['riscv64'],
  ppc64le: ['ppc64', 'ppc64le'],
};

const FILE_NAME = /^(?:qemu-kvm|qemu-system-([a-z0-9_]+))(?:\.exe)?$/;
/** White space and what a shell gives a meaning to; a backslash separates components on windows. */
const SHELL_TEXT = /[\s;&|<>(){}[\]*?!'"#]/;
const FOUND = ', found in PATH';

export const binary: Topic = {
  checkOnHost: ({ vm, hardware: { arch } }, { facts: { os } }, { error, warning }) => {
    const { qemu_binary } = vm;
    if (qemu_binary === undefined) return;
    const emulator = emulatorOf(os, qemu_binary);
    if (emulator === undefined) {
      error(
        ['vm', 'qemu_binary'],
        'invalid-qemu-binary',
        (field) =>
          `${field} is ${show(qemu_binary)}; it must be an absolute path or a bare name, without white space or shell syntax, and the file must be called qemu-system-… or qemu-kvm.`,
      );
      return;
    }
    // The w of windows names the variant without a terminal.
    const isFitting =
      emulator === '' || arch === undefined || EMULATORS[arch].includes(emulator.replace(/w$/, ''));
    if (isFitting) return;
    const wanted = DEFAULT_BINARIES[arch];
    warning(
      ['vm', 'qemu_binary'],
      'qemu-binary-arch-mismatch',
      (field) =>
        `${field} is ${show(qemu_binary)}, and hardware.arch is "${arch}", whose binary is "${wanted}".`,
      `Write "${wanted}", or change hardware.arch.`,
    );
  },
  needs: (draft, facts) => {
    const need = programNeed(draft, facts);
    return need === null ? [] : [need];
  },
  args: (profile, host) => {
    const { qemu_binary } = profile.vm;
    const text = qemu_binary ?? DEFAULT_BINARIES[profile.hardware.arch];
    const path = isAbsolute(host.facts.os, text) ? absolutePath(host.facts, text) : null;
    const program = programOn(host, { path, text });
    return [
      qemu_binary === undefined
        ? part('binary', ['/hardware/arch'], [program], { why: defaultWhy(profile.hardware.arch, program) })
        : part('binary', ['/vm/qemu_binary'], [program], { why: writtenWhy(qemu_binary, program) }),
    ];
  },
};

/** `null` while neither the binary nor the architecture is known. */
function programNeed(draft: Draft, facts: HostFacts): ProgramNeed | null {
  const { vm, hardware } = draft;
  const { arch } = hardware;
  const written = vm.qemu_binary;
  const wanted = written ?? (arch === undefined ? undefined : DEFAULT_BINARIES[arch]);
  if (wanted === undefined) return null;
  const { path, ...named } = namedPath(facts, ['vm', 'qemu_binary'], wanted);
  return {
    kind: 'program',
    ...named,
    path: isAbsolute(facts.os, wanted) ? path : null,
    isQemu: emulatorOf(facts.os, wanted) !== undefined,
    // A package brings the default name; where a path or another name comes from nobody knows.
    defaultFor: arch !== undefined && wanted === DEFAULT_BINARIES[arch] ? arch : null,
    questions: [...machineQuestions(draft, facts), ...firmwareQuestions(draft, facts)],
  };
}

/** What the name of a QEMU says it emulates, empty for `qemu-kvm`; `undefined` when the text is not the name of one. */
function emulatorOf(os: HostSystem, binary: string): string | undefined {
  if (SHELL_TEXT.test(binary) || (os !== 'windows' && binary.includes('\\'))) return undefined;
  const isBare = !/[\\/:]/.test(binary);
  if (!isBare && !isAbsolute(os, binary)) return undefined;
  const name = FILE_NAME.exec(baseNameOf(os, binary));
  return name === null ? undefined : (name[1] ?? '');
}

function defaultWhy(arch: Architecture, program: string): string {
  return `${DEFAULT_BINARIES[arch]} is the default binary for ${arch}${isBareName(program) ? '' : FOUND}.`;
}

function writtenWhy(written: string, program: string): string | null {
  if (written === program) return null;
  return isBareName(written) ? `${written} is the name in the profile${FOUND}.` : 'The path is normalised.';
}

function isBareName(binary: string): boolean {
  return !/[\\/]/.test(binary);
}
