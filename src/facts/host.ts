/** The host of one request, and what looking at it showed: plain data. Nothing was opened for writing, no socket was opened. */
import type { HostDevices } from './devices.ts';
import type { HostFacts } from './host_facts.ts';
import type { ImageHeader } from './image.ts';
import type { HostMemory } from './memory.ts';
import type {
  AddressRange,
  BoundPort,
  BridgeHelper,
  BridgeRules,
  Link,
  NetworkRights,
  PortRules,
} from './network.ts';

export interface Host {
  readonly facts: HostFacts;
  /** `null` where the facts were given: then nothing was looked at. */
  readonly probed: ProbedFiles | null;
  /** Whether a path outside the project root is an error. */
  readonly strictPaths: boolean;
}

/** What a look at the files of one profile showed. */
export interface ProbedFiles {
  /** Where the QEMU binary is; `null` when it was not found. */
  readonly binary: string | null;
  /** Where the programs are that run beside QEMU, by the name or the path that the profile asks for. */
  readonly helpers: ReadonlyMap<string, string | null>;
  /** Modules of QEMU that are installed, by the names of their files without an ending; `null` where that is not known. */
  readonly modules: ReadonlySet<string> | null;
  readonly realRoot: string;
  /** By absolute path, for every path that the profile needs, and for the files that its images name. */
  readonly paths: ReadonlyMap<string, ProbedPath>;
  readonly capacity: ProbedCapacity;
  readonly devices: HostDevices;
  readonly memory: HostMemory;
  /** Whether the kernel lets any process use io_uring; `null` for what was not asked, or where nobody can look. */
  readonly hasIoUring: boolean | null;
}

/** The package that brought a QEMU. */
export interface QemuPackage {
  readonly name: string;
  /** As the package manager writes it. */
  readonly version: string;
  /** Major and minor number of the QEMU in it; `null` where the version does not tell. */
  readonly qemuVersion: string | null;
}

/** What a host has for all its VMs and whatever else runs on it; `null` for what is not known. */
export interface ProbedCapacity {
  readonly cpus: number | null;
  readonly memoryMb: number | null;
  /** What all processes together may ask for, where the kernel promises no more than it can keep. */
  readonly commitLimitMb: number | null;
}

/** What is at a path. */
export interface ProbedPath {
  readonly kind: 'file' | 'directory' | 'link' | 'other' | 'missing' | 'loop' | 'unreadable';
  /** Links followed, also dangling ones, as far as the path exists; where a socket will be, all but one at its own place. */
  readonly realPath: string;
  /** Equal for all names of one file, also hard links; `null` for what is not there or cannot be looked at. */
  readonly id: FileId | null;
  /** How large it is, and the bits of its mode that say who may do what; `null` like its id. */
  readonly bytes: number | null;
  readonly mode: number | null;
  /** Where a symbolic link leads that lies in the place of a socket, the only kind of path at which links are not followed. */
  readonly link: LinkTarget | null;
  /** What the first bytes of an image say; `null` when they were not read. */
  readonly header: ImageHeader | null;
  /** Whether QEMU's x86 machine takes the file for a multiboot kernel; `null` when its first bytes were not read. */
  readonly isMultiboot: boolean | null;
  /** Whether it is longer than what that machine takes for the beginning of a kernel; `null` likewise. */
  readonly isLongEnough: boolean | null;
  /** Whether the file is a device tree that QEMU can load; `null` when its first bytes were not read. */
  readonly isDeviceTree: boolean | null;
  /** What a medium for a drive is; `null` when it was not asked for, or cannot be read. */
  readonly medium: ProbedMedium | null;
  /** What a flash image is; `null` when it was not asked for, or cannot be read. */
  readonly flash: ProbedFlash | null;
  /** Whether a unix socket lies there. */
  readonly isSocket: boolean;
  /** Whether what is there may have been made by another name: it has several, or was touched after it was written. */
  readonly mayHaveMoved: boolean;
  /** Whether this user may read it, of a directory also what is in it. */
  readonly isReadable: boolean;
  readonly isWritable: boolean;
  /** Whether nobody may write it, since its file system is mounted read-only. */
  readonly isOnReadOnlyMount: boolean;
  /** Whether nobody may write it, since it was made immutable. */
  readonly isImmutable: boolean;
  /** Whether this user may remove what lies in the place of a socket; true of what is asked for nothing else. */
  readonly isRemovable: boolean;
  /** The directory that holds it, or would hold it once it is created. */
  readonly directory: ProbedDirectory;
  /** The file system that the file is or would be on; `null` when that was not asked or could not be found out. */
  readonly space: FileSystemSpace | null;
}

/** The device and the number of a file on it. */
export type FileId = string;

export interface LinkTarget {
  /** All links followed, as far as the path exists. */
  readonly path: string;
  readonly id: FileId | null;
}

/** By its first bytes. */
export interface ProbedMedium {
  readonly is: 'iso9660' | 'udf' | 'vfat' | 'other';
  /** `null` where it is not looked for. */
  readonly label: string | null;
}

/** A file that is taken for the flash of a machine. */
export interface ProbedFlash {
  /** By its first bytes; `raw` for what is no known image format. */
  readonly format: string;
  /** Of the flash: of a qcow2 file what the guest sees. */
  readonly bytes: number;
  /** What the header of the firmware volume in it says that it holds; `null` where there is none that is known. */
  readonly holds: 'code' | 'vars' | null;
}

export interface ProbedDirectory {
  /** Absolute, as configured or named. */
  readonly path: string;
  /** Links followed, also dangling ones, as far as the path exists. */
  readonly realPath: string;
  readonly state: 'writable' | 'unwritable' | 'missing' | 'not-a-directory' | 'loop' | 'unreadable';
  /** The deepest directory on the way to it that exists; itself when it does. */
  readonly existing: string;
  /** Whether this user may make it; only a missing one can be made. */
  readonly canBeMade: boolean;
  /** Whether nobody may create anything in what exists of it, since its file system is mounted read-only. */
  readonly isOnReadOnlyMount: boolean;
}

export interface FileSystemSpace {
  /** Equal for two files on one file system. */
  readonly device: string;
  /** Bytes that this user may still fill. */
  readonly freeBytes: number;
}

/** What all processes of a host share, and one profile may find taken; `null` for what is not known. */
export interface ProbedNetwork {
  readonly boundPorts: readonly BoundPort[] | null;
  readonly portRules: PortRules | null;
  /** The IPv4 addresses that a socket of this host can be bound to. */
  readonly addresses: readonly AddressRange[] | null;
  /** The IPv6 addresses of this host, each in the one way that it is written. */
  readonly ipv6Addresses: readonly string[] | null;
  /** The unix sockets with a name that some process has. */
  readonly unixSockets: readonly UnixSocket[] | null;
  /** The network devices by name. */
  readonly links: ReadonlyMap<string, Link> | null;
  /** Whether this process may open the device that makes and joins tap devices. */
  readonly tunDevice: 'ready' | 'no-permission' | 'missing' | null;
  /** The same of the device that makes sockets of the kind vsock. */
  readonly vsockDevice: ProbedNetwork['tunDevice'];
  /** The same of the device through which the kernel moves the packets of a guest. */
  readonly vhostNetDevice: ProbedNetwork['tunDevice'];
  readonly rights: NetworkRights | null;
  readonly bridgeRules: BridgeRules | null;
  /** QEMU's bridge helper where distributions have it; `null` where there is none. */
  readonly bridgeHelper: BridgeHelper | null;
  /** The locks on bytes of files by which QEMU tells others how it uses an image, or that it has a pidfile. */
  readonly imageLocks: readonly ImageLock[] | null;
}

export interface ImageLock {
  readonly id: FileId;
  readonly firstByte: number;
  /** Infinite where the lock goes on to the end, wherever that is. */
  readonly lastByte: number;
}

export interface UnixSocket {
  /**
   * As its process named it: absolute, or relative to a directory that nobody knows. What begins with `@` is an abstract name,
   * which is no file, or a relative one.
   */
  readonly name: string;
  /** The socket that is there now; `null` for a relative name, and where no socket can be seen any more. */
  readonly id: FileId | null;
  /** Where an absolute name lies, links followed as far as they can be; `null` for a relative one. */
  readonly directory: string | null;
  /** Whether a stream can be connected to it. */
  readonly isListening: boolean;
}

/** The list of bridges that QEMU's bridge helper lets users join. */
export const BRIDGE_RULES_FILE = '/etc/qemu/bridge.conf';

/** The device through which QEMU, and its bridge helper, come to tap devices. */
export const TUN_DEVICE = '/dev/net/tun';

/** Where most distributions have virtiofsd; nobody looks for it in PATH. */
export const VIRTIOFSD = '/usr/libexec/virtiofsd';

/** Where the others have it: Arch, openSUSE and NixOS. */
export const OTHER_VIRTIOFSD = [
  '/usr/lib/virtiofsd',
  '/usr/lib/virtiofsd/virtiofsd',
  '/run/current-system/sw/bin/virtiofsd',
] as const;

/** The device through which QEMU makes sockets of the kind vsock. */
export const VSOCK_DEVICE = '/dev/vhost-vsock';

/** The device through which the kernel moves the packets of a guest for QEMU. */
export const VHOST_NET_DEVICE = '/dev/vhost-net';
