/** `POST /plans/fleet`: the plans of many VMs, and what is between them. */
import { Readable } from 'node:stream';
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import Type from 'typebox';
import { endAnyTime, letTakeAnyTime } from '../guards/any_time.ts';
import { malformed } from '../guards/problem.ts';
import { logRequest } from '../guards/request_log.ts';
import { jsonContent, LIMITED, operation } from '../openapi/operation.ts';
import { ABOUT_ACCEPT } from '../openapi/plan_examples.ts';
import { choice, list, ref, text } from '../openapi/schema_parts.ts';
import type { Planner } from '../options.ts';
import { type ArrivingBody, addLinesParser, type Body, LINES_TYPE } from '../request/body.ts';
import { arrivingMembers, readFleet } from '../request/fleet_request.ts';
import { preferredForm } from '../request/media_type.ts';
import { onlyValue, type QueryValue } from '../request/query.ts';
import { fleetExamples } from './fleet_examples.ts';
import { FLEET_FORMS, linePieces } from './fleet_forms.ts';

const DESCRIPTION = `Plans many VMs, each as \`POST /plans/start\` does, and says what is between them: ports, files, sockets, addresses and devices of one host that several of them need, in which order they start, and whether the host is large enough. Safe to retry: nothing is changed anywhere.

- Send one document as \`application/json\`, or a request a line as \`application/x-ndjson\`. Lines are answered by lines, in order and while others are still on their way: first the results, in the end the summary. There may be any number of lines; one has as many bytes as a body of \`POST /plans/start\` at most, and blank ones are passed over. When nothing arrives for 20 seconds it ends.
- A request without \`id\` has its index, as text. In a document two requests of one id are refused as a whole; on a line the second is.
- What is wrong with one request refuses that one: its result has the problem that \`POST /plans/start\` would answer. A refused VM takes part in nothing else.
- VMs are on one host when their host facts are equal. All that are planned for the host of this service are on one more, on which links are followed.
- \`conflicts\` are issues between VMs, one for each thing in dispute: \`pointers[i]\` leads into the profile of \`ids[i]\`. That many VMs only read a file, or share a directory, is none; an empty host address is every address.
- \`start_order\` goes by \`vm.depends_on\`, and by listening before connecting; else by the order of the requests. VMs that wait in a circle, and those that wait for them, come last.
- \`fleet_hash\` is the SHA-256 of the canonical JSON of \`[[id, plan_hash or null], …]\`.

${ABOUT_ACCEPT} A stream is always answered as a stream.`;

const OPERATION = operation({
  operationId: 'planFleet',
  tag: 'plans',
  summary: 'Plan many VMs at once',
  description: DESCRIPTION,
  answer: {
    description: 'The results in the order of the requests, and the summary.',
    content: {
      ...jsonContent('FleetPlan'),
      [LINES_TYPE]: {
        schema: {
          ...text(
            'A `FleetResult` a line; on the last one a `FleetSummaryLine`. Without it the answer is not complete.',
          ),
          contentMediaType: LINES_TYPE,
          contentSchema: list(
            { anyOf: [ref('FleetResult'), ref('FleetSummaryLine')] },
            'The lines, in their order.',
          ),
        },
      },
      'text/markdown': {
        schema: text('A summary in CommonMark: hosts, VMs in the order of their start, conflicts, totals.'),
      },
    },
  },
  // Those of one request are in its result.
  problems: [
    ...LIMITED,
    'malformed-json',
    'malformed-request',
    'payload-too-large',
    'unsupported-media-type',
  ],
  querystring: Type.Object({
    plans: Type.Optional(
      choice(['true', 'false'], 'Whether results have their plans, or only the hashes. Default: `true`.'),
    ),
  }),
});

type FleetRoute = { Body: Body | ArrivingBody | null; Querystring: { readonly plans?: QueryValue } };

/** A plugin of its own, since it reads other media types than the other routes. */
export const plansFleetRoute: FastifyPluginAsync<Planner> = async (app, options) => {
  // A body of TOML is one profile.
  app.removeContentTypeParser('application/toml');
  addLinesParser(app);

  app.post<FleetRoute>(
    '/plans/fleet',
    { schema: OPERATION, config: { examples: fleetExamples }, bodyLimit: options.fleetBodyLimit },
    async (request, reply) => {
      const { body } = request;
      const wanted = plansOf(request);
      if (body?.mediaType === LINES_TYPE) {
        const members = arrivingMembers(body, options.bodyLimit);
        letTakeAnyTime(request.raw.socket);
        reply.type(LINES_TYPE);
        return inPieces(reply, linePieces({ request, members, options, hasPlans: wanted ?? true }));
      }
      const { plans, members } = readFleet(body);
      const { mediaType, write } = preferredForm(request, FLEET_FORMS);
      reply.type(mediaType);
      const hasPlans = plans ?? wanted ?? true;
      return inPieces(reply, write({ request, members: [members], options, hasPlans }));
    },
  );
};

function plansOf({ query }: FastifyRequest<FleetRoute>): boolean | null {
  const plans = onlyValue('plans', query.plans);
  if (plans === undefined) return null;
  if (plans !== 'true' && plans !== 'false') throw malformed('plans must be true or false.');
  return plans === 'true';
}

/** Sends pieces as they are made. */
function inPieces(reply: FastifyReply, pieces: AsyncIterable<string>): Readable {
  const { request, raw } = reply;
  const { socket } = request.raw;
  raw.once('close', () => {
    endAnyTime(socket);
    // Of an answer that is cut off the framework tells nobody.
    if (!raw.writableFinished) logRequest(request, reply);
  });
  return Readable.from(untilCut(reply, pieces));
}

/** That a caller has gone is no fault. The connection of a request that was not read to its end is not kept. */
async function* untilCut(reply: FastifyReply, pieces: AsyncIterable<string>): AsyncGenerator<string> {
  try {
    yield* pieces;
  } catch (error) {
    if (error === reply.request.raw.errored) return;
    reply.header('connection', 'close');
    throw error;
  }
}
