import type { HostSystem } from '../facts/host_facts.ts';
import type { Issues, ProfilePath } from './profile.ts';

/** What the QEMU of each system is built without. */
const LACKING: Readonly<Record<HostSystem, readonly string[]>> = {
  linux: [],
  darwin: ['tap', 'bridge'],
  windows: ['pty', 'host-path', 'bridge'],
  freebsd: ['bridge', 'host-path'],
};

/** Reports a word of the profile that stands for something that QEMU does not have on a system. */
export function checkBackend(
  at: ProfilePath,
  backend: string | undefined,
  os: HostSystem,
  { error }: Issues,
): void {
  if (backend === undefined || !LACKING[os].includes(backend)) return;
  error(
    at,
    'host-lacks-backend',
    (field) => `${field} is "${backend}", which QEMU does not have on a ${os} host.`,
  );
}
