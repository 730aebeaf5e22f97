/** `POST /plans/prepare`: the plan that makes what a VM needs and is not there yet. */
import type { FastifyInstance } from 'fastify';
import { type PrepareMetadata, prepare } from '../../doctor/prepare.ts';
import type { SealedPlan } from '../../planning/command_plan.ts';
import { planMarkdown } from '../../planning/plan_markdown.ts';
import { planScript } from '../../planning/plan_script.ts';
import { noteOf } from '../guards/plan_note.ts';
import { sendInvalidProfile } from '../guards/problem.ts';
import { jsonContent, operation, PLANNING } from '../openapi/operation.ts';
import { ABOUT_ACCEPT, hereRequestBody } from '../openapi/plan_examples.ts';
import { text } from '../openapi/schema_parts.ts';
import type { Planner } from '../options.ts';
import { LOOK_TIMEOUT } from '../request/deadline.ts';
import { lookFor } from '../request/look.ts';
import { type Forms, JSON_TYPE, MARKDOWN_TYPE, preferredForm, SCRIPT_TYPE } from '../request/media_type.ts';
import { parsedOf, readRequestHere } from '../request/plan_request.ts';
import type { PlanningRequest } from '../request/planning.ts';
import { examplePreparation } from './doctor_example.ts';

const DESCRIPTION = `Looks, read-only, at the host of this service, and plans what has to be there before the VM can start and is not, in an order that works. Nothing is made by the service.

- Directories (that of a TPM for its owner alone), tap devices, UEFI variables from the template of the firmware, images (overlays too), the image for cloud-init. Each file is preceded by a guard that stops where something has appeared in its place. A base, a medium or a kernel is never made.
- With nothing to do \`commands\` is empty and \`status\` is \`validated\`. What no step of this user can make is in \`validation_warnings\`, and then \`status\` is \`draft\`.
- A profile is refused for errors that no step mends, as \`POST /plans/start\` refuses it. Another host cannot be looked at, so that \`host\` is refused.
- The answer is RFC 8785 canonical JSON, a bash script or a summary, as that of \`POST /plans/start\`; the script of a plan that has nothing to do does nothing. ${ABOUT_ACCEPT} Send the profile as \`application/toml\`, or an envelope as \`application/json\`.`;

const OPERATION = operation({
  operationId: 'planPreparation',
  tag: 'plans',
  summary: 'Plan what has to be there before a start',
  description: DESCRIPTION,
  answer: {
    description: 'The plan, for review.',
    content: {
      ...jsonContent('PreparePlan'),
      'text/x-shellscript': {
        schema: text('The steps as a bash script that stops at the first one that fails.'),
      },
      'text/markdown': { schema: text('A summary in CommonMark.') },
    },
  },
  problems: [...PLANNING, 'profile-invalid', 'needs-probed-host'],
});

type Preparation = SealedPlan<PrepareMetadata>;

const FORMS: Forms<Preparation> = [
  { mediaType: JSON_TYPE, write: ({ text }) => text },
  { mediaType: SCRIPT_TYPE, write: ({ plan }) => planScript(plan) },
  { mediaType: MARKDOWN_TYPE, write: ({ plan }) => planMarkdown(plan, null) },
];

export function addPlansPrepareRoute(app: FastifyInstance, planner: Planner): void {
  app.post(
    '/plans/prepare',
    {
      schema: OPERATION,
      handlerTimeout: LOOK_TIMEOUT,
      config: {
        examples: (shared) => ({
          ...examplePreparation(FORMS),
          requestBody: hereRequestBody('PrepareRequest', shared),
          refusals: shared.refusals,
        }),
      },
    },
    async (request: PlanningRequest, reply) => {
      const parsed = await parsedOf(readRequestHere(request.body, { dryRun: true }), planner);
      const { machine, ...seen } = await lookFor(parsed, planner);
      request.planNote = noteOf(seen.outcome);
      const result = prepare(machine, seen);
      if ('refused' in result) return sendInvalidProfile(reply, result.refused);
      const { mediaType, write } = preferredForm(request, FORMS);
      reply.type(mediaType);
      return write(result);
    },
  );
}
