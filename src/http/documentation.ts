/** The OpenAPI document, made from the routes, and where it is served. */
import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { diffExamples } from './diff_examples.ts';
import { answerExamples, refusalExamples, requestExamples } from './examples.ts';
import { lookExamples } from './look_examples.ts';
import { JSON_TYPE, TAGS } from './operation.ts';
import { OPENAPI_JSON_SCHEMA, OPENAPI_YAML_SCHEMA } from './operations.ts';
import type { PlannerOptions } from './options.ts';
import { COMPONENTS } from './schemas.ts';
import { addSwaggerUi } from './swagger_ui.ts';
import { addTextRoute } from './text_route.ts';

const TITLE = 'vmlab-planner';
const VERSION = '0.1.0';
const DESCRIPTION = `Plans QEMU virtual machines: a VM profile in, the exact command line and a hashed, reviewable plan out.

**It never executes anything.** No process is started, no socket is opened outwards, and no file is changed; the only writes are the service's own log lines.

A profile comes as TOML (\`application/toml\`, the profile itself) or in JSON (\`application/json\`, an envelope). With \`host\` in the envelope a plan is a pure function of the request, for any host; without it the service looks, read-only, at its own host.

To try it here: open \`POST /argv\`, choose a media type and an example, press *Execute*. TOML is planned for the service's own host; the JSON examples bring a \`host\`, so their answers are the same everywhere.

<details><summary>Choices that the answers follow</summary>

- Sizes called MB are MiB, as QEMU counts them; lengths of paths are bytes.
- All problems of a profile are reported at once, at most 100 errors and 100 warnings; then one issue \`more-issues\` counts the rest. Unknown keys are warnings.
- A list has at most 256 disks, 256 interfaces, and 8192 forwards an interface (\`too-many-elements\`): more can never be planned.
- A value that looks like a secret is shown as \`***REDACTED***\`, whole; \`profile_hash\` is still that of the real text. A caller's \`x-request-id\` that looks like one is replaced.
- A step is \`destructive\` when it overwrites something that may exist: QEMU truncates the log of serial mode \`file\`.
- A unix socket has at most 107 bytes on linux and windows, and 103 on darwin and freebsd, whose kernels take less.
- On darwin and windows two paths that differ in case alone are one file; on the probed host links are followed before paths are compared.
- \`profile_name\` that is no plain file stem is a 400; a discovered profile whose file cannot be read, or is not TOML, is a 422 with that one error.
- \`disk-format-mismatch\` also refuses a qcow2, vdi or vmdk disk whose file is of no known format: QEMU would not open it.
- A fault in the service is a 500 without details; the \`type\` of every problem leads to \`/problems/{code}\`.
- In Swagger UI, switching the media type after editing keeps the edited text; *Reset* brings the example back.

</details>`;
const REQUEST_BODY =
  'A profile as TOML, planned for this host, or a plan request as JSON, whose examples bring their host. Both have the same examples.';

type Document = Record<string, unknown> & {
  paths: Record<string, Record<string, OperationObject>>;
};

interface OperationObject {
  operationId: string;
  requestBody?: object;
  responses: Record<string, { content?: Record<string, { examples?: object }> }>;
}

/** Registers the generator; routes that are added after it appear in the document. */
export async function addOpenapi(app: FastifyInstance): Promise<void> {
  // The title is what readers call a schema where it is one of several.
  for (const [name, schema] of Object.entries(COMPONENTS))
    app.addSchema({ $id: name, title: name, ...schema });
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.1',
      info: {
        title: TITLE,
        version: VERSION,
        description: DESCRIPTION,
        license: { name: 'Apache 2.0', identifier: 'Apache-2.0' },
        contact: { name: 'vmlab-planner' },
      },
      servers: [{ url: '/' }],
      tags: [...TAGS],
      // Either no token or one: whether they are asked for is configuration.
      security: [{}, { bearer: [] }],
      components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
    },
    convertConstToEnum: false,
    hideUntagged: true,
    refResolver: {
      buildLocalReference: (json) => String(json.$id),
    },
    transformObject: (input) =>
      completed((input as unknown as { openapiObject: Document }).openapiObject) as never,
  });
}

/** Adds what the generator drops: request bodies in two media types, and examples. */
function completed(document: Document): Document {
  const requests = requestExamples();
  const planning = answerExamples();
  const answers = { ...planning, ...lookExamples() };
  const refusals = refusalExamples();
  for (const operation of Object.values(document.paths).flatMap((path) => Object.values(path))) {
    const { operationId } = operation;
    for (const [mediaType, examples] of Object.entries(answers[operationId] ?? {}))
      addExamples(operation, '200', mediaType, examples);
    if (planning[operationId] === undefined) continue;
    operation.requestBody = {
      required: true,
      description: REQUEST_BODY,
      content: {
        'application/json': { schema: { $ref: '#/components/schemas/PlanRequest' }, examples: requests.json },
        'application/toml': {
          schema: { type: 'string', description: 'A profile, schema version 1.' },
          examples: requests.toml,
        },
      },
    };
    // Where a profile is only validated, mistakes are no problem.
    if (operationId !== 'validateProfile')
      addExamples(operation, '422', 'application/problem+json', refusals);
  }
  addDiffExamples(document.paths['/plans/diff']?.post as OperationObject);
  return document;
}

/** Of the planning routes this one takes something else. */
function addDiffExamples(operation: OperationObject): void {
  const { requests, diffs, refusals } = diffExamples();
  operation.requestBody = {
    required: true,
    description: 'Two plan requests, or an old plan and a plan request.',
    content: {
      'application/json': { schema: { $ref: '#/components/schemas/DiffRequest' }, examples: requests },
    },
  };
  addExamples(operation, '200', 'application/json', diffs);
  addExamples(operation, '422', 'application/problem+json', refusals);
}

function addExamples(operation: OperationObject, status: string, mediaType: string, examples: object): void {
  const media = operation.responses[status]?.content?.[mediaType];
  if (media !== undefined) media.examples = { ...media.examples, ...examples };
}

/** `GET /docs/`, `GET /openapi.json` and `GET /openapi.yaml`. */
export async function addDocumentRoutes(app: FastifyInstance, { tokens }: PlannerOptions): Promise<void> {
  await addSwaggerUi(app, { title: TITLE, hasTokens: tokens.length > 0 });
  addTextRoute(app, '/openapi.json', OPENAPI_JSON_SCHEMA, JSON_TYPE, () => openapiJson(app));
  addTextRoute(app, '/openapi.yaml', OPENAPI_YAML_SCHEMA, 'application/yaml', () => openapiYaml(app));
}

/** The document as committed; the app is ready. */
export function openapiJson(app: FastifyInstance): string {
  return `${JSON.stringify(app.swagger(), null, 2)}\n`;
}

export function openapiYaml(app: FastifyInstance): string {
  return app.swagger({ yaml: true });
}
