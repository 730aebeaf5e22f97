/** Many plan requests in one body: in a document of JSON, or line by line. */
import Type, { type Static } from 'typebox';
import type { HostFacts } from '../../facts/host_facts.ts';
import { readHostFacts } from '../../facts/read_host_facts.ts';
import { type Mistake, mistakesAgainst, onePerPlace } from '../../profile/schema_mistakes.ts';
import { mistaken, RequestRefused } from '../guards/problem.ts';
import { type ArrivingBody, type Body, documentIn } from './body.ts';
import { type Line, linesOf } from './lines.ts';
import { type PlanRequest, readEnvelope } from './plan_request.ts';

/** The requests are open here: what is wrong with one of them refuses that one. */
const FleetSchema = Type.Object(
  {
    host: Type.Optional(Type.Object({})),
    plans: Type.Optional(Type.Boolean()),
    requests: Type.Array(Type.Unknown(), { maxItems: 100_000 }),
  },
  { additionalProperties: false },
);

const fleetMistakes = mistakesAgainst(FleetSchema, { title: 'The request', at: [] });

const LONGEST_ID = 256;
const ID_WRONG = `id must be a text of at most ${LONGEST_ID} characters.`;

/** One of many. */
export interface FleetMember {
  readonly id: string;
  /** Throws `RequestRefused` for what is no plan request. */
  readonly read: () => PlanRequest;
}

export interface FleetRequest {
  /** Whether results have their plans; `null` when that is not said. */
  readonly plans: boolean | null;
  readonly members: readonly FleetMember[];
}

/** The fleet in a body of JSON. What is wrong with the whole of it is thrown as `RequestRefused`. */
export function readFleet(body: Body | null | undefined): FleetRequest {
  const document = documentIn(body);
  const { host } = Object(document) as Partial<Static<typeof FleetSchema>>;
  const read = host === undefined ? { facts: null } : readHostFacts(host);
  const mistakes = fleetMistakes(document);
  if ('mistakes' in read) throw mistaken(onePerPlace([...mistakes, ...read.mistakes]));
  if (mistakes.length > 0) throw mistaken(mistakes);
  const { plans, requests } = document as Static<typeof FleetSchema>;
  const members = requests.map((request, index) => memberIn(request, index, read.facts));
  const twice = idsTwice(members);
  if (twice.length > 0) throw mistaken(twice.slice(0, MOST_MISTAKES));
  return { plans: plans ?? null, members };
}

function idsTwice(members: readonly FleetMember[]): Mistake[] {
  const ids = new Set<string>();
  return members.flatMap(({ id }, index) => {
    const isTwice = ids.has(id);
    ids.add(id);
    return isTwice ? [{ pointer: `/requests/${index}/id`, message: ID_TWICE }] : [];
  });
}

/** As many are said of one request. */
const MOST_MISTAKES = 64;
const ID_TWICE = 'An earlier request has this id; each needs its own, which by default is its index.';

/** The requests in lines, those together that have arrived together. A line is read when it comes to it. */
export async function* arrivingMembers(
  { arriving }: ArrivingBody,
  longestLine: number,
): AsyncGenerator<Iterable<FleetMember>> {
  const ids = new Set<string>();
  let index = 0;
  function* membersOn(lines: readonly Line[]): Generator<FleetMember> {
    for (const line of lines) {
      const member = memberOn(line, index++);
      if (ids.has(member.id))
        yield refusedMember(member.id, mistaken([{ pointer: '/id', message: ID_TWICE }]));
      else yield member;
      ids.add(member.id);
    }
  }
  for await (const lines of linesOf(arriving, longestLine)) yield membersOn(lines);
}

function memberOn(line: Line, index: number): FleetMember {
  try {
    if (line === null) throw new RequestRefused('payload-too-large');
    return memberIn(documentIn({ mediaType: 'application/json', bytes: line }), index, null);
  } catch (refusal) {
    return refusedMember(String(index), refusal);
  }
}

function refusedMember(id: string, refusal: unknown): FleetMember {
  return {
    id,
    read: () => {
      throw refusal;
    },
  };
}

/** A plan request that may have an id besides; `facts` are those of the host that one without a host is for. */
function memberIn(value: unknown, index: number, facts: HostFacts | null): FleetMember {
  if (typeof value !== 'object' || value === null || !('id' in value))
    return { id: String(index), read: () => onHost(readEnvelope(value), facts) };
  const { id, ...request } = value;
  if (typeof id === 'string' && id.length <= LONGEST_ID)
    return { id, read: () => onHost(readEnvelope(request), facts) };
  const known = [{ pointer: '/id', message: ID_WRONG }];
  return { id: String(index), read: () => readEnvelope(request, undefined, known) };
}

function onHost({ source, facts }: PlanRequest, common: HostFacts | null): PlanRequest {
  return { source, facts: facts ?? common };
}
