import { DEFAULT_BINARIES } from '../context/binary.ts';
import type { ResolvedContext } from '../context/resolve_context.ts';
import type { Architecture } from '../profile/schema.ts';
import { type Part, part } from './part.ts';

/** aarch64's plain `virt` has an interrupt controller for 8 cores only. */
const MACHINES: Readonly<Record<Architecture, string>> = {
  x86_64: 'q35',
  aarch64: 'virt,gic-version=max',
  riscv64: 'virt',
  ppc64le: 'pseries',
};

export function binaryArgs({ arch, binary, binaryWritten }: ResolvedContext): Part {
  const place = isBareName(binary) ? '' : ', found in PATH';
  if (binaryWritten === null) {
    const why = `${DEFAULT_BINARIES[arch]} is the default binary for ${arch}${place}.`;
    return part('binary', [binary], ['/hardware/arch'], why);
  }
  const why = isBareName(binaryWritten)
    ? `${binaryWritten} is the name in the profile${place}.`
    : 'The path is normalised.';
  return part('binary', [binary], ['/vm/qemu_binary'], binary === binaryWritten ? null : why);
}

function isBareName(binary: string): boolean {
  return !/[\\/]/.test(binary);
}

export function machineArgs({ arch }: ResolvedContext): Part[] {
  return [
    part(
      'machine',
      ['-machine', MACHINES[arch]],
      ['/hardware/arch'],
      arch === 'aarch64'
        ? 'virt is the machine for aarch64 guests, and gic-version=max lets it have more than 8 cores.'
        : `${MACHINES[arch]} is the machine for ${arch} guests.`,
    ),
    part(
      'machine',
      ['-nodefaults', '-display', 'none'],
      [],
      'Without these QEMU adds a network card, a CD drive, a graphics card and a window or VNC port that no plan lists.',
    ),
  ];
}

export function acceleratorArgs(context: ResolvedContext): Part {
  const { acceleration, accelerationRequested } = context;
  return part(
    'accelerator',
    acceleration === 'kvm' ? ['-enable-kvm'] : ['-accel', acceleration],
    ['/hardware/acceleration'],
    accelerationRequested === 'auto' ? autoReason(context) : null,
  );
}

function autoReason({ acceleration, arch, facts }: ResolvedContext): string {
  if (acceleration !== 'tcg')
    return `auto takes ${acceleration}, which the ${facts.os} host has for ${arch} guests.`;
  return facts.arch === arch
    ? `auto falls back to emulation, since the ${facts.os} host has no accelerator.`
    : `auto falls back to emulation, since the host is ${facts.arch} and the guest ${arch}.`;
}
