/** What holds for every answer of the service, whatever was asked; the OpenAPI document says what they look like. */
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify';
import type { Test } from 'tap';

export type Answer = LightMyRequestResponse;

interface OpenapiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, OpenapiOperation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

export interface OpenapiOperation {
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  readonly requestBody?: { readonly content: Readonly<Record<string, OpenapiMedia>> };
  readonly responses: Readonly<Record<string, OpenapiResponse>>;
}

interface OpenapiResponse {
  readonly description: string;
  readonly content: Readonly<Record<string, OpenapiMedia>>;
}

interface OpenapiMedia {
  readonly schema: object;
  readonly examples?: Readonly<Record<string, { readonly summary: string; readonly value: unknown }>>;
}

const SANE_REQUEST_ID = /^[A-Za-z0-9._-]{1,128}$/;
/** Places of the service's own code and of its modules. */
const CODE_PLACES = /\/src\/|node_modules|file:\/\/|node:internal/;

export function openapiOf(app: FastifyInstance): OpenapiDocument {
  return app.swagger() as unknown as OpenapiDocument;
}

export function checkAnswer(t: Test, app: FastifyInstance, request: InjectOptions, answer: Answer): void {
  const about = `${request.method ?? 'GET'} ${String(request.url).slice(0, 80)}`;
  const complaint = complaintAbout(app, request, answer);
  if (complaint === null) t.pass(`${about}: ${answer.statusCode} as documented`);
  else t.fail(`${about}: ${complaint}`, { status: answer.statusCode, body: answer.payload.slice(0, 2000) });
}

/** What is wrong with an answer; `null` for a good one. */
export function complaintAbout(
  app: FastifyInstance,
  { method = 'GET', url }: InjectOptions,
  { statusCode, headers, payload }: Answer,
): string | null {
  const document = openapiOf(app);
  const requestId = String(headers['x-request-id']);
  if (!SANE_REQUEST_ID.test(requestId)) return 'no request id';
  const path = String(url).replace(/[?#].*$/s, '');
  const operation = operationAt(document, method, path);
  const mediaType = String(headers['content-type']).replace(/;.*$/, '');
  if (statusCode >= 400) {
    if (mediaType !== 'application/problem+json') return `a ${mediaType} for an error`;
    if (CODE_PLACES.test(payload)) return 'the answer names the code of the service';
  }
  // A socket leaves the body of an answer to HEAD out; `inject` does not.
  if (method === 'HEAD') return null;
  if (statusCode >= 400) {
    const problem = JSON.parse(payload) as Record<string, unknown>;
    const expected = { type: `/problems/${problem.code}`, status: statusCode, request_id: requestId };
    for (const [member, value] of Object.entries(expected)) {
      if (problem[member] !== value) return `${member} is ${problem[member]}, not ${value}`;
    }
    if (operation === null) return mismatch(document, PROBLEM, payload, mediaType);
  }
  if (operation === null) return null;
  const content = operation.responses[statusCode]?.content;
  if (content === undefined) return 'the document has no such status';
  const media = content[mediaType];
  return media === undefined
    ? `the document has no ${mediaType}`
    : mismatch(document, media.schema, payload, mediaType);
}

const PROBLEM = { $ref: '#/components/schemas/Problem' };

/** The operation of a method and a path; `null` when the document has none. */
function operationAt({ paths }: OpenapiDocument, method: string, path: string): OpenapiOperation | null {
  const wanted = (method === 'HEAD' ? 'GET' : method).toLowerCase();
  const patterns = Object.keys(paths).sort((left, right) => left.split('{').length - right.split('{').length);
  const pattern = patterns.find((each) => patternOf(each).test(path) && paths[each]?.[wanted] !== undefined);
  return pattern === undefined ? null : (paths[pattern]?.[wanted] ?? null);
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replaceAll('.', '\\.').replace(/\{[a-z]+\}/g, '[^/]+')}$`);
}

const validators = new Map<string, ValidateFunction>();

function mismatch(
  document: OpenapiDocument,
  schema: object,
  payload: string,
  mediaType: string,
): string | null {
  const validate = validatorOf(document, schema);
  const value = mediaType.endsWith('json') ? JSON.parse(payload) : payload;
  return validate(value) ? null : JSON.stringify(validate.errors);
}

/** The validator of a schema of the document, which is the same whatever the app's options. */
export function validatorOf(document: OpenapiDocument, schema: object): ValidateFunction {
  const key = JSON.stringify(schema);
  const known = validators.get(key);
  if (known !== undefined) return known;
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true });
  formats.default(ajv);
  ajv.addVocabulary(['components']);
  const validate = ajv.compile({ ...schema, components: document.components });
  validators.set(key, validate);
  return validate;
}
