/** Where a host keeps what the doctor asks about; a test puts stand-ins here. */
import { BRIDGE_RULES_FILE, TUN_DEVICE } from '../facts/host.ts';

export interface SystemFiles {
  /** Candidates for os-release(5), the first one that can be read counts. */
  readonly osRelease: readonly string[];
  /** The list of groups, group(5). */
  readonly groups: string;
  /** The files `tcp`, `tcp6`, `udp`, `udp6`, `unix` and `fib_trie` of proc(5). */
  readonly procNet: string;
  /** The settings of ip(7). */
  readonly sysctlIpv4: string;
  /** One directory for each network device, sysfs(5). */
  readonly sysNet: string;
  readonly bridgeRules: string;
  readonly tunDevice: string;
  /** The status of this process, proc(5): its user, groups and capabilities. */
  readonly processStatus: string;
  /** The list of users, passwd(5). */
  readonly users: string;
}

export const SYSTEM_FILES: SystemFiles = {
  osRelease: ['/etc/os-release', '/usr/lib/os-release'],
  groups: '/etc/group',
  procNet: '/proc/net',
  sysctlIpv4: '/proc/sys/net/ipv4',
  sysNet: '/sys/class/net',
  bridgeRules: BRIDGE_RULES_FILE,
  tunDevice: TUN_DEVICE,
  processStatus: '/proc/self/status',
  users: '/etc/passwd',
};
