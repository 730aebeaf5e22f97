/** Hosts that tests plan for, and what a look at their files would have shown. */
import { DEVICES_UNSEEN, type HostDevices } from '../../src/facts/devices.ts';
import type { Host, ProbedCapacity, ProbedDirectory, ProbedPath } from '../../src/facts/host.ts';
import type { HostAccelerator, HostFacts, HostFirmware, HostSystem } from '../../src/facts/host_facts.ts';
import { parentOf } from '../../src/facts/host_paths.ts';
import { type HostMemory, MEMORY_UNSEEN } from '../../src/facts/memory.ts';

/** For tests that name the type of a host, or of what was seen there. */
export type { Host, HostAccelerator, HostFacts, HostSystem, ProbedDirectory, ProbedPath };

export const LINUX: HostFacts = {
  accelerators: ['kvm'],
  arch: 'x86_64',
  os: 'linux',
  project_root: '/srv/lab',
};
export const LINUX_WITHOUT_KVM: HostFacts = { ...LINUX, accelerators: [] };
export const LINUX_ARM: HostFacts = { ...LINUX, arch: 'aarch64' };
export const DARWIN: HostFacts = {
  accelerators: ['hvf'],
  arch: 'aarch64',
  os: 'darwin',
  project_root: '/Users/dev/lab',
};
export const DARWIN_INTEL: HostFacts = { ...DARWIN, arch: 'x86_64' };
export const WINDOWS: HostFacts = {
  accelerators: ['whpx'],
  arch: 'x86_64',
  os: 'windows',
  project_root: 'C:\\lab',
};
export const FREEBSD: HostFacts = {
  accelerators: [],
  arch: 'x86_64',
  os: 'freebsd',
  project_root: '/usr/home/lab',
};

function flash(arch: HostFirmware['arch'], code: string, template: string): HostFirmware {
  return {
    arch,
    code,
    code_format: 'raw',
    secure_boot: code.includes('.ms.'),
    vars_format: 'raw',
    vars_template: template,
  };
}

/** UEFI firmware where Debian has it. */
export const FIRMWARE: HostFirmware[] = [
  flash('x86_64', '/usr/share/OVMF/OVMF_CODE_4M.ms.fd', '/usr/share/OVMF/OVMF_VARS_4M.ms.fd'),
  flash('x86_64', '/usr/share/OVMF/OVMF_CODE_4M.fd', '/usr/share/OVMF/OVMF_VARS_4M.fd'),
  flash('aarch64', '/usr/share/AAVMF/AAVMF_CODE.fd', '/usr/share/AAVMF/AAVMF_VARS.fd'),
];

/** A host whose facts came with the request. */
export function given(facts: HostFacts, strictPaths = false): Host {
  return { facts, probed: null, strictPaths };
}

export const ON_LINUX = given(LINUX);

/** A directory that is there and can be written, but for what is said of it. */
export function directoryAt(path: string, changes: Partial<ProbedDirectory> = {}): ProbedDirectory {
  return {
    path,
    realPath: path,
    state: 'writable',
    existing: path,
    canBeMade: false,
    isOnReadOnlyMount: false,
    ...changes,
  };
}

export const MISSING: Partial<ProbedDirectory> = { state: 'missing', existing: '/srv', canBeMade: true };
export const UNWRITABLE: Partial<ProbedDirectory> = { state: 'unwritable' };

/** A file that is where it seems to be, but for what is said of it. */
export function pathAt(facts: HostFacts, path: string, changes: Partial<ProbedPath> = {}): ProbedPath {
  return {
    kind: 'file',
    realPath: path,
    id: null,
    bytes: null,
    mode: null,
    link: null,
    header: null,
    isMultiboot: null,
    isLongEnough: null,
    isDeviceTree: null,
    medium: null,
    flash: null,
    isSocket: false,
    mayHaveMoved: false,
    isReadable: changes.kind !== 'missing' && changes.kind !== 'unreadable',
    isWritable: true,
    isOnReadOnlyMount: false,
    isImmutable: false,
    isRemovable: true,
    directory: directoryAt(parentOf(facts.os, path)),
    space: null,
    ...changes,
  };
}

/** More than any profile of the tests wants, unless that is what it tests. */
export const ROOMY: ProbedCapacity = { cpus: 256, memoryMb: 16777216, commitLimitMb: null };

interface Look {
  /** By absolute path. */
  readonly paths?: Readonly<Record<string, Partial<ProbedPath>>>;
  readonly binary?: string | null;
  /** Programs beside QEMU that are not where they are wanted. */
  readonly helpers?: Readonly<Record<string, string | null>>;
  /** Modules of QEMU that are installed; by default nobody looked. */
  readonly modules?: readonly string[];
  readonly realRoot?: string;
  readonly capacity?: Partial<ProbedCapacity>;
  readonly devices?: Partial<HostDevices>;
  readonly memory?: Partial<HostMemory>;
  readonly hasIoUring?: boolean;
  readonly strictPaths?: boolean;
}

/** A host that was looked at. */
export function probed(facts: HostFacts, look: Look = {}): Host {
  const paths = Object.entries(look.paths ?? {}).map(
    ([path, seen]) => [path, pathAt(facts, path, seen)] as const,
  );
  return {
    facts,
    probed: {
      binary: look.binary === undefined ? '/usr/bin/qemu-system-x86_64' : look.binary,
      helpers: new Map(Object.entries(look.helpers ?? { passt: '/usr/bin/passt', swtpm: '/usr/bin/swtpm' })),
      modules: look.modules === undefined ? null : new Set(look.modules),
      realRoot: look.realRoot ?? facts.project_root,
      paths: new Map(paths),
      capacity: { ...ROOMY, ...look.capacity },
      devices: { ...DEVICES_UNSEEN, ...look.devices },
      memory: { ...MEMORY_UNSEEN, ...look.memory },
      hasIoUring: look.hasIoUring ?? null,
    },
    strictPaths: look.strictPaths ?? false,
  };
}

/** A Linux host on which this was seen. */
export function seeing(paths: Readonly<Record<string, Partial<ProbedPath>>>): Host {
  return probed(LINUX, { paths });
}
