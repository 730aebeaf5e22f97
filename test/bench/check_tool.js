/** Whether the client sends what it should: all figures stand on requests that differ, or do not. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { filled, nextNumbers } from './body_text.js';
import { WORKS } from './works.js';

const MILLISECONDS = 300;
/** A client may make a request that it then does not send. */
const NOT_SENT = 20;

/** Fails when a body comes twice or is not the one of its number. @param {import('./load.js').Tool} tool */
export async function checkTool(tool) {
  const asked = WORKS[0].service;
  /** By the path; what is left of one run may arrive in the next. @type {Record<string, string[]>} */
  const bodies = { '/differing': [], '/same': [] };
  const server = createServer((request, response) => {
    text(request).then(
      (body) => {
        bodies[String(request.url)].push(body);
        response.end();
      },
      // A client that stops in the middle of a body.
      () => response.destroy(),
    );
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${Object(server.address()).port}`;
  const load = { asked, milliseconds: MILLISECONDS, connections: 2 };
  const first = nextNumbers();
  await tool.run({ ...load, url: `${origin}/differing`, first });
  await tool.run({ ...load, url: `${origin}/same`, first: null });
  server.close().closeAllConnections();

  const { '/differing': differing, '/same': same } = bodies;
  const numbers = Array.from({ length: differing.length + NOT_SENT }, (_, index) => first + index);
  const expected = new Set(numbers.map((number) => filled(asked.template, number)));
  const isDiffering =
    new Set(differing).size === differing.length && differing.every((body) => expected.has(body));
  const isSame = same.every((body) => body === filled(asked.template, 0));
  if (!isDiffering || !isSame || differing.length === 0 || same.length === 0)
    throw new Error(`${tool.name} does not send the bodies that it should.`);
}
