/** Whether VMs run at full speed: the device of kvm, or what other systems bring along. */
import type { ProbedKvm, ProbedMachine } from '../../facts/machine.ts';
import { show } from '../../profile/show.ts';
import { type Finding, finding } from '../finding.ts';
import { planKvmGroup } from '../remedies/join_kvm.ts';

export function accelerationFindings(machine: ProbedMachine): Finding[] {
  return [machine.kvm === null ? systemFinding(machine) : kvmFinding(machine, machine.kvm)];
}

function kvmFinding(machine: ProbedMachine, { device, state, group }: ProbedKvm): Finding {
  const common = {
    category: 'acceleration',
    resources: [`device:${device}`],
    metadata: { device, group },
  } as const;
  switch (state) {
    case 'ready':
      return finding({
        ...common,
        id: 'kvm-ready',
        severity: 'info',
        title: 'kvm is ready',
        description: `This user may read and write ${device}; ${machine.facts.arch} guests run at full speed.`,
      });
    case 'no-permission': {
      const id = 'kvm-no-permission';
      return finding({
        ...common,
        id,
        severity: 'warning',
        title: 'This user may not use kvm',
        description:
          `${device} is there, and ${userText(machine)} may not read and write it; VMs are emulated, which is slow. ` +
          (group === null
            ? 'No group may use it either; look at its permissions, or at what the container is given.'
            : `Members of the group ${show(group)} may use it; add the user that runs QEMU to it and log in again.`),
        remedy: planKvmGroup({ machine, findingId: id, profileName: null }),
      });
    }
    case 'missing':
      return finding({
        ...common,
        id: 'kvm-missing',
        severity: 'warning',
        title: 'kvm is not available',
        description:
          `There is no ${device}; VMs are emulated, which is slow. Switch virtualization on in the firmware of the machine ` +
          'and load the module kvm, or hand the device on to the container or virtual machine that this is.',
      });
  }
}

function userText({ user }: ProbedMachine): string {
  return user === null ? 'this user' : `the user ${show(user)}`;
}

/** Other systems have no device to ask: what they bring along is taken to be there. */
function systemFinding({ facts: { accelerators, os } }: ProbedMachine): Finding {
  const accelerator = accelerators[0];
  return accelerator === undefined
    ? finding({
        id: 'no-accelerator',
        severity: 'info',
        category: 'acceleration',
        title: `QEMU has no accelerator on ${os}`,
        description: `On a ${os} host QEMU emulates every guest (tcg), which is slow. Run VMs that need speed on another host.`,
        metadata: { accelerator: null },
      })
    : finding({
        id: `${accelerator}-assumed`,
        severity: 'info',
        category: 'acceleration',
        title: `${accelerator} is taken to be there`,
        description: `A ${os} host has ${accelerator} unless it is switched off; that cannot be asked without starting something.`,
        metadata: { accelerator },
      });
}
