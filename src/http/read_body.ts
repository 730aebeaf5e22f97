/** The two media types that are read. Whatever the type, a body becomes one value that the core validates. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { decodeUtf8, type Parsed, parseToml } from '../profile/parse_toml.ts';
import { parseJson } from './json_text.ts';
import { RequestRefused } from './problem.ts';

/** A body: a profile as TOML, or the envelope of a plan request as JSON. */
export type Body = { readonly profile: unknown } | { readonly envelope: unknown };

export function addBodyParsers(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  addParser(app, 'application/toml', (request, bytes) => ({
    profile: parsed(request, bytes, 'malformed-toml', parseToml),
  }));
  addParser(app, 'application/json', (request, bytes) => ({
    envelope: parsed(request, bytes, 'malformed-json', parseJson),
  }));
  app.addHook('onRequest', ({ method, headers }, _reply, done) => {
    const isEncoded = method === 'POST' && headers['content-encoding'] !== undefined;
    done(isEncoded ? new RequestRefused('unsupported-media-type') : undefined);
  });
}

function addParser(
  app: FastifyInstance,
  mediaType: string,
  parse: (request: FastifyRequest, bytes: Buffer) => Body,
): void {
  app.addContentTypeParser(mediaType, { parseAs: 'buffer' }, (request, bytes: Buffer, done) => {
    let body: Body;
    try {
      body = parse(request, bytes);
    } catch (error) {
      done(error as RequestRefused);
      return;
    }
    done(null, body);
  });
}

/** The document of TOML text within a request. */
export function parsedToml(text: string): unknown {
  return documentOf(parseToml(text), 'malformed-toml');
}

function parsed(
  { headers }: FastifyRequest,
  bytes: Buffer,
  code: 'malformed-toml' | 'malformed-json',
  parse: (text: string) => Parsed,
): unknown {
  if (!isUtf8Declared(headers['content-type'] as string)) throw new RequestRefused('unsupported-media-type');
  const text = decodeUtf8(bytes);
  if (text === null) throw new RequestRefused(code, { detail: 'The body is not UTF-8.', line: 1, column: 1 });
  return documentOf(parse(text), code);
}

function documentOf(result: Parsed, code: 'malformed-toml' | 'malformed-json'): unknown {
  if ('document' in result) return result.document;
  const { line, column, reason } = result.problem;
  throw new RequestRefused(code, { detail: `${reason} Line ${line}, column ${column}.`, line, column });
}

/** Both types are UTF-8 by definition; another charset would be read as something that was not meant. */
function isUtf8Declared(contentType: string): boolean {
  const charset = /;\s*charset\s*=\s*"?([^";\s]*)/i.exec(contentType)?.[1];
  return charset === undefined || /^utf-?8$/i.test(charset);
}
