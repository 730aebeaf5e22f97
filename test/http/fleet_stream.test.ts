/** A stream of many VMs over real connections: both ways at once, at the pace of the slower side. */
import http from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { linesOf } from '../../src/http/request/lines.ts';
import { inTurns, newTurn } from '../../src/http/request/turn.ts';
import { LINES_TYPE } from '../help/answers.ts';
import { type Lab, logLines, newLab } from '../help/app.ts';
import { startListening } from '../help/service.ts';
import { LINUX_HOST, SMALL } from '../help/small_profile.ts';
import { until } from '../help/until.ts';
import { fetchDocumented } from '../help/wire.ts';

// On a busy machine.
t.setTimeout(120_000);

const REQUEST = { profile: SMALL, host: LINUX_HOST };
const LINE = `${JSON.stringify(REQUEST)}\n`;

interface Stream {
  readonly request: http.ClientRequest;
  readonly response: Promise<http.IncomingMessage>;
  /** What came back so far. */
  readonly received: { text: string; isEnded: boolean; isCut: boolean };
}

/** A stream that is open both ways; `isRead` tells whether its answer is read as it comes. */
function openStream(port: number, isRead = true): Stream {
  const received = { text: '', isEnded: false, isCut: false };
  const request = http.request({
    host: '127.0.0.1',
    port,
    method: 'POST',
    path: '/plans/fleet',
    headers: { 'content-type': LINES_TYPE },
    agent: false,
  });
  const response = new Promise<http.IncomingMessage>((resolve, reject) => {
    request.once('response', resolve);
    request.once('error', reject);
  });
  request.on('error', () => {
    received.isCut = true;
  });
  response.then(
    (message) => {
      message.setEncoding('utf8').on('error', () => {
        received.isCut = true;
      });
      message.on('end', () => {
        received.isEnded = true;
      });
      if (isRead)
        message.on('data', (text: string) => {
          received.text += text;
        });
    },
    () => {},
  );
  return { request, response, received };
}

function lineCount({ received }: Stream): number {
  return received.text.split('\n').length - 1;
}

async function listening(
  t: Test,
  ...lab: Parameters<typeof newLab> extends [Test, ...infer Rest] ? Rest : never
) {
  const made = await newLab(t, ...lab);
  const sockets: Socket[] = [];
  made.app.server.on('connection', (socket) => sockets.push(socket));
  await made.app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = made.app.server.address() as AddressInfo;
  return { ...made, port, sockets };
}

function connections({ app }: Pick<Lab, 'app'>): Promise<number> {
  return new Promise((resolve) => app.server.getConnections((_, count) => resolve(count)));
}

t.test('answers begin before the request ends, and go on line by line', async (t) => {
  const { port } = await listening(t);
  const stream = openStream(port);
  for (const count of [1, 2, 3]) {
    stream.request.write(LINE);
    await until(`result ${count}`, () => lineCount(stream) === count);
  }
  stream.request.write(LINE.slice(0, 20));
  await sleep(50);
  t.equal(lineCount(stream), 3, 'half a line is none');
  stream.request.end(`${LINE.slice(20)}${LINE}`);
  await until('the end', () => stream.received.isEnded);
  const lines = stream.received.text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  t.strictSame(
    lines.map(({ id, status }) => [id, status]),
    [...['0', '1', '2', '3', '4'].map((id) => [id, 'planned']), [undefined, undefined]],
  );
  t.equal(lines[5].summary.hosts[0].vms, 5);
});

t.test('a reader that stops makes the writer stop', async (t) => {
  const { port } = await listening(t);
  const stream = openStream(port, false);
  let written = 0;
  let isOver = false;
  const lot = `${LINE.trimEnd().padEnd(4000)}\n`.repeat(50);
  const writing = (async () => {
    for (; !isOver && written < 15_000; written += 50)
      if (!stream.request.write(lot)) await new Promise((resolve) => stream.request.once('drain', resolve));
  })();
  const response = await stream.response;
  let before = -1;
  await until('nothing more is taken', async () => {
    const same = before === written;
    before = written;
    await sleep(300);
    return same && before === written;
  });
  // Some megabytes are held by the system, in both directions.
  t.ok(written < 12_000, `it took ${written} of 15,000 lines`);
  let results = 0;
  response.on('data', (text: string) => {
    results += text.split('\n').length - 1;
  });
  isOver = true;
  await writing;
  stream.request.end();
  await until('the end', () => stream.received.isEnded);
  t.equal(results, written + 1, 'and goes on when the reader does');
});

t.test('an abort leaves nothing behind', async (t) => {
  const lab = await listening(t);
  for (const isRead of [true, false]) {
    const stream = openStream(lab.port, isRead);
    stream.request.write(LINE.repeat(500));
    await stream.response;
    stream.request.destroy();
    await until('no connection is left', async () => (await connections(lab)) === 0);
  }
  const silent = openStream(lab.port);
  silent.request.flushHeaders();
  await until('it has come', async () => (await connections(lab)) === 1);
  silent.request.destroy();
  await until('no connection is left', async () => (await connections(lab)) === 0);
  const lines = logLines(lab).filter(({ msg }) => msg === undefined);
  t.strictSame(
    lines.map(({ level, route }) => [level, route]),
    [1, 2, 3].map(() => [30, '/plans/fleet']),
    'a line for each, and no fault',
  );
});

t.test('it may take any time to arrive, as long as it arrives', async (t) => {
  const { app, port, sockets } = await listening(t);
  const late = () => Object.assign(new Error('late'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' });
  const stream = openStream(port);
  stream.request.write(LINE);
  await until('a result', () => lineCount(stream) === 1);
  // As Node says it of a request that takes longer than any other may.
  app.server.emit('clientError', late(), sockets[0]);
  stream.request.end(LINE);
  await until('the end', () => stream.received.isEnded);
  t.equal(lineCount(stream), 3);

  const other = http.request({ port, host: '127.0.0.1', method: 'POST', path: '/argv', agent: false });
  other.setHeader('content-type', 'application/toml');
  other.write('a');
  await until('it has come', () => sockets.length === 2);
  const answered = new Promise<number | undefined>((resolve) =>
    other.on('response', ({ statusCode }) => resolve(statusCode)),
  );
  app.server.emit('clientError', late(), sockets[1]);
  t.equal(await answered, 408, 'any other is over');
  other.destroy();
});

t.test('nothing arrives', async (t) => {
  const body = new Readable({ read() {} });
  const lines = linesOf(body, 100, 20);
  body.push('a\nb');
  t.strictSame((await lines.next()).value.map(String), ['a']);
  await t.rejects(lines.next(), { code: 'request-timeout' });
  t.equal(body.destroyed, false, 'the answer can still be sent');
});

t.test('a fault', async (t) => {
  const host = {
    machine: { os: 'linux', arch: 'x86_64' },
    projectRoot: '/srv/lab',
    strictPaths: false,
    kvmDevice: '/dev/null',
    get searchPath(): string[] {
      throw new Error('planted');
    },
  } as const;
  const { port, post } = await listening(t, {}, { host });
  const probed = `${JSON.stringify({ profile: SMALL })}\n`;
  for (const [body, type] of [
    [{ requests: [{ profile: SMALL }] }, undefined],
    [probed, LINES_TYPE],
  ] as const)
    t.equal((await post('/plans/fleet', body, type)).statusCode, 500);
  const stream = openStream(port);
  stream.request.write(LINE);
  await until('a result', () => lineCount(stream) === 1);
  stream.request.write(probed);
  await until('it is cut', () => stream.received.isCut);
  t.equal(stream.received.isEnded, false, 'so that nobody takes it for complete');
});

t.test('others are served meanwhile', async (t) => {
  const { port, address } = await startListening(t, { environment: { LOG_LEVEL: 'silent' } });
  const stream = openStream(port);
  stream.request.end(LINE.repeat(1500));
  await until('it has begun', () => lineCount(stream) > 0);
  let served = 0;
  while (!stream.received.isEnded) {
    const [live, plan] = await Promise.all([
      fetchDocumented(new URL('/livez', address)),
      fetchDocumented(new URL('/plans/start', address), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: LINE,
      }),
    ]);
    await Promise.all([live.text(), plan.text()]);
    t.strictSame([live.status, plan.status], [200, 200]);
    if (!stream.received.isEnded) served++;
  }
  t.ok(served >= 10, `${served} of each were served`);
  t.equal(lineCount(stream), 1501);
});

t.test('long work gives way', async (t) => {
  let others = 0;
  let isOver = false;
  const count = (): void => {
    others++;
    if (!isOver) setImmediate(count);
  };
  setImmediate(count);
  function* work(): Generator<void, string> {
    for (let step = 0; step < 64 * 20; step++) {
      if (step % 64 === 0) for (const end = performance.now() + 2; performance.now() < end; );
      yield;
    }
    return 'done';
  }
  t.equal(await inTurns(work(), newTurn()), 'done');
  isOver = true;
  t.ok(others >= 4, `others had ${others} turns`);
});
