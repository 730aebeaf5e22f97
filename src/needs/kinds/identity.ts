/** What a VM is known by. It is nothing of the host, but two VMs should not have it in common. */
import type { Path } from '../../profile/path.ts';
import { show } from '../../profile/show.ts';
import type { Claim, NeedKind } from '../need_kind.ts';

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

/** Another VM, by its name, which has to be started before. */
export interface DependencyNeed {
  readonly kind: 'dependency';
  readonly at: Path;
  readonly name: string;
}

const OWN: Pick<NeedKind<unknown>, 'resources' | 'risk' | 'unknowns' | 'verdicts'> = {
  resources: () => [],
  risk: () => 'low',
  unknowns: () => [],
  verdicts: () => [],
};

function nameOf(name: string): Pick<Claim, 'key' | 'thing'> {
  return { key: `vm.name ${name}`, thing: () => `vm.name ${show(name)}` };
}

export const vmName: NeedKind<NameNeed> = {
  ...OWN,
  claim: ({ name }) => ({
    code: 'name-used-twice',
    ...nameOf(name),
    harm: 'nothing tells them apart, and paths are made of the name',
  }),
};

export const mac: NeedKind<MacNeed> = {
  ...OWN,
  resources: ({ mac }, version) => (version === 1 ? [] : [`mac:${mac}`]),
  claim: ({ mac }) => ({
    code: 'mac-used-twice',
    key: `mac ${mac}`,
    thing: () => `the MAC address ${mac}`,
    harm: 'on one network each of them gets what is meant for the others',
  }),
};

export const dependency: NeedKind<DependencyNeed> = {
  ...OWN,
  want: ({ name }) => ({ code: 'dependency-unknown', ...nameOf(name) }),
};
