/** What could run guests faster than emulation: the device of kvm, or what other systems bring along. */
import type { ProbedKvm, ProbedMachine } from '../../facts/machine.ts';
import { show } from '../../profile/show.ts';
import { type Finding, finding } from '../finding.ts';
import { planKvmGroup } from '../remedies/join_kvm.ts';

export function accelerationFindings(machine: ProbedMachine): Finding[] {
  return [machine.kvm === null ? systemFinding(machine) : kvmFinding(machine, machine.kvm)];
}

function kvmFinding(machine: ProbedMachine, kvm: ProbedKvm): Finding {
  const { device, state, group, isDoubtful } = kvm;
  const common = {
    category: 'acceleration',
    resources: [`device:${device}`],
    metadata: { device, group },
  } as const;
  switch (state) {
    case 'ready':
      return isDoubtful
        ? finding({
            ...common,
            id: 'kvm-doubtful',
            severity: 'warning',
            title: 'kvm may not run guests here',
            description:
              `This user may open ${device}, and this host is itself a virtual machine whose CPU shows neither vmx nor svm: ` +
              'QEMU may fail when it starts a guest, with the CPU model "host" above all. ' +
              'Switch nested virtualization on where this host runs, try another hardware.cpu, or set acceleration = "tcg".',
          })
        : finding({
            ...common,
            id: 'kvm-ready',
            severity: 'info',
            title: 'This user may open kvm',
            description: `This user may read and write ${device}. Whether kvm runs a guest with its CPU model shows only at the start.`,
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
          permissionAdvice(kvm),
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

/** Nobody else should be its member. */
const ROOT = 'root';

/** A group by its number. */
const UNNAMED = /^[0-9]+$/;

function permissionAdvice({ group, membership }: ProbedKvm): string {
  if (group === null)
    return 'No group may use it either; look at its permissions, or at what the container is given.';
  if (group === ROOT)
    return 'It is for the group "root", which is for administrators; give it to a group of its own, as the rules of udev do with "kvm".';
  const members = `Members of the group ${show(group)} may use it`;
  // As in containers, which have a list of their own.
  if (UNNAMED.test(group) && membership === 'none')
    return `${members}, which has no name here; give that group to the service and to QEMU, as with "--group-add ${group}" for a container.`;
  switch (membership) {
    case 'none':
      return `${members}; add the user that runs QEMU to it and log in again.`;
    case 'listed':
      return `${members}, and this user is a member; log in again, or restart the service, since a process keeps the groups that it began with.`;
    case 'held':
      return `${members}, and this process has that group; look at what else keeps it out, such as what the container is given.`;
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
