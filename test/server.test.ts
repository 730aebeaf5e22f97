/** The process over a real socket: what it prints, what it survives, and how it ends. */
import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import t from 'tap';
import { callerOf, type Listening, REPOSITORY, startListening, startService } from './help/service.ts';
import { envelope } from './help/small_profile.ts';
import { until } from './help/until.ts';
import { expectDocumentedText, fetchDocumented } from './help/wire.ts';

// A process takes a while to start, and one test waits for callers who never finish.
t.jobs = 2;
t.setTimeout(180_000);

function post(url: URL, body: string | Buffer, type: string, headers: object = {}): Promise<Response> {
  return fetchDocumented(url, { method: 'POST', body, headers: { 'content-type': type, ...headers } });
}

/** The lines of all log files that are about requests. */
function logOf(directory: string): Record<string, unknown>[] {
  const files = existsSync(directory) ? readdirSync(directory) : [];
  return files
    .flatMap((file) => readFileSync(join(directory, file), 'utf8').split('\n'))
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
    .filter(({ request_id }) => request_id !== undefined);
}

/** Waits until no new connection is taken. */
function untilClosed(service: Listening): Promise<void> {
  return until('nobody new is let in', () =>
    callerOf(service).then(
      ({ socket }) => {
        socket.destroy();
        return false;
      },
      () => true,
    ),
  );
}

t.test('a setting that there is not is said', { buffered: true }, async (t) => {
  const { printed, child, exit } = await startListening(t, { environment: { VMLAB_PATH_POLICI: 'strict' } });
  t.match(printed.stderr, /^vmlab-planner: .*VMLAB_PATH_POLICI.*VMLAB_PATH_POLICY/);
  child.kill('SIGTERM');
  t.strictSame(await exit, { code: 0, signal: null });
});

t.test('a newcomer is told where to look, and is answered', { buffered: true }, async (t) => {
  const service = await startListening(t);
  const { address, printed, logDirectory, child, exit } = service;
  t.equal(
    printed.stdout,
    [
      `vmlab-planner listens on ${address}`,
      `  look at it      ${address}/`,
      `  explore it      ${address}/docs/`,
      `  try it          curl --data-binary @profiles/minimal.toml -H 'content-type: application/toml' ${address}/argv`,
      `  request log     ${logDirectory}`,
      '',
    ].join('\n'),
  );
  const profile = readFileSync(join(REPOSITORY, 'profiles', 'portable-tcg.toml'));
  const tried = await post(new URL('/profiles/validate', address), profile, 'application/toml', {
    'x-request-id': 'first-try',
  });
  t.equal(tried.status, 200, 'a profile as TOML');
  t.match(await tried.json(), { profile_name: 'portable-tcg' });
  const planned = await post(
    new URL('/plans/start', address),
    JSON.stringify(envelope()),
    'application/json',
  );
  t.match(await planned.json(), { plan_id: /^plan-/, metadata: { profile_name: 'small' } }, 'a plan by JSON');
  const listed = (await (await fetchDocumented(new URL('/profiles', address))).json()) as {
    profiles: { name: string }[];
  };
  t.ok(
    listed.profiles.some(({ name }) => name === 'minimal'),
    'the shipped profiles are there',
  );
  t.equal((await fetchDocumented(new URL('/docs/', address))).status, 200, 'and the page to explore it');
  const missing = await fetchDocumented(new URL('/nope', address));
  t.strictSame(
    [missing.status, missing.headers.get('content-type')],
    [404, 'application/problem+json; charset=utf-8'],
  );
  const head = await fetchDocumented(new URL('/nope', address), { method: 'HEAD' });
  t.strictSame([head.status, await head.text()], [404, ''], 'HEAD has no body');

  const { socket, received } = await callerOf(service);
  socket.write('this is not HTTP\r\n\r\n');
  await until('the answer', () => received.isClosed);
  t.match(received.text, /^HTTP\/1\.1 400 [^\r]*\r\ncontent-type: application\/problem\+json\r\n/, 'no HTTP');
  t.match(received.text, '"code":"malformed-http"');
  expectDocumentedText({ url: '/' }, received.text);

  child.kill('SIGTERM');
  t.strictSame(await exit, { code: 0, signal: null }, 'it ends when it is told to');
  t.equal(printed.stderr, '', 'nothing on standard error');
  t.equal(printed.stdout.split('\n').length, 6, 'and nothing else on standard output');
  const lines = logOf(logDirectory);
  t.equal(lines.length, 7, 'the log is complete');
  t.match(lines[0], {
    request_id: 'first-try',
    route: '/profiles/validate',
    status: 200,
    profile_name: 'portable-tcg',
  });
});

t.test('SIGTERM under load, with nobody to read standard output', { buffered: true }, async (t) => {
  const service = await startListening(t, { environment: { VMLAB_LOG_STDOUT: 'true' } });
  const { address, child, exit, logDirectory, printed } = service;
  await fetchDocumented(new URL('/livez', address));
  await until('the line', () => printed.stdout.includes('"route":"/livez"'));
  child.stdout?.destroy();
  for (let request = 0; request < 3; request++)
    t.equal((await fetchDocumented(new URL('/readyz', address))).status, 200);

  const body = JSON.stringify(envelope());
  const callers = await Promise.all(Array.from({ length: 20 }, () => callerOf(service)));
  for (const [index, { socket }] of callers.entries()) {
    socket.write(
      `POST /plans/start HTTP/1.1\r\nhost: x\r\nx-request-id: caller-${index}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body.slice(0, 20)}`,
    );
  }
  const silent = await callerOf(service);
  const half = await callerOf(service);
  half.socket.write('GET /livez HTTP/1.1\r\nho');
  const stuck = await callerOf(service);
  stuck.socket.write(
    'POST /argv HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{',
  );
  const idle = await callerOf(service);
  idle.socket.write('GET /livez HTTP/1.1\r\nhost: x\r\n\r\n');
  await until('all that was sent has arrived', () => idle.received.text.includes('"ok"'));

  child.kill('SIGTERM');
  await untilClosed(service);
  for (const { socket } of callers) socket.write(body.slice(20));
  await until('all are answered', () => callers.every(({ received }) => received.text.includes('"plan_id"')));
  for (const { received } of callers) {
    t.match(received.text, /^HTTP\/1\.1 200 /, 'what was accepted is answered');
    expectDocumentedText({ method: 'POST', url: '/plans/start' }, received.text);
  }
  t.strictSame(await exit, { code: 0, signal: null }, 'those who never finish do not keep it');
  for (const { received } of [silent, half, stuck, idle])
    t.ok(received.isClosed, 'their connections are cut');
  const logged = new Set(logOf(logDirectory).map(({ request_id }) => request_id));
  for (const index of callers.keys()) t.ok(logged.has(`caller-${index}`), `caller-${index} is in the log`);
});

t.test('SIGTERM with a delay: it says so first, and refuses nobody', { buffered: true }, async (t) => {
  const service = await startListening(t, { environment: { VMLAB_SHUTDOWN_DELAY: '3' } });
  const { address, child, exit } = service;
  const kept = await callerOf(service);
  const ask = 'GET /livez HTTP/1.1\r\nhost: x\r\n\r\n';
  kept.socket.write(ask);
  await until('an answer', () => kept.received.text.includes('"ok"'));
  t.notMatch(kept.received.text, /^connection: close/im, 'its connection stays');
  const begun = Date.now();
  child.kill('SIGTERM');
  const readiness = (): Promise<Response> => fetchDocumented(new URL('/readyz', address));
  await until('it says so', async () => (await readiness()).status === 503);
  t.match(await (await readiness()).json(), { code: 'stopping' }, 'to a balancer');
  const planned = await post(new URL('/argv', address), JSON.stringify(envelope()), 'application/json');
  t.strictSame([planned.status, planned.headers.get('connection')], [200, 'close'], 'who comes is answered');
  t.equal(kept.received.isClosed, false, 'a connection without a request is not cut');
  kept.received.text = '';
  kept.socket.write(ask);
  await until('it is closed', () => kept.received.isClosed);
  t.match(kept.received.text, /^HTTP\/1\.1 200 .*^connection: close/ims, 'but with its next answer');
  t.strictSame(await exit, { code: 0, signal: null }, 'then it ends');
  t.ok(Date.now() - begun >= 3000, 'not earlier');
});

t.test('without a log it plans, and a second signal ends it at once', { buffered: true }, async (t) => {
  const service = await startListening(t, { files: { log: 'a file is in the way' } });
  const { address, child, exit } = service;
  const reasons = async (): Promise<string> => (await fetchDocumented(new URL('/readyz', address))).text();
  await until('it is noticed', async () => (await reasons()).includes('The request log cannot be written'));
  // The log is looked at once a second.
  await new Promise((resolve) => setTimeout(resolve, 2500));
  t.match(await reasons(), '"degraded"', 'it stays up');
  const planned = await post(new URL('/argv', address), JSON.stringify(envelope()), 'application/json');
  t.equal(planned.status, 200, 'and plans');

  const { socket } = await callerOf(service);
  socket.write('GET /livez HTTP/1.1\r\nho');
  await fetchDocumented(new URL('/livez', address));
  child.kill('SIGINT');
  await untilClosed(service);
  t.equal(child.exitCode, null, 'it waits for the half request');
  child.kill('SIGINT');
  t.strictSame(await exit, { code: 1, signal: null });
});

t.test('a fault that nobody catches', { buffered: true }, async (t) => {
  const planted = "process.on('SIGUSR2', () => { throw new Error('planted'); });";
  // Longer than this test may take: after a fault nothing is waited for.
  const environment = { VMLAB_SHUTDOWN_DELAY: '300' };
  const { address, child, exit, printed, logDirectory } = await startListening(t, { planted, environment });
  await fetchDocumented(new URL('/livez', address));
  child.kill('SIGUSR2');
  t.strictSame(await exit, { code: 1, signal: null }, 'ends it, so that it is started anew');
  t.match(printed.stderr, /^vmlab-planner: Error: planted\n {4}at /, 'and is shown');
  t.equal(logOf(logDirectory).length, 1, 'the log is complete');
});

t.test('a fault at the start', { buffered: true }, async (t) => {
  const planted = "process.stdout.on = () => { throw new Error('planted'); };";
  const { exit, printed } = startService(t, { planted });
  t.strictSame(await exit, { code: 1, signal: null });
  t.match(printed.stderr, /^vmlab-planner: Error: planted\n {4}at /, 'is shown with its place');
});

t.test('a bad value stops it with one clear line', { buffered: true }, async (t) => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  t.teardown(() => taken.close());
  const port = String(Object(taken.address()).port);
  const directory = join(realpathSync(t.testdir({ elsewhere: {} })), 'links');
  mkdirSync(directory);
  symlinkSync('/tmp', join(directory, 'out'));
  const rows: [about: string, environment: Record<string, string>, line: RegExp][] = [
    ['a port that is taken', { PORT: port }, /EADDRINUSE|in use/],
    ['a host that is none', { HOST: 'x'.repeat(300) }, /HOST|x{300}/],
    [
      'a log directory elsewhere',
      { VMLAB_LOG_DIR: join(directory, 'out', 'vmlab') },
      /VMLAB_LOG_DIR must be/,
    ],
    ['a log directory that cannot be', { VMLAB_LOG_DIR: join(directory, 'a:b') }, /VMLAB_LOG_DIR/],
  ];
  for (const [about, environment, line] of rows) {
    await t.test(about, async (t) => {
      const { exit, printed } = startService(t, { environment });
      t.strictSame(await exit, { code: 1, signal: null }, 'exit code');
      t.equal(printed.stdout, '', 'nothing on standard output');
      t.match(printed.stderr, /^vmlab-planner: [^\n]+\n$/, 'one line');
      t.match(printed.stderr, line, 'that says what is wrong');
    });
  }
  t.notOk(existsSync('/tmp/vmlab'), 'nothing is made elsewhere');
});
