/** Component schemas of what `POST /plans/fleet` takes and answers. */
import Type, { type TSchema } from 'typebox';
import { choice, closed, hash, list, ref, text } from '../openapi/schema_parts.ts';
import { PLAN_REQUEST_MEMBERS } from '../openapi/shared_schemas.ts';

const ID = Type.String({
  maxLength: 256,
  description: 'Tells it from the others. Default: its index, as text.',
});

const FleetMember = closed(
  { id: Type.Optional(ID), ...PLAN_REQUEST_MEMBERS },
  'A plan request that may have an id; a line of a stream is one of these.',
);

const FleetRequest = closed(
  {
    host: Type.Optional(ref('HostFacts')),
    plans: Type.Optional(
      Type.Boolean({
        default: true,
        description: 'Whether results have their plans, or only the hashes.',
      }),
    ),
    requests: Type.Unsafe({
      type: 'array',
      items: ref('FleetMember'),
      maxItems: 100_000,
      description: 'One for each VM.',
    }),
  },
  'Many plan requests; `host` is for those that have none.',
);

const shownId = text('The id of the request; one that looks like a secret is not shown.');

const FleetResult = Type.Unsafe({
  oneOf: [
    closed(
      { id: shownId, status: choice(['planned'], 'It has a plan.'), plan: ref('CommandPlan') },
      'A plan.',
    ),
    closed(
      {
        id: shownId,
        status: choice(['planned'], 'It has a plan.'),
        profile_hash: hash('SHA-256 of the canonical TOML.'),
        argv_hash: hash('SHA-256 of the elements of argv joined by NUL.'),
        plan_hash: hash('`plan_hash` of the plan.'),
      },
      'The hashes of a plan, where plans are not asked for.',
    ),
    closed(
      { id: shownId, status: choice(['refused'], 'It has no plan.'), problem: ref('Problem') },
      'A refusal.',
    ),
  ],
  description: 'What comes of one request: what `POST /plans/start` answers to it.',
});

const SUMMARY = {
  fleet_hash: hash('SHA-256 of the canonical JSON of `[[id, plan_hash or null], …]`.'),
  hosts: list(ref('FleetHost'), 'The hosts in the order of their first VMs.'),
  valid: Type.Boolean({
    description: 'Whether no request was refused, and no conflict has the severity `error`.',
  }),
};

const FleetHost = closed(
  {
    conflicts: list(ref('FleetConflict'), 'What its VMs are in dispute about.'),
    cores: Type.Integer({ description: 'Virtual CPUs of all its VMs.' }),
    host: ref('UsedHostFacts'),
    memory_mb: Type.Integer({ description: 'Memory of all its VMs in MiB.' }),
    start_order: list(Type.String(), 'Their ids in the order in which they can be started.'),
    vms: Type.Integer({ description: 'Its VMs.' }),
  },
  'The VMs of one host.',
);

const FleetConflict = closed(
  {
    code: text('A stable kebab-case word.', ['port-taken-twice']),
    ids: list(Type.String(), 'The VMs, in the order of their requests.'),
    message: text('A sentence with the thing and the VMs.'),
    pointers: list(
      Type.String(),
      'For each id a JSON Pointer (RFC 6901) into its profile, also to a key whose default it is.',
    ),
    severity: choice(['error', 'warning'], 'With an error not all of them can run.'),
    suggestion: text('How to mend it.'),
  },
  'A thing that several VMs need. At most 100 of a host are listed, then one of the code `more-conflicts`.',
);

export const FLEET_SCHEMAS: Readonly<Record<string, TSchema>> = {
  FleetRequest,
  FleetMember,
  FleetPlan: closed(
    { results: list(ref('FleetResult'), 'One for each request, in their order.'), ...SUMMARY },
    'The plans of a fleet, and what is between its VMs.',
  ),
  FleetResult,
  FleetSummaryLine: closed(
    { summary: closed(SUMMARY, 'What is said of all VMs.') },
    'The last line of a stream.',
  ),
  FleetHost,
  FleetConflict,
};
