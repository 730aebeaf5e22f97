import type { Path } from '../../profile/field_path.ts';
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
  { error }: Findings,
): void {
  const check = (path: Path, field: string, backend: string | undefined): void => {
    if (backend === undefined || !LACKING[os].includes(backend)) return;
    error(
      path,
      'host-lacks-backend',
      `${field} is "${backend}", which QEMU does not have on a ${os} host.`,
      'Use another one, or run the VM on a host that has it.',
    );
  };
  for (const [index, { format }] of (storage.disks ?? []).entries()) {
    check(['storage', 'disks', index, 'format'], `storage.disks[${index}].format`, format);
  }
  for (const [index, { type }] of (network.interfaces ?? []).entries()) {
    check(['network', 'interfaces', index, 'type'], `network.interfaces[${index}].type`, type);
  }
  if (serial.enabled) check(['serial', 'mode'], 'serial.mode', serial.mode);
}
