/** `POST /plans/diff`: two plans side by side. */
import type { FastifyPluginAsync } from 'fastify';
import { noteOf } from '../guards/plan_note.ts';
import { sendInvalidProfile } from '../guards/problem.ts';
import { jsonContent, operation, PLANNING } from '../openapi/operation.ts';
import type { Planner } from '../options.ts';
import type { Body } from '../request/body.ts';
import { diffSides } from '../request/diff_request.ts';
import { answerDiff } from './diff_answer.ts';
import { diffExamples } from './diff_examples.ts';

const DESCRIPTION = `Says what changed from one plan to another, and why: give two plan requests, or what an old plan says of itself and the plan request that it was made of, to see whether it is stale. Only \`application/json\`. Safe to retry: nothing is changed anywhere.

- The profiles are compared in canonical form, so that \`profile_changes\` is empty exactly when the profile hashes are equal. Disks and interfaces are matched by name: one that only one profile has is one change, and a list whose elements changed their order is a change of the list, with the names of those that both have. A list of forwards is one value.
- The \`pointer\` of a change leads into the canonical profile (or the host facts) of \`after\`; where \`after\` is \`null\`, into that of \`before\`. \`null\` stands for what is not there, and \`***REDACTED***\` for what looks like a secret. \`note\` says where two texts look the same and differ in Unicode normalisation.
- \`argv_changes\` are in order. Made from the last to the first, each with \`after\` in place of \`before\` at the index \`first\`, they turn the old argv into the new one. A part that changed its place is removed and added. \`pointers\` are those of \`profile_changes\` that made the change; there are none when the host did.
- The hashes of an old plan stand in its \`plan_hash\` and \`metadata\`. Of its profile and argv nothing else is known, so that \`profile_changes\` and \`argv_changes\` are empty. Each value is compared on its own: when \`changed.plan\` is false and another is true, the values are not of one plan.
- \`reasons\` says which of profile, host and planner made the difference. A plan can also differ in its warnings and unknowns, which depend on keys that the schema does not have and on files of a probed host; hashes do not tell these from another version of the planner, and then each reason that is possible is listed as not \`certain\`.
- A refusal says in \`detail\` which side it is about. All problems of both profiles are reported at once, at most 100 errors and 100 warnings of each, with \`before\` or \`after\` in front of their \`field\` and \`pointer\`; \`profile_name\` and \`schema_version\` are those of the first invalid profile.`;

const OPERATION = operation({
  operationId: 'diffPlans',
  tag: 'plans',
  summary: 'Compare two plans',
  description: DESCRIPTION,
  answer: { description: 'What differs, and why.', content: jsonContent('PlanDiff') },
  problems: [...PLANNING, 'profile-invalid'],
});

/** A plugin of its own, since it reads fewer media types than the other routes. */
export const plansDiffRoute: FastifyPluginAsync<Planner> = async (app, options) => {
  // A body of TOML is one profile, and here two are asked for.
  app.removeContentTypeParser('application/toml');

  app.post<{ Body: Body | null }>(
    '/plans/diff',
    { schema: OPERATION, config: { examples: diffExamples } },
    async (request, reply) => {
      const answer = answerDiff(await diffSides(request.body, options));
      if ('refused' in answer) {
        request.planNote = noteOf(answer.refused);
        return sendInvalidProfile(reply, answer.refused, answer.where);
      }
      // A diff lists no issues.
      request.planNote = noteOf(answer.after, []);
      return answer.diff;
    },
  );
};
