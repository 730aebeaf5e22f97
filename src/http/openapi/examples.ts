/** The parts that examples of the OpenAPI document are made of. */
import type { HostFacts } from '../../facts/host_facts.ts';
import { readHostFacts } from '../../facts/read_host_facts.ts';
import { parseProfile } from '../../planning/parse_profile.ts';
import { type PlanOutcome, planProfile } from '../../planning/plan_profile.ts';
import { parseToml } from '../../profile/toml.ts';
import type { Forms } from '../request/media_type.ts';

/** The request id of all examples. */
export const EXAMPLE_REQUEST_ID = '5d0c9f0e-4c55-4c36-9d2b-3a1f7c1e2b4d';

export interface MediaExample<Value = unknown> {
  readonly summary: string;
  readonly value: Value;
}

/** Examples by their key. */
export type MediaExamples<Value = unknown> = Readonly<Record<string, MediaExample<Value>>>;

/** What a route's entry in the document has besides its schema. */
export interface OperationExamples {
  /** The whole description of the request body, since the generator takes only one media type. */
  readonly requestBody?: object;
  /** Of a 200, by media type. */
  readonly answers: Readonly<Record<string, MediaExamples>>;
  /** Of a 422. */
  readonly refusals?: MediaExamples;
}

/** The only example of an answer in JSON. */
export function oneAnswer(key: string, summary: string, value: object): OperationExamples {
  return { answers: { 'application/json': { [key]: { summary, value } } } };
}

/** Examples of an answer in each of its forms; what is JSON is shown as its value. */
export function answersIn<Value>(
  forms: Forms<Value>,
  examples: (write: (value: Value) => unknown) => MediaExamples,
): OperationExamples['answers'] {
  const answers = forms.map(({ mediaType, write }) => {
    const type = mediaType.replace(/;.*$/, '');
    const read = type === 'application/json' ? JSON.parse : String;
    return [type, examples((value) => read(write(value)))];
  });
  return Object.fromEntries(answers);
}

export function documentOf(toml: string): unknown {
  return (parseToml(toml) as { document: unknown }).document;
}

/** The outcome of an example on its host; `text` is the TOML that it comes as. */
export function outcomeOf(document: unknown, host: object, text: string | null = null): PlanOutcome {
  const { facts } = readHostFacts(host) as { facts: HostFacts };
  return planProfile(parseProfile(document, text), { facts, probed: null, strictPaths: false });
}
