/** Whether the client sends what it should: all figures stand on requests that differ. */
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
  /** @type {string[]} */
  const bodies = [];
  const server = createServer((request, response) => {
    text(request).then(
      (body) => {
        bodies.push(body);
        response.end();
      },
      // A client that stops in the middle of a body.
      () => response.destroy(),
    );
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${Object(server.address()).port}`;
  const first = nextNumbers();
  await tool.run({ url, asked, first, milliseconds: MILLISECONDS, connections: 2 });
  server.close().closeAllConnections();

  const numbers = Array.from({ length: bodies.length + NOT_SENT }, (_, index) => first + index);
  const expected = new Set(numbers.map((number) => filled(asked.template, number)));
  const areDifferent = new Set(bodies).size === bodies.length;
  if (!areDifferent || !bodies.every((body) => expected.has(body)) || bodies.length === 0)
    throw new Error(`${tool.name} does not send the bodies that it should.`);
}
