/** What answers look like: the component schemas of the OpenAPI document. */
import Type, { type TSchema } from 'typebox';
import { HOST_ACCELERATORS, HOST_SYSTEMS, HostFactsSchema } from '../context/host_facts.ts';
import { ACCELERATIONS, ARCHITECTURES, ProfileSchema } from '../profile/schema.ts';
import { GROUPS } from '../qemu/part.ts';
import { DIFF_SCHEMAS } from './diff_schemas.ts';
import { DOCTOR_SCHEMAS } from './doctor_schemas.ts';
import { commandPlanSchema } from './plan_schemas.ts';
import { choice, closed, hash, list, nullable, ref, text } from './schema_parts.ts';

const profileName = nullable(text('Name of the VM; `null` when it cannot be read.'));
const schemaVersion = nullable(
  Type.Integer({ description: 'Version of the profile schema; `null` when it cannot be read.' }),
);
const hostFacts = choice(
  ['given', 'probed'],
  'Whether the request gave the host facts or this host was probed.',
);
const requested = choice(ACCELERATIONS, 'The acceleration of the profile.');
const resolved = choice([...HOST_ACCELERATORS, 'tcg'], 'What it became on this host.');

const Issue = closed(
  {
    code: text('A stable kebab-case word.', ['unknown-field']),
    field: text('Such as `storage.disks[0].path`; empty for the profile as a whole.'),
    message: text('A sentence with the value and the bound.'),
    pointer: text('The field as a JSON Pointer (RFC 6901).'),
    severity: choice(['error', 'warning', 'info'], 'Infos never change a status.'),
    suggestion: text('How to mend it.'),
  },
  'A diagnostic of a profile. At most 100 are listed, then one of the code `more-issues` that says how many more there are.',
);

const Unknown = closed(
  {
    question: text('What somebody should find out before running the plan.'),
    subject: text('The thing in question, named as in `affected_resources`.', ['port:tcp:127.0.0.1:2222']),
  },
  'Something that the plan relies on and that the planner could not check.',
);

const PlanRequest = closed(
  {
    profile: Type.Optional(ref('Profile')),
    profile_toml: Type.Optional(Type.String({ description: 'A profile as TOML text.' })),
    profile_name: Type.Optional(
      Type.String({ description: 'Name of a discovered profile, see `GET /profiles`.' }),
    ),
    host: Type.Optional(ref('HostFacts')),
    dry_run: Type.Optional(
      Type.Boolean({
        default: true,
        description: 'Anything but `true` is refused: nothing is ever executed.',
      }),
    ),
  },
  'Exactly one of `profile`, `profile_toml` and `profile_name`. Without `host` this service’s own host is probed, read-only.',
);

const UsedHostFacts = closed(
  {
    accelerators: list(
      choice(HOST_ACCELERATORS, 'kvm on Linux, hvf on darwin, whpx on windows.'),
      'What the host has besides tcg, sorted and unique.',
    ),
    arch: choice(ARCHITECTURES, 'Architecture of the host’s CPU.'),
    os: choice(HOST_SYSTEMS, 'Operating system of the host.'),
    project_root: Type.String({
      minLength: 1,
      description: 'Absolute and normalised; relative paths of a profile resolve against it.',
    }),
  },
  'The host facts that an answer was made from, given or probed.',
);

const ArgvResult = closed(
  {
    profile_name: text('Name of the VM.'),
    argv: list(Type.String(), 'The command line, one element an argument; no shell is meant to read it.'),
    display: text('argv quoted for a POSIX shell, for people; argv is the authority.'),
    argv_hash: hash('SHA-256 of the elements of argv joined by NUL.'),
    profile_hash: hash('SHA-256 of the canonical TOML; does not depend on the host.'),
    acceleration_requested: requested,
    acceleration_resolved: resolved,
    host_facts: hostFacts,
    parts: list(ref('ArgvPart'), 'Where each element comes from; covers argv exactly once, in order.'),
    unknowns: list(ref('Unknown'), 'Sorted by subject.'),
    warnings: list(ref('Issue'), 'Warnings and infos.'),
  },
  'The QEMU command line of a profile on a host.',
);

const ArgvPart = closed(
  {
    first: Type.Integer({ minimum: 0, description: 'Index of the first element of argv.' }),
    count: Type.Integer({ minimum: 1, description: 'Number of elements.' }),
    group: choice(GROUPS, 'What the elements are about.'),
    pointers: list(Type.String(), 'JSON Pointers to the profile’s values; empty for a default.'),
    why: nullable(text('Why the part is not a plain copy of profile values.')),
  },
  'A run of elements that belong together.',
);

const ValidationResult = closed(
  {
    valid: Type.Boolean({ description: 'Whether there are no errors.' }),
    profile_name: profileName,
    schema_version: schemaVersion,
    profile_hash: nullable(
      hash(
        'SHA-256 of the canonical TOML as it is, also where a secret in it is not shown; `null` when invalid.',
      ),
    ),
    canonical_toml: nullable(
      text(
        'The canonical profile; values that look like secrets are shown as `***REDACTED***`. `null` when invalid.',
      ),
    ),
    errors: list(ref('Issue'), 'In the order of the profile’s tables, unknown keys last.'),
    warnings: list(ref('Issue'), 'Warnings and infos, in the same order.'),
  },
  'What is wrong with a profile, and its canonical form when nothing is.',
);

const ProfileSummary = closed(
  {
    name: text('Stem of the file.'),
    scope: text('The configured directory that it is in.'),
    conflicts: list(Type.String(), 'Later directories whose profile of the same name it hides.'),
    valid: Type.Boolean({ description: 'Whether it can be planned on this host.' }),
    profile_hash: nullable(hash('`null` when invalid.')),
  },
  'A discovered profile.',
);

const ProfileList = closed(
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
);

const ProfileDetail = closed(
  {
    name: text('Stem of the file.'),
    scope: text('The configured directory that it is in.'),
    conflicts: list(Type.String(), 'Later directories whose profile of the same name it hides.'),
    parsed: Type.Unsafe({
      description: 'The file as JSON, unknown keys included, without secrets; `null` when it is not TOML.',
    }),
    validation: ref('ValidationResult'),
  },
  'One profile: parsed, canonical, validated on this host.',
);

const Readiness = closed(
  {
    status: choice(['ok', 'degraded'], '`degraded` still plans, but something is wrong.'),
    reasons: list(Type.String(), 'What is wrong, one sentence each.'),
  },
  'Whether the service takes work.',
);

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
    line: Type.Optional(Type.Integer({ minimum: 1, description: 'Line in the body.' })),
    column: Type.Optional(Type.Integer({ minimum: 1, description: 'Column in the body.' })),
    profile_name: Type.Optional(profileName),
    schema_version: Type.Optional(schemaVersion),
    errors: Type.Optional(list(ref('Issue'), 'All errors of the profile.')),
    warnings: Type.Optional(list(ref('Issue'), 'Its warnings and infos.')),
  },
  { additionalProperties: false, description: 'Problem details (RFC 9457).' },
);

/** Every component schema by its name. */
export const COMPONENTS: Readonly<Record<string, TSchema>> = {
  Profile: ProfileSchema,
  HostFacts: HostFactsSchema,
  PlanRequest,
  UsedHostFacts,
  Issue,
  Unknown,
  ArgvPart,
  ArgvResult,
  ...commandPlanSchema({ requested, resolved, hostFacts }),
  ValidationResult,
  ProfileSummary,
  ProfileList,
  ProfileDetail,
  ...DIFF_SCHEMAS,
  ...DOCTOR_SCHEMAS,
  Readiness,
  Problem,
};
