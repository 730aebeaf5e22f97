/** The two media types that are read. Whatever the type, a body becomes one document that the core validates. */
import type { FastifyInstance } from 'fastify';
import { decodeUtf8, type TextProblem } from '../profile/parse_toml.ts';
import { type Reading, readToml } from '../profile/read_profile.ts';
import { parseJson } from './json_text.ts';
import { RequestRefused } from './problem.ts';

/** A body that is text, not parsed yet: the cache goes by the text. */
export interface Body {
  /** TOML holds a profile, JSON the envelope of a request. */
  readonly mediaType: MediaType;
  readonly text: string;
}

type MediaType = 'application/toml' | 'application/json';

const NOT_UTF8 = { detail: 'The body is not UTF-8.', line: 1, column: 1 };

export function addBodyParsers(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  addBodyParser(app, 'application/toml');
  addBodyParser(app, 'application/json');
  app.addHook('onRequest', ({ method, headers }, _reply, done) => {
    const isEncoded = method === 'POST' && headers['content-encoding'] !== undefined;
    done(isEncoded ? new RequestRefused('unsupported-media-type') : undefined);
  });
}

function addBodyParser(app: FastifyInstance, mediaType: MediaType): void {
  app.addContentTypeParser(mediaType, { parseAs: 'buffer' }, ({ headers }, bytes: Buffer, done) => {
    const text = decodeUtf8(bytes);
    if (!isUtf8Declared(headers['content-type'] as string))
      done(new RequestRefused('unsupported-media-type'));
    else if (text === null) done(new RequestRefused(malformed(mediaType), NOT_UTF8));
    else done(null, { mediaType, text });
  });
}

/** The body of a request; one without any is refused. */
export function bodyOf(body: Body | null | undefined): Body {
  // Without a content type Fastify parses nothing and goes on.
  if (body === null || body === undefined) throw new RequestRefused('unsupported-media-type');
  return body;
}

/** The document of JSON text; a text that cannot be read is refused. */
export function documentIn(text: string): unknown {
  const parsed = parseJson(text);
  if ('document' in parsed) return parsed.document;
  throw refused('malformed-json', parsed.problem);
}

/** The profile in TOML text; a text that cannot be read is refused. */
export function profileIn(text: string): Reading {
  const read = readToml(text);
  if ('reading' in read) return read.reading;
  throw refused('malformed-toml', read.problem);
}

function malformed(mediaType: MediaType): 'malformed-toml' | 'malformed-json' {
  return mediaType === 'application/toml' ? 'malformed-toml' : 'malformed-json';
}

function refused(
  code: 'malformed-toml' | 'malformed-json',
  { line, column, reason }: TextProblem,
): RequestRefused {
  return new RequestRefused(code, { detail: `${reason} Line ${line}, column ${column}.`, line, column });
}

/** Both types are UTF-8 by definition; another charset would be read as something that was not meant. */
function isUtf8Declared(contentType: string): boolean {
  const charset = /;\s*charset\s*=\s*"?([^";\s]*)/i.exec(contentType)?.[1];
  return charset === undefined || /^utf-?8$/i.test(charset);
}
