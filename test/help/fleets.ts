/** Fleets, planned by the core as the route plans them. */
import { addToFleet, newFleet } from '../../src/planning/fleet.ts';
import { type FleetSummary, fleetSummary } from '../../src/planning/fleet_summary.ts';
import { startPlan } from '../../src/planning/start_plan.ts';
import { type Document, setAt } from './documents.ts';
import { type Host, ON_LINUX } from './hosts.ts';
import { outcomeOf } from './plans.ts';

/** What a VM has besides a name, by dotted path. */
export type Vm = Readonly<Record<string, unknown>>;

/** A small profile of version 2 that takes nothing but its name. */
export function vmProfile(name: string, vm: Vm = {}): Document {
  const document: Document = {
    schema_version: 2,
    vm: { name },
    hardware: { arch: 'x86_64', cores: 1, memory_mb: 1024 },
  };
  for (const [path, value] of Object.entries(vm)) setAt(document, path.split('.'), value);
  return document;
}

/** The result of work that can give way. */
export function finished<Result>(work: Generator<unknown, Result>): Result {
  for (;;) {
    const { done, value } = work.next();
    if (done === true) return value;
  }
}

/** The summary of VMs by their ids, each with its host. */
export function fleetOf(
  vms: readonly (readonly [id: string, profile: Document, host?: Host])[],
): FleetSummary {
  const fleet = newFleet();
  for (const [id, profile, host = ON_LINUX] of vms) {
    const planned = outcomeOf(profile, host);
    addToFleet(fleet, id, planned.isValid ? { planned, planHash: startPlan(planned).plan.plan_hash } : null);
  }
  return finished(fleetSummary(fleet));
}
