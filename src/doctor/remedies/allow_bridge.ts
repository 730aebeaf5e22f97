import { BRIDGE_RULES_FILE } from '../../facts/host.ts';
import type { Remedy } from '../../needs/need_kind.ts';
import type { CommandPlan } from '../../planning/command_plan.ts';
import { type Cause, remedyPlan, remedyStep } from './remedy_plan.ts';

/** Lets users of QEMU's bridge helper join a bridge, whose name holds nothing that a shell gives a meaning to. */
export function planBridgeRule(
  cause: Cause,
  { bridge, resource }: Extract<Remedy, { readonly kind: 'allow-bridge' }>,
): CommandPlan {
  const rule = `allow ${bridge}`;
  // A shell appends, as argv alone cannot. The file's last line may lack its end.
  const append = `grep -qsxF '${rule}' ${BRIDGE_RULES_FILE} || printf '\\n%s\\n' '${rule}' >>${BRIDGE_RULES_FILE}`;
  return remedyPlan(cause, {
    affected_resources: [resource, `path:${BRIDGE_RULES_FILE}`],
    commands: [
      remedyStep(cause.machine, {
        argv: ['mkdir', '-p', '--', BRIDGE_RULES_FILE.slice(0, BRIDGE_RULES_FILE.lastIndexOf('/'))],
        idempotent: true,
        requires_privilege: true,
        step_id: 'make-directory',
        title: 'Make the directory of the list',
      }),
      remedyStep(cause.machine, {
        argv: ['sh', '-c', append],
        idempotent: true,
        requires_privilege: true,
        step_id: 'allow-bridge',
        title: `Append "${rule}" to ${BRIDGE_RULES_FILE}`,
      }),
    ],
    description: `Appends the line "${rule}" to ${BRIDGE_RULES_FILE}, the list of bridges that QEMU's bridge helper may join.`,
    estimated_impact: `Everybody who may run the bridge helper can put VMs on ${bridge}.`,
    explanation: `The profile has an interface of the type bridge, and the list does not allow ${bridge}. Nothing has been run.`,
    risk: 'high',
    title: `Let QEMU's bridge helper join ${bridge}`,
  });
}
