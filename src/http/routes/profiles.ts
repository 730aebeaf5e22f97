/** `GET /profiles` and `GET /profiles/{name}`: the discovered profiles. */
import type { FastifyInstance } from 'fastify';
import Type, { type TSchema } from 'typebox';
import { discoverProfiles, type FoundProfile } from '../../host/discover.ts';
import { probeHost } from '../../host/probe_host.ts';
import { type ParsedProfile, parseProfile } from '../../planning/parse_profile.ts';
import { type PlanOutcome, planProfile } from '../../planning/plan_profile.ts';
import { shown } from '../../planning/shown.ts';
import { validationResult } from '../../planning/validation_result.ts';
import { redacted } from '../../profile/secrets.ts';
import { sendProblem } from '../guards/problem.ts';
import { EXAMPLE_PROFILES } from '../openapi/example_profiles.ts';
import {
  documentOf,
  type OperationExamples,
  oneAnswer,
  outcomeOf as outcomeOfExample,
} from '../openapi/examples.ts';
import { jsonContent, LIMITED, operation } from '../openapi/operation.ts';
import { closed, hash, list, nullable, ref, text } from '../openapi/schema_parts.ts';
import type { PlannerOptions } from '../options.ts';
import { LOOK_TIMEOUT } from '../request/deadline.ts';
import { readFound, readNamedProfile } from '../request/named_profile.ts';

const LIST_OPERATION = operation({
  operationId: 'listProfiles',
  tag: 'profiles',
  summary: 'List the discovered profiles',
  description:
    'The files `*.toml` of the configured directories; an earlier directory wins. Each is validated on this host.',
  answer: { description: 'The profiles, sorted by name.', content: jsonContent('ProfileList') },
  problems: LIMITED,
});

const GET_OPERATION = operation({
  operationId: 'getProfile',
  tag: 'profiles',
  summary: 'Get a discovered profile',
  description: 'The profile as JSON, its canonical TOML, its hash, and what is wrong with it on this host.',
  answer: { description: 'The profile.', content: jsonContent('ProfileDetail') },
  problems: [...LIMITED, 'profile-not-found', 'uri-too-long'],
  params: Type.Object({ name: text('Stem of the file.', ['minimal']) }),
});

/** Where a profile was found. */
type Place = Pick<FoundProfile, 'name' | 'scope' | 'conflicts'>;

const PLACE = {
  name: text('Stem of the file.'),
  scope: text('The configured directory that it is in.'),
  conflicts: list(Type.String(), 'Later directories whose profile of the same name it hides.'),
};

export const PROFILE_SCHEMAS: Readonly<Record<string, TSchema>> = {
  ProfileSummary: closed(
    {
      ...PLACE,
      valid: Type.Boolean({ description: 'Whether it can be planned on this host.' }),
      profile_hash: nullable(hash('`null` when invalid.')),
    },
    'A discovered profile.',
  ),
  ProfileList: closed(
    {
      profiles: list(ref('ProfileSummary'), 'Sorted by name.'),
      problems: list(
        closed(
          {
            scope: text('The configured directory.'),
            file: nullable(text('The file; `null` for the directory itself.')),
            reason: text('Why it is left out.'),
          },
          'A directory or file that could not be taken.',
        ),
        'What was found in the directories and is no profile.',
      ),
    },
    'The profiles of all configured directories.',
  ),
  ProfileDetail: closed(
    {
      ...PLACE,
      parsed: Type.Unsafe({
        description: 'The file as JSON, unknown keys included, without secrets; `null` when it is not TOML.',
      }),
      validation: ref('ValidationResult'),
    },
    'One profile: parsed, canonical, validated on this host.',
  ),
};

export function addProfileRoutes(app: FastifyInstance, options: PlannerOptions): void {
  app.get(
    '/profiles',
    { schema: LIST_OPERATION, handlerTimeout: LOOK_TIMEOUT, config: { examples: exampleList } },
    async () => {
      const { profiles, problems } = await discoverProfiles(options.profileDirectories);
      const summaries: object[] = [];
      for (const found of profiles) {
        const parsed = await readFound(found, options);
        summaries.push(profileSummary(found, await outcomeOf(parsed, options)));
      }
      return { profiles: summaries, problems };
    },
  );

  app.get<{ Params: { name: string } }>(
    '/profiles/:name',
    { schema: GET_OPERATION, handlerTimeout: LOOK_TIMEOUT, config: { examples: exampleDetail } },
    async (request, reply) => {
      const named = await readNamedProfile(request.params.name, options);
      if (named === null) return sendProblem(reply, 'profile-not-found');
      const { found, parsed } = named;
      return profileDetail(found, parsed, await outcomeOf(parsed, options));
    },
  );
}

async function outcomeOf(parsed: ParsedProfile, { host }: PlannerOptions): Promise<PlanOutcome> {
  return planProfile(parsed, await probeHost(parsed.draft, host));
}

/** An element of the list. */
function profileSummary(found: Place, outcome: PlanOutcome): object {
  return {
    ...placeOf(found),
    valid: outcome.isValid,
    profile_hash: outcome.isValid ? outcome.profileHash : null,
  };
}

/** One profile with all that is known of it. */
function profileDetail(found: Place, { document }: ParsedProfile, outcome: PlanOutcome): object {
  return { ...placeOf(found), parsed: shown(document) ?? null, validation: validationResult(outcome) };
}

function placeOf({ name, scope, conflicts }: Place): object {
  return { name: redacted(name), scope, conflicts };
}

const EXAMPLE_PLACE = { name: 'minimal', scope: 'profiles', conflicts: [] };

function exampleList(): OperationExamples {
  const { toml, host } = EXAMPLE_PROFILES.minimal;
  const summary = profileSummary(EXAMPLE_PLACE, outcomeOfExample(documentOf(toml), host));
  return oneAnswer('one', 'One directory with one profile', { profiles: [summary], problems: [] });
}

function exampleDetail(): OperationExamples {
  const { toml, host } = EXAMPLE_PROFILES.minimal;
  const document = documentOf(toml);
  const detail = profileDetail(EXAMPLE_PLACE, parseProfile(document), outcomeOfExample(document, host));
  return oneAnswer('minimal', 'A valid profile', detail);
}
