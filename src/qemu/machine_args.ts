import { DEFAULT_BINARIES } from '../context/binary.ts';
import type { Acceleration, HostSystem } from '../context/host_facts.ts';
import type { ResolvedContext } from '../context/resolve_context.ts';
import { madeOnce } from '../profile/made_once.ts';
import type { Architecture } from '../profile/schema.ts';
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
    'Without these QEMU adds a network card, a CD drive, a graphics card, a window or VNC port, and what a configuration file of the host names.',
  ),
  elements: ['-nodefaults', '-no-user-config', '-display', 'none'],
};

const ACCELERATOR = acceleratorOrigin(null);
const nativeAccelerator = madeOnce((os: HostSystem) =>
  madeOnce((acceleration: Acceleration) =>
    madeOnce((arch: Architecture) =>
      acceleratorOrigin(`auto takes ${acceleration}, which the ${os} host has for ${arch} guests.`),
    ),
  ),
);
const noAccelerator = madeOnce((os: HostSystem) =>
  acceleratorOrigin(`auto falls back to emulation, since the ${os} host has no accelerator.`),
);
const foreignGuest = madeOnce((hostArch: Architecture) =>
  madeOnce((arch: Architecture) =>
    acceleratorOrigin(`auto falls back to emulation, since the host is ${hostArch} and the guest ${arch}.`),
  ),
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
    origin: accelerationRequested === 'auto' ? chosenAccelerator(context) : ACCELERATOR,
    elements: acceleration === 'kvm' ? ['-enable-kvm'] : ['-accel', acceleration],
  };
}

function chosenAccelerator({ acceleration, arch, facts }: ResolvedContext): Origin {
  if (acceleration !== 'tcg') return nativeAccelerator(facts.os)(acceleration)(arch);
  return facts.arch === arch ? noAccelerator(facts.os) : foreignGuest(facts.arch)(arch);
}

function acceleratorOrigin(why: string | null): Origin {
  return origin('accelerator', ['/hardware/acceleration'], why);
}
