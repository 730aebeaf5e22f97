/** A way to the host that is built into QEMU, or left out when it is built: a kind of network, of sound, of window, of TPM. */
import type { Path } from '../../profile/path.ts';
import type { BackendOption } from '../../qemu/builds.ts';
import { hasBackend, isInRange } from '../../qemu/capabilities.ts';
import type { NeedKind } from '../need_kind.ts';

export interface QemuBackendNeed {
  readonly kind: 'qemu-backend';
  readonly at: Path;
  readonly option: BackendOption;
  /** As the option takes it. */
  readonly name: string;
}

export const qemuBackend: NeedKind<QemuBackendNeed> = {
  resources: () => [],
  risk: () => 'low',
  unknowns: ({ option, name }, { facts: { qemu_version } }) => {
    // Where no build is recorded, one question is asked about all that is built in.
    if (qemu_version === undefined || !isInRange(qemu_version) || hasBackend(option, name, qemu_version))
      return [];
    return [
      { question: `Has this QEMU -${option} ${name} built in?`, subject: `qemu-backend:${option}-${name}` },
    ];
  },
  verdicts: () => [],
};
