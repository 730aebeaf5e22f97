/** Examples of `POST /plans/fleet`, and what the service really answers. */
import { addToFleet, newFleet } from '../../planning/fleet.ts';
import { fleetMarkdown } from '../../planning/fleet_markdown.ts';
import { type FleetSummary, fleetSummary, summaryText } from '../../planning/fleet_summary.ts';
import { LINUX_KVM } from '../openapi/example_profiles.ts';
import {
  EXAMPLE_REQUEST_ID,
  type MediaExample,
  type OperationExamples,
  outcomeOf,
} from '../openapi/examples.ts';
import { LINES_TYPE } from '../request/body.ts';
import { type FleetResult, fleetResult, madeBy } from '../request/fleet_planning.ts';
import { entryOf, resultText } from './fleet_forms.ts';

interface FleetExample {
  readonly summary: string;
  readonly plans: boolean;
  readonly requests: readonly { readonly id: string; readonly profile: object }[];
}

const vm = (id: string, port: number, more: object = {}, hardware: object = {}) => ({
  id,
  profile: {
    schema_version: 2,
    vm: { name: id, ...more },
    hardware: { arch: 'x86_64', cores: 2, memory_mb: 2048, ...hardware },
    storage: { disks: [{ name: 'root', path: `images/${id}.qcow2`, format: 'qcow2' }] },
    network: { interfaces: [{ name: 'net0', type: 'user', hostfwd: [`tcp:127.0.0.1:${port}-:22`] }] },
  },
});

const EXAMPLES: Readonly<Record<string, FleetExample>> = {
  order: {
    summary: 'A database that has to be started before what uses it',
    plans: true,
    requests: [vm('shop', 2201, { depends_on: ['database'] }), vm('database', 2202)],
  },
  conflicts: {
    summary: 'One port for two VMs, a VM that nobody plans, and a profile that is refused',
    plans: false,
    requests: [
      vm('one', 2201),
      vm('two', 2201, { depends_on: ['three'] }),
      vm('wrong', 2203, {}, { acceleration: 'tcg', cpu: 'host' }),
    ],
  },
};

interface AnsweredExample {
  readonly results: readonly FleetResult[];
  readonly summary: FleetSummary;
}

function answerOf({ requests }: FleetExample): AnsweredExample {
  const fleet = newFleet();
  const results = requests.map(({ id, profile }) => {
    const result = fleetResult(id, outcomeOf(profile, LINUX_KVM), EXAMPLE_REQUEST_ID);
    addToFleet(fleet, id, madeBy(result));
    return result;
  });
  const work = fleetSummary(fleet);
  for (;;) {
    const { done, value } = work.next();
    if (done === true) return { results, summary: value };
  }
}

/** The examples under their keys, in one form. */
function eachExample(
  make: (example: FleetExample, answered: AnsweredExample) => unknown,
): Readonly<Record<string, MediaExample>> {
  return Object.fromEntries(
    Object.entries(EXAMPLES).map(([key, example]) => [
      key,
      { summary: example.summary, value: make(example, answerOf(example)) },
    ]),
  );
}

function textOf(summary: FleetSummary): string {
  return [...summaryText(summary)].join('');
}

export function fleetExamples(): OperationExamples {
  return {
    requestBody: {
      required: true,
      description: 'All requests in one document, or one a line.',
      content: {
        'application/json': {
          schema: { $ref: '#/components/schemas/FleetRequest' },
          examples: eachExample(({ plans, requests }) => ({ host: LINUX_KVM, plans, requests })),
        },
        [LINES_TYPE]: {
          schema: { type: 'string', description: 'A `FleetMember` a line.' },
          examples: eachExample(({ requests }) =>
            requests.map((request) => `${JSON.stringify({ ...request, host: LINUX_KVM })}\n`).join(''),
          ),
        },
      },
    },
    answers: {
      'application/json': eachExample(({ plans }, { results, summary }) =>
        JSON.parse(
          `{"results":[${results.map((result) => resultText(result, plans)).join()}],${textOf(summary)}}`,
        ),
      ),
      [LINES_TYPE]: eachExample((_, { results, summary }) =>
        [...results.map((result) => resultText(result, true)), `{"summary":{${textOf(summary)}}}`, ''].join(
          '\n',
        ),
      ),
      'text/markdown': eachExample((_, { results, summary }) => fleetMarkdown(summary, results.map(entryOf))),
    },
  };
}
