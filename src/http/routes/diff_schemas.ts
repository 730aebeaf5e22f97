/** Component schemas of what `POST /plans/diff` takes and answers. */
import Type, { type TSchema } from 'typebox';
import { GROUPS } from '../../topics/index.ts';
import { choice, closed, hash, list, nullable, ref, text } from '../openapi/schema_parts.ts';

const VALUE_TYPES = ['string', 'integer', 'boolean', 'array', 'object', 'null'];

function value(description: string): TSchema {
  return Type.Unsafe({ type: VALUE_TYPES, items: {}, description });
}

function elements(description: string): TSchema {
  return Type.Unsafe({ type: ['array', 'null'], items: { type: 'string' }, description });
}

const NOTE = nullable(
  text('What a reader cannot see: that the two differ in Unicode normalisation only; else `null`.'),
);

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
    note: NOTE,
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
    note: NOTE,
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
