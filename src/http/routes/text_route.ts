/** Routes of texts that stay the same while the service runs, such as the OpenAPI document. */
import type { FastifyInstance } from 'fastify';
import { sha256 } from '../../planning/hash.ts';

interface FixedText {
  readonly text: string;
  /** A strong entity tag (RFC 9110, 8.8.3): the same bytes have the same one on every instance. */
  readonly etag: string;
}

/** Adds `GET url`. The text is made when it is first asked for, since it takes long to make. */
export function addTextRoute(
  app: FastifyInstance,
  url: string,
  operation: object,
  mediaType: string,
  make: () => string,
): void {
  let made: FixedText | null = null;
  app.get(url, { schema: operation }, async (request, reply) => {
    made ??= fixedText(make());
    const { text, etag } = made;
    // Whoever keeps a copy has to ask whether it is still good: the next version of the service may have another text.
    reply.header('etag', etag).header('cache-control', 'no-cache');
    if (isAmong(request.headers['if-none-match'], etag)) return reply.code(304).send();
    return reply.type(mediaType).send(text);
  });
}

function fixedText(text: string): FixedText {
  return { text, etag: `"${sha256(text)}"` };
}

/** Whether `If-None-Match` names the tag, by the weak comparison that it asks for (RFC 9110, 13.1.2). */
function isAmong(tags: string | undefined, etag: string): boolean {
  return tags?.split(',').some((tag) => ['*', etag, `W/${etag}`].includes(tag.trim())) ?? false;
}
