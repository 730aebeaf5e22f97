/** The discovered profiles, and the schema that they follow. */
import type { FastifyInstance } from 'fastify';
import { discoverProfiles, type FoundProfile } from '../host/discover.ts';
import { probeHost } from '../host/probe.ts';
import { type Outcome, planProfile } from '../planning/plan_profile.ts';
import { shown } from '../planning/shown.ts';
import { validationResult } from '../planning/validation_result.ts';
import type { Reading } from '../profile/read_profile.ts';
import { redacted } from '../profile/secrets.ts';
import { LOOK_TIMEOUT } from './deadline.ts';
import { type NamedProfile, readFound, readNamedProfile } from './named_profile.ts';
import { JSON_TYPE } from './operation.ts';
import { GET_PROFILE_SCHEMA, LIST_PROFILES_SCHEMA, PROFILE_SCHEMA_SCHEMA } from './operations.ts';
import type { PlannerOptions } from './options.ts';
import { sendProblem } from './problem.ts';
import { profileSchemaText } from './profile_schema.ts';
import { addTextRoute } from './text_route.ts';

export function addProfileRoutes(app: FastifyInstance, options: PlannerOptions): void {
  app.get(
    '/profiles',
    { schema: LIST_PROFILES_SCHEMA, handlerTimeout: LOOK_TIMEOUT },
    async (_request, reply) => {
      const { profiles, problems } = await discoverProfiles(options.profileDirectories);
      const summaries: object[] = [];
      for (const found of profiles) summaries.push(await summaryOf(found, options));
      return reply.type(JSON_TYPE).send(JSON.stringify({ profiles: summaries, problems }));
    },
  );

  app.get<{ Params: { name: string } }>(
    '/profiles/:name',
    { schema: GET_PROFILE_SCHEMA, handlerTimeout: LOOK_TIMEOUT },
    async (request, reply) => {
      const named = await readNamedProfile(request.params.name, options);
      if (named === null) return sendProblem(reply, 'profile-not-found');
      return reply.type(JSON_TYPE).send(JSON.stringify(await detailOf(named, options)));
    },
  );

  addTextRoute(
    app,
    '/schemas/profile.json',
    PROFILE_SCHEMA_SCHEMA,
    'application/schema+json',
    profileSchemaText,
  );
}

async function summaryOf(found: FoundProfile, options: PlannerOptions): Promise<object> {
  return profileSummary(found, await outcomeOf(await readFound(found, options), options));
}

async function detailOf(named: NamedProfile, options: PlannerOptions): Promise<object> {
  return profileDetail(named, await outcomeOf(named.reading, options));
}

async function outcomeOf(reading: Reading, { host }: PlannerOptions): Promise<Outcome> {
  return planProfile(reading, await probeHost(reading.draft, host));
}

/** An element of the list. */
export function profileSummary(found: Place, outcome: Outcome): object {
  return {
    ...placeOf(found),
    valid: outcome.isValid,
    profile_hash: outcome.isValid ? outcome.profileHash : null,
  };
}

/** One profile with all that is known of it. */
export function profileDetail(
  { found, reading }: { readonly found: Place; readonly reading: Reading },
  outcome: Outcome,
): object {
  return {
    ...placeOf(found),
    parsed: shown(reading.document) ?? null,
    validation: validationResult(outcome),
  };
}

/** Where a profile was found. */
type Place = Pick<FoundProfile, 'name' | 'scope' | 'conflicts'>;

function placeOf({ name, scope, conflicts }: Place): object {
  return { name: redacted(name), scope, conflicts };
}
