/** The third stage: a valid profile on a host, with every default decided. After it nothing is optional. */
import { type HostForward, parseHostForward } from '../profile/hostfwd.ts';
import { GENERATED_TYPES, stableMac } from '../profile/mac.ts';
import type { Console, Disk, Interface, Profile } from '../profile/profile.ts';
import { defaultQmpSocket } from '../profile/qmp.ts';
import type { AccelerationRequest, Architecture, ImageFormat } from '../profile/schema.ts';
import { resolveAcceleration, resolveCpu } from './acceleration.ts';
import { wantedBinary } from './binary.ts';
import type { Acceleration, Host, HostFacts } from './host_facts.ts';
import { isAbsolute, resolvePath } from './host_paths.ts';
import { defaultSerialSocket, type PathUse, type Purpose } from './path_uses.ts';

/** A path with whether the plan leaves the project root by it. */
export interface PlacedPath {
  readonly path: string;
  readonly isInsideRoot: boolean;
  /** As the profile has it; `null` for a default. */
  readonly written: string | null;
}

export interface ImageDisk {
  /** Index in the profile. */
  readonly index: number;
  readonly name: string;
  readonly file: PlacedPath;
  readonly format: ImageFormat;
  readonly readonly: boolean;
  readonly isBootDisk: boolean;
}

export interface Share {
  readonly index: number;
  readonly name: string;
  readonly directory: PlacedPath;
  readonly readonly: boolean;
}

export interface NetworkCard {
  readonly index: number;
  readonly name: string;
  readonly type: 'user' | 'tap' | 'bridge';
  readonly forwards: readonly HostForward[];
  /** `null` leaves the choice to QEMU, whose addresses stay within a user-mode network. */
  readonly mac: string | null;
  readonly isMacGenerated: boolean;
}

export type SerialPort =
  | { readonly mode: 'pty' }
  | { readonly mode: 'none' }
  | {
      readonly mode: 'file' | 'socket';
      readonly target: PlacedPath;
      readonly pointer: '/serial/device' | '/serial/logfile';
    };

export interface DirectKernel {
  readonly image: PlacedPath;
  readonly initrd: PlacedPath | null;
  readonly append: string;
}

export interface ResolvedContext {
  readonly name: string;
  readonly facts: HostFacts;
  /** A bare name or an absolute path. */
  readonly binary: string;
  /** The profile's own `qemu_binary`; `null` for the default. */
  readonly binaryWritten: string | null;
  readonly arch: Architecture;
  readonly accelerationRequested: AccelerationRequest;
  readonly acceleration: Acceleration;
  readonly cpu: string;
  /** The profile's own `cpu`; `null` for the default. */
  readonly cpuWritten: string | null;
  readonly cores: number;
  readonly memoryMb: number;
  readonly images: readonly ImageDisk[];
  readonly shares: readonly Share[];
  readonly cards: readonly NetworkCard[];
  readonly qmpSocket: PlacedPath | null;
  readonly serial: SerialPort | null;
  readonly kernel: DirectKernel | null;
  readonly console: Console;
}

/** The files that a direct boot reads. */
export function bootFiles(kernel: DirectKernel | null): PlacedPath[] {
  if (kernel === null) return [];
  return kernel.initrd === null ? [kernel.image] : [kernel.image, kernel.initrd];
}

/** Resolves a profile that has no errors on this host, whose paths are resolved already; never fails. */
export function resolveContext(
  profile: Profile,
  { facts, sight }: Host,
  uses: readonly PathUse[],
): ResolvedContext {
  const { vm, hardware, storage, network } = profile;
  const acceleration = resolveAcceleration(hardware.acceleration, hardware.arch, facts);
  const images: ImageDisk[] = [];
  const shares: Share[] = [];
  for (const use of uses) {
    if (use.purpose === 'image') images.push(imageDisk(use, storage.disks));
    else if (use.purpose === 'share') shares.push(share(use, storage.disks));
  }
  return {
    name: vm.name,
    facts,
    binary: sight?.binary ?? binary(profile, facts),
    binaryWritten: vm.qemu_binary ?? null,
    arch: hardware.arch,
    accelerationRequested: hardware.acceleration,
    acceleration,
    cpu: resolveCpu(hardware.cpu, hardware.arch, hardware.acceleration, acceleration),
    cpuWritten: hardware.cpu ?? null,
    cores: hardware.cores,
    memoryMb: hardware.memory_mb,
    images,
    shares,
    cards: networkCards(vm.name, network.interfaces),
    qmpSocket: placedFor('qmp-socket', uses, defaultQmpSocket(vm.name)),
    serial: serialPort(profile, uses),
    kernel: directKernel(profile, uses),
    console: profile.console,
  };
}

/** The written name or path, an absolute one normalised, or the default name. */
function binary({ vm, hardware }: Profile, facts: HostFacts): string {
  const wanted = wantedBinary(vm.qemu_binary, hardware.arch) as string;
  return isAbsolute(facts.os, wanted) ? resolvePath(facts.os, facts.project_root, wanted) : wanted;
}

/** The path for a purpose that only one can have; `null` when the profile has none for it. */
function placedFor(
  purpose: Purpose,
  uses: readonly PathUse[],
  fallback: string | null = null,
): PlacedPath | null {
  for (const use of uses) if (use.purpose === purpose) return placed(use, fallback);
  return null;
}

function placed({ text, absolute, isInsideRoot }: PathUse, fallback: string | null = null): PlacedPath {
  return { path: absolute, isInsideRoot, written: text === fallback ? null : text };
}

function imageDisk(use: PathUse, disks: readonly Disk[]): ImageDisk {
  const index = Number(use.at[2]);
  const { name, format, readonly, boot } = disks[index] as Disk;
  return { index, name, file: placed(use), format: format as ImageFormat, readonly, isBootDisk: boot };
}

function share(use: PathUse, disks: readonly Disk[]): Share {
  const index = Number(use.at[2]);
  const { name, readonly } = disks[index] as Disk;
  return { index, name, directory: placed(use), readonly };
}

function networkCards(vmName: string, interfaces: readonly Interface[]): NetworkCard[] {
  const cards: NetworkCard[] = [];
  interfaces.forEach(({ name, type, hostfwd, mac }, index) => {
    if (type === 'none') return;
    const isMacGenerated = mac === undefined && GENERATED_TYPES.has(type);
    cards.push({
      index,
      name,
      type,
      forwards: hostfwd.map(parseHostForward),
      mac: mac ?? (isMacGenerated ? stableMac(vmName, name) : null),
      isMacGenerated,
    });
  });
  return cards;
}

function serialPort({ vm, serial }: Profile, uses: readonly PathUse[]): SerialPort | null {
  const { enabled, mode, logfile } = serial;
  if (!enabled) return null;
  if (mode === 'pty' || mode === 'none') return { mode };
  if (mode === 'file') {
    const pointer = logfile === undefined ? '/serial/device' : '/serial/logfile';
    return { mode, target: placedFor('serial-log', uses) as PlacedPath, pointer };
  }
  const target = placedFor('serial-socket', uses, defaultSerialSocket(vm.name)) as PlacedPath;
  return { mode, target, pointer: '/serial/device' };
}

function directKernel({ kernel }: Profile, uses: readonly PathUse[]): DirectKernel | null {
  if (!kernel.enabled) return null;
  return {
    image: placedFor('kernel', uses) as PlacedPath,
    initrd: placedFor('initrd', uses),
    append: kernel.append,
  };
}
