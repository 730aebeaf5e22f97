import type { FastifyReply, FastifyRequest } from 'fastify';

/** Whether the caller asks for this media type by name, with a quality not below that of JSON (RFC 9110, 12.5.1). */
export function prefers({ headers }: FastifyRequest, mediaType: string): boolean {
  const accepted = (headers.accept ?? '').split(',').map(acceptedRange);
  const quality = (type: string): number => accepted.find((range) => range.type === type)?.quality ?? 0;
  return quality(mediaType) > 0 && quality(mediaType) >= quality('application/json');
}

function acceptedRange(range: string): { readonly type: string; readonly quality: number } {
  const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
  const quality = parameters.find((parameter) => parameter.startsWith('q='));
  return { type, quality: quality === undefined ? 1 : Number(quality.slice(2)) };
}

/** Tells caches of one more header that the answer depends on. */
export function addVary(reply: FastifyReply, header: string): void {
  const others = [reply.getHeader('vary') ?? []].flat();
  reply.header('vary', [...others, header].join(', '));
}
