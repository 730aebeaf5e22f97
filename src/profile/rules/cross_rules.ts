/** What sections say of one another: not errors, but what people find out only after the start. */
import type { Findings } from '../issue.ts';
import type { Draft } from '../profile.ts';
import { isImage } from './storage_rules.ts';

export function crossRules(draft: Draft, findings: Findings): void {
  diskBootNeedsFirmware(draft, findings);
  noConsole(draft, findings);
}

function diskBootNeedsFirmware({ hardware, storage, kernel }: Draft, { warning }: Findings): void {
  const hasImage = storage.disks?.some(isImage) === true;
  if ((hardware.arch !== 'aarch64' && hardware.arch !== 'riscv64') || !hasImage || kernel.enabled !== false)
    return;
  warning(
    ['hardware', 'arch'],
    'disk-boot-needs-firmware',
    `A disk is the only boot source, and the ${hardware.arch} machine of QEMU comes without firmware that boots from disks.`,
    'Boot a kernel directly with [kernel], or expect the VM to stop at an empty firmware.',
  );
}

function noConsole({ serial, network }: Draft, { info }: Findings): void {
  const mayForward =
    network.interfaces === undefined || network.interfaces.some(({ hostfwd }) => hostfwd?.length !== 0);
  if (serial.enabled !== false || mayForward) return;
  info(
    ['serial', 'enabled'],
    'no-console',
    'The VM has neither a serial port nor a forwarded port; there will be no way to talk to it.',
    'Enable [serial], or forward a port of a "user" interface.',
  );
}
