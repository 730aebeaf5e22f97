/** Where a host keeps what is asked about itself; a test puts stand-ins here. */
import {
  BRIDGE_RULES_FILE,
  OTHER_VIRTIOFSD,
  TUN_DEVICE,
  VHOST_NET_DEVICE,
  VIRTIOFSD,
  VSOCK_DEVICE,
} from '../facts/host.ts';

export interface SystemFiles {
  /** Candidates for os-release(5), the first one that can be read counts. */
  readonly osRelease: readonly string[];
  /** The list of groups, group(5). */
  readonly groups: string;
  /** The files `tcp`, `tcp6`, `udp`, `udp6`, `unix` and `fib_trie` of proc(5). */
  readonly procNet: string;
  /** One directory for each process, proc(5), by which the tables of other network namespaces are found. */
  readonly processes: string;
  /** The settings of ip(7). */
  readonly sysctlIpv4: string;
  /** One directory for each network device, sysfs(5). */
  readonly sysNet: string;
  readonly bridgeRules: string;
  /** Where distributions have QEMU's bridge helper. */
  readonly bridgeHelpers: readonly string[];
  /** The locks on files of all processes, proc(5). */
  readonly locks: string;
  readonly tunDevice: string;
  readonly vsockDevice: string;
  readonly vhostNetDevice: string;
  /** The status of this process, proc(5): its user, groups and capabilities. */
  readonly processStatus: string;
  /** What the CPUs can do, proc(5). */
  readonly cpuInfo: string;
  /** The numbers of the processors that are at work, sysfs(5). */
  readonly onlineCpus: string;
  /** How much memory there is, proc(5). */
  readonly memInfo: string;
  /** How much more of it may be asked for than there is, proc(5). */
  readonly overcommit: string;
  /** One directory for each size of huge pages, and for each NUMA node, sysfs(5). */
  readonly hugePages: string;
  readonly memoryNodes: string;
  /** The limits of this process, proc(5). */
  readonly processLimits: string;
  /** Who may use io_uring, sysctl(8). */
  readonly ioUringDisabled: string;
  /** The list of users, passwd(5). */
  readonly users: string;
  /** Directories of descriptions of firmware; a file of the same name in an earlier one hides that of a later one. */
  readonly firmware: readonly string[];
  /** Where distributions have the virtiofsd that is written in Rust. */
  readonly virtiofsd: readonly string[];
  /** One directory for each USB device, sysfs(5), and the files by which processes have them. */
  readonly sysUsb: string;
  readonly usbNodes: string;
  /** The same of PCI devices. */
  readonly sysPci: string;
  readonly vfioNodes: string;
  /** One directory for each block device by its numbers, sysfs(5). */
  readonly sysBlock: string;
  /** What is mounted, and what is swap space, proc(5). */
  readonly mountInfo: string;
  readonly swaps: string;
  /** Where dpkg has its lists. */
  readonly dpkg: string;
  /** Candidates for the list of apk. */
  readonly apk: readonly string[];
  /** Where pacman has a directory for each package. */
  readonly pacman: string;
}

export const SYSTEM_FILES: SystemFiles = {
  osRelease: ['/etc/os-release', '/usr/lib/os-release'],
  groups: '/etc/group',
  procNet: '/proc/net',
  processes: '/proc',
  sysctlIpv4: '/proc/sys/net/ipv4',
  sysNet: '/sys/class/net',
  bridgeRules: BRIDGE_RULES_FILE,
  bridgeHelpers: ['/usr/lib/qemu/qemu-bridge-helper', '/usr/libexec/qemu-bridge-helper'],
  tunDevice: TUN_DEVICE,
  vsockDevice: VSOCK_DEVICE,
  vhostNetDevice: VHOST_NET_DEVICE,
  locks: '/proc/locks',
  processStatus: '/proc/self/status',
  cpuInfo: '/proc/cpuinfo',
  onlineCpus: '/sys/devices/system/cpu/online',
  memInfo: '/proc/meminfo',
  overcommit: '/proc/sys/vm/overcommit_memory',
  hugePages: '/sys/kernel/mm/hugepages',
  memoryNodes: '/sys/devices/system/node',
  processLimits: '/proc/self/limits',
  ioUringDisabled: '/proc/sys/kernel/io_uring_disabled',
  users: '/etc/passwd',
  firmware: [
    '/etc/qemu/firmware',
    '/usr/share/qemu/firmware',
    '/usr/local/share/qemu/firmware',
    '/opt/homebrew/share/qemu/firmware',
  ],
  virtiofsd: [VIRTIOFSD, ...OTHER_VIRTIOFSD],
  sysUsb: '/sys/bus/usb/devices',
  usbNodes: '/dev/bus/usb',
  sysPci: '/sys/bus/pci/devices',
  vfioNodes: '/dev/vfio',
  sysBlock: '/sys/dev/block',
  mountInfo: '/proc/self/mountinfo',
  swaps: '/proc/swaps',
  dpkg: '/var/lib/dpkg',
  apk: ['/usr/lib/apk/db/installed', '/lib/apk/db/installed'],
  pacman: '/var/lib/pacman/local',
};
