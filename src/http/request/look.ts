/** A look at this host, and at what one profile needs of it: what the doctor and a plan that prepares are made of. */
import type { Host, ProbedNetwork } from '../../facts/host.ts';
import { plainFacts } from '../../facts/host_facts.ts';
import type { ProbedMachine } from '../../facts/machine.ts';
import { probeHost } from '../../host/probe_host.ts';
import { probeMachine } from '../../host/probe_machine.ts';
import { probeNetwork } from '../../host/probe_network.ts';
import type { ParsedProfile } from '../../planning/parse_profile.ts';
import { type PlanOutcome, planProfile } from '../../planning/plan_profile.ts';
import type { Draft } from '../../topics/profile.ts';
import type { Planner } from '../options.ts';

export interface Look {
  readonly machine: ProbedMachine;
  readonly draft: Draft;
  readonly host: Host;
  readonly network: ProbedNetwork;
  readonly outcome: PlanOutcome;
}

export async function lookFor(parsed: ParsedProfile, planner: Planner): Promise<Look> {
  const { draft } = parsed;
  const host = await probeHost(draft, planner.host);
  const facts = plainFacts(host.facts);
  const [machine, network] = await Promise.all([probeMachine(facts, planner), probeNetwork(facts)]);
  return { machine, draft, host, network, outcome: planProfile(parsed, host) };
}
