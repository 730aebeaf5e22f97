import { DEFAULT_BINARIES } from '../context/binary.ts';
import type { ResolvedContext } from '../context/resolve_context.ts';
import type { Architecture } from '../profile/schema.ts';
import { madeOnce } from './made_once.ts';
import { type Origin, origin, type Part } from './part.ts';

/** aarch64's plain `virt` has an interrupt controller for 8 cores only. */
const MACHINES: Readonly<Record<Architecture, string>> = {
  x86_64: 'q35',
  aarch64: 'virt,gic-version=max',
  riscv64: 'virt',
  ppc64le: 'pseries',
};
const FOUND = ', found in PATH';

const WRITTEN_BINARY = origin('binary', ['/vm/qemu_binary']);
const NORMALISED_BINARY = origin('binary', ['/vm/qemu_binary'], 'The path is normalised.');

const defaultBinary = madeOnce((isFound: boolean) =>
  madeOnce((arch: Architecture) => {
    const why = `${DEFAULT_BINARIES[arch]} is the default binary for ${arch}${isFound ? FOUND : ''}.`;
    return origin('binary', ['/hardware/arch'], why);
  }),
);

const machineOrigin = madeOnce((arch: Architecture) => {
  const why =
    arch === 'aarch64'
      ? 'virt is the machine for aarch64 guests, and gic-version=max lets it have more than 8 cores.'
      : `${MACHINES[arch]} is the machine for ${arch} guests.`;
  return origin('machine', ['/hardware/arch'], why);
});

const NO_DEFAULTS: Part = {
  origin: origin(
    'machine',
    [],
    'Without these QEMU adds a network card, a CD drive, a graphics card and a window or VNC port that no plan lists.',
  ),
  elements: ['-nodefaults', '-display', 'none'],
};

const acceleratorOrigin = madeOnce((why: string | null) =>
  origin('accelerator', ['/hardware/acceleration'], why),
);

export function binaryArgs({ arch, binary, binaryWritten }: ResolvedContext): Part {
  return { origin: binaryOrigin(arch, binary, binaryWritten), elements: [binary] };
}

function binaryOrigin(arch: Architecture, binary: string, written: string | null): Origin {
  if (written === null) return defaultBinary(!isBareName(binary))(arch);
  if (written === binary) return WRITTEN_BINARY;
  if (!isBareName(written)) return NORMALISED_BINARY;
  return origin('binary', ['/vm/qemu_binary'], `${written} is the name in the profile${FOUND}.`);
}

function isBareName(binary: string): boolean {
  return !/[\\/]/.test(binary);
}

export function machineArgs({ arch }: ResolvedContext): Part[] {
  return [{ origin: machineOrigin(arch), elements: ['-machine', MACHINES[arch]] }, NO_DEFAULTS];
}

export function acceleratorArgs(context: ResolvedContext): Part {
  const { acceleration, accelerationRequested } = context;
  return {
    origin: acceleratorOrigin(accelerationRequested === 'auto' ? autoReason(context) : null),
    elements: acceleration === 'kvm' ? ['-enable-kvm'] : ['-accel', acceleration],
  };
}

function autoReason({ acceleration, arch, facts }: ResolvedContext): string {
  if (acceleration !== 'tcg')
    return `auto takes ${acceleration}, which the ${facts.os} host has for ${arch} guests.`;
  return facts.arch === arch
    ? `auto falls back to emulation, since the ${facts.os} host has no accelerator.`
    : `auto falls back to emulation, since the host is ${facts.arch} and the guest ${arch}.`;
}
