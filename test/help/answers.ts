/**
 * What holds for every answer of the service, whatever was asked. The OpenAPI document says what they look like, and Ajv,
 * which has no part in making them, whether they do.
 */
import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import type { Test } from 'tap';

export type Answer = LightMyRequestResponse;
/** What is looked at, also of an answer that came over a socket. */
export type SeenAnswer = Pick<Answer, 'statusCode' | 'headers' | 'payload'>;

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
  /** None for an answer without a body. */
  readonly content?: Readonly<Record<string, OpenapiMedia>>;
}

interface OpenapiMedia {
  readonly schema: object;
  readonly examples?: Readonly<Record<string, { readonly summary: string; readonly value: unknown }>>;
}

const SANE_REQUEST_ID = /^[A-Za-z0-9._-]{1,128}$/;
/** Places of the service's own code and of its modules. */
const CODE_PLACES = /\/src\/|node_modules|file:\/\/|node:internal/;
const PROBLEM_TYPE = 'application/problem+json';
export const LINES_TYPE = 'application/x-ndjson';
/** The page, its assets, and the document that it shows. */
const SWAGGER_UI_TYPES: ReadonlySet<string> = new Set([
  'text/html',
  'text/css',
  'application/javascript',
  'image/png',
  'image/svg+xml',
  'application/json',
  'application/x-yaml',
]);

/** `422 profile-invalid`: the status and the code of a problem. */
export function codeOf(answer: Answer): string {
  const { code } = answer.json();
  return `${answer.statusCode} ${code}`;
}

/** The document as it is committed; a test compares it with what the service says. */
export const DOCUMENT: OpenapiDocument = JSON.parse(
  readFileSync(new URL('../../openapi/openapi.json', import.meta.url), 'utf8'),
);

export function checkAnswer(t: Test, request: InjectOptions, answer: SeenAnswer): void {
  const about = `${request.method ?? 'GET'} ${String(request.url).slice(0, 80)}`;
  const complaint = complaintAbout(request, answer);
  if (complaint === null) t.pass(`${about}: ${answer.statusCode} as documented`);
  else t.fail(`${about}: ${complaint}`, { status: answer.statusCode, body: answer.payload.slice(0, 2000) });
}

/** What is wrong with an answer; `null` for a good one. */
export function complaintAbout(request: InjectOptions, answer: SeenAnswer): string | null {
  if (!SANE_REQUEST_ID.test(String(answer.headers['x-request-id']))) return 'no request id';
  const isError = answer.statusCode >= 400;
  const hasBody = request.method !== 'HEAD';
  return (isError ? errorComplaint(answer, hasBody) : null) ?? documentComplaint(request, answer, hasBody);
}

/** An error is a problem, of the kind and the request that it names, without a word about the code. */
function errorComplaint({ statusCode, headers, payload }: SeenAnswer, hasBody: boolean): string | null {
  const mediaType = mediaTypeOf(headers);
  if (mediaType !== PROBLEM_TYPE) return `a ${mediaType} for an error`;
  if (CODE_PLACES.test(payload)) return 'the answer names the code of the service';
  if (!hasBody) return null;
  const problem = Object(jsonIn(payload));
  const requestId = headers['x-request-id'];
  const expected = { type: `/problems/${problem.code}`, status: statusCode, request_id: requestId };
  const wrong = Object.entries(expected).find(([member, value]) => problem[member] !== value);
  return wrong === undefined ? null : `${wrong[0]} is ${problem[wrong[0]]}, not ${wrong[1]}`;
}

/** An answer has a status and a media type that the document names, and the body that belongs to them. */
function documentComplaint(
  request: InjectOptions,
  { statusCode, headers, payload }: SeenAnswer,
  hasBody: boolean,
): string | null {
  const mediaType = mediaTypeOf(headers);
  const operation = operationAt(request);
  if (operation === null) {
    if (statusCode >= 400) return hasBody ? mismatch(PROBLEM, payload, mediaType) : null;
    return isOutsideDocument(request, statusCode, mediaType) ? null : 'the document has no such operation';
  }
  const response = operation.responses[statusCode];
  if (response === undefined) return `the document has no status ${statusCode}`;
  if (response.content === undefined) return payload === '' ? null : `a body for status ${statusCode}`;
  const media = response.content[mediaType];
  if (media === undefined) return `the document has no ${mediaType} for status ${statusCode}`;
  return hasBody ? mismatch(media.schema, payload, mediaType) : null;
}

/** What an API document does not describe: the page at `/`, the files of Swagger UI, and a browser's question about another origin. */
function isOutsideDocument(
  { method = 'GET', url, headers = {} }: InjectOptions,
  statusCode: number,
  mediaType: string,
): boolean {
  if (method === 'OPTIONS')
    return statusCode === 204 && headers['access-control-request-method'] !== undefined;
  const isPage =
    (method === 'GET' || method === 'HEAD') && /^\/(?:$|(?:docs|page)(?:\/|$))/.test(pathOf(url));
  return isPage && statusCode === 200 && SWAGGER_UI_TYPES.has(mediaType);
}

function mediaTypeOf(headers: SeenAnswer['headers']): string {
  return String(headers['content-type']).replace(/;.*$/, '');
}

function pathOf(url: InjectOptions['url']): string {
  return String(url).replace(/[?#].*$/s, '');
}

function jsonIn(payload: string): unknown {
  try {
    return JSON.parse(payload);
  } catch {
    return undefined;
  }
}

const PROBLEM = { $ref: '#/components/schemas/Problem' };

/** The document's paths as patterns, those with parameters last. */
const PATHS = Object.entries(DOCUMENT.paths)
  .sort(([left], [right]) => left.split('{').length - right.split('{').length)
  .map(([path, operations]) => ({ pattern: patternOf(path), operations }));

/** The operation of a method and a path; `null` when the document has none. */
function operationAt({ method = 'GET', url }: InjectOptions): OpenapiOperation | null {
  const path = pathOf(url);
  const wanted = (method === 'HEAD' ? 'GET' : method).toLowerCase();
  const found = PATHS.find(
    ({ pattern, operations }) => pattern.test(path) && operations[wanted] !== undefined,
  );
  return found?.operations[wanted] ?? null;
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replaceAll('.', '\\.').replace(/\{[a-z]+\}/g, '[^/]+')}$`);
}

function mismatch(schema: object, payload: string, mediaType: string): string | null {
  if (mediaType === LINES_TYPE) return lineComplaint(payload);
  const validate = validatorOf(schema);
  const value = mediaType.endsWith('json') ? jsonIn(payload) : payload;
  return validate(value) ? null : JSON.stringify(validate.errors);
}

/** The document can only say in words what each line of a stream is. */
function lineComplaint(payload: string): string | null {
  const lines = payload.split('\n');
  if (lines.pop() !== '') return 'the last line is cut off';
  for (const [index, line] of lines.entries()) {
    const name = index === lines.length - 1 ? 'FleetSummaryLine' : 'FleetResult';
    const validate = validatorOf({ $ref: `#/components/schemas/${name}` });
    if (!validate(jsonIn(line))) return `line ${index}: ${JSON.stringify(validate.errors)}`;
  }
  return null;
}

/** One for the schemas of all tests in a process: to compile a schema that many others refer to takes long. */
const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true });
formats.default(ajv);
ajv.addVocabulary(['components']);
ajv.addSchema({ components: DOCUMENT.components }, 'document');
const validators = new Map<string, ValidateFunction>();

/** The validator of a schema of the document. */
export function validatorOf(schema: object): ValidateFunction {
  const key = JSON.stringify(schema).replaceAll('"#/', '"document#/');
  const validate = validators.get(key) ?? ajv.compile(JSON.parse(key));
  validators.set(key, validate);
  return validate;
}
