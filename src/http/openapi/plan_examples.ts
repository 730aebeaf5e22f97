/** What the routes that plan one profile say alike in the OpenAPI document: the same request body and the same examples. */
import type { Planned, PlanOutcome } from '../../planning/plan_profile.ts';
import { invalidProfileBody } from '../guards/problem.ts';
import type { Forms } from '../request/media_type.ts';
import { EXAMPLE_PROFILES, type ExampleProfile } from './example_profiles.ts';
import {
  answersIn,
  documentOf,
  EXAMPLE_REQUEST_ID,
  type MediaExample,
  type MediaExamples,
  type OperationExamples,
  outcomeOf,
} from './examples.ts';

export const ABOUT_REQUESTS =
  'Send the profile itself as `application/toml`, or an envelope as `application/json` with the profile in one of three forms. All forms of one profile give the same hashes. Safe to retry: nothing is changed anywhere.';
export const ABOUT_ACCEPT =
  'Among forms that the caller likes equally, the one that `Accept` names first is sent; one who likes none of them gets JSON. A problem is always `application/problem+json`.';
const ABOUT_BODY =
  'A profile as TOML, planned for this host, or a plan request as JSON, whose examples bring their host. Both have the same examples.';

/** What several routes show. Made once for a document: so that the same example is planned and written in YAML only once. */
export interface SharedExamples {
  readonly json: MediaExamples;
  readonly toml: MediaExamples;
  /** What the profiles become. */
  readonly outcomes: MediaExamples<PlanOutcome>;
  /** Of the profiles that are invalid. */
  readonly refusals: MediaExamples;
}

export function sharedExamples(): SharedExamples {
  const outcomes = eachExample(({ toml, host }) => outcomeOf(documentOf(toml), host));
  return {
    json: eachExample(({ toml, host }) => ({ profile: documentOf(toml), host })),
    toml: eachExample(({ toml }) => toml),
    outcomes,
    refusals: answersTo(outcomes, (outcome) =>
      outcome.isValid ? undefined : invalidProfileBody(outcome, '/', EXAMPLE_REQUEST_ID),
    ),
  };
}

/** Of a route that sends a plan in one of several forms: what it answers to each example, and how it refuses the invalid one. */
export function planExamples(forms: Forms<Planned>, shared: SharedExamples): OperationExamples {
  return {
    requestBody: planRequestBody(shared),
    answers: answersIn(forms, (write) =>
      answersTo(shared.outcomes, (outcome) => (outcome.isValid ? write(outcome) : undefined)),
    ),
    refusals: shared.refusals,
  };
}

/** Of a route that answers every example in JSON. */
export function outcomeExamples(
  answer: (outcome: PlanOutcome) => object,
  shared: SharedExamples,
): OperationExamples {
  return {
    requestBody: planRequestBody(shared),
    answers: { 'application/json': answersTo(shared.outcomes, answer) },
  };
}

function planRequestBody(
  { json, toml }: Pick<SharedExamples, 'json' | 'toml'>,
  schema = 'PlanRequest',
): object {
  return {
    required: true,
    description: ABOUT_BODY,
    content: {
      'application/json': { schema: { $ref: `#/components/schemas/${schema}` }, examples: json },
      'application/toml': {
        schema: { type: 'string', description: 'A profile of any version of the schema.' },
        examples: toml,
      },
    },
  };
}

/** Of a route that looks at the host of this service: none of the examples brings another one. */
export function hereRequestBody(schema: string, { json, toml }: SharedExamples): object {
  const body = planRequestBody({ json: withoutHost(json), toml }, schema);
  return { ...body, description: 'A profile as TOML, or an envelope as JSON without a host.' };
}

function withoutHost(json: MediaExamples): MediaExamples {
  const examples = Object.entries(json).map(([key, { summary, value }]) => {
    const { host: _, ...request } = Object(value);
    return [key, { summary, value: request }];
  });
  return Object.fromEntries(examples);
}

/** What is answered to the outcomes; nothing for `undefined`. */
function answersTo(
  outcomes: MediaExamples<PlanOutcome>,
  answer: (outcome: PlanOutcome) => unknown,
): MediaExamples {
  const answers: Record<string, MediaExample> = {};
  for (const [key, { summary, value: outcome }] of Object.entries(outcomes)) {
    const value = answer(outcome);
    if (value !== undefined) answers[key] = { summary, value };
  }
  return answers;
}

/** What is made of each example profile, under its key. */
function eachExample<Value>(make: (example: ExampleProfile) => Value): MediaExamples<Value> {
  const examples: Record<string, MediaExample<Value>> = {};
  for (const [key, example] of Object.entries<ExampleProfile>(EXAMPLE_PROFILES))
    examples[key] = { summary: example.summary, value: make(example) };
  return examples;
}
