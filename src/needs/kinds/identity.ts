/** What a VM is known by. It is nothing of the host, but two VMs should not have it in common. */
import type { Path } from '../../profile/path.ts';
import type { NeedKind } from '../need_kind.ts';

/** The name of the VM. */
export interface NameNeed {
  readonly kind: 'vm-name';
  readonly at: Path;
  readonly name: string;
}

/** The address of a card on a network that other machines are on. */
export interface MacNeed {
  readonly kind: 'mac';
  readonly at: Path;
  /** In lower case. */
  readonly mac: string;
}

const OWN: NeedKind<unknown> = {
  resources: () => [],
  risk: () => 'low',
  unknowns: () => [],
  verdicts: () => [],
};

export const vmName: NeedKind<NameNeed> = OWN;
export const mac: NeedKind<MacNeed> = {
  ...OWN,
  resources: ({ mac }, version) => (version === 1 ? [] : [`mac:${mac}`]),
};
