import type { CommandPlan } from '../../planning/command_plan.ts';
import { type Cause, remedyPlan, remedyStep, userOf } from './remedy_plan.ts';

/** The group that Linux distributions give /dev/kvm to. */
export const KVM_GROUP = 'kvm';
/** Needs no group; what keeps it out is something else, such as a container. */
const ROOT = 'root';

/** Adds this user to the group that may open kvm; `null` when that would not help, as where it is a member already. */
export function planKvmGroup(cause: Cause): CommandPlan | null {
  const { machine } = cause;
  const user = userOf(machine);
  const isOpenToGroup = machine.kvm?.group === KVM_GROUP && machine.kvm.membership === 'none';
  if (!isOpenToGroup || user === null || user === ROOT) return null;
  // Alpine comes without usermod.
  const argv = machine.distribution.includes('alpine')
    ? ['addgroup', user, KVM_GROUP]
    : ['usermod', '-a', '-G', KVM_GROUP, user];
  return remedyPlan(cause, {
    affected_resources: [`device:${machine.kvm.device}`, 'path:/etc/group'],
    commands: [
      remedyStep(machine, {
        argv,
        idempotent: true,
        requires_privilege: true,
        step_id: 'join-kvm-group',
        title: `Add ${user} to the group ${KVM_GROUP}`,
      }),
    ],
    description: `Adds the user ${user}, whom this service runs as, to the group ${KVM_GROUP}.`,
    estimated_impact: `${user} may open kvm, after the next login.`,
    explanation: `${machine.kvm.device} is there and open to the group ${KVM_GROUP}, and not to ${user}. Nothing has been run.`,
    requires_relogin: true,
    risk: 'medium',
    title: `Let ${user} open kvm`,
  });
}
