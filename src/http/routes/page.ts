/** `GET /`: the page on which people look at a profile and what it becomes. For programs there is nothing at `/`. */
import staticFiles from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { sendProblem } from '../guards/problem.ts';
import { ICON } from '../openapi/swagger_ui_theme.ts';
import { preferredType } from '../request/media_type.ts';

/** What the build makes of `src/page/`. */
const FOLDER = new URL('../../page/', import.meta.url);

/** The page asks this service alone, and runs nothing but its own scripts. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const OPEN_TO_ALL = { schema: { hide: true }, config: { needsNoToken: true } } as const;

export async function addPage(app: FastifyInstance): Promise<void> {
  await app.register(staticFiles, { root: FOLDER, serve: false, cacheControl: false });
  app.get('/', OPEN_TO_ALL, (request, reply) => {
    const liked = preferredType(request.headers.accept, ['application/json', 'text/html']);
    reply.header('vary', 'accept');
    if (liked !== 'text/html') return sendProblem(reply, 'not-found');
    return reply.header('content-security-policy', CONTENT_SECURITY_POLICY).sendFile('index.html');
  });
  app.get('/page/icon.svg', OPEN_TO_ALL, (_request, reply) => reply.type('image/svg+xml').send(ICON));
  const sendFile = (reply: FastifyReply, name: string): FastifyReply =>
    reply.header('cache-control', 'no-cache').sendFile(name);
  app.get('/page/examples.json', OPEN_TO_ALL, (_request, reply) => sendFile(reply, 'examples.json'));
  for (const type of ['css', 'js'] as const)
    app.get<{ Params: { name: string } }>(`/page/:name.${type}`, OPEN_TO_ALL, ({ params }, reply) =>
      sendFile(reply, `${params.name}.${type}`),
    );
}
