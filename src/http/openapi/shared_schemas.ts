/** Component schemas that several routes use. */
import Type, { type TSchema } from 'typebox';
import { HOST_ACCELERATORS, HostFactsSchema, UsedHostFactsSchema } from '../../facts/host_facts.ts';
import { ACCELERATIONS } from '../../topics/accelerator.ts';
import { profileSchema } from './profile_schemas.ts';
import { choice, closed, list, nullable, ref, text } from './schema_parts.ts';

export const PROFILE_NAME = nullable(text('Name of the VM; `null` when it cannot be read.'));
export const PROFILE_SCHEMA_VERSION = nullable(
  Type.Integer({ description: 'Version of the profile schema; `null` when it cannot be read.' }),
);
export const HOST_FACTS_ORIGIN = choice(
  ['given', 'probed'],
  'Whether the request gave the host facts or this host was probed.',
);
export const ACCELERATION_REQUESTED = choice(ACCELERATIONS, 'The acceleration of the profile.');
export const ACCELERATION_RESOLVED = choice([...HOST_ACCELERATORS, 'tcg'], 'What it became on this host.');

/** The three forms of a profile in a request. */
export const PROFILE_FORMS = {
  profile: Type.Optional(ref('Profile')),
  profile_toml: Type.Optional(Type.String({ description: 'A profile as text in TOML 1.1.' })),
  profile_name: Type.Optional(
    Type.String({ description: 'Name of a discovered profile, see `GET /profiles`.' }),
  ),
};
const DRY_RUN = Type.Optional(
  Type.Boolean({
    default: true,
    description: 'Anything but `true` is refused: nothing is ever executed.',
  }),
);

export const PLAN_REQUEST_MEMBERS = {
  ...PROFILE_FORMS,
  host: Type.Optional(ref('HostFacts')),
  dry_run: DRY_RUN,
};

const PlanRequest = closed(
  PLAN_REQUEST_MEMBERS,
  'Exactly one of `profile`, `profile_toml` and `profile_name`. Without `host` this service’s own host is probed, read-only.',
);

const PrepareRequest = closed(
  { ...PROFILE_FORMS, dry_run: DRY_RUN },
  'Exactly one of `profile`, `profile_toml` and `profile_name`. It is prepared on the host of this service.',
);

export const LINE = Type.Integer({ minimum: 1, description: 'Line in the TOML, from 1.' });
export const COLUMN = Type.Integer({
  minimum: 1,
  description: 'Column in that line, from 1, in units of UTF-16.',
});

const Issue = closed(
  {
    code: text('A stable kebab-case word.', ['unknown-field']),
    column: Type.Optional(COLUMN),
    field: text('Such as `storage.disks[0].path`; empty for the profile as a whole.'),
    line: Type.Optional(LINE),
    message: text('A sentence with the value and the bound.'),
    pointer: text('The field as a JSON Pointer (RFC 6901).'),
    severity: choice(['error', 'warning', 'info'], 'Infos never change a status.'),
    suggestion: text('How to mend it.'),
  },
  'A diagnostic of a profile. At most 100 are listed, then one of the code `more-issues` that says how many more there are. Where the profile came as TOML, line and column say where: the value, an unknown key, or the table that something is missing in. Plans have no places, since their hash does not depend on layout.',
);

const Unknown = closed(
  {
    question: text('What somebody should find out before running the plan.'),
    subject: text('The thing in question, named as in `affected_resources`.', ['port:tcp:127.0.0.1:2222']),
  },
  'Something that the plan relies on and that the planner could not check.',
);

/** What requests hold, and what is in the answers of several routes. */
export const SHARED_SCHEMAS: Readonly<Record<string, TSchema>> = {
  Profile: Type.Union([ref('ProfileVersion1'), ref('ProfileVersion2')], {
    description: 'One virtual machine, in any version of the schema; `schema_version` says which.',
  }),
  ProfileVersion1: profileSchema(1),
  ProfileVersion2: profileSchema(2),
  HostFacts: HostFactsSchema,
  PlanRequest,
  PrepareRequest,
  UsedHostFacts: UsedHostFactsSchema,
  Issue,
  Unknown,
};

const Problem = Type.Object(
  {
    type: Type.String({
      format: 'uri-reference',
      description: 'The kind of problem; the same as `/problems/` and the code.',
    }),
    title: text('The kind of problem in words.'),
    status: Type.Integer({ minimum: 400, maximum: 599, description: 'The HTTP status.' }),
    detail: text('What is wrong with this request, or what to do.'),
    instance: text('The path of the request.'),
    code: text('A stable kebab-case word.'),
    request_id: text('The same as in the header `x-request-id`.'),
    line: Type.Optional(
      Type.Integer({ minimum: 1, description: 'Line in the body, or in the text that `pointer` leads to.' }),
    ),
    column: Type.Optional(Type.Integer({ minimum: 1, description: 'Column in that line.' })),
    reason: Type.Optional(
      text(
        'Why the text there is not JSON or not TOML: a sentence of a fixed list, which repeats nothing of it.',
      ),
    ),
    pointer: Type.Optional(
      text(
        'JSON Pointer (RFC 6901) to the text in the body that is not TOML; absent where that is the body.',
        ['/profile_toml'],
      ),
    ),
    mistakes: Type.Optional(
      list(
        closed(
          {
            pointer: text('JSON Pointer (RFC 6901) into the body.', ['/host/os']),
            message: text('What is wrong there, and what would be right.'),
          },
          'One mistake in a request.',
        ),
        'All that is wrong with the request where it is not what the route takes, but for the profile in it.',
      ),
    ),
    profile_name: Type.Optional(PROFILE_NAME),
    schema_version: Type.Optional(PROFILE_SCHEMA_VERSION),
    errors: Type.Optional(list(ref('Issue'), 'All errors of the profile.')),
    warnings: Type.Optional(list(ref('Issue'), 'Its warnings and infos.')),
  },
  { additionalProperties: false, description: 'Problem details (RFC 9457).' },
);

/** What is answered when a request fails. */
export const PROBLEM_SCHEMAS: Readonly<Record<string, TSchema>> = { Problem };
