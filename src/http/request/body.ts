/** The two media types that are read. Whatever the type, a body becomes one document that the core validates. */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { type ParsedProfile, parseProfileText } from '../../planning/parse_profile.ts';
import { insteadOfJson, insteadOfToml } from '../../profile/other_text.ts';
import { decodeUtf8, notUtf8, type TextProblem, withoutMark } from '../../profile/toml.ts';
import { RequestRefused } from '../guards/problem.ts';
import { parseJson } from './json_text.ts';

/** A body as it arrived. It is read where the plan is made, in one go with it: see `end_of_turn.ts`. */
export interface Body {
  /** TOML holds a profile, JSON the envelope of a request. */
  readonly mediaType: MediaType;
  readonly bytes: Buffer;
}

/** A body that is read while it arrives. */
export interface ArrivingBody {
  readonly mediaType: typeof LINES_TYPE;
  readonly arriving: IncomingMessage;
}

export const LINES_TYPE = 'application/x-ndjson';

type MediaType = 'application/toml' | 'application/json';

export function addBodyParsers(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  addBodyParser(app, 'application/toml');
  addBodyParser(app, 'application/json');
}

function addBodyParser(app: FastifyInstance, mediaType: MediaType): void {
  app.addContentTypeParser(mediaType, { parseAs: 'buffer' }, ({ headers }, bytes: Buffer, done) => {
    if (isPlainUtf8(headers)) done(null, { mediaType, bytes });
    else done(new RequestRefused('unsupported-media-type'));
  });
}

/** Takes lines of JSON as they arrive, whatever their number. */
export function addLinesParser(app: FastifyInstance): void {
  app.addContentTypeParser(LINES_TYPE, ({ headers }, arriving, done) => {
    if (isPlainUtf8(headers)) done(null, { mediaType: LINES_TYPE, arriving });
    else done(new RequestRefused('unsupported-media-type'));
  });
}

/** The text of a body; one that is not there, or is no text, is refused. */
function bodyText(body: Body | null | undefined): string {
  // Without a content type Fastify parses nothing and goes on.
  if (body === null || body === undefined) throw new RequestRefused('unsupported-media-type');
  const text = decodeUtf8(body.bytes);
  if (text === null) throw refused(malformed(body.mediaType), notUtf8(body.bytes), '');
  return text;
}

/** The document of a body in JSON; one that is not there or cannot be read is refused. */
export function documentIn(body: Body | null | undefined): unknown {
  const text = bodyText(body);
  const parsed = parseJson(withoutMark(text), body?.bytes);
  if ('document' in parsed) return parsed.document;
  throw refused('malformed-json', parsed.problem, insteadOfJson(text));
}

/** The profile that is a body in TOML. */
export function profileOf(body: Body): ParsedProfile {
  return profileIn(bodyText(body));
}

/** The profile in TOML text, which the pointer leads to in a body of JSON. A text that cannot be read is refused. */
export function profileIn(text: string, pointer?: string): ParsedProfile {
  const read = parseProfileText(text);
  if ('profile' in read) return read.profile;
  throw refused('malformed-toml', read.problem, insteadOfToml(text), pointer);
}

function malformed(mediaType: MediaType): 'malformed-toml' | 'malformed-json' {
  return mediaType === 'application/toml' ? 'malformed-toml' : 'malformed-json';
}

function refused(
  code: 'malformed-toml' | 'malformed-json',
  { line, column, reason }: TextProblem,
  instead: string,
  pointer?: string,
): RequestRefused {
  const place = `Line ${line}, column ${column}`;
  return pointer === undefined
    ? new RequestRefused(code, { detail: `${instead}${reason} ${place}.`, line, column, reason })
    : new RequestRefused(code, {
        detail: `${instead}${reason} ${place} of ${pointer.slice(1)}.`,
        line,
        column,
        reason,
        pointer,
      });
}

function isPlainUtf8(headers: IncomingHttpHeaders): boolean {
  return headers['content-encoding'] === undefined && isUtf8Declared(headers['content-type'] as string);
}

/** All types are UTF-8 by definition; another charset would be read as something that was not meant. */
function isUtf8Declared(contentType: string): boolean {
  if (!contentType.includes(';')) return true;
  const charset = /;\s*charset\s*=\s*"?([^";\s]*)/i.exec(contentType)?.[1];
  return charset === undefined || /^utf-?8$/i.test(charset);
}
