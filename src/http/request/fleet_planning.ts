/** Plans many requests one after the other, each as `POST /plans/start` does, and says what is between them. */
import type { FastifyRequest } from 'fastify';
import { addToFleet, type MadePlan, newFleet } from '../../planning/fleet.ts';
import { type FleetSummary, fleetSummary } from '../../planning/fleet_summary.ts';
import type { Planned, PlanOutcome } from '../../planning/plan_profile.ts';
import { type StartPlan, startPlan } from '../../planning/start_plan.ts';
import { redacted } from '../../profile/secrets.ts';
import { noteOf } from '../guards/plan_note.ts';
import { invalidProfileBody, problemBody, RequestRefused } from '../guards/problem.ts';
import type { Planner } from '../options.ts';
import type { FleetMember } from './fleet_request.ts';
import { answerOf } from './plan_request.ts';
import { inTurns, newTurn, type Turn } from './turn.ts';

/** What one request comes to. */
export type FleetResult = { readonly id: string } & (
  | { readonly status: 'planned'; readonly planned: Planned; readonly plan: StartPlan; readonly text: string }
  | { readonly status: 'refused'; readonly problem: object }
);

/** What comes of a fleet: results as they are written, in order, those of one turn together, and the summary in the end. */
export type FleetPart<Written> =
  | { readonly results: readonly Written[] }
  | { readonly summary: FleetSummary; readonly turn: Turn };

/** What is asked for; members that have arrived together come together. */
export interface FleetToPlan {
  readonly request: FastifyRequest;
  readonly members: AsyncIterable<Iterable<FleetMember>> | Iterable<Iterable<FleetMember>>;
  readonly options: Planner;
}

/** The route whose answers the results are. */
const SINGLE_ROUTE = '/plans/start';

/** A result is written at once: what it was made from is much larger. */
export async function* planFleet<Written>(
  { request, members, options }: FleetToPlan,
  write: (result: FleetResult) => Written,
): AsyncGenerator<FleetPart<Written>> {
  const fleet = newFleet();
  const turn = newTurn();
  for await (const together of members) {
    let results: Written[] = [];
    for (const member of together) {
      const result = await resultOf(member, request, options);
      addToFleet(fleet, member.id, madeBy(result));
      results.push(write(result));
      if (!turn.isOver()) continue;
      yield { results };
      results = [];
      await turn.next();
    }
    yield { results };
    await turn.next();
  }
  yield { summary: await inTurns(fleetSummary(fleet), turn), turn };
}

/** What a fleet keeps of a result. */
export function madeBy(result: FleetResult): MadePlan | null {
  return result.status === 'refused' ? null : { planned: result.planned, planHash: result.plan.plan_hash };
}

async function resultOf(
  member: FleetMember,
  request: FastifyRequest,
  options: Planner,
): Promise<FleetResult> {
  try {
    return await answerOf(member.read(), options, (outcome) => {
      request.server.countPlan(noteOf(outcome));
      return fleetResult(member.id, outcome, request.id);
    });
  } catch (error) {
    if (!(error instanceof RequestRefused)) throw error;
    const problem = problemBody(error.code, SINGLE_ROUTE, request.id, error.details);
    return { id: redacted(member.id), status: 'refused', problem };
  }
}

/** The result of a request that could be read. */
export function fleetResult(id: string, outcome: PlanOutcome, requestId: string): FleetResult {
  const shownId = redacted(id);
  if (!outcome.isValid)
    return { id: shownId, status: 'refused', problem: invalidProfileBody(outcome, SINGLE_ROUTE, requestId) };
  const { plan, text } = startPlan(outcome);
  return { id: shownId, status: 'planned', planned: outcome, plan, text };
}
