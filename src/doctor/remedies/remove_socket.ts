import type { CommandPlan } from '../../planning/command_plan.ts';
import { show } from '../../profile/show.ts';
import { type Cause, remedyPlan, remedyStep } from './remedy_plan.ts';

/** Removes what an earlier run left at a socket's path, if it still is a socket; asked for on Linux, where processes' sockets are known. */
export function planSocketRemoval(cause: Cause, path: string): CommandPlan {
  return remedyPlan(cause, {
    affected_resources: [`socket:unix:${path}`],
    commands: [
      remedyStep(cause.machine, {
        argv: ['test', '-S', path],
        idempotent: true,
        step_id: 'check-socket',
        title: `Check that ${show(path)} is a socket`,
      }),
      remedyStep(cause.machine, {
        argv: ['rm', '--', path],
        destructive: true,
        step_id: 'remove-socket',
        title: `Remove ${show(path)}`,
      }),
    ],
    description: `Removes the socket ${show(path)}.`,
    estimated_impact: 'If a VM still listens on it, nobody can connect to that VM there any more.',
    explanation: 'A socket lies where QEMU will listen. Nothing has been run.',
    risk: 'medium',
    title: `Remove the socket ${show(path)}`,
  });
}
