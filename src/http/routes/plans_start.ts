/** `POST /plans/start`: the plan to start a VM. */
import type { FastifyInstance } from 'fastify';
import { planMarkdown } from '../../planning/plan_markdown.ts';
import type { Planned } from '../../planning/plan_profile.ts';
import { planScript } from '../../planning/plan_script.ts';
import { startPlan } from '../../planning/start_plan.ts';
import { jsonContent, operation, PLANNING } from '../openapi/operation.ts';
import { ABOUT_ACCEPT, ABOUT_REQUESTS, planExamples } from '../openapi/plan_examples.ts';
import { text } from '../openapi/schema_parts.ts';
import type { Planner } from '../options.ts';
import { type Forms, JSON_TYPE, MARKDOWN_TYPE, SCRIPT_TYPE } from '../request/media_type.ts';
import { type PlanningRequest, sendPlan } from '../request/planning.ts';

const FORMS: Forms<Planned> = [
  { mediaType: JSON_TYPE, write: (planned) => startPlan(planned).text },
  { mediaType: SCRIPT_TYPE, write: (planned) => planScript(startPlan(planned).plan) },
  {
    mediaType: MARKDOWN_TYPE,
    write: (planned) => planMarkdown(startPlan(planned).plan, planned.needs),
  },
];

const OPERATION = operation({
  operationId: 'planStart',
  tag: 'plans',
  summary: 'Plan the start of a VM',
  description: `${ABOUT_REQUESTS} The answer is RFC 8785 canonical JSON: the text without \`plan_hash\` and \`plan_id\` is the text that was hashed. The same plan comes as a bash script to review with \`Accept: text/x-shellscript\`, and as a summary for a pull request with \`Accept: text/markdown\`. ${ABOUT_ACCEPT} Look at the status, as \`curl --fail\` does, before you keep an answer as a script.`,
  answer: {
    description: 'The plan, for review.',
    content: {
      ...jsonContent('CommandPlan'),
      'text/x-shellscript': {
        schema: text(
          'The steps as a bash script that stops at the first one that fails; hashes, warnings and open questions are comments.',
        ),
      },
      'text/markdown': {
        schema: text('A summary in CommonMark; no value of the profile or the host becomes markup in it.'),
      },
    },
  },
  problems: [...PLANNING, 'profile-invalid'],
});

export function addPlansStartRoute(app: FastifyInstance, options: Planner): void {
  app.post(
    '/plans/start',
    { schema: OPERATION, config: { examples: (shared) => planExamples(FORMS, shared) } },
    (request: PlanningRequest, reply) => sendPlan(request, reply, FORMS, options),
  );
}
