/** `POST /profiles/migrate`: a profile in the newest version of the schema. */
import type { FastifyInstance } from 'fastify';
import Type, { type TSchema } from 'typebox';
import { inNewestVersion, type Migrated, migrate } from '../../planning/migration.ts';
import { parseProfile } from '../../planning/parse_profile.ts';
import { type Planned, planProfile } from '../../planning/plan_profile.ts';
import { shownCanonical } from '../../planning/validation_result.ts';
import { noteOf } from '../guards/plan_note.ts';
import { sendInvalidProfile } from '../guards/problem.ts';
import { jsonContent, operation, PLANNING } from '../openapi/operation.ts';
import { ABOUT_REQUESTS, planExamples, type SharedExamples } from '../openapi/plan_examples.ts';
import { closed, hash, list, ref, text } from '../openapi/schema_parts.ts';
import type { Planner } from '../options.ts';
import { endOfTurn } from '../request/end_of_turn.ts';
import { type Forms, TOML_TYPE, wantsToml } from '../request/media_type.ts';
import { hostOf, parsedOf, readPlanRequest } from '../request/plan_request.ts';
import type { PlanningRequest } from '../request/planning.ts';

const DESCRIPTION = `${ABOUT_REQUESTS} Answers the profile in the newest version of the schema: a profile of version 1 with only the number changed, comments and layout kept, when it came as TOML; else canonical TOML. Nothing is written anywhere.

- Every profile of version 1 is one of version 2, for the same machine. What is not the same is said in \`warnings\`, before what the new version says of the profile: \`pci-slots-move\`, \`backing-file-not-followed\` for images that nobody looked at, \`key-takes-effect\` for keys that version 1 dropped. Where a look at this host finds that the new version would refuse to start, that is in \`warnings\` too, with the severity \`error\`.
- \`identical\` is \`false\` where a key takes effect, or an image may be an overlay whose base is not named.
- \`argv_changes\` are those of \`POST /plans/diff\`.
- A profile of the newest version comes back as it is. Text that looks like a secret is shown as \`***REDACTED***\`, and \`profile_hash\` is that of the real one.`;

const OPERATION = operation({
  operationId: 'migrateProfile',
  tag: 'profiles',
  summary: 'Bring a profile to the newest schema',
  description: DESCRIPTION,
  answer: {
    description: 'The profile in the newest version.',
    content: { ...jsonContent('Migration'), 'application/toml': { schema: text('Its canonical text.') } },
  },
  problems: [...PLANNING, 'profile-invalid'],
});

export const MIGRATION_SCHEMAS: Readonly<Record<string, TSchema>> = {
  Migration: closed(
    {
      from: Type.Integer({ description: 'The version that the profile had.' }),
      to: Type.Integer({ description: 'The newest version.' }),
      identical: Type.Boolean({ description: 'Whether it is the same machine of the same files.' }),
      profile_toml: text('The profile in the newest version.'),
      profile_hash: hash('SHA-256 of its canonical TOML.'),
      argv_changes: list(ref('ArgvChange'), 'How argv changes, part by part.'),
      warnings: list(ref('Issue'), 'What changes, then what the new version says of the profile.'),
    },
    'A profile in the newest version of the schema, and what that changes.',
  ),
};

/** What is answered to the examples of plan requests, which are JSON. */
const EXAMPLE_FORMS: Forms<Planned> = [
  {
    mediaType: 'application/json',
    write: (before) => {
      const after = inNewestVersion(before);
      const planned = planProfile(after, before.host);
      // The newest version takes all of them.
      const { migration } = migrate(parseProfile(before.document), before, planned) as Migrated;
      return JSON.stringify(migration);
    },
  },
];

export function addProfilesMigrateRoute(app: FastifyInstance, options: Planner): void {
  const config = { examples: (shared: SharedExamples) => planExamples(EXAMPLE_FORMS, shared) };
  app.post('/profiles/migrate', { schema: OPERATION, config }, async (request: PlanningRequest, reply) => {
    await endOfTurn();
    const { source, facts } = readPlanRequest(request.body);
    const parsed = await parsedOf(source, options);
    const before = planProfile(parsed, await hostOf(parsed, facts, options));
    request.planNote = noteOf(before);
    if (!before.isValid) return sendInvalidProfile(reply, before);
    const newest = inNewestVersion(before);
    const result = migrate(parsed, before, planProfile(newest, await hostOf(newest, facts, options)));
    if ('refused' in result) {
      request.planNote = noteOf(result.refused);
      return sendInvalidProfile(reply, result.refused);
    }
    request.planNote = noteOf(result.after, result.migration.warnings);
    if (!wantsToml(request)) return result.migration;
    reply.type(TOML_TYPE);
    return shownCanonical(result.after);
  });
}
