/** Answers that came over a socket; they are held against the document like those of `inject`. */
import type { InjectOptions } from 'fastify';
import { complaintAbout, type SeenAnswer } from './answers.ts';

/** `fetch`, which throws for an answer that is not as documented. */
export async function fetchDocumented(
  ...parameters: ConstructorParameters<typeof Request>
): Promise<Response> {
  const request = new Request(...parameters);
  const response = await fetch(request);
  expectDocumented(
    { method: request.method as 'GET', url: new URL(request.url).pathname },
    {
      statusCode: response.status,
      headers: Object.fromEntries(response.headers),
      payload: await response.clone().text(),
    },
  );
  return response;
}

/** The same for the text of an answer, from its first line on. */
export function expectDocumentedText(request: InjectOptions, text: string): void {
  const [head = '', ...rest] = text.split('\r\n\r\n');
  const [statusLine = '', ...fields] = head.split('\r\n');
  expectDocumented(request, {
    statusCode: Number(statusLine.split(' ')[1]),
    headers: Object.fromEntries(fields.map((field) => field.split(': '))),
    payload: rest.join('\r\n\r\n'),
  });
}

function expectDocumented(request: InjectOptions, answer: SeenAnswer): void {
  const complaint = complaintAbout(request, answer);
  if (complaint === null) return;
  throw new Error(`${request.method} ${request.url}: ${complaint}: ${answer.statusCode} ${answer.payload}`);
}
