/** What all processes of this host share: ports, sockets, network devices; read-only, no socket opened. */
import type { ProbedNetwork } from '../facts/host.ts';
import type { HostFacts } from '../facts/host_facts.ts';
import { readBridgeRules, readLinks } from './links.ts';
import { readListeners } from './ports.ts';
import { SYSTEM_FILES, type SystemFiles } from './system_files.ts';
import { readUnixSockets } from './unix_sockets.ts';

const UNKNOWN: ProbedNetwork = { listeners: null, unixSockets: null, links: null, bridgeRules: null };

/** `system` has stand-ins for the files of the system in tests. */
export async function probeNetwork(
  { os }: HostFacts,
  system: SystemFiles = SYSTEM_FILES,
): Promise<ProbedNetwork> {
  if (os !== 'linux') return UNKNOWN;
  const [listeners, unixSockets, links, bridgeRules] = await Promise.all([
    readListeners(system.procNet),
    readUnixSockets(system.procNet),
    readLinks(system.sysNet),
    readBridgeRules(system.bridgeRules),
  ]);
  return { listeners, unixSockets, links, bridgeRules };
}
