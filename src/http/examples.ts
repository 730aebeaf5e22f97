/** Examples of the OpenAPI document: the same profiles as TOML and as JSON, and what the service really answers. */
import type { HostFacts } from '../context/host_facts.ts';
import { readHostFacts } from '../context/read_host_facts.ts';
import { type Outcome, type Planned, planProfile, type Refused } from '../planning/plan_profile.ts';
import { validationResult } from '../planning/validation_result.ts';
import { parseToml } from '../profile/parse_toml.ts';
import { readProfile } from '../profile/read_profile.ts';
import { ARGV_FORMS, PLAN_FORMS } from './answer_forms.ts';
import { EXAMPLE_PROFILES, type ExampleProfile } from './example_profiles.ts';
import type { Forms } from './media_type.ts';
import { EXAMPLE_REQUEST_ID } from './operation.ts';
import { invalidProfileBody } from './problem.ts';

export interface MediaExample {
  readonly summary: string;
  readonly value: unknown;
}

/** Media-level examples by their key. */
export type MediaExamples = Readonly<Record<string, MediaExample>>;

/** Request bodies under the same keys for both media types. */
export function requestExamples(): { readonly json: MediaExamples; readonly toml: MediaExamples } {
  return {
    json: examplesOf(({ toml, host }) => ({ profile: documentOf(toml), host })),
    toml: examplesOf(({ toml }) => toml),
  };
}

/** Examples of a 200 by operation and media type. */
export type AnswerExamples = Readonly<Record<string, Readonly<Record<string, MediaExamples>>>>;

/** What the service answers to the JSON requests. */
export function answerExamples(): AnswerExamples {
  const outcomes = exampleOutcomes();
  return {
    createArgv: formExamples(outcomes, ARGV_FORMS),
    planStart: formExamples(outcomes, PLAN_FORMS),
    validateProfile: { 'application/json': answersOf(outcomes, isOutcome, validationResult) },
  };
}

/** What it answers to the profile with mistakes where only a valid one will do. */
export function refusalExamples(): MediaExamples {
  return answersOf(exampleOutcomes(), isRefused, (outcome) =>
    invalidProfileBody(outcome, '/', EXAMPLE_REQUEST_ID),
  );
}

type Outcomes = Readonly<Record<string, { readonly summary: string; readonly value: Outcome }>>;

function exampleOutcomes(): Outcomes {
  return examplesOf(({ toml, host }) => outcomeOf(documentOf(toml), host));
}

function formExamples(outcomes: Outcomes, forms: Forms<Planned>): Record<string, MediaExamples> {
  const entries = forms.map(({ mediaType, write }) => {
    const type = mediaType.replace(/;.*$/, '');
    const read = type === 'application/json' ? JSON.parse : String;
    return [type, answersOf(outcomes, isPlanned, (planned) => read(write(planned)))];
  });
  return Object.fromEntries(entries);
}

function examplesOf<Value>(
  make: (example: ExampleProfile) => Value,
): Readonly<Record<string, { summary: string; value: Value }>> {
  const entries = Object.entries(EXAMPLE_PROFILES).map(([key, example]) => [
    key,
    { summary: example.summary, value: make(example) },
  ]);
  return Object.fromEntries(entries);
}

function answersOf<Kind extends Outcome>(
  outcomes: Outcomes,
  isKind: (outcome: Outcome) => outcome is Kind,
  answer: (outcome: Kind) => unknown,
): MediaExamples {
  const answers: Record<string, { summary: string; value: unknown }> = {};
  for (const [key, { summary, value }] of Object.entries(outcomes)) {
    if (isKind(value)) answers[key] = { summary, value: answer(value) };
  }
  return answers;
}

function isOutcome(_outcome: Outcome): _outcome is Outcome {
  return true;
}

function isPlanned(outcome: Outcome): outcome is Planned {
  return outcome.isValid;
}

function isRefused(outcome: Outcome): outcome is Refused {
  return !outcome.isValid;
}

export function documentOf(toml: string): unknown {
  return (parseToml(toml) as { document: unknown }).document;
}

/** The outcome of an example on its host. */
export function outcomeOf(document: unknown, host: object): Outcome {
  const { facts } = readHostFacts(host) as { facts: HostFacts };
  return planProfile(readProfile(document), { facts, sight: null, strictPaths: false });
}
