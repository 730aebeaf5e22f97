import { BRIDGE_RULES_FILE } from '../../context/host_survey.ts';
import type { CommandPlan } from '../../planning/command_plan.ts';
import { BRIDGE } from '../../qemu/network_args.ts';
import { type Cause, remedyPlan, remedyStep } from './remedy_plan.ts';

const RULE = `allow ${BRIDGE}`;
/** A shell appends, as argv alone cannot; the text is constant. The file's last line may lack its end. */
const APPEND = `grep -qsxF '${RULE}' ${BRIDGE_RULES_FILE} || printf '\\n%s\\n' '${RULE}' >>${BRIDGE_RULES_FILE}`;

/** Lets users of QEMU's bridge helper join the bridge. */
export function planBridgeRule(cause: Cause): CommandPlan {
  return remedyPlan(cause, {
    affected_resources: [`netdev:${BRIDGE}`, `path:${BRIDGE_RULES_FILE}`],
    commands: [
      remedyStep(cause.survey, {
        argv: ['mkdir', '-p', '--', BRIDGE_RULES_FILE.slice(0, BRIDGE_RULES_FILE.lastIndexOf('/'))],
        idempotent: true,
        requires_privilege: true,
        step_id: 'make-directory',
        title: 'Make the directory of the list',
      }),
      remedyStep(cause.survey, {
        argv: ['sh', '-c', APPEND],
        idempotent: true,
        requires_privilege: true,
        step_id: 'allow-bridge',
        title: `Append "${RULE}" to ${BRIDGE_RULES_FILE}`,
      }),
    ],
    description: `Appends the line "${RULE}" to ${BRIDGE_RULES_FILE}, the list of bridges that QEMU's bridge helper may join.`,
    estimated_impact: `Everybody who may run the bridge helper can put VMs on ${BRIDGE}.`,
    explanation: `The profile has an interface of the type bridge, and the list does not allow ${BRIDGE}. Nothing has been run.`,
    risk: 'high',
    title: `Let QEMU's bridge helper join ${BRIDGE}`,
  });
}
