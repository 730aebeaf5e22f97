/** The third stage: a valid profile on a host, with every default decided. After it nothing is optional. */
import { type HostForward, parseHostForward } from '../profile/hostfwd.ts';
import { GENERATED_TYPES, stableMac } from '../profile/mac.ts';
import type { Console, Disk, Interface, Profile } from '../profile/profile.ts';
import { defaultQmpSocket } from '../profile/qmp.ts';
import { isShare } from '../profile/rules/storage_rules.ts';
import type { AccelerationRequest, Architecture, ImageFormat } from '../profile/schema.ts';
import { resolveAcceleration, resolveCpu } from './acceleration.ts';
import { wantedBinary } from './binary.ts';
import type { Acceleration, Host, HostFacts } from './host_facts.ts';
import { isAbsolute, isInside, resolvePath } from './host_paths.ts';
import { defaultSerialSocket } from './path_uses.ts';

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

/** Resolves a profile that has no errors on this host; never fails. */
export function resolveContext(profile: Profile, { facts, sight }: Host): ResolvedContext {
  const { vm, hardware, storage, network, qmp } = profile;
  const place = placer(facts);
  const acceleration = resolveAcceleration(hardware.acceleration, hardware.arch, facts);
  const images: ImageDisk[] = [];
  const shares: Share[] = [];
  for (const [index, disk] of storage.disks.entries()) {
    if (isShare(disk)) shares.push(share(index, disk, place));
    else images.push(imageDisk(index, disk, place));
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
    cards: network.interfaces.flatMap((card, index) => networkCard(vm.name, index, card)),
    qmpSocket: qmp.enabled ? placedOrDefault(qmp.socket as string, defaultQmpSocket(vm.name), place) : null,
    serial: serialPort(profile, place),
    kernel: directKernel(profile, place),
    console: profile.console,
  };
}

/** The written name or path, an absolute one normalised, or the default name. */
function binary({ vm, hardware }: Profile, facts: HostFacts): string {
  const wanted = wantedBinary(vm.qemu_binary, hardware.arch) as string;
  return isAbsolute(facts.os, wanted) ? resolvePath(facts.os, facts.project_root, wanted) : wanted;
}

type Place = (written: string) => PlacedPath;

function placer(facts: HostFacts): Place {
  return (written) => {
    const path = resolvePath(facts.os, facts.project_root, written);
    return { path, isInsideRoot: isInside(facts.os, facts.project_root, path), written };
  };
}

function placedOrDefault(path: string, fallback: string, place: Place): PlacedPath {
  return path === fallback ? { ...place(path), written: null } : place(path);
}

function imageDisk(index: number, disk: Disk, place: Place): ImageDisk {
  const { name, path, readonly, boot } = disk;
  return { index, name, file: place(path), format: disk.format as ImageFormat, readonly, isBootDisk: boot };
}

function share(index: number, { name, path, readonly }: Disk, place: Place): Share {
  return { index, name, directory: place(path), readonly };
}

function networkCard(vmName: string, index: number, { name, type, hostfwd, mac }: Interface): NetworkCard[] {
  if (type === 'none') return [];
  const isMacGenerated = mac === undefined && GENERATED_TYPES.has(type);
  return [
    {
      index,
      name,
      type,
      forwards: hostfwd.map(parseHostForward),
      mac: mac ?? (isMacGenerated ? stableMac(vmName, name) : null),
      isMacGenerated,
    },
  ];
}

function serialPort({ vm, serial }: Profile, place: Place): SerialPort | null {
  const { enabled, mode, device, logfile } = serial;
  if (!enabled) return null;
  if (mode === 'pty' || mode === 'none') return { mode };
  if (mode === 'file') {
    const pointer = logfile === undefined ? '/serial/device' : '/serial/logfile';
    return { mode, target: place((logfile ?? device) as string), pointer };
  }
  const fallback = defaultSerialSocket(vm.name);
  return { mode, target: placedOrDefault(device ?? fallback, fallback, place), pointer: '/serial/device' };
}

function directKernel({ kernel }: Profile, place: Place): DirectKernel | null {
  if (!kernel.enabled) return null;
  return {
    image: place(kernel.bzimage as string),
    initrd: kernel.initrd === undefined ? null : place(kernel.initrd),
    append: kernel.append,
  };
}
