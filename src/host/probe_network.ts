/** What all processes of this host share: ports, sockets, network devices, locks on images; read-only, no socket opened. */
import type { ProbedNetwork } from '../facts/host.ts';
import type { HostFacts } from '../facts/host_facts.ts';
import { readAddresses, readIpv6Addresses, readPortRules } from './addresses.ts';
import { readBridgeHelper } from './bridge_helper.ts';
import { readBridgeRules } from './bridge_rules.ts';
import { readImageLocks } from './image_locks.ts';
import { probeDevice, readLinks } from './links.ts';
import { readNetworkRights } from './network_rights.ts';
import { readBoundPorts } from './ports.ts';
import { settled } from './settled.ts';
import { SYSTEM_FILES, type SystemFiles } from './system_files.ts';
import { readUnixSockets } from './unix_sockets.ts';

/** What is known where nobody can look. */
export const UNKNOWN_NETWORK: ProbedNetwork = {
  boundPorts: null,
  portRules: null,
  addresses: null,
  ipv6Addresses: null,
  unixSockets: null,
  links: null,
  tunDevice: null,
  vsockDevice: null,
  vhostNetDevice: null,
  rights: null,
  bridgeRules: null,
  bridgeHelper: null,
  imageLocks: null,
};

/** `system` has stand-ins for the files of the system in tests. */
export async function probeNetwork(
  { os, project_root }: HostFacts,
  system: SystemFiles = SYSTEM_FILES,
): Promise<ProbedNetwork> {
  if (os !== 'linux') return UNKNOWN_NETWORK;
  return settled({
    boundPorts: readBoundPorts(system.procNet),
    portRules: readPortRules(system.sysctlIpv4),
    addresses: readAddresses(system.procNet, system.sysctlIpv4),
    ipv6Addresses: readIpv6Addresses(system.procNet),
    unixSockets: readUnixSockets(system.procNet, system.processes),
    links: readLinks(system.sysNet),
    tunDevice: probeDevice(system.tunDevice),
    vsockDevice: probeDevice(system.vsockDevice),
    vhostNetDevice: probeDevice(system.vhostNetDevice),
    rights: readNetworkRights(system.processStatus),
    bridgeRules: readBridgeRules(system.bridgeRules, project_root),
    bridgeHelper: readBridgeHelper(system.bridgeHelpers),
    imageLocks: readImageLocks(system.locks),
  });
}
