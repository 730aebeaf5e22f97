/** From a decoded body to an outcome: what every planning route does first. */
import Type, { type Static } from 'typebox';
import type { Host } from '../../facts/host.ts';
import type { HostFacts } from '../../facts/host_facts.ts';
import { readHostFacts } from '../../facts/read_host_facts.ts';
import { isPlainStem } from '../../host/discover.ts';
import { probeHost } from '../../host/probe_host.ts';
import { type ParsedProfile, parseProfile } from '../../planning/parse_profile.ts';
import { type PlanOutcome, planProfile } from '../../planning/plan_profile.ts';
import { type Mistake, mistakesAgainst, onePerPlace } from '../../profile/schema_mistakes.ts';
import { PROFILE } from '../../topics/profile.ts';
import { mistaken, RequestRefused } from '../guards/problem.ts';
import type { Planner } from '../options.ts';
import { type Body, documentIn, profileIn, profileOf } from './body.ts';
import { inTime } from './deadline.ts';
import { readNamedProfile } from './named_profile.ts';

/** The envelope of a plan request. The profile and the host are open here: the core says what is wrong with them. */
const EnvelopeSchema = Type.Object(
  {
    profile: Type.Optional(Type.Object({})),
    profile_toml: Type.Optional(Type.String()),
    profile_name: Type.Optional(Type.String()),
    dry_run: Type.Optional(Type.Boolean()),
    host: Type.Optional(Type.Object({})),
  },
  { additionalProperties: false },
);
type Envelope = Static<typeof EnvelopeSchema>;

/** That of a request which could mean nothing by `dry_run`. */
const PlainEnvelopeSchema = Type.Omit(EnvelopeSchema, ['dry_run'], { additionalProperties: false });

const envelopeMistakes = mistakesAgainst(EnvelopeSchema, { title: 'The request', at: [] });
const plainEnvelopeMistakes = mistakesAgainst(PlainEnvelopeSchema, { title: 'The request', at: [] });

/** What a plan request asks about. */
export interface PlanRequest {
  readonly source: { readonly parsed: ParsedProfile } | { readonly name: string };
  /** `null` to have this host probed. */
  readonly facts: HostFacts | null;
}

/**
 * Makes the answer of the outcome of a plan request, valid or not. It waits only where files of this host have to be looked
 * at, and answers in one go with planning.
 */
export async function answerOf<Answer>(
  { source, facts }: PlanRequest,
  options: Planner,
  answer: (outcome: PlanOutcome) => Answer,
): Promise<Answer> {
  const parsed = await parsedOf(source, options);
  return answer(planProfile(parsed, await hostOf(parsed, facts, options)));
}

/** The profile that a request is about. */
export async function parsedOf(source: PlanRequest['source'], options: Planner): Promise<ParsedProfile> {
  return 'name' in source ? inTime(parsedByName(source.name, options)) : source.parsed;
}

/** The host of a request: its facts where they are given, else this one, looked at for a profile. */
export async function hostOf(
  { draft }: ParsedProfile,
  facts: HostFacts | null,
  { host: settings }: Planner,
): Promise<Host> {
  return facts === null
    ? inTime(probeHost(draft, settings))
    : { facts, probed: null, strictPaths: settings.strictPaths };
}

async function parsedByName(name: string, options: Planner): Promise<ParsedProfile> {
  return (await readNamedProfile(name, options)).parsed;
}

/** The request in a body. What is none is thrown as `RequestRefused`. */
export function readPlanRequest(body: Body | null | undefined): PlanRequest {
  return body?.mediaType === 'application/toml'
    ? { source: { parsed: profileOf(body) }, facts: null }
    : readEnvelope(documentIn(body));
}

/** The same of a request about the host of this service; one that brings another host is refused. */
export function readRequestHere(
  body: Body | null | undefined,
  has: { readonly dryRun: boolean },
): PlanRequest['source'] {
  const { source, facts } =
    body?.mediaType === 'application/toml'
      ? readPlanRequest(body)
      : readEnvelope(documentIn(body), has.dryRun ? envelopeMistakes : plainEnvelopeMistakes);
  if (facts !== null) throw new RequestRefused('needs-probed-host');
  return source;
}

/** The JSON form of a plan request; `known` is what is wrong with it besides. */
export function readEnvelope(
  value: unknown,
  mistakesOf = envelopeMistakes,
  known: readonly Mistake[] = [],
): PlanRequest {
  const { host } = Object(value) as Partial<Envelope>;
  const read = host === undefined ? { facts: null } : readHostFacts(host);
  const mistakes = [...known, ...bareProfile(value), ...mistakesOf(value), ...sourceMistakes(Object(value))];
  if ('mistakes' in read) throw mistaken(onePerPlace([...mistakes, ...read.mistakes]));
  if (mistakes.length > 0) throw mistaken(onePerPlace(mistakes));
  const envelope = value as Envelope;
  const source = sourceOf(envelope);
  if (envelope.dry_run === false) throw new RequestRefused('execution-not-supported');
  return { source, facts: read.facts };
}

const SOURCES = ['profile', 'profile_toml', 'profile_name'] as const;

/** A profile that was sent without the envelope, or as a text in the place of a document. */
function bareProfile(value: unknown): Mistake[] {
  const has = (name: string): boolean => Object.hasOwn(Object(value), name);
  if (typeof Object(value).profile === 'string') {
    const message = 'profile must be an object; a text in TOML goes into profile_toml.';
    return [{ pointer: '/profile', message }];
  }
  if (SOURCES.some(has) || !Object.keys(PROFILE.keys).some(has)) return [];
  return [{ pointer: '', message: 'A profile goes into the member profile: {"profile": {…}}.' }];
}

function sourceMistakes(request: Partial<Envelope>): Mistake[] {
  const given = SOURCES.filter((source) => request[source] !== undefined);
  if (given.length !== 1) {
    const message = `The request has ${given.length} of profile, profile_toml and profile_name; it must have exactly one.`;
    return [{ pointer: '', message }];
  }
  const { profile_name = 'stem' } = request;
  if (typeof profile_name !== 'string' || isPlainStem(profile_name)) return [];
  const message =
    'profile_name must be the stem of a file, without a path, such as minimal for profiles/minimal.toml.';
  return [{ pointer: '/profile_name', message }];
}

function sourceOf({ profile, profile_toml, profile_name }: Envelope): PlanRequest['source'] {
  if (profile_name !== undefined) return { name: profile_name };
  const isText = profile_toml !== undefined;
  return { parsed: isText ? profileIn(profile_toml, '/profile_toml') : parseProfile(profile) };
}

/** Host facts of a request. */
export function factsOf(host: object): HostFacts {
  const read = readHostFacts(host);
  if ('mistakes' in read) throw mistaken(read.mistakes);
  return read.facts;
}
