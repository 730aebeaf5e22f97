/** The forms of a fleet's answer, each in pieces of text that are sent as they are made. */
import { type FleetEntry, fleetMarkdown } from '../../planning/fleet_markdown.ts';
import { type FleetSummary, summaryText } from '../../planning/fleet_summary.ts';
import { type FleetResult, type FleetToPlan, planFleet } from '../request/fleet_planning.ts';
import { type Forms, JSON_TYPE, MARKDOWN_TYPE } from '../request/media_type.ts';
import type { Turn } from '../request/turn.ts';

/** What an answer is written of. */
export interface FleetAnswer extends FleetToPlan {
  /** Whether results have their plans, or only the hashes. */
  readonly hasPlans: boolean;
}

type Pieces = AsyncGenerator<string>;

export const FLEET_FORMS: Forms<FleetAnswer, Pieces> = [
  { mediaType: JSON_TYPE, write: documentPieces },
  { mediaType: MARKDOWN_TYPE, write: markdownPieces },
];

/** A result a line, then the summary. */
export async function* linePieces(answer: FleetAnswer): Pieces {
  for await (const part of planFleet(answer, (result) => `${resultText(result, answer.hasPlans)}\n`)) {
    if ('results' in part) yield* inOne(part.results);
    else {
      yield '{"summary":{';
      yield* summaryPieces(part.summary, part.turn);
      yield '}}\n';
    }
  }
}

/** One document, in which results come first: they are sent before what is said of all of them is known. */
async function* documentPieces(answer: FleetAnswer): Pieces {
  let before = '{"results":[';
  const write = (result: FleetResult): string => {
    const text = `${before}${resultText(result, answer.hasPlans)}`;
    before = ',';
    return text;
  };
  for await (const part of planFleet(answer, write)) {
    if ('results' in part) yield* inOne(part.results);
    else {
      yield before === ',' ? '],' : `${before}],`;
      yield* summaryPieces(part.summary, part.turn);
      yield '}';
    }
  }
}

/** A summary for people needs all of it before its first line. */
async function* markdownPieces(answer: FleetAnswer): Pieces {
  const entries: FleetEntry[] = [];
  for await (const part of planFleet(answer, entryOf)) {
    if ('results' in part) entries.push(...part.results);
    else yield fleetMarkdown(part.summary, entries);
  }
}

/** One piece of many, and none where there is nothing. */
function inOne(texts: readonly string[]): string[] {
  return texts.length === 0 ? [] : [texts.join('')];
}

export function resultText(result: FleetResult, hasPlans: boolean): string {
  const { id, status } = result;
  if (status === 'refused') return JSON.stringify({ id, status, problem: result.problem });
  if (hasPlans) return `{"id":${JSON.stringify(id)},"status":"planned","plan":${result.text}}`;
  const { profileHash: profile_hash, argvHash: argv_hash } = result.planned;
  return JSON.stringify({ id, status, profile_hash, argv_hash, plan_hash: result.plan.plan_hash });
}

async function* summaryPieces(summary: FleetSummary, turn: Turn): Pieces {
  for (const piece of summaryText(summary)) {
    yield piece;
    if (turn.isOver()) await turn.next();
  }
}

/** What a summary for people says of a result. */
export function entryOf(result: FleetResult): FleetEntry {
  const { id } = result;
  if (result.status === 'planned')
    return { id, plan: result.plan, hardware: result.planned.profile.hardware };
  return { id, problem: result.problem as { title: string; detail: string } };
}
