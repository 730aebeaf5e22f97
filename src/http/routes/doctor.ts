/** `/doctor`: looks at the host of this service, read-only. */
import type { FastifyInstance } from 'fastify';
import Type, { type TSchema } from 'typebox';
import { CATEGORIES, type DoctorReport, diagnose, inCategories } from '../../doctor/diagnose.ts';
import type { Category } from '../../doctor/finding.ts';
import { probeFacts } from '../../host/probe_host.ts';
import { probeMachine } from '../../host/probe_machine.ts';
import type { ParsedProfile } from '../../planning/parse_profile.ts';
import { malformed } from '../guards/problem.ts';
import { jsonContent, LIMITED, operation, WITH_PROFILE } from '../openapi/operation.ts';
import { hereRequestBody } from '../openapi/plan_examples.ts';
import { choice, closed, list, ref, text } from '../openapi/schema_parts.ts';
import { PROFILE_FORMS } from '../openapi/shared_schemas.ts';
import type { Planner } from '../options.ts';
import type { Body } from '../request/body.ts';
import { comparedProfiles } from '../request/compared_profiles.ts';
import { LOOK_TIMEOUT } from '../request/deadline.ts';
import { lookFor } from '../request/look.ts';
import { readNamedProfile } from '../request/named_profile.ts';
import { parsedOf, readRequestHere } from '../request/plan_request.ts';
import { onlyValue, type QueryValue } from '../request/query.ts';
import { newSharedAnswer } from '../request/shared_answer.ts';
import { exampleReport } from './doctor_example.ts';

const CATEGORY = Type.Optional(
  Type.String({
    description: `Only findings of these categories, separated by commas: ${CATEGORIES.join(', ')}.`,
  }),
);
const ANSWER = { description: 'What was found.', content: jsonContent('DoctorReport') };

const OPERATION = operation({
  operationId: 'examineHost',
  tag: 'doctor',
  summary: 'Examine the host',
  description:
    'Looks, read-only, at the host of this service, and with `profile` at what that profile needs, without it at what several discovered profiles need and one VM at a time can have. Findings may come with a plan that mends them; the doctor never applies one.',
  answer: ANSWER,
  problems: [...LIMITED, 'malformed-request', 'profile-not-found'],
  querystring: Type.Object({
    profile: Type.Optional(text('Name of a discovered profile.', ['minimal'])),
    category: CATEGORY,
  }),
});

const PROFILE_OPERATION = operation({
  operationId: 'examineProfile',
  tag: 'doctor',
  summary: 'Examine the host for a profile',
  description:
    'Looks, read-only, at the host of this service and at what a profile needs of it that comes with the request, as `GET /doctor?profile=` does for one that is discovered. An invalid profile has its issues as findings. Another host cannot be looked at, so that `host` is refused.',
  answer: ANSWER,
  problems: [...WITH_PROFILE, 'needs-probed-host'],
  querystring: Type.Object({ category: CATEGORY }),
});

const SEVERITIES = ['info', 'warning', 'error', 'critical'] as const;
const count = (severity: string): TSchema =>
  Type.Integer({ minimum: 0, description: `Number of findings of the severity ${severity}.` });

export const DOCTOR_SCHEMAS: Readonly<Record<string, TSchema>> = {
  Finding: closed(
    {
      finding_id: text('Stable, and unique within the report.', ['kvm-ready']),
      title: text('The finding in a few words.'),
      severity: choice(SEVERITIES, 'How bad it is.'),
      category: text('One of the words that `category` takes.'),
      description: text('What was found and how to mend it.'),
      affected_resources: list(Type.String(), 'Named as in plans.'),
      remediation_available: Type.Boolean({ description: 'Whether there is a plan that mends it.' }),
      remediation_plan_id: Type.Unsafe({ type: ['string', 'null'], description: '`plan_id` of that plan.' }),
      remediation: Type.Unsafe({
        anyOf: [{ $ref: 'RemediationPlan#' }, { title: 'no plan', type: 'null' }],
        description: 'That plan, never applied by the service.',
      }),
      metadata: Type.Unsafe({ type: 'object', description: 'Details that depend on the finding.' }),
    },
    'One thing that the doctor saw.',
  ),
  DoctorRequest: closed(
    PROFILE_FORMS,
    'Exactly one of them. The profile is examined for the host of this service.',
  ),
  DoctorReport: closed(
    {
      status: choice(
        ['ok', 'degraded', 'blocked'],
        '`blocked` with any error or critical finding, `degraded` with any warning.',
      ),
      host: ref('UsedHostFacts'),
      summary: closed(
        Object.fromEntries(SEVERITIES.map((severity) => [severity, count(severity)])),
        'How many findings there are of each severity.',
      ),
      findings: list(ref('Finding'), 'Worst first, then by id.'),
    },
    'Whether this host could run the VMs, or one of them.',
  ),
};

export function addDoctorRoute(app: FastifyInstance, planner: Planner): void {
  const shared = newSharedAnswer<DoctorReport>();
  app.get<{ Querystring: { readonly profile?: QueryValue; readonly category?: QueryValue } }>(
    '/doctor',
    { schema: OPERATION, handlerTimeout: LOOK_TIMEOUT, config: { examples: exampleReport } },
    async ({ query }) => {
      const categories = categoriesOf(query.category);
      const name = onlyValue('profile', query.profile);
      const report =
        name === undefined
          ? await shared('host', () => reportOnHost(planner))
          : await shared(`profile ${name}`, () => reportOnName(name, planner));
      return narrowed(report, categories);
    },
  );
  app.post<{ Body: Body | null; Querystring: { readonly category?: QueryValue } }>(
    '/doctor',
    {
      schema: PROFILE_OPERATION,
      handlerTimeout: LOOK_TIMEOUT,
      config: {
        examples: (shared) => ({ ...exampleReport(), requestBody: hereRequestBody('DoctorRequest', shared) }),
      },
    },
    async ({ body, query }) => {
      const categories = categoriesOf(query.category);
      const source = readRequestHere(body, { dryRun: false });
      const parsed = await parsedOf(source, planner);
      const name = 'name' in source ? source.name : undefined;
      return narrowed(await reportOnProfile(parsed, name, planner), categories);
    },
  );
}

function narrowed(report: DoctorReport, categories: readonly Category[] | null): DoctorReport {
  return categories === null ? report : inCategories(report, categories);
}

async function reportOnHost(planner: Planner): Promise<DoctorReport> {
  const facts = await probeFacts(planner.host);
  return diagnose(await probeMachine(facts, planner), null, await comparedProfiles(facts, planner));
}

async function reportOnName(name: string, planner: Planner): Promise<DoctorReport> {
  const named = await readNamedProfile(name, planner);
  return reportOnProfile(named.parsed, name, planner);
}

/** `name` is that by which the profile was asked for, else it is that of the VM. */
async function reportOnProfile(
  parsed: ParsedProfile,
  name: string | undefined,
  planner: Planner,
): Promise<DoctorReport> {
  const { machine, ...seen } = await lookFor(parsed, planner);
  return diagnose(machine, { ...seen, name: name ?? seen.outcome.profileName });
}

/** The categories asked for; `null` for all. */
function categoriesOf(query: QueryValue): Category[] | null {
  if (query === undefined) return null;
  const words = [query].flat().flatMap((text) => text.split(','));
  if (!words.every(isCategory))
    throw malformed(`category must be one or more of ${CATEGORIES.join(', ')}, separated by commas.`);
  return words;
}

function isCategory(word: string): word is Category {
  return (CATEGORIES as readonly string[]).includes(word);
}
