/** What `POST /plans/diff` takes and answers. */
import Type, { type TSchema } from 'typebox';
import { GROUPS } from '../qemu/part.ts';
import { choice, closed, hash, list, ref, text } from './schema_parts.ts';

export const DIFF_DESCRIPTION = `Says what changed from one plan to another, and why: give two plan requests, or what an old plan says of itself and the plan request that it was made of, to see whether it is stale. Only \`application/json\`. Safe to retry: nothing is changed anywhere.

- The profiles are compared in canonical form, so that \`profile_changes\` is empty exactly when the profile hashes are equal. Disks and interfaces are matched by name: one that only one profile has is one change, and a list whose elements changed their order is a change of the list, with the names of those that both have. A list of forwards is one value.
- The \`pointer\` of a change leads into the canonical profile (or the host facts) of \`after\`; where \`after\` is \`null\`, into that of \`before\`. \`null\` stands for what is not there, and \`***REDACTED***\` for what looks like a secret.
- \`argv_changes\` are in order. Made from the last to the first, each with \`after\` in place of \`before\` at the index \`first\`, they turn the old argv into the new one. A part that changed its place is removed and added. \`pointers\` are those of \`profile_changes\` that made the change; there are none when the host did.
- The hashes of an old plan stand in its \`plan_hash\` and \`metadata\`. Of its profile and argv nothing else is known, so that \`profile_changes\` and \`argv_changes\` are empty. Each value is compared on its own: when \`changed.plan\` is false and another is true, the values are not of one plan.
- \`reasons\` says which of profile, host and planner made the difference. A plan can also differ in its warnings and unknowns, which depend on keys that the schema does not have and on files of a probed host; hashes do not tell these from another version of the planner, and then each reason that is possible is listed as not \`certain\`.
- A refusal says in \`detail\` which side it is about. All problems of both profiles are reported at once, at most 100 errors and 100 warnings of each, with \`before\` or \`after\` in front of their \`field\` and \`pointer\`; \`profile_name\` and \`schema_version\` are those of the first invalid profile.`;

const VALUE_TYPES = ['string', 'integer', 'boolean', 'array', 'object', 'null'];

function value(description: string): TSchema {
  return Type.Unsafe({ type: VALUE_TYPES, description });
}

function elements(description: string): TSchema {
  return Type.Unsafe({ type: ['array', 'null'], items: { type: 'string' }, description });
}

const DiffRequest = closed(
  {
    before: Type.Unsafe({
      oneOf: [{ $ref: 'PlanRequest#' }, { $ref: 'OldPlan#' }],
      description: 'A plan request, or what an old plan says of itself.',
    }),
    after: ref('PlanRequest'),
  },
  'Two plans to compare.',
);

const OldPlan = closed(
  {
    profile_hash: hash('`metadata.profile_hash` of the plan.'),
    argv_hash: hash('`metadata.argv_hash` of the plan.'),
    host: ref('HostFacts'),
    plan_hash: hash('`plan_hash` of the plan.'),
  },
  'What a plan says of itself; `host` is its `metadata.host`.',
);

const PlanDiff = closed(
  {
    identical: Type.Boolean({ description: 'Whether the two plans are the same bytes.' }),
    changed: closed(
      {
        profile: Type.Boolean({ description: 'Whether the profile hashes differ.' }),
        host: Type.Boolean({ description: 'Whether the host facts differ.' }),
        argv: Type.Boolean({ description: 'Whether the argv hashes differ.' }),
        plan: Type.Boolean({ description: 'Whether the plan hashes differ.' }),
      },
      'What is another one.',
    ),
    profile_changes: list(
      ref('ValueChange'),
      'Field by field, in the order of the profile’s tables, elements that are gone before the others.',
    ),
    host_changes: list(ref('ValueChange'), 'The host facts, field by field.'),
    argv_changes: list(ref('ArgvChange'), 'Part by part, in the order of argv.'),
    reasons: list(ref('DiffReason'), 'Why the plans differ; empty when they are identical.'),
  },
  'What changed from one plan to another, and why.',
);

const ValueChange = closed(
  {
    pointer: text('JSON Pointer (RFC 6901) into what `after` is of, or `before` when `after` is `null`.', [
      '/hardware/memory_mb',
    ]),
    before: value('The value, a whole disk or interface, or the names of a list in order.'),
    after: value('The same of the other side.'),
  },
  'A value that differs.',
);

const ArgvChange = closed(
  {
    op: choice(['add', 'remove', 'replace'], 'What happens to the part.'),
    group: choice(GROUPS, 'What the part is about.'),
    first: Type.Integer({
      minimum: 0,
      description:
        'Index in the old argv of the first element that is replaced or removed, or that an addition comes before.',
    }),
    before: elements('The elements of the old argv; `null` for an addition.'),
    after: elements('The elements of the new argv; `null` for a removal.'),
    pointers: list(Type.String(), 'Those of the profile’s changes that made this one.'),
  },
  'A part of argv that differs.',
);

const DiffReason = closed(
  {
    cause: choice(['profile', 'host', 'planner'], 'What made the difference.'),
    certain: Type.Boolean({
      description: 'Whether it certainly had a part in it. If not, at least one of the listed reasons had.',
    }),
    explanation: text('How it makes another plan.'),
  },
  'Why two plans differ. When a reason is certain, others are not looked for.',
);

export const DIFF_SCHEMAS: Readonly<Record<string, TSchema>> = {
  DiffRequest,
  OldPlan,
  PlanDiff,
  ValueChange,
  ArgvChange,
  DiffReason,
};
