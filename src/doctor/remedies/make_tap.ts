import type { ProbedMachine } from '../../facts/machine.ts';
import type { Remedy } from '../../needs/need_kind.ts';
import { type RemedyParts, remedyStep, userOf } from './remedy_plan.ts';

/** Creates a tap device for this user and switches it on; `null` for a user without a name. */
export function planTap(
  machine: ProbedMachine,
  { device, hasQueues }: Extract<Remedy, { readonly kind: 'create-tap' }>,
): RemedyParts | null {
  const user = userOf(machine);
  if (user === null) return null;
  return {
    affected_resources: [`netdev:${device}`],
    commands: [
      remedyStep(machine, {
        argv: [
          ...['ip', 'tuntap', 'add', 'dev', device, 'mode', 'tap', 'user', user],
          ...(hasQueues ? ['multi_queue'] : []),
        ],
        requires_privilege: true,
        step_id: `create-tap-${device}`,
        title: `Create the tap device ${device} for ${user}`,
      }),
      remedyStep(machine, {
        argv: ['ip', 'link', 'set', 'dev', device, 'up'],
        idempotent: true,
        requires_privilege: true,
        step_id: `switch-on-tap-${device}`,
        title: `Switch ${device} on`,
      }),
    ],
    description: `Creates the tap device ${device}, which ${user} may use without privilege, and switches it on.`,
    estimated_impact:
      'A network device is added; it has no address and joins no bridge, and it is gone after a restart of the host.',
    explanation: `The profile has an interface of the type tap, and there is no device ${device}. Nothing has been run.`,
    risk: 'high',
    title: `Create the tap device ${device}`,
  };
}
