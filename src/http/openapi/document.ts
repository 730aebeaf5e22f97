/** The OpenAPI document, made from the routes. */
import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import type { TSchema } from 'typebox';
import { PRODUCT, VERSION } from '../../planning/product.ts';
import type { OperationExamples } from './examples.ts';
import { TAGS } from './operation.ts';
import { type SharedExamples, sharedExamples } from './plan_examples.ts';

const DESCRIPTION = `Plans QEMU virtual machines: a VM profile in, the exact command line and a hashed, reviewable plan out.

**It never executes anything.** No process is started, no socket is opened outwards, and no file is changed; the only writes are the service's own log lines.

A profile comes as TOML (\`application/toml\`, the profile itself) or in JSON (\`application/json\`, an envelope). TOML 1.1 is read: inline tables may have line breaks and a last comma, strings the escapes \`\\e\` and \`\\x41\`, times no seconds. Tools for TOML 1.0 refuse these; canonical text keeps to TOML 1.0. With \`host\` in the envelope a plan is a pure function of the request, for any host; without it the service looks, read-only, at its own host.

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
- A file that an image's header names is found on the probed host alone. It stands in \`affected_resources\`, has the path rules of any other, and is said at the key of the disk's path; with a given host each qcow2 and vmdk disk has a question about it in \`unknowns\`.
- A fault in the service is a 500 without details; the \`type\` of every problem leads to \`/problems/{code}\`.
- In Swagger UI, switching the media type after editing keeps the edited text; *Reset* brings the example back.

</details>`;

type Document = Record<string, unknown> & {
  paths: Record<string, Record<string, OperationObject>>;
  components: { schemas: Record<string, object> };
};

interface OperationObject {
  operationId: string;
  requestBody?: object;
  responses: Record<string, { content?: Record<string, { examples?: object }> }>;
}

type MakeExamples = (shared: SharedExamples) => OperationExamples;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route's examples. Called when the document is made, since most of them take planning. */
    readonly examples?: MakeExamples;
  }
}

/** By operation. */
type ExamplesByOperation = ReadonlyMap<string, MakeExamples>;

/** Registers the generator; routes that are added after it appear in the document. */
export async function addOpenapi(
  app: FastifyInstance,
  components: Readonly<Record<string, TSchema>>,
): Promise<void> {
  // The title is what readers call a schema where it is one of several.
  for (const [name, schema] of Object.entries(components))
    app.addSchema({ $id: name, title: name, ...schema });
  const examples = collectExamples(app);
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.1',
      info: {
        title: PRODUCT,
        version: VERSION,
        description: DESCRIPTION,
        license: { name: 'Apache 2.0', identifier: 'Apache-2.0' },
        contact: { name: PRODUCT },
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
      completed((input as unknown as { openapiObject: Document }).openapiObject, examples) as never,
  });
}

/** Listens to the routes as they are added. */
function collectExamples(app: FastifyInstance): ExamplesByOperation {
  const examples = new Map<string, MakeExamples>();
  app.addHook('onRoute', ({ schema, config }) => {
    if (config?.examples !== undefined)
      examples.set((schema as { operationId: string }).operationId, config.examples);
  });
  return examples;
}

/** Adds what the generator drops: request bodies in two media types, and examples. */
function completed(document: Document, examples: ExamplesByOperation): Document {
  const shared = sharedExamples();
  for (const operation of Object.values(document.paths).flatMap((path) => Object.values(path))) {
    const own = examples.get(operation.operationId)?.(shared);
    if (own === undefined) continue;
    if (own.requestBody !== undefined) operation.requestBody = own.requestBody;
    for (const [mediaType, shown] of Object.entries(own.answers))
      addExamples(operation, '200', mediaType, shown);
    if (own.refusals !== undefined) addExamples(operation, '422', 'application/problem+json', own.refusals);
  }
  addIntegerFormats(document);
  const schemas = Object.entries(document.components.schemas);
  document.components.schemas = Object.fromEntries(schemas.sort(([a], [b]) => (a < b ? -1 : 1)));
  return document;
}

const LARGEST_INT32 = 2 ** 31 - 1;

/** What width an integer has, for languages whose numbers have one. */
function addIntegerFormats(schema: unknown): void {
  if (typeof schema !== 'object' || schema === null) return;
  const { type, maximum = 0 } = schema as { type?: unknown; maximum?: number };
  if (type === 'integer' || (Array.isArray(type) && type.includes('integer') && type.length === 2))
    Object.assign(schema, { format: maximum > LARGEST_INT32 ? 'int64' : 'int32' });
  for (const [name, below] of Object.entries(schema))
    if (name !== 'examples' && name !== 'enum') addIntegerFormats(below);
}

function addExamples(operation: OperationObject, status: string, mediaType: string, examples: object): void {
  const media = operation.responses[status]?.content?.[mediaType] as { examples?: object };
  media.examples = { ...media.examples, ...examples };
}

/** The document as committed; the app is ready. */
export function openapiJson(app: FastifyInstance): string {
  return `${JSON.stringify(app.swagger(), null, 2)}\n`;
}

export function openapiYaml(app: FastifyInstance): string {
  return app.swagger({ yaml: true });
}
