/** `POST /plans/prepare`: the plan that makes what a VM needs and is not there yet. */
import type { FastifyInstance } from 'fastify';
import { prepare } from '../../doctor/prepare.ts';
import { noteOf } from '../guards/plan_note.ts';
import { sendInvalidProfile } from '../guards/problem.ts';
import { jsonContent, operation, PLANNING } from '../openapi/operation.ts';
import { hereRequestBody } from '../openapi/plan_examples.ts';
import type { Planner } from '../options.ts';
import { LOOK_TIMEOUT } from '../request/deadline.ts';
import { lookFor } from '../request/look.ts';
import { JSON_TYPE } from '../request/media_type.ts';
import { parsedOf, readRequestHere } from '../request/plan_request.ts';
import type { PlanningRequest } from '../request/planning.ts';
import { examplePreparation } from './doctor_example.ts';

const DESCRIPTION = `Looks, read-only, at the host of this service, and plans what has to be there before the VM can start and is not, in an order that works. Nothing is made by the service.

- Directories (that of a TPM for its owner alone), tap devices, UEFI variables from the template of the firmware, images (overlays too), the image for cloud-init. Each file is preceded by a guard that stops where something has appeared in its place. A base, a medium or a kernel is never made.
- With nothing to do \`commands\` is empty and \`status\` is \`validated\`. What no step of this user can make is in \`validation_warnings\`, and then \`status\` is \`draft\`.
- A profile is refused for errors that no step mends, as \`POST /plans/start\` refuses it. Another host cannot be looked at, so that \`host\` is refused.
- The answer is RFC 8785 canonical JSON, as that of \`POST /plans/start\`. Send the profile as \`application/toml\`, or an envelope as \`application/json\`.`;

const OPERATION = operation({
  operationId: 'planPreparation',
  tag: 'plans',
  summary: 'Plan what has to be there before a start',
  description: DESCRIPTION,
  answer: { description: 'The plan, for review.', content: jsonContent('PreparePlan') },
  problems: [...PLANNING, 'profile-invalid', 'needs-probed-host'],
});

export function addPlansPrepareRoute(app: FastifyInstance, planner: Planner): void {
  app.post(
    '/plans/prepare',
    {
      schema: OPERATION,
      handlerTimeout: LOOK_TIMEOUT,
      config: {
        examples: (shared) => ({
          ...examplePreparation(),
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
      reply.type(JSON_TYPE);
      return result.text;
    },
  );
}
