/** `GET /profiles` and `GET /profiles/{name}`: the discovered profiles. */
import type { FastifyInstance } from 'fastify';
import Type, { type TSchema } from 'typebox';
import { discoverProfiles, type FoundProfile } from '../../host/discover.ts';
import { type CommonLook, lookAround, probeHost } from '../../host/probe_host.ts';
import { type ParsedProfile, parseProfile, withTomlVersion } from '../../planning/parse_profile.ts';
import { type PlanOutcome, planProfile } from '../../planning/plan_profile.ts';
import { shown } from '../../planning/shown.ts';
import { shownCanonical, validationResult } from '../../planning/validation_result.ts';
import { looksSecret, redacted } from '../../profile/secrets.ts';
import { compareCodePoints } from '../../profile/text.ts';
import { malformed, sendInvalidProfile } from '../guards/problem.ts';
import { EXAMPLE_PROFILES } from '../openapi/example_profiles.ts';
import {
  documentOf,
  type OperationExamples,
  oneAnswer,
  outcomeOf as outcomeOfExample,
} from '../openapi/examples.ts';
import { jsonContent, LIMITED, operation } from '../openapi/operation.ts';
import type { SharedExamples } from '../openapi/plan_examples.ts';
import { closed, hash, list, nullable, ref, text } from '../openapi/schema_parts.ts';
import type { Planner } from '../options.ts';
import { LOOK_TIMEOUT } from '../request/deadline.ts';
import { inLots } from '../request/lots.ts';
import { TOML_TYPE, wantsToml } from '../request/media_type.ts';
import { readNamedProfile } from '../request/named_profile.ts';
import { onlyValue, type QueryValue } from '../request/query.ts';
import { newSharedAnswer } from '../request/shared_answer.ts';

const LARGEST_PAGE = 1000;
const USUAL_PAGE = 100;

const LIST_OPERATION = operation({
  operationId: 'listProfiles',
  tag: 'profiles',
  summary: 'List the discovered profiles',
  description:
    'The files `*.toml` of the configured directories; an earlier directory wins. Each is validated on this host as it is now. A long list comes in pages: ask for the next one with the `next` of an answer as `after`, until `next` is `null`. What changes between two pages is listed as it is when its page is asked for.',
  answer: { description: 'The profiles, sorted by name.', content: jsonContent('ProfileList') },
  problems: [...LIMITED, 'malformed-request'],
  querystring: Type.Object({
    limit: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: LARGEST_PAGE,
        default: USUAL_PAGE,
        description: 'As many profiles are listed at most.',
      }),
    ),
    after: Type.Optional(
      text('Only profiles whose name comes after this one, by code point; there need be none of this name.', [
        'minimal',
      ]),
    ),
  }),
});

const GET_OPERATION = operation({
  operationId: 'getProfile',
  tag: 'profiles',
  summary: 'Get a discovered profile',
  description: 'The profile as JSON, its canonical TOML, its hash, and what is wrong with it on this host.',
  answer: {
    description: 'The profile.',
    content: {
      ...jsonContent('ProfileDetail'),
      'application/toml': { schema: text('Its canonical text; an invalid one is a 422.') },
    },
  },
  problems: [...LIMITED, 'profile-not-found', 'profile-invalid', 'uri-too-long'],
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
      reason: nullable(text('The first error; `null` when valid.')),
    },
    'A discovered profile.',
  ),
  ProfileList: closed(
    {
      profiles: list(ref('ProfileSummary'), 'Sorted by name; those of this page.'),
      next: nullable(text('What to give as `after` for the next page; `null` when there are no more.')),
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

interface Page {
  readonly limit: number;
  readonly after: string;
}

export function addProfileRoutes(app: FastifyInstance, planner: Planner): void {
  const shared = newSharedAnswer<object>();
  app.get<{ Querystring: { readonly [Name in keyof Page]?: QueryValue } }>(
    '/profiles',
    { schema: LIST_OPERATION, handlerTimeout: LOOK_TIMEOUT, config: { examples: exampleList } },
    async ({ query }) => {
      const page = {
        limit: limitOf(onlyValue('limit', query.limit)),
        after: onlyValue('after', query.after) ?? '',
      };
      return shared(`${page.limit} ${page.after}`, () => listProfiles(page, planner));
    },
  );

  app.get<{ Params: { name: string } }>(
    '/profiles/:name',
    { schema: GET_OPERATION, handlerTimeout: LOOK_TIMEOUT, config: { examples: exampleDetail } },
    async (request, reply) => {
      const { found, parsed } = await readNamedProfile(request.params.name, planner);
      const outcome = await outcomeOf(withTomlVersion(parsed), planner, lookAround(planner.host));
      reply.header('vary', 'accept');
      if (!wantsToml(request)) return profileDetail(found, parsed, outcome);
      if (!outcome.isValid) return sendInvalidProfile(reply, outcome);
      reply.type(TOML_TYPE);
      return shownCanonical(outcome);
    },
  );
}

function limitOf(text: string | undefined): number {
  if (text === undefined) return USUAL_PAGE;
  const limit = /^[0-9]{1,4}$/.test(text) ? Number(text) : 0;
  if (limit >= 1 && limit <= LARGEST_PAGE) return limit;
  throw malformed(`limit must be a whole number from 1 to ${LARGEST_PAGE}.`);
}

async function listProfiles({ limit, after }: Page, planner: Planner): Promise<object> {
  const { profiles, problems } = await discoverProfiles(planner.profileDirectories);
  const left = profiles.filter(({ name }) => compareCodePoints(name, after) > 0);
  // A page does not end with a name that is not shown: nobody could ask for what comes after it.
  const last = left.findIndex(({ name }, index) => index >= limit - 1 && !looksSecret(name));
  const isWhole = last === -1 || last === left.length - 1;
  return {
    profiles: await summariesOf(isWhole ? left : left.slice(0, last + 1), planner),
    next: isWhole ? null : left[last]?.name,
    problems,
  };
}

async function summariesOf(profiles: readonly FoundProfile[], planner: Planner): Promise<object[]> {
  const look = lookAround(planner.host);
  return inLots(profiles, async (found) => {
    const parsed = await planner.profileFiles.read(found.path);
    return profileSummary(found, await outcomeOf(parsed, planner, look));
  });
}

async function outcomeOf(
  parsed: ParsedProfile,
  { host }: Planner,
  look: Promise<CommonLook>,
): Promise<PlanOutcome> {
  return planProfile(parsed, await probeHost(parsed.draft, host, look));
}

/** An element of the list. */
function profileSummary(found: Place, outcome: PlanOutcome): object {
  return {
    ...placeOf(found),
    valid: outcome.isValid,
    profile_hash: outcome.isValid ? outcome.profileHash : null,
    reason: outcome.isValid ? null : outcome.errors[0]?.message,
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
  return oneAnswer('one', 'One directory with one profile', {
    profiles: [summary],
    next: null,
    problems: [],
  });
}

function exampleDetail({ refusals }: SharedExamples): OperationExamples {
  const { toml, host } = EXAMPLE_PROFILES.minimal;
  const document = documentOf(toml);
  const detail = profileDetail(EXAMPLE_PLACE, parseProfile(document), outcomeOfExample(document, host, toml));
  return { ...oneAnswer('minimal', 'A valid profile', detail), refusals };
}
