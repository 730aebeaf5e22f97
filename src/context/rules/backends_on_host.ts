import { fieldOf, type Path } from '../../profile/field_path.ts';
import type { Findings } from '../../profile/issue.ts';
import type { Draft } from '../../profile/profile.ts';
import type { HostFacts, HostSystem } from '../host_facts.ts';

/** What the QEMU of each system is built without. */
const LACKING: Readonly<Record<HostSystem, readonly string[]>> = {
  linux: [],
  darwin: ['tap', 'bridge'],
  windows: ['pty', 'host-path', 'bridge'],
  freebsd: ['bridge', 'host-path'],
};

export function backendsOnHost(
  { storage, network, serial }: Draft,
  { os }: HostFacts,
  findings: Findings,
): void {
  if (LACKING[os].length === 0) return;
  const lacks = (backend: string | undefined): backend is string =>
    backend !== undefined && LACKING[os].includes(backend);
  for (const [index, { format }] of (storage.disks ?? []).entries()) {
    if (lacks(format)) lacking(['storage', 'disks', index, 'format'], format, os, findings);
  }
  for (const [index, { type }] of (network.interfaces ?? []).entries()) {
    if (lacks(type)) lacking(['network', 'interfaces', index, 'type'], type, os, findings);
  }
  if (serial.enabled && lacks(serial.mode)) lacking(['serial', 'mode'], serial.mode, os, findings);
}

function lacking(path: Path, backend: string, os: HostSystem, { error }: Findings): void {
  error(
    path,
    'host-lacks-backend',
    `${fieldOf(path)} is "${backend}", which QEMU does not have on a ${os} host.`,
    'Use another one, or run the VM on a host that has it.',
  );
}
